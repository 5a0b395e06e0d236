// SPDX-License-Identifier: MIT
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXf;

Matrix normals(std::uint64_t seed, Eigen::Index rows = 60) {
  Random random(seed);
  Matrix matrix(rows, 2);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = static_cast<float>(random.normal());
  return matrix;
}

const Matrix garbage = Matrix::Constant(60, 2, std::numeric_limits<float>::quiet_NaN());

}  // namespace

TEST_CASE("guider: every step is guided by the method of its moment") {
  Guider guider(scheduled(Cfg{}, Linear{9.0, 1.0}) | during(Perturbation{2.8}, StepWindow{0.0, 0.5}) | Rescale{0.7});
  for (std::size_t step = 0; step < 4; ++step) {
    const Matrix c = normals(1 + step), u = normals(11 + step), p = normals(21 + step);
    Matrix out(60, 2);
    guider.apply({step, 4, {}}, c, c, u, out, perturbed(p));
    const double scale = Linear{9.0, 1.0}({step, 4, {}});
    const auto method = Cfg{scale} | Perturbation{step < 2 ? 2.8 : 0.0} | Rescale{0.7};
    CHECK(out == guide(with(method, perturbed(p)), c, u));
  }
}

TEST_CASE("guider: what a step does not need is not read") {
  Guider guider(scheduled(CfgZeroStar{}, within(StepWindow{0.5, 1.0}, Constant{5.0})));
  const Matrix c = normals(1), u = normals(2);
  Matrix out = garbage;
  CHECK_FALSE(guider.needs({0, 2, {}}).uncond());
  guider.apply({0, 2, {}}, garbage, c, garbage, out);
  CHECK(out == c);
  CHECK(guider.needs({1, 2, {}}).uncond());
  guider.apply({1, 2, {}}, garbage, c, u, out);
  CHECK(out == guide(CfgZeroStar{5.0}, c, u));

  Guider zero(Cfg{5.0} | ZeroInit{1});
  CHECK(zero.needs({0, 2, {}}).evaluations() == 0);
  zero.apply({0, 2, {}}, garbage, garbage, garbage, out);
  CHECK(out.isZero(0.0));

  Guider uncond_only(Cfg{0.0} | Perturbation{0.0});
  uncond_only.apply({}, garbage, garbage, u, out, perturbed(garbage));
  CHECK(out == u);
}

TEST_CASE("guider: a space other than the model's") {
  Guider guider(Cfg{5.0} | Rescale{0.7}, Space{Kind::v, Kind::sample});
  const Matrix c = normals(1), u = normals(2), x = normals(3);
  const Level level = variance_preserving(0.4);
  Matrix out(60, 2);
  guider.apply({0, 3, level}, x, c, u, out);
  CHECK(out == guide(Cfg{5.0} | Rescale{0.7}, Space{Kind::v, Kind::sample}, level, x, c, u));
}

TEST_CASE("guider: a state advances once a step, under any number of evaluations") {
  const auto method = Momentum{-0.5} | Apg{7.5};
  Guider guider(method);
  Matrix state = Matrix::Zero(60, 2);
  guider.reset(state);
  for (std::size_t step = 0; step < 3; ++step) {
    Matrix out(60, 2), next(60, 2), want(60, 2);
    const Matrix c = normals(1 + step), u = normals(11 + step), c2 = normals(21 + step), u2 = normals(31 + step);
    guide(with(method, momentum(state, next)), c, u, want);
    guider.apply({step, 3, {}}, c, c, u, out);
    CHECK(out == want);
    guide(with(method, momentum(state)), c2, u2, want);  // the second stage sees the same state
    guider.apply({step, 3, {}}, c2, c2, u2, out);
    CHECK(out == want);
    guider.advance();
    guider.advance();  // nothing new to advance to
    state = next;
  }
}

TEST_CASE("guider: where guidance is off, states stay as they are") {
  Guider guider(Momentum{-0.5} | scheduled(Apg{}, within(StepWindow{0.0, 0.5}, Constant{7.5})));
  guider.reset(garbage);
  Matrix out(60, 2), state = Matrix::Zero(60, 2);
  const Matrix c = normals(1), u = normals(2);
  guider.apply({0, 4, {}}, c, c, u, out);
  guide(with(Momentum{-0.5} | Apg{7.5}, momentum(state, state)), c, u, out);
  guider.advance();
  guider.apply({2, 4, {}}, c, c, garbage, out);
  CHECK(out == c);
  guider.advance();
  guider.apply({1, 4, {}}, c, c, u, out);  // as the next guided one
  CHECK(out == guide(with(Momentum{-0.5} | Apg{7.5}, momentum(state)), c, u));
}

