// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>

#include <fuzz/arena.hpp>
#include <fuzz/values.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// A call of some inputs and one output of their shape, in one arena: of any
/// shape, stride, sharing of memory and numbers.
template <class T>
class Trial {
 public:
  using View = eigenguide::BatchView<const T>;
  static constexpr std::size_t most_inputs = 3, all = SIZE_MAX;

  /// What a verb is called with: all samples, or one by itself.
  struct In {
    std::array<View, most_inputs> tensor;
    std::size_t sample;  ///< `all`, or which

    const View& operator[](std::size_t i) const { return tensor[i]; }
  };
  /// What a verb asks of its tensors.
  struct Asks {
    std::size_t inputs;
    std::size_t least_rank = 0;  ///< of the first input; with one, its shape is known
    bool apart = true;           ///< whether an output over a part of an input is refused
  };

  explicit Trial(Bytes& bytes) : bytes_(bytes), plain_(bytes.flag()) {
    shape_.rank = bytes.below(6);
    // Small, so that calls are many; long in the last dimension now and then.
    for (std::size_t i = 0; i < shape_.rank; ++i) shape_.extent[i] = i < 2 ? bytes.below(4) : bytes.below(6);
    if (bytes.byte() < 48 && shape_.rank > 1) shape_.extent[shape_.rank - 1] = bytes.byte() % 70u;
    samples_ = shape_.rank < 2 ? 1 : shape_.extent[0];
    size_ = shape_.rank == 0 ? bytes.below(20) : size_of(shape_);
    if (shape_.rank == 0) samples_ = bytes.below(4);
    is_true_ = shape_.rank == 0 || samples_ == 0 || bytes.byte() >= 6;
    if (!is_true_) ++shape_.extent[bytes.below(shape_.rank)];
  }

  bool is_plain() const { return plain_; }
  std::size_t samples() const { return samples_; }
  std::size_t size() const { return size_; }
  const eigenguide::Shape& shape() const { return shape_; }

  /// Calls `verb(in, out)`. It must be refused where the tensors or `is_valid`
  /// say so, with nothing written, and taken otherwise: then nothing but `out` is
  /// written, and every sample is as `verb` makes it by itself, in memory of its
  /// own. `check(sample, in, out)` sees each.
  template <class Verb, class Check>
  void run(const char* name, const Asks& asks, bool is_valid, const Verb& verb, const Check& check) {
    name_ = name;
    place(asks.inputs);
    fill();
    const bool is_fit = is_valid && is_shape_fit(asks) && is_memory_fit(asks);
    const bool bad = refused([&] {
      const auto in = [&](std::size_t i) {
        const std::size_t which = i < asks.inputs ? i : 0;
        return arena_.template view<const T>(place_[which], shape_of(which));
      };
      verb(In{{in(0), in(1), in(2)}, all}, arena_.template view<T>(place_[out], shape_of(out)));
    });
    must(bad == !is_fit, bad ? "what is good is taken" : "what is bad is refused");
    if (bad) return must(arena_.is_as_it_was(), "of a call that is refused nothing is written");
    must(arena_.is_as_it_was_but({place_[out]}), "nothing is written but the output");
    for (std::size_t sample = 0; sample < samples_ && size_ > 0; ++sample) {
      std::array<std::unique_ptr<T[]>, most_inputs> own;
      for (std::size_t i = 0; i < most_inputs; ++i) {
        own[i].reset(new T[size_]);
        const T* const was = arena_.template was<T>(place_[i < asks.inputs ? i : 0], sample);
        for (std::size_t n = 0; n < size_; ++n) own[i][n] = was[n];
      }
      const std::unique_ptr<T[]> alone(new T[size_]);
      eigenguide::Shape shape = shape_;
      if (shape.rank > 1) shape.extent[0] = 1;
      const auto in = [&](std::size_t i) { return View(own[i].get(), 1, size_, size_, shape); };
      must(!refused([&] { verb(In{{in(0), in(1), in(2)}, sample}, eigenguide::BatchView<T>(alone.get(), 1, size_, size_, shape)); }),
           "what is taken in a batch is taken by itself");
      const T* const written = arena_.template now<T>(place_[out], sample);
      for (std::size_t n = 0; n < size_; ++n) must(same_bits(written[n], alone[n]), "a sample has the bits that it has by itself");
      check(sample, std::array<const T*, most_inputs>{own[0].get(), own[1].get(), own[2].get()}, alone.get());
    }
  }
  template <class Verb>
  void run(const char* name, const Asks& asks, bool is_valid, const Verb& verb) {
    run(name, asks, is_valid, verb, [](std::size_t, const auto&, const T*) {});
  }

