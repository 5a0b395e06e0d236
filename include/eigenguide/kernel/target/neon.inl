// SPDX-License-Identifier: MIT
// Sixteen lanes as four registers of four floats, eight of two doubles.

struct Floats { float32x4_t a, b, c, d; };
struct Doubles { float64x2_t a, b, c, d, e, f, g, h; };

EIGENGUIDE_INLINE Floats load(const float* from) {
  return {vld1q_f32(from), vld1q_f32(from + 4), vld1q_f32(from + 8), vld1q_f32(from + 12)};
}
EIGENGUIDE_INLINE Doubles load(const double* from) {
  return {vld1q_f64(from),     vld1q_f64(from + 2),  vld1q_f64(from + 4),  vld1q_f64(from + 6),
          vld1q_f64(from + 8), vld1q_f64(from + 10), vld1q_f64(from + 12), vld1q_f64(from + 14)};
}
EIGENGUIDE_INLINE uint16x8_t load_words(const void* from) {
  return vreinterpretq_u16_u8(vld1q_u8(static_cast<const std::uint8_t*>(from)));
}
EIGENGUIDE_INLINE float32x4_t widened(const half*, uint16x4_t bits) { return vcvt_f32_f16(vreinterpret_f16_u16(bits)); }
EIGENGUIDE_INLINE float32x4_t widened(const bfloat16*, uint16x4_t bits) {
  return vreinterpretq_f32_u32(vshll_n_u16(bits, 16));
}
template <class Half>
EIGENGUIDE_INLINE Floats load(const Half* from) {
  const uint16x8_t low = load_words(from), high = load_words(from + 8);
  return {widened(from, vget_low_u16(low)), widened(from, vget_high_u16(low)), widened(from, vget_low_u16(high)),
          widened(from, vget_high_u16(high))};
}
EIGENGUIDE_INLINE void store(float* to, const Floats& v) {
  vst1q_f32(to, v.a);
  vst1q_f32(to + 4, v.b);
  vst1q_f32(to + 8, v.c);
  vst1q_f32(to + 12, v.d);
}
EIGENGUIDE_INLINE void store(double* to, const Doubles& v) {
  vst1q_f64(to, v.a);
  vst1q_f64(to + 2, v.b);
  vst1q_f64(to + 4, v.c);
  vst1q_f64(to + 6, v.d);
  vst1q_f64(to + 8, v.e);
  vst1q_f64(to + 10, v.f);
  vst1q_f64(to + 12, v.g);
  vst1q_f64(to + 14, v.h);
}
EIGENGUIDE_INLINE uint16x4_t packed(const half*, float32x4_t v) { return vreinterpret_u16_f16(vcvt_f16_f32(v)); }
/// Four floats rounded to their upper halves, as base/half.hpp rounds one.
EIGENGUIDE_INLINE uint16x4_t packed(const bfloat16*, float32x4_t v) {
  const uint32x4_t bits = vreinterpretq_u32_f32(v), odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
  const uint32x4_t nearest = vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff)));
  const uint32x4_t is_nan = vcgtq_u32(vandq_u32(bits, vdupq_n_u32(0x7fffffff)), vdupq_n_u32(0x7f800000));
  return vshrn_n_u32(vbslq_u32(is_nan, vorrq_u32(bits, vdupq_n_u32(0x400000)), nearest), 16);
}
template <class Half>
EIGENGUIDE_INLINE void store(Half* to, const Floats& v) {
  std::uint8_t* const bytes = reinterpret_cast<std::uint8_t*>(to);
  vst1q_u8(bytes, vreinterpretq_u8_u16(vcombine_u16(packed(to, v.a), packed(to, v.b))));
  vst1q_u8(bytes + 16, vreinterpretq_u8_u16(vcombine_u16(packed(to, v.c), packed(to, v.d))));
}
template <class T, class Lanes>
EIGENGUIDE_INLINE void stream(T* to, const Lanes& v) { store(to, v); }
EIGENGUIDE_INLINE void stream_end() {}
EIGENGUIDE_INLINE Floats fill(float value) {
  const float32x4_t all = vdupq_n_f32(value);
  return {all, all, all, all};
}
EIGENGUIDE_INLINE Doubles fill(double value) {
  const float64x2_t all = vdupq_n_f64(value);
  return {all, all, all, all, all, all, all, all};
}
EIGENGUIDE_INLINE Floats subtract(const Floats& a, const Floats& b) {
  return {vsubq_f32(a.a, b.a), vsubq_f32(a.b, b.b), vsubq_f32(a.c, b.c), vsubq_f32(a.d, b.d)};
}
EIGENGUIDE_INLINE Doubles subtract(const Doubles& a, const Doubles& b) {
  return {vsubq_f64(a.a, b.a), vsubq_f64(a.b, b.b), vsubq_f64(a.c, b.c), vsubq_f64(a.d, b.d),
          vsubq_f64(a.e, b.e), vsubq_f64(a.f, b.f), vsubq_f64(a.g, b.g), vsubq_f64(a.h, b.h)};
}
EIGENGUIDE_INLINE Floats multiply(const Floats& a, const Floats& b) {
  return {vmulq_f32(a.a, b.a), vmulq_f32(a.b, b.b), vmulq_f32(a.c, b.c), vmulq_f32(a.d, b.d)};
}
EIGENGUIDE_INLINE Floats fma(const Floats& a, const Floats& b, const Floats& c) {
  return {vfmaq_f32(c.a, a.a, b.a), vfmaq_f32(c.b, a.b, b.b), vfmaq_f32(c.c, a.c, b.c), vfmaq_f32(c.d, a.d, b.d)};
}
EIGENGUIDE_INLINE Doubles fma(const Doubles& a, const Doubles& b, const Doubles& c) {
  return {vfmaq_f64(c.a, a.a, b.a), vfmaq_f64(c.b, a.b, b.b), vfmaq_f64(c.c, a.c, b.c), vfmaq_f64(c.d, a.d, b.d),
          vfmaq_f64(c.e, a.e, b.e), vfmaq_f64(c.f, a.f, b.f), vfmaq_f64(c.g, a.g, b.g), vfmaq_f64(c.h, a.h, b.h)};
}
// A sum that no compiler takes apart.
EIGENGUIDE_INLINE float32x4_t fenced_sum(float32x4_t a, float32x4_t b) {
  a = vaddq_f32(a, b);
  __asm__("" : "+w"(a));
  return a;
}
EIGENGUIDE_INLINE float64x2_t fenced_sum(float64x2_t a, float64x2_t b) {
  a = vaddq_f64(a, b);
  __asm__("" : "+w"(a));
  return a;
}
EIGENGUIDE_INLINE Floats plus(const Floats& a, const Floats& b) {
  return {fenced_sum(a.a, b.a), fenced_sum(a.b, b.b), fenced_sum(a.c, b.c), fenced_sum(a.d, b.d)};
}
EIGENGUIDE_INLINE Doubles plus(const Doubles& a, const Doubles& b) {
  return {fenced_sum(a.a, b.a), fenced_sum(a.b, b.b), fenced_sum(a.c, b.c), fenced_sum(a.d, b.d),
          fenced_sum(a.e, b.e), fenced_sum(a.f, b.f), fenced_sum(a.g, b.g), fenced_sum(a.h, b.h)};
}
EIGENGUIDE_INLINE Doubles widen(const Floats& a) {
  return {vcvt_f64_f32(vget_low_f32(a.a)), vcvt_high_f64_f32(a.a), vcvt_f64_f32(vget_low_f32(a.b)), vcvt_high_f64_f32(a.b),
          vcvt_f64_f32(vget_low_f32(a.c)), vcvt_high_f64_f32(a.c), vcvt_f64_f32(vget_low_f32(a.d)), vcvt_high_f64_f32(a.d)};
}
EIGENGUIDE_INLINE const Doubles& widen(const Doubles& a) { return a; }
/// Lanes k, k + 4, k + 8 and k + 12 as (k + (k + 8)) + ((k + 4) + (k + 12)), for k = 0 … 3.
EIGENGUIDE_INLINE void store_quarter(double* to, const Doubles& v) {
  vst1q_f64(to, fenced_sum(fenced_sum(v.a, v.e), fenced_sum(v.c, v.g)));
  vst1q_f64(to + 2, fenced_sum(fenced_sum(v.b, v.f), fenced_sum(v.d, v.h)));
}
