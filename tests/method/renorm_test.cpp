// SPDX-License-Identifier: MIT
#include <eigenguide/method/renorm.hpp>

#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/guide/with.hpp>
#include <eigenguide/method/cfg.hpp>
#include <support/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

using namespace eigenguide;

namespace {

Gram<2> lengths(double c, double g) { return {{{{c * c, c * g}, {c * g, g * g}}}}; }

}  // namespace

TEST_CASE("renorm: exact gives the length of the conditional prediction, up or down") {
  CHECK(Renorm::exact()(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.25}});
  CHECK(Renorm::exact()(lengths(8.0, 2.0)) == Row<2>{{0.0, 4.0}});
}

TEST_CASE("renorm: capped only shortens") {
  CHECK(Renorm::capped()(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.25}});
  CHECK(Renorm::capped()(lengths(8.0, 2.0)) == Row<2>{{0.0, 1.0}});
  CHECK(Renorm::capped(2.0)(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.5}});
}

TEST_CASE("renorm: a floor bounds how much is taken away") {
  CHECK(Renorm::capped(1.0, 0.5)(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.5}});
}

TEST_CASE("renorm: unconfigured it changes nothing") {
  CHECK(Renorm{}(lengths(2.0, 8.0)) == unit<2>(1));
  CHECK(Renorm{}(lengths(2.0, std::numeric_limits<double>::quiet_NaN())) == unit<2>(1));
}

TEST_CASE("renorm: lengths of zero") {
  CHECK(Renorm::exact()(lengths(2.0, 0.0)) == unit<2>(1));
  CHECK(Renorm::exact()(lengths(0.0, 2.0)) == Row<2>{{0.0, 0.0}});
}

TEST_CASE("renorm: parameters outside their range are rejected") {
  CHECK_REJECTS(Renorm::capped(0.0).validate(), "`ratio` is 0; expected a positive number");
  CHECK_REJECTS(Renorm::capped(1.0, 1.5).validate(), "`floor` is 1.5; expected a number in [0, `cap`]");
  CHECK_REJECTS((Renorm{1.0, 0.0, -1.0}).validate(), "`cap` is -1");
  CHECK_REJECTS((Renorm{1.0, 0.0, std::numeric_limits<double>::quiet_NaN()}).validate(), "`cap`");
  CHECK_NOTHROW(Renorm::exact().validate());
}

TEST_CASE("renorm: a batch is capped sample by sample, or token by token") {
  // Two samples of two tokens of two channels; at scale 2, g is (3, 8, 0, 2) and (0, 0, 6, 3).
  const std::array<double, 8> c{3.0, 4.0, 0.0, 2.0, 0.0, 0.0, 6.0, 8.0}, u{3.0, 0.0, 0.0, 2.0, 0.0, 0.0, 6.0, 13.0};
  std::array<double, 8> out{};
  const auto batch = [](auto& values) { return BatchView(values.data(), 2, 4, 4, Shape{{2, 2, 2}, 3}); };

  guide(Cfg{2.0} | Renorm::capped(), batch(c), batch(u), batch(out));
  const double first = std::sqrt(29.0 / 77.0);  // the second is short enough
  for (std::size_t i = 0; i < 4; ++i) CHECK(out[i] == Approx(first * (2.0 * c[i] - u[i])));
  for (std::size_t i = 4; i < 8; ++i) CHECK(out[i] == 2.0 * c[i] - u[i]);

  guide(with(Cfg{2.0} | Renorm::exact(), per_token("bnc")), batch(c), batch(u), batch(out));
  const std::array<double, 4> factor{5.0 / std::sqrt(73.0), 1.0, 1.0, 10.0 / std::sqrt(45.0)};
  for (std::size_t i = 0; i < 8; ++i) CHECK(out[i] == Approx(factor[i / 2] * (2.0 * c[i] - u[i])));
}
