// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/likelihood/probe.hpp>
#include <eigenguide/likelihood/workspace.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// div f = tr ∂f/∂x of every sample at one point, estimated or exact.
///
///   divergence(Hutchinson{16}, ode, t, x, found, workspace);
///
/// Inputs  estimator  Hutchinson, GivenProbes or ExactTrace
///         field      probability_flow(…), with_vjp(…) or finite_differences(…)
///         t          [samples], one time for each
///         x          [samples, ...], float or double
/// Output  found      [samples]
/// Errors  those of the estimator; times of another number; x, f or an estimate
///         that is not finite, by sample. Nothing has been written then
/// Cost    one evaluation, and one vᵀ J v for each probe
template <class Divergence, class Field, class Tensor, class T>
void divergence(const Divergence& estimator, Field&& field, const std::vector<double>& t, const Tensor& x,
                std::vector<Estimate>& found, LikelihoodWorkspace<T>& workspace) {
  const BatchView<const T> given = view(x);
  require(t.size() == given.samples(), "t", static_cast<double>(t.size()), "one time for each sample");
  estimator.validate(given.samples(), given.size(), 1);
  detail::LikelihoodState<T>& state = workspace.state;
  state.begin(given, estimator.columns(), 1, static_cast<const BatchView<const T>*>(nullptr));
  state.time = t;
  state.evaluate(estimator, field, 0);
  found.resize(given.samples());
  for (std::size_t i = 0; i < found.size(); ++i)
    found[i] = detail::estimate(Divergence::exact, state.slope_of(0, i) + given.size(), estimator.columns());
}

}}  // namespace eigenguide
