// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/workspace.hpp>
#include <eigenguide/threshold/channels.hpp>
#include <eigenguide/threshold/element.hpp>
#include <eigenguide/threshold/quantile.hpp>

#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// How the extent of a prediction is measured.
enum class Variability {
  absolute,   ///< the greatest |v|, of the guided prediction a quantile of it
  deviation,  ///< the standard deviation
};

/// What a prediction is scaled about.
enum class Startpoint {
  mean,  ///< the mean of each channel, which stays
  zero,
};

/// Mimic-scale dynamic thresholding: guidance at a large scale, brought to the
/// extent that it would have at a smaller one.
///
///   g = u + s d,  m = u + mimic d;   g̃, m̃ about the mean of each channel
///   a = max |m̃|,  b = quantile of |g̃|     absolute
///   a = std m̃,    b = std g̃               deviation
///
///   g′ = mean + clamp(g̃, ± max(a, b)) a / max(a, b)    mean, absolute
///   g′ = mean + g̃ a / b                                mean, deviation
///   g′ = g a / b                                       zero
///   result = φ g′ + (1 − φ) g
///
/// a and b are of one channel with `per_channel`, else of the sample. Where the
/// divisor is zero g has no extent, and stays. What shares an a and b with NaN or
/// infinity is NaN.
///
/// Group   the channels are the second dimension
/// Source  no paper: mcmonkeyprojects/sd-dynamic-thresholding
struct Mimic {
  double scale = 1.0;        ///< s, no unit; any finite number
  double mimic_scale = 1.0;  ///< no unit; any finite number
  double percentile = 1.0;   ///< of the quantile, as a share; in [0, 1]
  double phi = 0.0;          ///< φ, no unit; in [0, 1]. 0 is Cfg
  bool per_channel = true;
  Startpoint startpoint = Startpoint::mean;
  Variability variability = Variability::absolute;

  using Memory = Workspace;

  void validate() const {
    require_finite("scale", scale);
    require_finite("mimic_scale", mimic_scale);
    require(percentile >= 0.0 && percentile <= 1.0, "percentile", percentile, "a number in [0, 1]");
    require(phi >= 0.0 && phi <= 1.0, "phi", phi, "a number in [0, 1]");
  }
};

