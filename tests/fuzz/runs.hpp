// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/core.hpp>

#include <fuzz/arena.hpp>
#include <fuzz/parameters.hpp>
#include <fuzz/values.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// A window and a schedule that are chosen at run time.
struct AnyWindow {
  using Outside = eigenguide::Outside<eigenguide::TimeWindow>;
  std::variant<eigenguide::StepWindow, eigenguide::SigmaWindow, eigenguide::TimeWindow, eigenguide::Oscillation, Outside> window;

  void validate() const {
    std::visit([](const auto& one) { one.validate(); }, window);
  }
  bool contains(const eigenguide::Moment& now) const {
    return std::visit([&](const auto& one) { return one.contains(now); }, window);
  }
};
struct AnySchedule {
  using Within = eigenguide::Within<AnyWindow, eigenguide::Linear>;
  std::variant<eigenguide::Constant, eigenguide::Linear, eigenguide::Cosine, eigenguide::Triangle, eigenguide::List, Within> schedule;

  void validate() const {
    std::visit([](const auto& one) { one.validate(); }, schedule);
  }
  double operator()(const eigenguide::Moment& now) const {
    return std::visit([&](const auto& one) { return one(now); }, schedule);
  }
};

inline AnyWindow window_of(Bytes& bytes) {
  using namespace eigenguide;
  const double low = share(bytes), high = share(bytes);
  switch (bytes.below(5)) {
    case 0: return {SigmaWindow{low, bytes.flag() ? high : SigmaWindow::none}};
    case 1: return {TimeWindow{low, high}};
    case 2: return {Oscillation{bytes.below(4), bytes.below(4)}};
    case 3: return {AnyWindow::Outside{{low, high}}};
    default: return {StepWindow{low, high}};
  }
}
inline AnySchedule schedule_of(Bytes& bytes, std::size_t count) {
  using namespace eigenguide;
  const auto scale = [&] { return bytes.byte() < 40 ? static_cast<double>(bytes.below(3)) : parameter(bytes); };
  const double first = scale(), last = scale();
  switch (bytes.below(6)) {
    case 0: return {Linear{first, last}};
    case 1: return {Cosine{first, last, share(bytes)}};
    case 2: return {Triangle{first, last, share(bytes)}};
    case 3: return {List{std::vector<double>(bytes.byte() < 240 ? count : count + 1, first)}};
    case 4: return {AnySchedule::Within{window_of(bytes), {first, last}, scale()}};
    default: return {Constant{first}};
  }
}

/// A run of a Guider beside the calls that it consists of, whose states and
/// counts are kept here. What a step does not need is NaN for the Guider; for
/// the calls it is what is needed in its place.
template <class Plan, class Predictions, class States>
class Run;
template <class Plan, eigenguide::Role... predictions, eigenguide::Role... states>
class Run<Plan, eigenguide::Reads<predictions...>, eigenguide::Reads<states...>> {
#if defined(WITH_ALL_ROLES)
  static constexpr bool has_all = true;
#else
  static constexpr bool has_all = false;
#endif
  using T = float;
  using Method = typename eigenguide::Guider<Plan, T>::Method;
  enum : std::size_t { cond, uncond, x, further, out = further + sizeof...(predictions), tensors };

 public:
  Run(const char* name, Bytes& bytes, const Plan& plan, std::size_t count)
      : bytes_(bytes), plain_(bytes.byte() < 200), name_(name), plan_(plan), count_(count) {
    shape_ = {{bytes.below(4), 1 + bytes.below(3), bytes.byte() < 240 ? bytes.below(6) : std::size_t{bytes.byte()}}, 3};
    samples_ = shape_.extent[0], size_ = shape_.extent[1] * shape_.extent[2];
    space_.model = kind_of(bytes);
    space_.method = bytes.flag() ? space_.model : kind_of(bytes);
    const std::uint8_t how = bytes.byte();
    has_options_ = has_all && (how & 1) != 0, has_own_levels_ = (how & 2) != 0;
    for (Arena::Place& each : place_) each = arena_.place(bytes, samples_, size_, sizeof(T));
    data_ = reinterpret_cast<T*>(arena_.allocate());
    filling_.emplace(bytes, plain_);
    guider_.emplace(plan_, space_);
    for (State& each : states_) each.now.assign(samples_ * size_, T{}), each.next = each.now;
    if (how >= 8) reset(shape_);
  }

