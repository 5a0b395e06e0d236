// SPDX-License-Identifier: MIT
#include <law/rounding.hpp>

#include <eigenguide/spectral/bilinear.hpp>
#include <eigenguide/spectral/frequency_decoupled.hpp>
#include <eigenguide/spectral/fresca.hpp>
#include <eigenguide/spectral/gaussian_blur.hpp>
#include <eigenguide/spectral/laplacian_pyramid.hpp>
#include <support/direct_pyramid.hpp>
#include <support/direct_transform.hpp>

using namespace eigenguide;

namespace {

struct Layout {
  std::size_t planes, rows, columns;
};
const std::vector<Layout> layouts{{1, 1, 1}, {2, 1, 7}, {2, 5, 3}, {1, 8, 8}, {3, 9, 14}, {1, 1, 97}};

/// The planes of a sample.
std::vector<Plane> planes_of(const WideVector& values, const Layout& at) {
  const auto area = static_cast<std::ptrdiff_t>(at.rows * at.columns);
  std::vector<Plane> out;
  for (std::size_t p = 0; p < at.planes; ++p) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(p) * area;
    out.push_back({at.rows, at.columns, {begin, begin + area}});
  }
  return out;
}

WideVector minus(const WideVector& a, const WideVector& b) {
  WideVector out;
  for (std::size_t k = 0; k < a.size(); ++k) out.push_back(a[k] - b[k]);
  return out;
}

Wide inner(const WideVector& a, const WideVector& b) {
  Wide sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

/// Every element within `roundings` of a number as large as `most`.
void add(std::vector<Exact>& out, const WideVector& values, Wide most, Wide roundings) {
  for (const Wide value : values) out.push_back({value, most, roundings * most * roundoff});
}

// Of a plane: two axes, each of five products with exact taps, of which one sum
// is fused with each; and two of a weight, its complement, a product and a sum.
constexpr Wide of_blur = 10, of_resize = 8, of_up = of_blur + of_resize, of_down = of_up;

/// Roundings of level i of a pyramid: those of the i blurred and halved planes
/// before, twice, and, but for the last, of what is subtracted, which leaves up
/// to twice the largest number.
Wide of_level(std::size_t i, std::size_t levels) {
  const Wide before = of_down * Wide(i);
  return i + 1 == levels ? before : 2 * before + of_down + of_up + 2;
}

std::vector<Exact> exact(const GaussianBlur& method, const WideVector& x, const Layout& at) {
  const auto reach = static_cast<std::ptrdiff_t>(method.kernel_size / 2);
  WideVector taps;
  Wide sum = 0;
  for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
    taps.push_back(std::exp(-Wide(k * k) / (2 * Wide(method.sigma) * Wide(method.sigma))));
    sum += taps.back();
  }
  for (Wide& tap : taps) tap /= sum;
  // Along each axis a product and a fused sum for each tap, as many sums of taps,
  // and of a tap its exponent, exp and division: 8 altogether.
  const Wide roundings = 4 * Wide(method.kernel_size) + 16;
  std::vector<Exact> out;
  for (const Plane& plane : planes_of(x, at)) add(out, blurred(plane, taps).values, largest(plane.values), roundings);
  return out;
}

std::vector<Exact> exact(const FreSca& method, const WideVector& c, const WideVector& u, const Layout& at) {
  const std::size_t area = at.rows * at.columns;
  // A butterfly of p numbers errs by p + 12 roundings of each, so by √p (p + 12) of their length; there and back.
  Wide of_transform = 4;
  for (const std::size_t side : {at.rows, at.columns})
    for (std::size_t left = side, p = 2; left > 1;) {
      if (left % p != 0 && ++p != 0) continue;
      of_transform += 2 * std::sqrt(Wide(p)) * (Wide(p) + 12);
      left /= p;
    }
  const Wide scale = method.scale, of_all = scale * Wide(method.scale_high) - 1,
             of_band = scale * (Wide(method.scale_low) - Wide(method.scale_high));
  const auto low = [&](std::size_t k, std::size_t side) { return std::min(k, side - k) < method.cutoff; };
  std::vector<Exact> out;
  const std::vector<Plane> differences = planes_of(minus(c, u), at);
  for (std::size_t p = 0; p < at.planes; ++p) {
    const WideVector& d = differences[p].values;
    auto band = direct_transform({d.begin(), d.end()}, at.rows, at.columns);
    for (std::size_t k = 0; k < area; ++k)
      if (!low(k / at.columns, at.rows) || !low(k % at.columns, at.columns)) band[k] = 0;
    band = direct_transform(band, at.rows, at.columns, true);
    const Wide length = std::sqrt(inner(d, d)), most = std::fmax(std::fabs(of_all), std::fabs(of_band)) * largest(d);
    for (std::size_t k = 0; k < area; ++k) {
      const Wide from = c[p * area + k], part = band[k].real(), g = from + of_all * d[k] + of_band * part;
      const Wide all = std::fabs(of_all * d[k]), of_part = std::fabs(of_band * part);
      out.push_back({g, std::fmax(std::fmax(std::fabs(from), std::fabs(g)), most),
                     (of_transform * std::fabs(of_band) * length + 5 * (all + of_part) + std::fabs(g)) * roundoff});
    }
  }
  return out;
}

