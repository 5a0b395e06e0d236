// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/eigenguide.hpp>

#include <fuzz/parameters.hpp>
#include <fuzz/trial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

/// A conversion is its row: of every element, but for a few roundings.
template <class T, class Convert>
void conversion(Trial<T>& trial, Bytes& bytes, const Convert& convert) {
  using namespace eigenguide;
  std::vector<Level> levels(bytes.flag() ? 1 : trial.samples(), Level{});
  const bool is_shared = levels.size() == 1 && bytes.flag();
  for (Level& level : levels) level = level_of(bytes);
  if (!is_shared && bytes.byte() < 6) levels.push_back({0.8, 0.6});
  bool is_valid = is_shared || levels.size() == trial.samples();
  for (const Level& level : levels)
    is_valid = !refused([&] { convert(level); }) && is_valid;
  const auto given = [&](std::size_t sample) {
    return is_shared ? Levels(levels[0]) : sample == Trial<T>::all ? Levels(levels) : Levels(&levels[sample], 1);
  };
  trial.run("convert", {2}, is_valid,
            [&](const auto& in, const auto& out) { eigenguide::convert(convert, given(in.sample), in[1], in[0], out); },
            [&](std::size_t sample, const auto& in, const T* out) {
              const Row<2> row = convert(levels[is_shared ? 0 : sample]);
              const long double of_prediction = static_cast<double>(row[0]), of_x = static_cast<double>(row[1]);
              // Of halves the sum is in float, and rounded once more.
              constexpr long double of_sum = sizeof(T) == 8 ? 0x1p-53L : 0x1p-24L, of_result = sizeof(T) == 2 ? 0x1p-11L : of_sum;
              constexpr long double least = sizeof(T) == 2 ? 0x1p-24L : sizeof(T) == 4 ? 0x1p-149L : 0x1p-1074L;
              constexpr long double most = sizeof(T) == 2 ? 6e4L : sizeof(T) == 4 ? 1e38L : 1e308L;
              for (std::size_t n = 0; n < trial.size(); ++n) {
                const long double p = of_prediction == 0.0L ? 0.0L : of_prediction * static_cast<double>(in[0][n]);
                const long double x = of_x == 0.0L ? 0.0L : of_x * static_cast<double>(in[1][n]);
                const long double terms = std::fabs(p) + std::fabs(x), wanted = p + x, found = static_cast<double>(out[n]);
                if (!(terms < most / 4)) continue;
                trial.must(std::fabs(found - wanted) <= of_result * std::fabs(wanted) + 4 * of_sum * terms + 2 * least,
                           "a conversion is its row");
              }
            });
}

/// Whether numbers are all finite and of the order of 1.
template <class T>
bool are_plain(const T* values, std::size_t count) {
  return std::all_of(values, values + count, [](const T& value) { return std::fabs(static_cast<double>(value)) < 1e3; });
}

/// A pyramid that was built before is as a new one, and is what it was built from.
template <class T>
void pyramid(Trial<T>& trial, Bytes& bytes) {
  using namespace eigenguide;
  static std::vector<LaplacianPyramid<T>> used = [] {
    std::vector<LaplacianPyramid<T>> made;
    for (std::size_t levels = 1; levels <= 5; ++levels) made.emplace_back(levels);
    return made;
  }();
  trial.must(refused([] { LaplacianPyramid<T> none(0); }), "a pyramid without levels is refused");
  const std::size_t levels = 1 + bytes.below(5);
  const auto build_and_reconstruct = [&](LaplacianPyramid<T>& pyramid, const auto& in, const auto& out) {
    pyramid.build(in[0]);
    trial.must(refused([&] { pyramid.level(levels); }), "a level that is not there is refused");
    pyramid.reconstruct(out);
  };
  trial.run("pyramid", {1, 3, false}, true,
            [&](const auto& in, const auto& out) {
              LaplacianPyramid<T> own(levels);
              build_and_reconstruct(in.sample == Trial<T>::all ? used[levels - 1] : own, in, out);
            },
            [&](std::size_t, const auto& in, const T* out) {
              constexpr double ulp = std::numeric_limits<T>::epsilon();
              for (std::size_t n = 0; n < trial.size() && are_plain(in[0], trial.size()); ++n)
                trial.must(std::fabs(double{out[n]} - double{in[0][n]}) <= 1e3 * 8 * ulp, "a pyramid is what it was built from");
            });
}

/// The quantile of numbers is that of the same in order, which they are not.
inline void quantile(Bytes& bytes) {
  std::vector<double> values(1 + bytes.below(40));
  for (double& value : values) value = bytes.plain();
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const double p = static_cast<double>(bytes.byte()) / 255.0, h = p * static_cast<double>(values.size() - 1);
  const double found = eigenguide::quantile(values.data(), values.size(), p);
  const std::size_t below = static_cast<std::size_t>(h), above = std::min(below + 1, values.size() - 1);
  const double wanted = sorted[below] + (h - static_cast<double>(below)) * (sorted[above] - sorted[below]);
  must(std::fabs(found - wanted) <= 1e-12 * 256.0, "a quantile lies between its neighbours");
  std::sort(values.begin(), values.end());
  must(values == sorted, "a quantile leaves the numbers that there were");
}

