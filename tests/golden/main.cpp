// SPDX-License-Identifier: MIT
// Runs the golden cases of the implemented methods against the library.

#include "compare.hpp"
#include "table.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {
namespace {

namespace fs = std::filesystem;

struct Suite {
  std::string name;
  Json cases;
};

struct Tally {
  std::size_t passed = 0, failed = 0, left = 0;  // cases; left: of methods not implemented
};

struct Run {
  std::size_t passed = 0, failed = 0;
};

/// The directories of EIGENGUIDE_GOLDEN, or the copy beside this file.
std::vector<fs::path> directories() {
  const char* variable = std::getenv("EIGENGUIDE_GOLDEN");
  const std::string list = variable && *variable ? variable : GOLDEN_DATA_DIR;
  std::vector<fs::path> paths;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    if (end > begin) paths.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  if (paths.empty()) throw std::runtime_error("EIGENGUIDE_GOLDEN names no directory: " + list);
  return paths;
}

Suite read(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  try {
    const Json json = Json::parse(file);
    if (json.at("schema_version") != 1)
      throw std::runtime_error("schema_version is " + json.at("schema_version").dump() + ", expected 1");
    Suite suite{json.value("suite", path.stem().string()), json.at("cases")};
    if (!suite.cases.is_array()) throw std::runtime_error("`cases` is not a list");
    for (const Json& one : suite.cases)
      for (const char* key : {"name", "method", "dtype"}) one.at(key).get<std::string>();
    return suite;
  } catch (const std::exception& error) {
    throw std::runtime_error(path.string() + ": " + error.what());
  }
}

std::vector<Suite> read_all() {
  std::vector<Suite> suites;
  for (const fs::path& directory : directories()) {
    if (!fs::is_directory(directory))
      throw std::runtime_error(directory.string() + ": not a directory");
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(directory))
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    if (files.empty()) throw std::runtime_error(directory.string() + ": has no *.json");
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) suites.push_back(read(file));
  }
  return suites;
}

/// What is wrong with one run of one case; nothing when it passes.
template <class Compute>
std::vector<std::string> failures(const Json& json, const Reference& reference, const Compute& compute) {
  try {
    return mismatches(json, reference, compute());
  } catch (const std::exception& error) {
    return {error.what()};
  }
}

class Runner {
 public:
  Runner(const Table& table, bool require_read) : table_(table), require_read_(require_read) {}

  void run(const Suite& suite, const std::string& filter) {
    Tally tally;
    std::set<std::string> missing;
    for (const Json& json : suite.cases) {
      const std::string method = json.at("method");
      if (!filter.empty() && method != filter) continue;
      if (const Method* found = table_.find(method)) {
        implemented_.insert(method);
        ++(run(json, *found) ? tally.passed : tally.failed);
      } else {
        missing.insert(method);
        ++tally.left;
      }
    }
    missing_.insert(missing.begin(), missing.end());
    total_.passed += tally.passed;
    total_.failed += tally.failed;
    total_.left += tally.left;
    if (tally.passed + tally.failed + tally.left == 0) return;
    std::printf("%-36s passed %3zu   failed %3zu   not implemented %2zu methods, %3zu cases\n",
                suite.name.c_str(), tally.passed, tally.failed, missing.size(), tally.left);
  }

  /// Prints the count of everything. Returns the exit status.
  int finish(bool require_all, const std::string& filter) const {
    std::printf("\npassed           %3zu cases of %zu methods (%zu runs in float, %zu in double)\n",
                total_.passed, implemented_.size(), float_.passed, double_.passed);
    std::printf("failed           %3zu cases (%zu runs in float, %zu in double)\n", total_.failed,
                float_.failed, double_.failed);
    std::printf("not implemented  %3zu cases of %zu methods\n", total_.left, missing_.size());
    int status = total_.failed > 0 ? 1 : 0;
    if (require_all && !missing_.empty()) {
      std::fprintf(stderr, "golden: --require-all: not implemented:");
      for (const std::string& method : missing_) std::fprintf(stderr, " %s", method.c_str());
      std::fprintf(stderr, "\n");
      status = 1;
    }
    if (total_.passed + total_.failed == 0) {
      std::fprintf(stderr, "golden: no case was run%s\n",
                   filter.empty() ? "" : (": none of an implemented method `" + filter + "`").c_str());
      status = 1;
    }
    return status;
  }

