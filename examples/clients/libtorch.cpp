// SPDX-License-Identifier: MIT
// As in a sampler on LibTorch: twenty steps of a flow model on at::Tensor, the
// predictions of both conditions from one call, guided by CFG-Zero* and rescale.
#include <eigenguide/adapters/torch.hpp>
#include <eigenguide/core.hpp>

#include <torch/torch.h>

#include <cstdio>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

/// Half on a CPU has no arithmetic of LibTorch's own.
at::Tensor computed(const at::Tensor& x) { return x.scalar_type() == at::kDouble ? x : x.to(at::kFloat); }

/// A model: [2N, C, H, W] in, as many out; the first half has the condition.
at::Tensor model(const at::Tensor& x, double t) {
  const at::Tensor two = computed(at::cat({x, x}));
  const at::Tensor condition = at::arange(2, two.options()).repeat_interleave(x.size(0)).view({-1, 1, 1, 1});
  return (at::tanh(two * (1.5 - t) + 0.3 * (1 - condition)) - 0.5 * two).to(x.scalar_type());
}

/// Theirs: g = α u + s (c − α u), then φ g std(c) / std(g) + (1 − φ) g.
at::Tensor theirs(const at::Tensor& c, const at::Tensor& u, double scale, double phi) {
  const std::vector<std::int64_t> rest{1, 2, 3};
  const at::Tensor alpha = (c * u).sum(rest, true) / (u * u).sum(rest, true);
  const at::Tensor g = alpha * u + scale * (c - alpha * u);
  return g * (phi * c.std(rest, true, true) / g.std(rest, true, true) + (1 - phi));
}

/// Ours, on tensors as the model left them: the halves of a batch.
void ours(const at::Tensor& c, const at::Tensor& u, const at::Tensor& out, double scale, double phi) {
  using namespace eigenguide;
  visit_type(c, [&](auto number) {
    using T = decltype(number);
    guide(CfgZeroStar{scale} | Rescale{phi}, batch_of<const T>(c), batch_of<const T>(u), batch_of<T>(out));
  });
}

/// The largest difference of the last samples, as a share of the largest value.
double run(at::ScalarType type) {
  torch::manual_seed(1);
  at::Tensor x = at::randn({3, 4, 16, 16}, at::kFloat).to(type), y = x.to(at::kDouble);
  const at::Tensor out = at::empty_like(x), apart = at::empty({6, 4, 16, 16}, type).slice(0, 0, 6, 2);
  const int steps = 20;
  for (int k = 0; k < steps; ++k) {
    const double t = 1.0 - double(k) / steps;
    const auto halves = model(x, t).chunk(2);
    ours(halves[0], halves[1], out, 4.0, 0.7);
    const auto turns = at::stack(halves, 1).unbind(1);  // c0, u0, c1, u1, ...: every second sample is of one batch
    ours(turns[0], turns[1], apart, 4.0, 0.7);
    TORCH_CHECK(!turns[0].is_contiguous() && at::equal(out, apart), "batches that are not contiguous are guided otherwise");
    x = (computed(x) - computed(out) / steps).to(type);
    const auto exact = model(y, t).chunk(2);
    y = y - theirs(exact[0], exact[1], 4.0, 0.7) / steps;
  }
  return ((x.to(at::kDouble) - y).abs().max() / y.abs().max()).item<double>();
}

}  // namespace

int main() {
  int failures = 0;
  for (const auto& [type, bound] : {std::pair{at::kDouble, 1e-12}, {at::kFloat, 1e-6}, {at::kHalf, 5e-3}, {at::kBFloat16, 5e-2}}) {
    const double difference = run(type);
    std::printf("LibTorch, %s: largest difference %.2g, at most %.2g\n", at::toString(type), difference, bound);
    failures += difference <= bound ? 0 : 1;
  }
  try {  // a sample in pieces is refused, not misread
    eigenguide::batch_of<float>(at::zeros({2, 4, 8, 8}).permute({0, 2, 3, 1}));
    ++failures;
  } catch (const std::invalid_argument& error) {
    std::puts(error.what());
  }
  return failures;
}
