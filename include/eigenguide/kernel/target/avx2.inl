// SPDX-License-Identifier: MIT
// Sixteen lanes as two registers of eight floats, four of four doubles.

struct Floats { __m256 part[2]; };
struct Doubles { __m256d part[4]; };

inline Floats load(const float* from) {
  return {{_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)}};
}
inline Doubles load(const double* from) {
  return {{_mm256_loadu_pd(from), _mm256_loadu_pd(from + 4), _mm256_loadu_pd(from + 8),
           _mm256_loadu_pd(from + 12)}};
}
inline void store(float* to, const Floats& v) {
  _mm256_storeu_ps(to, v.part[0]);
  _mm256_storeu_ps(to + 8, v.part[1]);
}
inline void store(double* to, const Doubles& v) {
  _mm256_storeu_pd(to, v.part[0]);
  _mm256_storeu_pd(to + 4, v.part[1]);
  _mm256_storeu_pd(to + 8, v.part[2]);
  _mm256_storeu_pd(to + 12, v.part[3]);
}
inline Floats fill(float value) {
  const __m256 all = _mm256_set1_ps(value);
  return {{all, all}};
}
inline Doubles fill(double value) {
  const __m256d all = _mm256_set1_pd(value);
  return {{all, all, all, all}};
}
inline Floats subtract(const Floats& a, const Floats& b) {
  return {{_mm256_sub_ps(a.part[0], b.part[0]), _mm256_sub_ps(a.part[1], b.part[1])}};
}
inline Doubles subtract(const Doubles& a, const Doubles& b) {
  return {{_mm256_sub_pd(a.part[0], b.part[0]), _mm256_sub_pd(a.part[1], b.part[1]),
           _mm256_sub_pd(a.part[2], b.part[2]), _mm256_sub_pd(a.part[3], b.part[3])}};
}
inline Floats multiply(const Floats& a, const Floats& b) {
  return {{_mm256_mul_ps(a.part[0], b.part[0]), _mm256_mul_ps(a.part[1], b.part[1])}};
}
inline Floats fma(const Floats& a, const Floats& b, const Floats& c) {
  return {{_mm256_fmadd_ps(a.part[0], b.part[0], c.part[0]),
           _mm256_fmadd_ps(a.part[1], b.part[1], c.part[1])}};
}
inline Doubles fma(const Doubles& a, const Doubles& b, const Doubles& c) {
  return {{_mm256_fmadd_pd(a.part[0], b.part[0], c.part[0]),
           _mm256_fmadd_pd(a.part[1], b.part[1], c.part[1]),
           _mm256_fmadd_pd(a.part[2], b.part[2], c.part[2]),
           _mm256_fmadd_pd(a.part[3], b.part[3], c.part[3])}};
}
inline Doubles widen(const Floats& a) {
  return {{_mm256_cvtps_pd(_mm256_castps256_ps128(a.part[0])),
           _mm256_cvtps_pd(_mm256_extractf128_ps(a.part[0], 1)),
           _mm256_cvtps_pd(_mm256_castps256_ps128(a.part[1])),
           _mm256_cvtps_pd(_mm256_extractf128_ps(a.part[1], 1))}};
}
inline const Doubles& widen(const Doubles& a) { return a; }
inline Floats narrow(const Doubles& a) {
  return {{_mm256_set_m128(_mm256_cvtpd_ps(a.part[1]), _mm256_cvtpd_ps(a.part[0])),
           _mm256_set_m128(_mm256_cvtpd_ps(a.part[3]), _mm256_cvtpd_ps(a.part[2]))}};
}
