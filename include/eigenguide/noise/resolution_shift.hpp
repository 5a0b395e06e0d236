// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// The flow shift that suits a resolution: k itself, or the μ = ln k of models
// that shift "exponentially". A resolution is a number of tokens: of positions
// that the model attends to, a text's not counted.

/// k of a resolution, given one that needs none: k = √(m / n). An image of four
/// times the tokens takes twice the noise to be as uncertain.
///
/// Inputs  tokens       m, > 0
///         base_tokens  n, > 0
/// Errors  a number of tokens that is not positive; two whose ratio is beyond double
/// Source  Esser et al. (SD3), arXiv:2403.03206, eq. 23
inline double resolution_shift(double tokens, double base_tokens) {
  require(is_finite(tokens) && tokens > 0.0, "tokens", tokens, "a finite positive number");
  require(is_finite(base_tokens) && base_tokens > 0.0, "base_tokens", base_tokens, "a finite positive number");
  const double ratio = tokens / base_tokens;
  require(is_finite(ratio) && ratio > 0.0, "tokens", tokens, "a number that has a ratio to `base_tokens`");
  return std::sqrt(ratio);
}

/// μ of a resolution, on the line through two; it goes on beyond them.
///
///   μ = base_shift + (m − base_tokens) (max_shift − base_shift) / (max_tokens − base_tokens)
///
/// The defaults are Flux's.
///
/// Errors  the two resolutions the same, any number not finite; a difference of
///         resolutions or of shifts, or a μ, that is beyond double
/// Source  black-forest-labs/flux; QwenLM/Qwen-Image; Lightricks/LTX-Video
struct LinearResolutionShift {
  double base_tokens = 256.0;  ///< the one resolution; not max_tokens
  double max_tokens = 4096.0;  ///< the other resolution
  double base_shift = 0.5;     ///< μ at base_tokens, no unit
  double max_shift = 1.15;     ///< μ at max_tokens, no unit

  static LinearResolutionShift flux() { return {}; }
  static LinearResolutionShift qwen_image() { return {256.0, 8192.0, 0.5, 0.9}; }
  static LinearResolutionShift ltx_video() { return {1024.0, 4096.0, 0.95, 2.05}; }

  double operator()(double tokens) const {
    require_finite("tokens", tokens);
    require_finite("base_tokens", base_tokens);
    require_finite("base_shift", base_shift);
    require_finite("max_shift", max_shift);
    require(is_finite(max_tokens - base_tokens) && max_tokens != base_tokens, "max_tokens", max_tokens,
            "a number at a finite distance from `base_tokens`");
    const double shift = base_shift + (tokens - base_tokens) * ((max_shift - base_shift) / (max_tokens - base_tokens));
    require(is_finite(shift), "tokens", tokens, "a number whose shift, and all that it is computed from, is within double");
    return shift;
  }
};

/// μ of FLUX.2, fitted to the resolution and to the number of steps.
///
///   μ_10  = 8.73809524e-5 m + 1.89833333,  μ_200 = 1.6927e-4 m + 0.45666666
///   μ     = μ_10 + (N − 10) / 190 · (μ_200 − μ_10) up to 4300 tokens, μ_200 above
///
/// Errors  tokens that are negative or not finite
/// Source  black-forest-labs/flux2
inline double flux2_resolution_shift(double tokens, std::size_t steps) {
  require(is_finite(tokens) && tokens >= 0.0, "tokens", tokens, "a finite number, at least 0");
  const double at_10 = 8.73809524e-5 * tokens + 1.89833333;
  const double at_200 = 1.6927e-4 * tokens + 0.45666666;
  if (tokens > 4300.0) return at_200;
  return at_10 + (static_cast<double>(steps) - 10.0) / 190.0 * (at_200 - at_10);
}

}}  // namespace eigenguide
