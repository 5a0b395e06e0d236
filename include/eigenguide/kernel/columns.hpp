// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/step.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// Guides `columns` groups side by side, element n of each beside element n of
/// the others, with the bits that guide_sample gives one by one: a row of memory
/// holds sixteen groups, and is read as a whole.
///
/// Input   method    a chain: Vectors, outputs(Gram)
///         measured  the first of the groups, on a lattice
///         written   the elements to write: those measured, and masked ones
/// Output  out, next  of the first group, as in guide_sample
///         reports   [columns] what was found: Diagnostics* or nullptr
/// Cost    two reads of each input; those groups whose float sums cannot be
///         trusted are read again one by one. No allocation
template <std::size_t columns, class Method, class T, class Out, std::size_t predictions, std::size_t states, bool shifts,
          std::size_t advancing, class Reported>
void guide_columns(const Method& method, const Measured<T, predictions, states, shifts>& measured, const Elements& written,
                   const Afterwards& afterwards, Out* out, const std::array<Next<T>, advancing>& next,
                   Reported reports) noexcept {
  constexpr bool ones = Method::Vectors::contains(Role::one);
  const auto sums = measured.template sums_of_columns<ones, columns>();
  std::array<Terms<T, predictions - 1, states + (shifts ? 1 : 0), 1 + advancing>, columns> terms;
  [[maybe_unused]] const auto reads = [&](std::size_t i) { return method.reads(i); };
  for (std::size_t k = 0; k < columns; ++k) {
    const auto see = [&]([[maybe_unused]] const auto& gram) {
      if constexpr (!std::is_null_pointer_v<Reported>) reports[k] = diagnose(measured.beside(k), gram, reads);
    };
    const auto gram = measured.template gram_of_column<ones>(sums[k]);
    terms[k] = terms_of<ones>(measured.template outputs<ones>(method, see, gram, k), measured, afterwards, next);
  }
  write_columns(measured.target, terms, outputs_of(out, next), written);
}

}}}  // namespace eigenguide::kernel
