// SPDX-License-Identifier: MIT
// The worst that 60,000 random samples do to a float result: its distance from
// the same call in double, as a share of the largest term and of the largest
// value of the result. The second table of docs/numerics.md.
#include <eigenguide/eigenguide.hpp>

#include <support/data.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>

using namespace eigenguide;

namespace {

struct Sample {
  Eigen::VectorXf cond, uncond;
  double scale;
};

/// u independent of c, close to it, close to −c, or down to 10⁻⁶ of it; a fifth
/// of them with a large mean.
Sample sample_of(std::uint64_t seed) {
  Random random(seed);
  const auto size = static_cast<Eigen::Index>(1 + 1000 * std::pow(random.uniform(), 3.0));
  const auto normals = [&](double scale) {
    Eigen::VectorXd values(size);
    for (double& value : values) value = scale * random.normal();
    return values;
  };
  const double share = std::pow(10.0, -6.0 * random.uniform()), mean = random.uniform() < 0.2 ? 300.0 * random.normal() : 0.0;
  const Eigen::VectorXd c = normals(1.0);
  Eigen::VectorXd u;
  switch (seed % 4) {
    case 0: u = normals(1.0); break;
    case 1: u = c + normals(share); break;
    case 2: u = normals(share) - c; break;
    default: u = share * normals(1.0);
  }
  return {(c.array() + mean).cast<float>(), (u.array() + mean).cast<float>(), 12.0 * random.uniform() - 2.0};
}

template <class MethodOf>
void search(const char* name, const MethodOf& method_of, bool near_opposite = true) {
  double of_terms = 0.0, of_result = 0.0;
  for (std::uint64_t seed = 0; seed < 60000; ++seed) {
    if (seed % 4 == 2 && !near_opposite) continue;
    const Sample sample = sample_of(seed);
    const Eigen::VectorXd c = sample.cond.cast<double>(), u = sample.uncond.cast<double>();
    const auto method = method_of(sample.scale);
    const Eigen::VectorXd wide = guide(method, c, u);
    const double error = (guide(method, sample.cond, sample.uncond).template cast<double>() - wide).cwiseAbs().maxCoeff();
    const auto largest = [](const Eigen::VectorXd& v) { return v.cwiseAbs().maxCoeff(); };
    const double terms = (std::max)({largest(c), largest(u), std::abs(sample.scale - 1.0) * largest(c - u), largest(wide)});
    of_terms = (std::max)(of_terms, error / terms);
    if (largest(wide) > 0.0) of_result = (std::max)(of_result, error / largest(wide));
  }
  std::printf("%-44s %8.1e %8.1e\n", name, of_terms, of_result);
}

}  // namespace

int main() {
  std::printf("%-44s %8s %8s\n", "", "of terms", "of result");
  search("CFG", [](double s) { return Cfg{s}; });
  search("CFG-Zero*", [](double s) { return CfgZeroStar{s}; });
  search("TCFG", [](double s) { return Tcfg{s}; });
  search("APG, eta 0, norm 2.5", [](double s) { return Apg{s, 0.0, 2.5}; });
  search("MAMBO-G, alpha 0.5", [](double s) { return MamboG{s, 0.5}; });
  search("CFG, renorm capped", [](double s) { return Cfg{s} | Renorm::capped(); });
  search("CFG, rescale 0.7", [](double s) { return Cfg{s} | Rescale{0.7}; });
  search("CFG-Zero*, rescale 0.7", [](double s) { return CfgZeroStar{s} | Rescale{0.7}; });
  search("slerp, linear", [](double s) { return Slerp{s}; });
  search("slerp, linear, without u close to -c", [](double s) { return Slerp{s}; }, false);
  search("slerp, conditional, without u close to -c", [](double s) { return Slerp{s, Magnitude::conditional}; }, false);
  return 0;
}
