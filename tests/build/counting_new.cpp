// SPDX-License-Identifier: MIT
// The program's operator new, counted. A unit of its own: where g++ sees both
// sides it takes free() on memory from new for a mistake.
#include <cstdlib>
#include <new>

extern std::size_t allocations;
std::size_t allocations = 0;

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
void* operator new[](std::size_t size) { return operator new(size); }
// Nobody here asks for more alignment than malloc gives; who did, would not be counted.
void* operator new(std::size_t, std::align_val_t) { std::abort(); }
void* operator new[](std::size_t, std::align_val_t) { std::abort(); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
