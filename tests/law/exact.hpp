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

/// A vector, and of each element the largest number that was added up, of any
/// term of any link on the way to it.
struct ExactSum {
  WideVector value, terms;
};

class ExactCourse {
 public:
  explicit ExactCourse(const Inputs<WideVector>& inputs)
      : in_(inputs), difference_(inputs.cond), guided_{inputs.cond, WideVector(inputs.cond.size(), Wide(0))} {
    for (std::size_t n = 0; n < difference_.size(); ++n) difference_[n] -= in_.uncond[n];
  }

  template <class Link>
  void follow(const Link& link, bool others_follow) {
    follow(link, others_follow, typename Link::Vectors{});
  }

  const ExactSum& guided() const { return guided_; }
  /// What becomes of a state that one of the links reads.
  const ExactSum& next(eigenguide::Role state) const { return next_[eigenguide::state_index(state)]; }

 private:
  Inputs<WideVector> in_;
  WideVector difference_;
  ExactSum guided_;
  std::array<ExactSum, eigenguide::state_count> next_;
  bool first_ = true;

  WideVector vector(eigenguide::Role role) const {
    using eigenguide::Role;
    if (role == Role::cond) return in_.cond;
    if (role == Role::difference) return difference_;
    if (role == Role::guided) return guided_.value;
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
    const auto combined = [&](const eigenguide::Row<size>& row, WideVector& terms) {
      WideVector made(in_.cond.size(), Wide(0));
      for (std::size_t i = 0; i < size; ++i) {
        const Wide weight = static_cast<double>(row[i]);
        if (weight == 0) continue;
        for (std::size_t n = 0; n < made.size(); ++n) {
          terms[n] = std::fmax(terms[n], std::fabs(weight * basis[i][n]));
          made[n] += weight * basis[i][n];
        }
      }
      return made;
    };
    const auto weights = [&](const auto& of) {
      if constexpr (eigenguide::is_constant<Link>)
        return of();
      else
        return of(gram);
    };
    if constexpr (Link::Vectors::states > 0) {
      ExactSum& next = next_[eigenguide::state_index(Link::Vectors::state_roles()[0])];
      next.terms = guided_.terms;
      next.value = combined(weights([&](const auto&... seen) { return link.next(seen...); }), next.terms);
    }
    const WideVector result = combined(weights(link), guided_.terms);
    WideVector refined = difference_;
    if constexpr (eigenguide::refines_difference<Link>::value)
      refined = combined(weights([&](const auto&... seen) { return link.difference(seen...); }), guided_.terms);
    if (others_follow) difference_ = refined;
    for (std::size_t n = 0; n < result.size(); ++n)
      guided_.value[n] = eigenguide::is_reshaping<Link> || first_ ? result[n] : guided_.value[n] + (result[n] - in_.cond[n]);
    first_ = false;
    for (std::size_t n = 0; n < result.size(); ++n) guided_.terms[n] = std::fmax(guided_.terms[n], std::fabs(guided_.value[n]));
  }
};
