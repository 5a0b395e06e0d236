#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/figures/mixture.png: what examples/mixture found.

    mixture                                        writes mixture.csv
    docs/figures/plot_mixture.py --record mixture.csv      keeps it as docs/figures/mixture.csv, and draws it
    docs/figures/plot_mixture.py                           draws what was kept
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
record = here / "mixture.csv"
extent = 2.0


def draw():
    rows = collections.defaultdict(list)
    for row in csv.DictReader(record.open()):
        rows[row["kind"], row["method"]].append([float(value) for value in row["values"].split()])
    methods = [method for kind, method in rows if kind == "density"]
    figure, axes = plt.subplots(2, len(methods) // 2, figsize=(15, 5.6), layout="constrained")
    cells = len(rows["exact", "all"])
    middles = [extent * (2 * (n + 0.5) / cells - 1) for n in range(cells)]
    for axis, method in zip(axes.flat, methods):
        axis.imshow(rows["density", method], origin="lower", extent=(-extent, extent) * 2, cmap="Blues", vmax=3.0)
        axis.contour(middles, middles, rows["exact", "all"], levels=(0.05, 0.3), colors="grey", linewidths=0.6)
        axis.contour(middles, middles, rows["exact", "class"], levels=(0.05, 0.3, 1.2), colors="black", linewidths=0.8)
        for path in rows["path", method]:
            axis.plot(path[0::2], path[1::2], color="C1", linewidth=0.7)
            axis.plot(path[-2], path[-1], ".", color="C3", markersize=4)
        axis.set(xlim=(-1.8, 1.9), ylim=(-1.6, 1.6), xticks=[], yticks=[])
        axis.set_title(method, fontsize=10)
    figure.savefig(here / "mixture.png", dpi=90)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", metavar="CSV", help="a mixture.csv to keep")
    arguments = parser.parse_args()
    if arguments.record:
        shutil.copyfile(arguments.record, record)
    draw()
