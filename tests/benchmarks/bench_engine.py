"""How fast `Trainer.run` is beside other libraries: a table of medians of CPU-time steps/s.

Run it from the checkout, with the `bench` extra installed for the peers (those absent are left out)::

    python tests/benchmarks/bench_engine.py [--rounds 9] [--seconds 0.08] [--only 64-32]

All contestants train the same network on the same data with SGD in float64 on one BLAS thread. They
take turns within one process, so that a machine that slows down slows them all; each cell is the
median over the rounds. All gather a new mini-batch each step and record its loss and, where it does
not say otherwise, the norm of each layer's gradient (sklearn and micrograd the loss alone);
`Trainer.run` draws the order of the rows itself too, and records the metric and the update's norm.
The limit of a small network is a loop in C, where a compiler is there, and that of a large one the matrix
products alone; `left` is how much of the time of `Trainer.run` is beside it.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from time import process_time
from typing import Any

import numpy as np
from peers import (
    BareProducts,
    Case,
    LoopInC,
    Micrograd,
    Order,
    PlainNumPy,
    SklearnPartialFit,
    TorchByHand,
    TorchEager,
    c_compiler,
)
from threadpoolctl import threadpool_limits

from engine import Dataset, Experiment, Layer, Trainer

CHECKED_STEPS = 25

PEERS: dict[str, Callable[[Case], Any]] = {
    "plain NumPy": PlainNumPy,
    "PyTorch eager": TorchEager,
    "PyTorch eager, loss only": partial(TorchEager, norms=False),
    "PyTorch by hand, out=": TorchByHand,
    "sklearn partial_fit": SklearnPartialFit,
    "micrograd": Micrograd,
    "loop in C": LoopInC,
    "bare products": BareProducts,
}

LIMITS = ("loop in C", "bare products")
"""What no design made of NumPy calls can pass: of small networks and of large ones."""

# How many times as fast as each peer `Trainer.run` is to be.
AIMS = {
    ("2-4-2-1", "plain NumPy"): 5.5,
    ("2-4-2-1", "PyTorch eager"): 30,
    ("2-8x8-1", "plain NumPy"): 5.2,
    ("2-8x8-1", "PyTorch eager"): 22,
    ("64-32-16-10", "plain NumPy"): 2.5,
    ("64-32-16-10", "PyTorch eager"): 9,
    ("64-32-16-10", "bare products"): 0.42,
    ("784-256-128-10", "plain NumPy"): 1.1,
    ("784-256-128-10", "PyTorch eager"): 1.05,
    ("784-256-128-10", "bare products"): 0.86,
    ("784-1024-1024-10", "plain NumPy"): 1.02,
    ("784-1024-1024-10", "PyTorch eager"): 0.95,
    ("784-1024-1024-10", "bare products"): 0.93,
}

LEAST_STEPS, LONGEST_TURN = 128, 0.5
"""Steps of a turn, unless they take longer than so many seconds: a disturbance must not decide."""


def make_case(
    title: str,
    sizes: tuple[int, ...],
    batch: int,
    rows: int,
    hidden: str,
    output: str,
    loss: str,
    kind: str,
    rate: float = 0.03,
) -> Case:
    rng = np.random.default_rng(7)
    inputs = rng.normal(size=(rows, sizes[0]))
    if kind == "multiclass":
        targets = np.eye(sizes[-1])[rng.integers(sizes[-1], size=rows)]
    elif kind == "binary":
        targets = (rng.random((rows, sizes[-1])) < 0.5).astype(float)
    else:
        targets = rng.uniform(-0.9, 0.9, (rows, sizes[-1]))
    weights = [rng.uniform(-1, 1, (m, n)) * np.sqrt(6 / (m + n)) for m, n in pairwise(sizes)]
    biases = [rng.uniform(-0.1, 0.1, n) for n in sizes[1:]]
    return Case(title, sizes, batch, hidden, output, loss, rate, inputs, targets, kind, weights, biases)


def cases() -> list[Case]:
    softmax = ("relu", "softmax", "cross_entropy", "multiclass")
    squared = ("tanh", "tanh", "squared_error", "regression")
    return [
        make_case("2-2-1", (2, 2, 1), 4, 4, "sigmoid", "sigmoid", "binary_cross_entropy", "binary"),
        make_case("4-3-2", (4, 3, 2), 1, 150, "sigmoid", "sigmoid", "squared_error", "regression"),
        make_case("2-4-2-1", (2, 4, 2, 1), 10, 250, *squared),
        make_case("2-8x8-1", (2, *[8] * 8, 1), 10, 250, *squared),
        make_case("64-32-16-10", (64, 32, 16, 10), 32, 1797, *softmax),
        make_case("784-256-128-10", (784, 256, 128, 10), 128, 1280, *softmax),
        make_case("784-1024-1024-10", (784, 1024, 1024, 10), 256, 1280, *softmax),
    ]


def make_trainer(case: Case) -> Trainer:
    data = Dataset.from_arrays(case.inputs, case.targets, kind=case.kind)
    layers = [Layer(n, case.hidden) for n in case.sizes[1:-1]]
    experiment = Experiment(
        (*layers, Layer(case.sizes[-1], case.output)),
        loss=case.loss,
        learning_rate=case.rate,
        batch_size=case.batch,
    )
    trainer = Trainer(experiment, data)
    trainer.set_parameters(case.weights, case.biases)
    return trainer


def first_rows(case: Case) -> Order:
    trainer = make_trainer(case)
    return [trainer.step().indices for _ in range(CHECKED_STEPS)]


def check(case: Case, peer: Any) -> float | None:
    """Greatest relative difference of the parameters after the same 25 steps, losses compared too."""
    peer.run(first_rows(case), CHECKED_STEPS)
    theirs = peer.parameters()
    if theirs is None:
        return None
    trainer = make_trainer(case)
    scalars = trainer.run(CHECKED_STEPS)
    pairs = [*zip((*trainer.weights, *trainer.biases), (*theirs[0], *theirs[1]), strict=True)]
    pairs.append((np.asarray(scalars.loss), np.array(peer.losses)))
    if len(getattr(peer, "norms", ())):
        pairs.append((np.asarray(scalars.gradient_norms), np.array(peer.norms)))
    return max(float(np.abs(a - b).max() / np.abs(a).max()) for a, b in pairs)


def seconds_of(run: Callable[[int], object], steps: int) -> float:
    begin = process_time()
    run(steps)
    return process_time() - begin


def steps_for(run: Callable[[int], object], seconds: float) -> int:
    """How many steps take about `seconds`, but at least `LEAST_STEPS`, after all has been compiled."""
    steps = 1
    while seconds_of(run, steps) < LONGEST_TURN / 2 and steps <= 2 * LEAST_STEPS:
        steps *= 2
    took = min(seconds_of(run, steps) for _ in range(3)) / steps  # whatever disturbs makes it longer
    return max(round(seconds / took), min(LEAST_STEPS, round(LONGEST_TURN / took)), 1)


def race(case: Case, names: list[str], rounds: int, seconds: float) -> dict[str, float]:
    """Median steps/s of the engine ("") and of each peer."""
    trainer = make_trainer(case)
    rows = len(case.inputs)
    order: Order = [slice(None)]
    if case.batch < rows:
        drawn = np.random.default_rng(3).permutation(rows)
        order = np.split(drawn[: rows - rows % case.batch], rows // case.batch)
    runs: dict[str, Callable[[int], object]] = {"": trainer.run}
    for name in names:
        runs[name] = partial(PEERS[name](case).run, order)
    steps = {name: steps_for(run, seconds) for name, run in runs.items()}
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            gc.collect()
            rates[name].append(steps[name] / seconds_of(run, steps[name]))
        trainer.reset()  # the series of millions of steps would only fill the memory
    return {name: statistics.median(values) for name, values in rates.items()}


def present() -> list[str]:
    """The peers whose libraries are there; a line for each library that is not."""
    missing = []
    for module, title in (("torch", "PyTorch"), ("sklearn", "sklearn"), ("micrograd", "micrograd")):
        try:
            __import__(module)
        except ImportError:
            print(f"{title} is not installed: left out")
            missing.append(title)
    if not c_compiler():
        print("no compiler of C is there: its loop is left out")
        missing.append("loop in C")
    return [name for name in PEERS if not any(name.startswith(title) for title in missing)]


def import_seconds() -> float:
    """What `import engine` takes beyond NumPy, the median of five fresh interpreters."""
    code = (
        "import numpy, time; t = time.process_time(); import engine; "
        "print(time.process_time() - t); import sys; "
        "assert not {m.split('.')[0] for m in sys.modules} & {'PySide6', 'shiboken6', 'pyqtgraph'}"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return statistics.median(float(run.stdout) for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.08, help="CPU time of a turn")
    parser.add_argument("--only", default="", help="cases whose title contains this")
    options = parser.parse_args()

    available = present()
    print(f"import engine: {import_seconds():.3f} s beyond NumPy (aim: under 0.12)")
    print(f"\n{'case (batch)':26}{'peer':27}{'steps/s':>11}{'ratio':>9}{'aim':>7}{'left':>7}  equal to")
    for case in cases():
        if options.only not in case.title:
            continue
        names = [name for name in available if not _skipped(case, name)]
        differences = {name: check(case, PEERS[name](case)) for name in names}
        with threadpool_limits(1):
            rates = race(case, names, options.rounds, options.seconds)
        print(f"{f'{case.title} ({case.batch})':26}{'Trainer.run':27}{rates['']:11,.0f}")
        for name in names:
            ratio, aim = rates[""] / rates[name], AIMS.get((case.title, name))
            line = f"{'':26}{name:27}{rates[name]:11,.0f}{ratio:9.2f}{'' if aim is None else f'{aim:.3g}':>7}"
            # How much of the time is beside what the limit takes
            line += f"{f'{1 - ratio:.0%}' if name in LIMITS else '':>7}"
            if differences[name] is not None:
                line += f"  {differences[name]:.0e}"
            print(line + ("  SHORT" if aim is not None and ratio < aim else ""), flush=True)


def _skipped(case: Case, name: str) -> bool:
    small = case.sizes[0] < 64
    return not small if name in ("micrograd", "loop in C") else small and name == "bare products"


if __name__ == "__main__":
    main()
