// SPDX-License-Identifier: MIT
// Whole calls: any chain, shape, stride, sharing of memory, level, options and
// numbers. What must be refused is, by a sentence, with nothing written; what is
// refused otherwise is so for a sample alone. Of what is taken every group of
// every sample has the bits, and the report, that it has alone in memory of its
// own, and nothing else has changed. SCALAR is float, double or half; OUT_SCALAR
// that of the output. Chains that read further predictions or states are fuzzed
// WITH_ALL_ROLES, which compiles for minutes, and left out without.
#include <eigenguide/core.hpp>

#include <fuzz/arena.hpp>
#include <fuzz/chains.hpp>
#include <fuzz/values.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#ifndef OUT_SCALAR
#define OUT_SCALAR SCALAR
#endif

using namespace eigenguide;

namespace {

using T = SCALAR;
using To = OUT_SCALAR;

/// Constant weights report of a run chunk by chunk, each measured as it needs to
/// be, and of masked elements in one piece: the same but for rounding.
bool near(const Diagnostics& a, const Diagnostics& b) {
  const auto close = [](double x, double y) {
    return same_bits(x, y) || (is_nan(x) && is_nan(y)) || std::fabs(x - y) <= 1e-4 * (1.0 + std::fabs(x));
  };
  return same_bits(a.scale, b.scale) && close(a.relative_difference, b.relative_difference) && close(a.cosine, b.cosine) &&
         close(a.zero_star, b.zero_star) && a.non_finite == b.non_finite;
}

// The tensors of a call: what is read, by its place, then what is written.
enum : std::size_t { cond, uncond, noisy, predictions, states = predictions + 6, inputs = states + 3, out = inputs, next, tensors = next + 3 };

enum class Verb { guide, guide_in_space, step };

/// What a verb takes besides tensors.
struct Arguments {
  Verb verb;
  Space space;
  Renoise renoise;
};

/// The chain with everything that it may read, by `in(i)`, and where the states
/// go, by `to(i)`; or with nothing, for chains that read no more.
template <bool wide, class In, class Next, class... More>
auto bound(const AnyChain& chain, const In& in, const Next& to, const More&... more) {
  if constexpr (wide)
    return with(chain, Prediction<Role::middle, T>{in(predictions)}, Prediction<Role::perturbed, T>{in(predictions + 1)},
                Prediction<Role::isolated, T>{in(predictions + 2)}, Prediction<Role::degraded, T>{in(predictions + 3)},
                Prediction<prompt_role(0), T>{in(predictions + 4)}, Prediction<prompt_role(1), T>{in(predictions + 5)},
                State<Role::momentum, T, true>{in(states), to(next)},
                State<Role::correction, T, true>{in(states + 1), to(next + 1)},
                State<Role::average, T, true>{in(states + 2), to(next + 2)}, more...);
  else
    return with(chain, more...);
}

template <class Method, class In, class Out>
void call(const Arguments& with, const Method& method, const Levels& levels, const Levels& end, const In& in, const Out& to) {
  switch (with.verb) {
    case Verb::guide: return guide(method, in(cond), in(uncond), to);
    case Verb::guide_in_space: return guide(method, with.space, levels, in(noisy), in(cond), in(uncond), to);
    case Verb::step: return step(method, Update{with.space, with.renoise}, levels, end, in(noisy), in(cond), in(uncond), to);
  }
}

/// One group of one sample by itself, in memory of its own.
struct Alone {
  std::unique_ptr<T[]> in, next;
  std::unique_ptr<To[]> out;
  std::array<bool, inputs> is_cond{};  ///< a prediction that is c itself is so here, too: a report counts it once
  Diagnostics found;

  template <bool wide>
  bool is_refused(const Arguments& with, const AnyChain& chain, const Level& level, const Level& end, std::size_t size) {
    next.reset(new T[3 * size]);
    out.reset(new To[size]);
    const auto from = [&](std::size_t i) { return BatchView<const T>(&in[(is_cond[i] ? cond : i) * size], 1, size); };
    const auto to = [&](std::size_t i) { return BatchView<T>(&next[(i - eigenguide_next) * size], 1, size); };
    return refused([&] { call(with, bound<wide>(chain, from, to, report(found)), level, end, from, BatchView<To>(out.get(), 1, size)); });
  }

