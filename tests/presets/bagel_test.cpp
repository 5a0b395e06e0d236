// SPDX-License-Identifier: MIT
#include <eigenguide/presets/bagel.hpp>

#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/with.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/pair.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace eigenguide;
using bagel::Guidance;
using bagel::RenormType;

namespace {

using Vector = std::vector<double>;

double norm(const Vector& v) {
  double sum = 0.0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

// As the peer has it, on one group.
Vector reference(const Guidance& guidance, const Vector& cond, const Vector& without_text, const Vector& without_image) {
  if (guidance.cfg_text_scale <= 1.0) return cond;
  const auto renormed = [&](Vector g) {
    const double factor = std::clamp(norm(cond) / (norm(g) + 1e-8), guidance.cfg_renorm_min, 1.0);
    for (double& x : g) x *= factor;
    return g;
  };
  const bool early = guidance.renorm_type == RenormType::text_stage;
  Vector g = cond;
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = without_text[i] + guidance.cfg_text_scale * (cond[i] - without_text[i]);
  if (early) g = renormed(g);
  if (guidance.cfg_img_scale > 1.0)
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = without_image[i] + guidance.cfg_img_scale * (g[i] - without_image[i]);
  return early ? g : renormed(g);
}

Random random_numbers(31);
const Vector c = random_numbers.normals<double>(64), t = random_numbers.normals<double>(64),
             p = random_numbers.normals<double>(64);

Vector run(const Guidance& guidance, const Vector& cond = c, const Vector& without_text = t, const Vector& without_image = p) {
  return guide(with(guidance.method(), middle(without_text)), cond, without_image);
}

void check_equal(const Vector& got, const Vector& want) {
  for (std::size_t i = 0; i < want.size(); ++i) REQUIRE(got[i] == Approx(want[i]).epsilon(1e-12).margin(1e-12));
}

}  // namespace

TEST_CASE("BAGEL: text, then image, renormalised at the end or in between") {
  for (const RenormType type : {RenormType::result, RenormType::text_stage})
    for (const double least : {0.0, 0.4, 1.0})
      for (const double text : {0.5, 1.0, 4.0})
        for (const double image : {1.0, 1.5, 3.0}) {
          const Guidance guidance{text, image, least, type};
          INFO(int(type) << " " << least << " " << text << " " << image);
          check_equal(run(guidance), reference(guidance, c, t, p));
        }
}

TEST_CASE("BAGEL: without guidance by the text there is none") {
  CHECK(run(Guidance{1.0, 2.0}) == c);
}

TEST_CASE("BAGEL: over a sample or a token") {
  const Guidance guidance{};
  Vector out(64);
  const auto tokens = [](auto& values) { return BatchView(values.data(), 1, 64, 64, Shape{{1, 8, 8}, 3}); };
  guide(with(guidance.method(), middle(tokens(t)), per_token("bnc")), tokens(c), tokens(p), tokens(out));
  for (std::size_t token = 0; token < 8; ++token) {
    const auto of = [&](const Vector& v) { return Vector(v.begin() + long(8 * token), v.begin() + long(8 * token + 8)); };
    check_equal(of(out), reference(guidance, of(c), of(t), of(p)));
  }
  CHECK(norm(run(guidance)) == Approx(norm(c)).epsilon(1e-7));
}
