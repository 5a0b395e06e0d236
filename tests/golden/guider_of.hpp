// SPDX-License-Identifier: MIT
#pragma once

#include "case.hpp"

namespace golden {

/// A guider of diffusers with the parameters of a case that all guiders have;
/// what the case does not say is as in `guider`.
template <class Guider, class T>
Guider guider_of(const Case<T>& c, Guider guider = {}) {
  guider.guidance_scale = c.number("guidance_scale", guider.guidance_scale);
  guider.guidance_rescale = c.number("guidance_rescale", guider.guidance_rescale);
  guider.use_original_formulation = c.flag("use_original_formulation", guider.use_original_formulation);
  guider.start = c.number("start", guider.start);
  guider.stop = c.number("stop", guider.stop);
  guider.enabled = c.flag("enabled", guider.enabled);
  return guider;
}

}  // namespace golden
