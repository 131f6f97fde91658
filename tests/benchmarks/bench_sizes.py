"""How time and memory grow: tables of 1e3 to 1e6 rows, 2 to 4,096 units, 1 to 64 layers.

    python tests/benchmarks/bench_sizes.py [--only rows|units|layers] [--plan small|large]

Each size is measured in a process of its own. Time is that of the processor, the least of some turns, for
what disturbs makes it longer. `growth` compares a size with the one before it: what it takes, over what it
would take if cost were in proportion to the work (rows; parameters; layers). Below 1 fixed costs are spread
over more work. Above `BOUND` there is a cliff, and the exit status says so.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from time import process_time

import numpy as np

from engine import Dataset, Experiment, Layer, Trainer

BOUND = 1.2

FLOOR = {"first": 0.02, "step": 0.0, "bytes": 8 * 2**20}
"""What is less is not looked at: it is noise beside what any program takes."""

ROWS = [1_000, 10_000, 100_000, 1_000_000]
UNITS = [2**k for k in range(1, 13)]
LAYERS = [2**k for k in range(7)]

TURNS, TURN_SECONDS = 7, 0.15


def network(table: str, size: int) -> tuple[int, int, tuple[Layer, ...]]:
    """Rows, columns and layers of one size."""
    if table == "rows":
        return size, 10, (Layer(8, "tanh"), Layer(1))
    if table == "units":
        return 512, 16, (Layer(size, "tanh"), Layer(size, "tanh"), Layer(1))
    return 512, 16, (*(Layer(16, "tanh") for _ in range(size)), Layer(1))


def peak_bytes() -> int:
    """The most memory that this process has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def measure(table: str, size: int, plan: str | None) -> dict[str, float]:
    """Seconds to the first step, seconds a step, bytes, and the work, of one size."""
    rows, columns, layers = network(table, size)
    rng = np.random.default_rng(0)
    before = peak_bytes()
    inputs, targets = rng.normal(size=(rows, columns)), rng.normal(size=(rows, 1))
    experiment = Experiment(layers, batch_size=32, learning_rate=1e-3, initializer="xavier_uniform")
    began = process_time()
    trainer = Trainer(experiment, Dataset.from_arrays(inputs, targets), plan=plan, history_bytes=2**20)
    trainer.step()
    first = process_time() - began
    steps, took = 1, 0.0
    while took < TURN_SECONDS / 2 and steps < 8192:
        steps *= 2
        began = process_time()
        trainer.run(steps)
        took = process_time() - began
    least = took
    for _ in range(TURNS):
        began = process_time()
        trainer.run(steps)
        least = min(least, process_time() - began)
    work = {"rows": rows, "units": trainer.packing.size, "layers": len(layers)}[table]
    return {"first": first, "step": least / steps, "bytes": peak_bytes() - before, "work": work}


def measured_alone(table: str, size: int, plan: str | None) -> dict[str, float]:
    """The same in a process of its own; of three, the least of each, for what disturbs makes it longer."""
    command = [sys.executable, __file__, "--only", table, "--size", str(size)]
    command += ["--plan", plan] if plan else []
    runs = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    return {key: min(run[key] for run in runs) for key in runs[0]}


def tell(table: str, sizes: list[int], plan: str | None) -> bool:
    """Print the table of one kind of size; whether there is no cliff in it."""
    heads = "".join(f"{head:>12}{'growth':>8}" for head in ("first step", "a step", "memory"))
    print(f"\n{table:>10}{'work':>12}{heads}")
    found, last = True, None
    for size in sizes:
        now = measured_alone(table, size, plan)
        line = f"{size:10,}{int(now['work']):12,}"
        for key, text in (
            ("first", f"{now['first'] * 1e3:9.1f} ms"),
            ("step", f"{now['step'] * 1e6:9.1f} us"),
            ("bytes", f"{now['bytes'] / 2**20:7.1f} MB"),
        ):
            line += f"{text:>12}"
            if last is None:
                line += f"{'':>8}"
                continue
            # A step takes the same whatever the rows are
            more = 1.0 if (table, key) == ("rows", "step") else now["work"] / last["work"]
            growth = now[key] / max(last[key], 1e-9) / more
            steep = growth > BOUND and now[key] > FLOOR[key]
            found = found and not steep
            line += f"{growth:>7.2f}{'!' if steep else ' '}"
        print(line, flush=True)
        last = now
    return found


def main() -> int:
    """Measure, print, and say with the exit status whether there is no cliff."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--only", choices=("rows", "units", "layers"))
    parser.add_argument("--plan", choices=("small", "large"))
    parser.add_argument("--size", type=int, help="measure this one, and print it for a program to read")
    options = parser.parse_args()
    if options.size:
        print(json.dumps(measure(options.only, options.size, options.plan)))
        return 0
    tables = {"rows": ROWS, "units": UNITS, "layers": LAYERS}
    kept = [tell(name, sizes, options.plan) for name, sizes in tables.items() if options.only in (None, name)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
