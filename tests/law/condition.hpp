// SPDX-License-Identifier: MIT
#pragma once

#include <law/exact.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

// How far the scalars of a method may lead in double, where nothing is wider
// behind them: how many roundings an inner product has, times how much of it is
// left in what the method takes from it. To first order; of a link beside Cfg{4}.

namespace condition {

struct Vectors {
  const WideVector& c;
  const WideVector& u;
  WideVector d, g;  ///< c − u; c + 3 d, Cfg{4}'s result

  explicit Vectors(const Inputs<WideVector>& in) : c(in.cond), u(in.uncond), d(c), g(c) {
    for (std::size_t n = 0; n < c.size(); ++n) d[n] -= u[n], g[n] += 3 * d[n];
  }
};

inline Wide inner(const WideVector& a, const WideVector& b) {
  Wide sum = 0;
  for (std::size_t n = 0; n < a.size(); ++n) sum += a[n] * b[n];
  return sum;
}
inline Wide norm(const WideVector& a) { return std::sqrt(inner(a, a)); }
inline Wide sum_of(const WideVector& a) {
  Wide sum = 0;
  for (const Wide value : a) sum += value;
  return sum;
}

/// k 2^−53: an element's products with others are added up in sixteen lanes, of a
/// chunk, which are added as a tree, and chunks in order; two roundings of the
/// differences, and ten for what scalars are computed from it, here and in the
/// reference.
inline Wide of_sums(std::size_t n) {
  const std::size_t chunk = 8192, chunks = (n + chunk - 1) / chunk;
  return Wide((std::min(n, chunk) + 15) / 16 + 4 + chunks + 2 + 10) * 0x1p-53L;
}

/// The share of ‖u‖² = ‖c‖² − 2 ⟨c, d⟩ + ‖d‖² in the terms that it is computed from. Below
/// 1/8 of ‖c‖² or ‖d‖² it is measured by itself, so that it is at most 32.
inline Wide lost_in_u(const Vectors& v) {
  const Wide whole = norm(v.c) + norm(v.d);
  return std::fmin(whole * whole / inner(v.u, v.u), Wide(32));
}

}  // namespace condition

template <class Method>
Wide slack_of(const Method&, const Inputs<WideVector>&) {
  return 0;
}

/// Of a variance Σ v² − (Σ v)² / n, of v = Σ wᵢ vᵢ, the share (Σ |wᵢ| ‖vᵢ‖ + |Σ v| / √n)² over it:
/// 4 (1 + mean² / spread²) of one vector.
inline Wide slack_of(const eigenguide::Rescale& rescale, const Inputs<WideVector>& in) {
  using namespace condition;
  const Vectors v(in);
  const Wide n = Wide(v.c.size()), from_c = norm(v.c), from_d = norm(v.d), phi = rescale.phi;
  const auto variance = [&](const WideVector& of) { return inner(of, of) - sum_of(of) * sum_of(of) / n; };
  const Wide of_c = variance(v.c), of_g = variance(v.g);
  if (of_c <= 1e-13L * inner(v.c, v.c) || of_g <= 1e-13L * inner(v.g, v.g)) return 0;  // no spread at all
  const auto lost = [&](Wide terms, const WideVector& of, Wide left) {
    const Wide whole = terms + std::fabs(sum_of(of)) / std::sqrt(n);
    return whole * whole / left;
  };
  const Wide share = 0.5L * of_sums(v.c.size()) * (lost(from_c, v.c, of_c) + lost(from_c + 3 * from_d, v.g, of_g));
  return share * phi * std::sqrt(of_c / of_g) * largest(v.g);
}

/// Of the angle 2φ = atan2(2 ⟨c, u⟩, ‖c‖² − ‖u‖²): the share (‖c‖ + ‖d‖)² over the
/// length of that vector, which no direction leads in.
inline Wide slack_of(const eigenguide::Tcfg& tcfg, const Inputs<WideVector>& in) {
  using namespace condition;
  const Vectors v(in);
  const Wide radius = std::hypot(inner(v.c, v.c) - inner(v.u, v.u), 2 * inner(v.c, v.u));
  const Wide whole = norm(v.c) + norm(v.d);
  if (radius == 0) return 0;
  const Wide angle = 3 * of_sums(v.c.size()) * whole * whole / radius;
  return (std::fabs(Wide(tcfg.scale) - 1) + 3) * angle * (largest(v.c) + largest(v.d));
}

