// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/half.hpp>
#include <eigenguide/base/opaque.hpp>
#include <eigenguide/base/real.hpp>
#include <eigenguide/kernel/basis.hpp>
#include <eigenguide/kernel/elements.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

// The same loops, once for each instruction set. The pragmas let a unit that
// is compiled for any x86-64 hold code for newer ones; dispatch.hpp chooses
// among them when it runs. A compiler without them has the portable lanes.
#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)
#define EIGENGUIDE_X86_TARGETS 1
#include <immintrin.h>
#else
#define EIGENGUIDE_X86_TARGETS 0
#endif

#if defined(__aarch64__) && defined(__GNUC__)
#define EIGENGUIDE_NEON 1
#include <arm_neon.h>
#else
#define EIGENGUIDE_NEON 0
#endif

// Lanes stay in registers only while nothing takes their address, so whatever
// is done to them is inlined, large or small. That also turns into an error
// what has silently not taken its pragma's target.
#if defined(__GNUC__)
#define EIGENGUIDE_INLINE __attribute__((always_inline)) inline
#else
#define EIGENGUIDE_INLINE inline
#endif

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

namespace portable {
#include <eigenguide/kernel/target/portable.inl>
#include <eigenguide/kernel/target/loops.inl>
}  // namespace portable

#if EIGENGUIDE_NEON
namespace neon {
#include <eigenguide/kernel/target/neon.inl>
#include <eigenguide/kernel/target/loops.inl>
}  // namespace neon
#endif

#if EIGENGUIDE_X86_TARGETS

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c")
#endif
namespace avx2 {
#include <eigenguide/kernel/target/avx2.inl>
#include <eigenguide/kernel/target/loops.inl>
}  // namespace avx2
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma,f16c"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,fma,f16c")
#endif
namespace avx512 {
#include <eigenguide/kernel/target/avx512.inl>
#include <eigenguide/kernel/target/loops.inl>
}  // namespace avx512
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif  // EIGENGUIDE_X86_TARGETS

#undef EIGENGUIDE_INLINE

}}}  // namespace eigenguide::kernel