 private:
  bool run(const Json& json, const Method& method) {
    const std::string dtype = json.at("dtype");
    bool passed = true;
    const auto count = [&](Run& runs, const char* type, const std::vector<std::string>& lines) {
      ++(lines.empty() ? runs.passed : runs.failed);
      for (const std::string& line : lines)
        std::printf("FAILED %s (%s): %s\n", json.at("name").get<std::string>().c_str(), type, line.c_str());
      passed = passed && lines.empty();
    };
    const auto whole = [&](const auto& one, const auto& compute) {
      Outputs outputs = compute(one);
      for (const std::string& name : one.unread())
        if (require_read_ && !method.without_part.count(name)) throw std::runtime_error("does not read the parameter `" + name + "`");
      return outputs;
    };
    const auto as_float = [&] { return whole(Case<float>(json), method.in_float); };
    const auto as_double = [&] { return whole(Case<double>(json), method.in_double); };

    if (dtype == "float32")
      count(float_, "float", failures(json, in_case_dtype, as_float));
    else if (dtype == "float64")
      count(double_, "double", failures(json, in_case_dtype, as_double));
    else
      count(float_, "neither type", {"has the unknown dtype `" + dtype + "`"});
    if (json.contains("expected_f64"))
      count(double_, "double", failures(json, in_double, as_double));
    return passed;
  }

  const Table& table_;
  bool require_read_;
  Tally total_;
  Run float_, double_;
  std::set<std::string> implemented_, missing_;
};

/// Every method of the data and of the table.
void list(const Table& table, const std::vector<Suite>& suites) {
  std::map<std::string, std::size_t> cases;
  for (const auto& [method, unused] : table.methods()) cases[method] = 0;
  for (const Suite& suite : suites)
    for (const Json& json : suite.cases) ++cases[json.at("method").get<std::string>()];
  for (const auto& [method, count] : cases)
    std::printf("%-15s  %3zu cases  %s\n", table.find(method) ? "implemented" : "not implemented", count,
                method.c_str());
}

int main(int argc, char** argv) {
  bool only_list = false, require_all = false, require_read = false;
  std::string filter;
  CLI::App app{"Runs the golden cases in the directories of EIGENGUIDE_GOLDEN (colon-separated; "
               "default: " GOLDEN_DATA_DIR ") against the library.", "golden"};
  app.add_flag("--list", only_list, "List the methods, and which are implemented");
  app.add_flag("--require-all", require_all, "Fail on any method that is not implemented");
  app.add_flag("--require-read", require_read, "Fail on any parameter of a case that is not read");
  app.add_option("--filter", filter, "Run the cases of one method only")->type_name("METHOD");
  CLI11_PARSE(app, argc, argv);

  Table table;
  add_guiders(table);
  add_zero_star(table);
  add_perturbation(table);
  add_pipelines(table);
  add_steps(table);
  add_comfyui(table);
  add_conversions(table);
  add_slerp(table);
  add_threshold(table);
  add_apg(table);
  add_frequency(table);
  add_samplers(table);
  add_preconditioning(table);
  add_trajectories(table);
  add_comfyui_sigmas(table);
  add_k_diffusion(table);
  add_diffusers_sigmas(table);
  add_training(table);
  add_analytic(table);
  add_likelihood(table);

  const std::vector<Suite> suites = read_all();
  if (only_list) {
    list(table, suites);
    return 0;
  }
  Runner runner(table, require_read);
  for (const Suite& suite : suites) runner.run(suite, filter);
  return runner.finish(require_all, filter);
}

}  // namespace
}  // namespace golden

int main(int argc, char** argv) {
  try {
    return golden::main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "golden: %s\n", error.what());
    return 2;
  }
}