 private:
  static constexpr std::size_t eigenguide_next = ::next;
};

class Call {
 public:
  explicit Call(Bytes& bytes, bool is_large) : bytes_(bytes), plain_(bytes.flag()), chain_(chain_of(bytes, plain_)) {
    // Small, so that calls are many; long in one dimension now and then, for
    // blocks, and in two for columns: as many side by side as there are widths,
    // of as many rows as chains, their rests and what is gathered at once need.
    const std::uint8_t width = bytes.byte();
    has_columns_ = !is_large && width >= 240;
    samples_ = is_large ? 1 + bytes.below(2) : bytes.below(4);
    shape_.rank = 4;
    shape_.extent = {samples_, 1, 1, std::size_t{33000} + width};
    if (!is_large && width < 224) shape_.extent = {samples_, bytes.below(4), bytes.below(3), width % 7u};
    if (!is_large && width >= 224) shape_.extent = {samples_, 1, 1 + bytes.below(2), bytes.byte() % 140u};
    if (has_columns_) {  // few as large as they may be
      if (samples_ > 2) samples_ = 1;
      const std::uint8_t longer = bytes.byte();
      const std::size_t rows = 1 + bytes.byte() % 150u * (longer < 16 ? 2 : 1);
      shape_.extent = {samples_, rows, 1, 16 + bytes.byte() % (longer % 16 == 0 ? 75u : 17u)};
    }
    size_ = shape_.extent[1] * shape_.extent[2] * shape_.extent[3];

    const Kind kinds[] = {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::flow_to_data, Kind::score, Kind::edm()};
    arguments_ = {static_cast<Verb>(bytes.below(3)), {kinds[bytes.below(7)], kinds[bytes.below(7)]},
                  bytes.flag() ? Renoise::uncond : Renoise::guided};
    const auto level = [&] {
      const std::uint8_t kind = bytes.byte();
      return kind < 200 ? Level{1.0 - kind / 256.0, kind / 256.0} : Level{bytes.number(), bytes.number()};
    };
    levels_.resize(bytes.flag() ? 1 : samples_, {0.8, 0.6});
    next_levels_.resize(bytes.flag() ? 1 : samples_, {0.9, 0.4});
    has_shared_levels_ = levels_.size() == 1, has_shared_next_ = next_levels_.size() == 1;
    for (Level& each : levels_) each = level();
    for (Level& each : next_levels_) each = level();
    if (!has_shared_levels_ && bytes.byte() < 4) levels_.push_back({0.8, 0.6}), has_fault_ = reads_levels();
    wide_ = reads_more(chain_);
    options_ = has_columns_ ? 1 + bytes.below(3) : bytes.below(4);
  }

  void run() {
#if defined(WITH_ALL_ROLES)
    if (wide_) return run_as<true>();
#else
    if (wide_) return;
#endif
    run_as<false>();
  }

 private:
  Bytes& bytes_;
  bool plain_, has_columns_;
  AnyChain chain_;
  std::size_t samples_, size_, options_;  ///< options: none, groups, and a mask, and scales
  Shape shape_;
  Arguments arguments_;
  std::vector<Level> levels_, next_levels_;
  bool has_shared_levels_, has_shared_next_, wide_, has_fault_ = false;
  Arena arena_;
  std::array<Arena::Place, tensors> place_;
  std::size_t odd_ = tensors;  ///< the tensor of another shape
  Shape odd_shape_;
  // Options.
  Group group_;
  std::array<bool, 4> numbers_{};  ///< whether a dimension numbers groups
  std::size_t groups_ = 1;
  Arena::Place mask_, scales_;
  std::string axes_;
  Shape mask_shape_;
  std::vector<Diagnostics> found_;
  Alone alone_;

  static bool reads_more(const AnyChain& chain) {
    for (const Role role : AnyChain::Every::roles)
      if ((is_further_prediction(role) || is_state(role)) && chain.reads(role)) return true;
    return false;
  }
  bool reads_levels() const { return arguments_.verb != Verb::guide; }
  bool is_used(std::size_t i) const {
    return i <= uncond || i == out || (i == noisy ? reads_levels() : wide_);
  }
  bool is_grouped() const { return options_ >= 1; }
  bool is_masked() const { return options_ >= 2; }
  bool is_scaled() const { return options_ == 3; }

  BatchView<const T> in(std::size_t i) const { return arena_.view<const T>(place_[i], i == odd_ ? odd_shape_ : shape_); }
  BatchView<T> to(std::size_t i) const { return arena_.view<T>(place_[i], i == odd_ ? odd_shape_ : shape_); }
  BatchView<To> output() const { return arena_.view<To>(place_[out], out == odd_ ? odd_shape_ : shape_); }
  Levels levels() const { return has_shared_levels_ ? Levels(levels_[0]) : Levels(levels_); }
  Levels next_levels() const { return has_shared_next_ ? Levels(next_levels_[0]) : Levels(next_levels_); }

