// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>

#include <cstddef>

/// The Gram matrix of {c, d = c − u, u}, from the plane vectors c and u.
inline eigenguide::Gram<3> plane(double cx, double cy, double ux, double uy) {
  const double x[] = {cx, cx - ux, ux}, y[] = {cy, cy - uy, uy};
  eigenguide::Gram<3> gram;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) gram.product[i][j] = x[i] * x[j] + y[i] * y[j];
  return gram;
}
