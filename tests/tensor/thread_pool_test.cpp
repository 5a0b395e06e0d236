// SPDX-License-Identifier: MIT
#include <eigenguide/tensor/thread_pool.hpp>

#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("thread_pool: the bits of one thread on Eigen's") {
  Eigen::Tensor<float, 4> c(64, 64, 16, 4), u(64, 64, 16, 4), one(64, 64, 16, 4), several(64, 64, 16, 4);
  c.setRandom();
  u.setRandom();
  Eigen::ThreadPool pool(3);
  const Eigen::ThreadPoolDevice device(&pool, 3);
  guide(CfgZeroStar{5.0}, c, u, one);
  guide(with(CfgZeroStar{5.0}, parallel(ThreadPool{device})), c, u, several);
  const Eigen::Tensor<bool, 0> same = (one == several).all();
  CHECK(same());
}
