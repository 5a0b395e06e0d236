// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/guide/carried.hpp>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/guide/step.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/needs.hpp>
#include <eigenguide/method/plan.hpp>
#include <eigenguide/method/with_scale.hpp>
#include <eigenguide/method/zero_init.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Guidance over a whole run: a plan, the space in which it is read, and the
/// states that it carries from step to step. A value: a copy goes on by itself.
///
///   Guider guider(scheduled(Cfg{}, Linear{9.0, 1.0}) | Rescale{0.7});
///   for (Moment now : moments(levels)) {
///     const Needs needs = guider.needs(now);
///     if (needs.uncond()) …                          // evaluate the model
///     guider.apply(now, x, cond, needs.uncond() ? uncond : cond, guided);
///     …                                              // take the sampler's step
///     guider.advance();
///   }
///
/// `apply` reads the states as they were when the step began, however often it
/// is called; the first call of a step says what becomes of them, and `advance`
/// makes it so. A sampler that evaluates the model twice a step (Heun, 2S) thus
/// advances them once. A state whose next value depends on a prediction that the
/// result does not need, as outside an interval of guidance, stays as it is; so
/// does the state of a method outside its window.
///
/// Schedules and windows look at the moment's one level; samples at levels of
/// their own have scales of their own by the option scales(…).
template <class PlanType, class T = float>
class Guider {
  static_assert(is_plan<PlanType>, "a method, or a plan of them: see method/plan.hpp");

 public:
  using Method = decltype(at(std::declval<const PlanType&>(), Moment{}));

  /// Inputs  space  the model's kind, and the kind in which the plan is read;
  ///                where they are the same, apply() needs no level
  explicit Guider(PlanType plan, const Space& space = {})
      : plan_(std::move(plan)), space_(space), states_(count_states(plan_)) {}

  /// The method of a moment.
  /// Errors: an invalid moment, schedule or method
  Method method(const Moment& now) const {
    now.validate();
    Moment counted = now;
    counted.fed = states_.fed();
    Method method = at(plan_, counted);
    method.validate();
    return method;
  }

  /// The predictions that this step requires: those that the result depends on.
  /// None where it is zero.
  /// Options  scales(…), where apply() will have them; Renoise::uncond, where step() will
  template <class... Options>
  Needs needs(const Moment& now, const Options&... options) const {
    return needed_by(dependence_over(method(now), options...), options...);
  }

  /// How many evaluations of the model a run over these moments makes.
  /// Options  as needs()
  template <class... Options>
  std::size_t evaluations(const std::vector<Moment>& run, const Options&... options) const {
    std::size_t all = 0;
    for (const Moment& now : run) all += needs(now, options...).evaluations();
    return all;
  }

  /// Begins a run of samples of the shape of `like`: states are zero. Without
  /// states it is not needed.
  /// Cost: allocates two tensors for each state of the plan
  template <class Tensor>
  void reset(const Tensor& like) {
    const auto batch = view(like);
    static_assert(std::is_same_v<typename decltype(batch)::Scalar, T>, "Guider<Plan, T>: tensors of another type than T");
    states_.reset(batch);
  }

  /// Guides one evaluation of a step.
  ///
  /// Inputs  now           the step, and the level of x
  ///         levels        the levels of the samples, where they differ
  ///         x             [samples, ...], the noisy samples that the model saw
  ///         cond, uncond  [samples, ...], predictions of the model's kind. What
  ///                       the step does not need may be any tensor of the
  ///                       shape: it is not read
  ///         options       what `with` takes, but for states: perturbed(p), …
  /// Output  out           [samples, ...], guided; may be exactly one of the inputs
  /// Errors  as guide(); a run that was not begun, or of another shape, where
  ///         the plan has states. After an error the step is as it was before
  /// Cost    as guide(), and `dependence_of` the method
  template <class Sample, class Cond, class Uncond, class Out, class... Options>
  void apply(const Moment& now, const Levels& levels, const Sample& x, const Cond& cond, const Uncond& uncond, Out&& out,
             const Options&... options) {
    evaluate(now, Renoise::guided, cond, uncond, [&](const auto& bound, const auto& c, const auto& u) {
      if (space_.model == space_.method)
        guide(bound, c, u, out);
      else
        guide(bound, space_, levels, x, c, u, out);
    }, options...);
  }
  template <class Sample, class Cond, class Uncond, class Out, class... Options,
            std::enable_if_t<!std::is_convertible_v<const Sample&, Levels>, int> = 0>
  void apply(const Moment& now, const Sample& x, const Cond& cond, const Uncond& uncond, Out&& out,
             const Options&... options) {
    apply(now, Levels(now.level), x, cond, uncond, out, options...);
  }

  /// Guides and takes the sampler's step in the same passes, as step() does:
  /// DDIM's, Euler's or, with Renoise::uncond, CFG++'s, which needs uncond at
  /// every step: needs(now, Renoise::uncond).
  ///
  /// Inputs  next  the level at which the step ends, or one for each sample
  /// Output  out   [samples, ...], the samples there; may be exactly x
  template <class Sample, class Cond, class Uncond, class Out, class... Options>
  void step(const Moment& now, const Levels& levels, const Levels& next, Renoise renoise, const Sample& x,
            const Cond& cond, const Uncond& uncond, Out&& out, const Options&... options) {
    evaluate(now, renoise, cond, uncond, [&](const auto& bound, const auto& c, const auto& u) {
      eigenguide::step(bound, Update{space_, renoise}, levels, next, x, c, u, out);
    }, options...);
  }
  template <class Sample, class Cond, class Uncond, class Out, class... Options>
  void step(const Moment& now, const Levels& next, Renoise renoise, const Sample& x, const Cond& cond,
            const Uncond& uncond, Out&& out, const Options&... options) {
    step(now, now.level, next, renoise, x, cond, uncond, out, options...);
  }

