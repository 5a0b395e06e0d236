// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace digits {

/// Fails now if `path` can clearly not be written, so that nobody learns it
/// after a minute of work.
inline void require_writable(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  // A rename would also replace a device or a pipe.
  if (!fs::is_directory(folder) || !path.has_filename() ||
      (fs::exists(path) && !fs::is_regular_file(path)))
    throw std::runtime_error("Cannot write '" + path.string() +
                             "': it must name a regular file in an existing "
                             "folder.");
  const fs::path trial = path.string() + ".part";
  if (!std::ofstream(trial, std::ios::binary))
    throw std::runtime_error("Cannot write '" + path.string() +
                             "': its folder does not allow it.");
  fs::remove(trial);
}

/// Writes a whole file or none: under another name first, then renamed.
inline void write_file(const std::filesystem::path& path,
                       const std::string& bytes) {
  namespace fs = std::filesystem;
  const fs::path part = path.string() + ".part";
  std::ofstream file(part, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code failed;
  if (file) fs::rename(part, path, failed);
  if (!file || failed) {
    fs::remove(part, failed);
    throw std::runtime_error("Cannot write '" + path.string() + "'.");
  }
}

}  // namespace digits
