// SPDX-License-Identifier: MIT
// Guided handwritten digits: how methods of guidance differ, in a table and a
// picture, on one tiny network.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "dataset.hpp"
#include "metrics.hpp"
#include "network.hpp"
#include "options.hpp"
#include "picture.hpp"
#include "progress.hpp"
#include "random.hpp"
#include "sampler.hpp"
#include "training.hpp"
#include "weights.hpp"

namespace {

using namespace digits;

constexpr int drawn_per_class = 2;

struct Row {
  const Method* method;
  double scale;
};

std::string number(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// Methods without a scale have one row, the others one of each scale.
std::vector<Row> rows_of(const Options& options) {
  std::vector<Row> rows;
  for (const std::string& name : options.methods) {
    const Method& method = find_method(name);
    if (!method.has_scale) {
      rows.push_back({&method, 1.0});
      continue;
    }
    for (const double scale : options.scales) rows.push_back({&method, scale});
  }
  return rows;
}

/// The first few samples of each class; `labels` is sorted.
Eigen::MatrixXf first_of_each_class(const Eigen::MatrixXf& images,
                                    const std::vector<int>& labels,
                                    int per_class) {
  Eigen::MatrixXf first(pixels, classes * per_class);
  std::vector<int> count(classes, 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    int& seen = count[static_cast<std::size_t>(labels[i])];
    if (seen < per_class)
      first.col(labels[i] * per_class + seen++) =
          images.col(static_cast<Eigen::Index>(i));
  }
  return first;
}

void print_line(const std::string& title, const std::string& scale,
                const std::string& accuracy, const std::string& frechet,
                const std::string& outside, const std::string& time) {
  std::printf("%-20s %6s %10s %9s %14s %16s\n", title.c_str(), scale.c_str(),
              accuracy.c_str(), frechet.c_str(), outside.c_str(), time.c_str());
  std::fflush(stdout);
}

Network obtain_network(const Options& options, const Dataset& data) {
  if (!options.train) return read_weights(options.weights);
  require_writable(options.weights);
  std::fprintf(stderr, "Training on %ld digits\n",
               static_cast<long>(data.size()));
  const auto start = std::chrono::steady_clock::now();
  const Network network = train(data, static_cast<std::uint64_t>(options.seed));
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  write_weights(options.weights, network);
  std::fprintf(stderr, "Trained in %.0f s; wrote %s\n", seconds.count(),
               options.weights.c_str());
  return network;
}

void run(const Options& options) {
  require_writable(options.out);
  const Dataset data = read_dataset(options.data);
  const Network network = obtain_network(options, data);
  const Judge judge(data);
  const std::vector<Row> rows = rows_of(options);
  const int drawn = std::min(drawn_per_class, options.samples);
  std::vector<Strip> strips;

  std::printf(
      "%d samples a class, %d steps, seed %lld; one tiny network of %ld "
      "weights\n\n",
      options.samples, options.steps, static_cast<long long>(options.seed),
      static_cast<long>(parameter_count));
  print_line("method", "scale", "accuracy", "Frechet", "out of range",
             "guidance us/step");

  // What the figures are for real digits: one half judged by the other.
  const Dataset even = data.half(0), odd = data.half(1);
  const Scores real = Judge(even).score(odd.images, odd.labels);
  print_line("real digits", "", number("%.1f %%", 100.0 * real.accuracy),
             number("%.1f", real.frechet),
             number("%.1f %%", 100.0 * real.out_of_range), "");
  strips.push_back({"real digits", "", number("%.1f", real.frechet),
                    first_of_each_class(data.images, data.labels, drawn)});

  // Every row starts from the same noise, so that rows differ by method alone.
  std::vector<int> labels;
  for (int label = 0; label < classes; ++label)
    labels.insert(labels.end(), static_cast<std::size_t>(options.samples),
                  label);
  Random random(static_cast<std::uint64_t>(options.seed));
  const Eigen::MatrixXf noise =
      random.normal_matrix(pixels, classes * options.samples);

  Progress progress(static_cast<int>(rows.size()) * options.steps);
  const Method* previous = nullptr;
  for (const Row& row : rows) {
    const Method* const method = row.method;
    const Sampled sampled =
        sample(network, *method, row.scale, options.steps, noise, labels,
               [&] { progress.advance(method->title); });
    progress.clear();

    const std::string scale_text =
        method->has_scale ? number("%g", row.scale) : "";
    const std::string time = number("%.1f", sampled.guidance_microseconds);
    std::string frechet_text = "diverged";
    if (sampled.images.allFinite()) {
      const Scores scores = judge.score(sampled.images, labels);
      frechet_text = number("%.1f", scores.frechet);
      print_line(method->title, scale_text,
                 number("%.1f %%", 100.0 * scores.accuracy), frechet_text,
                 number("%.1f %%", 100.0 * scores.out_of_range), time);
    } else {
      print_line(method->title, scale_text, "-", frechet_text, "-", time);
    }

    const bool first_of_method = method != previous;
    previous = method;
    strips.push_back({first_of_method ? method->title : "",
                      method->has_scale ? "s=" + scale_text : "", frechet_text,
                      first_of_each_class(sampled.images, labels, drawn),
                      first_of_method});
  }

  std::printf(
      "\naccuracy      the 5 nearest real digits vote for the class asked for\n"
      "Frechet       squared distance of Gaussians fitted to the pixels; lower "
      "is nearer\n"
      "out of range  pixels beyond [-1, 1] by more than a grey step of the data\n"
      "guidance      time in the library, for all samples of a step together\n");
  write_picture(options.out, strips);
  std::printf("\nWrote %s\n", options.out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(read_options(argc, argv));
    return 0;
  } catch (const CLI::CallForHelp&) {
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "digits: %s\n", error.what());
    return 1;
  }
}
