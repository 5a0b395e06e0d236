// SPDX-License-Identifier: MIT
// Calls of the C library, of floats: any text of a chain, shape, stride, sharing
// of memory, level, options and numbers; names, counts and types that are not
// known; tensors that are left out. A call says OK and nothing else, or it is
// refused by a sentence, with nothing written. What is refused otherwise than by
// its memory is so for a sample alone. Of what is taken every sample has the bits
// that it has by itself in memory of its own, and, of chains that read cond and
// uncond alone, those of the headers.
#include <eigenguide/c/step.hpp>

// Four types compile for minutes: of the others a call is refused here.
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail { namespace c_library {
struct Uncompiled {
  Uncompiled(const eigenguide_method&, const eigenguide_call& call, const eigenguide_next*) : type(call.type) {}
  void take() const { reject("type", std::to_string(type), "that of floats, the one of this program"); }
  int type;
};
template <> class Step<double> : public Uncompiled { using Uncompiled::Uncompiled; };
template <> class Step<half> : public Uncompiled { using Uncompiled::Uncompiled; };
template <> class Step<bfloat16> : public Uncompiled { using Uncompiled::Uncompiled; };
}}}}
#include <eigenguide/c/eigenguide.cpp>

#include <fuzz/arena.hpp>
#include <fuzz/chains.hpp>
#include <fuzz/values.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace {

/// Whether a call was taken; else it was refused by the library's own sentence.
bool taken(eigenguide_status status, const eigenguide_error& error) {
  const std::string message = error.message;
  must(status == EIGENGUIDE_OK || status == EIGENGUIDE_INVALID, "a call is taken, or an argument is wrong:", message);
  if (status == EIGENGUIDE_OK) return must(message.empty(), "of a call that is taken there is no message:", message), true;
  must(message.compare(0, 13, "eigenguide: `") == 0, "an error is a sentence of the library:", message);
  must(message.size() >= 1000 || message.find("; expected ") != std::string::npos, "an error says what was expected:", message);
  return false;
}

struct Freed {
  void operator()(eigenguide_method* method) const { eigenguide_method_free(method); }
};

class Call {
  enum : std::size_t { cond, uncond, x, first, second, state, inputs, out = inputs, next, tensors };

 public:
  explicit Call(Bytes& bytes) : bytes_(bytes), plain_(bytes.flag()), chain_(chain_of(bytes, plain_)) {
    samples_ = bytes.below(4);
    shape_ = {{samples_, 1 + bytes.below(3), bytes.byte() < 240 ? bytes.below(7) : std::size_t{bytes.byte()}}, 3};
    size_ = shape_.extent[1] * shape_.extent[2];
    for (Arena::Place& each : place_) each = arena_.place(bytes, samples_, size_, sizeof(float));
    const std::uint8_t how = bytes.byte();
    is_left_out_ = {(how & 7) == 0, (how & 56) == 0, false, bytes.byte() < 16, false, false};
    has_next_ = (how & 64) != 0, is_step_ = (how & 128) != 0;
    const std::uint8_t more = bytes.byte();
    has_layout_ = (more & 1) != 0, has_groups_ = (more & 2) != 0, has_scales_ = (more & 4) != 0, has_report_ = (more & 8) != 0;
    renoises_uncond_ = (more & 16) != 0, has_run_ = (more & 32) != 0, has_space_ = (more & 64) != 0, has_own_levels_ = (more & 128) != 0;
    const auto level = [&] {
      const std::uint8_t kind = bytes.byte();
      return kind < 230 ? eigenguide_level{1.0 - kind / 256.0, kind / 256.0} : eigenguide_level{bytes.number(), bytes.number()};
    };
    levels_.resize(has_own_levels_ ? samples_ : 1);
    ends_.resize(levels_.size());
    for (eigenguide_level& each : levels_) each = level();
    for (eigenguide_level& each : ends_) each = level();
    static const char* const kinds[] = {"epsilon", "sample", "v", "flow", "flow_to_data", "score", "edm", "x0"};
    model_kind_ = kinds[bytes.below(bytes.byte() < 8 ? 8 : 7)], method_kind_ = kinds[bytes.below(7)];
    step_ = bytes.below(4), count_ = 1 + bytes.below(4), fed_ = bytes.below(3);
    choose_given();
    scales_.resize(samples_ * groups());
    for (double& each : scales_) each = plain_ ? bytes.plain() : bytes.number();
    fault_ = bytes.byte() < 40 ? 1 + bytes.below(7) : 0;
  }

