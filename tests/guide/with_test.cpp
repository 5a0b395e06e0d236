// SPDX-License-Identifier: MIT
#include <eigenguide/guide/convert.hpp>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/guide/step.hpp>
#include <eigenguide/method/apg.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/momentum.hpp>
#include <eigenguide/method/momentum_guidance.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <algorithm>
#include <vector>

using namespace eigenguide;

namespace {

// g = c + 2 (c − perturbed) + ‖c − prompt 1‖² / ‖c‖² m, and m′ = 3 c + m / 2.
struct Everything {
  enum Vector : std::size_t { c, p, q, m };
  using Vectors = Reads<Role::cond, Role::perturbed, prompt_role(1), Role::momentum>;
  void validate() const {}
  Row<4> operator()(const Gram<4>& gram) const {
    return unit<4>(c) + 2.0 * unit<4>(p) + gram(q, q) / gram(c, c) * unit<4>(m);
  }
  Row<4> next(const Gram<4>&) const { return 3.0 * unit<4>(c) + 0.5 * unit<4>(m); }
};

// g = c + ‖u‖² / ‖c‖² m, and m′ = 3 c − 1.25 u + m / 2.
struct FedByUncond {
  enum Vector : std::size_t { c, u, m };
  using Vectors = Reads<Role::cond, Role::uncond, Role::momentum>;
  void validate() const {}
  Row<3> operator()(const Gram<3>& gram) const { return unit<3>(c) + gram(u, u) / gram(c, c) * unit<3>(m); }
  Row<3> next(const Gram<3>&) const { return 3.0 * unit<3>(c) - 1.25 * unit<3>(u) + 0.5 * unit<3>(m); }
};

// g = c + ‖d‖² / ‖c‖² (c − p) + ⟨c, 1⟩ / n · 1, and m′ = 2 c + 3 d − (c − p) + m / 2 + ⟨d, 1⟩ / n · 1.
struct FedByAll {
  enum Vector : std::size_t { c, d, p, m, one };
  using Vectors = Reads<Role::cond, Role::difference, Role::perturbed, Role::momentum, Role::one>;
  void validate() const {}
  Row<5> operator()(const Gram<5>& gram) const {
    return unit<5>(c) + gram(d, d) / gram(c, c) * unit<5>(p) + gram(c, one) / gram(one, one) * unit<5>(one);
  }
  Row<5> next(const Gram<5>& gram) const {
    return 2.0 * unit<5>(c) + 3.0 * unit<5>(d) - unit<5>(p) + 0.5 * unit<5>(m) + gram(d, one) / gram(one, one) * unit<5>(one);
  }
};

using Matrix = Eigen::MatrixXd;
Matrix normals(std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(50, 2);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = random.normal();
  return matrix;
}
const Matrix c = normals(1), u = normals(2), p = normals(3), q = normals(4), m = normals(5), x = normals(6);

Matrix expected(const Matrix& cond, const Matrix& skipped, const Matrix& other, const Matrix& state) {
  Matrix out = cond + 2.0 * (cond - skipped);
  for (Eigen::Index i = 0; i < 2; ++i)
    out.col(i) += (cond - other).col(i).squaredNorm() / cond.col(i).squaredNorm() * state.col(i);
  return out;
}

}  // namespace

TEST_CASE("with: a method sees what it is given, in any order") {
  const Matrix want = expected(c, p, q, m);
  CHECK(guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(m)), c, u).isApprox(want, 1e-14));
  CHECK(guide(with(Everything{}, momentum(m), prompt<1>(q), perturbed(p)), c, u).isApprox(want, 1e-14));
  CHECK(guide(with(Everything{}, momentum(m), prompt<1>(q), perturbed(p)), c, c).isApprox(want, 1e-14));
}

TEST_CASE("with: a state's next value is written beside the result, over itself or elsewhere") {
  Matrix over = m, elsewhere(50, 2);
  const Matrix want = guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(m)), c, u);
  CHECK(guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(over, over)), c, u) == want);
  CHECK(guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(m, elsewhere)), c, u) == want);
  CHECK(over.isApprox(3.0 * c + 0.5 * m, 1e-14));
  CHECK(elsewhere == over);
  Matrix next = c;  // over a prediction
  CHECK(guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(m, next)), next, u) == want);
  CHECK(next == over);
}