std::vector<Exact> exact(const FrequencyDecoupled& method, const WideVector& c, const WideVector& u, const Layout& at) {
  const std::size_t levels = method.scales.size();
  const WideVector d = minus(c, u);
  const Wide size_of_c = largest(c), size_of_d = largest(d);
  std::vector<std::vector<Plane>> of_c, of_d;
  for (const Plane& plane : planes_of(c, at)) of_c.push_back(direct_pyramid(plane, levels));
  for (const Plane& plane : planes_of(d, at)) of_d.push_back(direct_pyramid(plane, levels));
  Wide terms = size_of_c, apart = 0;  // of what is put together so far
  std::vector<Plane> h(at.planes);
  for (std::size_t i = levels; i-- > 0;) {
    const auto level = [&](const std::vector<std::vector<Plane>>& of) {
      WideVector all;
      for (const auto& pyramid : of) all.insert(all.end(), pyramid[i].values.begin(), pyramid[i].values.end());
      return all;
    };
    const WideVector ci = level(of_c), di = level(of_d);
    const Wide root = std::sqrt(Wide(ci.size())), of_size = Wide(ci.size()) * roundoff;
    const Wide of_ci = of_level(i, levels) * size_of_c * roundoff, of_di = (of_level(i, levels) + 2) * size_of_d * roundoff;
    const Wide norm_c = std::sqrt(inner(ci, ci)), norm_d = std::sqrt(inner(di, di));
    const bool directed = norm_c / root > 1e-14L * std::sqrt(inner(c, c) / Wide(c.size()));
    const Wide along = directed ? inner(di, ci) / (norm_c * norm_c) : 0;
    // of ⟨d, c⟩ and ‖c‖²: of each vector, and of as many sums
    const Wide of_products = root * of_di + 3 * root * of_ci * norm_d / norm_c + 2 * of_size * norm_d;
    const Wide of_along = directed ? of_products / norm_c + 3 * std::fabs(along) * roundoff : 0;
    const Wide weight = method.parallel_weights[method.parallel_weights.size() == 1 ? 0 : i];
    const Wide s = Wide(method.scales[i]) - 1, w = s * (weight - 1);
    const bool reads_c = w != 0;
    WideVector guided;
    for (std::size_t k = 0; k < ci.size(); ++k) guided.push_back(s * di[k] + (reads_c ? w * along * ci[k] : 0));
    const Wide of_d_term = std::fabs(s) * largest(di), of_c_term = reads_c ? std::fabs(w * along) * largest(ci) : 0;
    Wide of_guided = std::fabs(s) * of_di + (2 * of_d_term + 3 * of_c_term + largest(guided)) * roundoff;
    if (reads_c) of_guided += std::fabs(w) * (of_along * largest(ci) + std::fabs(along) * of_ci);
    terms = std::fmax(terms, std::fmax(of_d_term, of_c_term));

    const std::size_t area = ci.size() / at.planes;
    Wide coarser = 0, sum = 0;
    for (std::size_t p = 0; p < at.planes; ++p) {
      Plane here = of_c[p][i];
      for (std::size_t k = 0; k < area; ++k) here.values[k] = guided[p * area + k];
      if (i + 1 < levels) {
        coarser = std::fmax(coarser, largest(h[p].values));
        const Plane up = blurred(resized(h[p], here.rows, here.columns));
        for (std::size_t k = 0; k < area; ++k) here.values[k] += up.values[k];
      }
      sum = std::fmax(sum, largest(here.values));
      h[p] = here;
    }
    apart += of_guided + (of_up * coarser + (i + 1 < levels ? sum : 0)) * roundoff;
  }
  std::vector<Exact> out;
  for (std::size_t k = 0, area = at.rows * at.columns; k < c.size(); ++k) {
    const Wide g = c[k] + h[k / area].values[k % area];
    out.push_back({g, std::fmax(terms, std::fabs(g)), apart + std::fabs(g) * roundoff});
  }
  return out;
}

