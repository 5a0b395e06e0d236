// SPDX-License-Identifier: MIT
// Makes a call that must be refused. Built with the default handler and without
// exceptions, and with a handler of its own.
#include <cstdio>
#include <cstdlib>
#include <string>

#if defined(CUSTOM_HANDLER)
[[noreturn]] inline void handle(const std::string& sentence) {
  std::fprintf(stderr, "handled: %s\n", sentence.c_str());
  std::exit(3);
}
#define EIGENGUIDE_PRECONDITION_HANDLER(sentence) handle(sentence)
#elif defined(__cpp_exceptions)
#error "the default handler would throw"
#endif
#include <eigenguide/eigenguide.hpp>

int main() {
  using namespace eigenguide;
  const Eigen::MatrixXf cond = Eigen::MatrixXf::Ones(4, 2), uncond = Eigen::MatrixXf::Ones(4, 3);
  Eigen::MatrixXf out(4, 2);
  guide(Cfg{7.5}, cond, uncond, out);
  std::puts("not refused");
  return 0;
}
