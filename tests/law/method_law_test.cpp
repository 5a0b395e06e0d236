// SPDX-License-Identifier: MIT
#include <law/inputs.hpp>
#include <law/methods.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXf;

constexpr std::uint64_t seed = 2026;

// Guided predictions whose result is not the conditional one.
template <class Method>
auto stacked(const Method& method) {
  return Cfg{4.0} | method;
}

template <Role... first, class Second>
constexpr bool shares_state(Reads<first...>, Second) {
  return ((is_state(first) && Second::contains(first)) || ...);
}

template <class Dense>
bool all_finite(const Dense& matrix) {
  for (Eigen::Index i = 0; i < matrix.size(); ++i)
    if (!is_finite(double(matrix(i)))) return false;
  return true;
}

/// Samples at the ends of what there is: zero, one element, nearly another, tiny, huge.
std::vector<Matrix> extremes() {
  const Matrix normal = normal_inputs<Matrix>(seed, 64, 1).cond, other = normal_inputs<Matrix>(seed + 7, 64, 1).cond;
  const Matrix zero = Matrix::Zero(64, 1), one = Matrix::Ones(64, 1);
  Matrix single = zero;
  single(5) = 3.0f;
  return {normal, zero, one, single, Matrix(-normal), Matrix(2.0f * normal),
          Matrix(normal + 1e-7f * other), Matrix(1e-30f * normal), Matrix(1e30f * normal), Matrix(1e-42f * one), other};
}

/// Predictions of which cond alone has numbers, a −0 among them; states are finite.
Inputs<Matrix> cond_alone() {
  auto in = normal_inputs<Matrix>(seed, 300, 3);
  in.cond(5, 1) = -0.0f;
  in.uncond.setConstant(std::numeric_limits<float>::quiet_NaN());
  for (const Role role : AnyChain::Every::further_roles()) in.others[in.place(role)] = in.uncond;
  return in;
}

double relative_error(const Matrix& got, const Matrix& want) {
  return double((got - want).cwiseAbs().maxCoeff()) / std::fmax(1e-30, double(want.cwiseAbs().maxCoeff()));
}

}  // namespace

TEST_CASE("law: unconfigured, every method returns the conditional prediction, and reads no other") {
  const auto in = cond_alone();
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    CHECK(same_bits(guided(listed.unconfigured, in), in.cond));
    CHECK(same_bits(advanced(listed.unconfigured, in).guided, in.cond));
  });
}

TEST_CASE("law: at scale 1, every method returns the conditional prediction, and reads no other") {
  const auto in = cond_alone();
  for_all_methods([&](auto listed) {
    if constexpr (has_scale<decltype(listed.configured)>::value) {
      listed.configured.scale = 1.0;
      INFO(listed.name);
      if (!listed.one_is_cond) return;
      CHECK(same_bits(guided(listed.configured, in), in.cond));
      CHECK(same_bits(advanced(listed.configured, in).guided, in.cond));
    }
  });
}

TEST_CASE("law: equal predictions leave nothing to guide") {
  const auto in = equal_inputs(normal_inputs<Matrix>(seed, 300, 3).cond);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    if (listed.keeps_equal) CHECK(relative_error(guided(listed.configured, in), in.cond) < 1e-7);
  });
}

TEST_CASE("law: unconfigured after CFG, every method leaves plain CFG") {
  const auto in = normal_inputs<Matrix>(seed, 300, 3);
  const Matrix plain = guide(Cfg{4.0}, in.cond, in.uncond);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    CHECK(relative_error(guided(stacked(listed.unconfigured), in), plain) < 1e-6);
  });
}

TEST_CASE("law: scaling the inputs scales the result") {
  const auto in = normal_inputs<Matrix>(seed, 300, 3);
  for_all_methods([&](const auto& listed) {
    if (!listed.homogeneous) return;
    INFO(listed.name);
    for (const float factor : {0.25f, 64.0f}) {  // powers of two: exact
      const auto scaled = in.map([&](const Matrix& m) { return Matrix(factor * m); });
      CHECK(guided(listed.configured, scaled) == factor * guided(listed.configured, in));
      CHECK(guided(stacked(listed.configured), scaled) == factor * guided(stacked(listed.configured), in));
    }
    // Far from 1, in double: the square of a product is out of range there.
    const auto wide = in.map([](const Matrix& m) { return Eigen::MatrixXd(m.cast<double>()); });
    for (const double factor : {std::ldexp(1.0, 300), std::ldexp(1.0, -300)}) {
      const auto scaled = wide.map([&](const Eigen::MatrixXd& m) { return Eigen::MatrixXd(factor * m); });
      const Eigen::MatrixXd got = guided(stacked(listed.configured), scaled), want = guided(stacked(listed.configured), wide);
      CHECK((got / factor - want).cwiseAbs().maxCoeff() <= 1e-13 * want.cwiseAbs().maxCoeff());
    }
  });
}