  void run() {
    // A stride of zero says something else here.
    for (const Arena::Place& each : place_)
      if (each.stride == 0) return;
    eigenguide_error error;
    eigenguide_method* parsed = nullptr;
    const std::string text = text_of(chain_);
    const bool is_text_good = taken(eigenguide_method_parse(text.c_str(), &parsed, &error), error);
    method_.reset(parsed);
    must(is_text_good == !refused([&] { parse(text); }), "a text is taken where the headers take it");
    if (!is_text_good) return;

    data_ = reinterpret_cast<float*>(arena_.allocate());
    Filling filling(bytes_, plain_);
    filling(data_, arena_.bytes() / sizeof(float));
    arena_.keep();
    const auto at = [&](std::size_t i) { return data_ + place_[i].first / sizeof(float); };
    const auto stride = [&](std::size_t i) { return place_[i].stride == size_ && bytes_.flag() ? std::size_t{0} : place_[i].stride; };
    Parts all = parts(samples_, 0);
    std::array<Span, tensors> spans;
    for (std::size_t i = 0; i < tensors; ++i) spans[i] = {at(i), stride(i)};
    const bool is_fit = is_memory_fit() && fault_ == 0;
    const std::vector<eigenguide_diagnostics> unreported = all.report;
    const bool good = take(all, spans, fault_);
    must(!good || is_fit, "memory, names and counts that do not fit are refused");
    must(std::equal(all.scales.begin(), all.scales.end(), scales_.begin(), same_bits<double>), "scales stay as they are");
    if (!good) {
      must(arena_.is_as_it_was(), "of a call that is refused nothing is written");
      for (std::size_t i = 0; i < unreported.size(); ++i) must(same(unreported[i], all.report[i]), "nor is its report");
      if (!is_fit || samples_ == 0 || size_ == 0) return;
      for (std::size_t sample = 0; sample < samples_; ++sample)
        if (!take_alone(sample)) return;
      must(false, "what is refused in a batch is refused by itself");
    }
    std::vector<Arena::Place> written{place_[out]};
    if (is_state_written()) written.push_back(place_[next]);
    must(arena_.is_as_it_was_but(written), "nothing is written but the output and the state");
    for (std::size_t sample = 0; sample < samples_ && size_ > 0; ++sample) {
      must(take_alone(sample), "what is taken in a batch is taken by itself");
      compare(place_[out], sample, out, "a sample has the bits that it has by itself");
      if (is_state_written()) compare(place_[next], sample, next, "so has its state");
      for (std::size_t k = 0; k < groups() && has_report_; ++k)
        must(same(all.report[sample * groups() + k], alone_.report[k]), "so has its report");
      compare_with_headers(sample);
    }
  }

 private:
  struct Span {
    float* data;
    std::size_t stride;
  };
  /// What a call of some samples points to.
  struct Parts {
    std::size_t samples = 0;
    std::vector<eigenguide_level> levels, ends;
    std::vector<double> scales;
    std::vector<eigenguide_diagnostics> report;
    std::array<std::size_t, 3> extents{};
  };

  Bytes& bytes_;
  bool plain_;
  AnyChain chain_;
  std::unique_ptr<eigenguide_method, Freed> method_;
  std::size_t samples_, size_, step_, count_, fed_, fault_ = 0;
  Shape shape_;
  Arena arena_;
  std::array<Arena::Place, tensors> place_;
  float* data_ = nullptr;
  std::array<bool, inputs> is_left_out_{};
  bool has_next_, is_step_, has_layout_, has_groups_, has_scales_, has_report_, renoises_uncond_, has_run_, has_space_, has_own_levels_;
  std::vector<eigenguide_level> levels_, ends_;
  const char *model_kind_, *method_kind_;
  std::array<const char*, 3> names_{};  // of the two further predictions and the state; null for none
  std::array<bool, 3> is_read_{};
  std::vector<double> scales_;
  Parts alone_;
  std::array<std::vector<float>, tensors> own_;

