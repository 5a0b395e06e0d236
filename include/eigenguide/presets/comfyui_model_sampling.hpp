// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/alpha_bar.hpp>
#include <eigenguide/noise/exponential.hpp>
#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/noise/resolution_shift.hpp>
#include <eigenguide/presets/comfyui_discrete_sampling.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

/// The noise levels of ComfyUI's models that were trained at continuous times.
/// Each has, as ModelSamplingDiscrete has them, a table of levels that rise,
/// σ of a timestep, the timestep of a σ, and the σ at a share of a run.
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832, comfy/model_sampling.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// The least and the greatest level of a model's table.
template <class ModelSampling>
double sigma_min(const ModelSampling& model) { return model[0]; }
template <class ModelSampling>
double sigma_max(const ModelSampling& model) { return model[model.size() - 1]; }

namespace detail {

/// Level number `index` of 1000 that rise evenly in ln σ.
inline double even_log_level(std::size_t index, double sigma_min, double sigma_max) {
  require(index < 1000, "index", static_cast<double>(index), "a number below 1000");
  return Exponential{sigma_min, sigma_max}(999 - index, 1000);
}

/// ln σ at a share of the run, linear from σ_max to σ_min.
inline double even_log_percent(double percent, double sigma_min, double sigma_max) {
  require_sigma_range(sigma_min, sigma_max);
  return sigma_of_percent(percent, sigma_of_start, [&](double left) {
    return std::exp(std::log(sigma_min) + left * (std::log(sigma_max) - std::log(sigma_min)));
  });
}

/// (index + 1) / count, the time of level number `index` of a table that ends at 1.
inline double even_time(std::size_t index, std::size_t count) {
  require(index < count, "index", static_cast<double>(index), "a number below the table's size");
  return static_cast<double>(index + 1) / static_cast<double>(count);
}

}  // namespace detail

/// EDM: t = ln σ / 4.
/// Errors  a range that is none, a σ that is not positive, a t whose σ is not finite
struct ModelSamplingContinuousEdm {
  double min = 0.002;  ///< σ_min, units of the data; in (0, σ_max]
  double max = 120.0;  ///< σ_max, units of the data; > 0

  static constexpr std::size_t size() { return 1000; }
  double operator[](std::size_t index) const { return detail::even_log_level(index, min, max); }
  double sigma(double t) const {
    require(is_finite(t) && t <= 177.0, "t", t, "a finite number, at most 177");
    return std::exp(4.0 * t);
  }
  double timestep(double sigma) const {
    require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a finite positive number");
    return 0.25 * std::log(sigma);
  }
  double percent_to_sigma(double percent) const { return detail::even_log_percent(percent, min, max); }
};

/// v-diffusion's angle: t = 2/π arctan σ.
/// Errors  a range that is none, a t outside [0, 1), a σ that is negative
struct ModelSamplingContinuousV {
  double min = 0.002;  ///< σ_min, units of the data; in (0, σ_max]
  double max = 120.0;  ///< σ_max, units of the data; > 0

  static constexpr std::size_t size() { return 1000; }
  double operator[](std::size_t index) const { return detail::even_log_level(index, min, max); }
  double sigma(double t) const {
    require(is_finite(t) && t >= 0.0 && t < 1.0, "t", t, "a number in [0, 1)");
    return std::tan(t * 1.5707963267948966);
  }
  double timestep(double sigma) const {
    require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
    return std::atan(sigma) / 1.5707963267948966;
  }
  double percent_to_sigma(double percent) const { return detail::even_log_percent(percent, min, max); }
};

/// Cosmos: a rectified flow in EDM's coordinate, t = σ / (σ + 1).
/// Errors  a range that is none, a t that is negative, a σ that is negative
struct ModelSamplingCosmosRflow {
  double min = 0.002;  ///< σ_min, units of the data; in (0, σ_max]
  double max = 80.0;   ///< σ_max, units of the data; > 0

  static constexpr std::size_t size() { return 1000; }
  double operator[](std::size_t index) const { return detail::even_log_level(index, min, max); }
  /// σ_max from its own time on.
  double sigma(double t) const {
    require(is_finite(t) && t >= 0.0, "t", t, "a finite number, at least 0");
    return t >= max / (max + 1.0) ? max : t / (1.0 - t);
  }
  double timestep(double sigma) const {
    require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
    return sigma / (sigma + 1.0);
  }
  double percent_to_sigma(double percent) const { return detail::even_log_percent(percent, min, max); }
};

