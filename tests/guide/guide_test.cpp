// SPDX-License-Identifier: MIT
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace eigenguide;

namespace {

using RowTensor = Eigen::Tensor<float, 4, Eigen::RowMajor>;
using ColumnTensor = Eigen::Tensor<float, 4>;

const auto method = CfgZeroStar{5.0} | Rescale{0.7};

std::vector<float> values(std::uint64_t seed) { return Random(seed).normals<float>(3 * 4 * 5 * 7); }

std::vector<float> expected() {
  const std::vector<float> c = values(1), u = values(2);
  std::vector<float> out(c.size());
  guide(method, BatchView<const float>(c.data(), 3, 140), BatchView<const float>(u.data(), 3, 140),
        BatchView<float>(out.data(), 3, 140));
  return out;
}

}  // namespace

TEST_CASE("guide: every tensor of the same memory gives the same bits") {
  const std::vector<float> c = values(1), u = values(2), want = expected();
  std::vector<float> out(c.size());

  SECTION("a RowMajor tensor, into one and as a new one") {
    const Eigen::TensorMap<const RowTensor> cond(c.data(), 3, 4, 5, 7), uncond(u.data(), 3, 4, 5, 7);
    const RowTensor owned_cond = cond, owned_uncond = uncond;
    RowTensor guided(3, 4, 5, 7);
    guide(method, owned_cond, owned_uncond, guided);
    out.assign(guided.data(), guided.data() + guided.size());
    CHECK(out == want);
    const RowTensor fresh = guide(method, cond, uncond);
    out.assign(fresh.data(), fresh.data() + fresh.size());
    CHECK(out == want);
  }
  SECTION("a ColMajor tensor, of reversed dimensions") {
    const Eigen::TensorMap<const ColumnTensor> cond(c.data(), 7, 5, 4, 3), uncond(u.data(), 7, 5, 4, 3);
    guide(method, cond, uncond, Eigen::TensorMap<ColumnTensor>(out.data(), 7, 5, 4, 3));
    CHECK(out == want);
  }
  SECTION("a fixed-size tensor") {
    using Fixed = Eigen::TensorFixedSize<float, Eigen::Sizes<3, 4, 5, 7>, Eigen::RowMajor>;
    Fixed cond, uncond;
    std::copy(c.begin(), c.end(), cond.data());
    std::copy(u.begin(), u.end(), uncond.data());
    const Fixed guided = guide(method, cond, uncond);
    out.assign(guided.data(), guided.data() + guided.size());
    CHECK(out == want);
  }
  SECTION("matrices of either layout") {
    using Rows_ = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const Rows_> cond(c.data(), 3, 140), uncond(u.data(), 3, 140);
    guide(method, cond, uncond, Eigen::Map<Rows_>(out.data(), 3, 140));
    CHECK(out == want);
    const Eigen::Map<const Eigen::ArrayXXf> cond_columns(c.data(), 140, 3), uncond_columns(u.data(), 140, 3);
    const Eigen::ArrayXXf guided = guide(method, cond_columns, uncond_columns);
    out.assign(guided.data(), guided.data() + guided.size());
    CHECK(out == want);
  }
  SECTION("in place, over either input") {
    std::vector<float> in_place = c;
    const BatchView<const float> uncond(u.data(), 3, 140);
    guide(method, BatchView<float>(in_place.data(), 3, 140), uncond, BatchView<float>(in_place.data(), 3, 140));
    CHECK(in_place == want);
    in_place = u;
    guide(method, BatchView<const float>(c.data(), 3, 140), BatchView<float>(in_place.data(), 3, 140),
          BatchView<float>(in_place.data(), 3, 140));
    CHECK(in_place == want);
  }
  SECTION("padded samples") {
    Eigen::MatrixXf wide_cond(150, 3), wide_uncond(150, 3), wide_out(150, 3);
    wide_out.setConstant(9.0f);
    wide_cond.topRows(140) = Eigen::Map<const Eigen::MatrixXf>(c.data(), 140, 3);
    wide_uncond.topRows(140) = Eigen::Map<const Eigen::MatrixXf>(u.data(), 140, 3);
    guide(method, wide_cond.topRows(140), wide_uncond.topRows(140), wide_out.topRows(140));
    Eigen::Map<Eigen::MatrixXf>(out.data(), 140, 3) = wide_out.topRows(140);
    CHECK(out == want);
    CHECK((wide_out.bottomRows(10).array() == 9.0f).all());
  }
}

