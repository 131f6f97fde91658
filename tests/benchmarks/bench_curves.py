"""How long a frame of the curves takes: 1,000 new steps taken in and the plot painted, at 1000x400.

Run as ``python tests/benchmarks/bench_curves.py``, with ``QT_QPA_PLATFORM=offscreen`` or on a screen.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pyqtgraph as pg

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.series import STORE
from gui.training.messages import Frame, RunSeries, Status
from gui.views.curves.loss import CurvesView

BATCH = 10
FRAMES = 60
NEW_STEPS = 1_000
POINTS = (1_000, 100_000, 1_000_000, 10_000_000)


class Feed:
    """A noisy loss that falls, in frames."""

    def __init__(self) -> None:
        data = Dataset.from_arrays(np.random.default_rng(0).normal(size=(150, 2)), [0, 1] * 75, kind="binary")
        layers = (Layer(2, "tanh"), Layer(1, "sigmoid"))
        self.trainer = Trainer(Experiment(layers, loss="binary_cross_entropy", batch_size=BATCH), data)
        self.record: StepRecord = self.trainer.step()
        self.rng = np.random.default_rng(1)
        self.steps = 0

    def frame(self, count: int) -> Frame:
        """The next `count` steps."""
        scalars = self.scalars(count)
        return self._at(self.steps, scalars)

    def past(self, step: int) -> Frame:
        """The moment after `step` steps, once more."""
        return self._at(step, Scalars.empty(2))

    def scalars(self, count: int) -> Scalars:
        """Series of the next `count` steps."""
        steps = np.arange(self.steps + 1, self.steps + count + 1)
        loss = (0.1 + np.exp(-steps / 3e4)) * self.rng.gamma(4, 0.25, count)
        one = np.ones(count)
        evaluated = steps[steps % 15 == 0]
        scalars = Scalars(
            steps, loss, 0.01 * one, np.clip(1 - loss, 0, 1), one, one, np.ones((count, 2)),
            evaluated, 0.2 + np.exp(-evaluated / 3e4), np.ones(len(evaluated)),
        )  # fmt: skip
        self.steps += count
        return scalars

    def _at(self, step: int, scalars: Scalars) -> Frame:
        record = cast(StepRecord, _At(self.record, step))
        trainer, status = self.trainer, Status.RUNNING
        return Frame(0, trainer.dataset, record, None, scalars, False, status, self.steps)


class _At:
    def __init__(self, record: StepRecord, step: int) -> None:
        self.step = step
        self.epoch = record.epoch


def plot(view: CurvesView) -> pg.PlotWidget:
    """The widget the curves are painted in."""
    return view.findChild(pg.PlotWidget, "curvesViewPlot")


def milliseconds(view: CurvesView, frame: Callable[[int], Frame] | None) -> str:
    """Median and 95th percentile of painting, with a frame taken in before if there is one to make."""
    viewport = plot(view).viewport()
    taken = []
    for number in range(FRAMES):
        new = frame(number) if frame else None
        start = time.perf_counter()
        if new is not None:
            view.show_frame(new)
        viewport.repaint()
        taken.append(time.perf_counter() - start)
        QApplication.processEvents()
    return f"{np.median(taken) * 1e3:8.2f} ({np.percentile(taken, 95) * 1e3:4.1f})"


def other_runs(points: int) -> tuple[RunSeries, ...]:
    """Three runs to be drawn beside."""
    return tuple(RunSeries((0, n), f"run {n}", Feed().scalars(min(points, 1_000_000))) for n in range(3))


def measured(points: int) -> list[str]:
    """The cells of a row."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    feed, view = Feed(), CurvesView()
    while feed.steps < points:
        view.show_frame(feed.frame(min(100_000, points)))
    view.show()
    plot(view).setFixedSize(1000, 400)
    QApplication.processEvents()
    cells = [milliseconds(view, lambda _: feed.frame(NEW_STEPS))]
    view.set_log_y(True)
    cells.append(milliseconds(view, lambda _: feed.frame(NEW_STEPS)))
    view.set_log_y(False)
    cells.append(milliseconds(view, lambda n: feed.past(points // 2 + n)))
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    disk = STORE.disk_bytes / 2**20
    for part in (0.05, 0.0005):
        plot(view).getViewBox().setXRange(points * 0.4, points * (0.4 + part), padding=0)
        cells.append(milliseconds(view, None))
    view.auto_range()
    view.set_overlays(other_runs(points))
    cells.append(milliseconds(view, lambda _: feed.frame(NEW_STEPS)))
    view.close()
    view.deleteLater()
    QApplication.processEvents()
    return [*cells, f"{memory:.0f}", f"{disk:.0f}"]


def main() -> None:
    """Print the table."""
    application = QApplication([])
    print(f"{application.platformName()}, ms a frame: median (95 %); memory and disk in MB")
    names = (
        "+1,000, live",
        "log-y",
        "in the past",
        "zoom 20x",
        "zoom 2,000x",
        "and 3 runs",
        "memory",
        "disk",
    )
    widths = [15] * 6 + [6, 6]
    print(f"{'steps':>10}", *(f"{name:>{width}}" for name, width in zip(names, widths, strict=True)))
    for points in POINTS:
        cells = measured(points)
        print(f"{points:>10,}", *(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)))


if __name__ == "__main__":
    main()
