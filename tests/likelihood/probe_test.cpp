// SPDX-License-Identifier: MIT
#include <eigenguide/likelihood/probe.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace eigenguide;

namespace {

template <class Probes>
std::vector<double> filled(const Probes& probes, std::size_t step, std::size_t probe, std::size_t sample,
                           const std::vector<unsigned char>& keep) {
  std::vector<double> v(keep.size(), 0.0);
  probes.fill(step, probe, sample, keep.data(), keep.size(), v.data());
  return v;
}

}  // namespace

TEST_CASE("probe: elements are those of the documented counter") {
  Hutchinson probes{3, Distribution::rademacher, 0x299f31d0a4093822u};
  probes.fresh = true;
  probes.first_sample = 0x85a308d3 - 5;
  // Block 1 of sample 5's probe 2 in step 7.
  const auto words = philox({1, 0x85a308d3, 2, 7}, {0xa4093822, 0x299f31d0});
  const std::vector<unsigned char> keep(8, 1);
  const auto signs = filled(probes, 7, 2, 5, keep);
  for (std::size_t n = 0; n < 4; ++n) CHECK(signs[4 + n] == (words[n] < 0x80000000u ? 1.0 : -1.0));

  probes.distribution = Distribution::gaussian;
  const auto normal = filled(probes, 7, 2, 5, keep);
  const double radius = std::sqrt(-2.0 * std::log((words[2] + 0.5) / 4294967296.0));
  const double angle = 6.283185307179586 * (words[3] + 0.5) / 4294967296.0;
  CHECK(normal[6] == Approx(radius * std::cos(angle)).margin(1e-12));
  CHECK(normal[7] == Approx(radius * std::sin(angle)).margin(1e-12));
}

TEST_CASE("probe: the moments of both distributions, and independence") {
  const std::size_t size = 40000;
  const std::vector<unsigned char> keep(size, 1);
  for (const Distribution distribution : {Distribution::rademacher, Distribution::gaussian}) {
    const Hutchinson probes{2, distribution, 7};
    const auto a = filled(probes, 0, 0, 0, keep), b = filled(probes, 0, 1, 0, keep), c = filled(probes, 0, 0, 1, keep);
    double mean = 0.0, square = 0.0, fourth = 0.0, ab = 0.0, ac = 0.0, lag = 0.0;
    for (std::size_t n = 0; n < size; ++n) {
      mean += a[n] / size;
      square += a[n] * a[n] / size;
      fourth += std::pow(a[n], 4) / size;
      ab += a[n] * b[n] / size;
      ac += a[n] * c[n] / size;
      lag += a[n] * a[(n + 1) % size] / size;
    }
    const double bound = 4.0 / std::sqrt(static_cast<double>(size));  // four standard errors
    for (const double none : {mean, ab, ac, lag}) CHECK(std::fabs(none) < bound);
    const bool signs = distribution == Distribution::rademacher;
    CHECK(std::fabs(square - 1.0) < (signs ? 1e-9 : 1.5 * bound));
    CHECK(std::fabs(fourth - (signs ? 1.0 : 3.0)) < (signs ? 1e-9 : 10.0 * bound));
  }
}

TEST_CASE("probe: fixed in all steps, or fresh in each") {
  const std::vector<unsigned char> keep(16, 1);
  Hutchinson probes{1, Distribution::gaussian, 3};
  CHECK(filled(probes, 0, 0, 0, keep) == filled(probes, 9, 0, 0, keep));
  probes.fresh = true;
  CHECK(filled(probes, 0, 0, 0, keep) != filled(probes, 9, 0, 0, keep));
}

TEST_CASE("probe: padding takes no draws") {
  const std::vector<unsigned char> padded{1, 1, 0, 0, 1, 1, 0, 1, 1, 0}, whole(6, 1);
  const Hutchinson probes{1, Distribution::gaussian, 3};
  const auto with = filled(probes, 0, 0, 0, padded), without = filled(probes, 0, 0, 0, whole);
  for (std::size_t n = 0, kept = 0; n < padded.size(); ++n) CHECK(with[n] == (padded[n] ? without[kept++] : 0.0));
}

TEST_CASE("probe: an estimate is the mean, and its error the deviation over the root of the count") {
  const double values[] = {1.0, 2.0, 6.0};
  const Estimate of_three = detail::estimate(false, values, 3);
  CHECK(of_three.value == Approx(3.0));
  CHECK(of_three.standard_error == Approx(std::sqrt((4.0 + 1.0 + 9.0) / 2.0 / 3.0)));
  CHECK(detail::estimate(true, values, 1).standard_error == 0.0);
}

TEST_CASE("probe: given ones are taken in the order of steps, then of probes") {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8};
  GivenProbes<double> given{{}, 2, true};
  for (std::size_t k = 0; k < 4; ++k) given.given.push_back(one_sample(values.data() + 2 * k, 2));
  CHECK(filled(given, 1, 0, 0, {1, 1}) == std::vector<double>{5, 6});
  CHECK(filled(given, 0, 1, 0, {0, 1}) == std::vector<double>{0, 4});
  CHECK_REJECTS(filled(given, 2, 0, 0, {1, 1}), "probes for every step");
  CHECK_REJECTS(given.validate(1, 3, 1), "`given` is of shape [2]");
  CHECK_NOTHROW(given.validate(1, 2, 2));
  CHECK_REJECTS(given.validate(1, 2, 3), "`given` is 4");
  given.fresh = false;
  CHECK_REJECTS(given.validate(1, 2, 1), "`given` is 4");

  const std::vector<double> spoilt{1.0, NAN};
  const GivenProbes<double> one{{one_sample(spoilt.data(), 2)}};
  CHECK(filled(one, 0, 0, 0, {1, 0}) == std::vector<double>{1.0, 0.0});
  CHECK_REJECTS(filled(one, 0, 0, 0, {1, 1}), "`given` is nan");
}

TEST_CASE("probe: the exact trace asks every element that is no padding") {
  const std::vector<unsigned char> keep{0, 1, 0, 1};
  CHECK(filled(ExactTrace{}, 0, 0, 0, keep) == std::vector<double>{0, 1, 0, 0});
  CHECK(filled(ExactTrace{}, 0, 1, 0, keep) == std::vector<double>{0, 0, 0, 1});
  CHECK(filled(ExactTrace{}, 0, 2, 0, keep) == std::vector<double>{0, 0, 0, 0});
}

TEST_CASE("probe: no probes, or too many, are rejected") {
  CHECK_REJECTS(Hutchinson{0}.validate(1, 1, 1), "`probes` is 0");
  CHECK_REJECTS(Hutchinson{4294967296u}.validate(1, 1, 1), "`probes`");
  Hutchinson probes;
  probes.first_sample = 4294967295u;
  CHECK_NOTHROW(probes.validate(1, 1, 1));
  CHECK_REJECTS(probes.validate(2, 1, 1), "`first_sample`");
}
