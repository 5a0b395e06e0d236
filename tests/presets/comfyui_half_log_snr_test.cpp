// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_half_log_snr.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("comfyui_half_log_snr: within a run it is the plain one, there and back") {
  for (const double sigma : {0.01, 0.3, 0.9}) {
    CHECK(comfyui::sigma_to_half_log_snr(sigma, false) == Approx(-std::log(sigma)).epsilon(1e-14));
    CHECK(comfyui::sigma_to_half_log_snr(sigma, true) == Approx(std::log((1.0 - sigma) / sigma)).epsilon(1e-13));
    for (const bool is_flow : {false, true})
      CHECK(comfyui::half_log_snr_to_sigma(comfyui::sigma_to_half_log_snr(sigma, is_flow), is_flow) ==
            Approx(sigma).epsilon(1e-13));
  }
}

TEST_CASE("comfyui_half_log_snr: the ends of a run have a finite one that leads back to them") {
  CHECK(comfyui::sigma_to_half_log_snr(0.0, false) == 700.0);
  CHECK(comfyui::sigma_to_half_log_snr(0.0, true) == 700.0);
  CHECK(comfyui::sigma_to_half_log_snr(1.0, true) == -700.0);
  CHECK(comfyui::half_log_snr_to_sigma(-700.0, true) == 1.0);
  CHECK(comfyui::half_log_snr_to_sigma(700.0, true) < 1e-300);
  CHECK(comfyui::half_log_snr_to_sigma(700.0, false) < 1e-300);
}

TEST_CASE("comfyui_half_log_snr: what is no level is rejected") {
  CHECK_REJECTS(comfyui::sigma_to_half_log_snr(-1.0, false), "`sigma` is -1");
  CHECK_REJECTS(comfyui::sigma_to_half_log_snr(1.5, true), "`t` is 1.5");
  CHECK_REJECTS(comfyui::half_log_snr_to_sigma(701.0, false), "`half_log_snr` is 701");
}
