# SPDX-License-Identifier: MIT
"""numpy's column of the table of hard inputs in docs/numerics.md.

    mkdir -p /tmp/hard && build/bench/bench/hard_inputs /tmp/hard && python3 bench/peers/hard_inputs.py /tmp/hard
"""
import pathlib
import sys

import numpy as np


def zero_star(s, c, u):
    alpha = np.dot(c, u) / np.dot(u, u) if np.any(u) else np.float32(0)
    return alpha * u + s * (c - alpha * u)


def rescaled(s, phi, c, u):
    g = u + s * (c - u)
    return phi * g * (c.std() / g.std()) + (1 - phi) * g


def main():
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir(), key=lambda p: p.stat().st_mtime_ns):
        values = np.fromfile(path)
        n = (len(values) - 2) // 4
        c, u = values[:n].astype(np.float32), values[n : 2 * n].astype(np.float32)
        least = np.finfo(np.float32).tiny
        errors = []
        for got, exact in ((zero_star(np.float32(7.5), c, u), values[2 * n : 3 * n + 1]),
                           (rescaled(np.float32(7.5), np.float32(0.7), c, u), values[3 * n + 1 :])):
            errors.append(np.abs(got.astype(np.float64) - exact[:-1]).max() / max(exact[-1], least))
        print(f"{path.name:22} {errors[0]:8.1e} {errors[1]:8.1e}")


if __name__ == "__main__":
    main()
