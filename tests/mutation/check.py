#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plants wrong formulas, one at a time, and shows that the tests notice.

    tests/mutation/check.py [--of formulas passes images] [--eigen /usr/include/eigen3] [--jobs 2] [--folder build/mutation]

The headers are copied, and every expression of mutants.py becomes one that is
itself, or its mutant where the environment says so. So the tests are compiled
once for all mutants, and run once for each, those of its own part. 0 is no
mutant, and must pass. A run that does not end in five minutes has caught it.
Fails below 95 % caught, and where a mutant that is known to survive is caught.
"""
import argparse, concurrent.futures, os, pathlib, re, shutil, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from mutants import parts, equivalent

root = pathlib.Path(__file__).resolve().parents[2]
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--of", nargs="+", choices=parts, default=list(parts))
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

numbered = []  # (part, header, old, new)
for part in arguments.of:
    for header, old, news in parts[part]["mutants"]:
        path = folder / "include" / "eigenguide" / header
        text = path.read_text()
        if text.count(old) != 1:
            sys.exit(f"{header}: `{old}` stands there {text.count(old)} times, not once")
        choice = f"({old})"
        for new in [news] if isinstance(news, str) else news:
            numbered.append((part, header, old, new))
            choice = f"(::is_mutant({len(numbered)}) ? ({new}) : {choice})"
        path.write_text(text.replace(old, choice))


version = re.search(r'#define EIGENGUIDE_VERSION (\S+)', (root / "include" / "eigenguide" / "version.hpp").read_text()).group(1)


def compile(source, of=root / "tests"):
    made = folder / (source.replace("/", "_") + ".o")
    language = ["gcc", "-std=c99"] if source.endswith(".c") else ["g++", "-std=c++20", "-include", folder / "mutant.hpp"]
    subprocess.run([*language, "-O0", "-I", folder / "include", "-I", root / "tests", "-isystem", arguments.eigen,
                    '-DMETHODS_PAGE="none"', f'-DEXPECTED_VERSION="{version}"', "-c", of / source, "-o", made], check=True)
    return made


def passes(program, number):
    try:
        run = subprocess.run([program, "--abort"], env={**os.environ, "MUTANT": str(number)}, timeout=300,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
    main = compile("support/catch_main.cpp")
    programs = {}
    for part in arguments.of:
        programs[part] = folder / part
        objects = list(pool.map(compile, parts[part]["tests"]))
        objects += [compile(source, folder / "include" / "eigenguide") for source in parts[part].get("sources", [])]
        if "sources" not in parts[part]:
            objects.append(main)
        subprocess.run(["g++", *objects, "-pthread", "-o", programs[part]], check=True)
        if not passes(programs[part], 0):
            sys.exit(f"{part}: the tests do not pass without a mutant")
    survives = list(pool.map(lambda number: passes(programs[numbered[number][0]], number + 1), range(len(numbered))))

caught, planted, wrong = {part: 0 for part in arguments.of}, {part: 0 for part in arguments.of}, False
for (part, header, old, new), alive in zip(numbered, survives):
    known = equivalent.get((header, old, new))
    if alive:
        print(f"survives: {header}: `{old}` as `{new}`" + (f" ({known})" if known else ""))
    elif known:
        wrong = True
        print(f"caught, though listed as equivalent: {header}: `{old}` as `{new}`")
    if not (alive and known):
        planted[part] += 1
        caught[part] += not alive
for part in arguments.of:
    print(f"{part}: {caught[part]} of {planted[part]}")
total, found = sum(planted.values()), sum(caught.values())
print(f"{found} of {total} mutants are caught ({100.0 * found / total:.1f} %), "
      f"besides {len(numbered) - total} that are the same function")
sys.exit(1 if wrong or total - found > 0.05 * total else 0)
