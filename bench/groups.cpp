// SPDX-License-Identifier: MIT
// Small samples, rows, and groups that do not lie in one piece, in turn with
// what a client has instead: the whole sample at once, or Eigen's row by row.

#include "against_limit.hpp"

#include <eigenguide/eigenguide.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using namespace eigenguide;
using Floats = bench::Tensors<float>;

/// Sets the counter `of` = least time of `other` / least time of `entry`.
template <class Other, class Entry>
void add(const std::string& name, const char* of, std::size_t elements, const Other& other, const Entry& entry) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const std::size_t calls = 1 + (std::size_t{1} << 20) / elements;
    state.counters[of] = bench::against(state, calls, other, entry);
  })->Unit(benchmark::kMicrosecond);
}

/// A method for each group, beside the same method for the whole sample.
template <class... Options>
void add_groups(const std::string& name, const Shape& shape, const Options&... options) {
  std::size_t size = 1;
  for (std::size_t i = 0; i < shape.rank; ++i) size *= shape.extent[i];
  const auto in = [=](const float* data) { return BatchView<const float>(data, 1, size, size, shape); };
  const auto run = [=](const auto& method) {
    const Floats& t = Floats::shared();
    guide(method, in(t.cond()), in(t.uncond()), BatchView<float>(t.out(), 1, size, size, shape));
    benchmark::ClobberMemory();
  };
  add("groups/" + name, "of_whole_sample", size, [=] { run(Apg{5.0}); }, [=] { run(with(Apg{5.0}, options...)); });
}

/// Rows of 64, each with its own norm: ours, and an expression of Eigen's.
void add_rows() {
  static constexpr Eigen::Index rows = 4096, size = 64;
  using Row = Eigen::Matrix<float, 1, size>;
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, size, Eigen::RowMajor>;
  const auto map = [](const float* data) { return Eigen::Map<const Rows>(data, rows, size); };
  const auto ours = [=] {
    const Floats& t = Floats::shared();
    Eigen::Map<Rows> out(t.out(), rows, size);
    guide(Cfg{5.0} | Renorm::exact(), map(t.cond()), map(t.uncond()), out);
    benchmark::ClobberMemory();
  };
  const auto eigens = [=] {
    const Floats& t = Floats::shared();
    const auto c = map(t.cond()), u = map(t.uncond());
    Eigen::Map<Rows> out(t.out(), rows, size);
    for (Eigen::Index i = 0; i < rows; ++i) {
      const Row g = u.row(i) + 5.0f * (c.row(i) - u.row(i));
      out.row(i) = c.row(i).norm() / g.norm() * g;
    }
    benchmark::ClobberMemory();
  };
  add("rows/cfg+renorm/4096x64", "of_eigen", std::size_t{rows * size}, eigens, ours);
}

/// 64 samples of 256, beside the bare streams.
template <class Method>
void add_small(const std::string& name, const Method& method) {
  bench::add<float>("small/" + name, {"256", 256, 64}, {is_constant<Method> ? std::size_t{0} : 2, 2}, [=] {
    const Floats& t = Floats::shared();
    guide(method, BatchView<const float>(t.cond(), 64, 256), BatchView<const float>(t.uncond(), 64, 256),
          BatchView<float>(t.out(), 64, 256));
    benchmark::ClobberMemory();
  });
}

[[maybe_unused]] const bool added = [] {
  add_groups("channel_of_a_row_of_channels/4096x64", Shape{{1, 4096, 64}, 3}, per_channel("btc"));
  add_groups("pixel_over_channels/16x128x128", Shape{{1, 16, 128, 128}, 4}, per_pixel("bchw"));
  add_groups("channel_in_one_piece/16x128x128", Shape{{1, 16, 128, 128}, 4}, per_channel("bchw"));
  static const std::vector<unsigned char> keep = [] {
    std::vector<unsigned char> all(4112, 1);
    for (std::size_t t = 4096; t < all.size(); ++t) all[t] = 0;
    return all;
  }();
  add_groups("sample_of_padded_channels/64x4112", Shape{{1, 64, 4112}, 3}, per_sample("bct"), mask(keep, "t"));
  add_rows();
  add_small("cfg", Cfg{5.0});
  add_small("cfg_zero_star", CfgZeroStar{5.0});
  add_small("apg", Apg{5.0});
  add_small("cfg+rescale", Cfg{5.0} | Rescale{0.7});
  return true;
}();

}  // namespace
