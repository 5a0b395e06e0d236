// SPDX-License-Identifier: MIT
// The C library: one translation unit over core.hpp.
#include <eigenguide/c/eigenguide.h>
#include <eigenguide/core.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#if !(defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND))
#error "the C library is compiled with exceptions: they become its status codes"
#endif

struct eigenguide_method {
  eigenguide::AnyChain chain;
};

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The roles that stand for any further prediction and any state: what is
/// compiled depends on how many vectors there are, not on which.
inline constexpr std::array<Role, 2> prediction_slots{Role::middle, Role::perturbed};
inline constexpr std::array<Role, 1> state_slots{Role::momentum};

/// A chain that reads at most as many further predictions and states as there
/// are slots, which are chosen when it runs.
struct SlottedChain {
  AnyChain chain;
  std::array<Role, prediction_slots.size()> predictions{};  ///< what each slot stands for; `cond` for nothing
  std::array<Role, state_slots.size()> states{};

  void validate() const { chain.validate(); }

  Role behind(Role role) const {
    for (std::size_t i = 0; i < predictions.size(); ++i)
      if (role == prediction_slots[i]) return predictions[i];
    for (std::size_t i = 0; i < states.size(); ++i)
      if (role == state_slots[i]) return states[i];
    return role;
  }
};

/// It over the slots `Given`, and 1 with `ones`: what it says of all vectors
/// there are, of those that are there. (A vector of weight zero is in no sum.)
template <class Given, bool ones>
struct OverSlots {
  using Vectors = std::conditional_t<ones, SpanOf<Given, Reads<Role::one>>, SpanOf<Given>>;
  using Every = AnyChain::Over<Reads<Role::middle, Role::perturbed, Role::isolated, Role::degraded, prompt_role(0),
                                     Role::momentum, Role::correction, Role::average>, true>;
  const SlottedChain& slotted;

  Rows<1 + Vectors::states, Vectors::size> outputs(const Gram<Vectors::size>& gram) const {
    constexpr std::size_t every = Every::Vectors::size, first_state = 3 + Vectors::further;
    std::array<std::size_t, Vectors::size> place{};  // `every` for a slot that stands for nothing
    for (std::size_t i = 0; i < Vectors::size; ++i) {
      const Role role = slotted.behind(Vectors::roles[i]);
      place[i] = role == Role::cond && i > 0 ? every : Every::Vectors::place(role);
    }
    Gram<every> wide;
    wide.elements = gram.elements;
    for (std::size_t i = 0; i < Vectors::size; ++i)
      for (std::size_t j = 0; j < Vectors::size; ++j)
        if (place[i] != every && place[j] != every) wide.product[place[i]][place[j]] = gram.product[i][j];
    const auto rows = Every{slotted.chain}.outputs(wide);
    gram.cancelled = gram.cancelled || wide.cancelled;

    Rows<1 + Vectors::states, Vectors::size> narrow{};
    for (std::size_t m = 0; m < narrow.size(); ++m) {
      const std::size_t from = m == 0 ? every : place[first_state + m - 1];
      if (m > 0 && from == every) continue;
      const auto& row = rows[m == 0 ? 0 : 1 + from - (3 + Every::Vectors::further)];
      for (std::size_t i = 0; i < Vectors::size; ++i)
        if (place[i] != every) narrow[m][i] = row[place[i]];
    }
    return narrow;
  }
};

template <class Given, class Action>
void visit_chain(const SlottedChain& slotted, Given, const Action& action) {
  if (slotted.chain.reads(Role::one))
    action(OverSlots<Given, true>{slotted}, std::false_type{});
  else if (slotted.chain.is_constant())
    action(OverSlots<Given, false>{slotted}, std::true_type{});
  else
    action(OverSlots<Given, false>{slotted}, std::false_type{});
}
inline SlottedChain with_scale(SlottedChain slotted, double scale) {
  slotted.chain = with_scale(std::move(slotted.chain), scale);
  return slotted;
}
inline double scale_of(const SlottedChain& slotted) { return scale_of(slotted.chain); }

}}}  // namespace eigenguide::detail

