// SPDX-License-Identifier: MIT
#include <law/rounding.hpp>

#include <eigenguide/threshold/dynamic_threshold.hpp>
#include <eigenguide/threshold/mahiro.hpp>
#include <eigenguide/threshold/mimic.hpp>
#include <eigenguide/threshold/quantile.hpp>
#include <eigenguide/threshold/skimmed_cfg.hpp>
#include <eigenguide/threshold/tonemap.hpp>

#include <algorithm>

using namespace eigenguide;

namespace {

const std::vector<std::vector<std::size_t>> shapes{{1, 1}, {1, 2}, {2, 1}, {3, 2}, {4, 7}, {2, 33}, {3, 129}, {1, 1025}};
const std::vector<double> percentiles{0.0, 0.3, 0.9, 0.995, 1.0};
constexpr double s = 7.5;

/// The exact quantile, and how far one of numbers that are `apart` may be.
Exact exact_quantile(WideVector values, double p, Wide apart = 0) {
  std::sort(values.begin(), values.end());
  const Wide h = Wide(p) * Wide(values.size() - 1);
  const auto below = static_cast<std::size_t>(h);
  const Wide lower = values[below], gap = values[std::min(below + 1, values.size() - 1)] - lower;
  const Wide q = lower + (h - Wide(below)) * gap;
  // h is rounded, the gap, its product and the sum
  return {q, std::fmax(std::fabs(lower), std::fabs(lower + gap)), ((h + 2) * gap + std::fabs(q)) * roundoff + apart};
}

std::vector<Exact> exact(const DynamicThreshold& method, const WideVector& x0) {
  WideVector lengths;
  for (const Wide value : x0) lengths.push_back(std::fabs(value));
  const Exact quantile = exact_quantile(lengths, method.percentile);
  const Wide q = std::fmin(std::fmax(quantile.value, 1), method.max);
  std::vector<Exact> out;
  for (const Wide value : x0) {
    const Wide kept = std::fmax(-q, std::fmin(q, value)) / q;
    out.push_back({kept, std::fabs(kept), std::fabs(kept) * (quantile.slack / q + roundoff)});
  }
  return out;
}

std::vector<Exact> exact(const SkimmedCfg& method, const WideVector& x, const WideVector& c, const WideVector& u) {
  const auto sign = [](Wide v) { return (v > 0) - (v < 0); };
  std::vector<Exact> out;
  for (std::size_t n = 0; n < c.size(); ++n) {
    const Exact plain = exact_guided(method.scale, c[n], u[n]);
    const int direction = sign(c[n] - u[n]);
    const bool outwards = direction == sign(c[n]) && direction == sign(plain.value) && direction == sign(plain.value - x[n]);
    const Exact skimmed = exact_guided(method.skimming_scale, c[n], u[n]);
    out.push_back(outwards ? skimmed : plain);
    for (const Wide signed_one : {plain.value, plain.value - x[n]})  // either, where the sign is a rounding's
      if (std::fabs(signed_one) <= 2 * plain.slack) out.back().slack += std::fabs(skimmed.value - plain.value);
  }
  return out;
}

std::vector<Exact> exact(const Tonemap& method, const WideVector& c, const WideVector& u, std::size_t channels) {
  const std::size_t positions = c.size() / channels;
  const Wide count = Wide(positions), scale = method.scale;
  WideVector length(positions);
  Wide mean = 0, most = 0, squares = 0;
  for (std::size_t k = 0; k < c.size(); ++k) length[k % positions] += (c[k] - u[k]) * (c[k] - u[k]);
  for (Wide& each : length) {
    each = std::sqrt(each);
    mean += each / count;
    most = std::fmax(most, each);
  }
  for (const Wide each : length) squares += (each - mean) * (each - mean);
  const Wide deviation = positions > 1 ? std::sqrt(squares / (count - 1)) : 0;
  const Wide top = (mean + 5 * deviation) * Wide(method.multiplier);

  const Wide of_length = Wide(channels) / 2 + 3;  // roundings of a length
  const Wide of_mean = of_length + count;
  const Wide of_deviation = 2 * (of_length * most + of_mean * mean) + (count / 2 + 4) * deviation;
  const Wide of_top = top > 0 ? (of_mean * mean + 5 * of_deviation) * Wide(method.multiplier) / top + 3 : 0;  // as a share
  std::vector<Exact> out;
  for (std::size_t k = 0; k < c.size(); ++k) {
    const Wide n = length[k % positions], lost = n > 0 ? n / (n + top) : 0, d = c[k] - u[k];
    const Wide factor = scale - 1 - scale * lost, g = c[k] + factor * d;
    const Wide of_lost = lost * (1 - lost) * (of_length + of_top) + 2 * lost;
    const Wide of_factor = std::fabs(scale) * (of_lost + lost) + std::fabs(scale - 1) + std::fabs(factor);
    out.push_back({g, std::fmax(std::fabs(g), std::fmax(std::fabs(c[k]), std::fabs(scale * d))),
                   (of_factor * std::fabs(d) + 2 * std::fabs(factor * d) + std::fabs(g)) * roundoff});
  }
  return out;
}

/// What share one a and b, from `first` on.
void add_exact(const Mimic& method, const WideVector& c, const WideVector& u, std::size_t positions, std::size_t first,
               std::size_t size, std::vector<Exact>& out) {
  struct About {  // a prediction, about its means, and how far the differences may be from exact
    std::vector<Exact> guided;
    WideVector mean, of_mean, about;
    Wide apart = 0, most = 0, norm = 0;
  };
  const auto about = [&](double scale) {
    About made;
    Wide squares = 0;
    for (std::size_t begin = first; begin < first + size; begin += positions) {
      Wide sum = 0, spread = 0, of_guided = 0;
      for (std::size_t k = begin; k < begin + positions; ++k) {
        made.guided.push_back(exact_guided(scale, c[k], u[k]));
        sum += made.guided.back().value;
      }
      const std::size_t from = begin - first;
      for (std::size_t k = from; k < from + positions; ++k) {
        spread = std::fmax(spread, std::fabs(made.guided[k].value - made.guided[from].value));
        of_guided = std::fmax(of_guided, made.guided[k].slack);
      }
      const Wide count = Wide(positions), mean = sum / count;
      const Wide of_mean = of_guided + ((count + 2) * spread + std::fabs(mean)) * roundoff;
      for (std::size_t k = from; k < from + positions; ++k) {
        const Wide v = made.guided[k].value - mean;
        made.mean.push_back(mean);
        made.of_mean.push_back(of_mean);
        made.about.push_back(v);
        squares += v * v;
        made.most = std::fmax(made.most, std::fabs(v));
        made.apart = std::fmax(made.apart, made.guided[k].slack + of_mean + std::fabs(v) * roundoff);
      }
    }
    made.norm = std::sqrt(squares);
    return made;
  };
  const About g = about(method.scale);
  const About m = about(method.mimic_scale);
  const bool absolute = method.variability == Variability::absolute, mean = method.startpoint == Startpoint::mean;
  const Wide root = std::sqrt(Wide(size)), of_norm = (Wide(size) / 2 + 3) * roundoff;
  WideVector lengths;
  for (const Wide v : g.about) lengths.push_back(std::fabs(v));
  const auto deviation = [&](const About& of) { return Exact{of.norm, 0, root * of.apart + of_norm * of.norm}; };
  const Exact a = absolute ? Exact{m.most, 0, m.apart} : deviation(m);
  const Exact b = absolute ? exact_quantile(lengths, method.percentile, g.apart) : deviation(g);
  const bool clips = absolute && mean;
  const Exact divisor = clips && a.value > b.value ? a : b;
  const Wide of_divisor = clips ? std::fmax(a.slack, b.slack) : b.slack;
  const bool divides = divisor.value != 0;
  const Wide ratio = divides ? a.value / divisor.value : 1;
  const Wide of_ratio = divides ? (a.slack + ratio * of_divisor) / divisor.value + ratio * roundoff : 0;
  const Wide phi = method.phi;
  for (std::size_t k = 0; k < size; ++k) {
    const Wide from = mean ? g.mean[k] : 0, v = mean ? g.about[k] : g.guided[k].value;
    const Wide kept = clips && divides ? std::fmax(-divisor.value, std::fmin(divisor.value, v)) : v;
    const Wide of_kept = (mean ? g.apart : g.guided[k].slack) + (clips ? of_divisor : 0);
    const Wide moved = from + ratio * kept, plain = g.guided[k].value, result = phi * moved + (1 - phi) * plain;
    const Wide of_moved = (mean ? g.of_mean[k] : 0) + of_ratio * std::fabs(kept) + ratio * of_kept +
                          (std::fabs(ratio * kept) + std::fabs(moved)) * roundoff;
    const Wide of_sum = phi * std::fabs(moved) + 2 * std::fabs((1 - phi) * plain) + std::fabs(result);
    out.push_back({result, std::fmax(g.guided[k].terms, std::fmax(std::fabs(from), std::fabs(ratio * v))),
                   phi * of_moved + (1 - phi) * g.guided[k].slack + of_sum * roundoff});
  }
}

std::vector<Exact> exact(const Mimic& method, const WideVector& c, const WideVector& u, std::size_t channels) {
  const std::size_t positions = c.size() / channels, shared = method.per_channel ? positions : c.size();
  std::vector<Exact> out;
  for (std::size_t first = 0; first < c.size(); first += shared) add_exact(method, c, u, positions, first, shared, out);
  return out;
}

/// Of T: the weights are computed in double, but the sum of their products is in float, if T is not double.
template <class T>
std::vector<Exact> exact(const Mahiro& method, const WideVector& c, const WideVector& u, std::size_t channels) {
  using Compute = ComputeOf<T>;
  constexpr Wide of_sum = std::is_same_v<Compute, double> ? roundoff : 0x1p-24L;
  const auto root = [](Wide v) { return v < 0 ? -std::sqrt(-v) : std::sqrt(v); };
  const std::size_t positions = c.size() / channels;
  const Wide scale = method.scale, count = Wide(positions);
  Wide similarity = 0, apart = (count + 2) * roundoff;
  for (std::size_t p = 0; p < positions; ++p) {
    Wide product = 0, from = 0, to = 0, of_to = 0;
    for (std::size_t k = p; k < c.size(); k += positions) {
      const Exact g = exact_guided(method.scale, c[k], u[k]);
      const Wide a = root(scale * u[k]), merge = (scale * c[k] + g.value) / 2, b = root(merge);
      const Wide of_merge = (std::fabs(scale * c[k]) * roundoff + g.slack) / 2 + std::fabs(merge) * roundoff;
      // A root changes by v / √m at most, and near zero by √(2v).
      const Wide of_b = std::fabs(merge) > of_merge ? of_merge / std::fabs(b) + std::fabs(b) * roundoff : std::sqrt(2 * of_merge);
      product += a * b;
      from += a * a;
      to += b * b;
      of_to += of_b * of_b;
    }
    if (from * to == 0) continue;
    similarity += product / std::sqrt(from * to) / count;
    apart += std::fmin(2 * std::sqrt(of_to / to) + (2 * Wide(channels) + 8) * roundoff, 2) / count;
  }
  std::vector<Exact> out;
  for (std::size_t k = 0; k < c.size(); ++k) {
    const Wide leap = scale * c[k], d = c[k] - u[k], g = u[k] + scale * d;
    const Wide value = ((similarity + 1) * g + (1 - similarity) * leap) / 2, towards_g = (similarity + 1) / 2;
    const Wide of_c = std::fabs((1 + (1 - towards_g) * (scale - 1)) * c[k]), of_d = std::fabs(towards_g * (scale - 1) * d);
    const Wide of_weights = apart / 2 * std::fabs((scale - 1) * u[k]) + 4 * (of_c + of_d) * roundoff;
    // each weight, the first product, d and the sum
    const Wide of_terms = (of_c + std::fmax(of_c, least_normal<Compute>()) + 2 * of_d + std::fabs(value)) * of_sum;
    out.push_back({value, std::fmax(std::fabs(value), std::fmax(of_c, of_d)), of_weights + of_terms});
  }
  return out;
}

/// Hands every case in every type to `measure(case, channels, found)`.
template <class Measure>
void for_all_cases(const char* verb, const Measure& measure) {
  for_each_type([&](auto type, const char* name) {
    using T = decltype(type);
    Found found;
    for (const Adversary& adversary : adversaries())
      for (const auto& shape : shapes) measure(Case<T>(adversary, {1, shape[0], shape[1]}), shape[0], found);
    found.check(verb, name);
  });
}

}  // namespace