TEST_CASE("guider: a copy goes on by itself, a reset begins again") {
  Guider guider(Momentum{-0.5} | Apg{7.5});
  const Matrix c = normals(1), u = normals(2);
  Matrix first(60, 2), second(60, 2), out(60, 2);
  guider.reset(c);
  guider.apply({0, 2, {}}, c, c, u, first);
  guider.advance();
  Guider copy = guider;
  guider.apply({1, 2, {}}, u, u, c, second);
  guider.advance();
  copy.apply({1, 2, {}}, u, u, c, out);
  CHECK(out == second);
  guider.reset(c);
  guider.apply({0, 2, {}}, c, c, u, out);
  CHECK(out == first);
}

TEST_CASE("guider: a report is of what the step saw, and changes no bit") {
  Guider plain(Cfg{5.0});
  Guider measured(CfgZeroStar{5.0});
  for (const Eigen::Index rows : {60, 8192, 20000}) {
    const Matrix c = normals(1, rows);
    Matrix u = normals(2, rows), out(rows, 2);
    std::vector<Diagnostics> found(2);
    plain.apply({}, c, c, u, out, report(found));
    CHECK(out == guide(Cfg{5.0}, c, u));
    for (Eigen::Index i = 0; i < 2; ++i) {
      const Eigen::VectorXd a = c.col(i).cast<double>(), b = u.col(i).cast<double>();
      const Diagnostics& each = found[static_cast<std::size_t>(i)];
      CHECK(each.scale == 5.0);
      CHECK(each.relative_difference == Approx((a - b).norm() / b.norm()).epsilon(1e-6));
      CHECK(each.cosine == Approx(a.dot(b) / a.norm() / b.norm()).epsilon(1e-5).margin(1e-7));
      CHECK(each.zero_star == Approx(a.dot(b) / b.squaredNorm()).epsilon(1e-5).margin(1e-7));
      CHECK(each.non_finite == 0);
    }
    std::vector<Diagnostics> again(2);
    measured.apply({}, c, c, u, out, report(again));
    CHECK(out == guide(CfgZeroStar{5.0}, c, u));
    CHECK(again[1].zero_star == Approx(found[1].zero_star).epsilon(1e-6));

    u(rows - 1, 1) = std::numeric_limits<float>::infinity();
    u(3, 1) = std::numeric_limits<float>::quiet_NaN();
    plain.apply({}, c, c, u, u, report(found));  // over an input
    measured.apply({}, c, c, u, out, report(again));
    CHECK(found[0].non_finite == 0);
    CHECK(found[1].non_finite == 2);
    CHECK(again[0].non_finite == 0);
    CHECK(again[1].non_finite >= 2);  // u is guided now

    Matrix infinite = c;
    infinite(3, 1) = std::numeric_limits<float>::infinity();
    plain.apply({}, infinite, infinite, c, out, report(found));
    measured.apply({}, infinite, infinite, c, out, report(again));
    for (const Diagnostics& each : {found[1], again[1]}) {
      CHECK(each.non_finite == 1);
      CHECK(is_nan(each.relative_difference));
      CHECK(is_nan(each.zero_star));
    }
  }
}

TEST_CASE("guider: of two scales a report has the first") {
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2);
  std::vector<Diagnostics> found(2);
  guide(with(Rescale{0.5} | Cfg{5.0} | Tcfg{3.0}, report(found)), c, u, out);
  CHECK(found[1].scale == 5.0);
  guide(with(parse("rescale(phi=0.5) | cfg(scale=5) | tcfg(scale=3)"), report(found)), c, u, out);
  CHECK(found[1].scale == 5.0);
}

