# SPDX-License-Identifier: MIT
"""The C library, from Python's ctypes: python3 eigenguide_test.py LIBRARY"""
import array
import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_char, c_char_p, c_double, c_int32, c_size_t, c_uint64, c_void_p


class Error(Structure):
    _fields_ = [("message", c_char * 1024)]


class Tensor(Structure):
    _fields_ = [("data", c_void_p), ("stride", c_size_t)]


class Given(Structure):
    _fields_ = [("name", c_char_p), ("values", Tensor), ("next", Tensor), ("fed", c_size_t)]


class Level(Structure):
    _fields_ = [("alpha", c_double), ("sigma", c_double)]


class Diagnostics(Structure):
    _fields_ = [("scale", c_double), ("relative_difference", c_double), ("cosine", c_double), ("zero_star", c_double),
                ("non_finite", c_uint64)]


Part = ctypes.CFUNCTYPE(None, c_void_p, c_size_t)
ParallelFor = ctypes.CFUNCTYPE(None, c_void_p, c_size_t, Part, c_void_p)


class Call(Structure):
    _fields_ = [
        ("type", c_int32), ("samples", c_size_t), ("size", c_size_t), ("cond", Tensor), ("uncond", Tensor),
        ("out", Tensor), ("given", POINTER(Given)), ("given_count", c_size_t), ("scales", POINTER(c_double)),
        ("report", POINTER(Diagnostics)), ("layout", c_char_p), ("each", c_char_p), ("extents", POINTER(c_size_t)),
        ("model_kind", c_char_p), ("method_kind", c_char_p), ("sigma_data", c_double), ("x", Tensor),
        ("levels", POINTER(Level)), ("level_count", c_size_t), ("step", c_size_t), ("count", c_size_t),
        ("parallel_for", ParallelFor), ("parallel_context", c_void_p),
    ]


class Next(Structure):
    _fields_ = [("levels", POINTER(Level)), ("renoise_uncond", c_int32)]


library = ctypes.CDLL(sys.argv[1])
library.eigenguide_version.restype = c_char_p
library.eigenguide_method_parse.argtypes = [c_char_p, POINTER(c_void_p), POINTER(Error)]
library.eigenguide_method_free.argtypes = [c_void_p]
library.eigenguide_method_needs.argtypes = [c_void_p, POINTER(Call), c_char_p, POINTER(c_int32), POINTER(Error)]
library.eigenguide_guide.argtypes = [c_void_p, POINTER(Call), POINTER(Error)]
library.eigenguide_step.argtypes = [c_void_p, POINTER(Call), POINTER(Next), POINTER(Error)]


def call(function, *arguments):
    """Calls a function of the library; its message is a ValueError."""
    error = Error()
    if function(*arguments, byref(error)) != 0:
        raise ValueError(error.message.decode())


def parsed(text):
    method = c_void_p()
    call(library.eigenguide_method_parse, text.encode(), byref(method))
    return method


def tensor(values):
    """The memory of an array.array."""
    return Tensor(values.buffer_info()[0], 0)


def floats(*values):
    return array.array("f", values)


# A batch of two samples, guided with APG and its momentum for two steps.
cond, uncond, out, m = floats(3, 4, 1, 0), floats(1, 1, 0, 0), floats(0, 0, 0, 0), floats(0, 0, 0, 0)
here = Call(samples=2, size=2, cond=tensor(cond), uncond=tensor(uncond), out=tensor(out))
state = Given(name=b"momentum", values=tensor(m), next=tensor(m))
here.given, here.given_count = ctypes.pointer(state), 1
found = (Diagnostics * 2)()
here.report = found
apg = parsed("apg(scale=3, eta=1, momentum=-0.5)")
call(library.eigenguide_guide, apg, byref(here))
assert list(out) == [7, 10, 3, 0], list(out)  # c + 2 d: all of d is kept
assert list(m) == [2, 3, 1, 0], list(m)
call(library.eigenguide_guide, apg, byref(here))
assert list(m) == [1, 1.5, 0.5, 0], list(m)
assert list(out) == [5, 7, 2, 0], list(out)
assert found[0].scale == 3 and abs(found[0].relative_difference - 6.5 ** 0.5) < 1e-6

# A flow model's step from t = 0.5 to 0.25, at scales of each request.
levels, next_levels = (Level * 1)(Level(0.5, 0.5)), (Level * 1)(Level(0.75, 0.25))
x, scales = floats(1, 1, 1, 1), (c_double * 2)(2, 1)
here = Call(samples=2, size=2, cond=tensor(cond), uncond=tensor(uncond), out=tensor(x), x=tensor(x), scales=scales,
            model_kind=b"flow", levels=levels, level_count=1)
call(library.eigenguide_step, parsed("cfg(scale=1)"), byref(here), byref(Next(levels=next_levels)))
assert list(x) == [1 - 0.25 * 5, 1 - 0.25 * 7, 1 - 0.25 * 1, 1], list(x)

needed = c_int32(-1)
call(library.eigenguide_method_needs, parsed("cfg(scale=1)"), None, b"uncond", byref(needed))
assert needed.value == 0

# Threads of Python's, through a callback.
many = [array.array("f", ((i * k) % 11 - 4.0 for i in range(1 << 19))) for k in (1, 3)]
results = []
for threads in (None, lambda context, count, part, task: [part(task, i) for i in range(count)] and None):
    result = array.array("f", bytes(4 << 19))
    here = Call(samples=1, size=1 << 19, cond=tensor(many[0]), uncond=tensor(many[1]), out=tensor(result))
    if threads:
        here.parallel_for = ParallelFor(threads)
    call(library.eigenguide_guide, parsed("cfg_zero_star(scale=5)"), byref(here))
    results.append(result.tobytes())
assert results[0] == results[1] and any(results[0])

for text, message in (("cgf", "`method` is `cgf`; expected one of adaptive_gate, "), ("cfg(scale=2", "expected `,` or `)`")):
    try:
        parsed(text)
        raise AssertionError(text)
    except ValueError as error:
        assert message in str(error), error
print("ctypes: eigenguide", library.eigenguide_version().decode())
