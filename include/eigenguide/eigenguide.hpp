// SPDX-License-Identifier: MIT
#pragma once

// Everything: the core, Eigen's matrices and tensors, order statistics, what
// needs neighbours in space, and the peers' presets.

#include <eigenguide/core.hpp>

#include <eigenguide/tensor/fourier.hpp>
#include <eigenguide/tensor/half.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>

#include <eigenguide/threshold/channels.hpp>
#include <eigenguide/threshold/dynamic_threshold.hpp>
#include <eigenguide/threshold/element.hpp>
#include <eigenguide/threshold/mahiro.hpp>
#include <eigenguide/threshold/mimic.hpp>
#include <eigenguide/threshold/quantile.hpp>
#include <eigenguide/threshold/skimmed_cfg.hpp>
#include <eigenguide/threshold/tonemap.hpp>

#include <eigenguide/spectral/band_guidance.hpp>
#include <eigenguide/spectral/bilinear.hpp>
#include <eigenguide/spectral/convolution.hpp>
#include <eigenguide/spectral/frequency_decoupled.hpp>
#include <eigenguide/spectral/frequency_shift.hpp>
#include <eigenguide/spectral/fresca.hpp>
#include <eigenguide/spectral/gaussian_blur.hpp>
#include <eigenguide/spectral/laplacian_pyramid.hpp>
#include <eigenguide/spectral/planes.hpp>
#include <eigenguide/spectral/pyramid.hpp>

#include <eigenguide/presets/ace_step.hpp>
#include <eigenguide/presets/bagel.hpp>
#include <eigenguide/presets/beta_cfg.hpp>
#include <eigenguide/presets/cfg_zero_star.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/presets/comfyui_apg.hpp>
#include <eigenguide/presets/comfyui_cfg_zero_star.hpp>
#include <eigenguide/presets/comfyui_discrete_sampling.hpp>
#include <eigenguide/presets/comfyui_fresca.hpp>
#include <eigenguide/presets/comfyui_half_log_snr.hpp>
#include <eigenguide/presets/comfyui_mahiro.hpp>
#include <eigenguide/presets/comfyui_model_sampling.hpp>
#include <eigenguide/presets/comfyui_perp_neg.hpp>
#include <eigenguide/presets/comfyui_perturbation.hpp>
#include <eigenguide/presets/comfyui_prediction.hpp>
#include <eigenguide/presets/comfyui_schedulers.hpp>
#include <eigenguide/presets/comfyui_sigma_nodes.hpp>
#include <eigenguide/presets/comfyui_tonemap.hpp>
#include <eigenguide/presets/diffusers.hpp>
#include <eigenguide/presets/diffusers_apg.hpp>
#include <eigenguide/presets/diffusers_betas.hpp>
#include <eigenguide/presets/diffusers_edm.hpp>
#include <eigenguide/presets/diffusers_frequency.hpp>
#include <eigenguide/presets/diffusers_level.hpp>
#include <eigenguide/presets/diffusers_longcat.hpp>
#include <eigenguide/presets/diffusers_perturbation.hpp>
#include <eigenguide/presets/diffusers_pipelines.hpp>
#include <eigenguide/presets/diffusers_schedules.hpp>
#include <eigenguide/presets/diffusers_sigmas.hpp>
#include <eigenguide/presets/diffusers_sigmas_dpmsolver_multistep.hpp>
#include <eigenguide/presets/diffusers_sigmas_edm_euler.hpp>
#include <eigenguide/presets/diffusers_sigmas_euler_discrete.hpp>
#include <eigenguide/presets/diffusers_sigmas_flow_match_euler.hpp>
#include <eigenguide/presets/diffusers_sigmas_unipc.hpp>
#include <eigenguide/presets/diffusers_thresholding.hpp>
#include <eigenguide/presets/diffusers_timesteps.hpp>
#include <eigenguide/presets/guidance_interval.hpp>
#include <eigenguide/presets/guided_diffusion.hpp>
#include <eigenguide/presets/k_diffusion_schedule.hpp>
#include <eigenguide/presets/kjnodes.hpp>
#include <eigenguide/presets/kornia.hpp>
#include <eigenguide/presets/musubi_tuner.hpp>
#include <eigenguide/presets/nearest_timestep.hpp>
#include <eigenguide/presets/rescale_noise_cfg.hpp>
#include <eigenguide/presets/sd_dynamic_thresholding.hpp>
#include <eigenguide/presets/self_attention.hpp>
#include <eigenguide/presets/skimmed_cfg.hpp>
#include <eigenguide/presets/stable_audio.hpp>
#include <eigenguide/presets/stable_diffusion_cpp.hpp>
#include <eigenguide/presets/stable_diffusion_cpp_sigmas.hpp>
#include <eigenguide/presets/stable_dreamfusion.hpp>
#include <eigenguide/presets/v_diffusion.hpp>
