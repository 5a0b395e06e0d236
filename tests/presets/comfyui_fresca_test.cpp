// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_fresca.hpp>

#include <eigenguide/spectral/fresca.hpp>
#include <support/catch.hpp>
#include <support/direct_transform.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

Spatial<double> guided(const comfyui::FreSca& node, const Spatial<double>& cond, const Spatial<double>& uncond) {
  Spatial<double> out = cond;
  guide(node, cond.view(), uncond.view(), out.view());
  return out;
}

/// The shifted spectrum of every plane times a mask cut along all dimensions
/// from the third on, and the real part of what comes back.
std::vector<double> reference(const comfyui::FreSca& node, const Spatial<double>& cond, const Spatial<double>& uncond) {
  const Shape& shape = cond.shape;
  const std::size_t rows = cond.rows(), columns = cond.columns(), area = rows * columns;
  std::vector<double> out;
  for (std::size_t p = 0; p < cond.planes(); ++p) {
    std::vector<std::complex<long double>> plane;
    for (std::size_t k = 0; k < area; ++k) plane.push_back(cond.values[p * area + k] - uncond.values[p * area + k]);
    plane = direct_transform(plane, rows, columns);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        // The index of element (i, j) in the shifted array, dimension by dimension.
        std::vector<std::size_t> index(shape.rank);
        index[shape.rank - 1] = (j + columns / 2) % columns;
        index[shape.rank - 2] = (i + rows / 2) % rows;
        std::size_t rest = p;
        for (std::size_t axis = shape.rank - 2; axis-- > 0; rest /= shape.extent[axis]) index[axis] = rest % shape.extent[axis];
        bool low = true;
        for (std::size_t axis = 2; axis < shape.rank; ++axis) {
          const std::size_t center = shape.extent[axis] / 2, reach = std::min(node.freq_cutoff, center);
          low = low && index[axis] >= center - reach && index[axis] < center - reach + 2 * reach;
        }
        plane[i * columns + j] *= static_cast<long double>(low ? node.scale_low : node.scale_high);
      }
    plane = direct_transform(plane, rows, columns, true);
    for (std::size_t k = 0; k < area; ++k)
      out.push_back(uncond.values[p * area + k] + node.cond_scale * static_cast<double>(plane[k].real()));
  }
  return out;
}

}  // namespace

TEST_CASE("ComfyUI FreSca: the mask on every dimension from the third on, by direct sums") {
  for (const std::size_t cutoff : Sizes{0, 1, 2, 3, 20}) {
    INFO("cutoff " << cutoff);
    const comfyui::FreSca node{6.0, 0.8, 1.5, cutoff};
    const auto check = [&](Sizes shape) {
      const Spatial<double> cond(shape, cutoff + 1), uncond(shape, cutoff + 100);
      CHECK(distance(guided(node, cond, uncond).values, reference(node, cond, uncond)) < 1e-13);
    };
    check({2, 3, 8, 6});
    check({1, 2, 7, 5});
    check({1, 1, 1, 9});
    check({2, 5, 12});  // audio: C is transformed, but not cut
    check({2, 4, 11});
    check({1, 2, 5, 4, 6});  // video: T is cut, but not transformed
    check({2, 3, 2, 5, 3});
    check({1, 2, 3, 4, 5, 6});
  }
}

TEST_CASE("ComfyUI FreSca: differs from the method in its edge alone") {
  const Spatial<double> cond({1, 2, 9, 9}, 1), uncond({1, 2, 9, 9}, 2);
  Spatial<double> plain = cond;
  guide(FreSca{6.0, 0.8, 1.5, 2}, cond.view(), uncond.view(), plain.view());
  CHECK(distance(guided({6.0, 0.8, 1.5, 2}, cond, uncond).values, plain.values) > 0.01);
  guide(FreSca{6.0, 1.3, 1.3, 2}, cond.view(), uncond.view(), plain.view());
  CHECK(guided({6.0, 1.3, 1.3, 2}, cond, uncond).values == plain.values);
}

TEST_CASE("ComfyUI FreSca: close to scale 1 the unconditional pass is skipped, and so is the node") {
  const Spatial<double> cond({1, 2, 4, 4}, 1), uncond({1, 2, 4, 4}, 2);
  CHECK(guided({1.0, 0.5, 2.0, 1}, cond, uncond).values == cond.values);
  CHECK(guided({1.0 + 1e-8, 0.5, 2.0, 1}, cond, uncond).values != cond.values);
}

TEST_CASE("ComfyUI FreSca: samples one by one and in place; bad calls are rejected") {
  const Spatial<double> cond({2, 2, 3, 6, 5}, 1), uncond({2, 2, 3, 6, 5}, 2);
  const comfyui::FreSca node{6.0, 0.8, 1.5, 1};
  const Spatial<double> together = guided(node, cond, uncond);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(guided(node, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);
  Spatial<double> over = uncond;
  FourierWorkspace workspace;
  guide(node, cond.view(), over.view(), over.view(), workspace);
  CHECK(over.values == together.values);

  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(guided({nan}, cond, uncond), "`cond_scale` is nan");
  CHECK_REJECTS(guided({2.0, nan}, cond, uncond), "`scale_low` is nan");
  CHECK_REJECTS(guided({2.0, 1.0, nan}, cond, uncond), "`scale_high` is nan");
  CHECK_REJECTS(guided(node, Spatial<double>({2, 3}), Spatial<double>({2, 3})), "`cond` is of shape [2, 3]");
}