TEST_CASE("law: a batch equals its samples one by one, bit for bit") {
  const auto in = normal_inputs<Matrix>(seed, 1001, 4);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    const Matrix batch = guided(stacked(listed.configured), in);
    for (Eigen::Index i = 0; i < batch.cols(); ++i)
      CHECK(guided(stacked(listed.configured), in.map([&](const Matrix& m) { return Matrix(m.col(i)); })) ==
            batch.col(i));
  });
}

TEST_CASE("law: RowMajor equals ColMajor, and in place equals apart") {
  const auto in = normal_inputs<Matrix>(seed, 77, 4);
  using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    const auto method = stacked(listed.configured);
    const Matrix apart = guided(method, in);
    const RowMatrix rows = guided(method, in.map([](const Matrix& m) { return RowMatrix(m.transpose()); }));
    CHECK(Matrix(rows.transpose()) == apart);
    auto over_cond = in, over_uncond = in;
    const auto roles = typename decltype(method)::Vectors{};
    guide(given(method, over_cond, roles), over_cond.cond, over_cond.uncond, over_cond.cond);
    guide(given(method, over_uncond, roles), over_uncond.cond, over_uncond.uncond, over_uncond.uncond);
    CHECK(over_cond.cond == apart);
    CHECK(over_uncond.uncond == apart);
  });
}

TEST_CASE("law: results are finite for every finite input, zero included") {
  const std::vector<Matrix> all = extremes();
  for_all_methods([&](const auto& listed) {
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = 0; j < all.size(); ++j) {
        INFO(listed.name << ", cond " << i << ", uncond " << j);
        Inputs<Matrix> in{all[i], all[j], {}};
        for (std::size_t k = 0; k < in.count; ++k) in.others[k] = all[(i + 2 * j + k) % all.size()];
        CHECK(all_finite(guided(listed.configured, in)));
        CHECK(all_finite(guided(stacked(listed.configured), in)));

        // The same, and far beyond float's range, in double.
        for (const double magnitude : {1.0, 1e-100, 1e100}) {
          const auto wide = in.map([&](const Matrix& m) { return Eigen::MatrixXd(magnitude * m.cast<double>()); });
          CHECK(all_finite(guided(listed.configured, wide)));
          CHECK(all_finite(guided(stacked(listed.configured), wide)));
        }
      }
  });
}

TEST_CASE("law: one element, and every tail of a group, is guided like the rest") {
  // In double, where the order of a sum shows in the fifteenth digit only.
  for_all_methods([&](const auto& listed) {
    for (Eigen::Index size = 1; size <= 70; ++size) {
      const auto narrow = normal_inputs<Matrix>(seed, size, 1);
      const auto in = narrow.map([](const Matrix& m) { return Eigen::MatrixXd(m.cast<double>()); });
      const Eigen::MatrixXd alone = guided(stacked(listed.configured), in);
      INFO(listed.name << ", size " << size);
      CHECK(all_finite(alone));
      CHECK(all_finite(guided(stacked(listed.configured), narrow)));
      // The same elements followed by zeros have the same products and sums,
      // but for the count that a spread divides by.
      if (!listed.counts_elements) {
        const auto longer = in.map([&](const Eigen::MatrixXd& m) {
          Eigen::MatrixXd padded = Eigen::MatrixXd::Zero(size + 128, 1);
          padded.topRows(size) = m;
          return padded;
        });
        const Eigen::MatrixXd padded = guided(stacked(listed.configured), longer);
        CHECK((padded.topRows(size) - alone).cwiseAbs().maxCoeff() <= 1e-12 * alone.cwiseAbs().maxCoeff());
        CHECK(padded.bottomRows(128).isZero(0));
      }
    }
  });
}

