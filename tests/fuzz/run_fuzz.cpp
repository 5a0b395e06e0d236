// SPDX-License-Identifier: MIT
// Conversions, the verbs of thresholds and of spectra, and runs of a Guider: of
// any shape, stride, sharing of memory, level, parameters and numbers. What must
// be refused is, by a sentence, with nothing written, and nothing else is. Of what
// is taken every sample has the bits that it has alone in memory of its own, and
// nothing else has changed; a conversion is its row, and a run is the calls of
// `guide` and `step` that it consists of.
#include <eigenguide/eigenguide.hpp>

#include <fuzz/runs.hpp>
#include <fuzz/verbs.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const std::uint8_t which = bytes.byte();
  if (which >= 240) return run_of_any(which, bytes), 0;  // a hundred times as long
  switch (bytes.below(4)) {
    case 0: verb_of_any<double>(which, bytes); break;
    case 1: verb_of_any<eigenguide::half>(which, bytes); break;
    default: verb_of_any<float>(which, bytes); break;
  }
  return 0;
}
