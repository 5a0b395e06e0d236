// SPDX-License-Identifier: MIT
#include <eigenguide/core.hpp>
#include <eigenguide/prediction/update.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/threads.hpp>

#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
struct Tensors {
  std::size_t samples, size;
  std::vector<T> c, u, p, x, m;

  Tensors(std::size_t samples_, std::size_t size_) : samples(samples_), size(size_) {
    Random random(samples * 1000003 + size);
    for (auto* each : {&c, &u, &p, &x, &m}) {
      each->resize(samples * size);
      // Again and again, but in no chunk as in another: to draw them takes longer than to guide them.
      constexpr std::size_t period = 100003;
      for (std::size_t i = 0; i < each->size(); ++i)
        (*each)[i] = i < period ? static_cast<T>(static_cast<float>(random.normal())) : (*each)[i - period];
    }
  }
  BatchView<const T> of(const std::vector<T>& values) const { return {values.data(), samples, size}; }
  BatchView<T> to(std::vector<T>& values) const { return {values.data(), samples, size}; }
};

/// The same result from one thread and from several, of a method that reads no state.
template <class T, class Method, class... Options>
void check_same(const Method& method, const Tensors<T>& t, const Options&... options) {
  std::vector<T> one(t.c.size()), several(t.c.size());
  std::size_t calls = 0;
  const Threads threads{3, &calls};
  guide(with(method, options...), t.of(t.c), t.of(t.u), t.to(one));
  guide(with(method, options..., parallel(threads, 1)), t.of(t.c), t.of(t.u), t.to(several));
  CHECK(same_bits(one, several));
  CHECK((calls > 0) == (t.c.size() > kernel::Executor::part_size));
}

template <class T>
void check_methods(std::size_t samples, std::size_t size) {
  const Tensors<T> t(samples, size);
  check_same(Cfg{5.0}, t);
  check_same(CfgZeroStar{5.0}, t);
  check_same(Cfg{5.0} | Rescale{0.7}, t);
  check_same(Tcfg{5.0} | Perturbation{2.8}, t, perturbed(t.of(t.p)));
}

}  // namespace

TEST_CASE("parallel: the bits of one thread, whatever is split or shared out") {
  check_methods<float>(1, 40000);            // one sample, two parts
  check_methods<float>(1, 1400 * 8192 + 77);  // more than one wave of chunks
  check_methods<float>(3, 70001);
  check_methods<float>(5, 9000);
  check_methods<float>(3000, 17);  // many to a part
  check_methods<double>(2, 50000);
  check_methods<half>(2, 50000);
}

TEST_CASE("parallel: states, steps and a space") {
  const Tensors<float> t(2, 300000);
  const Threads threads{3};
  const auto method = Momentum{-0.5} | Apg{7.5, 0.0, 2.5};
  std::vector<float> out[2], next[2];
  const Level level = variance_preserving(0.4), to = variance_preserving(0.5);
  const auto run = [&](std::size_t i, const auto&... options) {
    out[i].resize(t.c.size());
    next[i].resize(t.c.size());
    step(with(method, momentum(t.of(t.m), t.to(next[i])), options...), Update{{Kind::v, Kind::sample}, Renoise::uncond},
         level, to, t.of(t.x), t.of(t.c), t.of(t.u), t.to(out[i]));
  };
  run(0);
  run(1, parallel(threads));
  CHECK(same_bits(out[0], out[1]));
  CHECK(same_bits(next[0], next[1]));
  run(1, parallel(threads), not_read_soon);
  CHECK(same_bits(out[0], out[1]));
  CHECK(same_bits(next[0], next[1]));
}

TEST_CASE("parallel: over an input") {
  Tensors<float> t(2, 290000);
  std::vector<float> want(t.c.size());
  guide(CfgZeroStar{3.0}, t.of(t.c), t.of(t.u), t.to(want));
  guide(with(CfgZeroStar{3.0}, parallel(Threads{3})), t.of(t.c), t.of(t.u), t.to(t.c));
  CHECK(same_bits(want, t.c));
}

TEST_CASE("parallel: scales, groups and masks of each sample") {
  const Tensors<float> t(8, 30000);
  const std::vector<double> requests{1, 2, 3, 4, 5, 6, 7, 8};
  check_same(CfgZeroStar{}, t, scales(requests));

  const Shape shape{{8, 3, 100, 100}, 4};
  const BatchView<const float> c(t.c.data(), 8, 30000, 30000, shape), u(t.u.data(), 8, 30000, 30000, shape);
  std::vector<float> one(t.c.size()), several(t.c.size());
  const auto guided = [&](std::vector<float>& out, const auto&... options) {
    guide(with(CfgZeroStar{5.0}, options...), c, u, BatchView<float>(out.data(), 8, 30000, 30000, shape));
  };
  for (const Group& group : {per_channel("bchw"), over("c", "bchw")}) {  // contiguous, and not
    guided(one, group);
    guided(several, group, parallel(Threads{3}, 1));
    CHECK(same_bits(one, several));
  }

  // A mask that leaves runs of more than a part, and one that differs from group to group.
  std::vector<unsigned char> keep(t.c.size());
  for (std::size_t n = 0; n < keep.size(); ++n) keep[n] = n / 7 % 3 == 0 ? 0 : 1;
  const BatchView<const unsigned char> of_all(keep.data(), 8, 30000, 30000, shape),
      of_rows(keep.data(), 8, 300, 300, Shape{{8, 3, 100}, 3});
  for (const Group& group : {per_sample("bchw"), per_channel("bchw"), over("c", "bchw")})
    for (const auto& some : {mask(of_all), mask(of_rows, "bch")}) {
      guided(one, group, some);
      guided(several, group, some, parallel(Threads{3}, 1));
      CHECK(same_bits(one, several));
    }
  const Tensors<float> large(2, 70001);
  const Shape flat{{2, 70001}, 2};
  const auto of_large = [&](const auto* values) { return BatchView<const float>(values, 2, 70001, 70001, flat); };
  std::vector<float> one_large(large.c.size()), several_large(large.c.size());
  const auto masked = mask(BatchView<const unsigned char>(keep.data(), 2, 70001, 70001, flat));
  const auto to_large = [&](std::vector<float>& out) { return BatchView<float>(out.data(), 2, 70001, 70001, flat); };
  guide(with(CfgZeroStar{5.0}, masked), of_large(large.c.data()), of_large(large.u.data()), to_large(one_large));
  guide(with(CfgZeroStar{5.0}, masked, parallel(Threads{3}, 1)), of_large(large.c.data()), of_large(large.u.data()), to_large(several_large));
  CHECK(same_bits(one_large, several_large));
}