/// Hands every case in T to `measure(case, layout, found)`.
template <class T, class Measure>
void for_all_cases_of(const char* verb, const char* name, const Measure& measure) {
  Found found;
  for (const Adversary& adversary : adversaries())
    for (const Layout& at : layouts) measure(Case<T>(adversary, {1, at.planes, at.rows, at.columns}), at, found);
  found.check(verb, name);
}
template <class Measure>
void for_all_cases(const char* verb, const Measure& measure) {
  for_each_type([&](auto type, const char* name) { for_all_cases_of<decltype(type)>(verb, name, measure); });
}

}  // namespace

TEST_CASE("law: bilinear interpolation is within eight roundings") {
  for_all_cases_of<double>("bilinear", "double", [](auto in, const Layout& at, Found& found) {
    using eigenguide::detail::Extents;
    const Extents from{at.rows, at.columns};
    for (const Extents to : {Extents{1, 2}, Extents{3, 5}, Extents{4, 4}, Extents{11, 9}}) {
      std::vector<double> line(from.columns), out(to.area());
      eigenguide::detail::resize(in.cond.values.data(), from, out.data(), to, line.data());
      const Plane plane = planes_of(wide(in.cond.values), at)[0];
      std::vector<Exact> want;
      add(want, resized(plane, to.rows, to.columns).values, largest(plane.values), of_resize);
      found.add(out, want, in.name);
    }
  });
}

TEST_CASE("law: Gaussian blur is within its roundings of the exact result") {
  for_all_cases("Gaussian blur", [](auto in, const Layout& at, Found& found) {
    auto out = in.cond;
    for (const GaussianBlur method : {GaussianBlur{3, 0.4}, GaussianBlur{9, 2.0}}) {
      blur(method, in.cond.view(), out.view());
      found.add(out.values, exact(method, wide(in.cond.values), at), in.name);
    }
  });
}

TEST_CASE("law: a Laplacian pyramid is within its roundings of the exact one, and so is what it is put together to") {
  const auto measure = [](auto in, const Layout& at, Found& found) {
    using T = typename decltype(in.cond.values)::value_type;
    constexpr std::size_t levels = 3;
    auto pyramid = laplacian_pyramid(in.cond.view(), levels);
    const auto values = [&](std::size_t i) {
      const auto level = pyramid.level(i);
      return std::vector<T>(level.data(), level.data() + level.size());
    };
    const std::vector<Plane> planes = planes_of(wide(in.cond.values), at);
    for (std::size_t i = 0; i < levels; ++i) {
      std::vector<Exact> want;
      for (const Plane& plane : planes)
        add(want, direct_pyramid(plane, levels)[i].values, largest(plane.values), of_level(i, levels));
      found.add(values(i), want, in.name);
    }

    const auto plane_of = [&](std::size_t i, std::size_t p) {
      const Shape shape = pyramid.level(i).shape();
      return planes_of(wide(values(i)), {at.planes, shape.extent[2], shape.extent[3]})[p];
    };
    std::vector<Exact> want;
    for (std::size_t p = 0; p < at.planes; ++p) {
      Plane sum = plane_of(levels - 1, p);
      Wide most = largest(sum.values);
      for (std::size_t i = levels - 1; i-- > 0;) {
        const Plane finer = plane_of(i, p);
        sum = blurred(resized(sum, finer.rows, finer.columns));
        for (std::size_t k = 0; k < sum.values.size(); ++k) sum.values[k] += finer.values[k];
        most = std::fmax(most, std::fmax(largest(finer.values), largest(sum.values)));
      }
      add(want, sum.values, most, (levels - 1) * (of_up + 1));
    }
    auto out = in.cond;
    pyramid.reconstruct(out.view());
    found.add(out.values, want, in.name);
  };
  for_all_cases_of<float>("Laplacian pyramid", "float", measure);
  for_all_cases_of<double>("Laplacian pyramid", "double", measure);
}

TEST_CASE("law: frequency-decoupled guidance is within its roundings of the exact result") {
  for_all_cases("frequency-decoupled", [](auto in, const Layout& at, Found& found) {
    auto out = in.cond;
    const FrequencyDecoupled plain{{10.0, 5.0}}, weighted{{9.0, -1.5, 3.0}, {0.3, 1.0, -0.6}};
    for (const auto& method : {plain, weighted}) {
      guide(method, in.cond.view(), in.uncond.view(), out.view());
      found.add(out.values, exact(method, wide(in.cond.values), wide(in.uncond.values), at), in.name);
    }
  });
}

TEST_CASE("law: FreSca is within its roundings of the exact result") {
  for_all_cases("FreSca", [](auto in, const Layout& at, Found& found) {
    auto out = in.cond;
    for (const std::size_t cutoff : Sizes{1, 3}) {
      const FreSca method{7.3, 0.6, 1.3, cutoff};
      guide(method, in.cond.view(), in.uncond.view(), out.view());
      found.add(out.values, exact(method, wide(in.cond.values), wide(in.uncond.values), at), in.name);
    }
  });
}