TEST_CASE("guide: empty batches and empty samples are guided to themselves") {
  const Eigen::MatrixXf no_samples(5, 0), no_elements(0, 3);
  CHECK(guide(method, no_samples, no_samples).cols() == 0);
  CHECK(guide(method, no_elements, no_elements).cols() == 3);
}

TEST_CASE("guide: of samples without elements there is nothing to do, however many") {
  const BatchView<float> none(nullptr, SIZE_MAX, 0);
  const Level level{0.8, 0.6};
  guide(method, none, none, none);
  guide(Cfg{3.0}, {Kind::v, Kind::sample}, level, none, none, none, none);
  guide(AnyChain(Cfg{3.0}), none, none, none);
  step(Cfg{3.0}, Update{{Kind::v, Kind::v}}, level, level, none, none, none, none);
  convert({Kind::v, Kind::sample}, level, none, none, none);
  threshold(DynamicThreshold{}, none, none);
  guide(SkimmedCfg{3.0}, none, none, none, none);
  noised(ConditionalFlowMatching{}, level, none, none, none, none);
  training_loss(EdmLoss{}, level, {}, none, none, none);
  comfyui::guide(comfyui::CfgZeroStar{3.0}, none, none, none, none);
  skimmed_cfg::guide(skimmed_cfg::SingleScale{3.0}, none, none, none, none);

  const BatchView<float> planes(nullptr, SIZE_MAX, 0, 0, Shape{{SIZE_MAX, 3, 5, 0}, 4});
  const std::array<double, 3> each{1.0, 2.0, 3.0};
  guide(with(method, per_channel("bchw")), planes, planes, planes);
  guide(with(method, per_channel("bchw"), scales(each)), planes, planes, planes);
  guide(Mahiro{3.0}, planes, planes, planes);
  guide(Mimic{3.0}, planes, planes, planes);
  guide(Tonemap{3.0}, planes, planes, planes);
  guide(FrequencyDecoupled{{3.0}}, planes, planes, planes);
  guide(FreSca{3.0}, planes, planes, planes);
  guide(FreSca{3.0}, BatchView<float>(nullptr, SIZE_MAX, 0, 0, Shape{{SIZE_MAX, 0, 5, 4}, 4}),
        BatchView<float>(nullptr, SIZE_MAX, 0), BatchView<float>(nullptr, SIZE_MAX, 0));
  blur(GaussianBlur{3, 1.0}, planes, planes);
  comfyui::guide(comfyui::FreSca{}, planes, planes, planes);
  comfyui::guide(comfyui::Mahiro{3.0}, planes, planes, planes);
  LaplacianPyramid<float>(2).build(planes);
  // What would be written of each sample is more than memory can hold.
  CHECK_THROWS_AS(squared_errors(none, none), std::length_error);
}

TEST_CASE("guide: double tensors are guided in double") {
  Eigen::VectorXd c(2), u(2);
  c << 3.0, 4.0;
  u << 0.0, 2.0;
  const Eigen::VectorXd g = guide(CfgZeroStar{4.0}, c, u);  // α = 2, c + 3 (c − 2 u)
  CHECK(g(0) == 12.0);
  CHECK(g(1) == 4.0);
}

