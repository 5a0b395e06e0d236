// SPDX-License-Identifier: MIT
#include <law/inputs.hpp>
#include <law/methods.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXd;

constexpr Kind kinds[] = {Kind::epsilon,      Kind::sample, Kind::v,          Kind::flow,
                          Kind::flow_to_data, Kind::score,  Kind::edm(0.5)};

// ‖a − b‖∞ / ‖b‖∞
double relative_error(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

const Inputs<Matrix> in = [] {
  auto inputs = normal_inputs<Matrix>(1, 500, 1);
  inputs.uncond = inputs.cond + 0.3 * inputs.uncond;
  return inputs;
}();
const Matrix &c = in.cond, &u = in.uncond, x = normal_inputs<Matrix>(2, 500, 1).cond;

const std::vector<Level> levels{variance_preserving(0.9), variance_preserving(0.05), variance_exploding(0.2),
                                variance_exploding(40.0), rectified_flow(0.1), rectified_flow(0.8)};

// Guides by converting to the space, guiding there, and converting back: three
// passes, and the definition of what the verb does in one go.
template <class Method>
Matrix by_conversion(const Method& method, const Space& space, const Level& level) {
  Inputs<Matrix> there = in.map([&](const Matrix& m) { return convert({space.model, space.method}, level, x, m); });
  for (const std::size_t state : {4u, 5u, 6u}) there.others[state] = in.others[state];  // those are of the space
  return convert({space.method, space.model}, level, x, guided(method, there));
}

}  // namespace

TEST_CASE("law: guidance in a space is guidance of the converted predictions") {
  for_all_methods([&](const auto& listed) {
    for (const Level& level : levels)
      for (const Kind model : kinds)
        for (const Kind space : kinds) {
          INFO(listed.name << ", " << int(model.name) << " in " << int(space.name) << ", alpha " << level.alpha << ", sigma "
                           << level.sigma);
          const auto method = Cfg{3.0} | listed.configured;
          const Matrix want = by_conversion(method, {model, space}, level);
          CHECK(relative_error(guided(method, {model, space}, level, x, in), want) < 1e-11);
        }
  });
}

TEST_CASE("law: affine guidance is the same in every space, bit for bit") {
  for_all_methods([&](const auto& listed) {
    if (!listed.affine) return;
    const Matrix own = guided(listed.configured, in);
    for (const Level& level : levels)
      for (const Kind model : kinds)
        for (const Kind space : kinds) {
          INFO(listed.name);
          CHECK(guided(listed.configured, {model, space}, level, x, in) == own);
        }
  });
}

TEST_CASE("law: CFG applied to v is CFG applied to epsilon and to x0") {
  // The v-space theorem: the same guided sample, whichever prediction is guided.
  for (const Level& level : levels) {
    const Matrix guided_v = guide(Cfg{7.5}, c, u);
    for (const Kind kind : {Kind::epsilon, Kind::sample, Kind::flow}) {
      const Matrix cond = convert({Kind::v, kind}, level, x, c), uncond = convert({Kind::v, kind}, level, x, u);
      const Matrix guided = guide(Cfg{7.5}, cond, uncond);
      CHECK(relative_error(convert({kind, Kind::v}, level, x, guided), guided_v) < 1e-12);
    }
  }
}

TEST_CASE("law: what reads lengths or spreads depends on the space") {
  const Level level = variance_preserving(0.5);
  for_all_methods([&](const auto& listed) {
    if (!listed.depends_on_space) return;
    const auto method = Cfg{7.5} | listed.configured;
    INFO(listed.name);
    CHECK(relative_error(guided(method, {Kind::v, Kind::sample}, level, x, in), guided(method, in)) > 1e-3);
  });
}

TEST_CASE("law: in every space, unconfigured methods return the conditional prediction") {
  for_all_methods([&](const auto& listed) {
    for (const Kind space : kinds) {
      INFO(listed.name);
      CHECK(guided(listed.unconfigured, {Kind::v, space}, rectified_flow(0.3), x, in) == c);
    }
  });
}

TEST_CASE("law: CFG-Zero* in flow space makes the direction orthogonal to the unconditional flow") {
  const Level level = rectified_flow(0.6);
  const Matrix guided = guide(CfgZeroStar{2.0}, {Kind::epsilon, Kind::flow}, level, x, c, u);
  const Matrix flow_u = convert({Kind::epsilon, Kind::flow}, level, x, u);
  const Matrix direction = convert({Kind::epsilon, Kind::flow}, level, x, guided) -
                           convert({Kind::epsilon, Kind::flow}, level, x, c);
  CHECK(std::abs(direction.col(0).dot(flow_u.col(0))) < 1e-10 * direction.norm() * flow_u.norm());
}
