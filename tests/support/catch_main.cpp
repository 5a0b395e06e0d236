// SPDX-License-Identifier: MIT
// Catch2 2 only; version 3 brings its own main.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