TEST_CASE("guide: bad calls are rejected, and nothing is written") {
  const Eigen::MatrixXf c = Eigen::MatrixXf::Ones(6, 2), u = Eigen::MatrixXf::Ones(6, 2);
  Eigen::MatrixXf out = Eigen::MatrixXf::Constant(6, 2, 9.0f);
  const Eigen::MatrixXf wrong = Eigen::MatrixXf::Ones(2, 6);
  CHECK_REJECTS(guide(Cfg{2.0}, c, wrong, out), "`uncond` is of shape [6, 2]; expected the shape of `cond`, [2, 6]");
  Eigen::MatrixXf small(6, 1);
  CHECK_REJECTS(guide(Cfg{2.0}, c, u, small), "`out` is of shape [1, 6]");
  CHECK_REJECTS(guide(Cfg{1.0 / 0.0}, c, u, out), "`scale` is inf");
  CHECK_REJECTS(guide(Cfg{2.0} | Rescale{2.0}, c, u, out), "`phi` is 2");
  CHECK_REJECTS(guide(Cfg{2.0}, Space{Kind::v, Kind::sample}, Level{0.8, 0.6}, wrong, c, u, out), "`x` is of shape");
  CHECK_REJECTS(guide(Cfg{2.0}, Space{Kind::v, Kind::sample}, Level{1.0, 0.0}, c, c, u, out), "`sigma` is 0");
  CHECK_REJECTS(guide(Cfg{2.0}, Space{Kind::v, Kind{static_cast<Kind::Name>(7)}}, Level{0.8, 0.6}, c, c, u, out), "`kind` is 7");
  // Also when only the last sample is wrong.
  const std::vector<Level> levels{{0.8, 0.6}, {1.0, 0.0}};
  CHECK_REJECTS(guide(Cfg{2.0}, Space{Kind::v, Kind::sample}, levels, c, c, u, out), "`sigma` is 0");
  CHECK_REJECTS(guide(Cfg{1.0 / 0.0}, Space{Kind::v, Kind::sample}, Level{0.8, 0.6}, c, c, u, out), "`scale` is inf");
  CHECK_REJECTS(guide(Cfg{2.0}, Space{Kind::v, Kind::sample}, Level{0.8, 0.6}, c, c, wrong, out), "`uncond` is of shape");
  CHECK_REJECTS(guide(Cfg{2.0}, Space{Kind::v, Kind::sample}, Level{0.8, 0.6}, c, c, u, small), "`out` is of shape");
  CHECK((out.array() == 9.0f).all());

  std::vector<float> memory(20);
  const BatchView<float> input(memory.data(), 2, 8), shifted(memory.data() + 3, 2, 8);
  CHECK_REJECTS(guide(Cfg{2.0}, input, input, shifted), "`out` is partly in the memory of `cond`");
}

TEST_CASE("guide: a batch may mix levels and scales") {
  Random random(21);
  const Eigen::MatrixXf c = Eigen::Map<Eigen::MatrixXf>(random.normals<float>(60).data(), 30, 2);
  const Eigen::MatrixXf u = Eigen::Map<Eigen::MatrixXf>(random.normals<float>(60).data(), 30, 2);
  const Eigen::MatrixXf x = Eigen::Map<Eigen::MatrixXf>(random.normals<float>(60).data(), 30, 2);
  const std::vector<Level> levels{rectified_flow(0.9), rectified_flow(0.2)};
  const std::vector<double> requests{3.0, 8.0};
  const Space space{Kind::flow, Kind::sample};
  const Eigen::MatrixXf mixed = guide(with(method, scales(requests)), space, levels, x, c, u);
  for (Eigen::Index i = 0; i < 2; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const Eigen::VectorXf alone = guide(CfgZeroStar{requests[at]} | Rescale{0.7}, space, levels[at],
                                        Eigen::VectorXf(x.col(i)), Eigen::VectorXf(c.col(i)),
                                        Eigen::VectorXf(u.col(i)));
    CHECK(alone == mixed.col(i));
  }
}

TEST_CASE("guide: the output may be x") {
  Random random(31);
  const auto c = random.normals<float>(50), u = random.normals<float>(50);
  auto x = random.normals<float>(50);
  const Space space{Kind::v, Kind::sample};
  const auto apart = guide(method, space, Level{0.8, 0.6}, x, c, u);
  guide(method, space, Level{0.8, 0.6}, x, c, u, x);
  CHECK(x == apart);
}

TEST_CASE("guide: a sample whose products are not numbers is NaN throughout") {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  for (const float wrong : {inf, -inf, nan}) {
    std::vector<float> c = Random(1).normals<float>(60), u = Random(2).normals<float>(60), out(60);
    u[25] = wrong;
    const BatchView<const float> cond(c.data(), 3, 20), uncond(u.data(), 3, 20);
    const BatchView<float> to(out.data(), 3, 20);
    const auto check = [&](const auto& links) {
      guide(links, cond, uncond, to);
      for (std::size_t i = 0; i < 60; ++i) CHECK(is_nan(double(out[i])) == (i / 20 == 1));
    };
    check(CfgZeroStar{3.0});
    check(Cfg{3.0} | Renorm::exact());
    check(Cfg{3.0} | Renorm::capped());
    check(Cfg{3.0} | Rescale{0.7});
    for (const Magnitude magnitude : {Magnitude::linear, Magnitude::conditional, Magnitude::raw})
      check(Slerp{3.0, magnitude});
    // Methods that do not read the data spoil one element, or none.
    guide(Cfg{3.0}, cond, uncond, to);
    for (std::size_t i = 0; i < 60; ++i) CHECK(is_finite(double(out[i])) == (i != 25));
    guide(CfgZeroStar{3.0} | ZeroInit{1, 0}, cond, uncond, to);
    CHECK(out == std::vector<float>(60, 0.0f));
    guide(CfgZeroStar{1.0}, cond, uncond, to);
    CHECK(out == c);
  }
}

