// SPDX-License-Identifier: MIT
// Whole calls: any chain, shape, stride, aliasing, level, mask and numbers.
// Refused by a sentence before anything is written; or every sample has the bits
// that it has alone, and nothing else has changed. SCALAR is float, double or half.
#include <eigenguide/core.hpp>

#include <fuzz/bytes.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

using namespace eigenguide;

namespace {

/// A chain of one to three links, of any parameters; plain ones where `plain`.
AnyChain chain_of(Bytes& bytes, bool plain) {
  std::vector<std::string> names;
  eigenguide::detail::for_each_known<AllMethods>([&](const auto& known) { names.push_back(known.name); });
  AnyChain chain;
  for (std::size_t links = 1 + bytes.below(3); links > 0; --links) {
    AnyMethod method(names[bytes.below(names.size())]);
    std::vector<std::string> parameters;
    method.each([&](const char* name, const auto&) { parameters.push_back(name); });
    for (const std::string& name : parameters) {
      if (bytes.flag()) continue;
      const double value = plain ? bytes.plain() : bytes.number();
      // One that a parameter cannot hold is refused at once, and left.
      refused([&] { method.set(name, bytes.byte() < 60 ? static_cast<double>(bytes.below(5)) : value); });
    }
    refused([&] { chain.add(method); });
  }
  return chain;
}

/// Memory of exactly so many elements, and how it was.
template <class T>
class Tensor {
 public:
  Tensor(std::size_t count) : count_(count), data_(new T[count]) {}

  T* data() { return data_.get(); }
  void keep() { was_.assign(data_.get(), data_.get() + count_); }
  bool is_as_it_was() const { return count_ == 0 || std::memcmp(was_.data(), data_.get(), count_ * sizeof(T)) == 0; }
  const T* was() const { return was_.data(); }
  std::size_t count() const { return count_; }

 private:
  std::size_t count_;
  std::unique_ptr<T[]> data_;
  std::vector<T> was_;
};

/// The extents of a call, and strides that exceed a sample.
struct Extents {
  Shape shape;
  std::size_t samples, size;
};

Extents extents_of(Bytes& bytes) {
  Extents made{{}, bytes.below(4), 0};
  made.shape.rank = 4;
  made.shape.extent = {made.samples, bytes.below(4), bytes.below(5), 0};
  const std::uint8_t width = bytes.byte();
  made.shape.extent[3] = width < 240 ? width % 40 : 600 + bytes.byte();
  made.size = made.shape.extent[1] * made.shape.extent[2] * made.shape.extent[3];
  return made;
}

template <class T>
T value_of(double value) {
  if constexpr (std::is_same_v<T, double>)
    return value;
  else
    return static_cast<T>(static_cast<float>(value));
}

template <class T>
bool same_bits(const T* a, const T* b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (is_nan(x) && is_nan(y)) continue;
    if (std::memcmp(&a[i], &b[i], sizeof(T)) != 0) return false;
  }
  return true;
}

constexpr std::size_t inputs = 8;  // cond, uncond, x, a perturbed prediction, a prompt, two states, and the output's place

template <class T>
class Call {
 public:
  Call(Bytes& bytes) : bytes_(bytes), extents_(extents_of(bytes)), plain_(bytes.flag()), chain_(chain_of(bytes, plain_)) {
    for (std::size_t i = 0; i < inputs; ++i) {
      stride_[i] = extents_.size + bytes.below(4);
      tensors_.emplace_back(length(stride_[i]));
      fill(tensors_.back(), i);
    }
    out_ = inputs - 1;
    if (bytes.byte() < 60) out_ = bytes.below(inputs - 1);  // in place
  
    level_ = {bytes.flag() ? 1.0 : bytes.number(), bytes.flag() ? 0.5 : bytes.number()};
    next_ = {1.0, bytes.plain() < 0.0 ? 0.0 : 0.25};
    const Kind kinds[] = {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::flow_to_data, Kind::score, Kind::edm()};
    space_ = {kinds[bytes.below(7)], kinds[bytes.below(7)]};
    if (bytes.flag()) level_ = {0.8, 0.6};
  }

