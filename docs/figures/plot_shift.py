#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/figures/shift.png: how many steps of a run lie below t = 0.11, by flow shift."""
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

here = pathlib.Path(__file__).parent
bound = 0.11


def steps_below(shift, count):
    """As eigenguide::steps_below: times from 1 to 1/count, shifted."""
    times = [(count - i) / count for i in range(count)]
    return sum(shift * t / (1 + (shift - 1) * t) < bound for t in times)


def draw():
    figure, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
    for shift in (1, 3, 7, 17):
        counts = range(10, 101)
        axes[0].step(counts, [steps_below(shift, n) for n in counts], where="mid", label=f"shift {shift}")
        ts = [i / 200 for i in range(201)]
        axes[1].plot([1 - t for t in ts], [shift * t / (1 + (shift - 1) * t) for t in ts])
    axes[0].set_xlabel("steps of the run")
    axes[0].set_title(f"steps below t = {bound}", fontsize=10)
    axes[0].legend(fontsize=8)
    axes[1].axhline(bound, color="grey", linewidth=0.8)
    axes[1].set_xlabel("share of the run")
    axes[1].set_title("t of a step", fontsize=10)
    for axis in axes:
        axis.grid(alpha=0.3)
    figure.savefig(here / "shift.png", dpi=110)


if __name__ == "__main__":
    draw()