  void go() {
    for (std::size_t calls = 0; calls < 10 && step_ < count_; ++calls) {
      const std::uint8_t what = bytes_.byte();
      if (what < 150) {
        evaluate(step_);
        if (what < 90) advance(), ++step_;
      } else if (what < 170) {
        evaluate(bytes_.below(count_));  // another step, which must be refused while one is begun
      } else if (what < 190) {
        advance(), ++step_;
      } else if (what < 205) {
        guider_->discard(), is_step_begun_ = false;
      } else if (what < 225) {
        // A copy goes on by itself.
        const eigenguide::Guider<Plan, T> copy = *guider_;
        guider_->advance();
        guider_.emplace(copy);
      } else if (what < 240) {
        reset(shape_);
      } else {
        eigenguide::Shape other = shape_;
        ++other.extent[size_ == 0 ? 0 : bytes_.below(3)];
        reset(other);
      }
    }
  }

 private:
  struct State {
    std::vector<T> now, next;
  };

  Bytes& bytes_;
  bool plain_, has_options_, has_own_levels_;
  const char* name_;
  Plan plan_;
  std::size_t count_, samples_, size_, step_ = 0;
  eigenguide::Shape shape_;
  eigenguide::Space space_;
  Arena arena_;
  T* data_ = nullptr;
  std::array<Arena::Place, tensors> place_;
  std::optional<Filling> filling_;
  std::optional<eigenguide::Guider<Plan, T>> guider_;
  // What the run has come to.
  bool is_step_begun_ = false;
  std::size_t begun_ = 0, begun_samples_ = 0, begun_size_ = 0;
  std::array<State, sizeof...(states)> states_;
  std::array<bool, sizeof...(states)> advancing_{};
  std::array<std::size_t, eigenguide::state_count> fed_{};

  static constexpr std::array<eigenguide::Role, sizeof...(states)> roles{states...};

  bool carries() const { return (eigenguide::reads(plan_, states) || ... || false); }

  void reset(const eigenguide::Shape& shape) {
    begun_samples_ = shape.extent[0], begun_size_ = shape.extent[1] * shape.extent[2];
    const std::vector<T> like(begun_samples_ * begun_size_);
    guider_->reset(eigenguide::BatchView<const T>(like.data(), begun_samples_, begun_size_, begun_size_, shape));
    for (State& each : states_) std::fill(each.now.begin(), each.now.end(), T{});
    fed_ = {};
    is_step_begun_ = false;
  }
  void advance() {
    guider_->advance();
    for (std::size_t i = 0; i < roles.size(); ++i)
      if (is_step_begun_ && advancing_[i]) states_[i].now = states_[i].next, ++fed_[eigenguide::state_index(roles[i])];
    is_step_begun_ = false;
  }

  /// Calls `action` with what every call of the run is given.
  template <class Action>
  void with_options(std::vector<eigenguide::Diagnostics>& found, const Action& action) {
#if defined(WITH_ALL_ROLES)
    if (has_options_) return action(eigenguide::per_channel("bcn"), eigenguide::report(found));
#endif
    static_cast<void>(found);
    action();
  }

  void must(bool holds, const char* what) const {
    if (holds) return;
    ::must(false, what, std::string("\n  ") + name_ + ", step " + std::to_string(step_) + " of " + std::to_string(count_) +
                            ", of " + shape_.text() + (has_options_ ? ", with options" : ""));
  }

