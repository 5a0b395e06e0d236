// SPDX-License-Identifier: MIT
#pragma once

#include "tensor.hpp"

#include <nlohmann/json.hpp>

// The safetensors format: the length of a header in 8 bytes, the header in JSON,
// the elements of all tensors.
namespace npy_guide {

/// The tensor `name` of a file; where it is empty, its only one.
/// Errors: a file, a header or an entry that is not as the format has it; no
///         tensor of that name; elements that are not floats
inline Tensor read_safetensors(const std::string& file, const std::string& name) {
  if (file.size() < 8) throw std::runtime_error("it is cut short within the length of its header");
  const std::uint64_t length = number_at(file, 0, 8), most = 100'000'000;
  if (length > most) throw std::runtime_error("its header would have " + std::to_string(length) + " bytes: it is not a .safetensors file");
  if (length > file.size() - 8) throw std::runtime_error("it is cut short within its header, of " + std::to_string(length) + " bytes");
  const nlohmann::json header = nlohmann::json::parse(file.begin() + 8, file.begin() + 8 + static_cast<std::ptrdiff_t>(length), nullptr, false);
  if (!header.is_object()) throw std::runtime_error("its header is not a JSON object");

  std::string found = name, names;
  std::size_t count = 0;
  for (const auto& [key, value] : header.items()) {
    if (key == "__metadata__") continue;
    if (name.empty()) found = key;
    if (++count <= 20) names += (names.empty() ? "" : ", ") + key;
  }
  if (count > 20) names += ", and " + std::to_string(count - 20) + " more";
  if (name.empty() && count != 1) throw std::runtime_error("it has " + std::to_string(count) + " tensors; name one as FILE:NAME, of " + names);
  if (!header.contains(found) || found == "__metadata__") throw std::runtime_error("it has no tensor '" + found + "'; it has " + names);

  const nlohmann::json& entry = header[found];
  const auto fail = [&](const std::string& what) { throw std::runtime_error("its tensor '" + found + "' " + what); };
  const auto numbers = [&](const char* key) {
    std::vector<std::uint64_t> list;
    if (!entry.is_object() || !entry.contains(key) || !entry[key].is_array()) fail(std::string("has no list '") + key + "'");
    for (const auto& each : entry[key]) {
      if (!each.is_number_unsigned()) fail(std::string("has '") + key + "' that are not whole numbers, at least 0");
      list.push_back(each.get<std::uint64_t>());
    }
    return list;
  };
  Tensor tensor;
  tensor.shape = numbers("shape");
  const std::vector<std::uint64_t> offsets = numbers("data_offsets");
  const std::string type = entry.contains("dtype") && entry["dtype"].is_string() ? entry["dtype"].get<std::string>() : "";
  if (type == "F32") tensor.type = EIGENGUIDE_FLOAT;
  else if (type == "F64") tensor.type = EIGENGUIDE_DOUBLE;
  else if (type == "F16") tensor.type = EIGENGUIDE_HALF;
  else if (type == "BF16") tensor.type = EIGENGUIDE_BFLOAT16;
  else fail("is of '" + type + "'; expected F64, F32, F16 or BF16");

  const std::uint64_t bytes = bytes_of(tensor.shape, tensor.type), held = file.size() - 8 - length;
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] - offsets[0] != bytes)
    fail("of " + text_of(tensor.shape) + " needs " + std::to_string(bytes) + " bytes; its offsets are " + text_of(offsets));
  if (offsets[1] > held) fail("ends at byte " + std::to_string(offsets[1]) + " of " + std::to_string(held) + ": the file is cut short");
  const char* data = file.data() + 8 + length;
  tensor.bytes.assign(data + offsets[0], data + offsets[1]);
  return tensor;
}

}  // namespace npy_guide
