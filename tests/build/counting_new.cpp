// SPDX-License-Identifier: MIT
// The program's operator new, counted, and failing where it is told to. A unit of its own: where g++ sees both
// sides it takes free() on memory from new for a mistake.
#include <cstdint>
#include <cstdlib>
#include <new>

extern std::size_t allocations;
std::size_t allocations = 0;
extern std::size_t allocations_left;
std::size_t allocations_left = SIZE_MAX;

void* operator new(std::size_t size) {
  if (allocations_left == 0) throw std::bad_alloc();
  --allocations_left;
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