namespace {

using namespace eigenguide;

constexpr Role further_predictions[] = {Role::middle, Role::perturbed, Role::isolated, Role::degraded, prompt_role(0)};
constexpr Role states[] = {Role::momentum, Role::correction, Role::average};

void say(eigenguide_error* error, const char* sentence) noexcept {
  if (error == nullptr) return;
  std::size_t length = (std::min)(std::strlen(sentence), sizeof error->message - 1);
  // A letter of several bytes is cut before, not within.
  if (length == sizeof error->message - 1)
    while (length > 0 && (static_cast<unsigned char>(sentence[length]) & 0xC0u) == 0x80u) --length;
  std::memcpy(error->message, sentence, length);
  error->message[length] = '\0';
}

/// Does `action`, and says how it ended.
template <class Action>
eigenguide_status guarded(eigenguide_error* error, const Action& action) noexcept {
  try {
    action();
    say(error, "");
    return EIGENGUIDE_OK;
  } catch (const std::invalid_argument& invalid) {
    say(error, invalid.what());
    return EIGENGUIDE_INVALID;
  } catch (const std::bad_alloc&) {
    say(error, "eigenguide: out of memory");
    return EIGENGUIDE_OUT_OF_MEMORY;
  } catch (const std::exception& other) {
    say(error, other.what());
  } catch (...) {
    say(error, "eigenguide: an exception that is not a standard one");
  }
  return EIGENGUIDE_UNEXPECTED;
}

void require_pointer(const char* name, const void* pointer) {
  if (pointer == nullptr) reject(name, "null", "a pointer");
}

/// The role of a name. Errors: a name that is not known
Role role_of(const char* name) {
  require_pointer("name", name);
  if (std::string_view(name) == "cond") return Role::cond;
  if (std::string_view(name) == "uncond") return Role::uncond;
  for (const Role role : further_predictions)
    if (std::string_view(name) == name_of(role)) return role;
  for (const Role role : states)
    if (std::string_view(name) == name_of(role)) return role;
  reject("name", quoted(name),
         "cond, uncond, middle, perturbed, isolated, degraded, prompt, momentum, correction or average");
}

/// What is given for a role; null where nothing is.
const eigenguide_given* given_for(const eigenguide_call& call, Role role) {
  for (std::size_t i = 0; i < call.given_count; ++i)
    if (role_of(call.given[i].name) == role) return &call.given[i];
  return nullptr;
}

/// Errors: a name that is not known, or there twice
void require_given(const eigenguide_call& call) {
  if (call.given_count > 0) require_pointer("given", call.given);
  for (std::size_t i = 0; i < call.given_count; ++i) {
    const Role role = role_of(call.given[i].name);
    if (role == Role::cond || role == Role::uncond) reject("given", quoted(call.given[i].name), "a member of its own");
    if (given_for(call, role) != &call.given[i]) reject("given", quoted(name_of(role)) + " twice", "each name once");
  }
}

/// Errors: extents that are not those of `samples` and `size`
Shape shape_of(const eigenguide_call& call) {
  if (call.layout == nullptr) return {};
  require_pointer("extents", call.extents);
  Shape shape;
  shape.rank = std::strlen(call.layout);
  require(shape.rank >= 1 && shape.rank <= Shape::max_rank, "layout", static_cast<double>(shape.rank), "1 to 8 dimensions");
  std::size_t size = 1;
  bool fits = call.extents[0] == call.samples;
  for (std::size_t i = 0; i < shape.rank; ++i) {
    shape.extent[i] = call.extents[i];
    if (i == 0) continue;
    fits = fits && (shape.extent[i] == 0 || size <= call.size / shape.extent[i] || call.size == 0);
    size *= shape.extent[i];
  }
  if (!fits || size != call.size)
    reject("extents", shape.text(),
           "`samples`, then extents whose product is `size`: " + std::to_string(call.samples) + " and " + std::to_string(call.size));
  return shape;
}

/// The method at this call's step, with the counts of its states.
/// Errors: a step that is not of the run, or is of none, as a fed state
AnyChain chain_of(const eigenguide_method& method, const eigenguide_call& call) {
  if (call.count == 0) {
    constexpr const char* expected = "0 where `count` is 0: there is no run";
    require(call.step == 0, "step", static_cast<double>(call.step), expected);
    for (std::size_t i = 0; i < call.given_count; ++i)
      require(call.given[i].fed == 0, "fed", static_cast<double>(call.given[i].fed), expected);
    return method.chain;
  }
  Moment now{call.step, call.count, {}, {}};
  now.validate();
  for (const Role state : states)
    if (const eigenguide_given* given = given_for(call, state)) now.fed[state_index(state)] = given->fed;
  return at(method.chain, now);
}

std::size_t groups_of(const eigenguide_call& call) {
  Group group;
  if (call.layout != nullptr) group = {call.layout, call.each == nullptr ? "" : call.each};
  return detail::Partition(group, shape_of(call), call.size).groups();
}

/// What the result depends on, at any of the call's scales.
Dependence dependence_in(const AnyChain& chain, const eigenguide_call& call) {
  if (call.scales == nullptr) return dependence_of(chain);
  Dependence found{};
  for (std::size_t i = 0, count = call.samples * groups_of(call); i < count; ++i) {
    const Dependence of_one = dependence_of(detail::with_scale(chain, call.scales[i]));
    found.guided.add(of_one.guided);
    for (std::size_t state = 0; state < state_count; ++state) found.states[state].add(of_one.states[state]);
  }
  return found;
}

/// Where each sample's step happens: one place for all of them, or one for each.
/// Inputs  next  of eigenguide_step, else null
/// Errors  kinds and levels that are not valid, or do not fit each other
std::vector<detail::Place> places_of(const eigenguide_call& call, const Space& space, const eigenguide_next* next) {
  const bool counts = call.level_count == 1 || call.level_count == call.samples;
  require(counts, "level_count", static_cast<double>(call.level_count), "1, or the number of samples");
  if (call.level_count > 0) require_pointer("levels", call.levels);
  if (call.level_count > 0 && next != nullptr) require_pointer("next->levels", next->levels);
  std::vector<detail::Place> places(call.level_count);
  for (std::size_t i = 0; i < call.level_count; ++i) {
    const Level level{call.levels[i].alpha, call.levels[i].sigma};
    level.validate();
    places[i] = {map(space, level), {}};
    if (next == nullptr) continue;
    const Update update{space, next->renoise_uncond != 0 ? Renoise::uncond : Renoise::guided};
    const Update::Weights weights = update(level, {next->levels[i].alpha, next->levels[i].sigma});
    places[i].afterwards = {weights.guided, weights.uncond, weights.sample};
  }
  return places;
}

/// One call, with elements of T.
template <class T>
class Step {
 public:
  Step(const eigenguide_method& method, const eigenguide_call& call, const eigenguide_next* next)
      : call_(call), chain_(chain_of(method, call)), shape_(shape_of(call)) {
    Space space;
    space.model = kind_of(call.model_kind == nullptr ? "epsilon" : call.model_kind, sigma_data());
    space.method = call.method_kind == nullptr ? space.model : kind_of(call.method_kind, sigma_data());
    const bool has_place = next != nullptr || space.model != space.method;
    if (has_place) places_ = places_of(call, space, next);
    find_left_out(next != nullptr && next->renoise_uncond != 0);

    views_.out = output("out", call.out);
    if (has_place) views_.x = input("x", call.x);
    // What is left out is not needed, and gives way to what is there.
    if (cond_ || uncond_) {
      views_.cond = cond_ ? input("cond", call.cond) : input("uncond", call.uncond);
      views_.uncond = uncond_ ? input("uncond", call.uncond) : views_.cond;
    } else {
      views_.cond = views_.uncond = has_place ? views_.x : BatchView<const T>(views_.out);
    }
    require_given_apart();
    if (!cond_ && !uncond_) {
      for (const Role role : states)
        if (const eigenguide_given* given = chain_.reads(role) ? given_for(call, role) : nullptr)
          if (given->next.data != nullptr) hold(input(name_of(role), given->values), output("next", given->next));
      chain_ = AnyChain(Cfg{detail::scale_of(chain_)}, ZeroInit{1, 0});
    }
    const detail::Named cond{"cond", views_.cond}, uncond{"uncond", views_.uncond};
    if (has_place)
      detail::require_tensors(views_.out, cond, uncond, detail::Named{"x", views_.x});
    else
      detail::require_tensors(views_.out, cond, uncond);
  }

