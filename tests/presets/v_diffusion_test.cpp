// SPDX-License-Identifier: MIT
#include <eigenguide/presets/v_diffusion.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("v_diffusion: ddpm's log-SNR is -ln(e^(1e-4 + 10 t^2) - 1)") {
  for (const double t : {0.0, 0.1, 0.5, 0.9, 1.0}) {
    const double log_snr = -std::log(std::expm1(1e-4 + 10.0 * t * t));
    CHECK(v_diffusion::DdpmAlphaBar{}(t) == Approx(1.0 / (1.0 + std::exp(-log_snr))).epsilon(1e-12));
  }
}

TEST_CASE("v_diffusion: the spliced schedule is the cosine, then ddpm's to its end, without a jump") {
  const v_diffusion::SplicedDdpmCosineAlphaBar spliced;
  const double length = 1.0 + 0.80074257 - 0.48536712, joint = 0.80074257 / length;
  CHECK(spliced(0.0) == 1.0);
  CHECK(spliced(0.3) == Approx(std::pow(std::cos(std::acos(-1.0) / 2 * 0.3 * length), 2)));
  CHECK(spliced(0.9) == Approx(v_diffusion::DdpmAlphaBar{}(1.0 - 0.1 * length)));
  CHECK(spliced(1.0) == v_diffusion::DdpmAlphaBar{}(1.0));
  CHECK(spliced(joint - 1e-9) == Approx(spliced(joint + 1e-9)).epsilon(1e-6));
}

TEST_CASE("v_diffusion: a time that is none is rejected") {
  CHECK_REJECTS(v_diffusion::DdpmAlphaBar{}(1.5), "`t` is 1.5");
  CHECK_REJECTS(v_diffusion::SplicedDdpmCosineAlphaBar{}(std::numeric_limits<double>::quiet_NaN()), "`t`");
}