  /// Now and then one tensor is of another shape.
  void choose_shapes() {
    if (bytes_.byte() >= 8) return;
    odd_ = bytes_.below(tensors);
    odd_shape_ = shape_;
    const std::size_t dimension = bytes_.below(4);
    ++odd_shape_.extent[dimension];
    // cond is what the others are compared with: then one of those has another.
    const std::size_t size = odd_shape_.extent[1] * odd_shape_.extent[2] * odd_shape_.extent[3];
    if (odd_shape_.extent[0] != samples_ || size != size_ || shape_.extent[dimension] > 0) has_fault_ = has_fault_ || is_used(odd_);
    else if (is_used(odd_)) has_fault_ = !(odd_shape_ == shape_) || has_fault_;
  }

  void choose_options() {
    if (!is_grouped()) return;
    const std::string layout = "bthw";
    std::string each;
    std::uint8_t which = bytes_.byte();
    if (has_columns_) which = static_cast<std::uint8_t>((which & 1u) | 8u);
    for (std::size_t i = 0; i < 4; ++i)
      if ((which >> i & 1) != 0) each += layout[i];
    for (std::size_t i = 1; i < 4; ++i) numbers_[i] = (which >> i & 1) != 0;
    group_ = per(each, layout);
    if (which >= 250) group_.each += 'x', has_fault_ = true;
    for (std::size_t i = 1; i < 4; ++i)
      if (numbers_[i]) groups_ *= shape_.extent[i];
    if (!is_masked()) return;
    // A mask of all dimensions, or of the samples and one more.
    mask_shape_ = shape_;
    const std::size_t only = bytes_.below(5);
    if (only >= 1 && only <= 3) {
      axes_ = {'b', layout[only]};
      mask_shape_ = {{samples_, shape_.extent[only]}, 2};
    }
    std::size_t size = 1;
    for (std::size_t i = 1; i < mask_shape_.rank; ++i) size *= mask_shape_.extent[i];
    if (bytes_.byte() < 8) ++mask_shape_.extent[mask_shape_.rank - 1], has_fault_ = true, size = size_of(mask_shape_);
    mask_ = arena_.place(bytes_, samples_, size, 1);
    if (!is_scaled()) return;
    scales_ = arena_.place(bytes_, samples_, bytes_.byte() < 8 ? groups_ + 1 : groups_, sizeof(double));
    has_fault_ = has_fault_ || scales_.size != groups_;
    AnyChain scaled = chain_;
    has_fault_ = has_fault_ || (!scaled.set_scale(1.0) && samples_ * groups_ > 0);
  }
  static std::size_t size_of(const Shape& shape) {
    std::size_t size = 1;
    for (std::size_t i = 1; i < shape.rank; ++i) size *= shape.extent[i];
    return size;
  }

  /// Numbers of any kind from a few that the fuzzer chose, and plain ones between.
  void fill() {
    T* const data = reinterpret_cast<T*>(arena_.allocate());
    Filling filling(bytes_, plain_);
    filling(data, arena_.bytes() / sizeof(T));
    Sequence& sequence = filling.sequence();
    const auto write = [&](const Arena::Place& of, const auto& value) {
      for (std::size_t i = 0; i < of.samples; ++i)
        for (std::size_t n = 0; n < of.size; ++n) {
          const auto made = value();
          std::memcpy(reinterpret_cast<unsigned char*>(data) + of.begin(i) + n * of.scalar, &made, sizeof made);
        }
    };
    if (bytes_.byte() < 64) {  // u close to c
      const Arena::Place &c = place_[cond], &u = place_[uncond];
      for (std::size_t i = 0; i < std::min(c.samples, u.samples); ++i)
        for (std::size_t n = 0; n < std::min(c.size, u.size); ++n) {
          const double value = static_cast<double>(data[c.begin(i) / sizeof(T) + n]);
          data[u.begin(i) / sizeof(T) + n] = value_of<T>(value * (1.0 + 1e-6 * static_cast<double>(n % 3)));
        }
    }
    if (!is_masked()) return;
    const std::uint8_t kept = bytes_.byte();
    write(mask_, [&] { return static_cast<unsigned char>(kept <= (sequence.next() >> 56) ? sequence.last() >> 40 | 1 : 0); });
    if (is_scaled()) write(scales_, [&] { return plain_ ? static_cast<double>(static_cast<std::int64_t>(sequence.next()) >> 56) / 16.0 : bytes_.number(); });
  }

