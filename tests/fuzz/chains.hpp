// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/core.hpp>

#include <fuzz/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

/// A method, and the names of its parameters.
struct Known {
  eigenguide::AnyMethod method;
  std::vector<std::string> parameters;
};
inline const std::vector<Known>& all_methods() {
  static const std::vector<Known> all = [] {
    std::vector<Known> made;
    eigenguide::detail::for_each_known<eigenguide::AllMethods>([&](const auto& known) {
      made.push_back({eigenguide::AnyMethod(known), {}});
      made.back().method.each([&](const char* name, const auto&) { made.back().parameters.push_back(name); });
    });
    return made;
  }();
  return all;
}

/// A chain of one to three links, of any parameters; plain ones where `plain`.
inline eigenguide::AnyChain chain_of(Bytes& bytes, bool plain) {
  eigenguide::AnyChain chain;
  for (std::size_t links = 1 + bytes.below(3); links > 0; --links) {
    const Known& known = all_methods()[bytes.below(all_methods().size())];
    eigenguide::AnyMethod method = known.method;
    std::uint8_t which = bytes.byte();
    for (const std::string& name : known.parameters) {
      which = static_cast<std::uint8_t>(which << 1 | which >> 7);
      if ((which & 1) != 0) continue;
      const double value = bytes.byte() < 60 ? static_cast<double>(bytes.below(5)) : plain ? bytes.plain() : bytes.number();
      // A whole number where one must be: one that a parameter cannot hold is refused at once.
      method.each([&](const char* each, const auto& member) {
        if (name != each) return;
        if constexpr (std::is_same_v<std::decay_t<decltype(member)>, double>)
          method.set(name, value);
        else
          refused([&] { method.set(name, static_cast<double>(static_cast<int>(value < 1e6 && value > -1e6 ? value : 7.0) & 3)); });
      });
    }
    chain.add(method);
  }
  return chain;
}
