// SPDX-License-Identifier: MIT
// As in ncnn's demos: a Mat of w, h, c whose channels begin `cstep` elements
// apart, with padding between them that holds anything.
#include <eigenguide/core.hpp>

#include "buffers.hpp"

using namespace eigenguide;

namespace {

struct Mat {
  std::size_t w, h, c, cstep;
  std::vector<float> data;
};

std::vector<float> without_padding(const Mat& mat) {
  std::vector<float> values;
  for (std::size_t q = 0; q < mat.c; ++q)
    for (std::size_t i = 0; i < mat.w * mat.h; ++i) values.push_back(mat.data[q * mat.cstep + i]);
  return values;
}

}  // namespace

int main() {
  const std::size_t area = 7 * 3, cstep = 24, channels = 4;
  const float scale = 7.0f;
  const auto mat = [&](unsigned seed) { return Mat{7, 3, channels, cstep, clients::noise(cstep * channels, seed)}; };
  Mat cond = mat(1), uncond = mat(2), guided = mat(3);
  for (std::size_t q = 0; q < channels; ++q) cond.data[q * cstep + area] = 1e30f;  // the padding

  // Theirs: channel by channel, u + scale * (c - u).
  const std::vector<float> c = without_padding(cond), u = without_padding(uncond);
  std::vector<double> theirs(c.size());
  for (std::size_t i = 0; i < c.size(); ++i) theirs[i] = u[i] + double(scale) * (double(c[i]) - u[i]);

  // Ours, where weights do not depend on the data: a channel is a sample, with a stride.
  guide(Cfg{scale}, BatchView<const float>(cond.data.data(), channels, area, cstep),
        BatchView<const float>(uncond.data.data(), channels, area, cstep),
        BatchView<float>(guided.data.data(), channels, area, cstep));
  const int failures = clients::compare("ncnn, CFG", without_padding(guided), theirs);

  // Where they do, they are of the whole image, and a mask leaves the padding out.
  double cu = 0.0, uu = 0.0;
  for (std::size_t i = 0; i < c.size(); ++i) cu += double(c[i]) * u[i], uu += double(u[i]) * u[i];
  for (std::size_t i = 0; i < c.size(); ++i) theirs[i] = cu / uu * u[i] + scale * (c[i] - cu / uu * u[i]);

  std::vector<unsigned char> inside(cstep, 1);
  for (std::size_t i = area; i < cstep; ++i) inside[i] = 0;
  const Shape shape{{1, channels, cstep}, 3};
  const std::size_t size = channels * cstep;
  guide(with(CfgZeroStar{scale}, per_sample("bcp"), mask(inside, "p")), BatchView<const float>(cond.data.data(), 1, size, size, shape),
        BatchView<const float>(uncond.data.data(), 1, size, size, shape), BatchView<float>(guided.data.data(), 1, size, size, shape));
  return failures + clients::compare("ncnn, CFG-Zero*", without_padding(guided), theirs);
}
