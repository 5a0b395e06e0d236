// SPDX-License-Identifier: MIT
// Models around which a denoiser is built, noised samples, and single steps.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui_discrete_sampling.hpp>
#include <eigenguide/presets/comfyui_prediction.hpp>
#include <eigenguide/presets/diffusers_edm.hpp>
#include <eigenguide/presets/guided_diffusion.hpp>
#include <eigenguide/presets/k_diffusion_schedule.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// a · first + b · second, sample by sample: `row_of(i)` is the {a, b} of sample i.
template <class T, class RowOf>
std::vector<T> combined(const Tensor<T>& first, const Tensor<T>& second, const RowOf& row_of) {
  Tensor<T> out = first;
  const auto a = view_of(first), b = view_of(second);
  const auto to = view_of(out);
  for (std::size_t i = 0; i < a.samples(); ++i) {
    const Row<2> row = row_of(i);
    convert([&](const Level&) { return row; }, Level{}, one_sample(b.sample(i), b.size()), one_sample(a.sample(i), a.size()),
            one_sample(to.sample(i), to.size()));
  }
  return out.values;
}
template <class T, class FactorOf>
std::vector<T> scaled(const Tensor<T>& tensor, const FactorOf& factor_of) {
  return combined(tensor, tensor, [&](std::size_t i) { return Row<2>{{factor_of(i), 0.0}}; });
}

/// One number for each sample, or one for all.
std::vector<double> each(std::vector<double> values, std::size_t samples) {
  if (values.size() == 1) values.resize(samples, values[0]);
  return values;
}
template <class T>
std::vector<double> each(const Tensor<T>& tensor, std::size_t samples) {
  return each(std::vector<double>(tensor.values.begin(), tensor.values.end()), samples);
}

template <class Value>
std::vector<double> list(const std::vector<double>& sigmas, const Value& value) {
  std::vector<double> all;
  for (const double sigma : sigmas) all.push_back(static_cast<double>(value(sigma)));
  return all;
}

comfyui::PredictionType type_of(const std::string& name) {
  using comfyui::PredictionType;
  static const std::map<std::string, PredictionType> types{
      {"eps", PredictionType::eps},          {"v_prediction", PredictionType::v_prediction},
      {"edm", PredictionType::edm},          {"const", PredictionType::const_},
      {"x0", PredictionType::x0},            {"img_to_img", PredictionType::img_to_img},
      {"cosmos_rflow", PredictionType::cosmos_rflow}};
  const auto type = types.find(name);
  if (type == types.end()) throw std::runtime_error("has the unknown prediction_type `" + name + "`");
  return type->second;
}

Kind kind_of(const std::string& name) {
  if (name == "epsilon") return Kind::epsilon;
  if (name == "v_prediction") return Kind::v;
  if (name == "sample") return Kind::sample;
  throw std::runtime_error("has the unknown prediction_type `" + name + "`");
}

}  // namespace