TEST_CASE("guider: a report is of what a mask leaves, also where the weights do not depend on it") {
  Matrix c = normals(1), u = normals(2), out(60, 2);
  std::vector<unsigned char> keep(120, 1);
  for (Eigen::Index i = 0; i < 120; i += 3) keep[static_cast<std::size_t>(i)] = 0, c.data()[i] = std::numeric_limits<float>::infinity();
  Matrix kept_c(40, 2), kept_u(40, 2), kept_out(40, 2);
  for (Eigen::Index i = 0, k = 0; i < 120; ++i)
    if (keep[static_cast<std::size_t>(i)]) kept_c.data()[k] = c.data()[i], kept_u.data()[k++] = u.data()[i];
  std::vector<Diagnostics> found(2), want(2);
  guide(with(Cfg{5.0}, mask(BatchView<const unsigned char>(keep.data(), 2, 60, 60, Shape{{2, 60}, 2})), report(found)), c, u, out);
  guide(with(Cfg{5.0}, report(want)), kept_c, kept_u, kept_out);
  Matrix p = normals(3);
  for (Eigen::Index i = 0; i < 120; i += 3) p.data()[i] = std::numeric_limits<float>::infinity();
  p(1, 1) = std::numeric_limits<float>::quiet_NaN();
  std::vector<Diagnostics> others(2);
  guide(with(Cfg{5.0} | Perturbation{2.0}, perturbed(p), mask(BatchView<const unsigned char>(keep.data(), 2, 60, 60, Shape{{2, 60}, 2})),
             report(others)), c, u, out);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(others[i].non_finite == i);
    CHECK(others[i].cosine == want[i].cosine);
    CHECK(found[i].non_finite == 0);
    CHECK(found[i].relative_difference == want[i].relative_difference);
    CHECK(found[i].cosine == want[i].cosine);
    CHECK(found[i].zero_star == want[i].zero_star);
  }
}

TEST_CASE("guider: a report of groups has one of each") {
  Eigen::Tensor<float, 3, Eigen::RowMajor> c(2, 3, 40);
  for (Eigen::Index i = 0; i < c.size(); ++i) c.data()[i] = static_cast<float>(i % 7) - 2.5f;
  const Eigen::Tensor<float, 3, Eigen::RowMajor> u = c * 0.5f;
  Eigen::Tensor<float, 3, Eigen::RowMajor> out(2, 3, 40);
  std::vector<Diagnostics> found(6);
  guide(with(CfgZeroStar{3.0}, per_channel("bcx"), report(found)), c, u, out);
  for (const Diagnostics& each : found) CHECK(each.zero_star == Approx(2.0));
  guide(with(Cfg{3.0}, per_channel("bcx"), report(found)), c, u, out);
  for (const Diagnostics& each : found) CHECK(each.relative_difference == Approx(1.0));
}

TEST_CASE("guider: of a chain that was chosen at run time") {
  Guider guider(scheduled(parse("cfg | rescale(phi=0.7)"), Linear{9.0, 1.0}));
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2);
  guider.apply({1, 3, {}}, c, c, u, out);
  CHECK(out == guide(Cfg{5.0} | Rescale{0.7}, c, u));
  CHECK_FALSE(guider.needs({2, 3, {}}).uncond());
}

TEST_CASE("guider: of a chain that was chosen at run time, with states") {
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2), want(60, 2), state = Matrix::Zero(60, 2);
  Guider apg(parse("momentum(momentum=-0.5) | apg(scale=7.5)"));
  apg.reset(c);
  for (std::size_t step = 0; step < 3; ++step) {
    guide(with(Momentum{-0.5} | Apg{7.5}, momentum(state, state)), c, u, want);
    apg.apply({step, 3, {}}, c, c, u, out);
    apg.advance();
    CHECK(out == want);
  }
  Guider smc(parse("smc_cfg(k=0.3, lambda=6) | cfg(scale=5)"));
  smc.reset(c);
  state.setZero();
  for (std::size_t step = 0; step < 3; ++step) {
    guide(with(SmcCfg{0.3, 6.0} | Cfg{5.0}, correction(state, state)), c, u, want);
    smc.apply({step, 3, {}}, c, c, u, out);
    smc.advance();
    CHECK(out == want);
  }
  Guider averaged(parse("cfg(scale=5) | momentum_guidance(strength=0.5, ema=0.6)"));
  averaged.reset(c);
  state.setZero();
  for (std::size_t step = 0; step < 3; ++step) {
    guide(with(Cfg{5.0} | MomentumGuidance{0.5, 0.6, step}, average(state, state)), c, u, want);
    averaged.apply({step, 3, {}}, c, c, u, out);
    averaged.advance();
    CHECK(out == want);
  }
  CHECK_REJECTS(Guider(parse("momentum | cfg")).apply({}, c, c, u, out), "the shape that the run was begun with");
}

