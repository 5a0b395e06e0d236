// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/guide/step.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/needs.hpp>
#include <eigenguide/method/plan.hpp>
#include <eigenguide/method/with_scale.hpp>
#include <eigenguide/method/zero_init.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
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
/// advances them once. A step whose result does not depend on what a state's
/// next value needs, as outside an interval of guidance, leaves them as they are.
template <class PlanType, class T = float>
class Guider {
  static_assert(is_plan<PlanType>, "a method, or a plan of them: see method/plan.hpp");

 public:
  using Method = decltype(at(std::declval<const PlanType&>(), Moment{}));

  /// Inputs  space  the model's kind, and the kind in which the plan is read;
  ///                where they are the same, apply() needs no level
  explicit Guider(PlanType plan, const Space& space = {}) : plan_(std::move(plan)), space_(space) {}

  /// The method of a moment.
  /// Errors: an invalid moment, schedule or method
  Method method(const Moment& now) const {
    now.validate();
    Moment counted = now;
    counted.fed = fed_;
    Method method = at(plan_, counted);
    method.validate();
    return method;
  }

  /// The predictions that this step requires: those that the result depends on.
  /// None where it is zero.
  /// Options  scales(…), where apply() will have them
  template <class... Options>
  Needs needs(const Moment& now, const Options&... options) const {
    return dependence_over(method(now), options...).guided;
  }

  /// How many evaluations of the model a run over these moments makes.
  std::size_t evaluations(const std::vector<Moment>& run) const {
    std::size_t all = 0;
    for (const Moment& now : run) all += needs(now).evaluations();
    return all;
  }

