// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// u + s d of one element, as c + (s − 1) d: exactly c where s is 1.
inline Real guided_element(double scale, double cond, double uncond) {
  return cond + (Real(scale) - 1.0) * (Real(cond) - uncond);
}

}}}  // namespace eigenguide::detail