  /// Errors: more further predictions or states than there are slots
  void take() {
    detail::SlottedChain slotted{chain_, {}, {}};
    std::size_t predictions = 0, carried = 0;
    for (const Role role : further_predictions)
      if (chain_.reads(role) && predictions++ < slotted.predictions.size()) slotted.predictions[predictions - 1] = role;
    for (const Role role : states)
      if (chain_.reads(role) && carried++ < slotted.states.size()) slotted.states[carried - 1] = role;
    if (predictions > slotted.predictions.size() || carried > slotted.states.size())
      reject("method", "of " + std::to_string(predictions) + " further predictions and " + std::to_string(carried) + " states",
             "at most two further predictions and one state: more have the headers only");

    if (predictions == 0 && carried == 0)
      run(slotted);
    else if (carried == 0 && predictions == 1)
      run(slotted, prediction<0>(slotted));
    else if (predictions == 0)
      run(slotted, state<0>(slotted));
    else
      run(slotted, prediction<0>(slotted), prediction<1>(slotted), state<0>(slotted));
    for (const auto& [next, values] : held_)
      for (std::size_t i = 0; i < call_.samples; ++i) std::copy_n(values.data() + i * call_.size, call_.size, next.sample(i));
  }

 private:
  const eigenguide_call& call_;
  AnyChain chain_;
  Shape shape_;
  std::vector<detail::Place> places_{1};
  detail::Views<T, true> views_{{nullptr, 0, 0}, {nullptr, 0, 0}, {nullptr, 0, 0}, {nullptr, 0, 0}};
  bool cond_ = true, uncond_ = true;  // whether they are there
  std::vector<Role> left_out_;
  Dependence dependence_{};                          // of a call with something left out
  std::array<std::vector<T>, detail::state_slots.size()> nowhere_;  // for next values that nobody wants
  std::vector<std::pair<BatchView<T>, std::vector<T>>> held_;

