// SPDX-License-Identifier: MIT
// Reduce and combine over sixteen lanes; included once for each set of lanes.
//
// What makes the bits the same everywhere: sixteen lanes whatever the width of
// a register; every multiply-add fused by name, and every sum fenced, since
// -ffast-math lets a compiler reorder a + b; chunks of fixed length whose sums
// are added in order; and one tree for the sixteen lanes.

inline constexpr std::size_t lanes = 16;
inline constexpr std::size_t chain = 8;     // groups of sixteen summed in float
inline constexpr std::size_t chunk = 8192;  // elements between two stored sums

EIGENGUIDE_INLINE Floats lanes_of(float value) { return fill(value); }
EIGENGUIDE_INLINE Doubles lanes_of(double value) { return fill(value); }

/// Sixteen elements as the numbers that arithmetic is done in.
template <bool wide, class T>
EIGENGUIDE_INLINE auto take(const T* from) {
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

  // A prediction is taken anew wherever it is used. It is loaded once all the
  // same, while g++ copies an aggregate of vectors through memory.
  EIGENGUIDE_INLINE Group(const T* const* inputs, std::size_t at, const Lanes& shift) {
    vector[0] = shifted(inputs, 0, at, shift);
    for (std::size_t j = 1; j < Basis::predictions; ++j) {
      vector[j] = subtract(take<wide>(inputs[0] + at), take<wide>(inputs[j] + at));
      if constexpr (Basis::direct)
        vector[Basis::predictions - 1 + j] = shifted(inputs, j, at, shift);
    }
  }

  EIGENGUIDE_INLINE static Lanes shifted(const T* const* inputs, std::size_t j, std::size_t at,
                                         const Lanes& shift) {
    if constexpr (Basis::shifted)
      return fma(shift, take<wide>(inputs[Basis::inputs - 1] + at), take<wide>(inputs[j] + at));
    else
      return take<wide>(inputs[j] + at);
  }
};

/// The terms of sum n in one group: products, or the elements themselves.
template <class Basis, std::size_t n, class Group>
EIGENGUIDE_INLINE auto term(const Group& group) {
  constexpr auto pair = Basis::pair(n);
  if constexpr (pair.second < Basis::formed)
    return multiply(group.vector[pair.first], group.vector[pair.second]);
  else
    return group.vector[pair.first];
}

/// `sum` with the terms of sum n in one more group.
template <class Basis, std::size_t n, class Group, class Lanes>
EIGENGUIDE_INLINE Lanes add_term(const Group& group, const Lanes& sum) {
  constexpr auto pair = Basis::pair(n);
  if constexpr (pair.second < Basis::formed)
    return fma(group.vector[pair.first], group.vector[pair.second], sum);
  else
    return plus(group.vector[pair.first], sum);
}

/// Sums of one chunk, in double lanes.
///
/// Every index of a sum is a constant: an optimiser keeps an array in registers
/// only where it sees no other, and g++ -O2 does not unroll to get there.
template <class Basis, class Indices = std::make_index_sequence<Basis::sums>>
struct Totals;
template <class Basis, std::size_t... n>
struct Totals<Basis, std::index_sequence<n...>> {
  Doubles sum[Basis::sums];

  // Written out: g++ gives a constructor of its own making the unit's target.
  EIGENGUIDE_INLINE Totals() { ((sum[n] = fill(0.0)), ...); }

  /// Adds `count` groups: as chains of float products that are widened once,
  /// or product by product in double.
  template <bool wide, class T>
  EIGENGUIDE_INLINE void add(const T* const* inputs, std::size_t at, std::size_t count,
                             const typename Group<Basis, wide, T>::Lanes& shift) {
    using Vectors = Group<Basis, wide, T>;
    if constexpr (std::is_same_v<typename Vectors::Number, double>) {
      for (std::size_t g = 0; g < count; ++g) {
        const Vectors group(inputs, at + g * lanes, shift);
        ((sum[n] = add_term<Basis, n>(group, sum[n])), ...);
      }
    } else {
      const Vectors first(inputs, at, shift);
      Floats link[] = {term<Basis, n>(first)...};
      for (std::size_t g = 1; g < count; ++g) {
        const Vectors group(inputs, at + g * lanes, shift);
        ((link[n] = add_term<Basis, n>(group, link[n])), ...);
      }
      ((sum[n] = plus(widen(link[n]), sum[n])), ...);
    }
  }

  /// Adds the sixteen lanes of every sum, as a fixed tree.
  EIGENGUIDE_INLINE void finish(Real* totals) const { ((totals[n] += total(sum[n])), ...); }

 private:
  EIGENGUIDE_INLINE static Real total(const Doubles& lanes_of_sum) {
    double lane[4];
    store_quarter(lane, lanes_of_sum);
    return (Real(lane[0]) + lane[2]) + (Real(lane[1]) + lane[3]);
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
    totals.finish(sums);
  }

  Sums<Basis> result{};
  for (std::size_t i = 0; i < Basis::sums; ++i) result[i] = static_cast<double>(sums[i]);
  return result;
}

/// What is written past the cache: nobody finds it there again before the rest
/// of the same output has driven it out. Measured: below, ordinary stores win.
inline constexpr std::size_t past_cache_bytes = std::size_t{24} << 20;

template <bool past_cache>
EIGENGUIDE_INLINE void put(float* to, const Floats& v) {
  past_cache ? stream(to, v) : store(to, v);
}
template <bool past_cache>
EIGENGUIDE_INLINE void put(double* to, const Doubles& v) {
  past_cache ? stream(to, v) : store(to, v);
}
template <bool past_cache>
EIGENGUIDE_INLINE void put(float* to, const Doubles& v) {
  put<past_cache>(to, narrow(v));
}

/// One group of sixteen of the combination.
template <class Form, bool wide, bool past_cache, class T, class Lanes>
EIGENGUIDE_INLINE void combine_group(const T* const* inputs, std::size_t at, const Lanes& constant,
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
  put<past_cache>(out + at, sum);
}

/// Fewer than sixteen elements, through a padded group.
template <class Form, bool wide, class T, class Lanes>
inline void combine_some(const T* const* inputs, std::size_t at, std::size_t count,
                         const Lanes& constant, const Lanes* weight, T* out) {
  T padded[Form::inputs + 1][lanes] = {};
  const T* pointers[Form::inputs];
  for (std::size_t j = 0; j < Form::inputs; ++j) {
    std::memcpy(padded[j], inputs[j] + at, count * sizeof(T));
    pointers[j] = padded[j];
  }
  combine_group<Form, wide, false>(pointers, 0, constant, weight, padded[Form::inputs]);
  std::memcpy(out + at, padded[Form::inputs], count * sizeof(T));
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
  if ((Form::inputs + 1) * size * sizeof(T) > past_cache_bytes) {
    // Such stores need whole lines.
    constexpr std::size_t line = 64;
    at = (line - reinterpret_cast<std::uintptr_t>(out) % line) % line / sizeof(T);
    if (at > 0) combine_some<Form, wide>(inputs.data(), 0, at, constant, weight, out);
    for (; at + lanes <= size; at += lanes)
      combine_group<Form, wide, true>(inputs.data(), at, constant, weight, out);
    stream_end();
  } else {
    for (; at + lanes <= size; at += lanes)
      combine_group<Form, wide, false>(inputs.data(), at, constant, weight, out);
  }
  if (at < size) combine_some<Form, wide>(inputs.data(), at, size - at, constant, weight, out);
}
