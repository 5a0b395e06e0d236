// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <stb_easy_font.h>
#include <stb_image_write.h>

#include "files.hpp"

namespace digits {

struct Colour {
  std::uint8_t red, green, blue;
};

/// An RGB image to draw rectangles and text on.
class Canvas {
 public:
  Canvas(int width, int height, Colour paper)
      : width_(width),
        height_(height),
        pixels_(static_cast<std::size_t>(width) *
                    static_cast<std::size_t>(height),
                paper) {}

  /// What falls outside the canvas is left out.
  void fill(int left, int top, int width, int height, Colour colour) {
    for (int y = std::max(top, 0); y < std::min(top + height, height_); ++y)
      for (int x = std::max(left, 0); x < std::min(left + width, width_); ++x)
        pixels_[static_cast<std::size_t>(y) *
                    static_cast<std::size_t>(width_) +
                static_cast<std::size_t>(x)] = colour;
  }

  /// Draws ASCII `text`, each dot of the font a square of `text_dot` pixels.
  void text(int left, int top, std::string text, Colour colour) {
    // stb_easy_font gives each stroke as a rectangle: four corners from the
    // top left clockwise, of which the first and third are enough.
    struct Corner {
      float x, y, z;
      std::array<std::uint8_t, 4> colour;
    };
    std::vector<Corner> corners(text.size() * 4 * 16);
    const int strokes = stb_easy_font_print(
        0.0F, 0.0F, text.data(), nullptr, corners.data(),
        static_cast<int>(corners.size() * sizeof(Corner)));
    for (int s = 0; s < strokes; ++s) {
      const Corner& from = corners[static_cast<std::size_t>(4 * s)];
      const Corner& to = corners[static_cast<std::size_t>(4 * s + 2)];
      fill(left + text_dot * static_cast<int>(from.x),
           top + text_dot * static_cast<int>(from.y),
           text_dot * static_cast<int>(to.x - from.x),
           text_dot * static_cast<int>(to.y - from.y), colour);
    }
  }

  static int text_width(std::string text) {
    return text_dot * stb_easy_font_width(text.data());
  }

  void write_png(const std::filesystem::path& path) const {
    std::string bytes;
    const auto append = [](void* target, void* data, int size) {
      static_cast<std::string*>(target)->append(static_cast<char*>(data),
                                                static_cast<std::size_t>(size));
    };
    if (stbi_write_png_to_func(append, &bytes, width_, height_, 3,
                               pixels_.data(), 3 * width_) == 0)
      throw std::runtime_error("Cannot encode the picture as PNG.");
    write_file(path, bytes);
  }

  static constexpr int text_dot = 2;
  static constexpr int text_height = 8 * text_dot;  // of a capital, with air

 private:
  int width_, height_;
  std::vector<Colour> pixels_;
};

}  // namespace digits
