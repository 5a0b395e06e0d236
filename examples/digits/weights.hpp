// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "files.hpp"
#include "network.hpp"

namespace digits {

// digits.weights, all numbers little-endian whatever the machine:
//   8 bytes  magic
//   u32      version
//   5 × u32  pixels, width, blocks, time features, classes
//   n × f32  parameters, in the order of Layers
//   u32      FNV-1a of all bytes before
constexpr std::string_view weights_magic = "EGDIGITS";
constexpr std::uint32_t weights_version = 1;

inline std::uint32_t fnv1a(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : bytes)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

inline void put(std::string& bytes, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<char>(value >> shift & 0xFFU));
}

/// Takes the first four bytes off `bytes`.
inline std::uint32_t take(std::string_view& bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]))
             << (8 * i);
  bytes.remove_prefix(4);
  return value;
}

inline void write_weights(const std::filesystem::path& path,
                          const Network& network) {
  std::string bytes(weights_magic);
  put(bytes, weights_version);
  for (const std::uint32_t dimension : dimensions) put(bytes, dimension);
  for (const float value : network.parameters)
    put(bytes, std::bit_cast<std::uint32_t>(value));
  put(bytes, fnv1a(bytes));
  write_file(path, bytes);
}

/// Errors: std::runtime_error that says what is wrong with the file.
inline Network read_weights(const std::filesystem::path& path) {
  const auto fail = [&](const std::string& reason) {
    throw std::runtime_error("Cannot use the weights '" + path.string() +
                             "': " + reason +
                             "; --train makes them anew.");
  };
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path))
    fail("there is no such file, or it cannot be read");
  const std::string content{std::istreambuf_iterator<char>(file), {}};

  std::string_view rest = content;
  if (rest.substr(0, weights_magic.size()) != weights_magic)
    fail("this is not a weights file of this program");
  rest.remove_prefix(weights_magic.size());

  if (rest.size() < 4 * (1 + dimensions.size())) fail("the file is cut short");
  const std::uint32_t version = take(rest);
  if (version != weights_version)
    fail("its format has version " + std::to_string(version) + ", expected " +
         std::to_string(weights_version));
  for (const std::uint32_t expected : dimensions) {
    const std::uint32_t found = take(rest);
    if (found != expected)
      fail("it is for another network (a dimension is " +
           std::to_string(found) + ", expected " + std::to_string(expected) +
           ")");
  }

  constexpr std::size_t expected_size = 4 * (parameter_count + 1);
  if (rest.size() < expected_size) fail("the file is cut short");
  if (rest.size() > expected_size) fail("the file is longer than it should be");
  std::string_view tail = rest.substr(expected_size - 4);
  if (take(tail) != fnv1a({content.data(), content.size() - 4}))
    fail("its checksum does not match, so it is damaged");

  Network network;
  for (float& value : network.parameters)
    value = std::bit_cast<float>(take(rest));
  return network;
}

}  // namespace digits
