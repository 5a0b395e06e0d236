// SPDX-License-Identifier: MIT
// Sixteen lanes as two registers of eight floats, four of four doubles.

struct Floats { __m256 a, b; };
struct Doubles { __m256d a, b, c, d; };

EIGENGUIDE_INLINE Floats load(const float* from) {
  return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)};
}
EIGENGUIDE_INLINE Doubles load(const double* from) {
  return {_mm256_loadu_pd(from), _mm256_loadu_pd(from + 4), _mm256_loadu_pd(from + 8),
           _mm256_loadu_pd(from + 12)};
}
EIGENGUIDE_INLINE Floats load(const half* from) {
  const __m128i* const bits = reinterpret_cast<const __m128i*>(from);
  return {_mm256_cvtph_ps(_mm_loadu_si128(bits)), _mm256_cvtph_ps(_mm_loadu_si128(bits + 1))};
}
EIGENGUIDE_INLINE Floats load(const bfloat16* from) {
  const __m128i* const bits = reinterpret_cast<const __m128i*>(from);
  const __m256i low = _mm256_cvtepu16_epi32(_mm_loadu_si128(bits)), high = _mm256_cvtepu16_epi32(_mm_loadu_si128(bits + 1));
  return {_mm256_castsi256_ps(_mm256_slli_epi32(low, 16)), _mm256_castsi256_ps(_mm256_slli_epi32(high, 16))};
}
EIGENGUIDE_INLINE void store(float* to, const Floats& v) {
  _mm256_storeu_ps(to, v.a);
  _mm256_storeu_ps(to + 8, v.b);
}
EIGENGUIDE_INLINE void store(double* to, const Doubles& v) {
  _mm256_storeu_pd(to, v.a);
  _mm256_storeu_pd(to + 4, v.b);
  _mm256_storeu_pd(to + 8, v.c);
  _mm256_storeu_pd(to + 12, v.d);
}
EIGENGUIDE_INLINE void store(half* to, const Floats& v) {
  __m128i* const bits = reinterpret_cast<__m128i*>(to);
  _mm_storeu_si128(bits, _mm256_cvtps_ph(v.a, _MM_FROUND_TO_NEAREST_INT));
  _mm_storeu_si128(bits + 1, _mm256_cvtps_ph(v.b, _MM_FROUND_TO_NEAREST_INT));
}
/// Sixteen results rounded to their upper halves, as base/half.hpp rounds one. A NaN
/// among them is quiet already, as whatever arithmetic gives.
EIGENGUIDE_INLINE __m256i packed(const Floats& v) {
  const __m256i a = _mm256_castps_si256(v.a), b = _mm256_castps_si256(v.b);
  // Halves of a and of b in turn.
  const __m256i upper = _mm256_blend_epi16(_mm256_srli_epi32(a, 16), b, 0xaa);
  const __m256i lower = _mm256_blend_epi16(a, _mm256_slli_epi32(b, 16), 0xaa);
  // Up where lower + 0x7fff + odd carries: its half, (x + y + 1) / 2, has the highest bit then.
  const __m256i odd = _mm256_and_si256(upper, _mm256_set1_epi16(1));
  const __m256i half_sum = _mm256_avg_epu16(lower, _mm256_add_epi16(odd, _mm256_set1_epi16(0x7ffe)));
  const __m256i magnitude = _mm256_and_si256(upper, _mm256_set1_epi16(0x7fff));
  const __m256i is_number = _mm256_cmpgt_epi16(_mm256_set1_epi16(0x7f80), magnitude);
  const __m256i carry = _mm256_and_si256(is_number, _mm256_srli_epi16(half_sum, 15));
  // Those of a, then those of b.
  const __m256i apart = _mm256_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15,
                                         0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
  return _mm256_permute4x64_epi64(_mm256_shuffle_epi8(_mm256_add_epi16(upper, carry), apart), 0xd8);
}
EIGENGUIDE_INLINE void store(bfloat16* to, const Floats& v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), packed(v)); }
// Past the cache, to a whole line; visible to other threads after stream_end.
EIGENGUIDE_INLINE void stream(float* to, const Floats& v) {
  _mm256_stream_ps(to, v.a);
  _mm256_stream_ps(to + 8, v.b);
}
EIGENGUIDE_INLINE void stream(double* to, const Doubles& v) {
  _mm256_stream_pd(to, v.a);
  _mm256_stream_pd(to + 4, v.b);
  _mm256_stream_pd(to + 8, v.c);
  _mm256_stream_pd(to + 12, v.d);
}
EIGENGUIDE_INLINE void stream(half* to, const Floats& v) {
  __m128i* const bits = reinterpret_cast<__m128i*>(to);
  _mm_stream_si128(bits, _mm256_cvtps_ph(v.a, _MM_FROUND_TO_NEAREST_INT));
  _mm_stream_si128(bits + 1, _mm256_cvtps_ph(v.b, _MM_FROUND_TO_NEAREST_INT));
}
EIGENGUIDE_INLINE void stream(bfloat16* to, const Floats& v) { _mm256_stream_si256(reinterpret_cast<__m256i*>(to), packed(v)); }
EIGENGUIDE_INLINE void stream_end() { _mm_sfence(); }
EIGENGUIDE_INLINE Floats fill(float value) {
  const __m256 all = _mm256_set1_ps(value);
  return {all, all};
}
EIGENGUIDE_INLINE Doubles fill(double value) {
  const __m256d all = _mm256_set1_pd(value);
  return {all, all, all, all};
}
EIGENGUIDE_INLINE Floats subtract(const Floats& a, const Floats& b) {
  return {_mm256_sub_ps(a.a, b.a), _mm256_sub_ps(a.b, b.b)};
}
EIGENGUIDE_INLINE Doubles subtract(const Doubles& a, const Doubles& b) {
  return {_mm256_sub_pd(a.a, b.a), _mm256_sub_pd(a.b, b.b),
           _mm256_sub_pd(a.c, b.c), _mm256_sub_pd(a.d, b.d)};
}
EIGENGUIDE_INLINE Floats multiply(const Floats& a, const Floats& b) {
  return {_mm256_mul_ps(a.a, b.a), _mm256_mul_ps(a.b, b.b)};
}
EIGENGUIDE_INLINE Floats fma(const Floats& a, const Floats& b, const Floats& c) {
  return {_mm256_fmadd_ps(a.a, b.a, c.a),
           _mm256_fmadd_ps(a.b, b.b, c.b)};
}
EIGENGUIDE_INLINE Doubles fma(const Doubles& a, const Doubles& b, const Doubles& c) {
  return {_mm256_fmadd_pd(a.a, b.a, c.a),
           _mm256_fmadd_pd(a.b, b.b, c.b),
           _mm256_fmadd_pd(a.c, b.c, c.c),
           _mm256_fmadd_pd(a.d, b.d, c.d)};
}
// A sum that no compiler takes apart: clang++ -ffast-math makes a sum of
// fma(a, 1, b) too, and reorders it.
EIGENGUIDE_INLINE __m256 fenced_sum(__m256 a, __m256 b) {
  a = _mm256_add_ps(a, b);
  __asm__("" : "+x"(a));
  return a;
}
EIGENGUIDE_INLINE __m256d fenced_sum(__m256d a, __m256d b) {
  a = _mm256_add_pd(a, b);
  __asm__("" : "+x"(a));
  return a;
}
EIGENGUIDE_INLINE Floats plus(const Floats& a, const Floats& b) {
  return {fenced_sum(a.a, b.a), fenced_sum(a.b, b.b)};
}
EIGENGUIDE_INLINE Doubles plus(const Doubles& a, const Doubles& b) {
  return {fenced_sum(a.a, b.a), fenced_sum(a.b, b.b), fenced_sum(a.c, b.c), fenced_sum(a.d, b.d)};
}
EIGENGUIDE_INLINE Doubles widen(const Floats& a) {
  return {_mm256_cvtps_pd(_mm256_castps256_ps128(a.a)),
           _mm256_cvtps_pd(_mm256_extractf128_ps(a.a, 1)),
           _mm256_cvtps_pd(_mm256_castps256_ps128(a.b)),
           _mm256_cvtps_pd(_mm256_extractf128_ps(a.b, 1))};
}
EIGENGUIDE_INLINE const Doubles& widen(const Doubles& a) { return a; }
/// Lanes k, k + 4, k + 8 and k + 12 as (k + (k + 8)) + ((k + 4) + (k + 12)), for k = 0 … 3.
EIGENGUIDE_INLINE void store_quarter(double* to, const Doubles& v) {
  const __m256d low = fenced_sum(v.a, v.c), high = fenced_sum(v.b, v.d);
  _mm256_storeu_pd(to, fenced_sum(low, high));
}