  /// One evaluation by the Guider, and by itself.
  void evaluate(std::size_t step) {
    using namespace eigenguide;
    Moment now{step, count_, level_of(bytes_), {}};
    std::vector<Level> own(has_own_levels_ ? samples_ : 0);
    for (Level& level : own) level = level_of(bytes_);
    const Levels levels = has_own_levels_ ? Levels(own) : Levels(now.level);
    const std::uint8_t how = bytes_.byte();
    const bool steps = how % 3 == 0;
    const Renoise renoise = how < 128 ? Renoise::guided : Renoise::uncond;
    const Level next = level_of(bytes_);

    (*filling_)(data_, arena_.bytes() / sizeof(T));
    arena_.keep();
    // By itself, on copies.
    std::vector<std::vector<T>> copies(tensors);
    for (std::size_t i = 0; i < out; ++i)
      for (std::size_t sample = 0; sample < samples_; ++sample)
        copies[i].insert(copies[i].end(), arena_.was<T>(place_[i], sample), arena_.was<T>(place_[i], sample) + size_);
    std::vector<T> wanted(samples_ * size_);
    const auto copy = [&](std::size_t i) { return BatchView<const T>(copies[i].data(), samples_, size_, size_, shape_); };
    const std::size_t groups = has_options_ ? samples_ * shape_.extent[1] : 0;
    std::vector<Diagnostics> found(groups), wanted_found(groups);
    std::array<State, sizeof...(states)> after = states_;
    Dependence dependence{};
    Needs needs;
    std::array<bool, sizeof...(states)> advancing{};
    bool bad = refused([&] {
      now.validate();
      Moment counted = now;
      counted.fed = fed_;
      const Method method = at(plan_, counted);
      method.validate();
      dependence = dependence_of(method);
      needs = dependence.guided;
      if (steps && renoise == Renoise::uncond) needs.add(Role::uncond);
      for (std::size_t i = 0; i < roles.size(); ++i)
        advancing[i] = dependence.guided.evaluations() > 0 && needs.contains(dependence.states[state_index(roles[i])]) && !holds(plan_, now, roles[i]);
      if (!needs.cond() && needs.uncond()) copies[cond] = copies[uncond];
      if (!needs.uncond()) copies[uncond] = copies[cond];
      std::size_t at_prediction = further;
      ((needs.contains(predictions) ? void(++at_prediction) : void(copies[at_prediction++] = copies[cond])), ...);
      with_options(wanted_found, [&](const auto&... options) {
        std::size_t given = further, state = 0;
        // In order, as in a list in braces.
        const std::tuple<Prediction<predictions, T>...> predicted{Prediction<predictions, T>{copy(given++)}...};
        const auto with_states = [&](auto writes) {
          constexpr bool next_too = decltype(writes)::value;
          const auto carried_of = [&](auto role) {
            State& each = after[state++];
            const BatchView<T> next_values(each.next.data(), samples_, size_, size_, shape_);
            const BatchView<const T> values(each.now.data(), samples_, size_, size_, shape_);
            if constexpr (next_too)
              return eigenguide::State<decltype(role)::value, T, true>{values, next_values};
            else
              return eigenguide::State<decltype(role)::value, T, false>{values, nullptr};
          };
          const std::tuple<eigenguide::State<states, T, next_too>...> carried{carried_of(std::integral_constant<Role, states>{})...};
          std::apply([&](const auto&... more) {
            const auto bound = with(method, more...);
            const BatchView<T> to(wanted.data(), samples_, size_, size_, shape_);
            if (steps)
              eigenguide::step(bound, Update{space_, renoise}, levels, next, copy(x), copy(cond), copy(uncond), to);
            else if (space_.model == space_.method)
              guide(bound, copy(cond), copy(uncond), to);
            else
              guide(bound, space_, levels, copy(x), copy(cond), copy(uncond), to);
          }, std::tuple_cat(predicted, std::make_tuple(options...), carried));
        };
        bool writes = false;
        for (const bool each : advancing) writes = writes || (each && !is_step_begun_);
        if constexpr (sizeof...(states) > 0)
          writes ? with_states(std::true_type{}) : with_states(std::false_type{});
        else
          with_states(std::false_type{});
      });
    });

    std::array<bool, out> is_needed{needs.cond(), needs.uncond(), steps || space_.model != space_.method};
    std::size_t at_prediction = further;
    ((is_needed[at_prediction++] = needs.contains(predictions)), ...);
    if (!bad) {
      hide(is_needed);
      if (how % 8 == 0) must((steps ? guider_->needs(now, renoise) : guider_->needs(now)) == needs, "a step needs what its method depends on");
    }
    if (!needs.cond() && !needs.uncond()) is_needed[cond] = true;
    bad = bad || !is_memory_fit(is_needed);
    if (carries()) bad = bad || !is_run_fit(step);

    const bool is_refused = refused([&] {
      const auto view_of = [&](std::size_t i) { return arena_.view<const T>(place_[i], shape_); };
      with_options(found, [&](const auto&... options) {
        std::size_t given = further;
        const std::tuple<Prediction<predictions, T>...> predicted{Prediction<predictions, T>{view_of(given++)}...};
        std::apply([&](const auto&... more) {
          const BatchView<T> to = arena_.view<T>(place_[out], shape_);
          if (steps)
            guider_->step(now, levels, next, renoise, view_of(x), view_of(cond), view_of(uncond), to, more...);
          else
            guider_->apply(now, levels, view_of(x), view_of(cond), view_of(uncond), to, more...);
        }, std::tuple_cat(predicted, std::make_tuple(options...)));
      });
    });
    must(is_refused == bad, bad ? "what its calls refuse, a run does" : "what its calls take, a run does");
    if (bad) return must(arena_.is_as_it_was(), "of a call that is refused nothing is written");

    must(arena_.is_as_it_was_but({place_[out]}), "nothing is written but the output");
    for (std::size_t sample = 0; sample < samples_; ++sample)
      for (std::size_t n = 0; n < size_; ++n) {
        const T result = wanted[sample * size_ + n];
        must(same_bits(arena_.now<T>(place_[out], sample)[n], result), "a run has the bits of its calls");
      }
    for (std::size_t k = 0; k < groups && needs.cond() && needs.uncond(); ++k)
      must(same(found[k], wanted_found[k]), "so have its reports");
    if (is_step_begun_) return;
    is_step_begun_ = true, begun_ = step, advancing_ = advancing;
    for (std::size_t i = 0; i < roles.size(); ++i) states_[i].next = after[i].next;
  }

