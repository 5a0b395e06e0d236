// SPDX-License-Identifier: MIT
// Guides predictions that a Python pipeline has saved, and compares with what
// it made of them itself. One step of any method, over the C library.
#include "npy.hpp"
#include "safetensors.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace npy_guide;

/// Does `action`, whose errors get the name of the file.
template <class Action>
auto of_file(const std::string& path, const Action& action) {
  try {
    return action();
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

/// FILE.npy, FILE.safetensors or FILE.safetensors:NAME
Tensor read(const std::string& from) {
  const std::string extension = ".safetensors";
  const std::size_t at = from.find(extension + ":"), colon = at == std::string::npos ? from.size() : at + extension.size();
  const std::string path = from.substr(0, colon), name = from.substr((std::min)(colon + 1, from.size()));
  const bool is_npy = path.size() < extension.size() || path.compare(path.size() - extension.size(), extension.size(), extension) != 0;
  return of_file(path, [&] { return is_npy ? read_npy(read_file(path)) : read_safetensors(read_file(path), name); });
}

/// NAME=FILE
std::pair<std::string, std::string> named(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos) throw std::runtime_error("'" + text + "' is not NAME=FILE");
  return {text.substr(0, at), text.substr(at + 1)};
}

void check(eigenguide_status status, const eigenguide_error& error) {
  if (status != EIGENGUIDE_OK) throw std::runtime_error(error.message);
}

struct Options {
  std::string method, cond, uncond, out, x, compare, model_kind, method_kind, layout, each;
  std::vector<std::string> given, next;
  std::vector<double> scales, alpha, sigma;
  double sigma_data = 0.5;
  std::size_t step = 0, count = 0;
  bool one_sample = false;
};

/// The tensors of a call, all of the shape and type of cond.
class Inputs {
 public:
  explicit Inputs(const Tensor& cond) : cond_(cond) {}

  Tensor& add(const std::string& from) {
    Tensor tensor = read(from);
    if (tensor.type != cond_.type || tensor.shape != cond_.shape)
      throw std::runtime_error(from + ": it is " + text_of(tensor.shape) + " of " + name_of(tensor.type) +
                               "; expected that of --cond, " + text_of(cond_.shape) + " of " + name_of(cond_.type));
    return tensors_.emplace_back(std::move(tensor));
  }

 private:
  const Tensor& cond_;
  std::deque<Tensor> tensors_;
};

void print(const std::vector<eigenguide_diagnostics>& report, std::size_t groups) {
  constexpr std::size_t most = 16;
  std::printf("%-14s %10s %10s %10s %10s %10s\n", "", "scale", "|d|/|u|", "cos(c, u)", "alpha*", "not finite");
  for (std::size_t i = 0; i < (std::min)(report.size(), most); ++i) {
    const std::string sample = "sample " + std::to_string(i / groups), group = " group " + std::to_string(i % groups);
    const eigenguide_diagnostics& found = report[i];
    std::printf("%-14s %10.5g %10.5g %10.5g %10.5g %10llu\n", (groups == 1 ? sample : sample + group).c_str(), found.scale,
                found.relative_difference, found.cosine, found.zero_star, static_cast<unsigned long long>(found.non_finite));
  }
  if (report.size() > most) std::printf("and %zu more\n", report.size() - most);
}

/// Prints how far two tensors are apart.
void compare(const Tensor& ours, const Tensor& theirs) {
  double largest = 0.0, difference = 0.0;
  std::size_t at = 0, not_finite = 0;
  for (std::size_t i = 0; i < ours.elements(); ++i) {
    const double a = ours[i], b = theirs[i];
    if (!std::isfinite(a) || !std::isfinite(b)) {
      ++not_finite;
      continue;
    }
    largest = (std::max)(largest, std::abs(b));
    if (std::abs(a - b) > difference) difference = std::abs(a - b), at = i;
  }
  std::printf("largest difference %.3g at element %zu, %.3g of the largest value", difference, at, largest > 0.0 ? difference / largest : 0.0);
  std::printf(not_finite > 0 ? "; %zu elements are not finite\n" : "\n", not_finite);
}

void guide(const Options& options) {
  const Tensor cond = read(options.cond);
  Inputs inputs(cond);
  Tensor out = cond;
  eigenguide_error error;
  eigenguide_method* parsed = nullptr;
  check(eigenguide_method_parse(options.method.c_str(), &parsed, &error), error);
  const std::unique_ptr<eigenguide_method, void (*)(eigenguide_method*)> method(parsed, eigenguide_method_free);

  eigenguide_call call{};
  call.type = cond.type;
  const bool has_batch = !options.one_sample && cond.shape.size() > 1;
  std::vector<std::size_t> extents(cond.shape.begin(), cond.shape.end());
  if (!has_batch) extents.insert(extents.begin(), 1);
  call.samples = extents[0];
  call.size = call.samples == 0 ? 0 : cond.elements() / call.samples;
  call.cond.data = cond.bytes.data();
  if (!options.uncond.empty()) call.uncond.data = inputs.add(options.uncond).bytes.data();
  call.out.data = out.bytes.data();

  std::vector<eigenguide_given> given;
  std::deque<std::string> names;
  for (const std::string& each : options.given) {
    const auto& [name, from] = named(each);
    given.push_back({names.emplace_back(name).c_str(), {inputs.add(from).bytes.data(), 0}, {nullptr, 0}, options.step});
  }
  std::deque<std::pair<std::string, Tensor>> next;
  for (const std::string& each : options.next) {
    const auto& [name, path] = named(each);
    const auto state = std::find_if(given.begin(), given.end(), [&n = name](const auto& one) { return n == one.name; });
    if (state == given.end()) throw std::runtime_error("--next " + name + ": there is no --given " + name);
    state->next.data = next.emplace_back(path, cond).second.bytes.data();
  }
  call.given = given.data();
  call.given_count = given.size();

  std::size_t groups = 1;
  if (!options.layout.empty()) {
    if (options.layout.size() != extents.size())
      throw std::runtime_error("--layout " + options.layout + " is not a letter for each dimension of " + text_of(cond.shape) +
                               (has_batch ? "" : ", and one before for the sample"));
    call.layout = options.layout.c_str();
    call.each = options.each.c_str();
    call.extents = extents.data();
    for (std::size_t i = 1; i < extents.size(); ++i)
      if (options.each.find(options.layout[i]) != std::string::npos) groups *= extents[i];
  }
  if (!options.scales.empty()) {
    if (options.scales.size() != call.samples * groups)
      throw std::runtime_error("--scales has " + std::to_string(options.scales.size()) + " numbers; expected one for each of " +
                               std::to_string(call.samples * groups) + " samples or groups");
    call.scales = options.scales.data();
  }
  if (!options.model_kind.empty()) call.model_kind = options.model_kind.c_str();
  if (!options.method_kind.empty()) call.method_kind = options.method_kind.c_str();
  call.sigma_data = options.sigma_data;
  if (!options.x.empty()) call.x.data = inputs.add(options.x).bytes.data();
  std::vector<eigenguide_level> levels;
  if (options.alpha.size() != options.sigma.size()) throw std::runtime_error("--alpha and --sigma are not of the same length");
  for (std::size_t i = 0; i < options.alpha.size(); ++i) levels.push_back({options.alpha[i], options.sigma[i]});
  call.levels = levels.data();
  call.level_count = levels.size();
  call.step = options.step;
  call.count = options.count;

  std::vector<eigenguide_diagnostics> report(call.samples * groups);
  call.report = report.data();
  check(eigenguide_guide(method.get(), &call, &error), error);
  if (!options.out.empty()) of_file(options.out, [&] { write_npy(options.out, out); });
  for (const auto& [path, tensor] : next) of_file(path, [&p = path, &t = tensor] { write_npy(p, t); });
  std::printf("%s of %s, %s\n", text_of(cond.shape).c_str(), name_of(cond.type), options.method.c_str());
  print(report, groups);
  if (!options.compare.empty()) compare(out, inputs.add(options.compare));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Guides predictions saved as .npy or .safetensors (FILE.safetensors:NAME).");
  app.add_option("--method", options.method, "as docs/methods.md has them: \"cfg_zero_star(scale=5) | rescale(phi=0.7)\"")->required();
  app.add_option("--cond", options.cond, "the conditional prediction; the first dimension is the batch")->required();
  app.add_option("--uncond", options.uncond, "the unconditional one, where the method depends on it");
  app.add_option("--out", options.out, "where the guided prediction goes, .npy");
  app.add_option("--compare", options.compare, "what another sampler made of the same");
  app.add_option("--given", options.given, "NAME=FILE: perturbed, middle, ..., momentum, ...");
  app.add_option("--next", options.next, "NAME=FILE: where the next value of a given state goes");
  app.add_option("--scales", options.scales, "one for each sample")->delimiter(',');
  app.add_option("--model-kind", options.model_kind, "epsilon, sample, v, flow, flow_to_data, score or edm");
  app.add_option("--method-kind", options.method_kind, "the kind in which the method's formula is read");
  app.add_option("--sigma-data", options.sigma_data, "of edm");
  app.add_option("--x", options.x, "the noisy samples, where the kinds differ");
  app.add_option("--alpha", options.alpha, "one, or one for each sample")->delimiter(',');
  app.add_option("--sigma", options.sigma, "one, or one for each sample")->delimiter(',');
  app.add_option("--layout", options.layout, "a letter for each dimension, for --each: bchw");
  app.add_option("--each", options.each, "the dimensions that number the groups: c");
  CLI::Option* const step = app.add_option("--step", options.step, "of a run, 0-based");
  step->needs(app.add_option("--count", options.count, "how many steps the run has"));
  app.add_flag("--one-sample", options.one_sample, "the first dimension is not the batch");
  CLI11_PARSE(app, argc, argv);
  try {
    guide(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "npy_guide: %s\n", error.what());
    return 1;
  }
}
