// SPDX-License-Identifier: MIT
#pragma once

// Everything, with Eigen's matrices and tensors.

#include <eigenguide/core.hpp>

#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>
