"""Whether the window lives while a CSV of 1,000,000 rows by 10 numbers is imported.

Run as ``python tests/benchmarks/bench_import.py``, offscreen unless QT_QPA_PLATFORM says otherwise. The
network of the first launch trains at full speed all the while. Measured is how late the event loop is,
how long preview and loading take, and how long a click on Cancel takes to be answered.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data.dataset import Dataset
from gui.main_window import MainWindow
from gui.panels.data_import import ImportDialog
from tests.benchmarks.bench_load import COLUMNS, ROWS, write

BEAT_MILLISECONDS = 2


class Pulse(QObject):
    """How late a timer fires that is due every few milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._late: list[float] = []

    def start(self) -> None:
        """Begin to listen."""
        self._late = []
        self._clock.start()
        self._timer.start()

    def stop(self) -> str:
        """Say how late it was."""
        self._timer.stop()
        late = np.array(self._late)
        p50, p99 = np.percentile(late, [50, 99])
        return f"event loop late by p50 {p50:.1f}, p99 {p99:.1f}, max {late.max():.1f} ms ({len(late)} beats)"

    def _beat(self) -> None:
        self._late.append(max(0.0, self._clock.nsecsElapsed() / 1e6 - BEAT_MILLISECONDS))
        self._clock.restart()


def until(signal: object, begin: object = None) -> float:
    """Run the event loop until a signal comes; seconds it took."""
    loop = QEventLoop()
    signal.connect(loop.quit)  # type: ignore[attr-defined]
    start = time.perf_counter()
    if begin is not None:
        begin()  # type: ignore[operator]
    loop.exec()
    return time.perf_counter() - start


def wait(milliseconds: int) -> None:
    """Let events happen."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> None:
    """Measure and print."""
    sys.setswitchinterval(0.0005)
    application = QApplication([])
    window = MainWindow(remember=False)
    window.show()
    pulse = Pulse()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        write(path)
        array = ROWS * COLUMNS * 8 / 1024**2
        window.run_controls.run_action.trigger()
        wait(500)
        pulse.start()
        wait(2_000)
        print("training alone:", pulse.stop())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

        dialog = ImportDialog(path, window._tasks)
        pulse.start()
        dialog.show()
        seconds = until(dialog.inspected)
        print(f"preview {seconds:.2f} s:", pulse.stop())

        QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
        wait(700)
        start = time.perf_counter()
        QTest.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
        answered = time.perf_counter() - start
        until(window._tasks.ended)
        ended = time.perf_counter() - start
        print(f"cancel answered in {1e3 * answered:.0f} ms, reading ended in {1e3 * ended:.0f} ms")

        loaded: list[Dataset] = []
        dialog.imported.connect(lambda dataset, changes: loaded.append(dataset))
        pulse.start()
        seconds = until(
            dialog.imported, lambda: QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
        )
        print(f"loaded {loaded[0].inputs.shape} in {seconds:.1f} s beside the training:", pulse.stop())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
        print(f"peak memory {peak:.0f} MB = {peak / array:.2f} x the array")
    window.close()
    application.processEvents()


if __name__ == "__main__":
    main()
