// SPDX-License-Identifier: MIT
#include <eigenguide/base/require.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <limits>
#include <string>

using namespace eigenguide;

namespace {

struct Validated {
  double scale = 1.0;
  void validate() const { require_finite("scale", scale); }
};

}  // namespace

TEST_CASE("require: a rejection names the argument, its value and the expectation") {
  CHECK_THROWS_WITH(require(false, "phi", 1.5, "a number in [0, 1]"),
                    "eigenguide: `phi` is 1.5; expected a number in [0, 1]");
  CHECK_THROWS_AS(require(false, "phi", 1.5, "a number in [0, 1]"), std::invalid_argument);
  CHECK_NOTHROW(require(true, "phi", 1.5, "a number in [0, 1]"));
}

TEST_CASE("require: values are printed so that they read back") {
  CHECK(describe(0.1) == "0.1");
  CHECK(describe(1.0 / 3.0) == "0.33333333333333331");
  CHECK(describe(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("require: NaN is rejected, whatever a comparison said of it") {
  CHECK_REJECTS(require(true, "max", std::numeric_limits<double>::quiet_NaN(), "a positive number"),
                "`max` is nan; expected a positive number");
  CHECK_NOTHROW(require(true, "max", std::numeric_limits<double>::infinity(), "a positive number"));
}

TEST_CASE("require: what is not finite is rejected") {
  CHECK_REJECTS(require_finite("scale", std::numeric_limits<double>::quiet_NaN()), "`scale` is");
  CHECK_REJECTS(require_finite("scale", std::numeric_limits<double>::infinity()), "`scale` is inf");
  CHECK_NOTHROW(require_finite("scale", -7.5));
}

TEST_CASE("require: a sentence is one line, and whole, whatever text it quotes") {
  CHECK_REJECTS(reject("method", quoted(std::string("a\0b\nc\x1b\x7f", 7)), "one line"),
                "`method` is `a\\x00b\\x0ac\\x1b\\x7f`; expected one line");
}

TEST_CASE("require: a count is that of a list that there may be") {
  CHECK_NOTHROW(require_count("steps", 0));
  CHECK_NOTHROW(require_count("steps", 999999999));
  CHECK_REJECTS(require_count("steps", 1000000000), "`steps` is 1e+09; expected fewer than 1e9");
  CHECK_REJECTS(require_count("steps", std::numeric_limits<std::size_t>::max()), "expected fewer than 1e9");
}

TEST_CASE("require: what validates itself is asked, and nothing else") {
  CHECK_NOTHROW(require_valid(Validated{}));
  CHECK_NOTHROW(require_valid([] {}));
  CHECK_REJECTS(require_valid(Validated{std::numeric_limits<double>::infinity()}), "`scale` is inf");
}