  void run() {
    const std::uint8_t which = bytes_.byte();
    for (Tensor<T>& tensor : tensors_) tensor.keep();
    const bool has_other = bytes_.byte() < 8;  // now and then an output of another shape
    const std::size_t size = has_other && extents_.size > 0 ? extents_.size - 1 : extents_.size;
    const BatchView<T> out(data(out_), extents_.samples, size, stride_[out_], has_other ? Shape{} : extents_.shape);
    if (which < 110)
      in_batch_and_alone(out, [](const auto& options, const auto& c, const auto& u, const auto&, const auto& to) {
        guide(options, c, u, to);
      });
    else if (which < 150)
      in_batch_and_alone(out, [this](const auto& options, const auto& c, const auto& u, const auto& x, const auto& to) {
        guide(options, space_, Levels(level_), x, c, u, to);
      });
    else if (which < 180)
      in_batch_and_alone(out, [this](const auto& options, const auto& c, const auto& u, const auto& x, const auto& to) {
        step(options, Update{space_, Renoise::guided}, Levels(level_), Levels(next_), x, c, u, to);
      });
    else if (which < 240)
      with_options(out);
    else
      over_a_run(out);
  }

 private:
  Bytes& bytes_;
  Extents extents_;
  bool plain_;
  AnyChain chain_;
  std::array<std::size_t, inputs> stride_{};
  std::vector<Tensor<T>> tensors_;
  std::size_t out_ = 0;
  Level level_, next_;
  Space space_;

  std::size_t length(std::size_t stride) const {
    return extents_.samples == 0 ? 0 : (extents_.samples - 1) * stride + extents_.size;
  }
  T* data(std::size_t i) { return tensors_[i].data(); }

