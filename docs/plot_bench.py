#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/bench.png from recorded figures.

    bench --benchmark_filter='^(guide|guide_in_x0|convert)/' --benchmark_format=json > run.json
    docs/plot_bench.py --record run.json    keeps what is drawn in docs/bench.json, and draws it
    docs/plot_bench.py                      draws what was kept
"""
import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

here = pathlib.Path(__file__).parent
record = here / "bench.json"


def keep(run):
    """The figures that are drawn, and the machine; no paths, no host."""
    data = json.loads(pathlib.Path(run).read_text())
    figures = {}
    for entry in data["benchmarks"]:
        if "of_triad" not in entry:  # halves, beside float
            continue
        verb, *method, latent, batch = entry["name"].split("/")
        name = "/".join([verb, *method])
        figures.setdefault(name, {})[f"{latent}/{batch}"] = round(entry["of_triad"], 3)
    caches = {f"L{c['level']} {c['type']}": c["size"] for c in data["context"]["caches"]}
    record.write_text(json.dumps({"date": data["context"]["date"][:10], "caches": caches, "of_triad": figures}, indent=1) + "\n")


def draw():
    figures = json.loads(record.read_text())["of_triad"]
    figures = {name: cells for name, cells in figures.items() if "double" not in name}
    columns = list(max(figures.values(), key=len))
    values = [[cells.get(column, float("nan")) for column in columns] for cells in figures.values()]

    figure, axes = plt.subplots(figsize=(10, 0.42 * len(figures) + 1.6), layout="constrained")
    axes.imshow(values, cmap="RdYlGn", vmin=0.5, vmax=1.0, aspect="auto")
    for y, row in enumerate(values):
        for x, value in enumerate(row):
            if value == value:
                axes.text(x, y, f"{value:.2f}", ha="center", va="center", fontsize=9)
    axes.set_xticks(range(len(columns)), [column.replace("/", "\n") for column in columns], fontsize=8)
    axes.set_yticks(range(len(figures)), list(figures), fontsize=9)
    axes.xaxis.tick_top()
    axes.set_title("Share of the memory limit: time of bare streams over time of the call, float, one thread", fontsize=10)
    for side in axes.spines.values():
        side.set_visible(False)
    figure.savefig(here / "bench.png", dpi=110)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--record", metavar="RUN", help="a run of `bench` in JSON")
run = parser.parse_args().record
if run:
    keep(run)
draw()
