// SPDX-License-Identifier: MIT
#include <eigenguide/training/condition_dropout.hpp>

#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/spatial.hpp>

#include <limits>
#include <vector>

using namespace eigenguide;

TEST_CASE("condition_dropout: exact at 0 and 1, strict between") {
  for (const double u : {0.0, 0.5, 1.0}) {
    CHECK(ConditionDropout{0.0}(u));
    CHECK_FALSE(ConditionDropout{1.0}(u));
  }
  CHECK(ConditionDropout{0.25}(0.7499));
  CHECK_FALSE(ConditionDropout{0.25}(0.75));
  CHECK_FALSE(ConditionDropout{0.1}(0.9f));  // 1 − p as a float is the draw
}

TEST_CASE("condition_dropout: drops as often as it says, and independently with draws of its own") {
  Random random(3);
  const int count = 100000;
  int first = 0, second = 0, both = 0;
  for (int i = 0; i < count; ++i) {
    const bool a = !ConditionDropout{0.2}(random.uniform()), b = !ConditionDropout{0.3}(random.uniform());
    first += a;
    second += b;
    both += a && b;
  }
  CHECK(first / double(count) == Approx(0.2).margin(0.006));
  CHECK(second / double(count) == Approx(0.3).margin(0.006));
  CHECK(both / double(count) == Approx(0.06).margin(0.004));
}

TEST_CASE("condition_dropout: a third each without text, both, image") {
  const TextImageDropout drop{0.1};
  const auto is = [&](double u, bool text, bool image) { return drop(u).text == text && drop(u).image == image; };
  CHECK(is(0.0, false, true));
  CHECK(is(0.0999, false, true));
  CHECK(is(0.1, false, false));
  CHECK(is(0.1999, false, false));
  CHECK(is(0.2, true, false));
  CHECK(is(0.2999, true, false));
  CHECK(is(0.31, true, true));
  CHECK(TextImageDropout{}(0.0).text);
  CHECK(TextImageDropout{}(0.0).image);
}

TEST_CASE("where: kept conditions and one null for the others, or one for each") {
  Eigen::MatrixXf cond(2, 3), nulls(2, 3), out(2, 3);
  cond << 1, 2, 3, 4, 5, 6;
  nulls << -1, -2, -3, -4, -5, -6;
  const std::vector<bool> keep{true, false, true};
  where(keep, cond, std::vector<float>{8.0f, 9.0f}, out);
  CHECK(out.col(0) == cond.col(0));
  CHECK(out.col(1) == Eigen::Vector2f(8.0f, 9.0f));
  CHECK(out.col(2) == cond.col(2));
  where(keep, cond, nulls, out);
  CHECK(out.col(1) == nulls.col(1));
  CHECK(out.col(2) == cond.col(2));
  CHECK(where(Eigen::Array<bool, 3, 1>(true, false, true), cond, nulls) == out);
}

TEST_CASE("where: one sample, whose null has no batch dimension") {
  const std::vector<float> cond{1, 2}, null{8, 9};
  CHECK(where(std::vector<bool>{true}, cond, null) == cond);
  CHECK(where(std::vector<bool>{false}, cond, null) == null);
}

TEST_CASE("where: a null without a batch dimension, with one of 1, or flat; not one of other extents") {
  const Spatial<float> cond({2, 3, 4}, 1), null({3, 4}, 2), batched({1, 3, 4}, 2), transposed({4, 3}, 2);
  Spatial<float> out({2, 3, 4});
  const std::vector<bool> keep{true, false};
  std::vector<float> expected(cond.values.begin(), cond.values.begin() + 12);
  expected.insert(expected.end(), null.values.begin(), null.values.end());
  for (const BatchView<const float>& one : {null.view(), batched.view(), one_sample(null.values.data(), 12)}) {
    out.values.assign(24, 0.0f);
    where(keep, cond.view(), one, out.view());
    CHECK(out.values == expected);
  }
  CHECK_REJECTS(where(keep, cond.view(), transposed.view(), out.view()), "`null` is of shape [4, 3]");
  CHECK_REJECTS(where(keep, cond.view(), Spatial<float>({1, 4, 3}).view(), out.view()), "`null` is of shape [1, 4, 3]");
}

TEST_CASE("where: the output may be the condition or the nulls, and what is not taken may be NaN") {
  const Eigen::MatrixXf cond = Eigen::MatrixXf::Constant(2, 2, 1.0f);
  const Eigen::MatrixXf nulls = Eigen::MatrixXf::Constant(2, 2, std::numeric_limits<float>::quiet_NaN());
  const std::vector<bool> keep = keep_mask(ConditionDropout{}, std::vector<float>{0.1f, 0.9f});
  CHECK(where(keep, cond, nulls) == cond);
  Eigen::MatrixXf a = cond, b = nulls;
  where(keep, a, nulls, a);
  where(keep, cond, b, b);
  CHECK(a == cond);
  CHECK(b == cond);
}

TEST_CASE("condition_dropout: bad calls are rejected, and nothing is written") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(ConditionDropout{1.5}(0.5), "`probability` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(ConditionDropout{nan}(0.5), "`probability`");
  CHECK_REJECTS(ConditionDropout{0.5}(-0.5), "`uniform` is -0.5");
  CHECK_REJECTS(ConditionDropout{0.0}(nan), "`uniform`");
  CHECK_REJECTS(TextImageDropout{0.5}(0.5), "`probability` is 0.5; expected a number in [0, 1/3]");

  std::vector<float> memory(10, 9.0f);
  const BatchView<float> cond(memory.data(), 2, 3), shifted(memory.data() + 1, 2, 3), first(memory.data(), 1, 3);
  const std::vector<bool> keep{true, false};
  CHECK_REJECTS(where(std::vector<bool>{true}, cond, std::vector<float>(3), cond), "`keep` is 1; expected one entry");
  CHECK_REJECTS(where(keep, cond, std::vector<float>(2), cond), "`null` is of shape [2]");
  CHECK_REJECTS(where(keep, cond, std::vector<float>(3), shifted), "`out` is partly in the memory of `cond`");
  const BatchView<float> second(memory.data() + 3, 1, 3);
  CHECK_REJECTS(where(keep, cond, first, cond), "`out` is partly in the memory of `null`");
  CHECK_REJECTS(where(keep, cond, second, cond), "`out` is partly in the memory of `null`");
  CHECK(memory == std::vector<float>(10, 9.0f));
}
