// SPDX-License-Identifier: MIT
// Counts the program's allocations, and makes none while it guides: those of
// operator new (counting_new.cpp), and Eigen's own, which call malloc. Then lets
// them fail, one after the other: what is caught leaves everything fit to use.
#include <cstddef>
extern std::size_t allocations, allocations_left;

// Eigen asserts before each of its allocations that one is allowed; NDEBUG
// would take the assertion away, so it is ours, and counts.
#define EIGEN_RUNTIME_NO_MALLOC
#define eigen_assert(holds) ((holds) ? void() : void(++allocations))
#include <eigenguide/eigenguide.hpp>

#include <cstdint>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <vector>

namespace {

bool passed = true;

/// Runs `call` where allocations are forbidden and reports how many it made.
template <class Call>
void expect(bool allocates, const char* name, const Call& call) {
  const std::size_t before = allocations;
  Eigen::internal::set_is_malloc_allowed(false);
  call();
  Eigen::internal::set_is_malloc_allowed(true);
  const std::size_t count = allocations - before;
  std::printf("%zu allocations: %s\n", count, name);
  passed = passed && (count > 0) == allocates;
}

/// Runs `call` with only so many allocations that one fails, and expects that
/// `holds` after each failure.
template <class Call, class Holds>
void expect_after_failures(const char* name, const Call& call, const Holds& holds) {
  for (std::size_t failures = 0;; ++failures) {
    allocations_left = failures;
    try {
      call();
      allocations_left = SIZE_MAX;
      std::printf("%zu failures: %s\n", failures, name);
      passed = passed && failures > 0;
      return;
    } catch (const std::bad_alloc&) {
      allocations_left = SIZE_MAX;
      passed = passed && holds();
    }
  }
}

}  // namespace