TEST_CASE("guider: what does not fit is rejected") {
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2);
  Guider guider(Momentum{-0.5} | Apg{7.5});
  CHECK_REJECTS(guider.apply({}, c, c, u, out), "`cond` is of shape [2, 60]; expected the shape that the run was begun with");
  guider.reset(c);
  CHECK_REJECTS(guider.apply({3, 3, {}}, c, c, u, out), "`step` is 3");
  std::vector<Diagnostics> one(1);
  CHECK_REJECTS(guider.apply({}, c, c, u, out, report(one)), "`report` is of 1; expected one Diagnostics for each of 2 samples");
  CHECK_REJECTS(Guider(Rescale{-1.0}).needs({}), "`phi` is -1");
}

TEST_CASE("guider: scales of each request count for what is needed") {
  Guider guider(Cfg{});
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2);
  const std::vector<double> mixed{7.5, 1.0}, ones{1.0, 1.0};
  CHECK(guider.needs({}, scales(mixed)).uncond());
  CHECK_FALSE(guider.needs({}, scales(ones)).uncond());
  guider.apply({}, c, c, u, out, scales(mixed));
  CHECK(out == guide(with(Cfg{}, scales(mixed)), c, u));
  guider.apply({}, c, c, garbage, out, scales(ones));
  CHECK(out == c);
}

TEST_CASE("guider: cond is not read either where it is not needed") {
  const StepWindow first{0.0, 0.5};
  Guider to_uncond(scheduled(Cfg{}, within(first, Constant{5.0}, 0.0)) | during(Rescale{0.7}, first));
  const Matrix u = normals(2);
  Matrix out(60, 2);
  const Needs needs = to_uncond.needs({6, 10, {}});
  CHECK_FALSE(needs.cond());
  CHECK(needs.uncond());
  to_uncond.apply({6, 10, {}}, garbage, garbage, u, out);
  CHECK((out - u).cwiseAbs().maxCoeff() < 1e-6f);

  Guider zero(Cfg{5.0} | Rescale{0.7} | ZeroInit{1});
  zero.apply({0, 10, {}}, garbage, garbage, garbage, out);
  CHECK(out.isZero(0.0));
}

TEST_CASE("guider: a report knows no ratios where a prediction was not needed") {
  Guider guider(scheduled(CfgZeroStar{}, within(StepWindow{0.5, 1.0}, Constant{5.0})) | ZeroInit{1});
  Matrix c = normals(1);
  const Matrix u = normals(2);
  Matrix out(60, 2);
  std::vector<Diagnostics> found(2);
  guider.apply({0, 4, {}}, garbage, garbage, garbage, out, report(found));
  CHECK(is_nan(found[0].cosine));
  CHECK(found[0].non_finite == 0);
  c(5, 0) = std::numeric_limits<float>::infinity();
  guider.apply({1, 4, {}}, c, c, garbage, out, report(found));
  CHECK(is_nan(found[0].relative_difference));
  CHECK(found[0].non_finite == 1);
  CHECK(found[1].non_finite == 0);
  guider.apply({2, 4, {}}, u, u, normals(3), out, report(found));
  CHECK(is_finite(found[0].cosine));
}

TEST_CASE("guider: a report counts what is not finite in further predictions, if they are needed") {
  Guider guider(Cfg{2.0} | scheduled(Perturbation{}, within(StepWindow{0.5, 1.0}, Constant{3.0}, 0.0)));
  Matrix c = normals(1), p = normals(3), out(60, 2);
  const Matrix u = normals(2);
  c(7, 1) = p(5, 0) = p(9, 1) = std::numeric_limits<float>::infinity();
  std::vector<Diagnostics> found(2);
  for (const std::size_t step : {std::size_t{0}, std::size_t{3}}) {
    guider.apply({step, 4, {}}, c, c, u, out, perturbed(p), report(found));
    CHECK(found[0].non_finite == (step == 0 ? 0 : 1));
    CHECK(found[1].non_finite == (step == 0 ? 1 : 2));  // what stands for p is c, and counts once
  }
}

