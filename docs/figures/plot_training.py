#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/figures/training.png: densities of times, weights of a flow's squared error, and
what they did to the digits' network, from the table of training.md."""
import math
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

here = pathlib.Path(__file__).parent
ts = [i / 400 for i in range(1, 400)]

# Densities of t: as eigenguide's UniformTimes, LogitNormalTimes, ModeTimes and CosmapTimes draw them.
densities = {
    "uniform": lambda t: 1.0,
    "logit-normal": lambda t: math.exp(-0.5 * math.log(t / (1 - t)) ** 2) / (math.sqrt(2 * math.pi) * t * (1 - t)),
    "mode, s = 1.29": lambda t: mode_density(t, 1.29),
    "cosmap": lambda t: 2 / (math.pi * (1 - 2 * t + 2 * t * t)),
}

# Weights of the squared error of a flow: as MinSnr, SoftMinSnr and sigma_sqrt_weight; cosmap's is its density.
weights = {
    "min-SNR-5": lambda t: t * t * min(((1 - t) / t) ** 2, 5.0),
    "soft-min-SNR-5": lambda t: t * t * 5 / (1 + 5 * (t / (1 - t)) ** 2),
    "cosmap": densities["cosmap"],
    "sigma_sqrt": lambda t: t**-2,
}


def mode_density(t, scale):
    """1 / |dt/du| where t = 1 − u − s (cos²(π u / 2) − 1 + u), which falls: by bisection."""
    low, high = 0.0, 1.0
    for _ in range(50):
        u = 0.5 * (low + high)
        low, high = (u, high) if 1 - u - scale * (math.cos(0.5 * math.pi * u) ** 2 - 1 + u) > t else (low, u)
    return 1 / (1 + scale * (1 - 0.5 * math.pi * math.sin(math.pi * u)))


def table():
    """Times, and the errors of each row of the page's table."""
    lines = (here.parent / "training.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    times = [float(cell.removeprefix("t = ")) for cell in rows[0][1:6]]
    return times, {row[0]: [float(cell) for cell in row[1:6]] for row in rows[2:]}


def draw():
    figure, (density, weight, error) = plt.subplots(1, 3, figsize=(14, 3.6), layout="constrained")
    for axis, curves in ((density, densities), (weight, weights)):
        for name, value in curves.items():
            axis.plot(ts, [value(t) for t in ts], label=name, linewidth=1.2)
    density.set_title("density of times", fontsize=10)
    weight.set_title("weight of the squared error of a flow", fontsize=10)
    weight.set(yscale="log", ylim=(1e-3, 1e2))

    times, errors = table()
    for name, values in errors.items():
        error.plot(times, [a / b for a, b in zip(values, errors["uniform"])], "o-", label=name, markersize=4, linewidth=1.2)
    error.set_title("held-out error of the digits' network, over that of uniform", fontsize=10)
    for axis in (density, weight, error):
        axis.set(xlabel="t, 1 is noise", xlim=(0, 1))
        axis.legend(fontsize=7)
        axis.grid(alpha=0.3)
    figure.savefig(here / "training.png", dpi=90)


if __name__ == "__main__":
    draw()