namespace detail {

/// The mean, from differences to the first: exactly v where every one is v.
inline Real mean_of(const double* values, std::size_t count) {
  const Real first = values[0];
  Real sum;
  for (std::size_t k = 0; k < count; ++k) sum += values[k] - first;
  return first + sum / static_cast<double>(count);
}

/// The mimic thresholding of channels that share one a and b: `count` of them,
/// channel j at (cond, uncond, out)(j), of `positions` elements each. A null
/// uncond is zero.
template <class Pointers>
void mimic_channels(const Mimic& method, std::size_t count, std::size_t positions, const Pointers& pointers,
                    double* guided, double* lengths) {
  Real greatest, of_mimic, of_guided;
  bool finite = true;
  for (std::size_t j = 0; j < count; ++j) {
    const auto [cond, uncond, out] = pointers(j);
    (void)out;
    double* const g = guided + j * positions;
    double* const m = lengths + j * positions;
    for (std::size_t k = 0; k < positions; ++k) {
      const double c = static_cast<double>(cond[k]), u = uncond ? static_cast<double>(uncond[k]) : 0.0;
      g[k] = static_cast<double>(guided_element(method.scale, c, u));
      m[k] = static_cast<double>(guided_element(method.mimic_scale, c, u));
    }
    const Real guided_mean = mean_of(g, positions), mimic_mean = mean_of(m, positions);
    for (std::size_t k = 0; k < positions; ++k) {
      const Real of_g = g[k] - guided_mean, of_m = m[k] - mimic_mean;
      of_guided += of_g * of_g;
      of_mimic += of_m * of_m;
      greatest = greater(greatest, abs(of_m));
      m[k] = static_cast<double>(abs(of_g));
      finite = finite && is_finite(m[k]) && is_finite(static_cast<double>(of_m));
    }
  }
  const double nan = quiet_nan();
  const bool absolute = method.variability == Variability::absolute;
  const Real a = absolute ? greatest : sqrt(of_mimic);
  const Real b = !finite     ? Real(nan)
                 : !absolute ? sqrt(of_guided)
                             : Real(quantile(lengths, count * positions, method.percentile));
  const bool clips = absolute && method.startpoint == Startpoint::mean;
  const Real divisor = clips ? greater(a, b) : b;
  const Real ratio = divisor == 0.0 ? Real(1.0) : a / divisor;

  for (std::size_t j = 0; j < count; ++j) {
    const double* const g = guided + j * positions;
    const Real mean = method.startpoint == Startpoint::mean ? mean_of(g, positions) : Real(0.0);
    const auto out = pointers(j).out;
    using T = std::remove_pointer_t<std::remove_const_t<decltype(out)>>;
    for (std::size_t k = 0; k < positions; ++k) {
      if (!finite) {
        out[k] = static_cast<T>(nan);
        continue;
      }
      const Real about = g[k] - mean;
      const Real kept = !clips || divisor == 0.0 ? about : greater(-divisor, lesser(divisor, about));
      out[k] = static_cast<T>(method.phi * (mean + ratio * kept) + (1.0 - Real(method.phi)) * g[k]);
    }
  }
}

/// Whose extent a prediction is brought to.
enum class MimicOf { channel, sample, batch };

/// `without_uncond`: uncond is zero, whatever is handed in.
template <class T>
void mimic(const Mimic& method, const BatchView<const T>& cond, const BatchView<const T>& uncond,
           const BatchView<T>& out, MimicOf of, Workspace& workspace, bool without_uncond = false) {
  require_tensors(out, Named{"cond", cond}, Named{"uncond", uncond});
  const Channels channels = channels_of("cond", cond);
  method.validate();
  if (cond.samples() == 0 || channels.positions == 0) return;

  struct Pointers {
    const T *cond, *uncond;
    T* out;
  };
  const std::size_t all = cond.samples() * channels.count;
  const std::size_t shared = of == MimicOf::channel ? 1 : of == MimicOf::sample ? channels.count : all;
  double* const guided = workspace.doubles(2 * shared * channels.positions);
  double* const lengths = guided + shared * channels.positions;
  for (std::size_t first = 0; first < all; first += shared)
    mimic_channels(method, shared, channels.positions, [&](std::size_t j) {
      const std::size_t sample = (first + j) / channels.count, at = (first + j) % channels.count * channels.positions;
      return Pointers{cond.sample(sample) + at, without_uncond ? nullptr : uncond.sample(sample) + at,
                      out.sample(sample) + at};
    }, guided, lengths);
}

}  // namespace detail

/// Guides one step of a batch.
///
///   guide(Mimic{20.0, 7.0, 1.0, 1.0}, cond, uncond, out, workspace);
///
/// Inputs  cond, uncond  [samples, channels, ...], of two dimensions or more
///         workspace     memory to work in; without it the call allocates its own
/// Output  out           of their shape; may be exactly one of them
/// Errors  a parameter out of its range, shapes that differ or are not known, an
///         `out` that overlaps an input partly; nothing has been written then
/// Cost    two passes and a selection in linear time; a workspace of two
///         channels, or samples
template <class Cond, class Uncond, class Out>
void guide(const Mimic& method, const Cond& cond, const Uncond& uncond, Out&& out, Workspace& workspace) {
  using T = typename decltype(view(cond))::Scalar;
  detail::mimic<T>(method, view(cond), view(uncond), view(out),
                   method.per_channel ? detail::MimicOf::channel : detail::MimicOf::sample, workspace);
}

}}  // namespace eigenguide
