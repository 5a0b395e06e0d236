// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/dual_cfg.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

namespace {

const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0), m(0.0, 2.5, 1.0);

template <class Method>
Eigen::Vector3d guided(const Method& method) {
  return guide(with(method, middle(m)), c, u);
}

}  // namespace

TEST_CASE("dual cfg: two conditions, each with its own scale") {
  CHECK(guided(DualCfg{7.5, 1.5}).isApprox(u + 7.5 * (c - m) + 1.5 * (m - u), 1e-14));
  CHECK(guided(DualCfg{1.0, 1.0}) == c);
  CHECK(guided(DualCfg{0.0, 1.0}).isApprox(m, 1e-15));
  CHECK(guided(DualCfg{0.0, 0.0}).isApprox(u, 1e-15));
  CHECK(guided(DualCfg{4.0, 4.0}).isApprox(guide(Cfg{4.0}, c, u), 1e-14));
}

TEST_CASE("dual cfg: ACE-Step's double guidance is the same formula") {
  // (1 − s_t) u + (s_t − s_l) c_text + s_l c
  const double text = 5.0, lyric = 1.5;
  CHECK(guided(DualCfg{lyric, text}).isApprox((1 - text) * u + (text - lyric) * m + lyric * c, 1e-14));
}

TEST_CASE("dual cfg: nested, the outer scale guides what the inner one made") {
  CHECK(guided(NestedDualCfg{3.0, 2.0}).isApprox(u + 2.0 * (m + 3.0 * (c - m) - u), 1e-14));
  CHECK(guided(NestedDualCfg{1.0, 1.0}) == c);
  CHECK(guided(NestedDualCfg{1.0, 4.0}).isApprox(guide(Cfg{4.0}, c, u), 1e-14));
}

TEST_CASE("dual cfg: rejects scales that are not finite") {
  CHECK_REJECTS((DualCfg{1.0 / 0.0, 1.0}).validate(), "`scale` is inf");
  CHECK_REJECTS((DualCfg{1.0, 1.0 / 0.0}).validate(), "`middle_scale` is inf");
  CHECK_REJECTS((NestedDualCfg{1.0 / 0.0, 1.0}).validate(), "`scale` is inf");
  CHECK_REJECTS((NestedDualCfg{1.0, 1.0 / 0.0}).validate(), "`middle_scale` is inf");
}