TEST_CASE("guider: the first evaluation of a step decides, also where it leaves the states alone") {
  Guider guider(Momentum{-0.5} | scheduled(Apg{}, within(TimeWindow{0.0, 0.5}, Constant{7.5})));
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2), again(60, 2);
  guider.reset(c);
  guider.apply({0, 4, rectified_flow(0.6)}, c, c, u, out);  // outside
  guider.apply({0, 4, rectified_flow(0.4)}, c, c, u, out);  // the second stage, inside
  guider.advance();
  guider.apply({1, 4, rectified_flow(0.4)}, c, c, u, again);
  CHECK(again == out);  // the state is still zero
}

TEST_CASE("guider: a rejected step is taken back, and none is begun before the last has ended") {
  Guider guider(Momentum{-0.5} | Apg{7.5});
  const Matrix c = normals(1), u = normals(2), c2 = normals(3), u2 = normals(4);
  Matrix out(60, 2), want(60, 2), state = Matrix::Zero(60, 2);
  guider.reset(c);
  guider.apply({0, 4, {}}, c, c, u, out);
  guider.discard();
  guider.apply({0, 4, {}}, c2, c2, u2, out);
  CHECK_REJECTS(guider.apply({1, 4, {}}, c, c, u, out), "`step` is 1; expected the step that was begun");
  guider.advance();
  guide(with(Momentum{-0.5} | Apg{7.5}, momentum(state, state)), c2, u2, want);
  guide(with(Momentum{-0.5} | Apg{7.5}, momentum(state)), c, u, want);
  guider.apply({1, 4, {}}, c, c, u, out);
  CHECK(out == want);
}

TEST_CASE("guider: momentum guidance begins with the first step that feeds it") {
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2);
  Guider late(Cfg{5.0} | MomentumGuidance{1.0, 0.5});
  late.reset(c);
  late.apply({10, 20, {}}, c, c, u, out);  // a run begun in its middle
  CHECK(out == guide(Cfg{5.0}, c, u));
  Guider after_zero(Cfg{5.0} | MomentumGuidance{1.0, 0.5} | ZeroInit{1});
  after_zero.reset(c);
  after_zero.apply({0, 20, {}}, c, c, u, out);
  after_zero.advance();
  after_zero.apply({1, 20, {}}, c, c, u, out);
  CHECK(out == guide(Cfg{5.0}, c, u));
}

TEST_CASE("guider: with the sampler's step in the same passes, CFG++ among them") {
  Guider guider(scheduled(Cfg{}, Linear{5.0, 1.0}) | ZeroInit{1}, Space{Kind::flow, Kind::flow});
  const Matrix c = normals(1), u = normals(2), x = normals(3);
  Matrix next(60, 2);
  const auto at_step = [](std::size_t step) { return Moment{step, 3, rectified_flow(0.9 - 0.3 * static_cast<double>(step))}; };
  for (std::size_t step = 1; step < 3; ++step) {
    const Level to = rectified_flow(0.6 - 0.3 * static_cast<double>(step));
    const auto method = Cfg{Linear{5.0, 1.0}(at_step(step))};
    for (const Renoise renoise : {Renoise::guided, Renoise::uncond}) {
      guider.step(at_step(step), to, renoise, x, c, u, next);
      CHECK(next == eigenguide::step(method, Update{{Kind::flow, Kind::flow}, renoise}, at_step(step).level, to, x, c, u));
    }
  }
  guider.step(at_step(0), rectified_flow(0.6), Renoise::guided, x, garbage, garbage, next);
  CHECK(next == x);  // no velocity
}

TEST_CASE("guider: a CFG++ step says that it needs uncond") {
  const Guider guider(scheduled(Cfg{}, within(StepWindow{0.0, 0.5}, Constant{0.6})) | ZeroInit{1});
  const auto run = moments(std::vector<Level>(4, rectified_flow(0.5)));
  CHECK_FALSE(guider.needs(run[3]).uncond());
  CHECK(guider.needs(run[3], Renoise::uncond).uncond());
  CHECK(guider.needs(run[0], Renoise::uncond).evaluations() == 1);
  CHECK(guider.evaluations(run) == 0 + 2 + 1 + 1);
  CHECK(guider.evaluations(run, Renoise::uncond) == 1 + 2 + 2 + 2);
}

