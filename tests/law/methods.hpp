// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/eigenguide.hpp>

#include <string>
#include <tuple>

/// One method as the laws see it: unconfigured, and as a user would set it.
template <class Method>
struct Listed {
  std::string name;
  Method unconfigured{};
  Method configured;
  bool affine = false;       ///< constant weights that sum to 1: the same bits in every space
  bool homogeneous = true;   ///< scaling all inputs scales the result
  bool one_is_cond = true;   ///< at scale 1 it returns cond
  bool keeps_equal = true;   ///< equal predictions, before any step, are returned
  bool counts_elements = Method::Vectors::contains(eigenguide::Role::one);  ///< more zeros change the result
  bool depends_on_space = !affine;  ///< after Cfg, on numbers like any
};

/// The list of all methods: a method is subject to every law by standing here.
inline auto all_methods() {
  using namespace eigenguide;
  return std::tuple{
      Listed<Cfg>{.name = "cfg", .configured = {7.5}, .affine = true},
      Listed<CfgZeroStar>{.name = "cfg_zero_star", .configured = {7.5}},
      Listed<Slerp>{.name = "slerp, linear", .configured = {2.5}},
      Listed<Slerp>{.name = "slerp, conditional", .unconfigured = {1.0, Magnitude::conditional},
                    .configured = {2.5, Magnitude::conditional}},
      Listed<Slerp>{.name = "slerp, raw", .unconfigured = {1.0, Magnitude::raw}, .configured = {2.5, Magnitude::raw}},
      Listed<Rescale>{.name = "rescale", .configured = {0.7}},
      Listed<Renorm>{.name = "renorm, exact", .configured = Renorm::exact()},
      Listed<Renorm>{.name = "renorm, capped", .configured = Renorm::capped(1.2, 0.3)},
      Listed<Tcfg>{.name = "tcfg", .configured = {7.5}},
      Listed<MamboG>{.name = "mambo_g", .configured = {7.5, 0.5}},
      Listed<ZeroInit>{.name = "zero_init", .configured = {2, 5}, .depends_on_space = false},
      Listed<DualCfg>{.name = "dual_cfg", .configured = {7.5, 1.5}, .affine = true, .one_is_cond = false},
      Listed<NestedDualCfg>{.name = "nested_dual_cfg", .configured = {3.0, 1.5}, .affine = true, .one_is_cond = false},
      Listed<Composable<1>>{.name = "composable", .configured = {7.5, {-1.5}}, .affine = true, .one_is_cond = false},
      Listed<Perturbation>{.name = "perturbation", .configured = {2.8}, .affine = true},
      Listed<ModalityIsolation>{.name = "modality_isolation", .configured = {3.0}, .affine = true},
      Listed<SelfAttention>{.name = "self_attention", .configured = {0.75}, .affine = true},
      Listed<RectifiedCfgPlusPlus>{.name = "rectified_cfg_plus_plus", .configured = {0.5}, .affine = true},
      Listed<MomentumGuidance>{.name = "momentum_guidance", .configured = {0.5, 0.6, 3}, .keeps_equal = false},
      Listed<EpsilonScaling>{.name = "epsilon_scaling", .configured = {1.25}, .keeps_equal = false},
      Listed<AdaptiveGate>{.name = "adaptive_gate", .configured = {-0.5}, .depends_on_space = false},
      Listed<Momentum>{.name = "momentum", .configured = {-0.5}, .depends_on_space = false},
      Listed<Apg>{.name = "apg", .configured = {7.5, 0.0, 5.0}, .homogeneous = false},
      Listed<Apg>{.name = "apg, bounded only", .configured = {7.5, 1.0, 5.0}, .homogeneous = false},
      Listed<Apg>{.name = "apg, rms", .configured = {7.5, 0.2, 0.5, Length::rms, 0.3}, .homogeneous = false,
                  .counts_elements = true},
      Listed<PerpNeg<1>>{.name = "perp_neg", .configured = {{1.0}}, .depends_on_space = false},
      Listed<BetaCfg>{.name = "beta_cfg", .configured = {2.0, 3.0, 1.0, 0.3}, .homogeneous = false},
      Listed<SmcCfg>{.name = "smc_cfg", .configured = {0.3, 6.0}, .homogeneous = false},
  };
}

template <class Action>
void for_all_methods(const Action& action) {
  std::apply([&](const auto&... listed) { (action(listed), ...); }, all_methods());
}
