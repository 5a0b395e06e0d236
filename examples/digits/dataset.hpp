// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

namespace digits {

constexpr int side = 8;
constexpr int pixels = side * side;
constexpr int classes = 10;
constexpr int grey_levels = 16;  // a pixel of the file is 0 … 16

/// Labelled images; each column of `images` is one, its pixels in [−1, 1].
struct Dataset {
  Eigen::MatrixXf images;
  std::vector<int> labels;

  Eigen::Index size() const { return images.cols(); }

  /// Every second image, beginning with image `first` (0 or 1).
  Dataset half(int first) const {
    Dataset result;
    result.images.resize(pixels, (size() - first + 1) / 2);
    for (Eigen::Index i = 0; i < result.images.cols(); ++i) {
      result.images.col(i) = images.col(first + 2 * i);
      result.labels.push_back(
          labels[static_cast<std::size_t>(first + 2 * i)]);
    }
    return result;
  }
};

/// The numbers of one line `label,p0,…,p63`. Errors: std::runtime_error when a
/// field is missing, left over, not a number or out of range.
inline std::vector<int> parse_row(std::string_view line,
                                  const std::string& where) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  std::vector<int> row;
  const char* at = line.data();
  const char* const end = at + line.size();
  while (true) {
    const int highest = row.empty() ? classes - 1 : grey_levels;
    int value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || value < 0 || value > highest)
      throw std::runtime_error(where + ": field " +
                               std::to_string(row.size() + 1) +
                               " is not a whole number from 0 to " +
                               std::to_string(highest) + ".");
    row.push_back(value);
    at = next;
    if (at == end) break;
    if (*at++ != ',')
      throw std::runtime_error(where + ": fields must be parted by commas.");
  }
  if (row.size() != pixels + 1)
    throw std::runtime_error(where + ": has " + std::to_string(row.size()) +
                             " fields, expected 65 (a label and 64 pixels).");
  return row;
}

/// Reads `label,p0,…,p63` under one line of headings.
inline Dataset read_dataset(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::filesystem::is_regular_file(path) || !std::getline(file, line))
    throw std::runtime_error("Cannot read the digits from '" + path.string() +
                             "' (--data).");
  std::vector<std::vector<int>> rows;
  while (std::getline(file, line))
    rows.push_back(parse_row(
        line, path.string() + ", line " + std::to_string(rows.size() + 2)));
  if (rows.size() < 100)
    throw std::runtime_error(path.string() + ": has " +
                             std::to_string(rows.size()) +
                             " digits, expected at least 100.");

  Dataset dataset;
  dataset.images.resize(pixels, static_cast<Eigen::Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    dataset.labels.push_back(rows[i][0]);
    for (int p = 0; p < pixels; ++p)
      dataset.images(p, static_cast<Eigen::Index>(i)) =
          2.0F * static_cast<float>(rows[i][static_cast<std::size_t>(p) + 1]) /
              grey_levels -
          1.0F;
  }
  return dataset;
}

}  // namespace digits
