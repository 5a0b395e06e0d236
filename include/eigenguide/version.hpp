// SPDX-License-Identifier: MIT
#pragma once

/// The one statement of the version: CMake, packages and the docs read it here.
#define EIGENGUIDE_VERSION 0.1.0

// Every declaration lives in an inline namespace named after the flags of the
// unit that compiles it, as far as they change what runs where: the class of
// vector instructions, the kernels' target, the rules of arithmetic, exceptions.
// Without it the linker keeps one copy of each inline function, and a unit built
// for any processor may end up running the copy that another unit built with
// -march=native.
#if defined(__AVX512F__)
#define EIGENGUIDE_BUILD_TARGET avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define EIGENGUIDE_BUILD_TARGET avx2_fma
#elif defined(__AVX__)
#define EIGENGUIDE_BUILD_TARGET avx
#elif defined(__SSE4_1__)
#define EIGENGUIDE_BUILD_TARGET sse4
#else
#define EIGENGUIDE_BUILD_TARGET baseline
#endif

// -DEIGENGUIDE_TARGET=avx2 (portable, avx512, neon) leaves the choice among the
// kernels out: a unit has those of one target, which the processor must have.
#if defined(EIGENGUIDE_TARGET)
#define EIGENGUIDE_BUILD_KERNELS EIGENGUIDE_TARGET
#else
#define EIGENGUIDE_BUILD_KERNELS any
#endif

#if defined(__FAST_MATH__) || defined(_M_FP_FAST)
#define EIGENGUIDE_BUILD_MATH fast_math
#else
#define EIGENGUIDE_BUILD_MATH strict_math
#endif

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define EIGENGUIDE_BUILD_ERRORS throwing
#else
#define EIGENGUIDE_BUILD_ERRORS aborting
#endif

#define EIGENGUIDE_JOIN(target, kernels, math, errors) v0_##target##_##kernels##_##math##_##errors
#define EIGENGUIDE_JOIN_EXPANDED(target, kernels, math, errors) EIGENGUIDE_JOIN(target, kernels, math, errors)
#define EIGENGUIDE_BUILD                                                                         \
  EIGENGUIDE_JOIN_EXPANDED(EIGENGUIDE_BUILD_TARGET, EIGENGUIDE_BUILD_KERNELS, EIGENGUIDE_BUILD_MATH, \
                           EIGENGUIDE_BUILD_ERRORS)

// Before a short loop of constant length: g++ -O2 would leave it a loop, and
// what it indexes in memory.
#if defined(__GNUC__)
#define EIGENGUIDE_UNROLL _Pragma("GCC unroll 8")
#else
#define EIGENGUIDE_UNROLL
#endif

// The function that runs for every sample takes in all that it calls, so that a
// sample's scalars stay in registers; what is long, or rare, stays outside. A unit
// that is compiled more often than it runs may say -DEIGENGUIDE_FLATTEN= instead.
#if defined(__GNUC__)
#define EIGENGUIDE_OUTLINE __attribute__((noinline))
#else
#define EIGENGUIDE_OUTLINE
#endif
#if !defined(EIGENGUIDE_FLATTEN)
#if defined(__GNUC__)
#define EIGENGUIDE_FLATTEN __attribute__((flatten))
#else
#define EIGENGUIDE_FLATTEN
#endif
#endif
