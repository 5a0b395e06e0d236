// SPDX-License-Identifier: MIT
#include <eigenguide/schedule/window.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

using namespace eigenguide;

namespace {

/// A mark for each step of a run of `count`.
template <class Window>
std::string marks(const Window& window, std::size_t count) {
  std::string all;
  for (std::size_t step = 0; step < count; ++step) all += window.contains({step, count, {}}) ? '#' : '.';
  return all;
}

/// A window of numbers that are all good.
struct Only {
  std::size_t step;
  bool contains(const Moment& moment) const { return moment.step == step; }
};

template <class Window>
bool at_sigma(const Window& window, double sigma) {
  return window.contains({0, 1, variance_exploding(sigma)});
}

}  // namespace

TEST_CASE("step window: half open, in shares of the run") {
  CHECK(marks(StepWindow{}, 3) == "###");
  CHECK(marks(StepWindow{0.1, 0.5}, 20) == "..########..........");
  CHECK(marks(StepWindow{0.25, 0.75}, 4) == ".##.");
  CHECK(marks(StepWindow{0.26, 0.76}, 4) == "..##");  // a step begins in it, or does not
  CHECK(marks(StepWindow{0.5, 0.5}, 4) == "....");
  CHECK(marks(StepWindow{0.0, 0.5}, 1) == "#");
  CHECK(marks(StepWindow{0.5, 1.0}, 1) == ".");
  // The share of a step, as a number: 55 / 100 is 0.55, and 0.55 · 100 is not 55.
  for (const auto& [share, count] : {std::pair{0.55, 100u}, {0.07, 100u}, {0.56, 100u}, {0.14, 50u}, {0.28, 25u}}) {
    const auto step = static_cast<std::size_t>(std::lround(share * count));
    CHECK(StepWindow{share, 1.0}.contains({step, count, {}}));
    CHECK_FALSE(StepWindow{0.0, share}.contains({step, count, {}}));
  }
  CHECK_REJECTS((StepWindow{-0.1, 1.0}.validate()), "`start` is -0.1; expected a number in [0, 1]");
  CHECK_REJECTS((StepWindow{0.0, 1.5}.validate()), "`stop` is 1.5");
}

TEST_CASE("sigma window: without its lower end, with its upper") {
  const SigmaWindow window{0.28, 5.42};
  CHECK_FALSE(at_sigma(window, 0.28));
  CHECK(at_sigma(window, 0.29));
  CHECK(at_sigma(window, 5.42));
  CHECK_FALSE(at_sigma(window, 5.43));
  CHECK(at_sigma(SigmaWindow{}, 1e300));
  CHECK_FALSE(at_sigma(SigmaWindow{}, 0.0));
  // In units of the data, whatever the coordinates: σ / α = 3.
  CHECK(window.contains({0, 1, rectified_flow(0.75)}));
  CHECK(window.contains({0, 1, variance_preserving(0.1)}));
  CHECK_FALSE(SigmaWindow{3.1, 9.0}.contains({0, 1, variance_preserving(0.1)}));
  // Pure noise.
  CHECK(SigmaWindow{}.contains({0, 1, rectified_flow(1.0)}));
  CHECK_FALSE(window.contains({0, 1, rectified_flow(1.0)}));
  CHECK_REJECTS((SigmaWindow{-1.0, 2.0}.validate()), "`low` is -1");
  CHECK_REJECTS((SigmaWindow{0.0, -2.0}.validate()), "`high` is -2");
}

TEST_CASE("time window: of flows, and of any level with as much noise") {
  const TimeWindow window{0.11, 0.8};
  CHECK_FALSE(window.contains({0, 1, rectified_flow(0.11)}));
  CHECK(window.contains({0, 1, rectified_flow(0.12)}));
  CHECK(window.contains({0, 1, rectified_flow(0.8)}));
  CHECK(window.contains({0, 1, variance_exploding(4.0)}));
  CHECK_FALSE(window.contains({0, 1, variance_exploding(4.1)}));
  CHECK_REJECTS((TimeWindow{0.5, 2.0}.validate()), "`high` is 2");
}

TEST_CASE("oscillation: all of the first steps, then one of every few") {
  CHECK(marks(Oscillation{}, 16) == "###########.#.#.");
  CHECK(marks(Oscillation{0, 3}, 7) == "#..#..#");
  CHECK(marks(Oscillation{3, 4}, 9) == "###.#...#");
  CHECK(marks(Oscillation{2, 1}, 4) == "####");
  CHECK_REJECTS((Oscillation{1, 0}.validate()), "`period` is 0");
}

TEST_CASE("outside: the rest of the run") {
  CHECK(marks(outside(StepWindow{0.25, 0.75}), 4) == "#..#");
  CHECK_REJECTS(outside(StepWindow{0.0, 2.0}).validate(), "`stop` is 2");
}

TEST_CASE("outside: of a window that has nothing to reject") {
  CHECK(marks(outside(Only{1}), 3) == "#.#");
  CHECK_NOTHROW(outside(Only{1}).validate());
}
