// SPDX-License-Identifier: MIT
// Sixteen lanes as plain arrays, with std::fma: every processor, the same bits.

struct Floats { float lane[16]; };
struct Doubles { double lane[16]; };

EIGENGUIDE_INLINE Floats load(const float* from) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = from[i];
  return v;
}
EIGENGUIDE_INLINE Doubles load(const double* from) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = from[i];
  return v;
}
template <class Half>
EIGENGUIDE_INLINE Floats load(const Half* from) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = static_cast<float>(from[i]);
  return v;
}
template <class Half>
EIGENGUIDE_INLINE void store(Half* to, const Floats& v) {
  for (int i = 0; i < 16; ++i) to[i] = Half(v.lane[i]);
}
EIGENGUIDE_INLINE void store(float* to, const Floats& v) {
  for (int i = 0; i < 16; ++i) to[i] = v.lane[i];
}
EIGENGUIDE_INLINE void store(double* to, const Doubles& v) {
  for (int i = 0; i < 16; ++i) to[i] = v.lane[i];
}
EIGENGUIDE_INLINE void stream(float* to, const Floats& v) { store(to, v); }
EIGENGUIDE_INLINE void stream(double* to, const Doubles& v) { store(to, v); }
template <class Half>
EIGENGUIDE_INLINE void stream(Half* to, const Floats& v) { store(to, v); }
EIGENGUIDE_INLINE void stream_end() {}
EIGENGUIDE_INLINE Floats fill(float value) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = value;
  return v;
}
EIGENGUIDE_INLINE Doubles fill(double value) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = value;
  return v;
}
EIGENGUIDE_INLINE Floats subtract(const Floats& a, const Floats& b) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = a.lane[i] - b.lane[i];
  return v;
}
EIGENGUIDE_INLINE Doubles subtract(const Doubles& a, const Doubles& b) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = a.lane[i] - b.lane[i];
  return v;
}
EIGENGUIDE_INLINE Floats multiply(const Floats& a, const Floats& b) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = a.lane[i] * b.lane[i];
  return v;
}
// libm's own function where the processor has no instruction: of std::fma
// clang++ -ffast-math makes a product and a sum there.
#if defined(__clang__) && defined(__FAST_MATH__) && defined(__x86_64__) && !defined(__FMA__)
EIGENGUIDE_INLINE float fused(float a, float b, float c) {
  float (*function)(float, float, float) = ::fmaf;
  __asm__("" : "+r"(function));
  return function(a, b, c);
}
EIGENGUIDE_INLINE double fused(double a, double b, double c) {
  double (*function)(double, double, double) = ::fma;
  __asm__("" : "+r"(function));
  return function(a, b, c);
}
#else
EIGENGUIDE_INLINE float fused(float a, float b, float c) { return std::fma(a, b, c); }
EIGENGUIDE_INLINE double fused(double a, double b, double c) { return std::fma(a, b, c); }
#endif
EIGENGUIDE_INLINE Floats fma(const Floats& a, const Floats& b, const Floats& c) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = fused(a.lane[i], b.lane[i], c.lane[i]);
  return v;
}
EIGENGUIDE_INLINE Doubles fma(const Doubles& a, const Doubles& b, const Doubles& c) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = fused(a.lane[i], b.lane[i], c.lane[i]);
  return v;
}
EIGENGUIDE_INLINE Floats plus(const Floats& a, const Floats& b) {
  Floats v;  // summed in double, which rounds to the same float, and by Real, which nobody reorders
  for (int i = 0; i < 16; ++i)
    v.lane[i] = static_cast<float>(Real(static_cast<double>(a.lane[i])) + static_cast<double>(b.lane[i]));
  return v;
}
EIGENGUIDE_INLINE Doubles plus(const Doubles& a, const Doubles& b) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = static_cast<double>(Real(a.lane[i]) + b.lane[i]);
  return v;
}
EIGENGUIDE_INLINE Doubles widen(const Floats& a) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = static_cast<double>(a.lane[i]);
  return v;
}
EIGENGUIDE_INLINE const Doubles& widen(const Doubles& a) { return a; }
/// Lanes k, k + 4, k + 8 and k + 12 as (k + (k + 8)) + ((k + 4) + (k + 12)), for k = 0 … 3.
EIGENGUIDE_INLINE void store_quarter(double* to, const Doubles& v) {
  for (int k = 0; k < 4; ++k) {
    const Real low = Real(v.lane[k]) + v.lane[k + 8], high = Real(v.lane[k + 4]) + v.lane[k + 12];
    to[k] = static_cast<double>(low + high);
  }
}