TEST_CASE("guider: an evaluation that fails changes nothing") {
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2), want(60, 2), narrow(59, 2);
  Guider guider(Momentum{-0.5} | Apg{7.5}), undisturbed(Momentum{-0.5} | Apg{7.5});
  guider.reset(c);
  undisturbed.reset(c);
  CHECK_REJECTS(guider.apply({0, 4, {}}, c, c, u, narrow), "`cond`");
  for (std::size_t step = 1; step < 4; ++step) {  // nor does it say which step is begun
    guider.apply({step, 4, {}}, c, c, u, out);
    guider.advance();
    undisturbed.apply({step, 4, {}}, c, c, u, want);
    undisturbed.advance();
    CHECK(out == want);
  }
}

TEST_CASE("guider: a step of zeros is reported and checked as any other") {
  Guider guider(scheduled(Cfg{}, Linear{5.0, 1.0}) | ZeroInit{2});
  const Matrix c = normals(1), u = normals(2);
  Matrix out(60, 2);
  std::vector<Diagnostics> found(2), one(1);
  guider.apply({1, 5, {}}, c, c, u, out, report(found));
  CHECK(found[1].scale == 4.0);
  CHECK(is_nan(found[1].cosine));
  const std::vector<double> requests{3.0, 7.0};
  guider.apply({1, 5, {}}, c, c, u, out, scales(requests), report(found));
  CHECK(found[1].scale == 7.0);
  CHECK(out.isZero(0.0));
  CHECK_REJECTS(guider.apply({1, 5, {}}, c, c, u, out, report(one)), "`report` is of 1");
}

TEST_CASE("guider: outside its window a method's state is held") {
  const MomentumGuidance method{1.0, 0.9};
  Guider guider(during(method, outside(StepWindow{0.25, 0.5})));
  Matrix c = normals(1), out(60, 2), m = Matrix::Zero(60, 2), want(60, 2);
  guider.reset(c);
  guide(with(method, average(m, m)), c, c, want);
  guider.apply({0, 4, {}}, c, c, c, out);
  guider.advance();
  c = normals(2);
  guider.apply({1, 4, {}}, c, c, c, out);
  guider.advance();
  CHECK(out == c);
  MomentumGuidance second = method;
  second.step = 1;  // one step has fed it
  c = normals(3);
  guider.apply({2, 4, {}}, c, c, c, out);
  CHECK(out == guide(with(second, average(m)), c, c));
}

TEST_CASE("guider: of two states each advances with what it depends on") {
  const auto method = Momentum{-0.5} | Cfg{5.0} | MomentumGuidance{0.5, 0.6};
  Guider guider(Momentum{-0.5} | scheduled(Cfg{}, within(StepWindow{0.0, 0.4}, Constant{5.0})) | MomentumGuidance{0.5, 0.6});
  Matrix d = Matrix::Zero(60, 2), m = d, unused = d, out(60, 2), want(60, 2);
  guider.reset(d);
  const Matrix c = normals(1), u = normals(2), later = normals(3);
  guide(with(method, momentum(d, d), average(m, m)), c, u, want);
  guider.apply({0, 5, {}}, c, c, u, out);
  guider.advance();
  CHECK(out == want);
  auto off = Momentum{-0.5} | Cfg{1.0} | MomentumGuidance{0.5, 0.6, 1};
  guide(with(off, momentum(d, unused), average(m, m)), later, later, want);
  guider.apply({2, 5, {}}, later, later, garbage, out);  // uncond is not there, its average is
  guider.advance();
  CHECK(out == want);
  auto on = Momentum{-0.5} | Cfg{5.0} | MomentumGuidance{0.5, 0.6, 2};
  guider.apply({1, 5, {}}, c, c, u, out);
  CHECK(out == guide(with(on, momentum(d), average(m)), c, u));
}

TEST_CASE("guider: samples at levels of their own") {
  const Space space{Kind::v, Kind::sample};
  Guider guider(Cfg{5.0} | Rescale{0.7}, space);
  const Matrix c = normals(1), u = normals(2), x = normals(3);
  const std::vector<Level> levels{variance_preserving(0.4), variance_preserving(0.9)},
      next{variance_preserving(0.5), variance_preserving(0.95)};
  const Moment now{0, 3, levels[0]};
  Matrix out(60, 2);
  guider.apply(now, levels, x, c, u, out);
  CHECK(out == guide(Cfg{5.0} | Rescale{0.7}, space, levels, x, c, u));
  guider.step(now, levels, next, Renoise::guided, x, c, u, out);
  CHECK(out == eigenguide::step(Cfg{5.0} | Rescale{0.7}, Update{space}, levels, next, x, c, u));
}