template <class T>
void threshold(Trial<T>& trial, Bytes& bytes) {
  using namespace eigenguide;
  static Workspace used;
  const DynamicThreshold method{share(bytes), bytes.flag() ? positive_infinity() : parameter(bytes)};
  trial.run("threshold", {1}, is_share(method.percentile) && method.max > 0.0,
            [&](const auto& in, const auto& out) {
              in.sample == Trial<T>::all ? threshold(method, in[0], out, used) : threshold(method, in[0], out);
            },
            [&](std::size_t, const auto& in, const T* out) {
              const bool is_whole = std::all_of(in[0], in[0] + trial.size(), [](const T& value) { return is_finite(static_cast<double>(value)); });
              for (std::size_t n = 0; n < trial.size(); ++n) {
                const double value = static_cast<double>(out[n]);
                trial.must(is_whole ? std::fabs(value) <= 1.0 : is_nan(value), "what is thresholded lies in [-1, 1]");
              }
            });
}

template <class Method, class = void>
struct works_in_memory : std::false_type {};
template <class Method>
struct works_in_memory<Method, std::void_t<typename Method::Memory>> : std::true_type {};

/// Guidance by a method of cond and uncond that works in memory, or in none.
template <class T, class Method>
void guided(Trial<T>& trial, const char* name, const Method& method, std::size_t least_rank, bool is_valid) {
  using namespace eigenguide;
  if constexpr (works_in_memory<Method>::value) {
    static typename Method::Memory used;
    trial.run(name, {2, least_rank}, is_valid, [&](const auto& in, const auto& out) {
      in.sample == Trial<T>::all ? guide(method, in[0], in[1], out, used) : guide(method, in[0], in[1], out);
    });
  } else {
    trial.run(name, {2, least_rank}, is_valid, [&](const auto& in, const auto& out) { guide(method, in[0], in[1], out); });
  }
}

template <class T>
void mimic(Trial<T>& trial, Bytes& bytes) {
  using namespace eigenguide;
  Mimic method{parameter(bytes), parameter(bytes), share(bytes), share(bytes)};
  method.per_channel = bytes.flag();
  method.startpoint = bytes.flag() ? Startpoint::mean : Startpoint::zero;
  method.variability = bytes.flag() ? Variability::absolute : Variability::deviation;
  guided(trial, "mimic", method, 2,
         is_finite(method.scale) && is_finite(method.mimic_scale) && is_share(method.percentile) && is_share(method.phi));
}


template <class T>
void frequency_decoupled(Trial<T>& trial, Bytes& bytes) {
  const auto numbers = [&](std::size_t count) {
    std::vector<double> made(count);
    for (double& each : made) each = bytes.byte() < 100 ? 1.0 : parameter(bytes);
    return made;
  };
  const std::size_t levels = bytes.below(6);
  eigenguide::FrequencyDecoupled method;
  method.scales = numbers(levels);
  method.parallel_weights = numbers(bytes.byte() < 8 ? bytes.below(4) : bytes.flag() ? levels : 1);
  const auto are_finite = [](const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return eigenguide::is_finite(value); });
  };
  const std::size_t weights = method.parallel_weights.size();
  guided(trial, "frequency decoupled", method, 3,
         levels > 0 && (weights == 1 || weights == levels) && are_finite(method.scales) && are_finite(method.parallel_weights));
}

/// One verb of one type.
template <class T>
void verb_of_any(std::uint8_t which, Bytes& bytes) {
  using namespace eigenguide;
  Trial<T> trial(bytes);
  switch (which % 16) {
    case 0: case 1: case 2: case 3: return conversion(trial, bytes, Conversion{kind_of(bytes), kind_of(bytes)});
    case 4: return conversion(trial, bytes, Preconditioning{kind_of(bytes), static_cast<Coordinates>(bytes.below(3)), parameter(bytes)});
    case 5: return bytes.flag() ? conversion(trial, bytes, Noising{}) : conversion(trial, bytes, Target{kind_of(bytes)});
    case 6: return bytes.byte() < 64 ? quantile(bytes) : threshold(trial, bytes);
    case 7: case 8: return mimic(trial, bytes);
    case 9: {
      const Mahiro method{parameter(bytes)};
      return guided(trial, "mahiro", method, 2, is_finite(method.scale));
    }
    case 10: {
      const SkimmedCfg method{parameter(bytes), parameter(bytes)};
      return trial.run("skimmed cfg", {3}, is_finite(method.scale) && is_finite(method.skimming_scale),
                       [&](const auto& in, const auto& out) { guide(method, in[2], in[0], in[1], out); });
    }
    case 11: {
      const Tonemap method{parameter(bytes), bytes.flag() ? positive_infinity() : parameter(bytes)};
      return guided(trial, "tonemap", method, 2, is_finite(method.scale) && method.multiplier > 0.0);
    }
    case 12: return frequency_decoupled(trial, bytes);
    case 13: {
      const FreSca method{parameter(bytes), parameter(bytes), parameter(bytes), bytes.below(9)};
      return guided(trial, "fresca", method, 3, is_finite(method.scale) && is_finite(method.scale_low) && is_finite(method.scale_high));
    }
    case 14: {
      static Workspace used;
      const GaussianBlur method{bytes.byte() < 16 ? bytes.below(64) : 2 * bytes.below(16) + 1, std::fabs(parameter(bytes)) * (bytes.byte() < 8 ? -1.0 : 1.0)};
      return trial.run("blur", {1, 3}, method.kernel_size % 2 == 1 && is_finite(method.sigma) && method.sigma >= 0.0,
                       [&](const auto& in, const auto& out) {
                         in.sample == Trial<T>::all ? blur(method, in[0], out, used) : blur(method, in[0], out);
                       });
    }
    default:
      if constexpr (!std::is_same_v<T, half>) pyramid(trial, bytes);
      return;
  }
}
