// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/adaptive_gate.hpp>
#include <eigenguide/method/apg.hpp>
#include <eigenguide/method/beta_cfg.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <eigenguide/method/composable.hpp>
#include <eigenguide/method/dual_cfg.hpp>
#include <eigenguide/method/epsilon_scaling.hpp>
#include <eigenguide/method/mambo_g.hpp>
#include <eigenguide/method/modality_isolation.hpp>
#include <eigenguide/method/momentum.hpp>
#include <eigenguide/method/momentum_guidance.hpp>
#include <eigenguide/method/perp_neg.hpp>
#include <eigenguide/method/perturbation.hpp>
#include <eigenguide/method/rectified_cfg_plus_plus.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/method/self_attention.hpp>
#include <eigenguide/method/slerp.hpp>
#include <eigenguide/method/smc_cfg.hpp>
#include <eigenguide/method/tcfg.hpp>
#include <eigenguide/method/zero_init.hpp>

#include <variant>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The list of all methods that can be chosen at run time: a method is known
/// by name by standing here.
using AllMethods = std::variant<
    AdaptiveGate,
    Apg,
    BetaCfg,
    Cfg,
    CfgZeroStar,
    Composable<1>,
    DualCfg,
    EpsilonScaling,
    MamboG,
    ModalityIsolation,
    Momentum,
    MomentumGuidance,
    NestedDualCfg,
    PerpNeg<1>,
    Perturbation,
    RectifiedCfgPlusPlus,
    Renorm,
    Rescale,
    SelfAttention,
    Slerp,
    SmcCfg,
    Tcfg,
    ZeroInit>;

}}  // namespace eigenguide
