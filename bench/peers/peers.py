#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times what Python users run today beside this library, in one process.

    peers.py                     every cell, a few minutes; prints a table of ratios
    peers.py --record FILE       keeps the figures as JSON
    peers.py --quick             the smallest cell of each place in memory, few rounds
    peers.py --table FILE        prints the table of a recording

A peer that is not installed is left out, with a message. Every result of a peer
is compared with the library's before it is timed. Where they differ by more than
1e-4 of the largest value, the method in double decides: a peer that is off from
it is not timed, and shown as such; if the library is, the run ends.
"""
import argparse
import ctypes
import dataclasses
import datetime
import gc
import importlib.metadata
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import typing

here = pathlib.Path(__file__).resolve().parent

CELLS = [("4x64x64", 1), ("4x64x64", 2), ("16x128x128", 1), ("16x128x128", 2), ("16x21x90x160", 1)]
QUICK_CELLS = [("4x64x64", 1), ("16x128x128", 1), ("16x21x90x160", 1)]
METHODS = ["cfg", "cfg_zero_star", "apg", "cfg_rescale", "tcfg"]

SCALE = 5.0
NORM_THRESHOLD = 15.0  # r of APG, diffusers' default; below the length of d in every cell
PHI = 0.7
TOLERANCE = 1e-4
BLOCK_SECONDS = 0.05


def say(*words):
    print(*words, file=sys.stderr, flush=True)


@dataclasses.dataclass
class Peer:
    """A peer's methods. bind(method, cond, uncond) is a call without arguments."""

    name: str
    packages: list[str]
    bind: typing.Callable
    numpy: typing.Callable  # of a result, the same values as an array of numpy


# The library

def build(folder):
    """Compiles library.cpp with the flags that a client has who sets none."""
    target = pathlib.Path(folder) / "library.so"
    command = ["c++", "-std=c++17", "-O2", "-shared", "-fPIC", "-I../../include", "library.cpp", "-o", str(target)]
    subprocess.run(command, cwd=here, check=True)
    return ctypes.CDLL(str(target))


