"""Benchmark of the timeline: seeking, what recording costs, and what it takes of memory.

    python tests/benchmarks/bench_timeline.py

Seeks random steps of a run of 1,000,000 steps of 2-4-2-1, with the record of the step, as the window
does it. Recording is compared with a Trainer that keeps neither keyframes nor series; the two take
turns, and each number is the median over the rounds.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time

import numpy as np

from engine import Dataset, Experiment, Layer, Trainer
from engine.series import STORE
from engine.training.conditions import (
    Breakpoint,
    Condition,
    EpochReached,
    GradientBelow,
    LossBelow,
    UnitSaturated,
    ValidationStalled,
    WeightCrosses,
)
from engine.training.history import HISTORY_BYTES
from engine.training.watcher import Watcher

MEDIAN_AIM, WORST_AIM, COST_AIM = 0.030, 0.100, 0.10

NEVER: tuple[Condition, ...] = (
    LossBelow(-1.0),
    GradientBelow(1, 0.0),
    ValidationStalled(10**9),
    WeightCrosses(1, 0, 0, 1e9),
    UnitSaturated(1e-300, 10**9),
    EpochReached(10**9),
)


def make_trainer(**changes: object) -> Trainer:
    rng = np.random.default_rng(7)
    data = Dataset.from_arrays(rng.normal(size=(250, 2)), rng.uniform(-0.9, 0.9, 250))
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "tanh")), learning_rate=0.03, batch_size=10
    )
    return Trainer(experiment.changed(**changes), data)


def without_recording() -> Trainer:
    """A Trainer that leaves nothing behind: no keyframes, no series."""
    trainer = make_trainer()
    trainer.history.gap = 1 << 60
    trainer.current.series.append = lambda rows: None  # type: ignore[method-assign]
    return trainer


def seconds_of(trainer: Trainer, steps: int) -> float:
    gc.collect()
    begin = time.process_time()
    trainer.run(steps, lambda: False)
    return time.process_time() - begin


def recording_cost(rounds: int, steps: int) -> tuple[float, float, float]:
    """Steps a second with and without recording, and what part of the time recording takes."""
    recorded, bare = make_trainer(), without_recording()
    times: dict[str, list[float]] = {"recorded": [], "bare": []}
    for _ in range(rounds):
        times["recorded"].append(seconds_of(recorded, steps))
        times["bare"].append(seconds_of(bare, steps))
    with_it, without = (statistics.median(times[name]) for name in ("recorded", "bare"))
    shares = [a / b - 1 for a, b in zip(times["recorded"], times["bare"], strict=True)]
    return steps / with_it, steps / without, statistics.median(shares)


def watching_costs(rounds: int, steps: int) -> list[tuple[str, float]]:
    """What part of the time each condition takes."""
    found = []
    for name, conditions in [("none on", ()), *((c.name, (c,)) for c in NEVER), ("all of these", NEVER)]:
        validation = 0.2 if any(isinstance(c, ValidationStalled) for c in conditions) else 0.0
        plain, watched = make_trainer(validation=validation), make_trainer(validation=validation)
        watcher = Watcher(Breakpoint(condition) for condition in conditions)
        shares = []
        for _ in range(rounds):
            begin = time.process_time()
            plain.run(steps, lambda: False)
            between = time.process_time()
            watcher.run(watched, steps, lambda: False)
            shares.append((time.process_time() - between) / (between - begin) - 1)
        found.append((name, statistics.median(shares)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--seeks", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--history-mib", type=float, default=HISTORY_BYTES / 2**20)
    options = parser.parse_args()

    trainer = make_trainer()
    trainer.history.limit(int(options.history_mib * 2**20))
    trainer.run(options.steps)
    run, history = trainer.current, trainer.history
    bound = history.budget
    print(
        f"{options.steps:,} steps of 2-4-2-1, batch 10: {len(run.keyframes):,} keyframes, {history.gap} apart"
    )
    print(
        f"memory: keyframes {history.nbytes / 2**20:.1f} MiB of {bound / 2**20:.0f} MiB"
        f" ({'within' if history.nbytes <= bound else 'BEYOND'} the bound);"
        f" series on disk {STORE.disk_bytes / 2**20:.1f} MiB"
    )

    rng = np.random.default_rng(3)
    times = []
    for step in rng.integers(1, options.steps + 1, options.seeks).tolist():
        begin = time.perf_counter()
        trainer.seek(step - 1)
        record = trainer.step()
        times.append(time.perf_counter() - begin)
        assert record.step == step
    median, worst = statistics.median(times), max(times)
    for name, value, aim in (("median", median, MEDIAN_AIM), ("worst", worst, WORST_AIM)):
        short = "" if value < aim else "  SHORT"
        print(f"seek with its record, {name}: {value * 1e3:.2f} ms (aim: under {aim * 1e3:.0f} ms){short}")

    with_it, without, cost = recording_cost(options.rounds, 60_000)
    print(
        f"recording: {with_it:,.0f} steps/s, {without:,.0f} without: {cost:+.1%} of the time"
        f" (aim: under {COST_AIM:.0%}){'' if cost < COST_AIM else '  SHORT'}"
    )
    for name, share in watching_costs(max(3, options.rounds // 2), 30_000):
        print(f"watching for {name:20} {share:+7.1%} of the time")


if __name__ == "__main__":
    main()
