// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/likelihood/integrate.hpp>
#include <eigenguide/likelihood/probe.hpp>
#include <eigenguide/likelihood/workspace.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The prior N(0, σ² I): σ = 1 of flows and variance-preserving paths, σ_max of
/// variance-exploding ones, where the data is neglected beside it.
///
///   ln p(z) = −Σ z² / 2σ² − N ln(σ √2π)
struct NormalPrior {
  double sigma = 1.0;  ///< σ; positive

  void validate() const { require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a positive number"); }

  /// Errors: a σ that is not positive
  double operator()(const double* z, std::size_t size) const {
    validate();
    constexpr double log_root_two_pi = 0.91893853320467274;
    double squares = 0.0;
    for (std::size_t n = 0; n < size; ++n) squares += z[n] / sigma * (z[n] / sigma);
    return -0.5 * squares - static_cast<double>(size) * (std::log(sigma) + log_root_two_pi);
  }
};

/// Where the ODE starts: `x` is data whose likelihood is asked for, or noise
/// that becomes a sample with its likelihood.
enum class Start { data, prior };

/// How log p is computed: the solver, the estimator of the divergence, the
/// density of the prior, and the times.
///
///   const LikelihoodOde ode{RungeKutta4{}, Hutchinson{8}, NormalPrior{}, even_times(0.0, 1.0, 32)};
///
/// The first time is where `start` is, the last the other end; they may rise or
/// fall. DormandPrince takes these two alone. A prior is any
/// double(const double* z, std::size_t size), of the elements that are no padding.
template <class Solver, class Divergence, class Prior>
struct LikelihoodOde {
  Solver solver;
  Divergence divergence;
  Prior prior;
  std::vector<double> times;
  Start start = Start::data;
};
template <class Solver, class Divergence, class Prior>
LikelihoodOde(Solver, Divergence, Prior, std::vector<double>) -> LikelihoodOde<Solver, Divergence, Prior>;
template <class Solver, class Divergence, class Prior>
LikelihoodOde(Solver, Divergence, Prior, std::vector<double>, Start) -> LikelihoodOde<Solver, Divergence, Prior>;

/// What is known of one sample.
struct LogLikelihood {
  double nats = 0.0;            ///< ln p(x) = prior + divergence
  double standard_error = 0.0;  ///< of it, by the probes; infinite of one, 0 of ExactTrace
  double prior = 0.0;           ///< ln of the prior's density where the ODE has the noise
  double divergence = 0.0;      ///< ∫ div f dt from the data to the prior
  std::size_t elements = 0;     ///< N, those that are no padding
  std::size_t steps = 0, evaluations = 0;  ///< of f; each with a vᵀ J v for each probe

