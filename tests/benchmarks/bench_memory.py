"""What large data take: memory against their own size, and time to the first step.

    python tests/benchmarks/bench_memory.py [--rows N] [--columns N] [--scaling none|zscore|minmax]

The caller's own array is counted, too. Time is that of the processor, which other programs do not change.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time

import numpy as np

from engine import Dataset, Experiment, Layer, Trainer

GOAL_MEMORY, GOAL_SECONDS = 2.5, 4.0


def peak_bytes() -> int:
    """The most memory that this process has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def main() -> int:
    """Measure, print, and say with the exit status whether the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--scaling", default="none", choices=("none", "zscore", "minmax"))
    options = parser.parse_args()
    before = peak_bytes()
    inputs = np.random.default_rng(0).normal(size=(options.rows, options.columns))
    targets = inputs[:, :1].copy()

    def tell(what: str, seconds: float) -> None:
        share = (peak_bytes() - before) / inputs.nbytes
        print(f"{what:12s} {seconds:6.2f} s   {share:5.2f} times the data")

    tell("data", 0.0)
    began = time.process_time()
    data = Dataset.from_arrays(inputs, targets)
    tell("Dataset", time.process_time() - began)
    layers = (Layer(8, "tanh"), Layer(1))
    experiment = Experiment(layers, batch_size=32, learning_rate=0.01, scaling=options.scaling)
    trainer = Trainer(experiment, data)
    tell("Trainer", time.process_time() - began)
    trainer.step()
    seconds = time.process_time() - began
    tell("first step", seconds)
    met = (peak_bytes() - before) / inputs.nbytes < GOAL_MEMORY and seconds < GOAL_SECONDS
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
