#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plants wrong formulas, one at a time, and shows that the tests notice.

    tests/mutation/check.py [--eigen /usr/include/eigen3] [--jobs 2] [--folder build/mutation]

The headers are copied, and every expression of mutants.py becomes one that is
itself, or its mutant where the environment says so. So the tests are compiled
once for all mutants, and run once for each. 0 is no mutant, and must pass.
Fails below 95 % caught, and where a mutant that is known to survive is caught.
"""
import argparse, concurrent.futures, os, pathlib, shutil, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from mutants import mutants, equivalent, tests

root = pathlib.Path(__file__).resolve().parents[2]
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--eigen", default="/usr/include/eigen3")
arguments.add_argument("--jobs", type=int, default=2)
arguments.add_argument("--folder", type=pathlib.Path, default=root / "build" / "mutation")
arguments = arguments.parse_args()

folder = arguments.folder
shutil.rmtree(folder / "include", ignore_errors=True)
shutil.copytree(root / "include", folder / "include")
(folder / "mutant.hpp").write_text("""#pragma once
#include <cstdlib>
inline bool is_mutant(int number) {
  static const int chosen = [] { const char* text = std::getenv("MUTANT"); return text ? std::atoi(text) : 0; }();
  return chosen == number;
}
""")

numbered = []  # (header, old, new)
for header, old, news in mutants:
    path = folder / "include" / "eigenguide" / header
    text = path.read_text()
    if text.count(old) != 1:
        sys.exit(f"{header}: `{old}` stands there {text.count(old)} times, not once")
    choice = f"({old})"
    for new in [news] if isinstance(news, str) else news:
        numbered.append((header, old, new))
        choice = f"(::is_mutant({len(numbered)}) ? ({new}) : {choice})"
    path.write_text(text.replace(old, choice))


def compile(source):
    made = folder / (source.replace("/", "_") + ".o")
    subprocess.run(["g++", "-std=c++20", "-O0", "-include", folder / "mutant.hpp", "-I", folder / "include",
                    "-I", root / "tests", "-isystem", arguments.eigen, '-DMETHODS_PAGE="none"',
                    "-c", root / "tests" / source, "-o", made], check=True)
    return made


def passes(number):
    run = subprocess.run([folder / "tests", "--abort"], env={**os.environ, "MUTANT": str(number)}, timeout=300,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return run.returncode == 0


with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
    objects = list(pool.map(compile, tests + ["support/catch_main.cpp"]))
    subprocess.run(["g++", *objects, "-o", folder / "tests"], check=True)
    if not passes(0):
        sys.exit("the tests do not pass without a mutant")
    survives = list(pool.map(passes, range(1, len(numbered) + 1)))

survivors = 0
wrong = False
for (header, old, new), alive in zip(numbered, survives):
    known = equivalent.get((header, new))
    if alive:
        survivors += known is None
        print(f"survives: {header}: `{old}` as `{new}`" + (f" ({known})" if known else ""))
    elif known:
        wrong = True
        print(f"caught, though listed as equivalent: {header}: `{new}`")
total = len(numbered) - sum(1 for (h, _, n), alive in zip(numbered, survives) if alive and (h, n) in equivalent)
print(f"{total - survivors} of {total} mutants are caught ({100.0 * (total - survivors) / total:.1f} %), "
      f"besides {len(numbered) - total} that are the same function")
sys.exit(1 if wrong or survivors > 0.05 * total else 0)
