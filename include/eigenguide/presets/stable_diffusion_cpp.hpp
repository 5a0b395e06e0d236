// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/apg.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/method/momentum.hpp>

#include <cstddef>

/// The guidance of stable-diffusion.cpp, on the model's raw output.
/// Source  leejet/stable-diffusion.cpp, src/runtime/guidance.cpp
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace stable_diffusion_cpp {

using eigenguide::operator|;

/// What guidance by image and by text adds up to, as one difference of weight
/// s − 1. With m the prediction of the image without the text, `middle`, and u
/// that of neither:
///
///   d′ = ((s − s_I) (c − m) + (s_I − 1) (c − u)) / (s − 1)
///   c + (s − 1) d′ = u + s_I (m − u) + s (c − m)
///
/// At s = 1, where the text adds nothing, d′ = m − u, and its weight is s_I − 1.
/// The links after it see d′; it adds no guidance itself.
struct ImageAndText {
  double scale = 1.0;        ///< s, of the text; any finite number
  double image_scale = 1.0;  ///< s_I, of the image; any finite number

  enum Vector : std::size_t { c, d, middle };
  using Vectors = Reads<Role::cond, Role::difference, Role::middle>;

  void validate() const {
    require_finite("scale", scale);
    require_finite("image_scale", image_scale);
  }

  Row<3> difference() const {
    if (scale == 1.0) return unit<3>(d) - unit<3>(middle);
    const Real weight = Real(scale) - 1.0;
    return (Real(scale) - image_scale) / weight * unit<3>(middle) + (Real(image_scale) - 1.0) / weight * unit<3>(d);
  }

  Row<3> operator()() const { return unit<3>(c); }
};

/// APG with a threshold for SDXL's 1024 × 1024, compared with the length that a
/// difference of the same rms has there: r = apg_norm_threshold against
/// 256 ‖D‖ / √n.
///
/// Momentum is only used where it is not 0; the methods below read its state in
/// any case, except for `without_momentum`.
///
/// Group   the sample
/// State   momentum: zero at the start of a run. The peer's second-order
///         samplers advance it at both evaluations of a step
struct AdaptiveProjectedGuidance {
  double apg_eta = 1.0;                       ///< η, the share along c that stays
  double apg_momentum = 0.0;                  ///< β, no unit; any finite number
  double apg_norm_threshold = 0.0;            ///< r; 0 and below: no bound
  double apg_norm_threshold_smoothing = 0.0;  ///< q, no unit; 0 and below: a hard bound

  /// g = c + (s − 1) update: the paper's.
  Chain<Momentum, Apg> method(double guidance_scale) const { return Momentum{apg_momentum} | update(guidance_scale); }

  /// Errors, in use: a momentum that is set
  Apg without_momentum(double guidance_scale) const {
    require(apg_momentum == 0.0, "apg_momentum", apg_momentum, "0, without the state that it needs");
    return update(guidance_scale);
  }

  /// With an image, three predictions: see ImageAndText.
  Chain<ImageAndText, Momentum, Apg> with_image(double guidance_scale, double image_guidance_scale) const {
    return ImageAndText{guidance_scale, image_guidance_scale} | Momentum{apg_momentum} |
           update(guidance_scale == 1.0 ? image_guidance_scale : guidance_scale);
  }

  /// With the image as the only condition that is dropped, from u instead of c:
  /// g = u + s update.
  Chain<Cfg, Momentum, Apg> from_uncond(double guidance_scale) const {
    return Cfg{0.0} | Momentum{apg_momentum} | update(guidance_scale + 1.0);
  }

 private:
  Apg update(double scale) const {
    const double threshold = apg_norm_threshold > 0.0 ? apg_norm_threshold / 256.0 : 0.0;
    const double smoothing = apg_norm_threshold_smoothing > 0.0 ? apg_norm_threshold_smoothing : 0.0;
    return {scale, apg_eta, threshold, Length::rms, smoothing};
  }
};

}}}  // namespace eigenguide::stable_diffusion_cpp