  /// Puts NaN where a tensor that is not needed has memory of its own.
  void hide(const std::array<bool, out>& is_needed) {
    for (std::size_t i = 0; i < out; ++i) {
      bool is_alone = !is_needed[i];
      for (std::size_t j = 0; j < out; ++j) is_alone = is_alone && (!is_needed[j] || are_apart(place_[i], place_[j]));
      if (!is_alone) continue;
      for (std::size_t sample = 0; sample < samples_; ++sample)
        std::fill_n(data_ + place_[i].begin(sample) / sizeof(T), size_, std::numeric_limits<T>::quiet_NaN());
    }
    arena_.keep();
  }
  bool is_memory_fit(const std::array<bool, out>& is_needed) const {
    for (std::size_t i = 0; i < tensors; ++i)
      if (samples_ > 1 && place_[i].stride < size_) return false;
    for (std::size_t i = 0; i < out; ++i)
      if (is_needed[i] && !are_apart_or_same(place_[out], place_[i])) return false;
    return true;
  }
  bool is_run_fit(std::size_t step) const {
    return begun_samples_ == samples_ && begun_size_ == size_ && (!is_step_begun_ || begun_ == step);
  }
};

/// Sets what a method has, now and then to what it must not be.
template <class Method>
Method configured(Method method, Bytes& bytes) {
  Method::each_parameter(method, [&](const char*, auto& member) {
    using Member = std::decay_t<decltype(member)>;
    const std::uint8_t kind = bytes.byte();
    if constexpr (std::is_same_v<Member, double>)
      member = kind < 30 ? member : kind < 150 ? share(bytes) : kind < 250 ? bytes.plain() : bytes.number();
    else if constexpr (std::is_same_v<Member, std::size_t>)
      member = kind % 3u;
  });
  return method;
}

/// One run of one plan; WITH_ALL_ROLES of more plans.
inline void run_of_any(std::uint8_t which, Bytes& bytes) {
  using namespace eigenguide;
  const std::size_t count = 1 + bytes.below(5);
  const auto scheduled_of = [&](const auto& method) { return scheduled(configured(method, bytes), schedule_of(bytes, count)); };
  const auto during_some = [&](const auto& method) { return during(configured(method, bytes), window_of(bytes)); };
  const auto go = [&](const char* name, auto predictions, auto states, const auto& plan) {
    Run<std::decay_t<decltype(plan)>, decltype(predictions), decltype(states)>(name, bytes, plan, count).go();
  };
  const auto go_on_momentum = [&] {
    go("momentum | apg", Reads<>{}, Reads<Role::momentum>{}, during_some(Momentum{}) | scheduled_of(Apg{}));
  };
#if defined(WITH_ALL_ROLES)
  switch (which % 4) {
    case 0:
      return go("cfg | perturbation | rescale | zero_init", Reads<Role::perturbed>{}, Reads<>{},
                scheduled_of(Cfg{}) | during_some(Perturbation{}) | configured(Rescale{}, bytes) | during_some(ZeroInit{}));
    case 1: return go("smc_cfg | cfg_zero_star", Reads<>{}, Reads<Role::correction>{}, during_some(SmcCfg{}) | scheduled_of(CfgZeroStar{}));
    case 2: return go("cfg | momentum_guidance", Reads<>{}, Reads<Role::average>{}, scheduled_of(Cfg{}) | during_some(MomentumGuidance{}));
    default: return go_on_momentum();
  }
#else
  static_cast<void>(which);
  go_on_momentum();
#endif
}