  /// A finding, unless `holds`.
  void must(bool holds, const char* what) const {
    if (holds) return;
    std::string where = std::string("\n  ") + name_ + " of " + shape_.text() + ", " + std::to_string(sizeof(T)) + " bytes each\n ";
    for (const Arena::Place& of : place_)
      where += " " + std::to_string(of.first) + ":" + std::to_string(of.samples) + "x" + std::to_string(of.size) + "/" + std::to_string(of.stride);
    ::must(false, what, where);
  }

 private:
  static constexpr std::size_t out = most_inputs;

  Bytes& bytes_;
  bool plain_, is_true_;
  eigenguide::Shape shape_, odd_shape_;
  std::size_t samples_, size_, odd_ = SIZE_MAX;  ///< the tensor of another shape
  Arena arena_;
  std::array<Arena::Place, most_inputs + 1> place_;
  std::size_t inputs_ = 0;
  const char* name_ = "";

  static std::size_t size_of(const eigenguide::Shape& shape) {
    std::size_t size = 1;
    for (std::size_t i = shape.rank < 2 ? 0 : 1; i < shape.rank; ++i) size *= shape.extent[i];
    return size;
  }
  const eigenguide::Shape& shape_of(std::size_t i) const { return i == odd_ ? odd_shape_ : shape_; }

  void place(std::size_t inputs) {
    inputs_ = inputs;
    if (bytes_.byte() < 8) {
      odd_ = bytes_.below(4);
      odd_shape_ = shape_;
      if (odd_shape_.rank > 0) ++odd_shape_.extent[bytes_.below(odd_shape_.rank)];
    }
    for (std::size_t i = 0; i <= most_inputs; ++i) {
      if (i >= inputs && i != out) continue;
      // A tensor's own extents; of a shape that is not true, those of the others.
      const bool own = i == odd_ && is_true_ && odd_shape_.rank > 0;
      const std::size_t samples = !own ? samples_ : odd_shape_.rank < 2 ? 1 : odd_shape_.extent[0];
      place_[i] = arena_.place(bytes_, samples, own ? size_of(odd_shape_) : size_, sizeof(T));
    }
  }

  void fill() {
    T* const data = reinterpret_cast<T*>(arena_.allocate());
    const std::size_t count = arena_.bytes() / sizeof(T);
    Filling filling(bytes_, plain_);
    filling(data, count);
    // Some that are alike, and some zeros, for what has no direction or extent.
    const std::uint8_t kind = bytes_.byte();
    const Arena::Place &first = place_[0], &second = place_[inputs_ > 1 ? 1 : 0];
    if (kind < 40)
      for (std::size_t i = 0; i < std::min(first.samples, second.samples); ++i)
        for (std::size_t n = 0; n < std::min(first.size, second.size); ++n)
          data[second.begin(i) / sizeof(T) + n] = kind < 20 ? data[first.begin(i) / sizeof(T) + n] : T{};
    arena_.keep();
  }

  std::vector<std::size_t> but_ones(const eigenguide::Shape& shape) const {
    std::vector<std::size_t> extents;
    for (std::size_t i = 0; i < shape.rank; ++i)
      if (shape.extent[i] != 1) extents.push_back(shape.extent[i]);
    return extents;
  }
  bool is_shape_fit(const Asks& asks) const {
    const eigenguide::Shape& shape = shape_of(0);
    for (std::size_t i = 0; i <= most_inputs; ++i) {
      if (i >= asks.inputs && i != out) continue;
      if (!is_shape_true(i) || place_[i].samples != place_[0].samples || place_[i].size != place_[0].size) return false;
      if (shape.rank > 0 && but_ones(shape_of(i)) != but_ones(shape)) return false;
    }
    return shape.rank >= asks.least_rank;
  }
  bool is_shape_true(std::size_t i) const {
    const eigenguide::Shape& shape = shape_of(i);
    return shape.rank == 0 || ((shape.rank == 1 ? 1 : shape.extent[0]) == place_[i].samples && size_of(shape) == place_[i].size);
  }
  bool is_memory_fit(const Asks& asks) const {
    for (std::size_t i = 0; i <= most_inputs; ++i) {
      if (i >= asks.inputs && i != out) continue;
      if (place_[i].samples > 1 && place_[i].stride < place_[i].size) return false;
      if (i != out && asks.apart && !are_apart_or_same(place_[out], place_[i])) return false;
    }
    return true;
  }
};
