// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_perp_neg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <array>

using namespace eigenguide;

TEST_CASE("ComfyUI Perp-Neg: e + s (p − w n⊥)") {
  // p = (2, 0), n = (6, 1)
  const Pair positive{3.0, 1.0}, empty{1.0, 1.0}, negative{7.0, 2.0};
  Pair out{};
  guide(with(comfyui::PerpNegGuider{}.at(8.0), prompt<0>(negative)), positive, empty, out);
  CHECK(out == Pair{17.0, -7.0});
  guide(with(comfyui::PerpNegGuider{0.5}.at(8.0), prompt<0>(negative)), positive, empty, out);
  CHECK(out == Pair{17.0, -3.0});
}

TEST_CASE("ComfyUI Perp-Neg: the whole batch is one sample") {
  // Two samples of two, p = (1, 0 | 0, 1) and n = (0, 1 | 0, 1): ⟨n, p⟩ / ‖p‖² = 1/2 of all,
  // but 0 and 1 of each.
  const std::array<double, 4> positive{1.0, 0.0, 0.0, 1.0}, empty{}, negative{0.0, 1.0, 0.0, 1.0};
  const auto batch = [](const std::array<double, 4>& values) { return BatchView<const double>(values.data(), 2, 2); };
  std::array<double, 4> whole{}, each{};
  const BatchView<double> to_whole(whole.data(), 2, 2), to_each(each.data(), 2, 2);
  const auto method = comfyui::PerpNegGuider{}.at(2.0);
  guide(with(method, prompt<0>(one_sample(batch(negative)))), one_sample(batch(positive)), one_sample(batch(empty)),
        one_sample(to_whole));
  guide(with(method, prompt<0>(batch(negative))), batch(positive), batch(empty), to_each);
  CHECK(whole == std::array<double, 4>{3.0, -2.0, 0.0, 1.0});
  CHECK(each == std::array<double, 4>{2.0, -2.0, 0.0, 2.0});
}
