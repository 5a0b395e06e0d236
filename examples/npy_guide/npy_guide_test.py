# SPDX-License-Identifier: MIT
"""npy_guide, on files made byte by byte: python3 npy_guide_test.py NPY_GUIDE"""
import json
import os
import struct
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
os.chdir(tempfile.mkdtemp())


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)
    return name


def npy(name, values, shape, descr="<f4", code="f", order="False", version=1, header=None, cut=0):
    header = (header or f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}").encode() + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    data = b"\x93NUMPY" + bytes((version, 0)) + length + header + struct.pack(f"<{len(values)}{code}", *values)
    return write(name, data[: len(data) - cut])


def safetensors(name, header, data=b"", length=None):
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    return write(name, struct.pack("<Q", len(text) if length is None else length) + text + data)


def read(name, code="f"):
    with open(name, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x93NUMPY\x01\x00" and (10 + data[8] + 256 * data[9]) % 64 == 0
    start = 10 + data[8] + 256 * data[9]
    return eval(data[10:start]), list(struct.unpack(f"<{(len(data) - start) // struct.calcsize(code)}{code}", data[start:]))


def run(*arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True)


def guided(*arguments):
    done = run("--out", "out.npy", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refuses(words, *arguments):
    done = run(*arguments)
    assert done.returncode == 1 and done.stderr.startswith("npy_guide: ") and words in done.stderr, (words, done)


cond = npy("cond.npy", [3, 4, 1, 0], (2, 2))
uncond = npy("uncond.npy", [1, 1, 0, 0], (2, 2))
both = ("--method", "cfg(scale=3)", "--cond", cond, "--uncond", uncond)

# The result, its header, and what is printed.
text = guided(*both, "--compare", npy("theirs.npy", [7, 10, 3.5, 0], (2, 2)))
assert read("out.npy") == ({"descr": "<f4", "fortran_order": False, "shape": (2, 2)}, [7, 10, 3, 0])
assert "sample 1" in text and "largest difference 0.5 at element 2, 0.05 of the largest value" in text, text
guided(*both, "--scales", "2,1")
assert read("out.npy")[1] == [5, 7, 1, 0]

# Every type, every version, and one dimension: one sample.
for descr, code, of in (("<f8", "d", "float64"), ("<f2", "e", "float16")):
    for version in (1, 2, 3):
        a, b = (npy(f"{i}.npy", v, "(2,)", descr, code, version=version) for i, v in (("a", [3, 4]), ("b", [1, 1])))
        assert of in guided("--method", "cfg(scale=2)", "--cond", a, "--uncond", b)
        assert read("out.npy", code) == ({"descr": descr, "fortran_order": False, "shape": (2,)}, [5, 7])
bfloat = [0x4040, 0x4080, 0x3F80, 0x3F80]  # 3, 4, 1, 1
header = {"__metadata__": {"format": "pt"}, "c": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]},
          "u": {"dtype": "BF16", "shape": [2], "data_offsets": [4, 8]}}
tensors = safetensors("t.safetensors", header, struct.pack("<4H", *bfloat))
assert "bfloat16" in guided("--method", "cfg(scale=2)", "--cond", tensors + ":c", "--uncond", tensors + ":u")
assert read("out.npy")[1] == [5, 7]

# Of .safetensors is what ends so, or goes on with a colon.
os.mkdir("x.safetensors.d")
npy("x.safetensors.d/cond.npy", [3, 4, 1, 0], (2, 2))
guided("--method", "cfg(scale=3)", "--cond", "x.safetensors.d/cond.npy", "--uncond", uncond)
assert read("out.npy")[1] == [7, 10, 3, 0]
one = safetensors("one.safetensors", {"c": header["c"]}, struct.pack("<2H", *bfloat[:2]))
guided("--method", "cfg", "--cond", one)
assert read("out.npy")[1] == [3, 4]

# Further predictions, states, groups and spaces.
guided(*both[2:], "--method", "cfg(scale=3) | perturbation(strength=2)", "--given", "perturbed=" + uncond)
assert read("out.npy")[1] == [11, 16, 5, 0]
npy("m.npy", [2, 2, 2, 2], (2, 2))
guided(*both[2:], "--method", "momentum(momentum=0.5) | cfg(scale=2)", "--given", "momentum=m.npy", "--next", "momentum=m2.npy")
assert read("m2.npy")[1] == [3, 4, 2, 1] and read("out.npy")[1] == [6, 8, 3, 1]
text = guided(*both[2:], "--method", "cfg_zero_star(scale=2)", "--one-sample", "--layout", "nbc", "--each", "b", "--scales", "2,1")
assert "sample 0 group 1" in text and read("out.npy")[1][2:] == [1, 0]
x = npy("x.npy", [1, 1, 1, 1], (2, 2))
guided(*both[2:], "--method", "cfg(scale=3) | zero_init(steps=1)", "--x", x, "--model-kind", "flow", "--method-kind",
       "sample", "--alpha", "0.5,0.75", "--sigma", "0.5,0.25", "--step", "0", "--count", "9")
assert read("out.npy")[1] == [2, 2, 4, 4]  # x0 = x - t flow is zero