  /// Whether the memory of the tensors is what a call asks for.
  bool is_memory_fit() const {
    const auto steps_fit = [](const Arena::Place& of) { return of.samples <= 1 || of.stride >= of.size; };
    for (std::size_t i = 0; i < tensors; ++i)
      if (is_used(i) && !steps_fit(place_[i])) return false;
    if (is_masked() && !steps_fit(mask_)) return false;
    if (is_scaled() && !steps_fit(scales_)) return false;
    for (std::size_t i = out; i < tensors; ++i) {
      if (!is_used(i)) continue;
      for (std::size_t j = 0; j < inputs; ++j)
        if (is_used(j) && !are_apart_or_same(place_[i], place_[j])) return false;
      for (std::size_t j = out; j < i; ++j)
        if (is_used(j) && !are_apart(place_[i], place_[j])) return false;
      if (is_masked() && !are_apart(place_[i], mask_)) return false;
      if (is_scaled() && !are_apart(place_[i], scales_)) return false;
    }
    return true;
  }

  /// The elements of group `k` of a sample, in order; those that are measured first.
  struct Members {
    std::vector<std::size_t> measured, all;
  };
  Members members(std::size_t sample, std::size_t k) const {
    Members found;
    const std::size_t of_mask = axes_.empty() ? 0 : std::string("bthw").find(axes_[1]);
    for (std::size_t at = 0; at < size_; ++at) {
      const std::array<std::size_t, 4> index{sample, at / shape_.extent[3] / shape_.extent[2], at / shape_.extent[3] % shape_.extent[2],
                                             at % shape_.extent[3]};
      std::size_t key = 0;
      for (std::size_t i = 1; i < 4; ++i)
        if (numbers_[i]) key = key * shape_.extent[i] + index[i];
      if (key != k) continue;
      found.all.push_back(at);
      const std::size_t in_mask = axes_.empty() ? at : index[of_mask];
      if (!is_masked() || *(arena_.was<unsigned char>(mask_, sample) + in_mask) != 0) found.measured.push_back(at);
    }
    return found;
  }

  /// Takes elements of a sample as they were before the call, with the scale of
  /// their group where it is `scaled`; whether that is refused.
  template <bool wide>
  bool is_refused_alone(std::size_t sample, std::size_t k, const std::vector<std::size_t>& elements, bool scaled) {
    AnyChain chain = chain_;
    if (scaled) chain.set_scale(*(arena_.was<double>(scales_, sample) + k));
    return is_refused_alone<wide>(sample, elements, chain);
  }
  template <bool wide>
  bool is_refused_alone(std::size_t sample, const std::vector<std::size_t>& elements, const AnyChain& chain) {
    const std::size_t size = elements.size();
    alone_.in.reset(new T[inputs * size]);
    for (std::size_t i = uncond; i < states; ++i)
      alone_.is_cond[i] = i != noisy && is_used(i) && arena_.was<T>(place_[i], sample) == arena_.was<T>(place_[cond], sample);
    for (std::size_t i = 0; i < inputs; ++i)
      if (is_used(i))
        for (std::size_t n = 0; n < size; ++n) alone_.in[i * size + n] = arena_.was<T>(place_[i], sample)[elements[n]];
      else
        std::fill_n(&alone_.in[i * size], size, T{});
    return alone_.is_refused<wide>(arguments_, chain, levels_[has_shared_levels_ ? 0 : sample],
                                   next_levels_[has_shared_next_ ? 0 : sample], size);
  }

  /// A finding, unless `holds`.
  void must(bool holds, const char* what) const {
    if (holds) return;
    std::string where = "\n  " + text_of(chain_) + "\n  verb " + std::to_string(static_cast<int>(arguments_.verb)) + ", options " +
                        std::to_string(options_) + ", each \"" + group_.each + "\", mask \"" + axes_ + "\", shape " + shape_.text() + "\n ";
    const auto add = [&](const Arena::Place& of) {
      where += " " + std::to_string(of.first) + ":" + std::to_string(of.samples) + "x" + std::to_string(of.size) + "/" + std::to_string(of.stride);
    };
    for (const Arena::Place& of : place_) add(of);
    add(mask_), add(scales_);
    ::must(false, what, where);
  }

