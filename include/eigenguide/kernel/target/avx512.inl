// SPDX-License-Identifier: MIT
// Sixteen lanes as one register of sixteen floats, two of eight doubles.

struct Floats { __m512 part; };
struct Doubles { __m512d part[2]; };

inline Floats load(const float* from) { return {_mm512_loadu_ps(from)}; }
inline Doubles load(const double* from) {
  return {{_mm512_loadu_pd(from), _mm512_loadu_pd(from + 8)}};
}
inline void store(float* to, const Floats& v) { _mm512_storeu_ps(to, v.part); }
inline void store(double* to, const Doubles& v) {
  _mm512_storeu_pd(to, v.part[0]);
  _mm512_storeu_pd(to + 8, v.part[1]);
}
inline Floats fill(float value) { return {_mm512_set1_ps(value)}; }
inline Doubles fill(double value) {
  const __m512d all = _mm512_set1_pd(value);
  return {{all, all}};
}
inline Floats subtract(const Floats& a, const Floats& b) {
  return {_mm512_sub_ps(a.part, b.part)};
}
inline Doubles subtract(const Doubles& a, const Doubles& b) {
  return {{_mm512_sub_pd(a.part[0], b.part[0]), _mm512_sub_pd(a.part[1], b.part[1])}};
}
inline Floats multiply(const Floats& a, const Floats& b) {
  return {_mm512_mul_ps(a.part, b.part)};
}
inline Floats fma(const Floats& a, const Floats& b, const Floats& c) {
  return {_mm512_fmadd_ps(a.part, b.part, c.part)};
}
inline Doubles fma(const Doubles& a, const Doubles& b, const Doubles& c) {
  return {{_mm512_fmadd_pd(a.part[0], b.part[0], c.part[0]),
           _mm512_fmadd_pd(a.part[1], b.part[1], c.part[1])}};
}
inline Doubles widen(const Floats& a) {
  // Masked forms with a zero source: g++ 12 warns about the undefined source
  // that the plain ones name.
  const __m512d bits = _mm512_castps_pd(a.part);
  const __m256 low = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, bits, 0));
  const __m256 high = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, bits, 1));
  return {{_mm512_maskz_cvtps_pd(0xff, low), _mm512_maskz_cvtps_pd(0xff, high)}};
}
inline const Doubles& widen(const Doubles& a) { return a; }
inline Floats narrow(const Doubles& a) {
  const __m256 low = _mm512_maskz_cvtpd_ps(0xff, a.part[0]);
  const __m256 high = _mm512_maskz_cvtpd_ps(0xff, a.part[1]);
  const __m512d wide = _mm512_castps_pd(_mm512_castps256_ps512(low));
  return {_mm512_castpd_ps(_mm512_maskz_insertf64x4(0xff, wide, _mm256_castps_pd(high), 1))};
}
