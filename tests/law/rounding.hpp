// SPDX-License-Identifier: MIT
#pragma once

#include <law/adversarial.hpp>
#include <law/exact.hpp>

#include <eigenguide/base/half.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

// What verbs that compute in double and round once are held to: error bounds
// that follow from the number of roundings, element by element.

constexpr Wide roundoff = 0x1p-53L;  ///< half of the last place of a double, as a share

/// The least number of T below which it has fewer digits.
template <class T>
Wide least_normal() {
  if constexpr (std::is_same_v<T, eigenguide::half>)
    return 0x1p-14L;
  else
    return (std::numeric_limits<T>::min)();
}

/// How far the nearest T of a number may be from it.
template <class T>
Wide last_rounding(Wide value) {
  if (std::is_same_v<T, double>) return 0;  // one of those that are counted
  const Wide share = std::is_same_v<T, float> ? 0x1p-24L : 0x1p-11L * (1 + 0x1p-12L);  // a half by way of float
  return std::fmax(std::fabs(value), least_normal<T>()) * share;
}

/// An element of a result: what it is, the largest number that it is the sum of,
/// and how far arithmetic in double may lead from it.
struct Exact {
  Wide value = 0, terms = 0, slack = 0;
};

/// What was found for a verb in T: of the largest term, and of the bound.
struct Found {
  double error = 0.0, of_bound = 0.0;
  std::string at;

  template <class T>
  void add(const std::vector<T>& got, const std::vector<Exact>& exact, const std::string& where) {
    REQUIRE(got.size() == exact.size());
    for (std::size_t n = 0; n < got.size(); ++n) {
      if (std::is_same_v<T, eigenguide::half> && std::fabs(exact[n].value) > 65504) continue;  // beyond its range
      const Wide apart = std::fabs(Wide(static_cast<double>(got[n])) - exact[n].value);
      const Wide bound = last_rounding<T>(exact[n].value) + exact[n].slack;
      const double share = apart > 0 ? double(apart / bound) : 0.0;
      error = std::fmax(error, double(apart / std::fmax(exact[n].terms, least_normal<T>())));
      if (!(share <= of_bound)) of_bound = share, at = where + ", element " + std::to_string(n);
    }
  }

  void check(const char* verb, const char* type) const {
    if (prints())
      std::printf("%-28s %-7s %9.1e of the terms, %9.1e of the bound (%s)\n", verb, type, error, of_bound, at.c_str());
    INFO(verb << " in " << type << ", " << at);
    CHECK(of_bound <= 1.0);
  }
};

/// An adversary's number as T: with all of a double's digits, and in the range
/// of a half.
template <class T>
T stored(const Adversary& adversary, float value) {
  using Kind = Adversary::Kind;
  if constexpr (std::is_same_v<T, double>)
    return value / 3.0;
  else if constexpr (std::is_same_v<T, float>)
    return value;
  else
    return T(adversary.kind == Kind::decades ? value * 0x1p-8f : adversary.scale < 1.0 ? value * 1e35f : value);
}

/// An adversary's predictions of a shape, one sample.
template <class T>
struct Case {
  Spatial<T> cond, uncond, x;
  std::string name;

  Case(const Adversary& adversary, Sizes shape) : cond(shape), uncond(shape), x(shape), name(adversary.name) {
    const auto size = static_cast<Eigen::Index>(cond.values.size());
    const auto in = adversarial_inputs(adversary, static_cast<std::uint64_t>(size), size);
    for (Eigen::Index n = 0; n < size; ++n) {
      const auto at = static_cast<std::size_t>(n);
      cond.values[at] = stored<T>(adversary, in.cond(n));
      uncond.values[at] = stored<T>(adversary, in.uncond(n));
      x.values[at] = stored<T>(adversary, in.others[0](n));
    }
    for (const std::size_t extent : shape) name += " " + std::to_string(extent);
  }
};

template <class T>
WideVector wide(const std::vector<T>& values) {
  WideVector out;
  for (const T value : values) out.push_back(Wide(static_cast<double>(value)));
  return out;
}

/// u + s d of one element, and how far double may be from it.
inline Exact exact_guided(double scale, Wide c, Wide u) {
  const Wide more = (Wide(scale) - 1) * (c - u), g = c + more;
  return {g, std::fmax(std::fmax(std::fabs(c), std::fabs(g)), std::fabs(more)), (3 * std::fabs(more) + std::fabs(g)) * roundoff};
}

/// `check(T(), its name)` for each type that tensors are stored in.
template <class Check>
void for_each_type(const Check& check) {
  check(float{}, "float");
  check(double{}, "double");
  check(eigenguide::half(0.0f), "half");
}
