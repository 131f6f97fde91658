"""How long a frame of the curves takes: 1,000 new steps taken in and the plot painted, at 1000x400.

Run as ``python tests/benchmarks/bench_curves.py``, with ``QT_QPA_PLATFORM=offscreen`` or on a screen.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import cast

import numpy as np
import pyqtgraph as pg

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from gui.messages import Frame, Status
from gui.views.curves import CurvesView

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
        steps = np.arange(self.steps + 1, self.steps + count + 1)
        loss = (0.1 + np.exp(-steps / 3e4)) * self.rng.gamma(4, 0.25, count)
        one = np.ones(count)
        evaluated = steps[steps % 15 == 0]
        scalars = Scalars(
            steps, loss, 0.01 * one, np.clip(1 - loss, 0, 1), one, one, np.ones((count, 2)),
            evaluated, 0.2 + np.exp(-evaluated / 3e4), np.ones(len(evaluated)),
        )  # fmt: skip
        self.steps += count
        record = cast(StepRecord, _At(self.record, self.steps))
        trainer = self.trainer
        return Frame(0, trainer.experiment, trainer.dataset, record, None, scalars, False, Status.RUNNING)


class _At:
    def __init__(self, record: StepRecord, step: int) -> None:
        self.step = step
        self.epoch = record.epoch


def plot(view: CurvesView) -> pg.PlotWidget:
    """The widget the curves are painted in."""
    return view.findChild(pg.PlotWidget, "curvesViewPlot")


def milliseconds(view: CurvesView, feed: Feed, live: bool) -> tuple[float, float]:
    """Median and 95th percentile of a frame, with or without new steps."""
    viewport = plot(view).viewport()
    taken = []
    for _ in range(FRAMES):
        frame = feed.frame(NEW_STEPS) if live else None
        start = time.perf_counter()
        if frame is not None:
            view.show_frame(frame)
        viewport.repaint()
        taken.append(time.perf_counter() - start)
        QApplication.processEvents()
    return float(np.median(taken)) * 1e3, float(np.percentile(taken, 95)) * 1e3


def main() -> None:
    """Print the table."""
    application = QApplication([])
    print(f"{application.platformName()}, ms a frame: median (95 %)")
    print(f"{'steps':>12} {'+1,000, live':>16} {'log-y':>16} {'zoomed in':>16} {'memory, MB':>12}")
    for points in POINTS:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        feed, view = Feed(), CurvesView()
        while feed.steps < points:
            view.show_frame(feed.frame(min(100_000, points)))
        view.show()
        plot(view).setFixedSize(1000, 400)
        QApplication.processEvents()
        cells = [milliseconds(view, feed, live=True)]
        view.set_log_y(True)
        cells.append(milliseconds(view, feed, live=True))
        view.set_log_y(False)
        plot(view).getViewBox().setXRange(points * 0.4, points * 0.45, padding=0)
        cells.append(milliseconds(view, feed, live=False))
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"{points:>12,} " + " ".join(f"{m:9.2f} ({p:4.1f})" for m, p in cells) + f" {memory:>12.0f}")
        view.close()
        view.deleteLater()
        QApplication.processEvents()


if __name__ == "__main__":
    main()