  /// Numbers of any kind from a few that the fuzzer chose, and plain ones between.
  void fill(Tensor<T>& tensor, std::size_t which) {
    const std::uint8_t kind = bytes_.byte();
    std::array<double, 3> few{};
    if (!plain_)
      for (double& value : few) value = bytes_.number();
    const std::size_t every = 1 + bytes_.below(50);
    std::uint64_t seed = kind < 200 ? which : kind;  // some tensors are the same
    if (kind > 240) seed = 0;
    for (std::size_t i = 0; i < tensor.count(); ++i) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      const double plain = static_cast<double>(static_cast<std::int64_t>(seed) >> 11) / 4503599627370496.0;
      tensor.data()[i] = value_of<T>(!plain_ && i % every == 0 ? few[i / every % 3] : plain);
    }
  }

  BatchView<const T> batch(std::size_t i) {
    return {tensors_[i].data(), extents_.samples, extents_.size, stride_[i], extents_.shape};
  }
  /// As it was before the call, and one sample of it.
  BatchView<const T> alone(std::size_t i, std::size_t sample) const {
    Shape shape = extents_.shape;
    shape.extent[0] = 1;
    return {tensors_[i].was() + sample * stride_[i], 1, extents_.size, extents_.size, shape};
  }

  /// The chain with everything that it may read, by `view(i)`, and states that
  /// advance to `next(i)`.
  template <class View, class Next>
  auto given(const View& view, const Next& next) const {
    return with(chain_, Prediction<Role::perturbed, T>{view(3)}, Prediction<prompt_role(0), T>{view(4)},
                State<Role::momentum, T, true>{view(5), next(0)}, State<Role::correction, T, true>{view(6), next(1)});
  }
  /// Where the states of a batch go, and how it was.
  std::vector<Tensor<T>> next_states() const {
    std::vector<Tensor<T>> next;
    for (int i = 0; i < 2; ++i) {
      next.emplace_back(extents_.samples * extents_.size);
      for (std::size_t n = 0; n < next.back().count(); ++n) next.back().data()[n] = value_of<T>(7.0);
      next.back().keep();
    }
    return next;
  }

  void untouched(std::initializer_list<std::size_t> written) const {
    for (std::size_t i = 0; i < inputs; ++i)
      if (std::find(written.begin(), written.end(), i) == written.end())
        must(tensors_[i].is_as_it_was(), "what is no output is not written");
  }
  /// Between samples of an output nothing is written.
  void gaps(std::size_t i) {
    for (std::size_t sample = 0; sample + 1 < extents_.samples; ++sample)
      for (std::size_t at = sample * stride_[i] + extents_.size; at < (sample + 1) * stride_[i]; ++at)
        must(std::memcmp(&data(i)[at], &tensors_[i].was()[at], sizeof(T)) == 0, "between samples nothing is written");
  }

  template <class Verb>
  void in_batch_and_alone(const BatchView<T>& out, const Verb& verb) {
    std::vector<Tensor<T>> next = next_states();
    const auto to = [&](std::size_t i) {
      return BatchView<T>(next[i].data(), extents_.samples, extents_.size, extents_.size, extents_.shape);
    };
    const auto options = given([this](std::size_t i) { return batch(i); }, to);
    if (refused([&] { verb(options, batch(0), batch(1), batch(2), out); })) {
      for (const Tensor<T>& state : next) must(state.is_as_it_was(), "of a call that is refused no state is written");
      return untouched({});
    }
    untouched({out_});
    gaps(out_);
    std::vector<T> single(extents_.size);
    std::array<std::vector<T>, 2> state{single, single};
    for (std::size_t sample = 0; sample < extents_.samples && extents_.size > 0; ++sample) {
      const auto one = [&](std::size_t i) { return alone(i, sample); };
      Shape shape = extents_.shape;
      shape.extent[0] = 1;
      const auto state_of = [&](std::size_t i) { return BatchView<T>(state[i].data(), 1, extents_.size, extents_.size, shape); };
      must(!refused([&] { verb(given(one, state_of), one(0), one(1), one(2), BatchView<T>(single.data(), 1, extents_.size, extents_.size, shape)); }),
           "a sample of a batch that is taken is taken");
      must(same_bits(single.data(), out.sample(sample), extents_.size), "a sample has the bits that it has alone:", text_of(chain_));
      for (std::size_t i = 0; i < 2; ++i)
        must(same_bits(state[i].data(), to(i).sample(sample), extents_.size), "so has its state:", text_of(chain_));
    }
  }

  /// Groups, a mask, scales, a report, and states that advance.
  void with_options(const BatchView<T>& out) {
    std::string each;
    for (std::size_t n = bytes_.below(4); n > 0; --n) each += "cthwx"[bytes_.below(5)];
    const Group group = per(each, bytes_.byte() < 240 ? "bthw" : "btt");
    std::size_t groups = 1;
    for (std::size_t i = 1; i < 4; ++i)
      if (each.find("bthw"[i]) != std::string::npos) groups *= extents_.shape.extent[i];
    const std::size_t off = bytes_.byte() < 16 ? 1 : 0;
    std::vector<double> scale(groups + off);
    for (double& each_scale : scale) each_scale = plain_ ? bytes_.plain() : bytes_.number();
    std::vector<unsigned char> keep(extents_.samples * extents_.size);
    const std::size_t every = 1 + bytes_.below(5);
    for (std::size_t i = 0; i < keep.size(); ++i) keep[i] = i % every != 0 ? 1 : 0;
    std::vector<Diagnostics> found(extents_.samples * groups + off);
    std::vector<Tensor<T>> next = next_states();
    const auto to = [&](std::size_t i) {
      return BatchView<T>(next[i].data(), extents_.samples, extents_.size, extents_.size, extents_.shape);
    };
    const BatchView<const unsigned char> kept(keep.data(), extents_.samples, extents_.size, extents_.size, extents_.shape);
    const bool bad = refused([&] {
      const auto options = with(chain_, Prediction<Role::perturbed, T>{batch(3)}, Prediction<prompt_role(0), T>{batch(4)},
                                State<Role::momentum, T, true>{batch(5), to(0)}, State<Role::correction, T, true>{batch(6), to(1)},
                                group, mask(kept), scales(scale), report(found));
      guide(options, space_, Levels(level_), batch(2), batch(0), batch(1), out);
    });
    if (bad) {
      for (const Tensor<T>& state : next) must(state.is_as_it_was(), "of a call that is refused no state is written");
      return untouched({});
    }
    untouched({out_});
    gaps(out_);
  }

  /// A Guider's run of two steps, of one kind of plan: every other is compiled by itself.
  void over_a_run(const BatchView<T>& out) {
    refused([&] {
      const double amount = plain_ ? bytes_.plain() : bytes_.number();
      const auto plan = during(Momentum{amount}, StepWindow{0.0, 0.5}) | scheduled(Apg{1.0, 0.0, 2.5}, Linear{amount, 1.0}) | Rescale{0.7};
      Guider<std::remove_const_t<decltype(plan)>, T> guider(plan, space_);
      if (bytes_.byte() < 240) guider.reset(batch(0));
      for (std::size_t n = 0; n < 2; ++n) {
        const Moment now{bytes_.below(3), 1 + bytes_.below(3), level_, {}};
        for (Tensor<T>& tensor : tensors_) tensor.keep();
        if (refused([&] {
              guider.apply(now, batch(2), batch(0), batch(1), out);
            }))
          untouched({});
        else
          untouched({out_});
        if (bytes_.flag()) guider.advance();
      }
    });
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  Call<SCALAR>(bytes).run();
  return 0;
}