TEST_CASE("with: in another space, predictions are converted and states are not") {
  const Space space{Kind::v, Kind::sample};
  const Level level{0.8, 0.6};
  const auto there = [&](const Matrix& prediction) { return convert({Kind::v, Kind::sample}, level, x, prediction); };
  Matrix next = m;
  const Matrix out = guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(m, next)), space, level, x, c, u);
  CHECK(there(out).isApprox(expected(there(c), there(p), there(q), m), 1e-12));
  CHECK(next.isApprox(3.0 * there(c) + 0.5 * m, 1e-12));
}

TEST_CASE("with: in another space, each weight of the result and of a state is of the method's vectors there") {
  // x0 of v and of epsilon, back to them, and on to the next sample: in plain loops.
  const double alpha = 0.8, sigma = 0.6, then_alpha = 0.96, then_sigma = 0.28;
  for (const Kind model : {Kind::v, Kind::epsilon}) {
    const bool is_v = model == Kind::v;
    const auto there = [&](const Matrix& prediction) -> Matrix {
      return is_v ? Matrix(alpha * x - sigma * prediction) : Matrix((x - sigma * prediction) / alpha);
    };
    const Matrix x0 = there(c), x0_u = there(u), x0_p = there(p);
    Matrix guided(50, 2), state(50, 2);
    for (Eigen::Index k = 0; k < 2; ++k) {
      double dd = 0.0, cc = 0.0, sum_c = 0.0, sum_d = 0.0;
      for (Eigen::Index n = 0; n < 50; ++n) {
        const double cond = x0(n, k), difference = cond - x0_u(n, k);
        dd += difference * difference, cc += cond * cond, sum_c += cond, sum_d += difference;
      }
      for (Eigen::Index n = 0; n < 50; ++n) {
        const double cond = x0(n, k), difference = cond - x0_u(n, k), further = cond - x0_p(n, k);
        guided(n, k) = cond + dd / cc * further + sum_c / 50.0;
        state(n, k) = 2.0 * cond + 3.0 * difference - further + 0.5 * m(n, k) + sum_d / 50.0;
      }
    }
    const Matrix epsilon = (x - alpha * guided) / sigma;
    const Matrix back = is_v ? Matrix(alpha * epsilon - sigma * guided) : epsilon;
    const Matrix moved = then_alpha * guided + then_sigma * epsilon;

    INFO(int(model.name));
    const Space space{model, Kind::sample};
    Matrix next = m;
    const auto method = with(FedByAll{}, perturbed(p), momentum(m, next));
    CHECK(guide(method, space, Level{alpha, sigma}, x, c, u).isApprox(back, 1e-13));
    CHECK(next.isApprox(state, 1e-13));
    next.setZero();
    CHECK(step(method, Update{space}, Level{alpha, sigma}, Level{then_alpha, then_sigma}, x, c, u).isApprox(moved, 1e-13));
    CHECK(next.isApprox(state, 1e-13));
  }
}

TEST_CASE("with: in another space, a state may take u by itself") {
  const Level level{0.8, 0.6};
  const auto there = [&](const Matrix& prediction) { return convert({Kind::v, Kind::sample}, level, x, prediction); };
  Matrix next = m;
  guide(with(FedByUncond{}, momentum(m, next)), Space{Kind::v, Kind::sample}, level, x, c, u);
  CHECK(next.isApprox(3.0 * there(c) - 1.25 * there(u) + 0.5 * m, 1e-12));
}

TEST_CASE("with: in groups, each has its own weights and its part of the state") {
  Matrix next = m, out(50, 2);
  const auto grouped = [](auto& matrix) { return BatchView(matrix.data(), 2, 50, 50, Shape{{2, 5, 10}, 3}); };
  guide(with(Everything{}, perturbed(grouped(p)), prompt<1>(grouped(q)), momentum(grouped(m), grouped(next)),
             per_channel("btc")),
        grouped(c), grouped(u), grouped(out));
  CHECK(next.isApprox(3.0 * c + 0.5 * m, 1e-14));
  const Eigen::Map<const Matrix> rows_c(c.data(), 10, 10), rows_q(q.data(), 10, 10);  // columns: 5 times 2 samples
  for (Eigen::Index sample = 0; sample < 2; ++sample)
    for (Eigen::Index channel = 0; channel < 10; ++channel) {
      const auto cond = rows_c.block(channel, 5 * sample, 1, 5), other = rows_q.block(channel, 5 * sample, 1, 5);
      const double weight = (cond - other).squaredNorm() / cond.squaredNorm();
      for (Eigen::Index t = 0; t < 5; ++t) {
        const Eigen::Index n = 10 * t + channel;
        CHECK(out(n, sample) == Approx(c(n, sample) + 2 * (c(n, sample) - p(n, sample)) + weight * m(n, sample)));
      }
    }
}

