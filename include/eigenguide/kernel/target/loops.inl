// SPDX-License-Identifier: MIT
// Reduce and combine over sixteen lanes; included once for each set of lanes.
//
// What makes the bits the same everywhere: sixteen lanes whatever the width of
// a register; every multiply-add fused by name, and every sum written as one
// too, fma(a, 1, b) with a 1 that the compiler cannot see, since -ffast-math
// lets it reorder a + b; chunks of fixed length whose sums are added in order;
// and one tree for the sixteen lanes.

inline constexpr std::size_t lanes = 16;
inline constexpr std::size_t chain = 8;     // groups of sixteen summed in float
inline constexpr std::size_t chunk = 8192;  // elements between two stored sums

inline Floats lanes_of(float value) { return fill(value); }
inline Doubles lanes_of(double value) { return fill(value); }

/// Sixteen elements as the numbers that arithmetic is done in.
template <bool wide, class T>
inline auto take(const T* from) {
  if constexpr (wide)
    return widen(load(from));
  else
    return load(from);
}

/// The vectors of a basis in one group of sixteen.
template <class Basis, bool wide, class T>
struct Group {
  using Number = std::conditional_t<wide, double, T>;
  using Lanes = decltype(lanes_of(Number{}));
  Lanes vector[Basis::formed];

  Group(const T* const* inputs, std::size_t at, const Lanes& shift) {
    const Lanes first = take<wide>(inputs[0] + at);
    vector[0] = shifted(first, inputs, at, shift);
    for (std::size_t j = 1; j < Basis::predictions; ++j) {
      const Lanes other = take<wide>(inputs[j] + at);
      vector[j] = subtract(first, other);
      if constexpr (Basis::direct)
        vector[Basis::predictions - 1 + j] = shifted(other, inputs, at, shift);
    }
  }

  static Lanes shifted(const Lanes& prediction, const T* const* inputs, std::size_t at,
                       const Lanes& shift) {
    if constexpr (Basis::shifted)
      return fma(shift, take<wide>(inputs[Basis::inputs - 1] + at), prediction);
    else
      return prediction;
  }
};

/// Sums of one chunk, in double lanes.
template <class Basis>
struct Totals {
  Doubles sum[Basis::sums];
  Floats one_float = fill(opaque(1.0f));
  Doubles one = fill(opaque(1.0));

  Totals() {
    for (std::size_t i = 0; i < Basis::sums; ++i) sum[i] = fill(0.0);
  }

  /// Adds `count` groups: as chains of float products that are widened once,
  /// or product by product in double.
  template <bool wide, class T>
  void add(const T* const* inputs, std::size_t at, std::size_t count,
           const typename Group<Basis, wide, T>::Lanes& shift) {
    if constexpr (std::is_same_v<typename Group<Basis, wide, T>::Number, double>) {
      for (std::size_t g = 0; g < count; ++g) {
        const Group<Basis, wide, T> group(inputs, at + g * lanes, shift);
        std::size_t next = 0;
        for (std::size_t i = 0; i < Basis::formed; ++i)
          for (std::size_t j = i; j < Basis::formed; ++j, ++next)
            sum[next] = fma(group.vector[i], group.vector[j], sum[next]);
        if constexpr (Basis::ones)
          for (std::size_t i = 0; i < Basis::formed; ++i, ++next)
            sum[next] = fma(group.vector[i], one, sum[next]);
      }
    } else {
      Floats link[Basis::sums];
      for (std::size_t g = 0; g < count; ++g) {
        const Group<Basis, wide, T> group(inputs, at + g * lanes, shift);
        std::size_t next = 0;
        for (std::size_t i = 0; i < Basis::formed; ++i)
          for (std::size_t j = i; j < Basis::formed; ++j, ++next)
            link[next] = g == 0 ? multiply(group.vector[i], group.vector[j])
                                : fma(group.vector[i], group.vector[j], link[next]);
        if constexpr (Basis::ones)
          for (std::size_t i = 0; i < Basis::formed; ++i, ++next)
            link[next] = g == 0 ? group.vector[i] : fma(group.vector[i], one_float, link[next]);
      }
      for (std::size_t i = 0; i < Basis::sums; ++i)
        sum[i] = fma(widen(link[i]), one, sum[i]);
    }
  }

