// SPDX-License-Identifier: MIT
#pragma once

#include <law/inputs.hpp>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <vector>

// What a chain is, in long double and without the engine: link after link, each
// with the inner products of the very vectors that it reads. Only a link's
// scalars are the library's own, in double.

using Wide = long double;
using WideVector = std::vector<Wide>;

inline Wide largest(const WideVector& vector) {
  Wide most = 0;
  for (const Wide value : vector) most = std::fmax(most, std::fabs(value));
  return most;
}

/// With EIGENGUIDE_PRINT in the environment tests print what they measure: docs/numerics.md has it.
inline bool prints() { return std::getenv("EIGENGUIDE_PRINT") != nullptr; }

class ExactCourse {
 public:
  explicit ExactCourse(const Inputs<WideVector>& inputs)
      : in_(inputs), difference_(inputs.cond), guided_(inputs.cond), terms_(inputs.cond.size(), Wide(0)) {
    for (std::size_t n = 0; n < difference_.size(); ++n) difference_[n] -= in_.uncond[n];
  }

  template <class Link>
  void follow(const Link& link, bool others_follow) {
    follow(link, others_follow, typename Link::Vectors{});
  }

  const WideVector& guided() const { return guided_; }
  /// Of each element the largest number that was added up, of any term of any link.
  const WideVector& terms() const { return terms_; }

 private:
  Inputs<WideVector> in_;
  WideVector difference_, guided_;
  WideVector terms_;
  bool first_ = true;

  WideVector vector(eigenguide::Role role) const {
    using eigenguide::Role;
    if (role == Role::cond) return in_.cond;
    if (role == Role::difference) return difference_;
    if (role == Role::guided) return guided_;
    if (role == Role::one) return WideVector(in_.cond.size(), Wide(1));
    if (role == Role::uncond) {
      WideVector uncond = in_.cond;
      for (std::size_t n = 0; n < uncond.size(); ++n) uncond[n] -= difference_[n];
      return uncond;
    }
    WideVector other = in_.others[Inputs<WideVector>::place(role)];
    if (!eigenguide::is_state(role))  // further predictions are read as differences
      for (std::size_t n = 0; n < other.size(); ++n) other[n] = in_.cond[n] - other[n];
    return other;
  }

  template <class Link, eigenguide::Role... roles>
  void follow(const Link& link, bool others_follow, eigenguide::Reads<roles...>) {
    constexpr std::size_t size = sizeof...(roles);
    const std::array<WideVector, size> basis{vector(roles)...};
    eigenguide::Gram<size> gram;
    gram.elements = static_cast<double>(in_.cond.size());
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j) {
        Wide sum = 0;
        for (std::size_t n = 0; n < basis[i].size(); ++n) sum += basis[i][n] * basis[j][n];
        gram.product[i][j] = static_cast<double>(sum);
      }
    const auto combined = [&](const eigenguide::Row<size>& row) {
      WideVector made(in_.cond.size(), Wide(0));
      for (std::size_t i = 0; i < size; ++i) {
        const Wide weight = static_cast<double>(row[i]);
        if (weight == 0) continue;
        for (std::size_t n = 0; n < made.size(); ++n) {
          terms_[n] = std::fmax(terms_[n], std::fabs(weight * basis[i][n]));
          made[n] += weight * basis[i][n];
        }
      }
      return made;
    };
    WideVector result, refined = difference_;
    if constexpr (eigenguide::is_constant<Link>) {
      result = combined(link());
      if constexpr (eigenguide::refines_difference<Link>::value) refined = combined(link.difference());
    } else {
      result = combined(link(gram));
      if constexpr (eigenguide::refines_difference<Link>::value) refined = combined(link.difference(gram));
    }
    if (others_follow) difference_ = refined;
    for (std::size_t n = 0; n < result.size(); ++n)
      guided_[n] = eigenguide::is_reshaping<Link> || first_ ? result[n] : guided_[n] + (result[n] - in_.cond[n]);
    first_ = false;
    for (std::size_t n = 0; n < terms_.size(); ++n) terms_[n] = std::fmax(terms_[n], std::fabs(guided_[n]));
  }
};