/// SD3 and its kin: a rectified flow, shifted on the way from a timestep to σ
/// but not on the way back.
///
///   σ(t) = k (t / multiplier) / (1 + (k − 1) (t / multiplier)),  timestep(σ) = multiplier σ
///
/// Errors  a shift or multiplier that is not positive, a t outside [0, multiplier],
///         a σ outside [0, 1]
struct ModelSamplingDiscreteFlow {
  double shift = 1.0;          ///< k, no unit; > 0
  double multiplier = 1000.0;  ///< the timestep of pure noise; > 0

  static constexpr std::size_t size() { return 1000; }
  double operator[](std::size_t index) const { return shifted_time(detail::even_time(index, size()), shift); }
  double sigma(double t) const {
    require_multiplier();
    return shifted_time(t / multiplier, shift);
  }
  double timestep(double sigma) const {
    require_multiplier();
    require(sigma >= 0.0 && sigma <= 1.0, "sigma", sigma, "a number in [0, 1]");
    return sigma * multiplier;
  }
  double percent_to_sigma(double percent) const {
    return detail::sigma_of_percent(percent, 1.0, [&](double left) { return shifted_time(left, shift); });
  }
  void require_multiplier() const {
    require(is_finite(multiplier) && multiplier > 0.0, "multiplier", multiplier, "a finite positive number");
  }
};

/// Flux: a rectified flow shifted by e^μ, whose timestep is σ itself.
/// Errors  a μ that is not in [−700, 700], a t or σ outside [0, 1]
struct ModelSamplingFlux {
  double shift = 1.15;  ///< μ, no unit; see flux_shift

  static constexpr std::size_t size() { return 10000; }
  double operator[](std::size_t index) const { return sigma(detail::even_time(index, size())); }
  double sigma(double t) const {
    require(is_finite(shift) && shift >= -700.0 && shift <= 700.0, "shift", shift, "a number in [-700, 700]");
    return shifted_time(t, std::exp(shift));
  }
  double timestep(double sigma) const {
    require(sigma >= 0.0 && sigma <= 1.0, "sigma", sigma, "a number in [0, 1]");
    return sigma;
  }
  double percent_to_sigma(double percent) const {
    return detail::sigma_of_percent(percent, 1.0, [&](double left) { return sigma(left); });
  }
};

/// Stable Cascade: a cosine schedule, shifted on the way from a timestep to σ
/// but not on the way back, and kept off both ends after the shift alone, where
/// StableCascadeAlphaBar is before it too.
/// Errors  a shift that is not positive, a t outside [0, 1], a σ that is negative
struct ModelSamplingStableCascade {
  double shift = 1.0;  ///< factor of σ, no unit; > 0

  static constexpr std::size_t size() { return 10000; }
  double operator[](std::size_t index) const { return sigma(detail::even_time(index, size())); }
  double sigma(double t) const {
    require(is_finite(shift) && shift > 0.0, "shift", shift, "a finite positive number");
    const CosineAlphaBar cosine;
    const double raw = cosine(t) / cosine(0.0);
    const double alpha_bar = (std::min)((std::max)(raw / (raw + (1.0 - raw) * shift * shift), 1e-4), 1.0 - 1e-4);
    return std::sqrt((1.0 - alpha_bar) / alpha_bar);
  }
  double timestep(double sigma) const {
    require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
    const CosineAlphaBar cosine;
    const double alpha = std::sqrt(cosine(0.0) / (sigma * sigma + 1.0));
    return std::acos(alpha) / 1.5707963267948966 * (1.0 + cosine.offset) - cosine.offset;
  }
  double percent_to_sigma(double percent) const {
    return detail::sigma_of_percent(percent, sigma_of_start, [&](double left) { return sigma(left); });
  }
};

/// The ModelSamplingFlux node: μ linear in the number of tokens, `base_shift`
/// at 256 and `max_shift` at 4096, one token 16 pixels high and wide.
///
/// Inputs  width, height  of the image in pixels; of any number
/// Source  comfy_extras/nodes_model_advanced.py
inline double flux_shift(double width, double height, double max_shift = 1.15, double base_shift = 0.5) {
  require(is_finite(width) && width >= 0.0, "width", width, "a finite number, at least 0");
  require(is_finite(height) && height >= 0.0, "height", height, "a finite number, at least 0");
  return LinearResolutionShift{256.0, 4096.0, base_shift, max_shift}(width * height / 256.0);
}

}}}  // namespace eigenguide::comfyui
