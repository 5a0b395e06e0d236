// SPDX-License-Identifier: MIT
// Sixteen lanes as one register of sixteen floats, two of eight doubles.

struct Floats { __m512 a; };
struct Doubles { __m512d a, b; };

EIGENGUIDE_INLINE Floats load(const float* from) { return {_mm512_loadu_ps(from)}; }
EIGENGUIDE_INLINE Doubles load(const double* from) {
  return {_mm512_loadu_pd(from), _mm512_loadu_pd(from + 8)};
}
EIGENGUIDE_INLINE Floats load(const half* from) {
  return {_mm512_maskz_cvtph_ps(0xffff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)))};
}
EIGENGUIDE_INLINE Floats load(const bfloat16* from) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  // Every second word; zeros between.
  const __m512i upper = _mm512_set_epi16(15, 0, 14, 0, 13, 0, 12, 0, 11, 0, 10, 0, 9, 0, 8, 0, 7, 0, 6, 0, 5, 0, 4, 0, 3, 0, 2,
                                         0, 1, 0, 0, 0);
  return {_mm512_castsi512_ps(_mm512_maskz_permutexvar_epi16(0xaaaaaaaa, upper, _mm512_castsi256_si512(bits)))};
}
EIGENGUIDE_INLINE void store(float* to, const Floats& v) { _mm512_storeu_ps(to, v.a); }
EIGENGUIDE_INLINE void store(double* to, const Doubles& v) {
  _mm512_storeu_pd(to, v.a);
  _mm512_storeu_pd(to + 8, v.b);
}
EIGENGUIDE_INLINE __m256i packed(const half*, const Floats& v) {
  return _mm512_maskz_cvtps_ph(0xffff, v.a, _MM_FROUND_TO_NEAREST_INT);
}
/// Sixteen floats rounded to their upper halves, as base/half.hpp rounds one.
EIGENGUIDE_INLINE __m256i packed(const bfloat16*, const Floats& v) {
  constexpr int quiet_or_signalling_nan = 0x81;
  const __m512i bits = _mm512_castps_si512(v.a), below = _mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff));
  const __mmask16 is_odd = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(0x10000));
  const __mmask16 is_nan = _mm512_fpclass_ps_mask(v.a, quiet_or_signalling_nan);
  const __m512i nearest = _mm512_mask_add_epi32(below, is_odd, below, _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_mask_or_epi32(nearest, is_nan, bits, _mm512_set1_epi32(0x400000));
  // Every second word.
  const __m512i upper = _mm512_set_epi16(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 31, 29, 27, 25, 23, 21, 19, 17, 15,
                                         13, 11, 9, 7, 5, 3, 1);
  return _mm512_maskz_extracti64x4_epi64(0xf, _mm512_maskz_permutexvar_epi16(0xffffffff, upper, rounded), 0);
}
template <class Half>
EIGENGUIDE_INLINE void store(Half* to, const Floats& v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), packed(to, v));
}
// Past the cache, to a whole line; visible to other threads after stream_end.
EIGENGUIDE_INLINE void stream(float* to, const Floats& v) { _mm512_stream_ps(to, v.a); }
EIGENGUIDE_INLINE void stream(double* to, const Doubles& v) {
  _mm512_stream_pd(to, v.a);
  _mm512_stream_pd(to + 8, v.b);
}
template <class Half>
EIGENGUIDE_INLINE void stream(Half* to, const Floats& v) {
  _mm256_stream_si256(reinterpret_cast<__m256i*>(to), packed(to, v));
}
EIGENGUIDE_INLINE void stream_end() { _mm_sfence(); }
EIGENGUIDE_INLINE Floats fill(float value) { return {_mm512_set1_ps(value)}; }
EIGENGUIDE_INLINE Doubles fill(double value) {
  const __m512d all = _mm512_set1_pd(value);
  return {all, all};
}
EIGENGUIDE_INLINE Floats subtract(const Floats& a, const Floats& b) {
  return {_mm512_sub_ps(a.a, b.a)};
}
EIGENGUIDE_INLINE Doubles subtract(const Doubles& a, const Doubles& b) {
  return {_mm512_sub_pd(a.a, b.a), _mm512_sub_pd(a.b, b.b)};
}
EIGENGUIDE_INLINE Floats multiply(const Floats& a, const Floats& b) {
  return {_mm512_mul_ps(a.a, b.a)};
}
EIGENGUIDE_INLINE Floats fma(const Floats& a, const Floats& b, const Floats& c) {
  return {_mm512_fmadd_ps(a.a, b.a, c.a)};
}
EIGENGUIDE_INLINE Doubles fma(const Doubles& a, const Doubles& b, const Doubles& c) {
  return {_mm512_fmadd_pd(a.a, b.a, c.a),
           _mm512_fmadd_pd(a.b, b.b, c.b)};
}
// A sum that no compiler takes apart: clang++ -ffast-math makes a sum of
// fma(a, 1, b) too, and reorders it.
EIGENGUIDE_INLINE __m512 fenced_sum(__m512 a, __m512 b) {
  a = _mm512_add_ps(a, b);
  __asm__("" : "+v"(a));
  return a;
}
EIGENGUIDE_INLINE __m512d fenced_sum(__m512d a, __m512d b) {
  a = _mm512_add_pd(a, b);
  __asm__("" : "+v"(a));
  return a;
}
EIGENGUIDE_INLINE Floats plus(const Floats& a, const Floats& b) { return {fenced_sum(a.a, b.a)}; }
EIGENGUIDE_INLINE Doubles plus(const Doubles& a, const Doubles& b) {
  return {fenced_sum(a.a, b.a), fenced_sum(a.b, b.b)};
}
EIGENGUIDE_INLINE Doubles widen(const Floats& a) {
  // Masked forms with a zero source: g++ 12 warns about the undefined source
  // that the plain ones name.
  const __m512d bits = _mm512_castps_pd(a.a);
  const __m256 low = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, bits, 0));
  const __m256 high = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, bits, 1));
  return {_mm512_maskz_cvtps_pd(0xff, low), _mm512_maskz_cvtps_pd(0xff, high)};
}
EIGENGUIDE_INLINE const Doubles& widen(const Doubles& a) { return a; }
/// Lanes k, k + 4, k + 8 and k + 12 as (k + (k + 8)) + ((k + 4) + (k + 12)), for k = 0 … 3.
EIGENGUIDE_INLINE void store_quarter(double* to, const Doubles& v) {
  const __m512d half = fenced_sum(v.a, v.b);
  const __m256d low = _mm512_maskz_extractf64x4_pd(0xf, half, 0);
  const __m256d high = _mm512_maskz_extractf64x4_pd(0xf, half, 1);
  __m256d quarter = _mm256_add_pd(low, high);
  __asm__("" : "+x"(quarter));
  _mm256_storeu_pd(to, quarter);
}
