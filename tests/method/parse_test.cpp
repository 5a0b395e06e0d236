// SPDX-License-Identifier: MIT
#include <eigenguide/method/parse.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("parse: a chain is named as it is written") {
  CHECK(text_of(parse("cfg_zero_star(scale=5) | rescale(phi=0.7)")) == "cfg_zero_star(scale=5) | rescale(phi=0.7)");
  CHECK(text_of(parse("  slerp ( magnitude = raw,scale=-2.5e-1 )|renorm(floor=0,cap=inf)\n")) ==
        "slerp(scale=-0.25, magnitude=raw) | renorm(ratio=1, floor=0, cap=inf)");
  CHECK(text_of(parse("zero_init(step=3)")) == "zero_init(steps=0, step=3)");
  CHECK(text_of(parse("cfg()")) == "cfg(scale=1)");
}

TEST_CASE("parse: momentum beside a method is the link before it") {
  CHECK(text_of(parse("apg(scale=7.5, eta=0, momentum=-0.5) | rescale(phi=0.7)")) ==
        "momentum(momentum=-0.5) | apg(scale=7.5, eta=0, norm_threshold=0, length=norm, smoothing=0) | rescale(phi=0.7)");
  CHECK(text_of(parse("momentum(momentum=0.25) | cfg(scale=2)")) == text_of(parse("cfg(scale=2, momentum=0.25)")));
}

TEST_CASE("parse: a text is read back as the same chain") {
  for (const double scale : {0.1, 1.0 / 3.0, -1e-300, 7.5, 12345678.9}) {
    const AnyChain chain = Cfg{scale};
    CHECK(text_of(parse(text_of(chain))) == text_of(chain));
    CHECK(std::get<Cfg>(parse(text_of(chain)).begin()->method()).scale == scale);
  }
}

TEST_CASE("parse: what is wrong is named, with its place") {
  CHECK_REJECTS(parse(""), "`method` is \"\", and at its end; expected the name of a method");
  CHECK_REJECTS(parse("cfg(scale=2"), "`method` is \"cfg(scale=2\", and at its end; expected `,` or `)`");
  CHECK_REJECTS(parse("cfg(scale=)"), "and at `)`; expected a value");
  CHECK_REJECTS(parse("cfg(scale 2)"), "and at `2)`; expected `=`");
  CHECK_REJECTS(parse("cfg(2)"), "and at `)`; expected `=`");
  CHECK_REJECTS(parse("cfg cfg"), "and at `cfg`; expected `|` or the end");
  CHECK_REJECTS(parse("cfg |"), "and at its end; expected the name of a method");
  CHECK_REJECTS(parse("cfg(scale=1,)"), "and at `)`; expected the name of a parameter");
  CHECK_REJECTS(parse("cfg(scale=1e)"), "`scale` is `1e`; expected a number");
  CHECK_REJECTS(parse("cfg(scale=nan)"), "`scale` is `nan`; expected a number");
  CHECK_REJECTS(parse("cfg(scale=2x)"), "`scale` is `2x`; expected a number");
  CHECK_REJECTS(parse("cfg(scale=inf)"), "`scale` is inf");
  CHECK_REJECTS(parse("cfg(scale=-inf)"), "`scale` is -inf");
  CHECK_REJECTS(parse("cgf"), "`method` is `cgf`; expected one of");
  CHECK_REJECTS(parse("rescale(fi=0.7)"), "`parameter` is `fi` of rescale; expected one of phi");
  CHECK_REJECTS(parse("rescale(phi=7)"), "`phi` is 7; expected a number in [0, 1]");
  CHECK_REJECTS(parse("cfg;"), "and at `;`; expected");
  CHECK_REJECTS(parse("cfg(scale=1, scale=2)"), "expected each parameter once");
  CHECK_REJECTS(parse("apg(momentum=0.5, momentum=0.7)"), "expected each parameter once");
  CHECK_REJECTS(parse("cfg(scale=true)"), "`scale` is `true`; expected a number");
  CHECK_REJECTS(parse("rescale(momentum=0.5)"), "`parameter` is `momentum` of rescale; expected one of phi");
  CHECK_REJECTS(parse("zero_init(momentum=1)"), "`parameter` is `momentum` of zero_init");
  CHECK(text_of(parse("cfg(scale=2)\r\n| rescale\r\n")) == "cfg(scale=2) | rescale(phi=0)");
}
