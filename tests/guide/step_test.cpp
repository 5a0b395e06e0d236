// SPDX-License-Identifier: MIT
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class Scalar = double>
Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> normals(std::uint64_t seed, Eigen::Index size,
                                                             Eigen::Index samples) {
  Random random(seed);
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> matrix(size, samples);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = static_cast<Scalar>(random.normal());
  return matrix;
}

const Eigen::MatrixXd x = normals(1, 37, 3), c = normals(2, 37, 3), u = normals(3, 37, 3);

bool close(const Eigen::MatrixXd& got, const Eigen::MatrixXd& want) {
  return (got - want).cwiseAbs().maxCoeff() <= 1e-13 * want.cwiseAbs().maxCoeff();
}

Update of(Kind model, Renoise renoise = Renoise::guided) { return {{model, model}, renoise}; }

}  // namespace

TEST_CASE("step: DDIM with classifier-free guidance") {
  const double a = 0.2, next = 0.6;
  const Eigen::MatrixXd g = u + 7.5 * (c - u);
  const Eigen::MatrixXd want = std::sqrt(next) * (x - std::sqrt(1 - a) * g) / std::sqrt(a) + std::sqrt(1 - next) * g;
  CHECK(close(step(Cfg{7.5}, of(Kind::epsilon), variance_preserving(a), variance_preserving(next), x, c, u), want));
}

TEST_CASE("step: Euler with classifier-free guidance, of a denoiser and of a flow") {
  const Eigen::MatrixXd g = u + 7.5 * (c - u);
  CHECK(close(step(Cfg{7.5}, of(Kind::sample), variance_exploding(5.0), variance_exploding(2.0), x, c, u),
              x + (2.0 - 5.0) * (x - g) / 5.0));
  CHECK(close(step(Cfg{7.5}, of(Kind::flow), rectified_flow(0.75), rectified_flow(0.5), x, c, u),
              x + (0.5 - 0.75) * g));
}

TEST_CASE("step: CFG++ of variance-preserving levels and of a flow") {
  const double a = 0.2, next = 0.6;
  const Eigen::MatrixXd g = u + 0.6 * (c - u);
  const Eigen::MatrixXd x0 = (x - std::sqrt(1 - a) * g) / std::sqrt(a);
  CHECK(close(step(Cfg{0.6}, of(Kind::epsilon, Renoise::uncond), variance_preserving(a), variance_preserving(next), x,
                   c, u),
              std::sqrt(next) * x0 + std::sqrt(1 - next) * u));

  // x₀ = x − t flow, ε = x + (1 − t) flow
  const double t = 0.75, then = 0.5;
  CHECK(close(step(Cfg{0.6}, of(Kind::flow, Renoise::uncond), rectified_flow(t), rectified_flow(then), x, c, u),
              (1 - then) * (x - t * g) + then * (x + (1 - t) * u)));
}

TEST_CASE("step: is guidance, then the sampler, for methods that read the data in a space of their own") {
  const Level from = rectified_flow(0.75), to = rectified_flow(0.5);
  const auto method = CfgZeroStar{5.0} | Rescale{0.7};
  for (const Kind space : {Kind::flow, Kind::sample, Kind::epsilon}) {
    const Eigen::MatrixXd g = guide(method, {Kind::flow, space}, from, x, c, u);
    INFO(int(space.name));
    CHECK(close(step(method, {{Kind::flow, space}}, from, to, x, c, u), x + (0.5 - 0.75) * g));
    CHECK(close(step(method, {{Kind::flow, space}, Renoise::uncond}, from, to, x, c, u),
                0.5 * (x - 0.75 * g) + 0.5 * (x + 0.25 * u)));
  }
}

