// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/eigenguide.hpp>

#include <string>
#include <tuple>

/// One method as the laws see it: unconfigured, and as a user would set it.
template <class Method>
struct Listed {
  std::string name;
  Method unconfigured;
  Method configured;
  bool affine = false;       ///< weights of the predictions sum to 1, whatever the data
  bool homogeneous = true;   ///< scaling all inputs scales the result
  bool counts_elements = Method::Vectors::contains(eigenguide::Role::one);  ///< more zeros change the result
  bool keeps_equal = true;   ///< equal predictions, before any step, are returned
  bool one_is_cond = true;   ///< at scale 1 it returns cond
};

/// The list of all methods: a method is subject to every law by standing here.
inline auto all_methods() {
  using namespace eigenguide;
  return std::tuple{
      Listed<Cfg>{"cfg", {}, {7.5}, true},
      Listed<CfgZeroStar>{"cfg_zero_star", {}, {7.5}},
      Listed<Slerp>{"slerp, linear", {}, {2.5}},
      Listed<Slerp>{"slerp, conditional", {1.0, Magnitude::conditional}, {2.5, Magnitude::conditional}},
      Listed<Slerp>{"slerp, raw", {1.0, Magnitude::raw}, {2.5, Magnitude::raw}},
      Listed<Rescale>{"rescale", {}, {0.7}},
      Listed<Renorm>{"renorm, exact", {}, Renorm::exact()},
      Listed<Renorm>{"renorm, capped", {}, Renorm::capped(1.2, 0.3)},
      Listed<Tcfg>{"tcfg", {}, {7.5}},
      Listed<MamboG>{"mambo_g", {}, {7.5, 0.5}},
      Listed<DualCfg>{"dual_cfg", {}, {7.5, 1.5}, true, true, false, true, false},
      Listed<NestedDualCfg>{"nested_dual_cfg", {}, {3.0, 1.5}, true, true, false, true, false},
      Listed<Composable<1>>{"composable", {}, {7.5, {-1.5}}, true, true, false, true, false},
      Listed<Perturbation>{"perturbation", {}, {2.8}, true},
      Listed<ModalityIsolation>{"modality_isolation", {}, {3.0}, true},
      Listed<SelfAttention>{"self_attention", {}, {0.75}, true},
      Listed<RectifiedCfgPlusPlus>{"rectified_cfg_plus_plus", {}, {0.5}, true},
      Listed<MomentumGuidance>{"momentum_guidance", {}, {0.5, 0.6, 3}, false, true, false, false},
      Listed<EpsilonScaling>{"epsilon_scaling", {}, {1.25}, false, true, false, false},
      Listed<AdaptiveGate>{"adaptive_gate", {}, {-0.5}},
      Listed<ZeroInit>{"zero_init", {}, {2, 5}},
  };
}

template <class Action>
void for_all_methods(const Action& action) {
  std::apply([&](const auto&... listed) { (action(listed), ...); }, all_methods());
}