# What is refused.
refuses("no such file", *both, "--given", "perturbed=no.npy")
refuses("is not NAME=FILE", *both, "--given", "no.npy")
refuses("`method` is `cgf`", "--method", "cgf", "--cond", cond)
refuses("`uncond` is left out", *both[:4])
refuses("expected that of --cond, [2, 2] of float32", *both, "--x", npy("bad.npy", [1, 2], "(2,)"))
refuses("of float64; expected", *both, "--x", npy("bad.npy", [1, 2, 3, 4], (2, 2), "<f8", "d"))
refuses("one for each of 2 samples", *both, "--scales", "1,2,3")
refuses("not of the same length", *both, "--alpha", "1")
refuses("t.safetensorsXc: there is no such file", "--method", "cfg", "--cond", "t.safetensorsXc")
without_count = run(*both, "--step", "1")
assert without_count.returncode != 0 and "--step requires --count" in without_count.stderr, without_count
refuses("`step` is 4", *both, "--step", "4", "--count", "4")
refuses("cannot be written", *both, "--out", "no/such/folder.npy")


def bad_npy(words, *arguments, **more):
    refuses("bad.npy: " + words, "--method", "cfg", "--cond", npy("bad.npy", *arguments, **more))


refuses("bad.npy: it is not an .npy file", "--method", "cfg", "--cond", write("bad.npy", b""))
refuses("bad.npy: it is cut short within the length", "--method", "cfg", "--cond", write("bad.npy", b"\x93NUMPY\x01\x00\x10"))
bad_npy("it is cut short within its header", [], (2, 2), cut=40)
bad_npy("it is of version 4", [1], "(1,)", version=4)
bad_npy("its header says [2, 2] of float32, 16 bytes, and 15 follow", [1, 2, 3, 4], (2, 2), cut=1)
bad_npy("its header says [2, 1] of float32, 8 bytes, and 16 follow", [1, 2, 3, 4], (2, 1))
bad_npy("it is in Fortran order", [1, 2, 3, 4], (2, 2), order="True")
bad_npy("its shape [4294967296, 4294967296] is more than any memory holds", [1], (1 << 32, 1 << 32))
bad_npy("its header says [1099511627776] of float32", [1], f"({1 << 40},)")
bad_npy("its header is not one of NumPy's: expected extents below 2^64", [1], f"({1 << 70},)")
for descr in (">f4", "<i8", "|V2", "<c8", "|O"):
    bad_npy(f"its elements are of '{descr}'", [1], "(1,)", descr)
for header in ("", "{", "{'descr'}", "{'descr': '<f4', 'fortran_order': False}", "{'descr': [('a', '<f4')], 'shape': (1,)}",
               "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "{'descr': '<f4', 'shape': (-1,)}",
               "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", "{'shape': (1", "{'descr': '<f4",
               "{'shape': (1,), 'shape': (1,)}"):
    bad_npy("its header is not one of NumPy's", [1], None, header=header or " ")


def bad_safetensors(words, header, data=b"", length=None, name=""):
    path = safetensors("bad.safetensors", header, data, length)
    refuses("bad.safetensors: " + words, "--method", "cfg", "--cond", path + name)


def entry(**changed):
    return {"a": {**{"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, **changed}}


refuses("cut short within the length", "--method", "cfg", "--cond", write("bad.safetensors", b"\x01\x00"))
bad_safetensors("its header would have 18446744073709551615 bytes", "{}", length=(1 << 64) - 1)
bad_safetensors("it is cut short within its header", "{}", length=50)
bad_safetensors("its header is not a JSON object", "{'a'}")
bad_safetensors("its header is not a JSON object", "[1]")
bad_safetensors("it has 0 tensors", "{}")
bad_safetensors("it has no tensor 'b'; it has a", entry(), b"1234", name=":b")
bad_safetensors("it has 2 tensors; name one as FILE:NAME, of a, b", {**entry(), "b": 1}, b"1234")
bad_safetensors("its tensor 'a' ends at byte 4 of 3: the file is cut short", entry(), b"123")
bad_safetensors("its tensor 'a' of [2] needs 8 bytes; its offsets are [0, 4]", entry(shape=[2]), b"1234")
bad_safetensors("its tensor 'a' of [1] needs 4 bytes; its offsets are [4, 0]", entry(data_offsets=[4, 0]), b"1234")
bad_safetensors("its tensor 'a' of [1] needs 4 bytes; its offsets are [0]", entry(data_offsets=[0]), b"1234")
bad_safetensors("its tensor 'a' is of 'I64'; expected F64, F32, F16 or BF16", entry(dtype="I64"), b"1234")
bad_safetensors("its tensor 'a' has 'shape' that are not whole numbers", entry(shape=[-1]), b"1234")
bad_safetensors("its tensor 'a' has 'shape' that are not whole numbers", entry(shape=[1.5]), b"1234")
bad_safetensors("its tensor 'a' has no list 'shape'", {"a": 3}, b"1234")
bad_safetensors("its shape [4294967296, 4294967296] is more", entry(shape=[1 << 32, 1 << 32]), b"1234")
print("npy_guide: all files are read or refused")