  double sigma_data() const { return call_.sigma_data == 0.0 ? 0.5 : call_.sigma_data; }
  bool is_there(const void* data) const { return data != nullptr || call_.samples == 0 || call_.size == 0; }

  BatchView<const T> input(const char* name, const eigenguide_input& of) const {
    if (!is_there(of.data)) require_pointer(name, nullptr);
    return {static_cast<const T*>(of.data), call_.samples, call_.size, of.stride == 0 ? call_.size : of.stride, shape_};
  }
  BatchView<T> output(const char* name, const eigenguide_output& of) const {
    if (!is_there(of.data)) require_pointer(name, nullptr);
    return {static_cast<T*>(of.data), call_.samples, call_.size, of.stride == 0 ? call_.size : of.stride, shape_};
  }

  /// A state that is to be what it was; a copy, as `out` may be written over it, and `next` over an input.
  void hold(const BatchView<const T>& values, const BatchView<T>& next) {
    if (next.data() == values.data()) return;
    std::vector<T>& copy = held_.emplace_back(next, std::vector<T>()).second;
    for (std::size_t i = 0; i < call_.samples; ++i) copy.insert(copy.end(), values.sample(i), values.sample(i) + call_.size);
  }

  /// Errors: of what is given and read, tensors that share memory with an
  /// output as they may not, whether or not their values are needed here
  void require_given_apart() const {
    std::vector<detail::Named<const T>> inputs;
    std::vector<BatchView<T>> nexts;
    if (cond_) inputs.push_back({"cond", views_.cond});
    if (uncond_) inputs.push_back({"uncond", views_.uncond});
    if (views_.x.data() != nullptr) inputs.push_back({"x", views_.x});
    for (std::size_t i = 0; i < call_.given_count; ++i) {
      const eigenguide_given& given = call_.given[i];
      const Role role = role_of(given.name);
      if (!chain_.reads(role) || !is_there(given.values.data)) continue;
      inputs.push_back({name_of(role), input(name_of(role), given.values)});
      if (is_state(role) && given.next.data != nullptr) nexts.push_back(output("next", given.next));
    }
    for (const auto& input : inputs) detail::require_no_partial_overlap("out", views_.out, input.name, input.view);
    for (std::size_t i = 0; i < nexts.size(); ++i) {
      for (const auto& input : inputs) detail::require_no_partial_overlap("next", nexts[i], input.name, input.view);
      detail::require_apart("next", nexts[i], "out", views_.out);
      if (call_.scales != nullptr)
        detail::require_apart("next", nexts[i], "scales", BatchView<const double>(call_.scales, call_.samples, groups_of(call_)));
      for (std::size_t j = 0; j < i; ++j) detail::require_apart("next", nexts[i], "the next value of another state", nexts[j]);
    }
  }

