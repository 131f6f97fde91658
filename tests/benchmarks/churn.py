"""Close the window, load data and rebuild the network, each 200 times while training runs; print what came.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/churn.py [TIMES]

No crash, no stale frame drawn, no thread left; it exits 1 if there was one.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from engine import builtin
from gui.main_window import MainWindow
from gui.panels.run_controls import RATES
from gui.training.daemon import Daemon
from gui.training.messages import Frame, Granularity, Run, Status


class Churn:
    """One window after another, all of them busy."""

    def __init__(self) -> None:
        self.stale = 0
        self.drawn = 0
        self.threads: list[Daemon] = []

    def window(self) -> MainWindow:
        window = MainWindow(remember=False)
        window.frame_shown.connect(lambda frame: self.look(window, frame))
        window.run_controls.speed = len(RATES) - 1
        window.show()
        self.threads += [window._worker, window._tasks]
        self.wait(20)
        window.run_controls.run_action.trigger()
        return window

    def look(self, window: MainWindow, frame: Frame) -> None:
        self.drawn += 1
        self.stale += frame.generation != window.document.generation

    def wait(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sys.setswitchinterval(0.0005)
    application = QApplication(["churn"])
    churn = Churn()

    start = time.perf_counter()
    for _ in range(times):
        window = churn.window()
        churn.wait(15)
        window.close()
        window.deleteLater()
        churn.wait(1)
    gc.collect()
    print(f"closed while running   {times} times in {time.perf_counter() - start:.0f} s")

    window = churn.window()
    sets = [builtin(name) for name in ("iris", "wine", "circles", "article")]
    for name, act in (
        ("loaded while running", lambda k: window.document.set_dataset(sets[k % len(sets)])),
        ("rebuilt while running", lambda k: window.document.set_value("layers[0].units", 2 + k % 9)),
    ):
        start, running = time.perf_counter(), 0
        for k in range(times):
            act(k)
            window.run_controls.command.emit(Run(Granularity.BATCH, None))
            churn.wait(8)
            running += window.frame is not None and window.frame.status is Status.RUNNING
        print(
            f"{name:<22} {times} times in {time.perf_counter() - start:.0f} s, {running} of them seen running"
        )
    window.close()
    left = sum(thread.is_running for thread in churn.threads)
    print(f"frames drawn {churn.drawn}, stale {churn.stale}; threads left {left} of {len(churn.threads)}")
    application.processEvents()
    return int(churn.stale > 0 or left > 0)


if __name__ == "__main__":
    raise SystemExit(main())
