// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

/// A call allocates little and often: no stack is kept for each allocation, nor
/// much of what was freed. For a finding's stacks, ASAN_OPTIONS=malloc_context_size=30.
extern "C" const char* __asan_default_options();
const char* __asan_default_options() { return "malloc_context_size=0:quarantine_size_mb=8"; }

/// What a fuzzer made, read as numbers: zeros when it is at its end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::uint8_t byte() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }
  bool flag() { return (byte() & 1) != 0; }
  /// One of 0, …, count − 1.
  std::size_t below(std::size_t count) { return count == 0 ? 0 : byte() % count; }

  template <class T>
  T raw() {
    unsigned char bytes[sizeof(T)];
    for (unsigned char& each : bytes) each = byte();
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }

  /// Any double: plain ones, those at the ends of what there is, and any bits.
  double number() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double special[] = {0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-7, 1e7, 1e-30, 1e30, 1e-300, 1e300, 5e-324,
                                  std::numeric_limits<double>::max(), -std::numeric_limits<double>::max(),
                                  infinity, -infinity, std::numeric_limits<double>::quiet_NaN(), 0.999999, 1000.0};
    const std::uint8_t kind = byte();
    if (kind < 100) return special[kind % (sizeof special / sizeof *special)];
    if (kind < 180) return static_cast<double>(raw<std::int16_t>()) / 256.0;
    if (kind < 210) return static_cast<double>(byte()) / 256.0;
    return raw<double>();
  }
  /// A double whose magnitude is 0 or in [1/256, 128).
  double plain() { return static_cast<double>(raw<std::int16_t>()) / 256.0; }


 private:
  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

/// Ends the run, as a finding, unless `holds`.
inline void must(bool holds, const char* what, const std::string& where = "") {
  if (holds) return;
  std::fprintf(stderr, "broken: %s %s\n", what, where.c_str());
  std::abort();
}

/// Whether `call` was refused: by the library's own sentence, or it is a finding.
template <class Call>
bool refused(const Call& call) {
  try {
    call();
    return false;
  } catch (const std::invalid_argument& error) {
    must(std::strncmp(error.what(), "eigenguide: `", 13) == 0, "an error is a sentence of the library:", error.what());
    must(std::strstr(error.what(), "; expected ") != nullptr, "an error says what was expected:", error.what());
    return true;
  }
}
