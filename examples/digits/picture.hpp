// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "canvas.hpp"
#include "dataset.hpp"
#include "metrics.hpp"

namespace digits {

/// One row of the picture.
struct Strip {
  std::string title, scale, frechet;
  Eigen::MatrixXf images;  // sorted by class, equally many of each
  bool begins_group = false;
};

/// Ink on paper. A pixel out of range turns red or blue, the more the further
/// off it is: a grey that were merely clipped would hide it.
inline Colour shade(float value) {
  if (std::isnan(value)) return {255, 0, 255};
  const float grey = 255.0F * (1.0F - std::clamp(0.5F * (value + 1.0F), 0.0F, 1.0F));
  const float excess = std::clamp(std::abs(value) - out_of_range, 0.0F, 1.0F);
  const std::array<float, 3> alarm =
      value < 0.0F ? std::array{40.0F, 130.0F, 255.0F}
                   : std::array{255.0F, 40.0F, 10.0F};
  const auto mix = [&](float to) {
    return static_cast<std::uint8_t>(std::lround(grey + excess * (to - grey)));
  };
  return {mix(alarm[0]), mix(alarm[1]), mix(alarm[2])};
}

inline void draw_digit(Canvas& canvas, int left, int top, int dot,
                       const Eigen::VectorXf& image) {
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      canvas.fill(left + dot * x, top + dot * y, dot, dot,
                  shade(image(y * side + x)));
}

/// Draws the strips below each other: title, scale, digits, Fréchet distance
/// where any has one; and a legend.
inline void write_picture(const std::filesystem::path& path,
                          const std::vector<Strip>& strips) {
  constexpr Colour paper{236, 236, 232}, ink{30, 30, 30}, faint{130, 130, 130};
  constexpr int dot = 4, digit = dot * side, gap = 2, class_gap = 8,
                group_gap = 12, margin = 16, header = 30, line = 26;
  constexpr int text_drop = (digit - Canvas::text_height) / 2 + 1;

  const int per_class = static_cast<int>(strips.front().images.cols()) / classes;
  const int class_width = per_class * (digit + gap) - gap;
  const auto widest = [&](std::string Strip::*text) {
    int width = 0;
    for (const Strip& strip : strips)
      width = std::max(width, Canvas::text_width(strip.*text));
    return width;
  };
  const int scale_left = margin + widest(&Strip::title) + 14;
  const int digits_left = scale_left + widest(&Strip::scale) + 14;
  const int digits_width = classes * (class_width + class_gap) - class_gap;
  const bool has_frechet = widest(&Strip::frechet) > 0, has_scale = widest(&Strip::scale) > 0;
  const std::string heading = has_frechet ? "Frechet" : "";
  const int frechet_width =
      std::max(widest(&Strip::frechet), Canvas::text_width(heading));
  const int frechet_right = digits_left + digits_width + (has_frechet ? 14 : 0) + frechet_width;

  std::vector<std::string> legend{
      std::string(has_scale ? "s: guidance scale. " : "") + "Red, blue: pixels above, below the range of the data."};
  if (has_frechet)
    legend.emplace_back("Frechet distance to the real digits, in pixels: lower is better. One tiny model.");
  int height = 2 * margin + header +
               line * static_cast<int>(legend.size());
  for (const Strip& strip : strips)
    height += digit + gap + (strip.begins_group ? group_gap : 0);
  Canvas canvas(frechet_right + margin, height, paper);

  const auto class_left = [&](int label) {
    return digits_left + label * (class_width + class_gap);
  };
  for (int label = 0; label < classes; ++label) {
    const std::string name = std::to_string(label);
    canvas.text(class_left(label) +
                    (class_width - Canvas::text_width(name)) / 2,
                margin, name, faint);
  }
  canvas.text(frechet_right - Canvas::text_width(heading), margin, heading,
              faint);

  int top = margin + header;
  for (const Strip& strip : strips) {
    if (strip.begins_group) top += group_gap;
    canvas.text(margin, top + text_drop, strip.title, ink);
    canvas.text(scale_left, top + text_drop, strip.scale, ink);
    for (int i = 0; i < strip.images.cols(); ++i)
      draw_digit(canvas,
                 class_left(i / per_class) + i % per_class * (digit + gap), top,
                 dot, strip.images.col(i));
    canvas.text(frechet_right - Canvas::text_width(strip.frechet),
                top + text_drop, strip.frechet, ink);
    top += digit + gap;
  }
  for (const std::string& text : legend) {
    canvas.text(margin, top + line - Canvas::text_height, text, faint);
    top += line;
  }
  canvas.write_png(path);
}

}  // namespace digits
