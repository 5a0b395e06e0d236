// SPDX-License-Identifier: MIT
#include <law/methods.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXd;

constexpr Kind kinds[] = {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::flow_to_data};

Matrix normals(std::uint64_t seed, Eigen::Index size) {
  Random random(seed);
  Matrix matrix(size, 1);
  for (Eigen::Index i = 0; i < size; ++i) matrix(i) = random.normal();
  return matrix;
}

// ‖a − b‖∞ / ‖b‖∞
double relative_error(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

const Matrix x = normals(1, 500), c = normals(2, 500), u = c + 0.3 * normals(3, 500);

const std::vector<Level> levels{variance_preserving(0.9), variance_preserving(0.05), variance_exploding(0.2),
                                variance_exploding(40.0), rectified_flow(0.1), rectified_flow(0.8)};

// Guides by converting to the space, guiding there, and converting back: three
// passes, and the definition of what the verb does in one go.
template <class Method>
Matrix by_conversion(const Method& method, const Space& space, const Level& level) {
  const Matrix cond = convert({space.model, space.method}, level, x, c);
  const Matrix uncond = convert({space.model, space.method}, level, x, u);
  const Matrix guided = guide(method, cond, uncond);
  return convert({space.method, space.model}, level, x, guided);
}

}  // namespace

TEST_CASE("law: guidance in a space is guidance of the converted predictions") {
  for_all_methods([&](const auto& listed) {
    for (const Level& level : levels)
      for (const Kind model : kinds)
        for (const Kind space : kinds) {
          INFO(listed.name << ", " << int(model) << " in " << int(space) << ", alpha " << level.alpha << ", sigma "
                           << level.sigma);
          const auto method = Cfg{3.0} | listed.configured;
          const Matrix want = by_conversion(method, {model, space}, level);
          CHECK(relative_error(guide(method, {model, space}, level, x, c, u), want) < 1e-11);
        }
  });
}

TEST_CASE("law: affine guidance is the same in every space, bit for bit") {
  for_all_methods([&](const auto& listed) {
    if (!listed.affine) return;
    const Matrix own = guide(listed.configured, c, u);
    for (const Level& level : levels)
      for (const Kind model : kinds)
        for (const Kind space : kinds) {
          INFO(listed.name);
          CHECK(guide(listed.configured, {model, space}, level, x, c, u) == own);
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
    if (listed.affine || listed.name == "zero_init") return;
    const auto method = Cfg{7.5} | listed.configured;
    INFO(listed.name);
    CHECK(relative_error(guide(method, {Kind::v, Kind::sample}, level, x, c, u), guide(method, c, u)) > 1e-3);
  });
}

TEST_CASE("law: in every space, unconfigured methods return the conditional prediction") {
  for_all_methods([&](const auto& listed) {
    for (const Kind space : kinds) {
      INFO(listed.name);
      CHECK(guide(listed.unconfigured, {Kind::v, space}, rectified_flow(0.3), x, c, u) == c);
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
