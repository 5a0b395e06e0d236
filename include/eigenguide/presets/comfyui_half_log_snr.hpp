// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/half_log_snr.hpp>

#include <algorithm>

/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// half_log_snr of a model's σ, −ln σ, of a flow −ln(σ / (1 − σ)), within
/// ±700: there is no error at the ends of a run, where the peer's is infinite,
/// and half_log_snr_to_sigma leads back to them.
///
/// Errors  a σ that is negative or not finite; a flow's above 1
/// Source  comfy/k_diffusion/sampling.py, sigma_to_half_log_snr
inline double sigma_to_half_log_snr(double sigma, bool is_flow) {
  const Level level = is_flow ? rectified_flow(sigma) : variance_exploding(sigma);
  if (level.alpha == 0.0) return -700.0;
  if (level.sigma == 0.0) return 700.0;
  return (std::min)((std::max)(half_log_snr(level), -700.0), 700.0);
}

/// The σ of a half log-SNR: e^−λ, of a flow 1 / (1 + e^λ).
///
/// Errors  a λ outside [−700, 700]
/// Source  comfy/k_diffusion/sampling.py, half_log_snr_to_sigma
inline double half_log_snr_to_sigma(double half_log_snr, bool is_flow) {
  return is_flow ? rectified_flow_time(half_log_snr) : variance_exploding_sigma(half_log_snr);
}

}}}  // namespace eigenguide::comfyui
