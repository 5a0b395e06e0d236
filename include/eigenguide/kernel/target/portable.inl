// SPDX-License-Identifier: MIT
// Sixteen lanes as plain arrays, with std::fma: every processor, the same bits.

struct Floats { float lane[16]; };
struct Doubles { double lane[16]; };

inline Floats load(const float* from) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = from[i];
  return v;
}
inline Doubles load(const double* from) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = from[i];
  return v;
}
inline void store(float* to, const Floats& v) {
  for (int i = 0; i < 16; ++i) to[i] = v.lane[i];
}
inline void store(double* to, const Doubles& v) {
  for (int i = 0; i < 16; ++i) to[i] = v.lane[i];
}
inline Floats fill(float value) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = value;
  return v;
}
inline Doubles fill(double value) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = value;
  return v;
}
inline Floats subtract(const Floats& a, const Floats& b) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = a.lane[i] - b.lane[i];
  return v;
}
inline Doubles subtract(const Doubles& a, const Doubles& b) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = a.lane[i] - b.lane[i];
  return v;
}
inline Floats multiply(const Floats& a, const Floats& b) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = a.lane[i] * b.lane[i];
  return v;
}
inline Floats fma(const Floats& a, const Floats& b, const Floats& c) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = std::fma(a.lane[i], b.lane[i], c.lane[i]);
  return v;
}
inline Doubles fma(const Doubles& a, const Doubles& b, const Doubles& c) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = std::fma(a.lane[i], b.lane[i], c.lane[i]);
  return v;
}
inline Doubles widen(const Floats& a) {
  Doubles v;
  for (int i = 0; i < 16; ++i) v.lane[i] = static_cast<double>(a.lane[i]);
  return v;
}
inline const Doubles& widen(const Doubles& a) { return a; }
inline Floats narrow(const Doubles& a) {
  Floats v;
  for (int i = 0; i < 16; ++i) v.lane[i] = static_cast<float>(a.lane[i]);
  return v;
}