  static bool same(const eigenguide_diagnostics& a, const eigenguide_diagnostics& b) {
    return ::same({a.scale, a.relative_difference, a.cosine, a.zero_star, static_cast<std::size_t>(a.non_finite)},
                  {b.scale, b.relative_difference, b.cosine, b.zero_star, static_cast<std::size_t>(b.non_finite)});
  }
  std::size_t groups() const { return has_layout_ && has_groups_ ? shape_.extent[1] : 1; }
  bool has_place() const { return is_step_ || (has_space_ && std::string(model_kind_) != method_kind_); }
  bool is_state_written() const { return is_read_[2] && has_next_; }

  /// Of what the chain reads, the first; of what it does not, what comes.
  void choose_given() {
    std::size_t chosen = 0;
    for (const Role role : further_predictions)
      if (chain_.reads(role) && chosen < 2) is_read_[chosen] = true, names_[chosen++] = name_in_call(role);
    if (chosen < 2 && bytes_.byte() < 64) {
      for (const Role role : further_predictions)
        if (!chain_.reads(role)) names_[1] = name_in_call(role);
    }
    for (const Role role : states)
      if (chain_.reads(role) && names_[2] == nullptr) is_read_[2] = true, names_[2] = name_in_call(role);
    if (names_[2] == nullptr && bytes_.byte() < 64) names_[2] = "average";
  }

  Parts parts(std::size_t samples, std::size_t from) const {
    Parts made;
    made.samples = samples;
    const auto some = [&](const std::vector<eigenguide_level>& levels) {
      return has_own_levels_ ? std::vector<eigenguide_level>(levels.begin() + static_cast<std::ptrdiff_t>(from), levels.begin() + static_cast<std::ptrdiff_t>(from + samples)) : levels;
    };
    made.levels = some(levels_), made.ends = some(ends_);
    const auto scale = scales_.begin() + static_cast<std::ptrdiff_t>(from * groups());
    made.scales.assign(scale, scale + static_cast<std::ptrdiff_t>(samples * groups()));
    made.report.assign(has_report_ ? samples * groups() : 0, {7.0, 7.0, 7.0, 7.0, 7});
    made.extents = {samples, shape_.extent[1], shape_.extent[2]};
    return made;
  }

  bool take(Parts& parts, const std::array<Span, tensors>& spans, std::size_t fault) const {
    const auto input = [&](std::size_t i) {
      return is_left_out_[i] ? eigenguide_input{nullptr, 0} : eigenguide_input{spans[i].data, spans[i].stride};
    };
    std::vector<eigenguide_given> given;
    for (std::size_t i = 0; i < 2; ++i)
      if (names_[i] != nullptr) given.push_back({names_[i], input(first + i), {nullptr, 0}, 0});
    if (names_[2] != nullptr)
      given.push_back({names_[2], input(state), has_next_ ? eigenguide_output{spans[next].data, spans[next].stride} : eigenguide_output{nullptr, 0}, has_run_ ? fed_ : 0});
    eigenguide_call call{};
    call.samples = parts.samples, call.size = size_;
    call.cond = input(cond), call.uncond = input(uncond), call.x = input(x);
    call.out = {spans[out].data, spans[out].stride};
    if (has_scales_) call.scales = parts.scales.data();
    if (has_report_) call.report = parts.report.data();
    if (has_layout_) call.layout = "bcn", call.extents = parts.extents.data(), call.each = has_groups_ ? "c" : nullptr;
    if (has_space_) call.model_kind = model_kind_, call.method_kind = method_kind_;
    call.levels = parts.levels.data(), call.level_count = parts.levels.size();
    if (has_run_) call.step = step_, call.count = count_;
    eigenguide_next ends{parts.ends.data(), renoises_uncond_};
    const eigenguide_next* to = &ends;
    eigenguide_method* method = method_.get();
    switch (fault) {
      case 1: call.type = 1 + static_cast<int>(parts.samples); break;
      case 2: given.push_back({"momenta", input(cond), {nullptr, 0}, 0}); break;
      case 3: given.push_back({"middle", input(cond), {nullptr, 0}, 0}), given.push_back(given.back()); break;
      case 4: call.layout = "bcn", call.extents = parts.extents.data(), ++parts.extents[1]; ++parts.extents[2]; break;
      case 5: call.count = 0, call.step = 3; break;
      case 6: call.layout = "bcn", call.extents = parts.extents.data(), call.each = "x"; break;
      case 7: method = nullptr; break;
      default: break;
    }
    call.given = given.data(), call.given_count = given.size();
    eigenguide_error error;
    return taken(is_step_ ? eigenguide_step(method, &call, to, &error) : eigenguide_guide(method, &call, &error), error);
  }

