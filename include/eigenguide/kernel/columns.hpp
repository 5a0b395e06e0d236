// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/step.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// Guides `columns` groups side by side, element n of each beside element n of
/// the others, with the bits that guide_sample gives one by one: a row of memory
/// holds sixteen groups, and is read as a whole.
///
/// Input   method    a chain: Vectors, outputs(Gram)
///         measured  the first of the groups, on a lattice
///         written   the elements to write: those measured, and masked ones
/// Output  out, next  of the first group, as in guide_sample
///         reports   [columns] what was found, where it is not null
/// Cost    two reads of each input; those groups whose float sums cannot be
///         trusted are read again one by one. No allocation
template <std::size_t columns, class Method, class T, std::size_t predictions, std::size_t states, std::size_t advancing>
void guide_columns(const Method& method, const Measured<T, predictions, states>& measured, const Elements& written,
                   const Afterwards& afterwards, T* out, const std::array<Next<T>, advancing>& next,
                   Diagnostics* reports) noexcept {
  constexpr bool ones = Method::Vectors::contains(Role::one);
  const auto grams = measured.template grams_of_columns<ones, columns>();
  std::array<Terms<T, predictions - 1, 2 + states, 1 + advancing>, columns> terms;
  for (std::size_t k = 0; k < columns; ++k) {
    const auto column = measured.beside(k);
    const auto see = [&](const auto& gram) {
      if (reports != nullptr) reports[k] = diagnose(column, gram);
    };
    terms[k] = terms_of<ones>(column.template outputs<ones>(method, see, grams[k]), column, afterwards, next);
  }
  write_columns(measured.target, terms, outputs_of(out, next), written);
}

}}}  // namespace eigenguide::kernel