void add_preconditioning(Table& table) {
  table.add("model_sampling_prediction", [](const auto& c) {
    const auto x = c.input("x"), output = c.input("model_output"), noise = c.input("noise"), latent = c.input("latent");
    const auto sigma = each(c.input("sigma"), x.shape.at(0));
    const comfyui::ModelPrediction model{type_of(c.text("prediction_type")), c.number("sigma_data", 1.0)};
    Outputs outputs;
    outputs.add("input", [&] { return scaled(x, [&](std::size_t i) { return model.input(sigma[i]); }); });
    outputs.add("denoised", [&] { return combined(output, x, [&](std::size_t i) { return model.denoised(sigma[i]); }); });
    outputs.add("noise_scaling",
                [&] { return combined(noise, latent, [&](std::size_t i) { return model.noise_scaling(sigma[i]); }); });
    outputs.add("noise_scaling_max_denoise",
                [&] { return combined(noise, latent, [&](std::size_t i) { return model.noise_scaling(sigma[i], true); }); });
    outputs.add("inverse_noise_scaling",
                [&] { return scaled(latent, [&](std::size_t i) { return model.inverse_noise_scaling(sigma[i]); }); });
    return outputs;
  });

  table.add("lcm_calculate_denoised", [](const auto& c) {
    const auto x = c.input("x"), output = c.input("model_output");
    const auto sigma = each(c.input("sigma"), x.shape.at(0));
    const comfyui::ModelSamplingDiscrete sd15;
    Outputs outputs;
    outputs.add("denoised", [&] {
      return combined(output, x, [&](std::size_t i) { return comfyui::lcm_denoised(sigma[i], sd15.timestep(sigma[i])); });
    });
    return outputs;
  });

  table.add("edm_precond", [](const auto& c) {
    const auto x = c.input("x"), output = c.input("model_output");
    const auto sigma = each(c.input("sigma"), x.shape.at(0));
    const double sigma_data = c.number("sigma_data", 0.5);
    const Preconditioning edm{Kind::edm(sigma_data), Coordinates::variance_preserving, sigma_data};
    const auto weights = [&](double s) { return edm.weights(variance_exploding(s)); };
    Outputs outputs;
    outputs.add("model_input", [&] { return scaled(x, [&](std::size_t i) { return weights(sigma[i]).c_in; }); });
    outputs.add("denoised", [&] {
      return combined(output, x, [&](std::size_t i) { return edm(variance_exploding(sigma[i])); });
    });
    outputs.add("c_skip", [&] { return list(sigma, [&](double s) { return weights(s).c_skip; }); });
    outputs.add("c_out", [&] { return list(sigma, [&](double s) { return weights(s).c_out; }); });
    outputs.add("c_in", [&] { return list(sigma, [&](double s) { return weights(s).c_in; }); });
    outputs.add("c_noise", [&] { return list(sigma, edm_c_noise); });
    return outputs;
  });

  table.add("edm_preconditioning", [](const auto& c) {
    const auto x = c.input("sample"), output = c.input("model_output");
    const double sigma = c.number("sigma");
    const diffusers::EdmPreconditioning edm{c.text("prediction_type", "epsilon") == "v_prediction", c.number("sigma_data", 0.5)};
    const Level level = variance_exploding(sigma);
    Outputs outputs;
    outputs.add("scaled_input", [&] { return scaled(x, [&](std::size_t) { return edm.weights(level).c_in; }); });
    outputs.add("denoised", [&] { return combined(output, x, [&](std::size_t) { return edm(level); }); });
    outputs.add("c_noise", [&] { return std::vector<double>{edm_c_noise(sigma)}; });
    return outputs;
  });

  table.add("kdiffusion_denoiser_wrappers", [](const auto& c) {
    const auto x = c.input("x"), output = c.input("model_output");
    const auto sigma = each(c.input("sigma"), x.shape.at(0));
    const std::string name = c.text("wrapper");
    const bool discrete = name != "VDenoiser", quantize = c.flag("quantize", false);
    const Preconditioning wrapper{name == "DiscreteEpsDDPMDenoiser" ? Kind::epsilon : Kind::v};
    if (discrete && name != "DiscreteEpsDDPMDenoiser" && name != "DiscreteVDDPMDenoiser")
      throw std::runtime_error("has the unknown wrapper `" + name + "`");
    const auto weights = [&](double s) { return wrapper.weights(variance_exploding(s)); };
    Outputs outputs;
    outputs.add("denoised", [&] {
      return combined(output, x, [&](std::size_t i) { return wrapper(variance_exploding(sigma[i])); });
    });
    outputs.add("model_input", [&] { return scaled(x, [&](std::size_t i) { return weights(sigma[i]).c_in; }); });
    outputs.add("model_t", [&] {
      if (!discrete) return list(sigma, v_time);
      const auto alphas = c.input("alphas_cumprod").values;
      const auto schedule = k_diffusion::DiscreteSchedule::of({alphas.begin(), alphas.end()});
      return list(sigma, [&](double s) { return schedule.timestep(s, quantize); });
    });
    outputs.add("c_skip", [&] { return list(sigma, [&](double s) { return weights(s).c_skip; }); });
    outputs.add("c_out", [&] { return list(sigma, [&](double s) { return weights(s).c_out; }); });
    outputs.add("c_in", [&] { return list(sigma, [&](double s) { return weights(s).c_in; }); });
    return outputs;
  });

  table.add("ddpm_velocity_and_noising", [](const auto& c) {
    const auto x0 = c.input("x0"), noise = c.input("noise");
    const auto alpha_bar = each(c.numbers("alpha_prod"), x0.shape.at(0));
    const auto at = [&](const auto& conversion) {
      return combined(noise, x0, [&](std::size_t i) { return conversion(variance_preserving(alpha_bar[i])); });
    };
    Outputs outputs;
    outputs.add("velocity", [&] { return at(Target{Kind::v}); });
    outputs.add("noisy", [&] { return at(Noising{}); });
    return outputs;
  });

  table.add("flow_noising", [](const auto& c) {
    const auto x0 = c.input("x0"), noise = c.input("noise");
    const auto sigma = each(c.numbers("sigma"), x0.shape.at(0));
    Outputs outputs;
    outputs.add("noisy", [&] {
      return combined(noise, x0, [&](std::size_t i) { return Noising{}(rectified_flow(sigma[i])); });
    });
    return outputs;
  });

  // Of x with α = 1, around a model of x scaled to variance 1.
  table.add("euler_discrete_step", [](const auto& c) {
    const auto x = c.input("sample"), output = c.input("model_output");
    const Level from = variance_exploding(c.number("sigma")), to = variance_exploding(c.number("sigma_next"));
    const Preconditioning model{kind_of(c.text("prediction_type", "epsilon"))};
    const auto denoised = [&] { return combined(output, x, [&](std::size_t) { return model(from); }); };
    Outputs outputs;
    outputs.add("pred_original_sample", denoised);
    outputs.add("prev_sample", [&] {
      auto x0 = x, next = x;
      x0.values = denoised();
      step(Cfg{}, Update{{Kind::sample, Kind::sample}}, from, to, view_of(x), view_of(x0), view_of(x0), view_of(next));
      return next.values;
    });
    outputs.add("scaled_model_input", [&] { return scaled(x, [&](std::size_t) { return model.weights(from).c_in; }); });
    return outputs;
  });

  table.add("flow_match_euler_step", [](const auto& c) {
    const auto x = c.input("sample"), output = c.input("model_output");
    Outputs outputs;
    outputs.add("prev_sample", [&] {
      auto next = x;
      step(Cfg{}, Update{{Kind::flow, Kind::flow}}, rectified_flow(c.number("sigma")), rectified_flow(c.number("sigma_next")),
           view_of(x), view_of(output), view_of(output), view_of(next));
      return next.values;
    });
    return outputs;
  });

  // Classifier guidance: by the mean, + variance · ∇ log p(y|x); by the score, ε − σ ∇ log p(y|x).
  table.add("gaussian_diffusion_conversions", [](const auto& c) {
    const auto x = c.input("x"), output = c.input("model_output"), noise = c.input("noise"), mean = c.input("mean"),
               grad = c.input("grad");
    const auto timesteps = c.input("timesteps").values;
    const std::size_t count = c.count("num_timesteps");
    const std::vector<double> betas = c.text("beta_schedule") == "linear"
                                          ? values(guided_diffusion::linear_betas(count), count)
                                          : values(BetasOf{CosineAlphaBar{}}, count);
    const auto alpha_bar = alphas_cumprod(betas);
    const auto posteriors = guided_diffusion::posteriors(betas);
    const auto t = [&](std::size_t i) { return static_cast<std::size_t>(timesteps[i]); };
    const auto level = [&](std::size_t i) { return variance_preserving(alpha_bar.at(t(i))); };
    const auto reverse = [&](std::size_t i) { return posteriors.at(t(i)); };
    const auto at = [&](const auto& first, const auto& second, const auto& conversion) {
      return combined(first, second, [&](std::size_t i) { return conversion(level(i)); });
    };
    const auto posterior_mean = [&](const auto& x0) {
      return combined(x0, x, [&](std::size_t i) { return Row<2>{{reverse(i).mean_x0, reverse(i).mean_x}}; });
    };
    const auto by_score = [&] {
      auto epsilon = output;
      epsilon.values = at(output, x, Conversion{Kind::sample, Kind::epsilon});
      epsilon.values = combined(epsilon, grad, [&](std::size_t i) { return Row<2>{{1.0, -level(i).sigma}}; });
      epsilon.values = at(epsilon, x, Conversion{Kind::epsilon, Kind::sample});
      return epsilon;
    };
    Outputs outputs;
    outputs.add("xstart_from_eps", [&] { return at(output, x, Conversion{Kind::epsilon, Kind::sample}); });
    outputs.add("eps_from_xstart", [&] { return at(output, x, Conversion{Kind::sample, Kind::epsilon}); });
    outputs.add("q_sample", [&] { return at(noise, output, Noising{}); });
    outputs.add("posterior_mean", [&] { return posterior_mean(output); });
    outputs.add("condition_mean", [&] {
      return combined(mean, grad, [&](std::size_t i) { return Row<2>{{1.0, reverse(i).variance}}; });
    });
    outputs.add("condition_score_pred_xstart", [&] { return by_score().values; });
    outputs.add("condition_score_mean", [&] { return posterior_mean(by_score()); });
    return outputs;
  });
}

}  // namespace golden