int main() {
  using namespace eigenguide;
  using Latents = Eigen::Tensor<float, 4, Eigen::RowMajor>;
  Latents x(3, 4, 16, 17), cond(3, 4, 16, 17), uncond(3, 4, 16, 17), out(3, 4, 16, 17);
  for (Eigen::Index i = 0; i < cond.size(); ++i) {
    x.data()[i] = static_cast<float>(i % 7 - 3);
    cond.data()[i] = static_cast<float>(i % 5 - 2);
    uncond.data()[i] = static_cast<float>(i % 11 - 5);
  }
  // Float sums cannot be trusted for these, so they are measured again, wide:
  // a variance below a large mean, and a u far shorter than c.
  Latents constant(3, 4, 16, 17), tiny(3, 4, 16, 17);
  constant.setConstant(1000.0f);
  for (Eigen::Index i = 0; i < tiny.size(); ++i) tiny.data()[i] = 1e-6f * uncond.data()[i];

  const std::vector<double> requests{1.5, 4.0, 7.5}, of_channels{1.5, 4.0, 7.5, 9.0};
  const std::vector<Level> levels{rectified_flow(0.2), rectified_flow(0.5), rectified_flow(0.8)};
  const Space flow_in_x0{Kind::flow, Kind::sample};

  // The counter counts. (A call of operator new, since a new-expression whose
  // memory is not used may be left out.)
  expect(true, "operator new", [] { ::operator delete(::operator new(1)); });
  expect(true, "a matrix of Eigen's", [] { Eigen::MatrixXf(3, 3).setZero(); });
  expect(true, "a tensor of Eigen's", [] { Eigen::Tensor<float, 1>(3).setZero(); });
  expect(true, "guide as a new tensor", [&] { guide(Cfg{7.5}, cond, uncond); });

  expect(false, "Cfg", [&] { guide(Cfg{7.5}, cond, uncond, out); });
  expect(false, "a chain", [&] {
    guide(CfgZeroStar{7.5} | ZeroInit{1, 3} | Rescale{0.7} | Renorm::capped(), cond, uncond, out);
  });
  expect(false, "Rescale, measured wide", [&] { guide(Cfg{7.5} | Rescale{0.7}, constant, uncond, out); });
  expect(false, "CfgZeroStar, measured wide", [&] { guide(CfgZeroStar{7.5}, cond, tiny, out); });
  expect(false, "Slerp in x0, per sample", [&] {
    guide(with(Slerp{} | Renorm::exact(), scales(requests)), flow_in_x0, levels, x, cond, uncond, out);
  });
  expect(false, "CfgZeroStar per sample", [&] { guide(with(CfgZeroStar{}, scales(requests)), cond, uncond, out); });
  expect(false, "ComfyUI's node",
         [&] { comfyui::guide(comfyui::CfgZeroStar{7.5}, x, cond, uncond, out); });
  expect(false, "a step in x0, per sample", [&] {
    const Update update{flow_in_x0, Renoise::uncond};
    step(CfgZeroStar{7.5} | Rescale{0.7}, update, levels, rectified_flow(0.1), x, cond, uncond, out);
  });
  AnyChain chosen = parse("cfg(scale=4) | rescale(phi=0.7)");
  expect(false, "a chain chosen at run time", [&] { guide(chosen, cond, uncond, out); });
  expect(false, "convert", [&] { convert({Kind::flow, Kind::epsilon}, levels, x, cond, out); });

  // Further predictions, a state that advances, groups and a mask.
  Latents skipped = x, state = cond, next = cond;
  state.setZero();
  std::vector<unsigned char> kept(3 * 17);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = i % 4 != 0;
  const BatchView<const unsigned char> of_columns(kept.data(), 3, 17, 17, Shape{{3, 17}, 2});
  expect(false, "a perturbed prediction and a momentum, over itself", [&] {
    guide(with(Momentum{-0.5} | Apg{7.5, 0.5, 2.5} | Perturbation{2.8}, perturbed(skipped), momentum(state, state)), cond,
          uncond, out);
  });
  expect(false, "a momentum, elsewhere, in x0", [&] {
    guide(with(Momentum{-0.5} | Apg{7.5}, momentum(state, next)), flow_in_x0, levels, x, cond, uncond, out);
  });
  expect(false, "a step with a perturbed prediction and a momentum", [&] {
    const Update update{flow_in_x0, Renoise::uncond};
    step(with(Momentum{-0.5} | Apg{7.5} | Perturbation{2.8}, perturbed(skipped), momentum(state, state)), update, levels,
         rectified_flow(0.1), x, cond, uncond, out);
  });
  expect(false, "per channel, with a momentum", [&] {
    guide(with(Momentum{-0.5} | Apg{7.5, 0.5, 2.5} | Rescale{0.7}, momentum(state, state), per_channel("bchw"),
               scales(of_channels)),
          cond, uncond, out);
  });
  expect(false, "per channel, masked", [&] {
    guide(with(CfgZeroStar{7.5}, per_channel("bchw"), mask(of_columns, "bw")), cond, uncond, out);
  });
  expect(false, "per pixel, measured wide", [&] {
    guide(with(CfgZeroStar{7.5} | Rescale{0.7}, per_pixel("bchw")), constant, tiny, out);
  });

  // A Guider allocates for its states when a run begins, and not after.
  std::vector<Diagnostics> found(3);
  Guider guider(Momentum{-0.5} | scheduled(Apg{}, within(StepWindow{0.0, 0.5}, Linear{7.5, 2.0})) | Rescale{0.7}, flow_in_x0);
  expect(true, "the beginning of a run", [&] { guider.reset(cond); });
  expect(false, "the steps of a run", [&] {
    for (std::size_t i = 0; i < 4; ++i) {
      const Moment now{i, 4, levels[1]};
      if (guider.needs(now).uncond()) guider.apply(now, x, cond, uncond, out, report(found));
      guider.apply(now, x, cond, cond, out);
      guider.advance();
    }
  });
  expect(false, "a report of constant weights", [&] { guide(with(Cfg{7.5}, report(found)), cond, uncond, out); });

  // What needs neighbours in space works in memory that its first call makes.
  Workspace workspace;
  FourierWorkspace fourier;
  LaplacianPyramid<float> pyramid(3);
  const FrequencyDecoupled octaves{{10.0, 5.0, 2.0}, {0.5}};
  const GaussianBlur gaussian{9, 2.0};
  const auto step = diffusers::FrequencyDecoupledGuidance{}.at(0);  // 16 is a power of two
  const auto spatial = [&] {
    blur(gaussian, cond, out, workspace);
    guide(octaves, cond, uncond, out, workspace);
    guide(step, cond, uncond, out, workspace);
    guide(FreSca{7.5, 1.0, 1.25, 3}, cond, uncond, out, fourier);
    guide(comfyui::FreSca{7.5, 1.0, 1.25, 3}, cond, uncond, out, fourier);
    pyramid.build(cond);
    pyramid.reconstruct(out);
  };
  expect(true, "spatial verbs, the first time", spatial);
  expect(false, "spatial verbs, again", spatial);

  // So does what needs order statistics, or the lengths of all positions.
  Workspace order;
  const auto each_threshold = [&](const char* name, const auto& call) {
    order = Workspace{};
    expect(true, name, call);
    expect(false, name, call);
  };
  each_threshold("DynamicThreshold", [&] { threshold(DynamicThreshold{}, x, out, order); });
  each_threshold("Mimic by channels", [&] { guide(Mimic{20.0, 7.0, 0.99, 1.0}, cond, uncond, out, order); });
  each_threshold("Mimic by samples", [&] { guide(Mimic{20.0, 7.0, 0.99, 1.0, false}, cond, uncond, out, order); });
  each_threshold("Tonemap", [&] { guide(Tonemap{7.5, 1.0}, cond, uncond, out, order); });
  each_threshold("ComfyUI's Tonemap",
                 [&] { comfyui::guide(comfyui::TonemapReinhard{7.5, 1.0}, cond, uncond, out, order); });
  each_threshold("sd-dynamic-thresholding's node", [&] {
    const auto simple = sd_dynamic_thresholding::simple_node(7.0, 0.99);
    sd_dynamic_thresholding::guide_node(simple, 20.0, 500.0, cond, uncond, out, order);
  });
  // And these need none.
  expect(false, "Mahiro", [&] { guide(Mahiro{7.5}, cond, uncond, out); });
  expect(false, "ComfyUI's Mahiro", [&] { comfyui::guide(comfyui::Mahiro{7.5}, cond, uncond, out); });
  expect(false, "Skimmed CFG", [&] { guide(SkimmedCfg{7.5, 4.0}, x, cond, uncond, out); });
  expect(false, "the node Skimmed CFG",
         [&] { skimmed_cfg::guide(skimmed_cfg::SingleScale{7.5, 4.0}, x, cond, uncond, out); });

  // A likelihood is as free of them as its model.
  LikelihoodWorkspace<float> along;
  std::vector<LogLikelihood> likelihoods;
  const auto grows = [](const std::vector<double>& t, const auto& from, const auto& to) {
    for (std::size_t i = 0; i < from.samples(); ++i)
      for (std::size_t n = 0; n < from.size(); ++n) to.sample(i)[n] = static_cast<float>(t[i]) * from.sample(i)[n];
  };
  auto flow = probability_flow(Kind::flow, rectified_flow_path,
                               with_vjp(grows, [&](const auto& t, const auto&, const auto& v, const auto& to) { grows(t, v, to); }));
  auto differences = probability_flow(Kind::flow, rectified_flow_path, finite_differences(grows));
  const LikelihoodOde fixed{RungeKutta4{}, Hutchinson{2, Distribution::gaussian}, NormalPrior{}, even_times(0.0, 1.0, 3)};
  const LikelihoodOde adaptive{DormandPrince{}, Hutchinson{2}, NormalPrior{}, {0.0, 1.0}};
  const auto likelihood = [&] {
    log_likelihood(fixed, flow, x, likelihoods, along);
    log_likelihood(adaptive, flow, x, of_columns, likelihoods, along);
    log_likelihood(fixed, differences, x, likelihoods, along);
  };
  expect(true, "likelihoods, the first time", likelihood);
  expect(false, "likelihoods, again", likelihood);

  // The run, the tensor and the samples that there were, or none.
  Latents large(4, 5, 17, 18);
  large.setConstant(0.5f);
  const auto is_taken = [](const auto& verb) {
    try {
      return verb(), true;
    } catch (const std::invalid_argument&) {
      return false;
    }
  };
  expect_after_failures("the beginning of a run", [&] { guider.reset(large); }, [&] {
    return is_taken([&] { guider.apply({4, 5, levels[1]}, x, cond, uncond, out); });
  });
  expect_after_failures("a pyramid", [&] { pyramid.build(large); }, [&] {
    return pyramid.level(2).size() == 4 * 4 * 4 && is_taken([&] { pyramid.reconstruct(out); });
  });
  expect_after_failures("a likelihood", [&] { log_likelihood(fixed, flow, large, likelihoods, along); }, [&] {
    const auto ended = along.ended();
    return ended.samples() * ended.stride() <= along.state.state.size();
  });
  return passed ? 0 : 1;
}
