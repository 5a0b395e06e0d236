// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/targets.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The sets of instructions that the kernels are compiled for. All of them
/// give the same bits.
enum class Target { portable, avx2, avx512, neon };

/// Whether this processor, and this compiler, can run `target`. With
/// EIGENGUIDE_TARGET only that one counts.
inline bool supports(Target target) noexcept {
#if defined(EIGENGUIDE_TARGET)
  return target == Target::EIGENGUIDE_TARGET;
#else
#if EIGENGUIDE_X86_TARGETS
  switch (target) {
    case Target::portable: return true;
    case Target::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case Target::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
    case Target::neon: return false;
  }
#endif
  return target == Target::portable || (EIGENGUIDE_NEON && target == Target::neon);
#endif
}

/// The widest target of this processor.
inline Target best_target() noexcept {
#if defined(EIGENGUIDE_TARGET)
  return Target::EIGENGUIDE_TARGET;
#else
  static const Target best = supports(Target::avx512) ? Target::avx512
                             : supports(Target::avx2) ? Target::avx2
                             : supports(Target::neon) ? Target::neon
                                                      : Target::portable;
  return best;
#endif
}

/// What `action` returns of the loops of `target`.
template <class Action>
auto with_loops([[maybe_unused]] Target target, const Action& action) noexcept {
#if defined(EIGENGUIDE_TARGET)
  return action(EIGENGUIDE_TARGET::Loops{});
#else
#if EIGENGUIDE_X86_TARGETS
  if (target == Target::avx512) return action(avx512::Loops{});
  if (target == Target::avx2) return action(avx2::Loops{});
#endif
#if EIGENGUIDE_NEON
  if (target == Target::neon) return action(neon::Loops{});
#endif
  return action(portable::Loops{});
#endif
}

/// The sums of one sample (see Basis), with every product taken in the
/// storage's own arithmetic or, with `wide`, in double.
/// Inputs   inputs    [Basis::inputs] pointers to where `elements` are counted from
///          elements  a number of contiguous elements, or a lattice
///          shift     ρ
/// Cost     reads each input once; no allocation. The elements of a lattice are
///          brought side by side first, 128 at a time
/// Accuracy for float, ten roundings, eight of them fused before a sum is widened
///          to double and one of each factor that is a difference or shifted:
///          within 6e-7 · Σ|vᵢ vⱼ|; `wide`, within 6e-14 · Σ|vᵢ vⱼ|,
///          typically 1e-15. A lattice has the bits of the same elements as a run
template <class Basis, bool wide, class T>
Sums<Basis> reduce(Target target, const Inputs<T, Basis::inputs>& inputs, const Elements& elements,
                   double shift) noexcept {
  return with_loops(target, [&](auto loops) { return loops.template reduce<Basis, wide>(inputs, elements, shift); });
}

/// The same of `columns` groups side by side, in the storage's own arithmetic.
/// Inputs  inputs     pointers to the elements of the first
///         elements   of the first: a lattice
/// Output  of_column  [columns] the sums of each, with the bits of `reduce`
template <class Basis, std::size_t columns, class T>
void reduce_columns(Target target, const Inputs<T, Basis::inputs>& inputs, const Elements& elements, double shift,
                    Sums<Basis>* of_column) noexcept {
  with_loops(target, [&](auto loops) { return loops.template reduce_columns<Basis, columns>(inputs, elements, shift, of_column); });
}

/// The combinations of a run of elements (see Form), in the storage's own arithmetic.
/// Inputs  inputs  [Form::inputs] pointers to the run
/// Output  out     [Form::outputs] pointers to as many elements, of the inputs' type or
///                 of the one that they are computed in; each may be any of the
///                 inputs, and shares no memory with another
/// Cost    reads each input once, writes each output once; no allocation
template <class Form, class T, class Out = T>
void combine_run(Target target, const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights,
                 const Outputs<Out, Form::outputs>& out, const Elements& run) noexcept {
  with_loops(target, [&](auto loops) { return loops.template combine<Form>(inputs, weights, out, run); });
}

/// The same of a lattice: where many lie in a row as they are, others brought
/// side by side first, 128 at a time.
template <class Form, class T, class Out = T>
EIGENGUIDE_OUTLINE void combine_lattice(Target target, const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights,
                                        const Outputs<Out, Form::outputs>& out, const Elements& elements) noexcept {
  constexpr std::size_t most = 128, many = 8;
  T gathered[Form::inputs][most];
  Out written[Form::outputs][most];
  std::size_t offset[most], count = 0;
  const auto combine_gathered = [&] {
    Inputs<T, Form::inputs> from;
    Outputs<Out, Form::outputs> to;
    for (std::size_t i = 0; i < Form::inputs; ++i) {
      from[i] = gathered[i];
      for (std::size_t n = 0; n < count; ++n) gathered[i][n] = inputs[i][offset[n]];
    }
    for (std::size_t m = 0; m < Form::outputs; ++m) to[m] = written[m];
    combine_run<Form, T>(target, from, weights, to, count);
    for (std::size_t m = 0; m < Form::outputs; ++m)
      for (std::size_t n = 0; n < count; ++n) out[m][offset[n]] = written[m][n];
    count = 0;
  };
  for_each_stretch(elements, [&](const Stretch& some) {
    if (some.stride == 1 && some.count >= many) {
      Inputs<T, Form::inputs> from = inputs;
      Outputs<Out, Form::outputs> to = out;
      for (const T*& each : from) each += some.offset;
      for (Out*& each : to) each += some.offset;
      return combine_run<Form, T>(target, from, weights, to, some.count);
    }
    for (std::size_t n = 0; n < some.count; ++n) {
      offset[count++] = some.offset + n * some.stride;
      if (count == most) combine_gathered();
    }
  });
  if (count > 0) combine_gathered();
}

/// The same of either.
template <class Form, class T, class Out = T>
void combine(Target target, const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights,
             const Outputs<Out, Form::outputs>& out, const Elements& elements) noexcept {
  elements.is_run() ? combine_run<Form, T>(target, inputs, weights, out, elements)
                    : combine_lattice<Form, T>(target, inputs, weights, out, elements);
}

/// The combinations of `columns` groups side by side, in the storage's own arithmetic.
/// Inputs  of_column  [columns] the weights of each
///         others     of the first column, a lattice
/// Output  out        with the bits of `combine`
template <class Form, std::size_t columns, class T, class Out>
void combine_columns(Target target, const Inputs<T, Form::inputs>& inputs, const Weights<Form>* of_column,
                     const Outputs<Out, Form::outputs>& out, const Elements& elements) noexcept {
  with_loops(target, [&](auto loops) { return loops.template combine_columns<Form, columns>(inputs, of_column, out, elements); });
}

}}}  // namespace eigenguide::kernel
