// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXf;
Matrix normals(std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(300, 3);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = static_cast<float>(random.normal());
  return matrix;
}
const Matrix c = normals(1), u = normals(2), x = normals(3);

}  // namespace

TEST_CASE("any: a method chosen by name has the bits of the one in the source") {
  const AnyChain chain = AnyMethod("cfg_zero_star").set("scale", 5.0) | AnyMethod("rescale").set("phi", 0.7);
  CHECK(guide(chain, c, u) == guide(CfgZeroStar{5.0} | Rescale{0.7}, c, u));
  CHECK(guide(AnyChain(Cfg{3.0}), c, u) == guide(Cfg{3.0}, c, u));
  CHECK(guide(AnyChain(Cfg{3.0}, Renorm::exact()), c, u) == guide(Cfg{3.0} | Renorm::exact(), c, u));
  const Space space{Kind::v, Kind::sample};
  const Level level{0.8, 0.6};
  CHECK(guide(chain, space, level, x, c, u) == guide(CfgZeroStar{5.0} | Rescale{0.7}, space, level, x, c, u));
}

TEST_CASE("any: a chain of none is the conditional prediction") {
  CHECK(guide(AnyChain{}, c, u) == c);
}

TEST_CASE("any: options of with apply") {
  const std::vector<double> requests{0.0, 1.0, 7.5};
  CHECK(guide(with(AnyChain(ZeroInit{}, Cfg{}), scales(requests)), c, u) == guide(with(Cfg{}, scales(requests)), c, u));
  CHECK_REJECTS(guide(with(AnyChain(Rescale{0.7}), scales(requests)), c, u),
                "`scales` is given to a chain without a scale; expected a link that has one");
  const auto grouped = [](auto& matrix) { return BatchView(matrix.data(), 3, 300, 300, Shape{{3, 30, 10}, 3}); };
  Matrix one(300, 3), other(300, 3);
  guide(with(AnyChain(Cfg{3.0}, Renorm::exact()), per_channel("btc")), grouped(c), grouped(u), grouped(one));
  guide(with(Cfg{3.0} | Renorm::exact(), per_channel("btc")), grouped(c), grouped(u), grouped(other));
  CHECK(one == other);
}

TEST_CASE("any: every method is known by its name, and by no other's") {
  std::vector<std::string> names;
  detail::for_each_known<AllMethods>([&](const auto& known) {
    for (const std::string& other : names) CHECK(other != known.name);
    names.push_back(known.name);
    CHECK(std::string(AnyMethod(known.name).name()) == known.name);
    AnyMethod(known.name).validate();
  });
  CHECK(names.size() == std::variant_size_v<AllMethods>);
}

TEST_CASE("any: what is not known is rejected with what is") {
  CHECK_REJECTS(AnyMethod("cgf"), "`method` is `cgf`; expected one of ");
  CHECK_REJECTS(AnyMethod("cgf"), "cfg, cfg_zero_star");
  CHECK_REJECTS(AnyMethod("slerp").set("sclae", 2.0), "`parameter` is `sclae` of slerp; expected one of scale, magnitude");
  CHECK_REJECTS(AnyMethod("slerp").set("magnitude", "row"), "`magnitude` is `row`; expected one of linear, conditional, raw");
  CHECK_REJECTS(AnyMethod("slerp").set("scale", "raw"), "`scale` is `raw`; expected a number");
  CHECK_REJECTS(AnyMethod("slerp").set("magnitude", 9.0), "`magnitude` is `9`; expected one of linear, conditional, raw");
  CHECK_REJECTS(AnyMethod("zero_init").set("steps", -1.0), "`steps` is -1; expected a whole number, at least 0");
  CHECK_REJECTS(AnyMethod("zero_init").set("steps", 1.5), "`steps` is 1.5");
  CHECK_REJECTS(AnyMethod("zero_init").set("steps", 1e300), "`steps` is");
  CHECK_REJECTS(guide(AnyChain(Rescale{7.0}), c, u), "`phi` is 7");
}

TEST_CASE("any: only methods of the list can be chosen") {
  static_assert(std::is_constructible_v<AnyMethod, PerpNeg<1>>);
  static_assert(!std::is_constructible_v<AnyMethod, PerpNeg<2>>);
  static_assert(!std::is_constructible_v<AnyChain, Cfg, PerpNeg<2>>);
}

TEST_CASE("any: a chain has room for sixteen links") {
  AnyChain chain;
  for (int i = 0; i < 16; ++i) chain.add(Cfg{1.0});
  CHECK(guide(chain, c, u) == c);
  CHECK_REJECTS(chain.add(Cfg{1.0}), "`method` is 17; expected at most 16 links");
}

TEST_CASE("any: what a link reads and is not given is said, and never left out") {
  const AnyChain rectified(RectifiedCfgPlusPlus{0.5});
  CHECK(guide(with(rectified, prompt<0>(u), prompt<1>(x)), c, c) ==
        guide(with(RectifiedCfgPlusPlus{0.5}, prompt<0>(u), prompt<1>(x)), c, c));
  CHECK_REJECTS(guide(with(rectified, prompt<0>(u)), c, c),
                "`method` is rectified_cfg_plus_plus, which reads `prompt<1>`; expected that it is given: with(method, prompt<1>(tensor))");
  CHECK_REJECTS(guide(AnyChain(Perturbation{2.8}), c, u), "with(method, perturbed(tensor))");
  CHECK_REJECTS(guide(with(rectified, prompt<0>(u), prompt<1>(Matrix(2, 3))), c, c), "`prompt<1>` is of shape");
  CHECK_REJECTS((AnyChain::Over<Reads<prompt_role(0)>, false>{rectified}.outputs(Gram<4>{})), "which reads `prompt<1>`");
}

TEST_CASE("any: a chain from a client's own list") {
  using Chain = BasicAnyChain<std::variant<PerpNeg<2>, Cfg>>;
  static_assert(std::is_same_v<Chain::Every, Reads<Role::cond, Role::difference, Role::uncond, prompt_role(0), prompt_role(1)>>);
  CHECK(guide(with(Chain(PerpNeg<2>{{0.5, 2.0}}, Cfg{5.0}), prompt<0>(x), prompt<1>(c)), c, u) ==
        guide(with(PerpNeg<2>{{0.5, 2.0}} | Cfg{5.0}, prompt<0>(x), prompt<1>(c)), c, u));
}

TEST_CASE("any: what a chain is given and does not read changes no bit of it, whatever it holds") {
  const Matrix zero = Matrix::Zero(300, 3), infinite = Matrix::Constant(300, 3, std::numeric_limits<float>::infinity());
  const Matrix want = guide(CfgZeroStar{5.0} | Rescale{0.7}, c, u);
  Matrix next(300, 3);
  const AnyChain chain = AnyChain(AnyMethod(CfgZeroStar{5.0})) | AnyChain(AnyMethod(Rescale{0.7}));
  CHECK(guide(with(chain, perturbed(zero), momentum(zero, next)), c, u) == want);
  CHECK(guide(with(chain, perturbed(infinite), momentum(infinite)), c, u) == want);
  std::vector<Diagnostics> found(3);
  for (const AnyChain& each : {chain, AnyChain(AnyMethod(Cfg{5.0}))}) {
    guide(with(each, perturbed(infinite), report(found)), c, u, next);
    CHECK(found[0].non_finite == 0);
    CHECK(is_finite(found[0].cosine));
  }
}