  /// Begins a run of samples of the shape of `like`: states are zero. Without
  /// states it is not needed.
  /// Cost: allocates two tensors for each state of the plan
  template <class Tensor>
  void reset(const Tensor& like) {
    const auto batch = view(like);
    static_assert(std::is_same_v<typename decltype(batch)::Scalar, T>, "Guider<Plan, T>: tensors of another type than T");
    shape_ = batch.shape();
    samples_ = batch.samples();
    size_ = batch.size();
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const std::size_t count = i < carried_count() ? samples_ * size_ : 0;
      states_[i] = {std::vector<T>(count), std::vector<T>(count)};
    }
    fed_ = 0;
    discard();
  }

  /// Guides one evaluation of a step.
  ///
  /// Inputs  now           the step, and the level of x
  ///         x             [samples, ...], the noisy samples that the model saw
  ///         cond, uncond  [samples, ...], predictions of the model's kind. What
  ///                       the step does not need may be any tensor of the
  ///                       shape: it is not read
  ///         options       what `with` takes, but for states: perturbed(p), …
  /// Output  out           [samples, ...], guided; may be exactly one of the inputs
  /// Errors  as guide(); a run that was not begun, or of another shape, where
  ///         the plan has states
  /// Cost    as guide(), and `dependence_of` the method
  template <class Sample, class Cond, class Uncond, class Out, class... Options>
  void apply(const Moment& now, const Sample& x, const Cond& cond, const Uncond& uncond, Out&& out,
             const Options&... options) {
    evaluate(now, cond, uncond, false, [&](const auto& bound, const auto& c, const auto& u) {
      if (space_.model == space_.method)
        guide(bound, c, u, out);
      else
        guide(bound, space_, now.level, x, c, u, out);
    }, options...);
  }

  /// Guides and takes the sampler's step in the same passes, as step() does:
  /// DDIM's, Euler's or, with Renoise::uncond, CFG++'s, which needs uncond at
  /// every step.
  ///
  /// Inputs  next  the level at which the step ends
  /// Output  out   [samples, ...], the samples there; may be exactly x
  template <class Sample, class Cond, class Uncond, class Out, class... Options>
  void step(const Moment& now, const Level& next, Renoise renoise, const Sample& x, const Cond& cond,
            const Uncond& uncond, Out&& out, const Options&... options) {
    evaluate(now, cond, uncond, renoise == Renoise::uncond, [&](const auto& bound, const auto& c, const auto& u) {
      eigenguide::step(bound, Update{space_, renoise}, now.level, next, x, c, u, out);
    }, options...);
  }

  /// Ends a step: the states are what its first evaluation made of them.
  void advance() {
    if (has_next_) {
      for (State& state : states_) std::swap(state.now, state.next);
      ++fed_;
    }
    discard();
  }

  /// Takes a step back: the next call of apply() begins one again, with the
  /// states as they were.
  void discard() { has_next_ = is_begun_ = false; }

  const PlanType& plan() const { return plan_; }
  const Space& space() const { return space_; }

 private:
  struct State {
    std::vector<T> now, next;
  };

  /// The states that the plan's methods read; of a chain that was chosen at run
  /// time, all that there are.
  template <class Any>
  static constexpr auto carried_by() {
    if constexpr (std::is_same_v<Any, AnyChain>) {
      return std::array{Role::momentum, Role::correction, Role::average};
    } else {
      using Vectors = SpanOf<typename Any::Vectors>;
      std::array<Role, Vectors::states> roles{};
      for (std::size_t i = 0; i < roles.size(); ++i) roles[i] = Vectors::roles[3 + Vectors::further + i];
      return roles;
    }
  }
  static constexpr auto carried = carried_by<Method>();

  /// How many of them there are. Of a chain that was chosen at run time: none,
  /// the momentum, or all.
  std::size_t carried_count() const {
    if constexpr (std::is_same_v<Method, AnyChain>) {
      if (reads(plan_, Role::correction) || reads(plan_, Role::average)) return carried.size();
      return reads(plan_, Role::momentum) ? 1 : 0;
    }
    return carried.size();
  }

  PlanType plan_;
  Space space_;
  std::array<State, carried.size()> states_{};
  Shape shape_{};
  std::size_t samples_ = 0, size_ = 0;
  std::size_t fed_ = 0;   ///< steps that have advanced the states
  std::size_t step_ = 0;  ///< the step that is begun
  bool is_begun_ = false, has_next_ = false;

  /// One evaluation of a step, by a verb of the method, c and u.
  template <class Cond, class Uncond, class Verb, class... Options>
  void evaluate(const Moment& now, const Cond& cond, const Uncond& uncond, bool takes_uncond, const Verb& verb,
                const Options&... options) {
    const Method method = this->method(now);
    const Dependence dependence = dependence_over(method, options...);
    Needs needs = dependence.guided;
    if (takes_uncond) needs.add(Role::uncond);
    // What is not needed gives way to what is.
    const BatchView<const T> given_cond = view(cond), given_uncond = view(uncond);
    const BatchView<const T> c = needs.cond() || !needs.uncond() ? given_cond : given_uncond;
    const BatchView<const T> u = needs.uncond() ? given_uncond : c;
    const auto with_states_too = [&](const auto&... states) {
      verb(with(method, only_needed(options, needs, c)..., states...), c, u);
    };
    const std::size_t states = carried_count();
    if (states > 0 && (c.samples() != samples_ || c.size() != size_))
      reject("cond", "of shape " + c.text(), "the shape that the run was begun with: reset(cond)");
    const bool is_zero = dependence.guided.evaluations() == 0;
    const bool advances = begin_step(now, states) && !is_zero && needs.contains(dependence.states);
    const auto with_first = [&](auto count) {
      constexpr auto first = std::make_index_sequence<decltype(count)::value>{};
      if (advances)
        with_states<true>(with_states_too, first);
      else
        with_states<false>(with_states_too, first);
    };
    constexpr std::integral_constant<std::size_t, carried.size()> all{};
    if (is_zero) {
      verb(Cfg{} | ZeroInit{1, 0}, c, u);  // which reads neither
    } else if constexpr (std::is_same_v<Method, AnyChain>) {
      if (states == 0)
        with_states_too();
      else if (states == 1)
        with_first(std::integral_constant<std::size_t, 1>{});
      else
        with_first(all);
    } else if constexpr (all == 0) {
      with_states_too();
    } else {
      with_first(all);
    }
    has_next_ = has_next_ || advances;
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
      found.guided = found.states = Needs{};
      for (std::size_t i = 0; i < option.values.samples(); ++i)
        for (std::size_t k = 0; k < option.values.size(); ++k) {
          const double scale = static_cast<double>(option.values.sample(i)[k]);
          const Dependence of_one = dependence_of(detail::with_scale(method, scale));
          found.guided.add(of_one.guided);
          found.states.add(of_one.states);
        }
    }
  }

  /// Whether this evaluation is the first of its step.
  /// Errors: another step than the one that is begun, which was not ended
  bool begin_step(const Moment& now, std::size_t states) {
    if (states == 0) return false;
    require(!is_begun_ || step_ == now.step, "step", static_cast<double>(now.step),
            "the step that was begun: advance() ends it, discard() takes it back");
    const bool is_first = !is_begun_;
    is_begun_ = true;
    step_ = now.step;
    return is_first;
  }

  /// Of a prediction that was not needed, a report says nothing.
  template <class Option>
  static void forget([[maybe_unused]] const Option& option, [[maybe_unused]] const Needs& needs) {
    if constexpr (detail::is_report<Option>::value) {
      if (needs.cond() && needs.uncond()) return;
      for (std::size_t i = 0; i < option.count; ++i) {
        Diagnostics& found = option.first[i];
        found.relative_difference = found.cosine = found.zero_star = std::numeric_limits<double>::quiet_NaN();
        found.non_finite = needs.cond() || needs.uncond() ? found.non_finite / 2 : 0;  // the one was both
      }
    }
  }

  template <bool advances, class Action, std::size_t... i>
  void with_states(const Action& action, std::index_sequence<i...>) {
    action(state<carried[i], advances>(states_[i])...);
  }
  template <Role role, bool advances>
  auto state(State& of) {
    const BatchView<const T> now(of.now.data(), samples_, size_, size_, shape_);
    if constexpr (advances)
      return eigenguide::State<role, T, true>{now, BatchView<T>(of.next.data(), samples_, size_, size_, shape_)};
    else
      return eigenguide::State<role, T, false>{now, nullptr};
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