TEST_CASE("guide: near the end of a space finite floats, the largest too, are guided or refused, but to no NaN") {
  const Kind kinds[] = {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::score, Kind::edm()};
  for (const float large : {1.0f, std::numeric_limits<float>::max()}) {
    const Eigen::VectorXf c = Eigen::VectorXf::LinSpaced(40, 0.5f, 1.0f) * large, u = 0.9f * c.reverse(), x = 0.7f * c;
    for (const double small : {1e-60, 1e-99, 1e-120, 1e-153, 1e-155, 1e-170})
      for (const Level level : {Level{small, 1.0}, Level{1.0, small}})
        for (const Kind model : kinds)
          for (const Kind space : kinds) {
            Eigen::VectorXf out = c;
            try {
              guide(CfgZeroStar{5.0}, Space{model, space}, level, x, c, u, out);
            } catch (const std::invalid_argument&) {
              continue;
            }
            INFO(int(model.name) << " in " << int(space.name) << " at " << level.alpha << ", " << level.sigma << " of " << large);
            CHECK(std::none_of(out.data(), out.data() + out.size(), [](float value) { return is_nan(value); }));
          }
  }
}

TEST_CASE("guide: constant samples have no spread to rescale, whatever the constant and the size") {
  for (const std::size_t size : {1u, 2u, 3u, 7u, 64u, 1000u})
    for (const float constant : {0.1f, 1000.1f, -3.3e-5f}) {
      const std::vector<float> c = Random(5).normals<float>(size), u(size, constant);
      // Scale 0 guides to u, which is constant.
      CHECK(guide(Cfg{0.0} | Rescale{1.0}, c, u) == u);
      const std::vector<double> c2 = Random(5).normals<double>(size), u2(size, 0.1);
      CHECK(guide(Cfg{0.0} | Rescale{1.0}, c2, u2) == u2);
    }
}

TEST_CASE("guide: an output that is not read soon has the same bits, wherever it begins, and nothing beside it is written") {
  constexpr std::size_t most = 70, margin = 16;
  const std::vector<float> c = Random(5).normals<float>(most), u = Random(6).normals<float>(most);
  const auto of = [](const std::vector<float>& values, std::size_t size) { return one_sample(values.data(), size); };
  for (std::size_t size = 1; size <= most; ++size) {
    std::vector<float> want(size);
    guide(Cfg{3.0}, of(c, size), of(u, size), one_sample(want.data(), size));
    for (std::size_t begin = 0; begin < margin; ++begin) {
      std::vector<float> memory(margin + most + margin, 9.0f);
      std::vector<float> expected = memory;
      std::copy(want.begin(), want.end(), expected.begin() + static_cast<std::ptrdiff_t>(begin));
      guide(with(Cfg{3.0}, not_read_soon), of(c, size), of(u, size), one_sample(memory.data() + begin, size));
      INFO(size << " elements, " << begin << " from the start of the memory");
      REQUIRE(memory == expected);
    }
  }
}

TEST_CASE("guide: so have halves, of which a line holds more than a group") {
  constexpr std::size_t most = 70, margin = 32;
  std::vector<half> c, u;
  for (const float value : Random(5).normals<float>(most)) c.emplace_back(value);
  for (const float value : Random(6).normals<float>(most)) u.emplace_back(value);
  const auto bits = [](const std::vector<half>& values) {
    std::vector<std::uint16_t> all(values.size());
    std::memcpy(all.data(), values.data(), 2 * values.size());
    return all;
  };
  for (std::size_t size = 1; size <= most; ++size) {
    std::vector<half> want(size);
    guide(Cfg{3.0}, one_sample(c.data(), size), one_sample(u.data(), size), one_sample(want.data(), size));
    for (std::size_t begin = 0; begin < margin; ++begin) {
      std::vector<half> memory(margin + most + margin, half(9.0f));
      std::vector<half> expected = memory;
      std::copy(want.begin(), want.end(), expected.begin() + static_cast<std::ptrdiff_t>(begin));
      guide(with(Cfg{3.0}, not_read_soon), one_sample(c.data(), size), one_sample(u.data(), size), one_sample(memory.data() + begin, size));
      INFO(size << " elements, " << begin << " from the start of the memory");
      REQUIRE(bits(memory) == bits(expected));
    }
  }
}
