// SPDX-License-Identifier: MIT
// The C library: one translation unit over core.hpp.
#include <eigenguide/c/eigenguide.h>
#include <eigenguide/core.hpp>

#include <array>
#include <cstring>
#include <exception>
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
AnyChain chain_of(const eigenguide_method& method, const eigenguide_call& call) {
  if (call.count == 0) return method.chain;
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
      chain_ = AnyChain(Cfg{detail::scale_of(chain_)}, ZeroInit{1, 0});
    }
    const detail::Named cond{"cond", views_.cond}, uncond{"uncond", views_.uncond};
    if (has_place)
      detail::require_tensors(views_.out, cond, uncond, detail::Named{"x", views_.x});
    else
      detail::require_tensors(views_.out, cond, uncond);
  }

  /// With the vectors that the method reads; of those that are not of the
  /// common sets, with all there are.
  void take() {
    bool reads_momentum = chain_.reads(Role::momentum), reads_perturbed = chain_.reads(Role::perturbed), reads_other = false;
    for (const Role role : further_predictions) reads_other = reads_other || (role != Role::perturbed && chain_.reads(role));
    for (const Role role : states) reads_other = reads_other || (role != Role::momentum && chain_.reads(role));
    if (reads_other || (reads_momentum && reads_perturbed))
      run(prediction<Role::middle>(), prediction<Role::perturbed>(), prediction<Role::isolated>(),
          prediction<Role::degraded>(), prediction<prompt_role(0)>(), state<Role::momentum>(), state<Role::correction>(),
          state<Role::average>());
    else if (reads_momentum)
      run(state<Role::momentum>());
    else if (reads_perturbed)
      run(prediction<Role::perturbed>());
    else
      run();
    for (const auto& [to, from] : held_)
      for (std::size_t i = 0; i < call_.samples; ++i) std::memcpy(to.sample(i), from.sample(i), call_.size * sizeof(T));
  }

 private:
  const eigenguide_call& call_;
  AnyChain chain_;
  Shape shape_;
  std::vector<detail::Place> places_{1};
  detail::Views<T> views_{{nullptr, 0, 0}, {nullptr, 0, 0}, {nullptr, 0, 0}, {nullptr, 0, 0}};
  bool cond_ = true, uncond_ = true;  // whether they are there
  std::vector<Role> left_out_;
  Dependence dependence_{};                          // of a call with something left out
  std::array<std::vector<T>, state_count> nowhere_;  // for next values that nobody wants
  std::vector<std::pair<BatchView<T>, BatchView<const T>>> held_;

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

  template <Role role>
  Prediction<role, T> prediction() const {
    const eigenguide_given* given = given_for(call_, role);
    const bool is_read = chain_.reads(role) && given != nullptr && is_there(given->values.data);
    return {is_read ? input(name_of(role), given->values) : views_.cond};
  }

  template <Role role>
  State<role, T, true> state() {
    const eigenguide_given* given = given_for(call_, role);
    const bool is_read = chain_.reads(role);
    if (is_read && given == nullptr) reject(name_of(role), "not given", "the state that the method reads");
    const BatchView<const T> values = is_read ? input(name_of(role), given->values) : views_.cond;
    bool holds = false;
    for (const Role left_out : left_out_) holds = holds || dependence_.states[state_index(role)].contains(left_out);
    if (is_read && given->next.data != nullptr) {
      const BatchView<T> next = output("next", given->next);
      if (!holds) return {values, next};
      detail::require_no_partial_overlap("next", next, name_of(role), values);
      if (next.data() != values.data()) held_.push_back({next, values});
    }
    std::vector<T>& nowhere = nowhere_[state_index(role)];
    nowhere.resize(call_.samples * call_.size);
    return {values, {nowhere.data(), call_.samples, call_.size, call_.size, shape_}};
  }

  template <class... Roles>
  void run(const Roles&... roles) {
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
      detail::run(with(chain_, roles..., group, threads, more...), views_, place_of);
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
