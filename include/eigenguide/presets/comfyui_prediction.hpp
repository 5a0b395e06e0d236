// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/row.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/prediction/preconditioning.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// What a model predicts, and how x is held, by ComfyUI's names.
enum class PredictionType {
  eps,           ///< ε, of x = x₀ + σ ε scaled to variance 1
  v_prediction,  ///< v
  edm,           ///< F
  const_,        ///< CONST: flow, of x = (1 − σ) x₀ + σ ε as it is
  x0,            ///< X0: x₀
  img_to_img,    ///< IMG_TO_IMG: x₀, of x as it is
  cosmos_rflow,  ///< COSMOS_RFLOW: flow, of x = x₀ + σ ε
};

/// The scalings around a model at a σ.
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832, comfy/model_sampling.py
struct ModelPrediction {
  PredictionType type = PredictionType::eps;
  double sigma_data = 1.0;  ///< σ_d, in [1e-100, 1e100]

  /// calculate_input: the factor of x.
  double input(double sigma) const {
    validate(sigma);
    if (type == PredictionType::const_ || type == PredictionType::img_to_img) return 1.0;
    if (type == PredictionType::cosmos_rflow) return 1.0 / (sigma + 1.0);
    return 1.0 / std::hypot(sigma, sigma_data);
  }

  /// calculate_denoised: weights of {model_output, x}. With a σ_d other than 1
  /// the v of VDenoiser is −F, not Kind::v.
  Row<2> denoised(double sigma) const {
    validate(sigma);
    const Row<2> f = Preconditioning{Kind::edm(sigma_data), Coordinates::variance_preserving, sigma_data}(
        variance_exploding(sigma));
    switch (type) {
      case PredictionType::eps: case PredictionType::const_: return {{-sigma, 1.0}};
      case PredictionType::v_prediction: return {{-f[0], f[1]}};
      case PredictionType::edm: return f;
      case PredictionType::x0: case PredictionType::img_to_img: break;
      case PredictionType::cosmos_rflow: return {{-sigma / (sigma + 1.0), 1.0 / (sigma + 1.0)}};
    }
    return {{1.0, 0.0}};
  }

  /// noise_scaling: weights of {noise, latent}. `max_denoise`, at the start of a
  /// run from pure noise, makes the noise as long as x would be.
  Row<2> noise_scaling(double sigma, bool max_denoise = false) const {
    validate(sigma);
    if (type == PredictionType::const_) return {{sigma, 1.0 - sigma}};
    const bool longer = max_denoise && type != PredictionType::cosmos_rflow;
    return {{longer ? std::hypot(1.0, sigma) : sigma, 1.0}};
  }

  /// inverse_noise_scaling: the factor of the latent.
  /// Errors: const_ at σ = 1, where nothing of the latent is left
  double inverse_noise_scaling(double sigma) const {
    validate(sigma);
    if (type != PredictionType::const_) return 1.0;
    require(sigma != 1.0, "sigma", sigma, "a σ at which something of the latent is left");
    return 1.0 / (1.0 - sigma);
  }

 private:
  void validate(double sigma) const {
    require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
    Kind::edm(sigma_data).validate();
  }
};

/// ModelSamplingDiscrete's LCM: the boundary condition of consistency models
/// around its ε prediction, as weights of {model_output, x}.
///
/// Inputs  timestep  of σ in the model's table
/// Source  comfy_extras/nodes_model_advanced.py, LCM
inline Row<2> lcm_denoised(double sigma, double timestep) {
  const Row<2> mix = ConsistencyBoundary{0.5}(10.0 * timestep);
  const Row<2> x0 = ModelPrediction{}.denoised(sigma);
  return {{mix[0] * x0[0], mix[0] * x0[1] + mix[1]}};
}

}}}  // namespace eigenguide::comfyui
