// SPDX-License-Identifier: MIT
#include <eigenguide/tensor/thread_pool.hpp>

#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstring>

using namespace eigenguide;

TEST_CASE("thread_pool: the bits of one thread on Eigen's") {
  Eigen::Tensor<float, 4> c(64, 64, 32, 4), u(64, 64, 32, 4), one(64, 64, 32, 4), several(64, 64, 32, 4);
  c.setRandom();
  u.setRandom();
  Eigen::ThreadPool pool(3);
  const Eigen::ThreadPoolDevice device(&pool, 3);
  guide(CfgZeroStar{5.0}, c, u, one);
  guide(with(CfgZeroStar{5.0}, parallel(ThreadPool{device})), c, u, several);
  CHECK(std::memcmp(one.data(), several.data(), sizeof(float) * static_cast<std::size_t>(one.size())) == 0);
}
