// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {

using Json = nlohmann::json;
using Extents = std::vector<std::size_t>;

inline std::size_t product(const Extents& extents) {
  return std::accumulate(extents.begin(), extents.end(), std::size_t{1}, std::multiplies<>());
}

/// A number as the golden files write it: nan and infinities are strings.
inline double number_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
  if (value.is_number()) return value.get<double>();
  if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (value == "inf") return std::numeric_limits<double>::infinity();
  if (value == "-inf") return -std::numeric_limits<double>::infinity();
  throw std::runtime_error("not a number: " + value.dump());
}

template <class T>
std::vector<T> numbers_of(const Json& list) {
  std::vector<T> values;
  for (const Json& value : list) values.push_back(static_cast<T>(number_of(value)));
  return values;
}

/// An input: flat values in C order, first extent slowest.
template <class T>
struct Tensor {
  Extents shape;
  std::vector<T> values;
};

/// One case as its method sees it, computed in T. A parameter that is null is
/// one that is absent.
template <class T>
class Case {
 public:
  using Scalar = T;

  explicit Case(const Json& json) : json_(json) {}

  Tensor<T> input(const std::string& name) const {
    const Json& inputs = json_.at("inputs");
    if (!inputs.contains(name)) throw std::runtime_error("has no input `" + name + "`");
    Tensor<T> tensor{json_.at("input_shapes").at(name).get<Extents>(), numbers_of<T>(inputs.at(name))};
    if (product(tensor.shape) != tensor.values.size())
      throw std::runtime_error("input `" + name + "` does not have as many values as its shape");
    return tensor;
  }

  double number(const std::string& name) const { return number_of(required(name)); }
  double number(const std::string& name, double otherwise) const {
    const Json* value = find(name);
    return value ? number_of(*value) : otherwise;
  }

  bool has(const std::string& name) const { return find(name) != nullptr; }

  std::optional<double> optional_number(const std::string& name) const {
    const Json* value = find(name);
    return value ? std::optional(number_of(*value)) : std::nullopt;
  }

  bool flag(const std::string& name, bool otherwise) const { return number(name, otherwise) != 0.0; }

  std::size_t count(const std::string& name) const { return required(name).template get<std::size_t>(); }
  std::size_t count(const std::string& name, std::size_t otherwise) const {
    return optional_count(name).value_or(otherwise);
  }
  std::optional<std::size_t> optional_count(const std::string& name) const {
    const Json* value = find(name);
    return value ? std::optional(value->get<std::size_t>()) : std::nullopt;
  }

  std::string text(const std::string& name) const { return required(name).template get<std::string>(); }
  std::string text(const std::string& name, const std::string& otherwise) const {
    const Json* value = find(name);
    return value ? value->get<std::string>() : otherwise;
  }

  /// A list, or one number as a list of it.
  std::vector<double> numbers(const std::string& name) const {
    const Json& value = required(name);
    return value.is_array() ? numbers_of<double>(value) : std::vector<double>{number_of(value)};
  }
  std::vector<double> numbers(const std::string& name, const std::vector<double>& otherwise) const {
    return find(name) ? numbers(name) : otherwise;
  }

  /// The parameters that are there and were never asked for.
  std::vector<std::string> unread() const {
    std::vector<std::string> names;
    if (const auto params = json_.find("params"); params != json_.end())
      for (const auto& [name, value] : params->items())
        if (!value.is_null() && !read_.count(name)) names.push_back(name);
    return names;
  }

 private:
  const Json* find(const std::string& name) const {
    read_.insert(name);
    const auto params = json_.find("params");
    if (params == json_.end()) return nullptr;
    const auto value = params->find(name);
    return value == params->end() || value->is_null() ? nullptr : &*value;
  }
  const Json& required(const std::string& name) const {
    const Json* value = find(name);
    if (!value) throw std::runtime_error("has no parameter `" + name + "`");
    return *value;
  }

  const Json& json_;
  mutable std::set<std::string> read_;
};

}  // namespace golden
