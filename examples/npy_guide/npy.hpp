// SPDX-License-Identifier: MIT
#pragma once

#include "tensor.hpp"

#include <limits>

// NumPy's format: the magic word, a version, the length of a header, the header
// (a dict of Python's in ASCII), the elements.
namespace npy_guide {

namespace detail {

/// Reads the header: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class NpyHeader {
 public:
  explicit NpyHeader(std::string_view text) : text_(text) {
    take('{');
    while (!next_is('}')) {
      const std::string key = string();
      take(':');
      if (key == "descr" && !has_descr) descr = string(), has_descr = true;
      else if (key == "fortran_order" && !has_order) fortran_order = truth(), has_order = true;
      else if (key == "shape" && !has_shape) shape = tuple(), has_shape = true;
      else fail("each of 'descr', 'fortran_order' and 'shape' once");
      if (!next_is('}')) take(',');
    }
    take('}');
    skip_spaces();
    if (at_ < text_.size()) fail("nothing after it");
    if (!has_descr || !has_order || !has_shape) fail("'descr', 'fortran_order' and 'shape'");
  }

  std::string descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool has_descr = false, has_order = false, has_shape = false;

  [[noreturn]] static void fail(const std::string& expected) {
    throw std::runtime_error("its header is not one of NumPy's: expected " + expected);
  }
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool next_is(char c) {
    skip_spaces();
    return at_ < text_.size() && text_[at_] == c;
  }
  void take(char c) {
    if (!next_is(c)) fail(std::string("`") + c + "`");
    ++at_;
  }
  std::string string() {
    if (!next_is('\'')) fail("a string");  // of a dtype with fields it is a list
    const std::size_t end = text_.find('\'', ++at_);
    if (end == std::string_view::npos) fail("the end of a string");
    const std::string found(text_.substr(at_, end - at_));
    at_ = end + 1;
    return found;
  }
  bool truth() {
    skip_spaces();
    for (const std::string_view word : {"True", "False"})
      if (text_.substr(at_, word.size()) == word) return at_ += word.size(), word == "True";
    fail("True or False");
  }
  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> extents;
    take('(');
    while (!next_is(')')) {
      const std::size_t begin = at_;
      std::uint64_t extent = 0;
      for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
        if (extent > (std::numeric_limits<std::uint64_t>::max() - 9) / 10) fail("extents below 2^64");
        extent = 10 * extent + static_cast<std::uint64_t>(text_[at_] - '0');
      }
      if (at_ == begin) fail("a tuple of whole numbers");
      extents.push_back(extent);
      if (!next_is(')')) take(',');
    }
    take(')');
    return extents;
  }
};

}  // namespace detail

/// Errors: what is not an .npy file of floats in C order, whole and no longer
inline Tensor read_npy(const std::string& file) {
  constexpr std::string_view magic("\x93NUMPY", 6);
  if (file.compare(0, 6, magic) != 0) throw std::runtime_error("it is not an .npy file");
  if (file.size() < 10) throw std::runtime_error("it is cut short within the length of its header");
  const int major = file[6];
  if (major < 1 || major > 3) throw std::runtime_error("it is of version " + std::to_string(major) + " of the format; expected 1 to 3");
  const std::size_t field = major == 1 ? 2 : 4, start = 8 + field;
  if (file.size() < start) throw std::runtime_error("it is cut short within the length of its header");
  const std::uint64_t length = number_at(file, 8, field);
  if (length > file.size() - start)
    throw std::runtime_error("it is cut short within its header, of " + std::to_string(length) + " bytes");

  const detail::NpyHeader header(std::string_view(file).substr(start, length));
  Tensor tensor;
  if (header.descr == "<f4") tensor.type = EIGENGUIDE_FLOAT;
  else if (header.descr == "<f8") tensor.type = EIGENGUIDE_DOUBLE;
  else if (header.descr == "<f2") tensor.type = EIGENGUIDE_HALF;
  else
    throw std::runtime_error("its elements are of '" + header.descr +
                             "'; expected '<f2', '<f4' or '<f8' (bfloat16 comes as .safetensors)");
  if (header.fortran_order && header.shape.size() > 1)
    throw std::runtime_error("it is in Fortran order; expected C order: save numpy.ascontiguousarray(…)");
  tensor.shape = header.shape;

  const std::uint64_t bytes = bytes_of(tensor.shape, tensor.type), held = file.size() - start - length;
  if (bytes != held)
    throw std::runtime_error("its header says " + text_of(tensor.shape) + " of " + name_of(tensor.type) + ", " +
                             std::to_string(bytes) + " bytes, and " + std::to_string(held) + " follow");
  tensor.bytes.assign(file.end() - static_cast<std::ptrdiff_t>(held), file.end());
  return tensor;
}

/// Writes a tensor; bfloat16, which NumPy does not have, as float32.
inline void write_npy(const std::string& path, const Tensor& tensor) {
  std::vector<char> widened;
  if (tensor.type == EIGENGUIDE_BFLOAT16)
    for (std::size_t i = 0; i < tensor.elements(); ++i) {
      const float value = static_cast<float>(tensor[i]);
      const char* bytes = reinterpret_cast<const char*>(&value);
      widened.insert(widened.end(), bytes, bytes + sizeof value);
    }
  const std::vector<char>& bytes = tensor.type == EIGENGUIDE_BFLOAT16 ? widened : tensor.bytes;
  const char* descr = tensor.type == EIGENGUIDE_DOUBLE ? "<f8" : tensor.type == EIGENGUIDE_HALF ? "<f2" : "<f4";
  std::string shape;
  for (const std::uint64_t extent : tensor.shape) shape += std::to_string(extent) + ", ";
  std::string header = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ').push_back('\n');  // elements start at a multiple of 64

  std::ofstream file(path, std::ios::binary);
  file.write("\x93NUMPY\x01\x00", 8);
  file.put(static_cast<char>(header.size() & 0xff)).put(static_cast<char>(header.size() >> 8));
  file << header;
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw std::runtime_error("it cannot be written");
}

}  // namespace npy_guide