TEST_CASE("law: a quantile is as exact as its interpolation") {
  Found found;
  for (const Adversary& adversary : adversaries())
    for (const auto& shape : shapes)
      for (const double p : percentiles) {
        const Case<double> in(adversary, {1, shape[0], shape[1]});
        std::vector<double> values = in.cond.values;
        const double got = quantile(values.data(), values.size(), p);
        found.add(std::vector<double>{got}, {exact_quantile(wide(in.cond.values), p)}, in.name);
      }
  found.check("quantile", "double");
}

TEST_CASE("law: dynamic thresholding is within its roundings of the exact result") {
  for_all_cases("dynamic threshold", [](auto in, std::size_t, Found& found) {
    auto out = in.cond;
    for (const double percentile : percentiles)
      for (const double max : {0.5, 3.0, static_cast<double>(HUGE_VAL)}) {
        const DynamicThreshold method{percentile, max};
        threshold(method, in.cond.view(), out.view());
        found.add(out.values, exact(method, wide(in.cond.values)), in.name);
      }
  });
}

TEST_CASE("law: skimmed CFG is within its roundings of the exact result") {
  for_all_cases("skimmed CFG", [](auto in, std::size_t, Found& found) {
    const SkimmedCfg method{s, 2.3};
    auto out = in.cond;
    guide(method, in.x.view(), in.cond.view(), in.uncond.view(), out.view());
    found.add(out.values, exact(method, wide(in.x.values), wide(in.cond.values), wide(in.uncond.values)), in.name);
  });
}

