"""Trains 2-4-2-1 at full speed for some minutes and prints what it takes of memory and disk.

    python tests/benchmarks/soak.py --minutes 10

The bound of the keyframes is low, so that it is reached after a fraction of the time; from then on the
memory has to be flat. The series of all steps go to a file, which grows. With ``--window`` the whole
window trains, without a screen.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine import Dataset, Experiment, Layer, Trainer
from engine.series import STORE

FLAT_MIB = 4.0
"""Memory may change by no more than this after the bound is reached: the allocator's own ups and downs."""


def memory_mib() -> float:
    """Resident memory of this process."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        sys.exit("the resident memory is read from /proc, which this system does not have")
    pages = int(statm.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def data_and_experiment() -> tuple[Dataset, Experiment]:
    rng = np.random.default_rng(7)
    data = Dataset.from_arrays(rng.normal(size=(250, 2)), rng.uniform(-0.9, 0.9, 250))
    layers = (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "tanh"))
    return data, Experiment(layers, learning_rate=0.03, batch_size=10)


class Log:
    """One line every so many seconds, and at the end whether memory was flat."""

    def __init__(self, minutes: float, every: float) -> None:
        self.begin = time.perf_counter()
        self.end = self.begin + 60 * minutes
        self.every = every
        self._due = self.begin
        self._after_bound: list[float] = []
        print(f"{'seconds':>8}{'steps':>14}{'steps/s':>10}{'memory':>12}{'keyframes':>13}{'disk':>12}")

    @property
    def is_over(self) -> bool:
        return time.perf_counter() >= self.end

    def tell(self, trainer: Trainer) -> None:
        now = time.perf_counter()
        if now < self._due:
            return
        self._due = now + self.every
        gc.collect()
        history, memory = trainer.history, memory_mib()
        full = len(trainer.current.keyframes) > 1 and history.gap > 256
        if full:
            self._after_bound.append(memory)
        seconds = now - self.begin
        print(
            f"{seconds:8.0f}{trainer.completed:14,}{trainer.completed / max(seconds, 1e-9):10,.0f}"
            f"{memory:8.1f} MiB{history.nbytes / 2**20:9.2f} MiB{STORE.disk_bytes / 2**20:8.0f} MiB"
            f"{'  thinned' if full else ''}",
            flush=True,
        )

    def close(self) -> int:
        """Say whether the memory was flat; 1 if it was not, as an exit code."""
        if len(self._after_bound) < 4:
            print("the bound was not reached: run longer, or with a lower --history-mib")
            return 1
        half = len(self._after_bound) // 2
        first, last = (
            statistics.median(part) for part in (self._after_bound[:half], self._after_bound[half:])
        )
        flat = abs(last - first) <= FLAT_MIB
        print(
            f"after the bound was reached: {first:.1f} MiB in the first half, {last:.1f} MiB in the second:"
            f" {'flat' if flat else 'NOT FLAT'}"
        )
        return 0 if flat else 1


def soak_engine(log: Log, history_bytes: int) -> None:
    data, experiment = data_and_experiment()
    trainer = Trainer(experiment, data, history_bytes=history_bytes)
    while not log.is_over:
        log.tell(trainer)
        trainer.run(20_000)


def soak_window(log: Log, history_bytes: int) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow
    from gui.training.messages import Granularity, Run

    application = QApplication([])
    window = MainWindow(remember=False)
    window.show()
    window.document.set_dataset(data_and_experiment()[0])
    worker = window._worker

    def look(tell: Callable[[Trainer], None] = log.tell) -> None:
        network = worker._current
        if network is not None:
            network.trainer.history.budget = history_bytes
            tell(network.trainer)
        if log.is_over:
            window.close()
            application.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(200)
    window.submit(Run(Granularity.BATCH, None))
    application.exec()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--history-mib", type=float, default=8.0, help="bound of the keyframes")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two lines")
    parser.add_argument("--window", action="store_true", help="the whole window, not the engine alone")
    options = parser.parse_args()
    log = Log(options.minutes, options.every)
    soak = soak_window if options.window else soak_engine
    soak(log, int(options.history_mib * 2**20))
    return log.close()


if __name__ == "__main__":
    sys.exit(main())