  /// The sixteen lanes of sum i, added as a fixed tree.
  Real total(std::size_t i) const {
    double lane[lanes];
    store(lane, sum[i]);
    Real tree[lanes];
    for (std::size_t k = 0; k < lanes; ++k) tree[k] = lane[k];
    for (std::size_t half = lanes / 2; half > 0; half /= 2)
      for (std::size_t k = 0; k < half; ++k) tree[k] += tree[k + half];
    return tree[0];
  }
};

template <class Basis, bool wide, class T>
inline Sums<Basis> reduce(const Inputs<T, Basis::inputs>& inputs, std::size_t size, double shift) {
  using Number = typename Group<Basis, wide, T>::Number;
  const auto shifts = lanes_of(static_cast<Number>(shift));
  Real sums[Basis::sums];

  for (std::size_t begin = 0; begin < size; begin += chunk) {
    const std::size_t length = size - begin < chunk ? size - begin : chunk;
    Totals<Basis> totals;
    std::size_t at = begin;
    for (const std::size_t end = begin + length; at + lanes <= end;) {
      // Whole chains first, then the groups that are left, one by one.
      const std::size_t count = at + chain * lanes <= end ? chain : 1;
      if (count == chain)
        totals.template add<wide>(inputs.data(), at, chain, shifts);
      else
        totals.template add<wide>(inputs.data(), at, 1, shifts);
      at += count * lanes;
    }
    if (const std::size_t rest = begin + length - at; rest > 0) {
      T padded[Basis::inputs][lanes] = {};
      const T* pointers[Basis::inputs];
      for (std::size_t i = 0; i < Basis::inputs; ++i) {
        std::memcpy(padded[i], inputs[i] + at, rest * sizeof(T));
        pointers[i] = padded[i];
      }
      totals.template add<wide>(pointers, 0, 1, shifts);
    }
    for (std::size_t i = 0; i < Basis::sums; ++i) sums[i] += totals.total(i);
  }

  Sums<Basis> result{};
  for (std::size_t i = 0; i < Basis::sums; ++i) result[i] = static_cast<double>(sums[i]);
  return result;
}

inline void put(float* to, const Floats& v) { store(to, v); }
inline void put(double* to, const Doubles& v) { store(to, v); }
inline void put(float* to, const Doubles& v) { store(to, narrow(v)); }

/// One group of sixteen of the combination.
template <class Form, bool wide, class T, class Lanes>
inline void combine_group(const T* const* inputs, std::size_t at, const Lanes& constant,
                          const Lanes* weight, T* out) {
  const Lanes first = take<wide>(inputs[0] + at);
  Lanes sum = fma(weight[0], first, constant);
  std::size_t next = 1;
  for (std::size_t j = 1; j < Form::inputs; ++j) {
    const Lanes other = take<wide>(inputs[j] + at);
    const bool is_sample = j == Form::predictions;
    if (!is_sample && Form::differences) sum = fma(weight[next++], subtract(first, other), sum);
    if (is_sample || Form::direct) sum = fma(weight[next++], other, sum);
  }
  put(out + at, sum);
}

template <class Form, bool wide, class T>
inline void combine(const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights, T* out,
                    std::size_t size) {
  using Number = std::conditional_t<wide, double, T>;
  using Lanes = decltype(lanes_of(Number{}));
  const Lanes constant = lanes_of(static_cast<Number>(weights.constant));
  Lanes weight[Form::terms];
  for (std::size_t i = 0; i < Form::terms; ++i)
    weight[i] = lanes_of(static_cast<Number>(weights.term[i]));

  std::size_t at = 0;
  for (; at + lanes <= size; at += lanes)
    combine_group<Form, wide>(inputs.data(), at, constant, weight, out);
  if (const std::size_t rest = size - at; rest > 0) {
    T padded[Form::inputs + 1][lanes] = {};
    const T* pointers[Form::inputs];
    for (std::size_t j = 0; j < Form::inputs; ++j) {
      std::memcpy(padded[j], inputs[j] + at, rest * sizeof(T));
      pointers[j] = padded[j];
    }
    combine_group<Form, wide>(pointers, 0, constant, weight, padded[Form::inputs]);
    std::memcpy(out + at, padded[Form::inputs], rest * sizeof(T));
  }
}
