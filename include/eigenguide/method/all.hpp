// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <eigenguide/method/mambo_g.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/method/slerp.hpp>
#include <eigenguide/method/tcfg.hpp>
#include <eigenguide/method/zero_init.hpp>

#include <variant>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The list of all methods that can be chosen at run time: a method is known
/// by name by standing here.
using AllMethods = std::variant<
    Cfg,
    CfgZeroStar,
    MamboG,
    Renorm,
    Rescale,
    Slerp,
    Tcfg,
    ZeroInit>;

}}  // namespace eigenguide