TEST_CASE("step: each sample has its own levels, and the bits of a batch are those of its samples") {
  const std::vector<Level> from{variance_preserving(0.1), variance_exploding(3.0), rectified_flow(0.8)};
  const std::vector<Level> to{variance_preserving(0.4), variance_exploding(0.5), rectified_flow(0.0)};
  const auto check = [&](const auto& method, const Update& update) {
    const Eigen::MatrixXd batch = step(method, update, from, to, x, c, u);
    for (Eigen::Index i = 0; i < 3; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const Eigen::VectorXd alone = step(method, update, from[k], to[k], Eigen::VectorXd(x.col(i)),
                                         Eigen::VectorXd(c.col(i)), Eigen::VectorXd(u.col(i)));
      CHECK(batch.col(i) == alone);
    }
  };
  for (const Renoise renoise : {Renoise::guided, Renoise::uncond}) {
    check(Cfg{7.5}, {{Kind::v, Kind::v}, renoise});
    check(CfgZeroStar{7.5} | Rescale{0.7}, {{Kind::v, Kind::sample}, renoise});
  }
}

TEST_CASE("step: the output may be any of the inputs") {
  const Level from = rectified_flow(0.75), to = rectified_flow(0.5);
  for (const Renoise renoise : {Renoise::guided, Renoise::uncond}) {
    const Update update{{Kind::flow, Kind::sample}, renoise};
    const auto method = CfgZeroStar{5.0} | Rescale{0.7};
    const Eigen::MatrixXd apart = step(method, update, from, to, x, c, u);
    Eigen::MatrixXd over_x = x, over_c = c, over_u = u;
    step(method, update, from, to, over_x, c, u, over_x);
    step(method, update, from, to, x, over_c, u, over_c);
    step(method, update, from, to, x, c, over_u, over_u);
    CHECK(over_x == apart);
    CHECK(over_c == apart);
    CHECK(over_u == apart);
  }
}

TEST_CASE("step: takes further predictions, states and groups as guide() does") {
  const Level from = variance_exploding(5.0), to = variance_exploding(2.0);
  const Eigen::MatrixXd p = normals(4, 37, 3), m = normals(5, 37, 3);
  const Update update{{Kind::sample, Kind::epsilon}};

  Eigen::MatrixXd stepped_m = m, guided_m = m;
  const auto chain = Momentum{-0.5} | CfgZeroStar{5.0} | Perturbation{2.8};
  const Eigen::MatrixXd moved =
      step(with(chain, perturbed(p), momentum(stepped_m, stepped_m)), update, from, to, x, c, u);
  const Eigen::MatrixXd g = guide(with(chain, perturbed(p), momentum(guided_m, guided_m)), update.space, from, x, c, u);
  CHECK(close(moved, x + (2.0 - 5.0) * (x - g) / 5.0));
  CHECK(stepped_m == guided_m);
  CHECK(stepped_m != m);

  // 37 groups of one element each: α is c / u, so that the unconditional
  // prediction has nothing that the conditional one has not.
  const auto each = with(CfgZeroStar{5.0}, per("n", "bn"));
  const Eigen::MatrixXd alone = step(each, of(Kind::sample), from, to, x, c, u);
  CHECK(close(alone, x + (2.0 - 5.0) * (x - c) / 5.0));

  const std::vector<double> requests{1.0, 4.0, 7.5};
  const Eigen::MatrixXd scaled = step(with(Cfg{}, scales(requests)), of(Kind::sample), from, to, x, c, u);
  for (Eigen::Index i = 0; i < 3; ++i) {
    const Eigen::VectorXd own = step(Cfg{requests[static_cast<std::size_t>(i)]}, of(Kind::sample), from, to,
                                     Eigen::VectorXd(x.col(i)), Eigen::VectorXd(c.col(i)), Eigen::VectorXd(u.col(i)));
    CHECK(scaled.col(i) == own);
  }
}

TEST_CASE("step: a chain that was chosen at run time has the bits of the one that was written") {
  const Level from = rectified_flow(0.75), to = rectified_flow(0.5);
  const Update update{{Kind::flow, Kind::sample}, Renoise::uncond};
  const AnyChain chain{CfgZeroStar{5.0}, Rescale{0.7}};
  CHECK(step(chain, update, from, to, x, c, u) == step(CfgZeroStar{5.0} | Rescale{0.7}, update, from, to, x, c, u));
}

