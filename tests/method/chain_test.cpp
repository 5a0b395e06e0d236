// SPDX-License-Identifier: MIT
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/method/slerp.hpp>
#include <eigenguide/method/zero_init.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

namespace {

// c = (3, 4), u = (0, 2), d = (3, 2): α = 2, c − α u = (3, 0).
const Gram<3> gram{{{{25.0, 17.0, 8.0}, {17.0, 13.0, 4.0}, {8.0, 4.0, 4.0}}}};
// The same with 1 = (1, 1).
const Gram<4> gram_with_one{
    {{{25.0, 17.0, 8.0, 7.0}, {17.0, 13.0, 4.0, 5.0}, {8.0, 4.0, 4.0, 2.0}, {7.0, 5.0, 2.0, 2.0}}}};

// Whether two rows are the same vector.
template <std::size_t n>
bool same(const Row<n>& a, const Row<n>& b) {
  return (n == 3 ? gram.norm(Row<3>{{a[0] - b[0], a[1] - b[1], a[2] - b[2]}})
                 : gram_with_one.norm(Row<4>{{a[0] - b[0], a[1] - b[1], a[2] - b[2], a[n - 1] - b[n - 1]}})) < 1e-12;
}

}  // namespace

TEST_CASE("chain: one link is that method") {
  CHECK(same(chain_of(links_of(CfgZeroStar{4.0}))(gram), CfgZeroStar{4.0}(gram)));
  CHECK(chain_of(links_of(Cfg{7.5}))() == Row<3>{{1.0, 6.5, 0.0}});
}

TEST_CASE("chain: a reshaping link sees the result of those before it") {
  // CFG-Zero* gives (12, 4) of length √160; c is 5 long.
  const Row<3> row = (CfgZeroStar{4.0} | Renorm::exact())(gram);
  CHECK(static_cast<double>(gram.norm(row)) == Approx(5.0));
  CHECK(same(row, 5.0 / sqrt(Real(160.0)) * CfgZeroStar{4.0}(gram)));
}

TEST_CASE("chain: weights that nearly cancel are settled on the vector that is left") {
  CHECK(chain_of(links_of(Cfg{0.0}))() == Row<3>{{0.0, 0.0, 1.0}});   // c − d = u
  CHECK(chain_of(links_of(Cfg{0.25}))() == Row<3>{{0.25, 0.0, 0.75}});
  CHECK(chain_of(links_of(Cfg{0.5}))() == Row<3>{{1.0, -0.5, 0.0}});
}

TEST_CASE("chain: order is as written") {
  // g = (12, 4): deviations ±4; c: ±½. Rescaling by 1/8 leaves √160 / 8 < 5.
  CHECK(static_cast<double>(gram_with_one.norm((CfgZeroStar{4.0} | Renorm::capped() | Rescale{1.0})(gram_with_one))) ==
        Approx(std::sqrt(160.0) / 8));
  CHECK(static_cast<double>(gram_with_one.norm((CfgZeroStar{4.0} | Rescale{1.0} | Renorm::exact())(gram_with_one))) ==
        Approx(5.0));
}

TEST_CASE("chain: a link sees the difference as refined before it") {
  // CFG-Zero* at scale 1 refines d to (3, 0) and guides nothing.
  CHECK(same((CfgZeroStar{} | Cfg{4.0})(gram), CfgZeroStar{4.0}(gram)));
}

TEST_CASE("chain: u is what the difference as refined leaves of c") {
  // After CFG-Zero*, d = (3, 0) and u = c − d = (0, 4): its optimal scale is 1.
  CHECK(same((CfgZeroStar{} | CfgZeroStar{4.0})(gram), CfgZeroStar{4.0}(gram)));
  // (0, 4) and c at cos θ = 4/5; followed to 2 θ, lengths 4 and 5 to 6.
  const Row<3> row = (CfgZeroStar{} | Slerp{2.0})(gram);
  CHECK(static_cast<double>(gram.norm(row)) == Approx(6.0));
  const Real cosine = gram.inner(row, unit<3>(2)) / (gram.norm(row) * gram.norm(unit<3>(2)));
  CHECK(static_cast<double>(cosine) == Approx(2 * 0.8 * 0.8 - 1));
}

TEST_CASE("chain: guidance of several links adds up") {
  CHECK((Cfg{3.0} | Cfg{2.0})() == chain_of(links_of(Cfg{4.0}))());
}

TEST_CASE("chain: zero stays zero, and is rescaled to nothing else") {
  const auto method = CfgZeroStar{4.0} | ZeroInit{1, 0} | Rescale{0.7} | Renorm::exact();
  CHECK(method(gram_with_one) == Row<4>{});
}

TEST_CASE("chain: weights are constant when those of every link are") {
  CHECK(is_constant<decltype(Cfg{} | ZeroInit{})>);
  CHECK_FALSE(is_constant<decltype(Cfg{} | Renorm{})>);
  CHECK_FALSE(is_constant<decltype(CfgZeroStar{} | ZeroInit{})>);
}

TEST_CASE("chain: chains join") {
  const auto left = CfgZeroStar{4.0} | Renorm::capped();
  const auto right = Renorm::exact() | Renorm::capped();
  CHECK((left | right)(gram) == (CfgZeroStar{4.0} | Renorm::capped() | Renorm::exact() | Renorm::capped())(gram));
}

TEST_CASE("chain: a bad parameter of any link is rejected") {
  CHECK_REJECTS((Cfg{2.0} | Rescale{7.0}).validate(), "`phi` is 7");
}