  /// −log₂ of the probability of a bin, for each element.
  ///
  ///   −ln p / (N ln 2) − log₂ width
  ///
  /// It is a bound on the bits of discrete data when x is that data with noise
  /// added, uniform over its bin.
  ///
  /// Inputs  bin_width  of a value of the data, in units of x: 2/256 of bytes in
  ///                    [−1, 1), an offset of 7 bits; 1/256 in [0, 1), 8 bits; 1
  ///                    is no offset, the density itself
  /// Errors  a width that is not positive, no elements
  double bits_per_dimension(double bin_width) const {
    require(is_finite(bin_width) && bin_width > 0.0, "bin_width", bin_width, "a positive number");
    require(elements > 0, "elements", 0.0, "at least one that is no padding");
    return -nats / (static_cast<double>(elements) * std::log(2.0)) - std::log2(bin_width);
  }
};

namespace detail {

template <class Ode, class Field, class Tensor, class Mask, class T>
void log_likelihood(const Ode& ode, Field& field, const Tensor& x, const Mask* mask, std::vector<LogLikelihood>& found,
                    LikelihoodWorkspace<T>& workspace) {
  LikelihoodState<T>& work = workspace.state;
  using Solver = std::decay_t<decltype(ode.solver)>;
  using Divergence = std::decay_t<decltype(ode.divergence)>;
  const BatchView<const T> given = view(x);
  require_valid(ode.solver);
  require_valid(ode.prior);
  const double start = static_cast<double>(ode.start);
  require(start >= 0.0 && start <= 1.0, "start", start, "data or prior (0 or 1)");
  const double count = static_cast<double>(ode.times.size());
  require(Solver::adaptive ? ode.times.size() == 2 : ode.times.size() >= 2, "times", count,
          Solver::adaptive ? "two numbers: the steps between are the solver's" : "two numbers or more");
  const bool rising = ode.times.back() > ode.times.front();
  for (std::size_t i = 0; i < ode.times.size(); ++i) {
    require_finite("times", ode.times[i]);
    if (i > 0)
      require(rising ? ode.times[i] > ode.times[i - 1] : ode.times[i] < ode.times[i - 1], "times", ode.times[i],
              "times that all rise or all fall");
  }
  ode.divergence.validate(given.samples(), given.size(), ode.times.size() - 1);

  const auto prior = [&](std::size_t i) {
    std::size_t elements = 0;
    for (std::size_t n = 0; n < work.size; ++n)
      if (work.keep[i * work.size + n]) work.kept[elements++] = work.state[i * work.width() + n];
    const double density = ode.prior(work.kept.data(), elements);
    if (!is_finite(density))
      reject("prior", describe(density) + " in sample " + std::to_string(i), "a log density that is finite");
    return density;
  };
  work.begin(given, ode.divergence.columns(), Solver::tableau.stages, mask);
  work.priors.assign(work.samples, 0.0);
  if (ode.start == Start::prior)
    for (std::size_t i = 0; i < work.samples; ++i) work.priors[i] = prior(i);
  Integration<Solver, Divergence>(ode.solver, ode.divergence, ode.times)(field, work);
  if (ode.start == Start::data)
    for (std::size_t i = 0; i < work.samples; ++i) work.priors[i] = prior(i);

  found.resize(work.samples);
  for (std::size_t i = 0; i < work.samples; ++i) {
    const Estimate integral =
        estimate(Divergence::exact, work.state.data() + i * work.width() + work.size, work.columns);
    LogLikelihood& one = found[i];
    one.prior = work.priors[i];
    one.divergence = ode.start == Start::data ? integral.value : -integral.value;
    one.nats = one.prior + one.divergence;
    one.standard_error = integral.standard_error;
    one.elements = work.elements[i];
    one.steps = work.step[i];
    one.evaluations = work.evaluations[i];
  }
}

}  // namespace detail

/// ln p(x) of every sample along an ODE dx/dt = f(x, t), by the instantaneous
/// change of variables.
///
///   d/dt ln p(x_t) = −div f,  so  ln p(x) = ln p_prior(z) + ∫ div f(x_t, t) dt
///
/// where z is where the ODE takes x, and the integral goes from data to prior:
/// its sign is right whichever way time runs. State and integrals are doubles.
///
///   auto flow = probability_flow(Kind::flow, rectified_flow_path, with_vjp(network, vjp));
///   const LikelihoodOde ode{RungeKutta4{}, Hutchinson{8}, NormalPrior{}, even_times(0.0, 1.0, 32)};
///   log_likelihood(ode, flow, x, found, workspace);
///
/// Inputs  ode    solver, divergence, prior and times
///         field  probability_flow(…), with_vjp(…) or finite_differences(…)
///         x      [samples, ...], float or double, as the model takes it
///         mask   [samples, m], m dividing the size of a sample: repeated over
///                the slower dimensions. 1, or 0 at padding, which is held as it
///                is and counts nowhere: if the model does not look at it
///                either, a padded sample is the sample without padding
/// Output  found  [samples]; where the ODE ended stays in `workspace.ended()`
/// Errors  times that do not all rise or fall, those of the solver, the estimator
///         and the mask; x, f, a divergence or a prior that is not finite, by
///         sample, step and time; `found` has not been written then
/// Cost    with k probes, of each evaluation k + 1 times that of the model, or
///         2k + 1 times with finite differences. No allocation in a workspace
///         that has served a call as large
/// Source  Chen, Rubanova, Bettencourt, Duvenaud, arXiv:1806.07366; Grathwohl,
///         Chen, Bettencourt, Sutskever, Duvenaud, arXiv:1810.01367; Song,
///         Sohl-Dickstein, Kingma, Kumar, Ermon, Poole, arXiv:2011.13456
template <class Solver, class Divergence, class Prior, class Field, class Tensor, class T>
void log_likelihood(const LikelihoodOde<Solver, Divergence, Prior>& ode, Field&& field, const Tensor& x,
                    std::vector<LogLikelihood>& found, LikelihoodWorkspace<T>& workspace) {
  detail::log_likelihood(ode, field, x, static_cast<const BatchView<const T>*>(nullptr), found, workspace);
}
template <class Solver, class Divergence, class Prior, class Field, class Tensor, class Mask, class T>
void log_likelihood(const LikelihoodOde<Solver, Divergence, Prior>& ode, Field&& field, const Tensor& x, const Mask& mask,
                    std::vector<LogLikelihood>& found, LikelihoodWorkspace<T>& workspace) {
  const auto padding = view(mask);
  detail::log_likelihood(ode, field, x, &padding, found, workspace);
}

}}  // namespace eigenguide