TEST_CASE("law: what is wrong in one sample stays in it, is seen there, and is counted") {
  // At either end, and beyond the first chunk.
  constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& [rows, place] : std::vector<std::pair<Eigen::Index, Eigen::Index>>{{100, 0}, {100, 99}, {8230, 8195}}) {
    const auto in = normal_inputs<Matrix>(seed, rows, 3);
    for_all_methods([&, rows = rows, place = place](const auto& listed) {
      const auto method = stacked(listed.configured);
      using Vectors = typename decltype(method)::Vectors;
      const Matrix clean = guided(method, in), without = guided(stacked(listed.unconfigured), in);
      const auto stays = [&](const Matrix& bad, const Matrix& before) {
        for (const Eigen::Index other : {0, 2})
          CHECK(same_bits(bad.col(other), before.col(other)));
      };
      // So it is with what becomes of states, in that sample if it has any weight.
      const auto states_stay = [&](const Inputs<Matrix>& dirty) {
        if constexpr (Vectors::states > 0) {
          const Advanced<Matrix> before = advanced(method, in), after = advanced(method, dirty);
          stays(after.guided, clean);
          for (const Role state : Vectors::state_roles()) {
            const Matrix &was = before.next[state_index(state)], &is = after.next[state_index(state)];
            stays(is, was);
            CHECK((!is_finite(double(is(place, 1))) || is.col(1) == was.col(1)));
          }
        }
      };
      for (const float wrong : {nan, infinity, -infinity})
        for (const bool in_cond : {true, false}) {
          auto dirty = in;
          (in_cond ? dirty.cond : dirty.uncond)(place, 1) = wrong;
          std::vector<Diagnostics> found(3);
          const Matrix bad = guided(method, dirty, found);
          INFO(listed.name << ", " << wrong << (in_cond ? " in cond, " : " in uncond, ") << place << " of " << rows);
          stays(bad, clean);
          states_stay(dirty);
          CHECK(found[0].non_finite == 0);
          CHECK(found[1].non_finite == 1);
          CHECK(is_nan(found[1].cosine));
          CHECK(is_nan(found[1].relative_difference));
          CHECK(is_nan(found[1].zero_star));
          CHECK(found[2].non_finite == 0);

          // Through all of the sample; or in its element alone, and the others as
          // they are, or as without a method that chooses by what it measures.
          Eigen::Index lost = 0, kept = 0, left = 0;
          for (Eigen::Index n = 0; n < bad.rows(); ++n) {
            lost += is_finite(double(bad(n, 1))) ? 0 : 1;
            kept += bad(n, 1) == clean(n, 1) ? 1 : 0;
            left += bad(n, 1) == without(n, 1) ? 1 : 0;
          }
          CHECK(!is_finite(double(bad(place, 1))));
          CHECK((lost == bad.rows() || (lost == 1 && (kept == bad.rows() - 1 || left == bad.rows() - 1))));
        }
      // Of a further input the same, if it has any weight.
      for (const Role role : Vectors::roles) {
        if (!is_further_prediction(role) && !is_state(role)) continue;
        for (const float wrong : {nan, infinity, -infinity}) {
          auto dirty = in;
          dirty.others[in.place(role)](place, 1) = wrong;
          std::vector<Diagnostics> found(3);
          const Matrix bad = guided(method, dirty, found);
          INFO(listed.name << ", " << wrong << " in further input " << in.place(role) << ", " << place << " of " << rows);
          stays(bad, clean);
          for (std::size_t i = 0; i < 3; ++i) {
            CHECK(found[i].non_finite == (i == 1 && is_further_prediction(role) ? 1 : 0));
            CHECK(is_finite(found[i].cosine));
          }
          states_stay(dirty);
          CHECK((!is_finite(double(bad(place, 1))) || bad.col(1) == clean.col(1)));
        }
      }
    });
  }
}

TEST_CASE("law: float follows double to rounding") {
  const auto in = normal_inputs<Matrix>(seed, 4096, 2);
  const Matrix &c = in.cond, &other = in.uncond;
  const std::vector<Matrix> unconds{c + 0.05f * other, other, c + 1e-5f * other, 1e-3f * other,
                                    Matrix(-0.5f * c + 0.5f * other)};
  for_all_methods([&](const auto& listed) {
    for (std::size_t i = 0; i < unconds.size(); ++i) {
      INFO(listed.name << ", uncond " << i);
      Inputs<Matrix> narrow = in;
      narrow.uncond = unconds[i];
      const auto wide = narrow.map([](const Matrix& m) { return Eigen::MatrixXd(m.cast<double>()); });
      const Eigen::MatrixXd exact = guided(stacked(listed.configured), wide);
      CHECK(relative_error(guided(stacked(listed.configured), narrow), exact.cast<float>()) < 3e-7);

      // A state that is all but the difference, or all but its opposite.
      for (const float sign : {1.0f, -1.0f}) {
        for (const std::size_t state : {4u, 5u, 6u})
          narrow.others[state] = sign * (c - narrow.uncond) + 1e-5f * in.others[state];
        const auto near = narrow.map([](const Matrix& m) { return Eigen::MatrixXd(m.cast<double>()); });
        const Eigen::MatrixXd want = guided(stacked(listed.configured), near);
        CHECK(relative_error(guided(stacked(listed.configured), narrow), want.cast<float>()) < 3e-7);
      }
    }
  });
}

