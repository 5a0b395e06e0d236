// SPDX-License-Identifier: MIT
#include <eigenguide/presets/skimmed_cfg.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <vector>

using namespace eigenguide;

namespace {

using Values = std::vector<double>;

int sign(double v) { return (v > 0.0) - (v < 0.0); }

double skim(double s, double a, double b, double x, double k, bool seen_from) {
  const double e = b + s * (a - b);
  const int way = sign(a - b);
  const bool outwards = way == sign(a) && way == sign(e) && (!seen_from || way == sign(e - x));
  return outwards ? a - (s - k) / s * (a - b) : a;
}

Values guided(const skimmed_cfg::SingleScale& node, const Values& x, const Values& c, const Values& u) {
  Values out(c.size());
  skimmed_cfg::guide(node, x, c, u, out);
  return out;
}

}  // namespace

TEST_CASE("Skimmed CFG's node: u, then c, moved where guidance pushes outwards") {
  Random random(3);
  const Values x = random.normals<double>(300), c = random.normals<double>(300), u = random.normals<double>(300);
  for (const bool full : {false, true})
    for (const bool flips : {false, true}) {
      const Values got = guided({8.0, 3.0, full, flips}, x, c, u);
      for (std::size_t i = 0; i < got.size(); ++i) {
        const double from = skim(8.0, u[i], c[i], x[i], full ? 0.0 : 3.0, !flips);
        const double to = skim(8.0, c[i], from, x[i], 3.0, !flips);
        CHECK(got[i] == Approx(from + 8.0 * (to - from)).margin(1e-12));
      }
    }
}

TEST_CASE("Skimmed CFG's node: zeros for u, and a skipped one, leave c alone") {
  Random random(4);
  const Values x = random.normals<double>(30), c = random.normals<double>(30), u = random.normals<double>(30), zero(30);
  const Values got = guided({8.0, 3.0}, x, c, zero);
  for (std::size_t i = 0; i < 30; ++i) CHECK(got[i] == Approx(8.0 * c[i]).margin(1e-14));
  CHECK(guided({1.0, 3.0}, x, c, u) == c);
  const Values none = guided({0.0, 3.0}, x, c, u);
  for (std::size_t i = 0; i < 30; ++i) CHECK(none[i] == Approx(u[i]).margin(1e-14));
  CHECK_REJECTS(guided({2.0, std::nan("")}, x, c, u), "`skimming_cfg` is nan");
}