def ours(library, np):
    further = {"apg": [NORM_THRESHOLD], "cfg_rescale": [PHI]}

    def bind(method, cond, uncond):
        function = getattr(library, method)
        parameters = [SCALE, *further.get(method, [])]
        function.restype = None
        function.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_size_t] * 2 + [ctypes.c_double] * len(parameters)
        out = aligned(np, cond.shape)
        pointers = [array.ctypes.data for array in (cond, uncond, out)]
        values = [*pointers, cond.shape[0], cond.size // max(1, cond.shape[0]), *parameters]
        arguments = [kind(value) for kind, value in zip(function.argtypes, values)]

        def call():
            function(*arguments)
            return out

        return call

    return Peer("eigenguide", [], bind, lambda out: out)


# Peers. Those of diffusers are its own functions; the others are the formulas,
# as one would write them with each package.

def diffusers_methods():
    from diffusers.guiders import ClassifierFreeZeroStarGuidance, TangentialClassifierFreeGuidance
    from diffusers.guiders.adaptive_projected_guidance import normalized_guidance
    from diffusers.guiders.guider_utils import rescale_noise_cfg

    def cfg(cond, uncond):  # the line of its pipelines
        return uncond + SCALE * (cond - uncond)

    zero_star = ClassifierFreeZeroStarGuidance(guidance_scale=SCALE, zero_init_steps=0)
    tangential = TangentialClassifierFreeGuidance(guidance_scale=SCALE)
    for guider in (zero_star, tangential):
        guider.set_state(step=1, num_inference_steps=20, timestep=None)

    return {
        "cfg": cfg,
        "cfg_zero_star": lambda cond, uncond: zero_star.forward(cond, uncond)["pred"],
        # of which the original formulation counts its scale from cond: s − 1
        "apg": lambda cond, uncond: normalized_guidance(cond, uncond, SCALE - 1.0, None, 0.0, NORM_THRESHOLD, True),
        "cfg_rescale": lambda cond, uncond: rescale_noise_cfg(cfg(cond, uncond), cond, PHI),
        "tcfg": lambda cond, uncond: tangential.forward(cond, uncond)["pred"],
    }


def diffusers_eager(threads):
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    methods = diffusers_methods()

    def bind(method, cond, uncond):
        function, tensors = methods[method], [torch.from_numpy(cond), torch.from_numpy(uncond)]
        return lambda: function(*tensors)

    return Peer("diffusers, eager", ["diffusers", "torch"], bind, lambda tensor: tensor.numpy())


def diffusers_compiled(threads):
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    methods = diffusers_methods()

    def bind(method, cond, uncond):
        torch._dynamo.reset()  # one shape for each graph, and no guards of other cells
        function = torch.compile(methods[method], dynamic=False)
        tensors = [torch.from_numpy(cond), torch.from_numpy(uncond)]
        return lambda: function(*tensors)

    return Peer("diffusers, torch.compile", ["diffusers", "torch"], bind, lambda tensor: tensor.numpy())


def array_methods(xp):
    """The formulas with the functions of numpy, or of a package with the same."""

    def total(values):
        return xp.sum(values, axis=tuple(range(1, values.ndim)), keepdims=True)

    def std(values):
        return xp.std(values, axis=tuple(range(1, values.ndim)), keepdims=True)

    def cfg(cond, uncond):
        return uncond + SCALE * (cond - uncond)

    def cfg_zero_star(cond, uncond):
        return cfg(cond, total(cond * uncond) / total(uncond * uncond) * uncond)

    def apg(cond, uncond):
        difference = cond - uncond
        bound = xp.minimum(1.0, NORM_THRESHOLD / xp.sqrt(total(difference * difference)))
        along = total(difference * cond) / total(cond * cond)
        return cond + (SCALE - 1.0) * (bound * (difference - along * cond))

    def cfg_rescale(cond, uncond):
        guided = cfg(cond, uncond)
        return guided * (PHI * std(cond) / std(guided) + (1.0 - PHI))

    def tcfg(cond, uncond):  # the leading direction from its angle, without a decomposition
        twice = 2.0 * total(cond * uncond)
        angle = 0.5 * xp.arctan2(twice, total(cond * cond) - total(uncond * uncond))
        sine, cosine = xp.sin(angle), xp.cos(angle)
        return cfg(cond, sine * (cosine * cond + sine * uncond))

    return {"cfg": cfg, "cfg_zero_star": cfg_zero_star, "apg": apg, "cfg_rescale": cfg_rescale, "tcfg": tcfg}


def numpy_expressions(threads):
    import numpy

    methods = array_methods(numpy)
    return Peer("numpy", ["numpy"], lambda method, *arrays: lambda: methods[method](*arrays), lambda array: array)


def jax_jit(threads):
    import jax
    import numpy

    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_cpu_enable_async_dispatch", False)  # the call itself does the work
    methods = array_methods(jax.numpy)

    def bind(method, cond, uncond):
        arrays = [jax.numpy.asarray(cond), jax.numpy.asarray(uncond)]
        function = jax.jit(methods[method])
        return lambda: function(*arrays).block_until_ready()

    return Peer("JAX jit", ["jax", "jaxlib"], bind, numpy.asarray)


def numba_loops(threads):
    import math

    import numba
    import numpy as np

    compiled = numba.njit(fastmath=True)
    zero = np.float64(0.0)

    @compiled
    def combine(weights, cond, uncond, out):
        of_cond, of_uncond = np.float32(weights[0]), np.float32(weights[1])
        for i in range(cond.size):
            out[i] = of_cond * cond[i] + of_uncond * uncond[i]

    @compiled
    def cfg(conds, unconds, outs):
        scale = np.float32(SCALE)
        for sample in range(conds.shape[0]):
            cond, uncond, out = conds[sample], unconds[sample], outs[sample]
            for i in range(cond.size):
                out[i] = uncond[i] + scale * (cond[i] - uncond[i])

    @compiled
    def cfg_zero_star(conds, unconds, outs):
        for sample in range(conds.shape[0]):
            cond, uncond = conds[sample], unconds[sample]
            cu = uu = zero
            for i in range(cond.size):
                cu += np.float64(cond[i]) * uncond[i]
                uu += np.float64(uncond[i]) * uncond[i]
            combine((SCALE, (1.0 - SCALE) * cu / uu), cond, uncond, outs[sample])

    @compiled
    def apg(conds, unconds, outs):
        for sample in range(conds.shape[0]):
            cond, uncond = conds[sample], unconds[sample]
            dd = dc = cc = zero
            for i in range(cond.size):
                c = np.float64(cond[i])
                d = c - uncond[i]
                dd += d * d
                dc += d * c
                cc += c * c
            weight = (SCALE - 1.0) * min(1.0, NORM_THRESHOLD / math.sqrt(dd))
            combine((1.0 + weight * (1.0 - dc / cc), -weight), cond, uncond, outs[sample])

    @compiled
    def cfg_rescale(conds, unconds, outs):
        for sample in range(conds.shape[0]):
            cond, uncond = conds[sample], unconds[sample]
            g1 = gg = c1 = cc = zero
            for i in range(cond.size):
                c = np.float64(cond[i])
                g = uncond[i] + SCALE * (c - uncond[i])
                g1 += g
                gg += g * g
                c1 += c
                cc += c * c
            n = cond.size
            ratio = math.sqrt((cc - c1 * c1 / n) / (gg - g1 * g1 / n))
            factor = PHI * ratio + (1.0 - PHI)
            combine((factor * SCALE, factor * (1.0 - SCALE)), cond, uncond, outs[sample])

    @compiled
    def tcfg(conds, unconds, outs):
        for sample in range(conds.shape[0]):
            cond, uncond = conds[sample], unconds[sample]
            cc = cu = uu = zero
            for i in range(cond.size):
                c, u = np.float64(cond[i]), np.float64(uncond[i])
                cc += c * c
                cu += c * u
                uu += u * u
            angle = 0.5 * math.atan2(2.0 * cu, cc - uu)
            sine, cosine = math.sin(angle), math.cos(angle)
            combine((SCALE + (1.0 - SCALE) * sine * cosine, (1.0 - SCALE) * sine * sine), cond, uncond, outs[sample])

    methods = {"cfg": cfg, "cfg_zero_star": cfg_zero_star, "apg": apg, "cfg_rescale": cfg_rescale, "tcfg": tcfg}

    def bind(method, cond, uncond):
        function, out = methods[method], aligned(np, cond.shape)
        rows = [array.reshape(len(array), -1) for array in (cond, uncond, out)]

        def call():
            function(*rows)
            return out

        return call

    return Peer("numba", ["numba", "numpy"], bind, lambda out: out)


PEERS = [diffusers_eager, diffusers_compiled, numpy_expressions, jax_jit, numba_loops]


# Measuring

def aligned(np, shape):
    """An array of float at an address that no vector load of it splits a line."""
    bytes_ = int(np.prod(shape)) * 4
    memory = np.zeros(bytes_ + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start:start + bytes_].view(np.float32).reshape(shape)


def predictions(np, latent, batch):
    """uncond is normal noise, cond lies 0.3 of its length away from it."""
    shape = (batch, *map(int, latent.split("x")))
    random = np.random.default_rng(20)
    cond, uncond = aligned(np, shape), aligned(np, shape)
    uncond[...] = random.standard_normal(shape, np.float32)
    cond[...] = uncond + np.float32(0.3) * random.standard_normal(shape, np.float32)
    return cond, uncond


def block(call, calls):
    """Seconds a call, of wall and of processor, over that many calls."""
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(calls):
        call()
    return (time.perf_counter() - wall) / calls, (time.process_time() - processor) / calls


def calls_for(call, seconds):
    """How many calls take that long."""
    calls = 1
    while True:
        took = block(call, calls)[0] * calls
        if took >= seconds / 4:
            return max(1, round(calls * seconds / took))
        calls *= 4


def alternate(theirs, mine, rounds):
    """Blocks of both in turn: of each the seconds of a call, and threads at work."""
    sides = [(call, calls_for(call, BLOCK_SECONDS), []) for call in (theirs, mine)]
    gc.collect()
    gc.disable()
    for _ in range(rounds):
        for call, calls, blocks in sides:
            blocks.append(block(call, calls))
    gc.enable()
    return [blocks for _, _, blocks in sides]


def difference(np, theirs, mine):
    """The largest, as a share of the largest value; a NaN on either side is one."""
    return float(np.max(np.abs(theirs.astype(np.float64) - mine)) / np.max(np.abs(mine)))


def in_double(np, method, cond, uncond):
    """The method by numpy, in double; TCFG by the decomposition that defines it."""
    cond, uncond = cond.astype(np.float64), uncond.astype(np.float64)
    if method != "tcfg":
        return array_methods(np)[method](cond, uncond)
    projected = np.empty_like(uncond)
    for sample in range(len(cond)):
        both = np.stack([cond[sample].ravel(), uncond[sample].ravel()])
        leading = np.linalg.svd(both, full_matrices=False)[2][0]
        projected[sample] = ((both[1] @ leading) * leading).reshape(projected[sample].shape)
    return projected + SCALE * (cond - projected)


def compare(np, peer, method, cell, arrays, mine, theirs):
    """What a peer's call and ours differ by. Beyond the tolerance, what the peer's
    differs from the result in double by; the run ends if ours is not near that."""
    distance = difference(np, np.asarray(peer.numpy(theirs())), mine())
    if distance <= TOLERANCE:
        return distance
    exact = in_double(np, method, *arrays)
    of_ours, of_theirs = difference(np, mine(), exact), difference(np, np.asarray(peer.numpy(theirs())), exact)
    say(f"{cell}  {method}  {peer.name}: not timed: differs by {distance:.1e} of the largest value; "
        f"from the result in double it by {of_theirs:.1e}, ours by {of_ours:.1e}")
    if not of_ours <= 1e-6 or of_theirs <= TOLERANCE:
        sys.exit("and that is for this library to explain")
    return of_theirs


def figures(theirs, mine):
    def microseconds(choose, blocks):
        return choose([wall for wall, _ in blocks]) * 1e6

    least = [microseconds(min, blocks) for blocks in (theirs, mine)]
    median = [microseconds(statistics.median, blocks) for blocks in (theirs, mine)]
    return {
        "peer_us": [round(least[0], 2), round(median[0], 2)],
        "ours_us": [round(least[1], 2), round(median[1], 2)],
        "ratio": [round(least[0] / least[1], 2), round(median[0] / median[1], 2)],
        "peer_threads": round(sum(cpu for _, cpu in theirs) / sum(wall for wall, _ in theirs), 2),
    }


def measure(options, peers, np):
    """The entries, and the microseconds of a call of ours that has no element."""
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(build(folder), np)
        nothing = mine.bind("cfg", aligned(np, (0, 1)), aligned(np, (0, 1)))
        empty_call = min(block(nothing, 10000)[0] for _ in range(15)) * 1e6
        for latent, batch in QUICK_CELLS if options.quick else CELLS:
            cell = f"{latent}/b{batch}"
            arrays = predictions(np, latent, batch)
            for method in METHODS:
                reference = mine.bind(method, *arrays)
                for peer in peers:
                    try:
                        call = peer.bind(method, *arrays)
                        call()
                    except Exception as error:
                        say(f"{cell}  {method}  {peer.name}: left out: {type(error).__name__}: {str(error)[:200]}")
                        continue
                    distance = compare(np, peer, method, cell, arrays, reference, call)
                    entry = {"cell": cell, "method": method, "peer": peer.name, "difference": float(f"{distance:.1e}")}
                    entries.append(entry)
                    if not distance <= TOLERANCE:
                        continue
                    entry.update(figures(*alternate(call, reference, options.rounds)))
                    say(f"{cell}  {method}  {peer.name}: {entry['peer_us'][0]} us, ours {entry['ours_us'][0]} us, "
                        f"{entry['ratio'][0]} (medians {entry['ratio'][1]}), differs by {distance:.1e}, "
                        f"{entry['peer_threads']} threads")
    return entries, round(empty_call, 2)


# Reporting

def processor():
    names = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")] if pathlib.Path("/proc/cpuinfo").exists() else []
    return f"{names[0]}, {len(names)} cores" if names else platform.processor()


def table(record):
    """Ratios of minima, with those of medians where they differ by more than a tenth;
    bold where the peer is at least as fast."""
    cells = list(dict.fromkeys(entry["cell"] for entry in record["entries"]))
    rows = {}
    for entry in record["entries"]:
        rows.setdefault((entry["method"], entry["peer"]), {})[entry["cell"]] = entry

    def figure(entry):
        if entry is None:
            return "–"
        if "ratio" not in entry:
            return f"off by {entry['difference']:.0e}"
        least, median = entry["ratio"]
        shown = f"{least:.3g}" if least > 1 else f"**{least:.2f}**"
        return shown if abs(median / least - 1) <= 0.1 else f"{shown} ({median:.3g})"

    lines = ["| method | peer | " + " | ".join(cells) + " | difference |",
             "|---|---|" + "---|" * (len(cells) + 1)]
    for (method, peer), of_cell in rows.items():
        worst = max((entry["difference"] for entry in of_cell.values() if "ratio" in entry), default=float("nan"))
        lines.append(f"| {method} | {peer} | " + " | ".join(figure(of_cell.get(cell)) for cell in cells) + f" | {worst:.0e} |")
    for method in dict.fromkeys(method for method, _ in rows):
        times = {entry["cell"]: [] for entry in record["entries"]}
        for (of, _), of_cell in rows.items():
            if of == method:
                for cell, entry in of_cell.items():
                    times[cell] += entry.get("ours_us", [])[:1]
        lines.append(f"| {method} | eigenguide, µs | " + " | ".join(f"{min(times[cell]):.4g}" for cell in cells) + " | |")
    return "\n".join(lines)


def limit_threads(threads):
    """Before any package is imported: their pools are as large as the affinity."""
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[variable] = str(threads)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three cells, five rounds")
    parser.add_argument("--record", metavar="FILE", type=pathlib.Path, help="keep the figures as JSON")
    parser.add_argument("--table", metavar="FILE", type=pathlib.Path, help="print the table of a recording, and measure nothing")
    parser.add_argument("--threads", type=int, default=1, help="cores of the peers; this library keeps to one (default 1)")
    options = parser.parse_args()
    options.rounds = 5 if options.quick else 15
    if options.table:
        print(table(json.loads(options.table.read_text())))
        return

    limit_threads(options.threads)
    try:
        import numpy as np
    except ImportError:
        sys.exit("peers.py needs numpy: python3 -m venv VENV && VENV/bin/pip install numpy, and the peers of README.md")

    peers = []
    for load in PEERS:
        try:
            peers.append(load(options.threads))
        except ImportError as error:
            say(f"{load.__name__}: left out: {error}")
    packages = sorted({package for peer in peers for package in peer.packages})

    entries, empty_call = measure(options, peers, np)
    record = {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "compiler": subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.splitlines()[0] + ", -O2",
        "python": platform.python_version(),
        "versions": {package: importlib.metadata.version(package) for package in packages},
        "threads": options.threads,
        "rounds": options.rounds,
        "figures": "[ratio of minima, ratio of medians] over blocks of 50 ms; times likewise",
        "ours_empty_us": empty_call,
        "entries": entries,
    }
    print(table(record))
    if options.record:
        options.record.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
