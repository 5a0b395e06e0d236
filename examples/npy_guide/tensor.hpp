// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/half.hpp>
#include <eigenguide/c/eigenguide.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace npy_guide {

/// A tensor as a file holds it: little-endian, the first dimension the slowest.
struct Tensor {
  eigenguide_type type = EIGENGUIDE_FLOAT;
  std::vector<std::uint64_t> shape;
  std::vector<char> bytes;

  std::uint64_t elements() const {
    std::uint64_t count = 1;
    for (const std::uint64_t extent : shape) count *= extent;
    return count;
  }

  /// Element `i`, whatever its type.
  double operator[](std::size_t i) const {
    const auto as = [&](auto value) {
      std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
      return static_cast<double>(value);
    };
    switch (type) {
      case EIGENGUIDE_FLOAT: return as(0.0f);
      case EIGENGUIDE_DOUBLE: return as(0.0);
      case EIGENGUIDE_HALF: return as(eigenguide::half{});
      default: return as(eigenguide::bfloat16{});
    }
  }
};

inline std::size_t bytes_of(eigenguide_type type) {
  return type == EIGENGUIDE_FLOAT ? 4 : type == EIGENGUIDE_DOUBLE ? 8 : 2;
}
inline const char* name_of(eigenguide_type type) {
  constexpr const char* names[] = {"float32", "float64", "float16", "bfloat16"};
  return names[type];
}

inline std::string text_of(const std::vector<std::uint64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

/// The bytes of the elements that a header announces, which may lie.
/// Errors: a product that no memory holds
inline std::uint64_t bytes_of(const std::vector<std::uint64_t>& shape, eigenguide_type type) {
  std::uint64_t count = bytes_of(type), most = std::uint64_t{1} << 62;
  bool is_empty = false;
  for (const std::uint64_t extent : shape) is_empty = is_empty || extent == 0;
  if (is_empty) return 0;
  for (const std::uint64_t extent : shape) {
    if (extent > most / count) throw std::runtime_error("its shape " + text_of(shape) + " is more than any memory holds");
    count *= extent;
  }
  return count;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("there is no such file, or it cannot be read");
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw std::runtime_error("it cannot be read to its end");
  return bytes;
}

/// `count` bytes at `at` as a little-endian number.
inline std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = count; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

}  // namespace npy_guide
