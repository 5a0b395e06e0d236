// SPDX-License-Identifier: MIT
#include <eigenguide/method/rescale.hpp>

#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/guide/with.hpp>
#include <eigenguide/method/cfg.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

// c = (1, 3), g = (2, 10): deviations 1 and 4 about the means 2 and 6.
const Gram<3> gram{{{{10.0, 32.0, 4.0}, {32.0, 104.0, 12.0}, {4.0, 12.0, 2.0}}}};

// Latents [samples, channels, times], of which `group(sample, channel, time)`
// numbers the groups: plain guidance, each of its groups brought to the spread
// of cond's.
constexpr std::size_t samples = 2, channels = 5, times = 7, elements = samples * channels * times;
using Latents = std::vector<double>;

template <class Group>
Latents reference(double scale, double phi, const Latents& c, const Latents& u, const Group& group) {
  const auto group_of = [&](std::size_t i) { return group(i / (channels * times), i / times % channels, i % times); };
  Latents g(elements);
  for (std::size_t i = 0; i < elements; ++i) g[i] = u[i] + scale * (c[i] - u[i]);
  const auto deviation = [&](const Latents& v, std::size_t k) {
    double count = 0.0, sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < elements; ++i)
      if (group_of(i) == k) count += 1.0, sum += v[i];
    for (std::size_t i = 0; i < elements; ++i)
      if (group_of(i) == k) squares += (v[i] - sum / count) * (v[i] - sum / count);
    return std::sqrt(squares / (count - 1.0));
  };
  Latents out(elements);
  for (std::size_t i = 0; i < elements; ++i) {
    const std::size_t k = group_of(i);
    out[i] = g[i] * (phi * deviation(c, k) / deviation(g, k) + 1.0 - phi);
  }
  return out;
}

void check_equal(const Latents& got, const Latents& want) {
  for (std::size_t i = 0; i < elements; ++i) REQUIRE(got[i] == Approx(want[i]).epsilon(1e-12).margin(1e-12));
}

}  // namespace

TEST_CASE("rescale: phi 1 gives the guided prediction the spread of the conditional one") {
  CHECK(Rescale{1.0}(gram) == Row<3>{{0.0, 0.25, 0.0}});
}

TEST_CASE("rescale: phi mixes the two spreads") {
  CHECK(Rescale{0.0}(gram) == unit<3>(1));
  Gram<3> unknown = gram;
  unknown.product[1][1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(Rescale{0.0}(unknown) == unit<3>(1));
  CHECK(Rescale{0.5}(gram) == Row<3>{{0.0, 0.625, 0.0}});
}

TEST_CASE("rescale: a guided prediction of zero spread is left as it is") {
  // g = (3, 3)
  const Gram<3> flat{{{{10.0, 12.0, 4.0}, {12.0, 18.0, 6.0}, {4.0, 6.0, 2.0}}}};
  CHECK(Rescale{1.0}(flat) == unit<3>(1));
}

TEST_CASE("rescale: what rounding leaves of a constant is no spread") {
  // c as above, g = (0.1, 0.1), whose sums are a little off.
  const Gram<3> flat{{{{10.0, 0.4, 4.0}, {0.4, 0.02, 0.2 - 1e-16}, {4.0, 0.2 - 1e-16, 2.0}}}};
  CHECK(Rescale{1.0}(flat) == unit<3>(1));
  // Twice as far below, and as far above, the limit.
  const auto of_variance = [](double share) {
    return Gram<3>{{{{10.0, 0.4, 4.0}, {0.4, 0.02 * (1.0 + share), 0.2}, {4.0, 0.2, 2.0}}}};
  };
  CHECK(Rescale{1.0}(of_variance(5e-14)) == unit<3>(1));
  CHECK(Rescale{1.0}(of_variance(2e-13))[1] > 1e6);
}

TEST_CASE("rescale: a share outside [0, 1] is rejected") {
  CHECK_REJECTS(Rescale{1.5}.validate(), "`phi` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(Rescale{-0.1}.validate(), "`phi` is -0.1");
  CHECK_REJECTS(Rescale{std::numeric_limits<double>::quiet_NaN()}.validate(), "`phi`");
}

TEST_CASE("rescale: over a sample, the channels at one time, or the whole batch") {
  Random random(17);
  const Latents c = random.normals<double>(elements), u = random.normals<double>(elements);
  const auto batch = [](auto& values) {
    return BatchView(values.data(), samples, channels * times, channels * times, Shape{{samples, channels, times}, 3});
  };
  Latents out(elements);
  const auto method = Cfg{3.0} | Rescale{0.7};

  guide(method, batch(c), batch(u), batch(out));
  check_equal(out, reference(3.0, 0.7, c, u, [](std::size_t sample, std::size_t, std::size_t) { return sample; }));

  guide(with(method, over("c", "bct")), batch(c), batch(u), batch(out));
  check_equal(out, reference(3.0, 0.7, c, u, [](std::size_t sample, std::size_t, std::size_t time) {
                return sample * times + time;
              }));

  guide(method, one_sample(batch(c)), one_sample(batch(u)), one_sample(batch(out)));
  check_equal(out, reference(3.0, 0.7, c, u, [](std::size_t, std::size_t, std::size_t) { return std::size_t{0}; }));
}

TEST_CASE("rescale: a spread that is small beside its mean is one") {
  // c = (−1, 1), g = 100 ± 0.01, whose root mean square is ten thousand times its spread.
  const Gram<3> flat{{{{2.0, 0.02, 0.0}, {0.02, 20000.0002, 200.0}, {0.0, 200.0, 2.0}}}};
  CHECK(double(Rescale{1.0}(flat)[1]) == Approx(100.0).epsilon(1e-6));
}