  template <bool wide>
  void compare(std::size_t sample, std::size_t k) {
    const auto [measured, all] = members(sample, k);
    const To* const written = arena_.now<To>(place_[out], sample);
    if (measured.empty()) {
      must(all.empty() || is_masked(), "a group without a mask has elements");
      must(!is_refused_alone<false>(sample, all, Cfg{}), "what is taken in a batch is taken by itself");
      for (std::size_t n = 0; n < all.size(); ++n) {
        must(same_bits(written[all[n]], alone_.out[n]), "a group of masked elements only stays cond");
        if (wide)
          for (std::size_t i = 0; i < 3; ++i)
            must(same_bits(arena_.now<T>(place_[next + i], sample)[all[n]], arena_.was<T>(place_[states + i], sample)[all[n]]),
                 "so does its state");
      }
      return;
    }
    must(!is_refused_alone<wide>(sample, k, measured, is_scaled()), "what is taken in a batch is taken by itself");
    for (std::size_t n = 0; n < measured.size(); ++n) {
      must(same_bits(written[measured[n]], alone_.out[n]), "a group has the bits that it has by itself");
      if (wide)
        for (std::size_t i = 0; i < 3; ++i)
          must(same_bits(arena_.now<T>(place_[next + i], sample)[measured[n]], alone_.next[i * measured.size() + n]),
               "so has its state");
    }
    const auto is_alike = chain_.is_constant() && is_masked() && measured.size() > kernel::chunk ? near : same;
    if (options_ > 0) must(is_alike(found_[sample * groups_ + k], alone_.found), "so has its report");
  }

  template <bool wide>
  void run_as() {
    choose_shapes();
    for (std::size_t i = 0; i < tensors; ++i) {
      if (!is_used(i)) continue;
      const Shape& shape = i == odd_ ? odd_shape_ : shape_;
      place_[i] = arena_.place(bytes_, shape.extent[0], size_of(shape), i == out ? sizeof(To) : sizeof(T));
    }
    choose_options();
    fill();
    arena_.keep();
    const bool is_fit = !has_fault_ && is_memory_fit();
    found_.resize(samples_ * groups_ + (options_ > 0 && bytes_.byte() < 8 ? 1 : 0));
    const bool is_report_fit = options_ == 0 || found_.size() == samples_ * groups_;

    const auto view = [this](std::size_t i) { return in(i); };
    const auto next_view = [this](std::size_t i) { return to(i); };
    // Threads that take their parts from the last to the first.
    const auto backwards = [](std::size_t count, const auto& part) {
      while (count-- > 0) part(count);
    };
    const auto take = [&](const auto&... options) {
      call(arguments_, bound<wide>(chain_, view, next_view, options...), levels(), next_levels(), view, output());
    };
    const bool bad = refused([&] {
      switch (options_) {
        case 0: return take();
        case 1: return take(group_, parallel(backwards, 0), not_read_soon, report(found_));
        case 2:
          return take(group_, mask(arena_.view<const unsigned char>(mask_, mask_shape_), axes_), parallel(backwards, 0), not_read_soon,
                      report(found_));
        default:
          return take(group_, mask(arena_.view<const unsigned char>(mask_, mask_shape_), axes_),
                      scales(arena_.view<const double>(scales_, Shape{{samples_, scales_.size}, 2})), report(found_));
      }
    });
    must(bad || (is_fit && is_report_fit), "tensors of other shapes, steps or of shared memory are refused");
    if (bad) {
      must(arena_.is_as_it_was(), "of a call that is refused nothing is written");
      if (!is_fit || !is_report_fit || samples_ == 0 || size_ == 0) return;
      std::vector<std::size_t> element{0};
      for (std::size_t sample = 0; sample < samples_; ++sample)
        for (std::size_t k = 0; k < groups_; ++k)
          if (is_refused_alone<wide>(sample, k, element, is_scaled()) || is_refused_alone<wide>(sample, k, element, false)) return;
      must(false, "what is refused in a batch is refused by itself");
    }
    std::vector<Arena::Place> written{place_[out]};
    if (wide) written.insert(written.end(), &place_[next], &place_[next] + 3);
    must(arena_.is_as_it_was_but(written), "nothing is written but the output and the states");
    if (samples_ == 0 || size_ == 0) return;
    for (std::size_t n = 0, most = std::min<std::size_t>(2, samples_ * groups_); n < most; ++n) {
      const std::size_t which = bytes_.byte() * 7u % (samples_ * groups_);
      compare<wide>(which / groups_, which % groups_);
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::uint64_t hash = 14695981039346656037u;
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ data[i]) * 1099511628211u;
  Bytes bytes(data, size);
  Call(bytes, (hash >> 20) % 4096 == 0).run();  // now and then so large that it is split
  return 0;
}