TEST_CASE("with: tensors that do not fit are rejected before anything is written") {
  Matrix out = Matrix::Constant(50, 2, 9.0), next = out;
  const Matrix wrong(50, 3);
  CHECK_REJECTS(guide(with(Everything{}, perturbed(wrong), prompt<1>(q), momentum(m)), c, u, out),
                "`perturbed` is of shape [3, 50]; expected the shape of `cond`, [2, 50]");
  CHECK_REJECTS(guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(wrong)), c, u, out), "`momentum` is of shape");
  CHECK_REJECTS(guide(with(Everything{}, perturbed(p), prompt<1>(q), momentum(m, out)), c, u, out),
                "`next` is in the memory of `out`; expected memory of its own");
  std::vector<double> memory(150);
  const auto part = [&](std::size_t offset) { return BatchView<double>(memory.data() + offset, 2, 50); };
  CHECK_REJECTS(guide(with(Everything{}, perturbed(part(0)), prompt<1>(q), momentum(m, part(7))), c, u, out),
                "`next` is partly in the memory of `perturbed`");
  CHECK_REJECTS(guide(with(Everything{}, perturbed(part(0)), prompt<1>(q), momentum(m)), c, u, part(7)),
                "`out` is partly in the memory of `perturbed`");
  CHECK((out.array() == 9.0).all());
}

TEST_CASE("with: scales are read while states are written: they are apart") {
  Matrix state = m, out(50, 2);
  const auto method = Momentum{0.5} | Apg{2.0};
  const BatchView<double> inside(state.data(), 1, 2, 2, Shape{{2}, 1});
  CHECK_REJECTS(guide(with(method, momentum(state, state), scales(inside)), c, u, out),
                "`next` is partly in the memory of `scales`");
  const BatchView<double> in_out(out.data(), 1, 2, 2, Shape{{2}, 1});
  CHECK_REJECTS(guide(with(method, momentum(m), scales(in_out)), c, u, out), "in the memory of `scales`");
}

TEST_CASE("with: a next value over a part of anything is rejected, and over a mask or another's next value at all") {
  std::vector<double> memory(400, 9.0);
  const auto part = [&](std::size_t offset) { return BatchView<double>(memory.data() + offset, 2, 50); };
  Matrix out = Matrix::Constant(50, 2, 9.0);
  const Momentum method{0.5};
  CHECK_REJECTS(guide(with(method, momentum(m, part(7))), part(0), u, out), "`next` is partly in the memory of `cond`");
  CHECK_REJECTS(guide(with(method, momentum(m, part(7))), c, part(0), out), "`next` is partly in the memory of `uncond`");
  const Space space{Kind::v, Kind::sample};
  CHECK_REJECTS(guide(with(method, momentum(m, part(7))), space, Level{0.8, 0.6}, part(0), c, u, out),
                "`next` is partly in the memory of `x`");
  CHECK_REJECTS(guide(with(method, momentum(part(0), part(7))), c, u, out), "`next` is partly in the memory of `momentum`");
  CHECK_REJECTS(guide(with(method, momentum(m, part(7))), c, u, part(0)), "`next` is partly in the memory of `out`");

  const auto both = Momentum{0.5} | Cfg{5.0} | MomentumGuidance{0.5, 0.6};
  for (const std::size_t offset : {0u, 7u})
    CHECK_REJECTS(guide(with(both, momentum(m, part(0)), average(q, part(offset))), c, u, out),
                  "memory of `the next value of another state`");
  CHECK_NOTHROW(guide(with(both, momentum(m, part(0)), average(q, part(100))), c, u, out));
  out.setConstant(9.0);
  std::fill(memory.begin(), memory.end(), 9.0);

  const auto mask_in = [](const double* begin) {
    return mask(BatchView<const unsigned char>(reinterpret_cast<const unsigned char*>(begin), 2, 50, 50, Shape{{2, 50}, 2}));
  };
  CHECK_REJECTS(guide(with(method, momentum(m, part(0)), mask_in(memory.data())), c, u, out), "`next` is partly in the memory of `mask`");
  CHECK_REJECTS(guide(with(method, momentum(m), mask_in(memory.data() + 60)), c, u, part(0)), "`out` is partly in the memory of `mask`");
  CHECK((out.array() == 9.0).all());
  for (const double value : memory) CHECK(value == 9.0);
}
