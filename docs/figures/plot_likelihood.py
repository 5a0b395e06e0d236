#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/figures/likelihood.png: what examples/likelihood found.

    likelihood                                           writes likelihood.csv
    docs/figures/plot_likelihood.py --record likelihood.csv      keeps it as docs/figures/likelihood.csv, and draws it
    docs/figures/plot_likelihood.py                              draws what was kept
"""
import argparse
import collections
import csv
import pathlib
import shutil

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

here = pathlib.Path(__file__).parent
record = here / "likelihood.csv"


def draw():
    panels = collections.defaultdict(lambda: collections.defaultdict(lambda: ([], [])))
    for row in csv.DictReader(record.open()):
        xs, ys = panels[row["panel"]][row["series"]]
        xs.append(float(row["x"]))
        ys.append(float(row["y"]))
    figure, (solver, probes, digits, guided) = plt.subplots(1, 4, figsize=(17, 4.0), layout="constrained")

    for series, (xs, ys) in panels["solver"].items():
        solver.loglog(xs, ys, "o-", label=series, markersize=3, linewidth=1)
    for series, order in (("Euler", 1), ("Heun", 2), ("RK4", 4)):  # from the last point backwards
        xs, ys = panels["solver"][series]
        solver.loglog(xs, [ys[-1] * (xs[-1] / x) ** order for x in xs], ":", color="grey", linewidth=1)
    solver.plot([], [], ":", color="grey", label="orders 1, 2, 4")
    solver.set_title("a mixture in the plane, exact trace", fontsize=10)
    solver.set_xlabel("evaluations")
    solver.set_ylabel("rms error of ln p, nats")

    for series, (xs, ys) in panels["probes"].items():
        dashed = series.endswith("(reported)")
        probes.loglog(xs, ys, "--" if dashed else "o", label=series, markersize=4, linewidth=1,
                      color="C0" if series.startswith("Rademacher") else "C1")
    xs, ys = panels["probes"]["Gaussian"]
    probes.loglog(xs, [ys[0] / (x / xs[0]) ** 0.5 for x in xs], ":", color="grey", label="1/√k")
    probes.set_title("the same, k probes", fontsize=10)
    probes.set_xlabel("k")

    xs, ys = panels["digits"]["own class"]
    shown = (-150, 70)
    outside = sum(1 for pair in zip(xs, ys) if min(pair) < shown[0])
    digits.plot(shown, shown, color="grey", linewidth=1)
    digits.plot(xs, ys, ".", markersize=3)
    digits.set(xlim=shown, ylim=shown)
    digits.set_title(f"held-out digits: right below the line ({outside} are outside)", fontsize=10)
    digits.set_xlabel("ln p under the own class, nats")
    digits.set_ylabel("under the best of the others")

    for n, (series, (xs, ys)) in enumerate(panels["guided"].items()):
        guided.plot(xs, ys, "-" if n % 2 == 0 else "--", color=f"C{n // 2}", label=series, linewidth=1.2)
    guided.set_title("a guided flow draws another density", fontsize=10)
    guided.set_xlabel("x")
    guided.set_ylim(top=1.9)

    for axis in (solver, probes, guided):
        axis.legend(fontsize=7)
    for axis in (solver, probes, digits, guided):
        axis.grid(alpha=0.3)
    figure.savefig(here / "likelihood.png", dpi=90)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", metavar="CSV", help="a likelihood.csv to keep")
    arguments = parser.parse_args()
    if arguments.record:
        shutil.copyfile(arguments.record, record)
    draw()
