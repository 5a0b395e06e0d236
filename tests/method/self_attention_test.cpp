// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/self_attention.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("self attention: guides from the degraded to the unconditional prediction") {
  const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0), p(0.0, 2.5, 1.0);
  const Eigen::Vector3d want = u + 5.0 * (c - u) + 0.75 * (u - p);
  CHECK(guide(with(Cfg{5.0} | SelfAttention{0.75}, degraded(p)), c, u).isApprox(want, 1e-14));
  CHECK(guide(with(SelfAttention{0.75}, degraded(p)), c, c).isApprox(c + 0.75 * (c - p), 1e-15));
  CHECK(guide(with(SelfAttention{}, degraded(p)), c, u) == c);
  CHECK_REJECTS(SelfAttention{1.0 / 0.0}.validate(), "`strength` is inf");
}