TEST_CASE("law: Reinhard's tonemap is within its roundings of the exact result") {
  for_all_cases("tonemap", [](auto in, std::size_t channels, Found& found) {
    auto out = in.cond;
    for (const double multiplier : {0.01, 1.0, 100.0}) {
      const Tonemap method{s, multiplier};
      guide(method, in.cond.view(), in.uncond.view(), out.view());
      found.add(out.values, exact(method, wide(in.cond.values), wide(in.uncond.values), channels), in.name);
    }
  });
}

TEST_CASE("law: mimic thresholding is within its roundings of the exact result, in every mode") {
  for_all_cases("mimic", [](auto in, std::size_t channels, Found& found) {
    auto out = in.cond;
    for (const bool per_channel : {true, false})
      for (const Startpoint startpoint : {Startpoint::mean, Startpoint::zero})
        for (const Variability variability : {Variability::absolute, Variability::deviation})
          for (const double percentile : {0.3, 1.0}) {
            const Mimic method{20.0, 7.0, percentile, 0.7, per_channel, startpoint, variability};
            guide(method, in.cond.view(), in.uncond.view(), out.view());
            found.add(out.values, exact(method, wide(in.cond.values), wide(in.uncond.values), channels), in.name);
          }
  });
}

TEST_CASE("law: Mahiro is within its roundings of the exact result") {
  for_all_cases("Mahiro", [](auto in, std::size_t channels, Found& found) {
    using T = typename decltype(in.cond.values)::value_type;
    auto out = in.cond;
    const Mahiro method{s};
    guide(method, in.cond.view(), in.uncond.view(), out.view());
    found.add(out.values, exact<T>(method, wide(in.cond.values), wide(in.uncond.values), channels), in.name);
  });
}
