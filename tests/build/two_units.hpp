// SPDX-License-Identifier: MIT
#pragma once

// What a unit found, and which copy of an inline function it found it with.
struct Result {
  float guided;
  bool (*copy)(double);
};

Result result_of_a();
Result result_of_b();
