// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/targets.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The sets of instructions that the kernels are compiled for. All of them
/// give the same bits.
enum class Target { portable, avx2, avx512 };

/// Whether this processor, and this compiler, can run `target`.
inline bool supports(Target target) noexcept {
#if EIGENGUIDE_X86_TARGETS
  switch (target) {
    case Target::portable: return true;
    case Target::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case Target::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  }
#endif
  return target == Target::portable;
}

/// The widest target of this processor.
inline Target best_target() noexcept {
  static const Target best = supports(Target::avx512) ? Target::avx512
                             : supports(Target::avx2) ? Target::avx2
                                                      : Target::portable;
  return best;
}

/// The sums of one sample (see Basis), with every product taken in the
/// storage's own arithmetic or, with `wide`, in double.
/// Inputs   inputs  [Basis::inputs] pointers to `size` elements
///          shift   ρ
/// Cost     reads each input once; no allocation
/// Accuracy for float, eight fused roundings before a sum is widened to
///          double: within 5e-7 · Σ|vᵢ vⱼ|; `wide`, within 6e-14 · Σ|vᵢ vⱼ|,
///          typically 1e-15
template <class Basis, bool wide, class T>
Sums<Basis> reduce(Target target, const Inputs<T, Basis::inputs>& inputs, std::size_t size,
                   double shift) noexcept {
#if EIGENGUIDE_X86_TARGETS
  if (target == Target::avx512) return avx512::reduce<Basis, wide>(inputs, size, shift);
  if (target == Target::avx2) return avx2::reduce<Basis, wide>(inputs, size, shift);
#endif
  (void)target;
  return portable::reduce<Basis, wide>(inputs, size, shift);
}

/// The combination of one sample (see Form), in the storage's own arithmetic
/// or, with `wide`, in double and rounded once.
/// Inputs  inputs  [Form::inputs] pointers to `size` elements
/// Output  out     `size` elements; may be any of the inputs
/// Cost    reads each input once, writes `out` once; no allocation
template <class Form, bool wide, class T>
void combine(Target target, const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights,
             T* out, std::size_t size) noexcept {
#if EIGENGUIDE_X86_TARGETS
  if (target == Target::avx512) return avx512::combine<Form, wide>(inputs, weights, out, size);
  if (target == Target::avx2) return avx2::combine<Form, wide>(inputs, weights, out, size);
#endif
  (void)target;
  portable::combine<Form, wide>(inputs, weights, out, size);
}

}}}  // namespace eigenguide::kernel
