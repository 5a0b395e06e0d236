// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/levels.hpp>
#include <eigenguide/kernel/write.hpp>
#include <eigenguide/prediction/conversion.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Converts a batch of predictions from one kind to another.
///
///   convert({Kind::v, Kind::sample}, level, x, v, x0);
///
/// Inputs  conversion  from which kind to which
///         levels      one Level, or one for each sample
///         x           [samples, ...], the noisy samples that the model saw
///         prediction  [samples, ...], of kind `conversion.from`
/// Output  out         [samples, ...], of kind `conversion.to`; may be exactly
///                     one of the inputs
/// Errors  shapes that differ, an unknown kind, an invalid level, one at which
///         `from` does not determine `to` (ε at α = 0, x₀ at σ = 0), an `out`
///         that overlaps an input partly; nothing has been written then
/// Cost    one read of each input, one write, no allocation
template <class Sample, class Prediction, class Out>
void convert(const Conversion& conversion, const Levels& levels, const Sample& x,
             const Prediction& prediction, Out&& out) {
  const auto p = view(prediction);
  const auto noisy = view(x);
  const auto to = view(out);
  using T = typename decltype(p)::Scalar;

  detail::require_tensors(to, detail::Named{"prediction", p}, detail::Named{"x", noisy});
  levels.for_each(p.samples(), [&](const Level& level) { conversion(level); });

  const kernel::Target target = kernel::best_target();
  for (std::size_t i = 0; i < p.samples(); ++i) {
    const Row<2> row = conversion(levels[i]);
    kernel::Terms<T, 0, 1, 1> terms(p.sample(i));
    terms.first_weight = {row[Conversion::prediction]};
    terms.add_direct(noisy.sample(i), {row[Conversion::x]});
    kernel::write(target, terms, std::array<T*, 1>{to.sample(i)}, p.size());
  }
}

/// The same, as a new tensor of the type of `prediction`.
template <class Sample, class Prediction>
auto convert(const Conversion& conversion, const Levels& levels, const Sample& x,
             const Prediction& prediction) {
  auto out = ViewOf<Prediction>::like(prediction);
  convert(conversion, levels, x, prediction, out);
  return out;
}

}}  // namespace eigenguide