TEST_CASE("step: float follows double to rounding") {
  const Eigen::MatrixXf xf = normals<float>(1, 4096, 2), cf = normals<float>(2, 4096, 2);
  const Eigen::MatrixXf uf = cf + 1e-3f * normals<float>(3, 4096, 2);
  const auto method = CfgZeroStar{5.0} | Rescale{0.7};
  for (const Renoise renoise : {Renoise::guided, Renoise::uncond})
    for (const auto& [from, to] : {std::pair{variance_preserving(0.2), variance_preserving(0.3)},
                                   std::pair{rectified_flow(0.75), rectified_flow(0.5)},
                                   std::pair{rectified_flow(0.02), rectified_flow(0.0)}}) {
      const Update update{{Kind::v, Kind::sample}, renoise};
      const Eigen::MatrixXd exact = step(method, update, from, to, Eigen::MatrixXd(xf.cast<double>()),
                                         Eigen::MatrixXd(cf.cast<double>()), Eigen::MatrixXd(uf.cast<double>()));
      const Eigen::MatrixXf got = step(method, update, from, to, xf, cf, uf);
      CHECK((got.cast<double>() - exact).cwiseAbs().maxCoeff() <= 3e-7 * exact.cwiseAbs().maxCoeff());
    }
}

TEST_CASE("step: what is wrong in one sample stays in it") {
  const Level from = rectified_flow(0.75), to = rectified_flow(0.5);
  const Update update{{Kind::flow, Kind::sample}};
  const auto method = CfgZeroStar{5.0} | Rescale{0.7};
  const Eigen::MatrixXd clean = step(method, update, from, to, x, c, u);
  Eigen::MatrixXd bad = x;
  bad(3, 1) = std::numeric_limits<double>::quiet_NaN();
  const Eigen::MatrixXd got = step(method, update, from, to, bad, c, u);
  CHECK(got.col(0) == clean.col(0));
  CHECK(got.col(2) == clean.col(2));
}

TEST_CASE("step: bad calls are rejected, and nothing is written") {
  const Level from = rectified_flow(0.75), to = rectified_flow(0.5);
  const Update update = of(Kind::flow);
  Eigen::MatrixXd out = Eigen::MatrixXd::Constant(37, 3, 9.0);
  const Eigen::MatrixXd narrow(36, 3);
  CHECK_REJECTS(step(Cfg{7.5}, update, from, to, narrow, c, u, out), "`x` is of shape [3, 36]");
  CHECK_REJECTS(step(Cfg{7.5}, update, from, to, x, c, narrow, out), "`uncond` is of shape [3, 36]");
  CHECK_REJECTS(step(Cfg{7.5}, update, std::vector<Level>(2, from), to, x, c, u, out),
                "`levels` is 2; expected one level, or one for each sample");
  CHECK_REJECTS(step(Cfg{7.5}, update, from, std::vector<Level>(2, to), x, c, u, out),
                "`next` is 2; expected one level, or one for each sample");
  CHECK_REJECTS(step(Cfg{7.5}, update, Level{-1.0, 1.0}, to, x, c, u, out), "`alpha` is -1");
  CHECK_REJECTS(step(Cfg{7.5}, update, from, std::vector<Level>{to, to, {1.0, -1.0}}, x, c, u, out), "`sigma` is -1");
  CHECK_REJECTS(step(Cfg{7.5}, of(Kind::epsilon), std::vector<Level>{from, from, {0.0, 1.0}}, to, x, c, u, out),
                "`alpha` is 0");
  CHECK_REJECTS(step(Cfg{7.5}, {{Kind::flow, Kind::epsilon}}, Level{0.0, 1.0}, to, x, c, u, out), "`alpha` is 0");
  CHECK_REJECTS(step(Cfg{7.5}, of(Kind::epsilon), Level{0.5, 10.0}, std::vector<Level>{to, to, {1e308, 0.0}}, x, c, u, out),
                "`alpha` is 1e+308; expected a level to which");
  CHECK_REJECTS(step(Cfg{std::nan("")}, update, from, to, x, c, u, out), "`scale` is");
  CHECK((out.array() == 9.0).all());

  std::vector<double> memory(120, 9.0);
  const BatchView<double> late(memory.data() + 1, 3, 37), early(memory.data(), 3, 37);
  const BatchView<const double> cond(c.data(), 3, 37), uncond(u.data(), 3, 37);
  CHECK_REJECTS(step(Cfg{7.5}, update, from, to, early, cond, uncond, late), "`out` is partly in the memory of `x`");
  CHECK(memory == std::vector<double>(120, 9.0));
}
