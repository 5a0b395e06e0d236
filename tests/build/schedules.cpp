// SPDX-License-Identifier: MIT
// Schedules as a client's -ffast-math compiles them: within what their headers
// promise at parameters drawn at random, as the fuzz target holds them to.
#include <fuzz/schedule_fuzz.cpp>

#include <random>

int main() {
  std::mt19937_64 random(1);
  std::vector<std::uint8_t> bytes(100);
  for (int run = 0; run < 400000; ++run) {
    for (std::uint8_t& each : bytes) each = static_cast<std::uint8_t>(random());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
}
