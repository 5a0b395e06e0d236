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

template <class Method>
double error(const Method& method, const Eigen::VectorXf& cond, const Eigen::VectorXf& uncond) {
  const Eigen::VectorXf narrow = guide(method, cond, uncond);
  const Eigen::VectorXd wide =
      guide(method, Eigen::VectorXd(cond.cast<double>()), Eigen::VectorXd(uncond.cast<double>()));
  return (narrow.cast<double>() - wide).cwiseAbs().maxCoeff() / wide.cwiseAbs().maxCoeff();
}

template <class Method>
void print(const char* name, const Method& method) {
  // Predictions as far apart as noise, as models have them, and nearly equal.
  std::printf("%-28s", name);
  const Eigen::VectorXf cond = normals(1);
  for (const double apart : {1.0, 0.1, 1e-3, 1e-6}) {
    const Eigen::VectorXf uncond = cond + normals(2, apart);
    std::printf("  %.1e", error(method, cond, uncond));
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
  std::printf("%-28s  ‖d‖/‖c‖ = 1    0.1    1e-3     1e-6\n", "");
  print("Cfg{7.5}", Cfg{7.5});
  print("CfgZeroStar{7.5}", CfgZeroStar{7.5});
  print("Cfg{7.5} | Rescale{0.7}", Cfg{7.5} | Rescale{0.7});
  print("Cfg{7.5} | Renorm::exact()", Cfg{7.5} | Renorm::exact());
  print("Slerp{3.0}", Slerp{3.0});
  print("Tcfg{7.5}", Tcfg{7.5});
  print("MamboG{7.5, 1.0}", MamboG{7.5, 1.0});
  print("CfgZeroStar | Rescale", CfgZeroStar{7.5} | Rescale{0.7});

  std::printf("\n%-28s  ᾱ = 0.99       0.5      0.1      0.01\n", "");
  print_conversion("convert v to x0", {Kind::v, Kind::sample});
  print_conversion("convert epsilon to x0", {Kind::epsilon, Kind::sample});
  print_conversion("convert x0 to epsilon", {Kind::sample, Kind::epsilon});
  print_conversion("convert flow to v", {Kind::flow, Kind::v});
  return 0;
}
