// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The memory that verbs work in that are more than sums and weights. It grows to what the
/// largest call has needed: a call that needs no more allocates nothing.
///
/// Serves any calls, one at a time; a copy is another workspace.
class Workspace {
 public:
  /// `count` doubles, not set, until the next call.
  double* doubles(std::size_t count) {
    if (values_.size() < count) {
      values_.clear();
      values_.resize(count);
    }
    return values_.data();
  }

 private:
  std::vector<double> values_;
};

// A method that works in memory says in which, `using Memory = Workspace;`, and has
// its own guide(method, cond, uncond, out, memory). These are the same call without
// it, which allocates its own, and as a new tensor of the type of `cond`.
template <class Method, class Cond, class Uncond, class Out, typename Method::Memory* = nullptr>
void guide(const Method& method, const Cond& cond, const Uncond& uncond, Out&& out) {
  typename Method::Memory memory;
  guide(method, cond, uncond, out, memory);
}
template <class Method, class Cond, class Uncond, typename Method::Memory* = nullptr>
auto guide(const Method& method, const Cond& cond, const Uncond& uncond) {
  auto out = ViewOf<Cond>::like(cond);
  guide(method, cond, uncond, out);
  return out;
}

}}  // namespace eigenguide
