// SPDX-License-Identifier: MIT
#pragma once

// Schedules, methods, calls, training and likelihood without Eigen: tensors
// enter as a BatchView of a pointer. Most thresholds, spectral methods and presets
// need no Eigen either, and are included by themselves, so that this one stays
// quick to compile.

#include <eigenguide/version.hpp>

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/half.hpp>
#include <eigenguide/base/indices.hpp>
#include <eigenguide/base/opaque.hpp>
#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>

#include <eigenguide/algebra/gram.hpp>
#include <eigenguide/algebra/projection.hpp>
#include <eigenguide/algebra/row.hpp>

#include <eigenguide/noise/align_your_steps.hpp>
#include <eigenguide/noise/alpha_bar.hpp>
#include <eigenguide/noise/alphas_cumprod.hpp>
#include <eigenguide/noise/ancestral_step.hpp>
#include <eigenguide/noise/beta_quantile.hpp>
#include <eigenguide/noise/betas.hpp>
#include <eigenguide/noise/coordinates.hpp>
#include <eigenguide/noise/exponential.hpp>
#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/noise/half_log_snr.hpp>
#include <eigenguide/noise/karras.hpp>
#include <eigenguide/noise/kl_optimal.hpp>
#include <eigenguide/noise/laplace_sigmas.hpp>
#include <eigenguide/noise/level.hpp>
#include <eigenguide/noise/linear_multistep.hpp>
#include <eigenguide/noise/linear_quadratic.hpp>
#include <eigenguide/noise/polyexponential.hpp>
#include <eigenguide/noise/posterior.hpp>
#include <eigenguide/noise/ramp.hpp>
#include <eigenguide/noise/resolution_shift.hpp>
#include <eigenguide/noise/sigma_table.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/step_table.hpp>
#include <eigenguide/noise/timestep_spacing.hpp>
#include <eigenguide/noise/variance_preserving_sigmas.hpp>
#include <eigenguide/noise/zero_terminal_snr.hpp>

#include <eigenguide/prediction/conversion.hpp>
#include <eigenguide/prediction/kind.hpp>
#include <eigenguide/prediction/noising.hpp>
#include <eigenguide/prediction/preconditioning.hpp>
#include <eigenguide/prediction/space.hpp>
#include <eigenguide/prediction/update.hpp>
#include <eigenguide/schedule/beta_density.hpp>
#include <eigenguide/schedule/moment.hpp>
#include <eigenguide/schedule/ramp.hpp>
#include <eigenguide/schedule/window.hpp>

#include <eigenguide/method/adaptive_gate.hpp>
#include <eigenguide/method/all.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/apg.hpp>
#include <eigenguide/method/beta_cfg.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/composable.hpp>
#include <eigenguide/method/course.hpp>
#include <eigenguide/method/diagnostics.hpp>
#include <eigenguide/method/dual_cfg.hpp>
#include <eigenguide/method/epsilon_scaling.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/method/mambo_g.hpp>
#include <eigenguide/method/modality_isolation.hpp>
#include <eigenguide/method/momentum.hpp>
#include <eigenguide/method/momentum_guidance.hpp>
#include <eigenguide/method/needs.hpp>
#include <eigenguide/method/parse.hpp>
#include <eigenguide/method/perp_neg.hpp>
#include <eigenguide/method/perturbation.hpp>
#include <eigenguide/method/plan.hpp>
#include <eigenguide/method/rectified_cfg_plus_plus.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/method/scale.hpp>
#include <eigenguide/method/self_attention.hpp>
#include <eigenguide/method/slerp.hpp>
#include <eigenguide/method/smc_cfg.hpp>
#include <eigenguide/method/tcfg.hpp>
#include <eigenguide/method/with_scale.hpp>
#include <eigenguide/method/zero_init.hpp>

#include <eigenguide/kernel/basis.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/kernel/columns.hpp>
#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/kernel/elements.hpp>
#include <eigenguide/kernel/measured.hpp>
#include <eigenguide/kernel/reference.hpp>
#include <eigenguide/kernel/step.hpp>
#include <eigenguide/kernel/terms.hpp>
#include <eigenguide/kernel/trust.hpp>
#include <eigenguide/kernel/write.hpp>

#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/convert.hpp>
#include <eigenguide/guide/given.hpp>
#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/guide/guider.hpp>
#include <eigenguide/guide/levels.hpp>
#include <eigenguide/guide/parallel.hpp>
#include <eigenguide/guide/run.hpp>
#include <eigenguide/guide/scales.hpp>
#include <eigenguide/guide/step.hpp>
#include <eigenguide/guide/views.hpp>
#include <eigenguide/guide/with.hpp>
#include <eigenguide/guide/workspace.hpp>

#include <eigenguide/training/condition_dropout.hpp>
#include <eigenguide/training/edm_loss.hpp>
#include <eigenguide/training/flow_matching.hpp>
#include <eigenguide/training/loss_weight.hpp>
#include <eigenguide/training/mean_squared_error.hpp>
#include <eigenguide/training/timestep_density.hpp>

#include <eigenguide/likelihood/divergence.hpp>
#include <eigenguide/likelihood/field.hpp>
#include <eigenguide/likelihood/integrate.hpp>
#include <eigenguide/likelihood/integrator.hpp>
#include <eigenguide/likelihood/log_likelihood.hpp>
#include <eigenguide/likelihood/philox.hpp>
#include <eigenguide/likelihood/probability_flow.hpp>
#include <eigenguide/likelihood/probe.hpp>
#include <eigenguide/likelihood/workspace.hpp>