/// Of α = 1 + ⟨d, u⟩ / ‖u‖², of which ⟨d, u⟩ = ⟨c, d⟩ − ‖d‖².
inline Wide slack_of(const eigenguide::CfgZeroStar& zero_star, const Inputs<WideVector>& in) {
  using namespace condition;
  const Vectors v(in);
  const Wide uu = inner(v.u, v.u);
  if (uu == 0) return 0;
  const Wide products = std::fmin(norm(v.d) * (norm(v.c) + norm(v.d)), std::sqrt(Wide(32)) * norm(v.d) * std::sqrt(uu));
  const Wide alpha = of_sums(v.c.size()) * (products / uu + std::fabs(inner(v.d, v.u)) / uu * lost_in_u(v));
  return (std::fabs(Wide(zero_star.scale) - 1) + 3) * alpha * largest(v.u);
}

/// Of the share ⟨d, c⟩ / ‖c‖² along c, and of the length of d.
inline Wide slack_of(const eigenguide::Apg& apg, const Inputs<WideVector>& in) {
  using namespace condition;
  const Vectors v(in);
  if (norm(v.c) == 0) return 0;
  const Wide along = std::fabs(1 - Wide(apg.eta)) * norm(v.d) / norm(v.c);
  const Wide of_share = 2 * along * largest(v.c), of_length = apg.norm_threshold == 0 ? 0 : 2 * (largest(v.d) + along * largest(v.c));
  return (std::fabs(Wide(apg.scale) - 1) + 3) * of_sums(v.c.size()) * (of_share + of_length);
}

/// Of the share ⟨v, d⟩ / ‖d‖² along d, which is not small: ‖v‖ / ‖d‖ of the largest element of d.
template <std::size_t K>
Wide slack_of(const eigenguide::PerpNeg<K>& perp_neg, const Inputs<WideVector>& in) {
  using namespace condition;
  const Vectors v(in);
  if (norm(v.d) == 0) return 0;
  Wide slack = 0;
  for (std::size_t k = 0; k < K; ++k) {
    WideVector from_prompt = v.c;
    const WideVector& prompt = in.others[Inputs<WideVector>::place(eigenguide::prompt_role(k))];
    for (std::size_t n = 0; n < prompt.size(); ++n) from_prompt[n] -= prompt[n];
    slack += 2 * of_sums(v.c.size()) * std::fabs(Wide(perp_neg.weights[k])) * norm(from_prompt) / norm(v.d) * largest(v.d);
  }
  return 4 * slack;  // once, and three times more by Cfg{4}
}

/// Of the angle θ, by sin² θ = ‖d‖²/‖u‖² − ⟨c, d⟩²/(‖c‖² ‖u‖²), and of what sin(s θ) / sin θ makes of it:
/// its derivative grows as 1 / sin² θ as c and u become opposite.
inline Wide slack_of(const eigenguide::Slerp& slerp, const Inputs<WideVector>& in) {
  using namespace condition;
  const Vectors v(in);
  const Wide to = norm(v.c), from = norm(v.u), s = slerp.scale, k = of_sums(v.c.size());
  if (to == 0 || from == 0 || s == 1) return 0;
  const Wide cosine = inner(v.c, v.u) / (to * from), along = inner(v.c, v.d) / inner(v.c, v.c);
  if (cosine < 1e-5L - 1) return 0;
  WideVector across = v.d;
  for (std::size_t n = 0; n < across.size(); ++n) across[n] -= along * v.c[n];
  const Wide sine = norm(across) / from;
  const Wide lost = lost_in_u(v);
  const Wide of_square = k * inner(v.d, v.d) / (from * from) * (4 + 2 * lost), of_cosine = k * (2 + lost);
  const Wide of_sine = sine > 0 ? std::fmin(of_square / (2 * sine), std::sqrt(of_square)) : std::sqrt(of_square);
  const Wide theta = std::atan2(sine, cosine), angle = std::fabs(cosine) * of_sine + sine * of_cosine;
  const auto ratio = [&](Wide t) { return theta == 0 ? t : std::sin(t * theta) / std::sin(theta); };
  const auto steepness = [&](Wide t) {  // of sin(t θ) / sin θ; t (t² − 1) θ / 3 for small θ
    if (theta < 1e-4L) return std::fabs(t * (t * t - 1)) * (theta + angle) / 3;
    return std::fabs(t * std::cos(t * theta) * std::sin(theta) - std::sin(t * theta) * std::cos(theta)) / (std::sin(theta) * std::sin(theta));
  };
  const bool raw = slerp.magnitude == eigenguide::Magnitude::raw;
  const Wide lengths = slerp.magnitude == eigenguide::Magnitude::linear ? std::fabs(s) * to + std::fabs(1 - s) * from : to;
  const Wide of_c = raw ? 1 : lengths / to, of_u = raw ? 1 : lengths / from, of_lengths = raw ? 0 : k * (2 + lost);
  return of_c * largest(v.c) * (steepness(s) * angle + std::fabs(ratio(s)) * of_lengths) +
         of_u * largest(v.u) * (steepness(1 - s) * angle + std::fabs(ratio(1 - s)) * of_lengths);
}
