"""How well `check_step` finds mistakes again, and how long it takes: two tables.

Run it from the checkout::

    python tests/benchmarks/bench_mistakes.py [--steps 1000] [--seed 0]

The first table counts random small steps (`wrong_steps`): the mistake that was made is among the
explanations, it is the only one, the first wrong quantity is right. The second one measures the time of
a verdict on larger networks, in ms of CPU time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine import MISTAKES, Experiment, Layer, check_step
from engine.mistakes.reference import Case, Step
from tests.benchmarks.wrong_steps import Made, computed, printed, single, stream

NETWORKS = {
    "16-16-16-16-16": ((16,) * 5, "tanh", "softmax", "cross_entropy"),
    "64-32-16-10": ((64, 32, 16, 10), "sigmoid", "softmax", "cross_entropy"),
}


def first_wrong(made: Made, names: list[str]) -> str | None:
    """The first wrong quantity, by plain comparison with either reading."""
    found = []
    for inside in (False, True):
        right = computed(made.case, [], inside)
        if inside and "loss" in made.given:
            loss = float(made.given["loss"])
            if abs(loss - right["loss"] - made.case.penalty) < abs(loss - right["loss"]):
                right["loss"] = right["loss"] + made.case.penalty
        wrong = [
            name
            for name in names
            if not np.allclose(
                made.given[name],
                right[name],
                rtol=0,
                atol=1e-9 * np.nanmax(np.abs(right[name])) + 1e-12,
                equal_nan=True,
            )
        ]
        found.append(names.index(wrong[0]) if wrong else len(names))
    last = max(found)
    return names[last] if last < len(names) else None


def tell(how: str, steps: int, seed: int) -> None:
    rng = np.random.default_rng([seed, len(how)])
    found = unique = located = refused = named = 0
    missed: Counter[str] = Counter()
    times = []
    for made in stream(rng, how, steps):
        began = process_time()
        verdict = check_step(*made.arguments())
        times.append(1e3 * (process_time() - began))
        explanations = {frozenset(explanation) for explanation in verdict.mistakes}
        hit = frozenset(made.names) in explanations
        found += hit
        unique += hit and len(explanations) == 1
        refused += not verdict.agrees
        named += bool(explanations)
        if how in ("one", "two", "unknown"):
            names = [q.name for q in verdict.quantities]
            located += verdict.first_wrong == first_wrong(made, names)
            if how != "unknown" and not hit:
                missed[" + ".join(made.names)] += 1
        if how == "unknown" and explanations:
            missed[f"{made.note}: {verdict.mistakes}"] += 1
        if how == "right" and not verdict.agrees:
            missed[f"{made.note}: {verdict.first_wrong} {verdict.mistakes}"] += 1
        if how == "one" and steps >= 200:
            for again in (single(made), printed(made, 6)):
                other = check_step(*again.arguments())
                if not other.agrees and frozenset(made.names) not in {frozenset(e) for e in other.mistakes}:
                    missed[f"{' + '.join(made.names)} (rounded)"] += 1
    share = 100.0 / steps
    print(
        f"{how:8} {steps:6} {found * share:7.1f} % {unique * share:7.1f} % {located * share:7.1f} % "
        f"{named * share:7.1f} % {refused * share:7.1f} % {statistics.mean(times):8.1f} {max(times):8.1f}"
    )
    for name, count in missed.most_common(12):
        print(f"         {count:3} x {name}")


def larger(label: str, rows: int = 32) -> None:
    widths, hidden, output, loss = NETWORKS[label]
    layers = [Layer(n, hidden) for n in widths[1:-1]] + [Layer(widths[-1], output)]
    experiment = Experiment(tuple(layers), loss, learning_rate=0.1)
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(rows, widths[0])), np.eye(widths[-1])[rng.integers(widths[-1], size=rows)]
    W = [rng.normal(size=shape) / np.sqrt(shape[0]) for shape in pairwise(widths)]
    b = [0.2 * rng.normal(size=n) for n in widths[1:]]
    case = Case(experiment, x, t, W, b)
    for names in (("no_hidden_slope",), ("half", "bias_sum"), ("update_inside_batch", "factor_two"), ()):
        cells = []
        for kinds in (("dW", "db"), ("W", "b"), ("z", "a", "delta", "loss", "dW", "db", "W", "b")):
            values: dict[str, Any] = {
                name: np.array(value)
                for name, value, _ in Step(case, [MISTAKES[n].varied for n in names]).quantities()
            }
            given = {n: v for n, v in values.items() if n.rstrip("0123456789") in kinds}
            if not names:
                given[next(reversed(given))] += 0.123
            times = []
            for _ in range(3):
                began = process_time()
                verdict = check_step(experiment, x, t, W, b, given)
                times.append(1e3 * (process_time() - began))
            assert frozenset(names) in {frozenset(e) for e in verdict.mistakes} or not names
            cells.append(f"{statistics.median(times):8.0f}")
        print(f"{label:16} {' + '.join(names) or 'unknown':34} {' '.join(cells)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print("steps     count   found      only     located    named    refused    mean ms  max ms")
    for how in ("one", "two", "unknown", "right"):
        tell(how, options.steps, options.seed)
    print("\nms of a verdict  32 rows                             gradients  after  all")
    for label in NETWORKS:
        larger(label)


if __name__ == "__main__":
    main()
