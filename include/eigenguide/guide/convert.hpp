// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/levels.hpp>
#include <eigenguide/kernel/write.hpp>
#include <eigenguide/prediction/conversion.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Combines two tensors by weights that depend on the level: of the prediction,
/// then of x.
///
///   convert({Kind::v, Kind::sample}, level, x, v, x0);             // from one kind to another
///   convert(Preconditioning{Kind::v}, level, x, output, denoised); // between coordinates
///   convert(Noising{}, level, x0, noise, x);                       // x from its parts
///
/// Inputs  conversion  Conversion, Preconditioning, Noising, Target, or any
///                     Row<2>(const Level&)
///         levels      one Level, or one for each sample
///         x           [samples, ...], the noisy samples that the model saw
///         prediction  [samples, ...], of the kind that `conversion` reads
/// Output  out         [samples, ...]; may be exactly one of the inputs
/// Errors  shapes that differ, those of `conversion` at a level, an `out` that
///         overlaps an input partly; nothing has been written then
/// Cost    one read of each input, one write, no allocation
template <class Convert, class Sample, class Prediction, class Out,
          class = std::enable_if_t<std::is_invocable_r_v<Row<2>, const Convert&, const Level&>>>
void convert(const Convert& conversion, const Levels& levels, const Sample& x,
             const Prediction& prediction, Out&& out) {
  const auto p = view(prediction);
  const auto noisy = view(x);
  const auto to = view(out);
  using T = typename decltype(p)::Scalar;

  detail::require_tensors(to, detail::Named{"prediction", p}, detail::Named{"x", noisy});
  levels.for_each(p.samples(), [&](const Level& level) { conversion(level); });

  if (p.size() == 0) return;
  const kernel::Target target = kernel::best_target();
  for (std::size_t i = 0; i < p.samples(); ++i) {
    const Row<2> row = conversion(levels[i]);
    kernel::Terms<T, 0, 1, 1> terms(p.sample(i));
    terms.first_weight = {row[0]};
    terms.add_direct(noisy.sample(i), {row[1]});
    kernel::write(target, terms, std::array<T*, 1>{to.sample(i)}, p.size());
  }
}
template <class Sample, class Prediction, class Out>
void convert(const Conversion& conversion, const Levels& levels, const Sample& x,
             const Prediction& prediction, Out&& out) {
  convert<Conversion>(conversion, levels, x, prediction, out);
}

/// The same, as a new tensor of the type of `prediction`.
template <class Convert, class Sample, class Prediction,
          class = std::enable_if_t<std::is_invocable_r_v<Row<2>, const Convert&, const Level&>>>
auto convert(const Convert& conversion, const Levels& levels, const Sample& x,
             const Prediction& prediction) {
  auto out = ViewOf<Prediction>::like(prediction);
  convert<Convert>(conversion, levels, x, prediction, out);
  return out;
}
template <class Sample, class Prediction>
auto convert(const Conversion& conversion, const Levels& levels, const Sample& x,
             const Prediction& prediction) {
  return convert<Conversion>(conversion, levels, x, prediction);
}

}}  // namespace eigenguide
