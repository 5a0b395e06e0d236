#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/figures/sampling.png: what a Guider did in each step of examples/sampling_loop.

    sampling_loop                                      writes sampling_loop.csv
    docs/figures/plot_sampling.py --record sampling_loop.csv   keeps it as docs/figures/sampling.csv, and draws it
    docs/figures/plot_sampling.py                              draws what was kept
"""
import argparse
import csv
import pathlib
import shutil

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

here = pathlib.Path(__file__).parent
record = here / "sampling.csv"
panels = [("scale", "scale s"), ("relative_difference", "‖d‖ / ‖u‖"), ("cosine", "cos(c, u)"), ("zero_star", "α*"),
          ("evaluations", "evaluations")]


def draw():
    rows = list(csv.DictReader(record.open()))
    figure, axes = plt.subplots(1, len(panels), figsize=(14, 3.0), layout="constrained")
    for sampler, style in (("Euler", "o-"), ("DPM-Solver++(2M)", "x--")):
        for axis, (column, title) in zip(axes, panels):
            # What compares c and u is known where both were evaluated.
            known = [r for r in rows if r["sampler"] == sampler
                     and (column in ("scale", "evaluations") or int(r["evaluations"]) == 2)]
            axis.plot([int(r["step"]) for r in known], [float(r[column]) for r in known], style, label=sampler,
                      markersize=4, linewidth=1)
            axis.set_title(title, fontsize=10)
            axis.set_xlabel("step", fontsize=9)
            axis.grid(alpha=0.3)
    axes[0].legend(fontsize=8)
    figure.savefig(here / "sampling.png", dpi=110)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", metavar="CSV", help="a sampling_loop.csv to keep")
    arguments = parser.parse_args()
    if arguments.record:
        shutil.copyfile(arguments.record, record)
    draw()