  /// Ends a step: the states are what its first evaluation made of them.
  void advance() { states_.advance(); }

  /// Takes a step back: the next call of apply() begins one again, with the
  /// states as they were.
  void discard() { states_.discard(); }

  const PlanType& plan() const { return plan_; }
  const Space& space() const { return space_; }

 private:
  using States = detail::CarriedStates<Method, T>;

  PlanType plan_;
  Space space_;
  States states_;

  static std::size_t count_states(const PlanType& plan) {
    if constexpr (is_any_chain<Method>::value) {
      if (reads(plan, Role::correction) || reads(plan, Role::average)) return States::most;
      return reads(plan, Role::momentum) ? 1 : 0;
    }
    return States::most;
  }

  /// One evaluation of a step, by a verb of the method, c and u.
  template <class Cond, class Uncond, class Verb, class... Options>
  void evaluate(const Moment& now, Renoise renoise, const Cond& cond, const Uncond& uncond, const Verb& verb,
                const Options&... options) {
    const Method method = this->method(now);
    const Dependence dependence = dependence_over(method, options...);
    const Needs needs = needed_by(dependence, renoise);
    // What is not needed gives way to what is.
    const BatchView<const T> given_cond = view(cond), given_uncond = view(uncond);
    const BatchView<const T> c = needs.cond() || !needs.uncond() ? given_cond : given_uncond;
    const BatchView<const T> u = needs.uncond() ? given_uncond : c;
    states_.check(now.step, c);
    if (dependence.guided.evaluations() == 0) {
      const auto zero = Cfg{detail::scale_of(method)} | ZeroInit{1, 0};
      std::apply([&](const auto&... kept) { verb(with(zero, kept...), c, u); }, std::tuple_cat(but_predictions(options)...));
      states_.begin(now.step, {});
    } else {
      typename States::Which advancing{};
      for (const Role state : States::roles())
        advancing[state_index(state)] = needs.contains(dependence.states[state_index(state)]) && !holds(plan_, now, state);
      states_.evaluate(now.step, advancing, [&](const auto&... states) {
        verb(with(method, only_needed(options, needs, c)..., states...), c, u);
      });
    }
    (forget(options, needs), ...);
  }

  /// What a method depends on; with scales of its own for each sample, on what
  /// it does at any of them.
  template <class... Options>
  static Dependence dependence_over(const Method& method, const Options&... options) {
    Dependence found = dependence_of(method);
    (add_scales(found, method, options), ...);
    return found;
  }
  template <class Option>
  static void add_scales([[maybe_unused]] Dependence& found, [[maybe_unused]] const Method& method,
                         [[maybe_unused]] const Option& option) {
    if constexpr (detail::is_scales<Option>::value) {
      found.guided = {};
      found.states = {};
      for (std::size_t i = 0; i < option.values.samples() && option.values.size() > 0; ++i)
        for (std::size_t k = 0; k < option.values.size(); ++k) {
          const double scale = static_cast<double>(option.values.sample(i)[k]);
          const Dependence of_one = dependence_of(detail::with_scale(method, scale));
          found.guided.add(of_one.guided);
          for (std::size_t state = 0; state < state_count; ++state) found.states[state].add(of_one.states[state]);
        }
    }
  }

  template <class... Options>
  static Needs needed_by(const Dependence& dependence, const Options&... options) {
    Needs needs = dependence.guided;
    (add_renoise(needs, options), ...);
    return needs;
  }
  template <class Option>
  static void add_renoise([[maybe_unused]] Needs& needs, [[maybe_unused]] const Option& option) {
    if constexpr (std::is_same_v<Option, Renoise>)
      if (option == Renoise::uncond) needs.add(Role::uncond);
  }

  /// Of a prediction that was not needed, a report says nothing.
  template <class Option>
  static void forget([[maybe_unused]] const Option& option, [[maybe_unused]] const Needs& needs) {
    if constexpr (detail::is_report<Option>::value) {
      if (needs.cond() && needs.uncond()) return;
      for (std::size_t i = 0; i < option.count; ++i) {
        Diagnostics& found = option.first[i];
        found.relative_difference = found.cosine = found.zero_star = quiet_nan();
        if (!needs.cond() && !needs.uncond()) found.non_finite = 0;
      }
    }
  }

  template <class Option>
  static auto but_predictions([[maybe_unused]] const Option& option) {
    if constexpr (detail::is_prediction<Option>::value)
      return std::tuple<>{};
    else
      return std::tuple<Option>{option};
  }

  /// A further prediction, or `cond` in its place where nothing depends on it.
  template <class Option>
  static Option only_needed(Option option, const Needs& needs, const BatchView<const T>& cond) {
    if constexpr (detail::is_prediction<Option>::value)
      if (!needs.contains(Option::role)) option.values = cond;
    return option;
  }
};

}}  // namespace eigenguide
