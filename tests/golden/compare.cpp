// SPDX-License-Identifier: MIT
#include "compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace golden {
namespace {

struct Tolerance {
  double rtol = 0.0, atol = 0.0;
};

Tolerance tolerance_of(const Json& json, const Reference& reference, const std::string& output) {
  const std::string key = reference.tolerance;
  const auto per_output = json.find(key + "_per_output");
  const bool own = per_output != json.end() && per_output->contains(output);
  const Json& tolerance = own ? per_output->at(output) : json.at(key);
  return {number_of(tolerance.at("rtol")), number_of(tolerance.at("atol"))};
}

/// One element that is off, and by how many times what is allowed.
struct Miss {
  std::size_t index = 0;
  double got = 0.0, want = 0.0, allowed = 0.0, excess = 0.0;

  std::string text(const std::string& output) const {
    char line[160];
    std::snprintf(line, sizeof line, "%s[%zu]: got %.9g, want %.9g, off by %.3g, allowed %.3g",
                  output.c_str(), index, got, want, std::fabs(got - want), allowed);
    return line;
  }
};

bool matches(double got, double want, double allowed, bool degenerate) {
  if (std::isfinite(want)) return std::fabs(got - want) <= allowed;
  const bool equal = std::isnan(want) ? std::isnan(got) : got == want;
  return equal || (degenerate && std::isfinite(got));
}

/// The value as the files write those of float32 cases.
double in_nine_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return std::strtod(text, nullptr);
}

std::string mismatch(const Json& json, const Reference& reference, const std::string& name,
                     const std::vector<double>& want, const Output* output) {
  const bool degenerate = json.value("degenerate", false);
  if (!output) return name + ": not computed";
  if (!output->rejection.empty()) {
    const bool limitless = degenerate && std::none_of(want.begin(), want.end(),
                                                      [](double value) { return std::isfinite(value); });
    return limitless ? "" : name + ": rejected, " + output->rejection;
  }
  const std::vector<double>& got = output->values;
  if (got.size() != want.size())
    return name + ": " + std::to_string(got.size()) + " values, expected " + std::to_string(want.size());

  const bool written_in_nine = &reference == &in_case_dtype && json.value("dtype", "") == "float32";
  const Tolerance tolerance = tolerance_of(json, reference, name);
  std::vector<Miss> misses;
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double allowed = tolerance.atol + tolerance.rtol * std::fabs(want[i]);
    if (matches(got[i], want[i], allowed, degenerate)) continue;
    if (written_in_nine && in_nine_digits(got[i]) == want[i]) continue;
    const double error = std::fabs(got[i] - want[i]);
    misses.push_back({i, got[i], want[i], allowed, std::isfinite(error) ? error / allowed : INFINITY});
  }
  if (misses.empty()) return "";

  const auto worst = std::max_element(misses.begin(), misses.end(),
                                      [](const Miss& a, const Miss& b) { return a.excess < b.excess; });
  std::string line = misses.front().text(name);
  if (worst != misses.begin()) line += "; worst " + worst->text(name);
  return line + " (" + std::to_string(misses.size()) + " of " + std::to_string(want.size()) + ")";
}

}  // namespace

std::vector<std::string> mismatches(const Json& json, const Reference& reference,
                                    const Outputs& outputs) {
  const Json& expected = json.at(reference.expected);
  if (!expected.is_object() || expected.empty())
    throw std::runtime_error(std::string("has no outputs in `") + reference.expected + "`");
  std::vector<std::string> lines;
  for (const auto& [name, values] : expected.items()) {
    const std::string line =
        mismatch(json, reference, name, numbers_of<double>(values), outputs.find(name));
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

}  // namespace golden
