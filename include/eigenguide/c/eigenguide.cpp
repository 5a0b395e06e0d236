// SPDX-License-Identifier: MIT
// The C library: one translation unit, of which this file has the functions.
#include <eigenguide/c/call.hpp>
#include <eigenguide/c/eigenguide.h>
#include <eigenguide/c/step.hpp>
#include <eigenguide/method/parse.hpp>
#include <eigenguide/version.hpp>

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#if !(defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND))
#error "the C library is compiled with exceptions: they become its status codes"
#endif

namespace {

using namespace eigenguide;
using namespace eigenguide::detail::c_library;

void say(eigenguide_error* error, const char* sentence) noexcept {
  if (error == nullptr) return;
  std::size_t length = (std::min)(std::strlen(sentence), sizeof error->message - 1);
  // A letter of several bytes is cut before, not within.
  if (length == sizeof error->message - 1)
    while (length > 0 && (static_cast<unsigned char>(sentence[length]) & 0xC0u) == 0x80u) --length;
  std::memcpy(error->message, sentence, length);
  error->message[length] = '\0';
}

/// Does `action`, and says how it ended.
template <class Action>
eigenguide_status guarded(eigenguide_error* error, const Action& action) noexcept {
  try {
    action();
    say(error, "");
    return EIGENGUIDE_OK;
  } catch (const std::invalid_argument& invalid) {
    say(error, invalid.what());
    return EIGENGUIDE_INVALID;
  } catch (const std::bad_alloc&) {
    say(error, "eigenguide: out of memory");
    return EIGENGUIDE_OUT_OF_MEMORY;
  } catch (const std::length_error&) {  // of a std::vector, of more than memory can hold
    say(error, "eigenguide: out of memory");
    return EIGENGUIDE_OUT_OF_MEMORY;
  } catch (const std::exception& other) {
    say(error, other.what());
  } catch (...) {
    say(error, "eigenguide: an exception that is not a standard one");
  }
  return EIGENGUIDE_UNEXPECTED;
}

eigenguide_status take(const eigenguide_method* method, const eigenguide_call* call, const eigenguide_next* next,
                       eigenguide_error* error) {
  return guarded(error, [&] {
    require_pointer("method", method);
    require_pointer("call", call);
    require_given(*call);
    switch (call->type) {
      case EIGENGUIDE_FLOAT: return Step<float>(*method, *call, next).take();
      case EIGENGUIDE_DOUBLE: return Step<double>(*method, *call, next).take();
      case EIGENGUIDE_HALF: return Step<half>(*method, *call, next).take();
      case EIGENGUIDE_BFLOAT16: return Step<bfloat16>(*method, *call, next).take();
      default: reject("type", std::to_string(call->type), "EIGENGUIDE_FLOAT, _DOUBLE, _HALF or _BFLOAT16 (0 to 3)");
    }
  });
}

}  // namespace

#define EIGENGUIDE_TEXT(tokens) EIGENGUIDE_TEXT_OF(tokens)
#define EIGENGUIDE_TEXT_OF(tokens) #tokens
const char* eigenguide_version(void) { return EIGENGUIDE_TEXT(EIGENGUIDE_VERSION); }

eigenguide_status eigenguide_method_parse(const char* text, eigenguide_method** method, eigenguide_error* error) {
  return guarded(error, [&] {
    require_pointer("text", text);
    require_pointer("method", method);
    *method = new eigenguide_method{parse(text)};
  });
}

void eigenguide_method_free(eigenguide_method* method) { delete method; }

eigenguide_status eigenguide_method_needs(const eigenguide_method* method, const eigenguide_call* call, const char* name,
                                          int32_t* needed, eigenguide_error* error) {
  return guarded(error, [&] {
    require_pointer("method", method);
    require_pointer("needed", needed);
    const eigenguide_call none{};
    const Role role = role_of(name);
    if (is_state(role)) reject("name", quoted(name), "a prediction");
    const eigenguide_call& here = call == nullptr ? none : *call;
    require_given(here);
    *needed = dependence_in(chain_of(*method, here), here).guided.contains(role) ? 1 : 0;
  });
}

eigenguide_status eigenguide_guide(const eigenguide_method* method, const eigenguide_call* call, eigenguide_error* error) {
  return take(method, call, nullptr, error);
}

eigenguide_status eigenguide_step(const eigenguide_method* method, const eigenguide_call* call, const eigenguide_next* next,
                                  eigenguide_error* error) {
  if (next == nullptr) return guarded(error, [&] { require_pointer("next", next); });
  return take(method, call, next, error);
}