  /// Errors: a prediction that was left out and that the result depends on
  void find_left_out(bool needs_uncond) {
    cond_ = is_there(call_.cond.data);
    uncond_ = is_there(call_.uncond.data);
    if (!cond_) left_out_.push_back(Role::cond);
    if (!uncond_) left_out_.push_back(Role::uncond);
    for (const Role role : further_predictions) {
      const eigenguide_given* given = given_for(call_, role);
      if (chain_.reads(role) && (given == nullptr || !is_there(given->values.data))) left_out_.push_back(role);
    }
    if (left_out_.empty()) return;
    dependence_ = dependence_in(chain_, call_);
    if (needs_uncond) dependence_.guided.add(Role::uncond);
    for (const Role role : left_out_)
      if (dependence_.guided.contains(role))
        reject(role == Role::cond ? "cond" : role == Role::uncond ? "uncond" : name_of(role), "left out",
               "a tensor: the result depends on it");
  }

  /// What a slot reads: cond where it stands for nothing, or for what was left out.
  template <std::size_t slot>
  Prediction<detail::prediction_slots[slot], T> prediction(const detail::SlottedChain& slotted) const {
    const Role role = slotted.predictions[slot];
    const eigenguide_given* given = role == Role::cond ? nullptr : given_for(call_, role);
    if (given == nullptr || !is_there(given->values.data)) return {views_.cond};
    return {input(name_of(role), given->values)};
  }

  /// Errors: a state that is read and not given
  template <std::size_t slot>
  State<detail::state_slots[slot], T, true> state(const detail::SlottedChain& slotted) {
    const Role role = slotted.states[slot];
    const eigenguide_given* given = role == Role::cond ? nullptr : given_for(call_, role);
    if (role != Role::cond && given == nullptr) reject(name_of(role), "not given", "the state that the method reads");
    const BatchView<const T> values = given == nullptr ? views_.cond : input(name_of(role), given->values);
    if (given != nullptr && given->next.data != nullptr) {
      const BatchView<T> next = output("next", given->next);
      bool holds = false;
      for (const Role left_out : left_out_) holds = holds || dependence_.states[state_index(role)].contains(left_out);
      if (!holds) return {values, next};
      hold(values, next);
    }
    std::vector<T>& nowhere = nowhere_[slot];
    nowhere.resize(call_.samples * call_.size);
    return {values, {nowhere.data(), call_.samples, call_.size, call_.size, shape_}};
  }

