// SPDX-License-Identifier: MIT
#pragma once

#include "table.hpp"

#include <string>
#include <vector>

namespace golden {

/// Which of a case's results a run is held against.
struct Reference {
  const char* expected;   ///< "expected" or "expected_f64"
  const char* tolerance;  ///< key of its tolerance; "_per_output" takes precedence
};
inline constexpr Reference in_case_dtype{"expected", "tolerance"};
inline constexpr Reference in_double{"expected_f64", "tolerance_f64"};

/// One line for each output of `reference` that `outputs` does not match; none
/// when the run passes.
///
///   |got − want| ≤ atol + rtol |want|, equal infinities, NaN for NaN
///
/// The files write 9 digits of a float: a result that has the same is that float,
/// even where nothing is allowed.
///
/// In a degenerate case a `want` that is not finite records the peer's 0/0. The
/// library may define the limit, any finite number; or, where no number of that
/// output is finite, reject the input.
std::vector<std::string> mismatches(const Json& json, const Reference& reference,
                                    const Outputs& outputs);

}  // namespace golden
