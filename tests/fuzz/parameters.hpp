// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/level.hpp>
#include <eigenguide/prediction/kind.hpp>

#include <fuzz/bytes.hpp>

#include <cstdint>

/// A parameter: plain, or any number.
inline double parameter(Bytes& bytes) { return bytes.flag() ? bytes.plain() : bytes.number(); }
/// One that should be in [0, 1], and is nearly always.
inline double share(Bytes& bytes) {
  const std::uint8_t kind = bytes.byte();
  return kind < 8 ? bytes.number() : kind < 40 ? static_cast<double>(kind % 2) : static_cast<double>(bytes.byte()) / 255.0;
}
inline bool is_share(double value) { return value >= 0.0 && value <= 1.0; }

inline eigenguide::Kind kind_of(Bytes& bytes) {
  using eigenguide::Kind;
  const Kind kinds[] = {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::flow_to_data, Kind::score, Kind::edm(), Kind::edm(1.0)};
  const std::uint8_t which = bytes.byte();
  return which < 250 ? kinds[which % 8] : Kind::edm(bytes.number());
}
inline eigenguide::Level level_of(Bytes& bytes) {
  const std::uint8_t kind = bytes.byte();
  if (kind >= 230) return {bytes.number(), bytes.number()};
  return kind < 200 ? eigenguide::Level{1.0 - kind / 256.0, kind / 256.0} : eigenguide::Level{1.0, static_cast<double>(kind - 200)};
}
