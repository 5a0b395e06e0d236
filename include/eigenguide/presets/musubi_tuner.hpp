// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/perturbation.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <cstddef>
#include <optional>

/// musubi-tuner's Wan sampling.
/// Source  kohya-ss/musubi-tuner @ 30c658c4f4b0bf05038b3346eff9670259b10fc7,
///         src/musubi_tuner/wan_generate_video.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace musubi_tuner {

using eigenguide::operator|;

/// Which steps of a run go without classifier-free guidance.
enum class CfgSkipMode {
  none,        ///< no step
  early,       ///< the first ones
  late,        ///< the last ones
  middle,      ///< those in the middle
  early_late,  ///< those at both ends
  alternate,   ///< every so many
};

/// The steps of a run that are guided, where a share `ratio` of them is; a
/// window, see schedule/window.hpp. Without a ratio all are.
///
///   n = int(count · ratio) are guided, count − n are not
///   alternate   the ratio is added up, and a step guided when the sum reaches 1
///
/// Halves round down at the start: early_late guides [(count − n) / 2, + n), and
/// middle skips [n / 2, + (count − n)).
struct CfgSkip {
  CfgSkipMode mode = CfgSkipMode::none;
  std::optional<double> ratio{};  ///< as a share, in [0, 1]

  void validate() const {
    if (ratio) require(*ratio >= 0.0 && *ratio <= 1.0, "ratio", *ratio, "a number in [0, 1]");
  }

  /// Errors: a ratio that is not in [0, 1]
  /// Cost: of `alternate`, one addition for each step so far
  bool contains(const Moment& moment) const {
    validate();
    if (!ratio || mode == CfgSkipMode::none) return true;
    const std::size_t step = moment.step, count = moment.count;
    const auto guided = static_cast<std::size_t>(static_cast<double>(count) * *ratio);
    const std::size_t skipped = count - guided;
    switch (mode) {
      case CfgSkipMode::early: return step >= skipped;
      case CfgSkipMode::late: return step < guided;
      case CfgSkipMode::middle: return step < guided / 2 || step >= guided / 2 + skipped;
      case CfgSkipMode::early_late: return step >= skipped / 2 && step < skipped / 2 + guided;
      case CfgSkipMode::alternate: {
        bool applies = false;
        double sum = 0.0;
        for (std::size_t i = 0; i <= step; ++i) {
          sum += *ratio;
          applies = sum >= 1.0;
          if (applies) sum -= 1.0;
        }
        return applies;
      }
      case CfgSkipMode::none: break;
    }
    return true;
  }
};

/// What skip-layer guidance does with its prediction p, which the peer makes
/// with the null prompt.
enum class SlgMode {
  none,
  original,  ///< g = u + s d + k (c − p)
  uncond,    ///< p in the place of u: g = p + s (c − p)
};

/// One guided step.
///
///   const bool applies = CfgSkip{mode, ratio}.contains({step, count, {}});
///   guide(with(guidance.at(step, count, applies), perturbed(p)), cond,
///         guidance.takes_perturbed(step, count) ? p : uncond, out);
struct Guidance {
  double guidance_scale = 5.0;  ///< s, no unit
  SlgMode slg_mode = SlgMode::none;
  double slg_scale = 3.0;  ///< k, no unit
  double slg_start = 0.0;  ///< as a share of the run, inclusive
  double slg_end = 0.3;    ///< step after the last, as a share

  /// Whether p takes part at `step`, 0-based, of `count`.
  /// Errors: a start or end that is not in [0, 1]
  bool is_slg(std::size_t step, std::size_t count) const {
    require(slg_start >= 0.0 && slg_start <= 1.0, "slg_start", slg_start, "a number in [0, 1]");
    require(slg_end >= 0.0 && slg_end <= 1.0, "slg_end", slg_end, "a number in [0, 1]");
    const double steps = static_cast<double>(count);
    return slg_mode != SlgMode::none && step >= static_cast<std::size_t>(slg_start * steps) &&
           step < static_cast<std::size_t>(slg_end * steps);
  }

  /// Whether `uncond` is p at this step.
  bool takes_perturbed(std::size_t step, std::size_t count) const {
    return slg_mode == SlgMode::uncond && is_slg(step, count);
  }

  /// The guidance of a step that `applies` guidance; of others it is c.
  Chain<Cfg, Perturbation> at(std::size_t step, std::size_t count, bool applies = true) const {
    const bool adds = applies && slg_mode == SlgMode::original && is_slg(step, count);
    return Cfg{applies ? guidance_scale : 1.0} | Perturbation{adds ? slg_scale : 0.0};
  }
};

}}}  // namespace eigenguide::musubi_tuner