  template <class... Roles>
  void run(const detail::SlottedChain& slotted, const Roles&... roles) {
    Group group;
    if (call_.layout != nullptr) group = {call_.layout, call_.each == nullptr ? "" : call_.each};
    const std::size_t groups = groups_of(call_), count = call_.samples * groups;
    const auto call_part = [](const void* part, std::size_t i) { (*static_cast<const kernel::Part*>(part))(i); };
    const auto pool = [&](std::size_t parts, const kernel::Part& part) {
      call_.parallel_for(call_.parallel_context, parts, call_part, &part);
    };
    const Parallel threads = call_.parallel_for == nullptr ? Parallel{} : parallel(pool);
    const auto place_of = [&](std::size_t i) { return places_[places_.size() == 1 ? 0 : i]; };
    const auto go = [&](const auto&... more) {
      detail::run(with(slotted, roles..., group, threads, more...), views_, place_of);
    };
    std::vector<Diagnostics> found(call_.report == nullptr ? 0 : count);
    const auto go_reporting = [&](const auto&... more) {
      if (call_.report == nullptr)
        go(more...);
      else
        go(report(found), more...);
    };
    if (call_.scales == nullptr)
      go_reporting();
    else
      go_reporting(scales(BatchView<const double>(call_.scales, call_.samples, groups)));
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    for (Diagnostics& each : found) {
      if (cond_ && uncond_) break;
      each = {each.scale, unknown, unknown, unknown, cond_ || uncond_ ? each.non_finite / 2 : 0};  // the one was both
    }
    for (std::size_t i = 0; i < found.size(); ++i)
      call_.report[i] = {found[i].scale, found[i].relative_difference, found[i].cosine, found[i].zero_star, found[i].non_finite};
  }
};

eigenguide_status take(const eigenguide_method* method, const eigenguide_call* call, const eigenguide_next* next,
                       eigenguide_error* error) {
  return guarded(error, [&] {
    require_pointer("method", method);
    require_pointer("call", call);
    require_given(*call);
    switch (call->type) {
      case EIGENGUIDE_FLOAT: return Step<float>(*method, *call, next).take();
      case EIGENGUIDE_DOUBLE: return Step<double>(*method, *call, next).take();
      case EIGENGUIDE_HALF: return Step<half>(*method, *call, next).take();
      case EIGENGUIDE_BFLOAT16: return Step<bfloat16>(*method, *call, next).take();
      default: reject("type", std::to_string(call->type), "EIGENGUIDE_FLOAT, _DOUBLE, _HALF or _BFLOAT16 (0 to 3)");
    }
  });
}

}  // namespace

#define EIGENGUIDE_TEXT(tokens) EIGENGUIDE_TEXT_OF(tokens)
#define EIGENGUIDE_TEXT_OF(tokens) #tokens
const char* eigenguide_version(void) { return EIGENGUIDE_TEXT(EIGENGUIDE_VERSION); }

eigenguide_status eigenguide_method_parse(const char* text, eigenguide_method** method, eigenguide_error* error) {
  return guarded(error, [&] {
    require_pointer("text", text);
    require_pointer("method", method);
    *method = new eigenguide_method{parse(text)};
  });
}

void eigenguide_method_free(eigenguide_method* method) { delete method; }

eigenguide_status eigenguide_method_needs(const eigenguide_method* method, const eigenguide_call* call, const char* name,
                                          int32_t* needed, eigenguide_error* error) {
  return guarded(error, [&] {
    require_pointer("method", method);
    require_pointer("needed", needed);
    const eigenguide_call none{};
    const Role role = role_of(name);
    if (is_state(role)) reject("name", quoted(name), "a prediction");
    const eigenguide_call& here = call == nullptr ? none : *call;
    require_given(here);
    *needed = dependence_in(chain_of(*method, here), here).guided.contains(role) ? 1 : 0;
  });
}

eigenguide_status eigenguide_guide(const eigenguide_method* method, const eigenguide_call* call, eigenguide_error* error) {
  return take(method, call, nullptr, error);
}

eigenguide_status eigenguide_step(const eigenguide_method* method, const eigenguide_call* call, const eigenguide_next* next,
                                  eigenguide_error* error) {
  if (next == nullptr) return guarded(error, [&] { require_pointer("next", next); });
  return take(method, call, next, error);
}
