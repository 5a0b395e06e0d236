// SPDX-License-Identifier: MIT
#include <eigenguide/presets/stable_diffusion_cpp.hpp>

#include <eigenguide/guide/with.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/pair.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace eigenguide;
using stable_diffusion_cpp::AdaptiveProjectedGuidance;

namespace {

using Vector = std::vector<double>;

// What becomes of a difference: shortened by the peer's threshold, then by η
// along c.
Vector update(const AdaptiveProjectedGuidance& guider, const Vector& cond, Vector delta) {
  const double size = std::sqrt(inner(delta, delta)) * 256.0 / std::sqrt(double(delta.size()));
  double factor = 1.0;
  if (guider.apg_norm_threshold > 0.0 && size > 0.0) {
    const double x = guider.apg_norm_threshold / size, q = guider.apg_norm_threshold_smoothing;
    factor = q > 0.0 ? x / std::pow(1.0 + std::pow(x, 1.0 / q), q) : std::fmin(1.0, x);
  }
  for (double& x : delta) x *= factor;
  const double along = (guider.apg_eta - 1.0) * inner(cond, delta) / inner(cond, cond);
  for (std::size_t i = 0; i < delta.size(); ++i) delta[i] += along * cond[i];
  return delta;
}

Vector combined(double a, const Vector& x, double b, const Vector& y) {
  Vector sum(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) sum[i] = a * x[i] + b * y[i];
  return sum;
}

void check_equal(const Vector& got, const Vector& want) {
  for (std::size_t i = 0; i < want.size(); ++i) REQUIRE(got[i] == Approx(want[i]).epsilon(1e-11).margin(1e-11));
}

Random random_numbers(57);
const Vector c = random_numbers.normals<double>(100), u = random_numbers.normals<double>(100),
             image = random_numbers.normals<double>(100), m = random_numbers.normals<double>(100);

}  // namespace

TEST_CASE("stable-diffusion.cpp APG: its threshold is of the rms at 256 × 256, hard or smooth") {
  for (const double eta : {1.0, 0.0, 0.3})
    for (const double threshold : {-1.0, 0.0, 15.0, 1000.0})
      for (const double smoothing : {-1.0, 0.0, 0.5, 2.0}) {
        const AdaptiveProjectedGuidance guider{eta, 0.0, threshold, smoothing};
        INFO(eta << " " << threshold << " " << smoothing);
        check_equal(guide(guider.without_momentum(7.0), c, u),
                    combined(1.0, c, 6.0, update(guider, c, combined(1.0, c, -1.0, u))));
      }
}

TEST_CASE("stable-diffusion.cpp APG: the threshold does not depend on the resolution") {
  const AdaptiveProjectedGuidance guider{0.5, 0.0, 30.0};
  Vector twice_c = c, twice_u = u;
  twice_c.insert(twice_c.end(), c.begin(), c.end());
  twice_u.insert(twice_u.end(), u.begin(), u.end());
  Vector small = guide(guider.without_momentum(7.0), c, u), large = guide(guider.without_momentum(7.0), twice_c, twice_u);
  large.resize(100);
  check_equal(large, small);
  // Where the paper's, in ‖D‖, does.
  small = guide(Apg{7.0, 0.5, 2.0}, c, u);
  large = guide(Apg{7.0, 0.5, 2.0}, twice_c, twice_u);
  CHECK(std::fabs(large[0] - small[0]) > 1e-3);
}

TEST_CASE("stable-diffusion.cpp APG: momentum is kept before it is shortened") {
  const AdaptiveProjectedGuidance guider{0.0, -0.5, 20.0};
  Vector state = m;
  const Vector out = guide(with(guider.method(7.0), momentum(state, state)), c, u);
  const Vector delta = combined(1.0, combined(1.0, c, -1.0, u), -0.5, m);
  check_equal(out, combined(1.0, c, 6.0, update(guider, c, delta)));
  check_equal(state, delta);
  CHECK_REJECTS(guider.without_momentum(7.0), "`apg_momentum` is -0.5; expected 0");
}

TEST_CASE("stable-diffusion.cpp APG: guidance by image and text as one difference") {
  // Without anything of APG it is the three-prediction guidance.
  const double scale = 7.0, image_scale = 1.6;
  const AdaptiveProjectedGuidance plain{};
  const auto run = [&](const AdaptiveProjectedGuidance& guider, double s, double s_image) {
    Vector state(100, 0.0);
    return guide(with(guider.with_image(s, s_image), middle(image), momentum(state, state)), c, u);
  };
  Vector want(100);
  for (std::size_t i = 0; i < 100; ++i) want[i] = u[i] + image_scale * (image[i] - u[i]) + scale * (c[i] - image[i]);
  check_equal(run(plain, scale, image_scale), want);

  const AdaptiveProjectedGuidance guider{0.2, 0.0, 10.0};
  Vector delta(100);
  for (std::size_t i = 0; i < 100; ++i)
    delta[i] = c[i] + (image[i] * (image_scale - scale) + u[i] * (1.0 - image_scale)) / (scale - 1.0);
  check_equal(run(guider, scale, image_scale), combined(1.0, c, scale - 1.0, update(guider, c, delta)));
  // At a text scale of 1 the image alone guides.
  check_equal(run(guider, 1.0, image_scale),
              combined(1.0, c, image_scale - 1.0, update(guider, c, combined(1.0, image, -1.0, u))));
}

TEST_CASE("stable-diffusion.cpp APG: with the image as the only condition, from its prediction") {
  const AdaptiveProjectedGuidance guider{0.2, 0.0, 10.0};
  Vector state(100, 0.0);
  check_equal(guide(with(guider.from_uncond(3.0), momentum(state, state)), c, u),
              combined(1.0, u, 3.0, update(guider, c, combined(1.0, c, -1.0, u))));
}
