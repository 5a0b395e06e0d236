// SPDX-License-Identifier: MIT
// How far the results of hard inputs are from exact ones, as a share of the
// largest number that is added up: this library's, a plain float loop's, and
// those of Eigen's float expressions. The table of docs/numerics.md. With a folder
// as argument, writes there what peers/hard_inputs.py reads for numpy's column.
#include <law/adversarial.hpp>
#include <law/exact.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

using namespace eigenguide;

namespace {

using Vector = Eigen::VectorXf;

Vector zero_star_by_loop(float s, const Vector& c, const Vector& u) {
  float dot = 0.0f, square = 0.0f;
  for (Eigen::Index n = 0; n < c.size(); ++n) dot += c(n) * u(n), square += u(n) * u(n);
  const float alpha = square == 0.0f ? 0.0f : dot / square;
  Vector g(c.size());
  for (Eigen::Index n = 0; n < c.size(); ++n) g(n) = alpha * u(n) + s * (c(n) - alpha * u(n));
  return g;
}
Vector zero_star_by_eigen(float s, const Vector& c, const Vector& u) {
  const float square = u.squaredNorm();
  const float alpha = square == 0.0f ? 0.0f : c.dot(u) / square;
  return alpha * u + s * (c - alpha * u);
}

Vector rescaled_by_loop(float s, float phi, const Vector& c, const Vector& u) {
  const auto spread = [](const Vector& v) {
    float sum = 0.0f, squares = 0.0f;
    for (const float x : v) sum += x;
    const float mean = sum / float(v.size());
    for (const float x : v) squares += (x - mean) * (x - mean);
    return std::sqrt(squares / float(v.size()));
  };
  Vector g(c.size());
  for (Eigen::Index n = 0; n < c.size(); ++n) g(n) = u(n) + s * (c(n) - u(n));
  const float factor = phi * spread(c) / spread(g) + 1.0f - phi;
  for (float& x : g) x *= factor;
  return g;
}
Vector rescaled_by_eigen(float s, float phi, const Vector& c, const Vector& u) {
  const auto spread = [](const Vector& v) { return std::sqrt((v.array() - v.mean()).square().mean()); };
  const Vector g = u + s * (c - u);
  return (phi * spread(c) / spread(g) + 1.0f - phi) * g;
}

double error(const Vector& got, const ExactCourse& exact) {
  Wide most = 0;
  for (Eigen::Index n = 0; n < got.size(); ++n) most = std::fmax(most, std::fabs(Wide(got(n)) - exact.guided().value[std::size_t(n)]));
  return double(most / std::fmax(largest(exact.guided().terms), Wide((std::numeric_limits<float>::min)())));
}

/// Inputs and exact results, as raw numbers: c, u, of CFG-Zero*, of the rescaled one.
void dump(const std::string& path, const Vector& c, const Vector& u, const ExactCourse& zero_star, const ExactCourse& rescaled) {
  std::ofstream file(path, std::ios::binary);
  const auto write = [&](const auto& values) {
    for (const auto value : values) {
      const auto number = static_cast<double>(value);
      file.write(reinterpret_cast<const char*>(&number), sizeof number);
    }
  };
  write(c), write(u);
  for (const ExactCourse* exact : {&zero_star, &rescaled}) write(exact->guided().value), write(WideVector{largest(exact->guided().terms)});
  file.flush();
  if (!file) std::fprintf(stderr, "hard_inputs: cannot write %s\n", path.c_str()), std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  std::printf("%-22s %-26s %-26s\n%-22s %8s %8s %8s  %8s %8s %8s\n", "", "CFG-Zero* at 7.5", "CFG at 7.5, rescale 0.7", "",
              "ours", "Eigen", "loop", "ours", "Eigen", "loop");
  for (const Adversary& adversary : adversaries()) {
    const auto in = adversarial_inputs(adversary, 1, 4 * 128 * 128);
    const auto wide = in.map([](const Eigen::MatrixXf& m) { return WideVector(m.data(), m.data() + m.size()); });
    const Vector c = in.cond, u = in.uncond;
    ExactCourse zero_star(wide), rescaled(wide);
    zero_star.follow(CfgZeroStar{7.5}, false);
    rescaled.follow(Cfg{7.5}, true);
    rescaled.follow(Rescale{0.7}, false);
    if (count > 1) dump(arguments[1] + ("/" + adversary.name), c, u, zero_star, rescaled);
    std::printf("%-22s %8.1e %8.1e %8.1e  %8.1e %8.1e %8.1e\n", adversary.name.c_str(),
                error(guide(CfgZeroStar{7.5}, c, u), zero_star), error(zero_star_by_eigen(7.5f, c, u), zero_star),
                error(zero_star_by_loop(7.5f, c, u), zero_star), error(guide(Cfg{7.5} | Rescale{0.7}, c, u), rescaled),
                error(rescaled_by_eigen(7.5f, 0.7f, c, u), rescaled), error(rescaled_by_loop(7.5f, 0.7f, c, u), rescaled));
  }
  return 0;
}
