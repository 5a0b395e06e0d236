// SPDX-License-Identifier: MIT
// Reduce and combine over sixteen lanes; included once for each set of lanes.
//
// What makes the bits the same everywhere: sixteen lanes whatever the width of
// a register; every multiply-add fused by name, and every sum fenced, since
// -ffast-math lets a compiler reorder a + b; chunks of fixed length whose sums
// are added in order; and one tree for the sixteen lanes.

inline constexpr std::size_t lanes = 16;
inline constexpr std::size_t chain = 8;     // groups of sixteen summed in float

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
  using Number = std::conditional_t<wide, double, ComputeOf<T>>;
  using Lanes = decltype(lanes_of(Number{}));
  Lanes vector[Basis::formed];

  // A prediction is taken anew wherever it is used. It is loaded once all the
  // same, while g++ copies an aggregate of vectors through memory.
  EIGENGUIDE_INLINE Group(const T* const* inputs, std::size_t at, const Lanes& shift) {
    constexpr std::size_t states = Basis::predictions;
    vector[0] = shifted(inputs, 0, at, shift);
    for (std::size_t j = 1; j < Basis::predictions; ++j)
      vector[j] = subtract(take<wide>(inputs[0] + at), take<wide>(inputs[j] + at));
    for (std::size_t k = states; k < states + Basis::states; ++k) vector[k] = take<wide>(inputs[k] + at);
    if constexpr (Basis::direct) vector[states + Basis::states] = shifted(inputs, 1, at, shift);
  }

  EIGENGUIDE_INLINE static Lanes shifted(const T* const* inputs, std::size_t j, std::size_t at,
                                         const Lanes& shift) {
    if constexpr (Basis::shifted)
      return fma(shift, take<wide>(inputs[Basis::inputs - 1] + at), take<wide>(inputs[j] + at));
    else
      return take<wide>(inputs[j] + at);
  }
};

/// Where the groups of a chain begin: one behind the other, or wherever the
/// elements of a column are.
struct InRun {
  std::size_t at;
  EIGENGUIDE_INLINE std::size_t operator()(std::size_t g) const { return at + g * lanes; }
};
struct InColumn {
  const std::size_t* offsets;
  std::size_t first;
  EIGENGUIDE_INLINE std::size_t operator()(std::size_t g) const { return first + offsets[g * lanes]; }
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
  template <bool wide, class T, class Begins>
  EIGENGUIDE_INLINE void add(const T* const* inputs, const Begins& at, std::size_t count,
                             const typename Group<Basis, wide, T>::Lanes& shift) {
    using Vectors = Group<Basis, wide, T>;
    if constexpr (std::is_same_v<typename Vectors::Number, double>) {
      for (std::size_t g = 0; g < count; ++g) {
        const Vectors group(inputs, at(g), shift);
        ((sum[n] = add_term<Basis, n>(group, sum[n])), ...);
      }
    } else {
      const Vectors first(inputs, at(0), shift);
      Floats link[] = {term<Basis, n>(first)...};
      for (std::size_t g = 1; g < count; ++g) {
        const Vectors group(inputs, at(g), shift);
        ((link[n] = add_term<Basis, n>(group, link[n])), ...);
      }
      ((sum[n] = plus(widen(link[n]), sum[n])), ...);
    }
  }

  /// Adds the sixteen lanes of every sum, as a fixed tree.
  EIGENGUIDE_INLINE void finish(Real* totals) const { ((totals[n] += total(sum[n])), ...); }

  /// Adds, by the same tree, what sixteen columns have in `row` l as lane l.
  EIGENGUIDE_INLINE void add_rows(const Totals* row) { ((sum[n] = plus(total_of_rows<n>(row), sum[n])), ...); }

 private:
  template <std::size_t which>
  EIGENGUIDE_INLINE static Doubles total_of_rows(const Totals* row) {
    Doubles quarter[4];
    for (std::size_t k = 0; k < 4; ++k)
      quarter[k] = plus(plus(row[k].sum[which], row[k + 8].sum[which]), plus(row[k + 4].sum[which], row[k + 12].sum[which]));
    return plus(plus(quarter[0], quarter[2]), plus(quarter[1], quarter[3]));
  }
  EIGENGUIDE_INLINE static Real total(const Doubles& lanes_of_sum) {
    double lane[4];
    store_quarter(lane, lanes_of_sum);
    return (Real(lane[0]) + lane[2]) + (Real(lane[1]) + lane[3]);
  }
};