  bool take_alone(std::size_t sample) {
    alone_ = parts(1, sample);
    std::array<Span, tensors> spans;
    for (std::size_t i = 0; i < tensors; ++i) {
      const float* const was = arena_.was<float>(place_[i], sample);
      own_[i].assign(was, was + size_);
      // A prediction that is c itself is so here, too: a report counts it once.
      const std::size_t c = is_left_out_[cond] ? uncond : cond;
      const bool is_c = i != x && i < state && was == arena_.was<float>(place_[c], sample);
      spans[i] = {own_[is_c ? c : i].data(), 0};
    }
    return take(alone_, spans, 0);
  }
  void compare(const Arena::Place& of, std::size_t sample, std::size_t i, const char* what) const {
    for (std::size_t n = 0; n < size_; ++n) must(same_bits(arena_.now<float>(of, sample)[n], own_[i][n]), what, text_of(chain_));
  }

  /// The same by the headers, where the chain reads cond and uncond alone.
  void compare_with_headers(std::size_t sample) {
    if (is_read_[0] || is_read_[2] || is_left_out_[cond] || is_left_out_[uncond] || (has_scales_ && groups() > 1)) return;
    AnyChain chain = has_run_ ? at(chain_, Moment{step_, count_, {}, {}}) : chain_;
    if (has_scales_) chain.set_scale(alone_.scales[0]);
    const Group group = has_layout_ ? Group{"bcn", has_groups_ ? "c" : ""} : Group{};
    const Shape shape = has_layout_ ? Shape{{1, shape_.extent[1], shape_.extent[2]}, 3} : Shape{};
    std::vector<Diagnostics> found(groups());
    std::vector<float> wanted(size_);
    const BatchView<float> to(wanted.data(), 1, size_, size_, shape);
    const auto read = [&](std::size_t i) { return BatchView<const float>(arena_.was<float>(place_[i], sample), 1, size_, size_, shape); };
    const auto level = [](const eigenguide_level& of) { return Level{of.alpha, of.sigma}; };
    const Space space{kind_of(has_space_ ? model_kind_ : "epsilon"), kind_of(has_space_ ? method_kind_ : "epsilon")};
    const auto bound = with(chain, group, report(found));
    if (is_step_)
      step(bound, Update{space, renoises_uncond_ ? Renoise::uncond : Renoise::guided}, level(alone_.levels[0]), level(alone_.ends[0]), read(x), read(cond), read(uncond), to);
    else if (has_place())
      guide(bound, space, level(alone_.levels[0]), read(x), read(cond), read(uncond), to);
    else
      guide(bound, read(cond), read(uncond), to);
    compare_bits(wanted);
    for (std::size_t k = 0; k < groups() && has_report_; ++k)
      must(::same(found[k], {alone_.report[k].scale, alone_.report[k].relative_difference, alone_.report[k].cosine, alone_.report[k].zero_star, static_cast<std::size_t>(alone_.report[k].non_finite)}),
           "the C library reports what the headers do:", text_of(chain_));
  }
  void compare_bits(const std::vector<float>& wanted) const {
    for (std::size_t n = 0; n < size_; ++n) must(same_bits(own_[out][n], wanted[n]), "the C library has the bits of the headers:", text_of(chain_));
  }

  bool is_memory_fit() const {
    const auto is_there = [&](std::size_t i) {
      if (i == x) return has_place();
      if (i >= first) return is_read_[i - first] && !is_left_out_[i];
      return !is_left_out_[i];
    };
    const auto steps_fit = [](const Arena::Place& of) { return of.samples <= 1 || of.stride >= of.size; };
    for (std::size_t i = 0; i < inputs; ++i) {
      if (!is_there(i)) continue;
      if (!steps_fit(place_[i]) || !are_apart_or_same(place_[out], place_[i])) return false;
      if (is_state_written() && !are_apart_or_same(place_[next], place_[i])) return false;
    }
    return steps_fit(place_[out]) && (!is_state_written() || (steps_fit(place_[next]) && are_apart(place_[next], place_[out])));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  Call(bytes).run();
  return 0;
}
