// SPDX-License-Identifier: MIT
// How far float results are from those of the same call in double, whose own
// error is a billionth of that: the largest difference over a sample, as a share
// of the largest value. The column of the README's table.
#include <eigenguide/eigenguide.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>

using namespace eigenguide;

namespace {

constexpr Eigen::Index size = 16 * 128 * 128;

Eigen::VectorXf normals(std::uint64_t seed, double scale = 1.0) {
  const auto uniform = [&seed] {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (static_cast<double>(seed >> 11) + 0.5) / 9007199254740992.0;
  };
  Eigen::VectorXf values(size);
  for (float& value : values)
    value = static_cast<float>(scale * std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()));
  return values;
}

/// Everything that a method may read besides cond and uncond; prompts and
/// states are of the length of a prediction.
template <class Vector>
struct Others {
  Vector middle, perturbed, isolated, degraded, prompt, state;
};

template <class Vector>
Vector guided(const AnyChain& chain, const Vector& cond, const Vector& uncond, const Others<Vector>& others) {
  return guide(with(chain, middle(others.middle), perturbed(others.perturbed), isolated(others.isolated),
                    degraded(others.degraded), prompt<0>(others.prompt), prompt<1>(others.perturbed),
                    momentum(others.state), correction(others.state), average(others.state)),
               cond, uncond);
}

double error(const AnyChain& chain, const Eigen::VectorXf& cond, const Eigen::VectorXf& uncond,
             const Others<Eigen::VectorXf>& others) {
  const auto doubles = [](const Eigen::VectorXf& v) { return Eigen::VectorXd(v.cast<double>()); };
  const Eigen::VectorXf narrow = guided(chain, cond, uncond, others);
  const Eigen::VectorXd wide = guided(chain, doubles(cond), doubles(uncond),
                                      {doubles(others.middle), doubles(others.perturbed), doubles(others.isolated),
                                       doubles(others.degraded), doubles(others.prompt), doubles(others.state)});
  return (narrow.cast<double>() - wide).cwiseAbs().maxCoeff() / wide.cwiseAbs().maxCoeff();
}

void print(const char* text) {
  // Predictions as far apart as noise, as models have them, and nearly equal.
  std::printf("%-72s", text);
  const Eigen::VectorXf cond = normals(1);
  const auto near = [&](std::uint64_t seed, double apart) { return Eigen::VectorXf(cond + normals(seed, apart)); };
  for (const double apart : {1.0, 0.1, 1e-3, 1e-6}) {
    const Others<Eigen::VectorXf> others{near(3, apart), near(4, apart), near(5, apart), near(6, apart),
                                         near(7, apart), normals(8, apart)};
    std::printf("  %.1e", error(parse(text), cond, near(2, apart), others));
  }
  std::printf("\n");
}

/// The same for a conversion, at levels near both ends and between.
void print_conversion(const char* name, const Conversion& conversion) {
  std::printf("%-28s", name);
  const Eigen::VectorXf x = normals(1), prediction = normals(2);
  for (const double alpha_bar : {0.99, 0.5, 0.1, 0.01}) {
    const Level level = variance_preserving(alpha_bar);
    const Eigen::VectorXf narrow = convert(conversion, level, x, prediction);
    const Eigen::VectorXd wide = convert(conversion, level, Eigen::VectorXd(x.cast<double>()),
                                         Eigen::VectorXd(prediction.cast<double>()));
    std::printf("  %.1e", (narrow.cast<double>() - wide).cwiseAbs().maxCoeff() / wide.cwiseAbs().maxCoeff());
  }
  std::printf("\n");
}

}  // namespace

int main() {
  std::printf("%-72s  ‖d‖/‖c‖ = 1    0.1    1e-3     1e-6\n", "");
  for (const char* text :
       {"cfg(scale=7.5)", "cfg_zero_star(scale=7.5)", "cfg(scale=7.5) | rescale(phi=0.7)",
        "cfg(scale=7.5) | renorm(floor=0, cap=inf)", "slerp(scale=3)", "tcfg(scale=7.5)", "mambo_g(scale=7.5, alpha=1)",
        "apg(scale=7.5, eta=0, norm_threshold=100)", "apg(scale=7.5, eta=0, norm_threshold=100, momentum=-0.5)",
        "perp_neg(weight=1) | cfg(scale=7.5)", "beta_cfg(a=2, b=2, gamma=1, progress=0.3) | cfg(scale=100)",
        "smc_cfg(k=10, lambda=6) | cfg(scale=7.5)", "cfg(scale=7.5) | perturbation(strength=2.8)",
        "cfg(scale=7.5) | self_attention(strength=0.75)", "cfg(scale=7.5) | modality_isolation(scale=3)",
        "dual_cfg(scale=7.5, middle_scale=1.5)", "nested_dual_cfg(scale=7.5, middle_scale=1.5)",
        "composable(scale=7.5, weights=-1.5)", "rectified_cfg_plus_plus(strength=0.5)",
        "cfg(scale=7.5) | momentum_guidance(strength=0.5, ema=0.6, step=3)", "cfg(scale=7.5) | epsilon_scaling(factor=1.005)",
        "cfg(scale=7.5) | adaptive_gate(threshold=0.99)", "cfg_zero_star(scale=7.5) | rescale(phi=0.7)"})
    print(text);

  std::printf("\n%-28s  ᾱ = 0.99       0.5      0.1      0.01\n", "");
  print_conversion("convert v to x0", {Kind::v, Kind::sample});
  print_conversion("convert epsilon to x0", {Kind::epsilon, Kind::sample});
  print_conversion("convert x0 to epsilon", {Kind::sample, Kind::epsilon});
  print_conversion("convert flow to v", {Kind::flow, Kind::v});
  return 0;
}