template <bool past_cache>
EIGENGUIDE_INLINE void put(float* to, const Floats& v) {
  past_cache ? stream(to, v) : store(to, v);
}
template <bool past_cache>
EIGENGUIDE_INLINE void put(double* to, const Doubles& v) {
  past_cache ? stream(to, v) : store(to, v);
}
template <bool past_cache, class Half>
EIGENGUIDE_INLINE void put(Half* to, const Floats& v) {
  past_cache ? stream(to, v) : store(to, v);
}

/// A form's weights in every lane, and which terms have one.
template <class Form, class Lanes>
struct Factors {
  Lanes constant[Form::outputs], term[Form::outputs][Form::terms];
  bool weighs[Form::terms] = {};

  /// Term i has `weight` in one of the outputs; NaN is one.
  void see(std::size_t i, double weight) {
    if (Form::differences > 2 || Form::directs > 2) weighs[i] = weighs[i] || Real(weight) != 0.0;
  }
};

/// Every output's sum in one group of sixteen, term by term; all indices are
/// constants.
template <class Form, class Lanes, class Outputs = std::make_index_sequence<Form::outputs>>
struct Partial;
template <class Form, class Lanes, std::size_t... m>
struct Partial<Form, Lanes, std::index_sequence<m...>> {
  Lanes sum[Form::outputs];

  EIGENGUIDE_INLINE Partial(const Factors<Form, Lanes>& factors, const Lanes& first) {
    ((sum[m] = fma(factors.term[m][0], first, factors.constant[m])), ...);
  }
  EIGENGUIDE_INLINE void add(const Factors<Form, Lanes>& factors, std::size_t term, const Lanes& value) {
    ((sum[m] = fma(factors.term[m][term], value, sum[m])), ...);
  }
  template <bool past_cache, class Out>
  EIGENGUIDE_INLINE void write(Out* const* out, std::size_t at) const {
    (put<past_cache>(out[m] + at, sum[m]), ...);
  }
};

/// One group of sixteen of the combinations.
template <class Form, bool past_cache, class T, class Out, class Lanes>
EIGENGUIDE_INLINE void combine_group(const T* const* inputs, std::size_t at,
                                     const Factors<Form, Lanes>& factors, Out* const* out) {
  const Lanes first = load(inputs[0] + at);
  Partial<Form, Lanes> partial(factors, first);
  std::size_t term = 1;
EIGENGUIDE_UNROLL
  for (std::size_t j = 1; j <= Form::differences; ++j, ++term) {
    if (j > 2 && !factors.weighs[term]) continue;
    const Lanes other = load(inputs[j] + at);
    partial.add(factors, term, subtract(first, other));
    if (Form::both && j == 1) partial.add(factors, ++term, other);
  }
EIGENGUIDE_UNROLL
  for (std::size_t i = 1; i <= Form::directs; ++i, ++term) {
    if (i > 2 && !factors.weighs[term]) continue;
    partial.add(factors, term, load(inputs[Form::differences + i] + at));
  }
  partial.template write<past_cache>(out, at);
}

/// Pointers that stay in registers: vectors are stored as bytes, which a pointer
/// in memory may be.
template <class Form, class T, class Out>
struct Pointers {
  const T* from[Form::inputs];
  Out* to[Form::outputs];

  EIGENGUIDE_INLINE Pointers(const Inputs<T, Form::inputs>& inputs, const Outputs<Out, Form::outputs>& out) {
EIGENGUIDE_UNROLL
    for (std::size_t i = 0; i < Form::inputs; ++i) from[i] = inputs[i];
EIGENGUIDE_UNROLL
    for (std::size_t m = 0; m < Form::outputs; ++m) to[m] = out[m];
  }
};