TEST_CASE("parallel: groups side by side, over an input, each once") {
  const std::size_t rows = 301, channels = 89;
  Tensors<float> t(2, rows * channels);
  const Shape shape{{2, rows, channels}, 3};
  const BatchView<const float> u(t.u.data(), 2, t.size, t.size, shape);
  std::vector<float> one(t.c.size());
  guide(with(CfgZeroStar{5.0}, per_channel("btc")), BatchView<const float>(t.c.data(), 2, t.size, t.size, shape), u,
        BatchView<float>(one.data(), 2, t.size, t.size, shape));
  const BatchView<float> c(t.c.data(), 2, t.size, t.size, shape);
  std::size_t calls = 0;
  guide(with(CfgZeroStar{5.0}, per_channel("btc"), parallel(Threads{3, &calls}, 1)), c, u, c);
  CHECK(calls == 1);
  CHECK(same_bits(one, t.c));
}

TEST_CASE("parallel: a report is the same") {
  Tensors<float> t(2, 600 * 8192 + 5);
  t.u[40] = std::numeric_limits<float>::infinity();
  std::vector<float> one(t.c.size()), several(t.c.size());
  t.p[5] = t.p[50000] = t.p[599 * 8192] = std::numeric_limits<float>::quiet_NaN();  // of one part, of the next, of the last
  std::vector<Diagnostics> found(2), again(2);
  const auto check = [&](const auto& method) {
    const auto chain = method | Perturbation{2.0};
    guide(with(chain, perturbed(t.of(t.p)), report(found)), t.of(t.c), t.of(t.u), t.to(one));
    guide(with(chain, perturbed(t.of(t.p)), report(again), parallel(Threads{3})), t.of(t.c), t.of(t.u), t.to(several));
    CHECK(same_bits(one, several));
    CHECK(found[0].non_finite == 4);
    CHECK(again[0].non_finite == found[0].non_finite);
    CHECK(again[1].cosine == found[1].cosine);
    CHECK(again[1].zero_star == found[1].zero_star);
    CHECK(again[1].relative_difference == found[1].relative_difference);
  };
  check(Cfg{5.0});
  check(CfgZeroStar{5.0});
}

TEST_CASE("parallel: a step that is not worth it has one thread") {
  const Tensors<float> t(4, 20000);
  std::vector<float> out(t.c.size());
  std::size_t calls = 0;
  const Threads threads{2, &calls};
  guide(with(Cfg{5.0}, parallel(threads)), t.of(t.c), t.of(t.u), t.to(out));
  CHECK(calls == 0);
  guide(with(Cfg{5.0}, parallel(threads, 80001)), t.of(t.c), t.of(t.u), t.to(out));
  CHECK(calls == 0);
  guide(with(Cfg{5.0}, parallel(threads, 80000)), t.of(t.c), t.of(t.u), t.to(out));
  CHECK(calls == 1);
}

TEST_CASE("parallel: an error comes before any part") {
  const Tensors<float> t(2, 100000);
  std::vector<float> out(t.c.size());
  std::size_t calls = 0;
  const Threads threads{2, &calls};
  CHECK_REJECTS(guide(with(Rescale{2.0}, parallel(threads)), t.of(t.c), t.of(t.u), t.to(out)), "`phi` is 2");
  CHECK_REJECTS(guide(with(Cfg{}, scales(std::vector<double>(3, 1.0)), parallel(threads)), t.of(t.c), t.of(t.u), t.to(out)),
                "`scales`");
  CHECK(calls == 0);
}

TEST_CASE("parallel: a Guider takes threads as any option") {
  const Tensors<float> t(1, 300000);
  const Threads threads{3};
  Guider one(Momentum{-0.5} | Apg{7.5}), several(Momentum{-0.5} | Apg{7.5});
  std::vector<float> a(t.c.size()), b(t.c.size());
  one.reset(t.of(t.c));
  several.reset(t.of(t.c));
  for (std::size_t step = 0; step < 3; ++step) {
    one.apply({step, 3, {}}, t.of(t.c), t.of(t.c), t.of(t.u), t.to(a));
    several.apply({step, 3, {}}, t.of(t.c), t.of(t.c), t.of(t.u), t.to(b), parallel(threads));
    one.advance();
    several.advance();
    CHECK(same_bits(a, b));
  }
}
