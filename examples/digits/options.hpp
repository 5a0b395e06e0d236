// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "methods.hpp"

namespace digits {

struct Options {
  std::vector<double> scales{2, 4, 8};
  std::vector<std::string> methods;  // empty: all
  int steps = 32;
  std::int64_t seed = 0;
  int samples = 100;
  std::filesystem::path out = "digits.png";
  std::filesystem::path weights;
  std::filesystem::path data;
  bool train = false;
};

/// A file of this example: where its sources are, else in this folder.
inline std::filesystem::path example_file(const std::string& name) {
#ifdef DIGITS_DATA_DIR
  const std::filesystem::path sources = DIGITS_DATA_DIR;
  if (std::filesystem::is_directory(sources)) return sources / name;
#endif
  return name;
}

inline void require(bool condition, const std::string& sentence) {
  if (!condition) throw std::runtime_error(sentence);
}

inline const Method& find_method(const std::string& name) {
  std::string known;
  for (const Method& method : all_methods()) {
    if (method.name == name) return method;
    known += (known.empty() ? "" : ", ") + method.name;
  }
  throw std::runtime_error("--methods has no '" + name + "'; it knows " +
                           known + ".");
}

/// Read here, and not by CLI11 2.1, which takes a number that is too large for
/// the largest there is.
inline std::int64_t parse_seed(const std::string& text) {
  std::int64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, seed);
  require(error == std::errc{} && next == end && seed >= 0,
          "--seed is " + text + ", but must be a whole number from 0 to " +
              std::to_string(std::numeric_limits<std::int64_t>::max()) + ".");
  return seed;
}

/// Reads the command line. Errors: CLI::ParseError for what is no flag, a call
/// for help, or no value of its type; std::runtime_error for a wrong value.
inline Options read_options(int argc, char** argv) {
  Options options;
  options.weights = example_file("digits.weights");
  options.data = example_file("digits.csv");
  std::string seed = std::to_string(options.seed);
  std::string known;
  for (const Method& method : all_methods()) {
    options.methods.push_back(method.name);
    known += (known.empty() ? "" : ", ") + method.name;
  }

  CLI::App app(
      "Handwritten digits by a tiny rectified-flow network, guided by methods "
      "of eigenguide: a table of how well each does, and a picture.");
  app.add_option("--scale", options.scales,
                 "Guidance scales, parted by commas; 1 is the conditional "
                 "prediction")
      ->delimiter(',')
      ->default_str("2,4,8");
  app.add_option("--methods", options.methods,
                 "Methods, parted by commas: " + known)
      ->delimiter(',')
      ->default_str("all");
  app.add_option("--steps", options.steps, "Euler steps from noise to data")
      ->capture_default_str();
  app.add_option("--seed", seed, "Seed of the noise, and of --train")
      ->type_name("INT")
      ->capture_default_str();
  app.add_option("--samples", options.samples, "Samples of each class")
      ->capture_default_str();
  app.add_option("--out", options.out, "The picture, a PNG file")
      ->capture_default_str();
  app.add_flag("--train", options.train,
               "Train the network first, and replace the weights file");
  app.add_option("--weights", options.weights, "Weights file")
      ->capture_default_str();
  app.add_option("--data", options.data, "The digits, a CSV file")
      ->capture_default_str();

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    throw;
  }

  for (const std::string& name : options.methods) find_method(name);
  for (const double scale : options.scales)
    require(scale >= 0.0 && scale <= 100.0,
            "--scale is " + eigenguide::describe(scale) +
                ", but must lie between 0 and 100.");
  require(options.steps >= 1 && options.steps <= 10000,
          "--steps is " + std::to_string(options.steps) +
              ", but must lie between 1 and 10000.");
  options.seed = parse_seed(seed);
  require(options.samples >= 1 && options.samples <= 1000,
          "--samples is " + std::to_string(options.samples) +
              ", but must lie between 1 and 1000.");
  return options;
}

}  // namespace digits