/// Fewer than sixteen elements, through a padded group.
template <class Form, class T, class Out, class Lanes>
inline void combine_some(const T* const* inputs, std::size_t at, std::size_t count,
                         const Factors<Form, Lanes>& factors, Out* const* out) {
  T padded[Form::inputs][lanes] = {};
  Out written[Form::outputs][lanes];
  const T* from[Form::inputs];
  Out* to[Form::outputs];
  for (std::size_t j = 0; j < Form::inputs; ++j) {
    std::memcpy(padded[j], inputs[j] + at, count * sizeof(T));
    from[j] = padded[j];
  }
  for (std::size_t m = 0; m < Form::outputs; ++m) to[m] = written[m];
  combine_group<Form, false>(from, 0, factors, to);
  for (std::size_t m = 0; m < Form::outputs; ++m) std::memcpy(out[m] + at, written[m], count * sizeof(Out));
}

/// What dispatch.hpp finds of each target.
struct Loops {
  template <class Basis, bool wide, class T>
  EIGENGUIDE_OUTLINE static Sums<Basis> reduce(const Inputs<T, Basis::inputs>& inputs, const Elements& elements, double shift) {
    using Number = typename Group<Basis, wide, T>::Number;
    static_assert(chain * lanes <= Gathered<T, Basis::inputs>::most);
    const auto shifts = lanes_of(static_cast<Number>(shift));
    const std::size_t size = elements.size;
    const bool here = elements.is_run();
    Gathered<T, Basis::inputs> gathered(inputs, elements);
    Real sums[Basis::sums];

    for (std::size_t begin = 0; begin < size; begin += chunk) {
      const std::size_t length = size - begin < chunk ? size - begin : chunk;
      Totals<Basis> totals;
      std::size_t at = begin;
      for (const std::size_t end = begin + length; at + lanes <= end;) {
        // Whole chains first, then what is left of one.
        const std::size_t groups = (end - at) / lanes, count = groups < chain ? groups : chain;
        const T* const* from = here ? inputs.data() : gathered.next(count * lanes);
        const std::size_t first = here ? at : 0;
        if (count == chain)
          totals.template add<wide>(from, InRun{first}, chain, shifts);
        else
          totals.template add<wide>(from, InRun{first}, count, shifts);
        at += count * lanes;
      }
      if (const std::size_t rest = begin + length - at; rest > 0) {
        T padded[Basis::inputs][lanes] = {};
        const T* pointers[Basis::inputs];
        const T* const* from = here ? inputs.data() : gathered.next(rest);
        for (std::size_t i = 0; i < Basis::inputs; ++i) {
          std::memcpy(padded[i], from[i] + (here ? at : 0), rest * sizeof(T));
          pointers[i] = padded[i];
        }
        totals.template add<wide>(pointers, InRun{0}, 1, shifts);
      }
      totals.finish(sums);
    }

    Sums<Basis> result{};
    for (std::size_t i = 0; i < Basis::sums; ++i) result[i] = static_cast<double>(sums[i]);
    return result;
  }

  /// The same of `columns`, each in a lane of its own: what is lane l of a run is
  /// every sixteenth element from number l on.
  template <class Basis, std::size_t columns, class T>
  EIGENGUIDE_OUTLINE static void reduce_columns(const Inputs<T, Basis::inputs>& inputs, const Elements& elements, double shift,
                             Sums<Basis>* of_column) {
    constexpr std::size_t blocks = columns / lanes;
    static_assert(columns % lanes == 0);
    const auto shifts = lanes_of(static_cast<typename Group<Basis, false, T>::Number>(shift));
    Walk walk(elements);
    std::size_t offsets[chain * lanes];
    Totals<Basis> sums[blocks];

    for (std::size_t begin = 0; begin < elements.size; begin += chunk) {
      const std::size_t end = elements.size - begin < chunk ? elements.size : begin + chunk;
      Totals<Basis> row[blocks][lanes];
      for (std::size_t at = begin; at < end;) {
        const std::size_t left = end - at, groups = left / lanes < chain ? left / lanes : chain;
        const std::size_t count = groups > 0 ? groups * lanes : left;
        walk.take(offsets, count);
        for (std::size_t l = 0; l < lanes && l < count; ++l)
          for (std::size_t b = 0; b < blocks; ++b) {
            const InColumn begins{offsets + l, b * lanes};
            if (groups == chain)
              row[b][l].template add<false>(inputs.data(), begins, chain, shifts);
            else
              row[b][l].template add<false>(inputs.data(), begins, groups > 0 ? groups : 1, shifts);
          }
        at += count;
      }
      for (std::size_t b = 0; b < blocks; ++b) sums[b].add_rows(row[b]);
    }

    for (std::size_t b = 0; b < blocks; ++b)
      for (std::size_t i = 0; i < Basis::sums; ++i) {
        double each[lanes];
        store(each, sums[b].sum[i]);
        for (std::size_t k = 0; k < lanes; ++k) of_column[b * lanes + k][i] = each[k];
      }
  }

