// SPDX-License-Identifier: MIT
// A text is refused by a sentence, or it is a chain whose own text is the same chain.
#include <eigenguide/method/needs.hpp>
#include <eigenguide/method/parse.hpp>

#include <fuzz/bytes.hpp>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using namespace eigenguide;

namespace {

/// A chain's methods and their parameters, each by its name and its bits.
std::vector<std::string> parts_of(const AnyChain& chain) {
  std::vector<std::string> parts;
  for (const AnyMethod& link : chain) {
    parts.push_back(link.name());
    link.each([&](const char* name, const auto& value) {
      std::string bits(sizeof value, '\0');
      std::memcpy(bits.data(), &value, sizeof value);
      parts.push_back(name + ("=" + bits));
    });
  }
  return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy without an end of its own, so that one character past it is seen.
  char* const copy = static_cast<char*>(std::malloc(size == 0 ? 1 : size));
  if (size > 0) std::memcpy(copy, data, size);
  AnyChain chain;
  const bool bad = refused([&] { chain = parse(std::string_view(copy, size)); });
  std::free(copy);
  if (bad) return 0;

  must(chain.size() >= 1 && chain.size() <= AnyChain::most_links, "a chain has one to sixteen links");
  const std::string text = text_of(chain);
  must(parts_of(parse(text)) == parts_of(chain), "a chain's text is the same chain:", text);
  return 0;
}
