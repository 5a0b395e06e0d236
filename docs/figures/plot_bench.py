#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws docs/figures/bench.png and docs/figures/roofline.png from recorded figures.

    bench --benchmark_filter='^(guide|guide_in_x0|convert|roofline)/' --benchmark_format=json > run.json
    docs/figures/plot_bench.py --record run.json    keeps what is drawn in docs/figures/bench.json, and draws it
    docs/figures/plot_bench.py                      draws what was kept

Of several runs the best of each figure is kept.
"""
import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

here = pathlib.Path(__file__).parent
record = here / "bench.json"


def keep(runs):
    """The figures that are drawn, and the machine; no paths, no host."""
    of_triad, roofline = {}, {}
    for run in runs:
        data = json.loads(pathlib.Path(run).read_text())
        for entry in data["benchmarks"]:
            if "of_triad" not in entry:  # beside something else than the limit
                continue
            verb, *method, latent, batch = entry["name"].split("/")
            if verb == "roofline":
                name, target = method
                sizes = roofline.setdefault(name, {}).setdefault(target, {})
                figure = {"of_triad": round(entry["of_triad"], 3), "GB/s": round(entry["gigabytes_per_second"], 1)}
                sizes[latent] = max(figure, sizes.get(latent, figure), key=lambda each: each["of_triad"])
            else:
                cells = of_triad.setdefault("/".join([verb, *method]), {})
                cells[f"{latent}/{batch}"] = max(round(entry["of_triad"], 3), cells.get(f"{latent}/{batch}", 0.0))
    caches = {f"L{c['level']} {c['type']}": c["size"] for c in data["context"]["caches"]}
    kept = {"date": data["context"]["date"][:10], "runs": len(runs), "caches": caches, "of_triad": of_triad, "roofline": roofline}
    record.write_text(json.dumps(kept, indent=1) + "\n")


def draw_cells(kept):
    figures = {name: cells for name, cells in kept["of_triad"].items() if "double" not in name}
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


def draw_roofline(kept):
    methods = kept["roofline"]
    figure, panels = plt.subplots(1, len(methods), figsize=(4.2 * len(methods), 3.6), sharey=True, layout="constrained")
    for axes, (method, targets) in zip(panels, methods.items()):
        limit = {}
        for target, sizes in targets.items():
            at = [4 * int(size) for size in sizes]
            axes.plot(at, [each["GB/s"] for each in sizes.values()], marker=".", label=target)
            for place, each in zip(at, sizes.values()):
                limit.setdefault(place, []).append(each["GB/s"] / each["of_triad"])
        axes.plot(list(limit), [max(each) for each in limit.values()], color="black", linewidth=1, label="bare streams")
        axes.set_xscale("log", base=2)
        axes.set_xticks([2**10, 2**14, 2**18, 2**22, 2**25], ["1 KiB", "16 KiB", "256 KiB", "4 MiB", "32 MiB"], fontsize=8)
        axes.set_title(method, fontsize=10)
        axes.set_xlabel("one tensor")
        axes.grid(alpha=0.3)
    panels[0].set_ylabel("GB/s of useful traffic")
    panels[0].set_ylim(bottom=0)
    panels[-1].legend(fontsize=8)
    figure.savefig(here / "roofline.png", dpi=110)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--record", metavar="RUN", nargs="+", help="runs of `bench` in JSON")
runs = parser.parse_args().record
if runs:
    keep(runs)
figures = json.loads(record.read_text())
draw_cells(figures)
draw_roofline(figures)
