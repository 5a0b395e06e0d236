// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

namespace digits {

/// A progress bar on stderr. On a terminal it redraws one line; in a log it
/// writes a line at every tenth of the way.
class Progress {
 public:
  explicit Progress(int total) : total_(total) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One more of `total` is done; `note` stands behind the bar.
  void advance(const std::string& note) {
    ++done_;
    const int percent = static_cast<int>(100LL * done_ / total_);
    if (percent == shown_ || (!terminal_ && percent / 10 == shown_ / 10))
      return;
    shown_ = percent;
    const std::string full(static_cast<std::size_t>(percent / 4), '#');
    std::fprintf(stderr, "%s[%-25s] %3d %%  %s%s", terminal_ ? "\r" : "",
                 full.c_str(), percent, note.c_str(),
                 terminal_ ? "\x1b[K" : "\n");
    std::fflush(stderr);
  }

  /// Wipes the bar, so that a line of output can take its place.
  void clear() {
    if (terminal_) std::fputs("\r\x1b[K", stderr);
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  int total_;
  int done_ = 0;
  int shown_ = 0;
};

}  // namespace digits