  template <class Form, class T, class Out>
  EIGENGUIDE_OUTLINE static void combine(const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights,
                                         const Outputs<Out, Form::outputs>& out, const Elements& run) {
    const std::size_t size = run.size;
    using Number = ComputeOf<T>;
    using Lanes = decltype(lanes_of(Number{}));
    Factors<Form, Lanes> factors;
    for (std::size_t m = 0; m < Form::outputs; ++m) {
      factors.constant[m] = lanes_of(static_cast<Number>(weights.constant[m]));
      for (std::size_t i = 0; i < Form::terms; ++i) {
        factors.term[m][i] = lanes_of(static_cast<Number>(weights.term[m][i]));
        factors.see(i, weights.term[m][i]);
      }
    }

    // Stores past the cache need whole lines, of every output at once.
    constexpr std::size_t line = 64;
    const auto phase = [](const Out* to) { return reinterpret_cast<std::uintptr_t>(to) % line; };
    bool past_cache = run.goes_past_cache(Form::inputs * sizeof(T) + Form::outputs * sizeof(Out));
    for (std::size_t m = 1; m < Form::outputs; ++m) past_cache = past_cache && phase(out[m]) == phase(out[0]);

    const Pointers<Form, T, Out> local(inputs, out);
    const T* const* const from = local.from;
    Out* const* const to = local.to;
    std::size_t at = 0;
    if (past_cache) {
      const std::size_t before = (line - phase(out[0])) % line / sizeof(Out);
      const std::size_t first = before < size ? before : size;  // of a line, of halves up to 31 further
      for (; at + lanes <= first; at += lanes) combine_group<Form, false>(from, at, factors, to);
      if (at < first) combine_some<Form>(inputs.data(), at, first - at, factors, out.data());
      at = first;
      for (; at + lanes <= size; at += lanes) combine_group<Form, true>(from, at, factors, to);
      stream_end();
    } else {
      for (; at + lanes <= size; at += lanes) combine_group<Form, false>(from, at, factors, to);
    }
    if (at < size) combine_some<Form>(inputs.data(), at, size - at, factors, out.data());
  }

  /// The same of `columns`, each with weights of its own.
  template <class Form, std::size_t columns, class T, class Out>
  EIGENGUIDE_OUTLINE static void combine_columns(const Inputs<T, Form::inputs>& inputs, const Weights<Form>* of_column,
                              const Outputs<Out, Form::outputs>& out, const Elements& elements) {
    using Number = ComputeOf<T>;
    using Lanes = decltype(lanes_of(Number{}));
    constexpr std::size_t blocks = columns / lanes;
    Factors<Form, Lanes> factors[blocks];
    for (std::size_t b = 0; b < blocks; ++b, of_column += lanes) {
      Number each[lanes];
      for (std::size_t m = 0; m < Form::outputs; ++m) {
        for (std::size_t k = 0; k < lanes; ++k) each[k] = static_cast<Number>(of_column[k].constant[m]);
        factors[b].constant[m] = load(each);
        for (std::size_t i = 0; i < Form::terms; ++i) {
          for (std::size_t k = 0; k < lanes; ++k) each[k] = static_cast<Number>(of_column[k].term[m][i]);
          factors[b].term[m][i] = load(each);
          factors[b].see(i, of_column[0].term[m][i]);
        }
      }
    }

    const Pointers<Form, T, Out> local(inputs, out);
    Walk walk(elements);
    constexpr std::size_t most = 128;
    std::size_t offsets[most];
    for (std::size_t at = 0; at < elements.size; at += most) {
      const std::size_t count = elements.size - at < most ? elements.size - at : most;
      walk.take(offsets, count);
      for (std::size_t n = 0; n < count; ++n)
        for (std::size_t b = 0; b < blocks; ++b)
          combine_group<Form, false>(local.from, offsets[n] + b * lanes, factors[b], local.to);
    }
  }
};
