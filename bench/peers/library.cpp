// SPDX-License-Identifier: MIT
// The library as a client of Python's ctypes sees it: one thread, float, samples
// one after the other. peers.py compiles it.
#include <eigenguide/core.hpp>

#include <cstddef>

namespace {

using namespace eigenguide;

template <class Method>
void run(const Method& method, const float* cond, const float* uncond, float* out, std::size_t samples, std::size_t size) {
  guide(method, BatchView<const float>(cond, samples, size), BatchView<const float>(uncond, samples, size),
        BatchView<float>(out, samples, size));
}

}  // namespace

extern "C" {

void cfg(const float* cond, const float* uncond, float* out, std::size_t samples, std::size_t size, double scale) {
  run(Cfg{scale}, cond, uncond, out, samples, size);
}

void cfg_zero_star(const float* cond, const float* uncond, float* out, std::size_t samples, std::size_t size, double scale) {
  run(CfgZeroStar{scale}, cond, uncond, out, samples, size);
}

void apg(const float* cond, const float* uncond, float* out, std::size_t samples, std::size_t size, double scale,
         double norm_threshold) {
  run(Apg{scale, 0.0, norm_threshold}, cond, uncond, out, samples, size);
}

void cfg_rescale(const float* cond, const float* uncond, float* out, std::size_t samples, std::size_t size, double scale,
                 double phi) {
  run(Cfg{scale} | Rescale{phi}, cond, uncond, out, samples, size);
}

void tcfg(const float* cond, const float* uncond, float* out, std::size_t samples, std::size_t size, double scale) {
  run(Tcfg{scale}, cond, uncond, out, samples, size);
}

}  // extern "C"