TEST_CASE("law: any two methods compose to something finite, and to cond unconfigured") {
  // Chosen at run time: as many chains in the source would take minutes to compile.
  const auto in = normal_inputs<Matrix>(seed, 200, 2);
  const std::vector<Matrix> all = extremes();
  for_all_methods([&](const auto& first) {
    for_all_methods([&](const auto& second) {
      INFO(first.name << " | " << second.name);
      const AnyChain configured(first.configured, second.configured);
      using First = typename decltype(first.configured)::Vectors;
      using Second = typename decltype(second.configured)::Vectors;
      if (shares_state(First{}, Second{})) {
        CHECK_REJECTS(guided(configured, in), "expected the state of one link only");
        return;
      }
      CHECK(guided(AnyChain(first.unconfigured, second.unconfigured), in) == in.cond);
      for (std::size_t k = 0; k < all.size(); ++k)
        for (const std::size_t further : {0u, 1u, 3u, 6u}) {
          Inputs<Matrix> some{all[k], all[(k + further) % all.size()], {}};
          for (std::size_t other = 0; other < some.count; ++other)
            some.others[other] = all[(k + 2 * further + other) % all.size()];
          CHECK(all_finite(guided(configured, some)));
          CHECK(all_finite(guided(configured, some.map([](const Matrix& m) { return Eigen::MatrixXd(m.cast<double>()); }))));
        }
      if (!first.homogeneous || !second.homogeneous) return;
      for (const float factor : {0.25f, 64.0f})
        CHECK(guided(configured, in.map([&](const Matrix& m) { return Matrix(factor * m); })) ==
              factor * guided(configured, in));
    });
  });
}

TEST_CASE("law: what a method does not need changes no bit") {
  const auto in = normal_inputs<Matrix>(seed, 200, 2);
  const Matrix other = normal_inputs<Matrix>(seed + 99, 200, 2).cond;
  const Matrix nothing = Matrix::Constant(200, 2, std::numeric_limits<float>::quiet_NaN());
  const auto holds = [&](const auto& method, const Matrix& instead) {
    const Needs needs = needs_of(method);
    auto changed = in;
    if (!needs.uncond()) changed.uncond = instead;
    if (!needs.cond()) changed.cond = instead;
    for (const Role role : AnyChain::Every::further_roles())
      if (!needs.contains(role)) changed.others[in.place(role)] = instead;
    CHECK(same_bits(guided(method, changed), guided(method, in)));
    CHECK(same_bits(advanced(method, changed).guided, advanced(method, in).guided));  // whatever a state reads
  };
  for_all_methods([&](auto listed) {
    INFO(listed.name);
    holds(listed.unconfigured, nothing);
    holds(listed.configured, other);
    holds(stacked(listed.configured), other);
    const auto holds_after_momentum = [&](const auto& method) {
      if constexpr (!shares_state(typename Momentum::Vectors{}, typename std::decay_t<decltype(method)>::Vectors{})) {
        holds(Momentum{-0.5} | method, nothing);
        holds(Momentum{-0.5} | method | Perturbation{2.0}, nothing);
      }
    };
    if constexpr (has_scale<decltype(listed.configured)>::value) {
      for (const double scale : {0.0, 1.0}) {
        listed.configured.scale = scale;
        holds(listed.configured, nothing);
        holds_after_momentum(listed.configured);
      }
    }
  });
}

TEST_CASE("law: a method chosen at run time has the bits of the one in the source") {
  const auto in = normal_inputs<Matrix>(seed, 200, 2);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    CHECK(guided(AnyChain(Cfg{4.0}, listed.configured), in) == guided(stacked(listed.configured), in));
  });
}

TEST_CASE("law: a method chosen at run time needs what the one in the source does") {
  const auto same = [](const Dependence& a, const Dependence& b) {
    return a.guided == b.guided && a.states == b.states && a.is_constant == b.is_constant;
  };
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    CHECK(same(dependence_of(AnyChain(listed.unconfigured)), dependence_of(listed.unconfigured)));
    CHECK(same(dependence_of(AnyChain(listed.configured)), dependence_of(listed.configured)));
    CHECK(same(dependence_of(AnyChain(Cfg{4.0}, listed.configured)), dependence_of(stacked(listed.configured))));
  });
}

TEST_CASE("law: a run of a method chosen at run time has the bits of the one in the source") {
  auto in = normal_inputs<Matrix>(seed, 200, 2);
  for (const Role state : {Role::momentum, Role::correction, Role::average}) in.others[in.place(state)].setZero();
  const Moment now{6, 10, {}};
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    Guider guider(AnyChain(Cfg{4.0}, listed.configured));
    guider.reset(in.cond);
    Matrix out(200, 2);
    const auto predictions = given(AnyChain(), in, Reads<Role::middle, Role::perturbed, Role::isolated, Role::degraded,
                                                         prompt_role(0), prompt_role(1)>{}).options;
    std::apply([&](const auto&... each) { guider.apply(now, in.cond, in.cond, in.uncond, out, each...); }, predictions);
    CHECK(out == guided(at(stacked(listed.configured), now), in));
  });
}
