"""How the window feels while a small network trains: print it, on a real screen (Xvfb will do).

    xvfb-run -a python tests/benchmarks/bench_window.py

Pause: from the click to the frame that says Paused. Lateness: of a timer that should fire every 5 ms.
Throughput: steps a second of CPU-bound training with the window over the same without it, in turn.
Start: from the start of a process to the first paint and to the complete window.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

RUNS = 5
SECONDS = 3.0


def data_and_experiment():  # type: ignore[no-untyped-def]
    from engine import Dataset, Experiment, Layer

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(500, 2))
    dataset = Dataset.from_arrays(inputs, np.sign(inputs[:, :1] * inputs[:, 1:]))
    layers = (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "tanh"))
    return dataset, Experiment(layers, learning_rate=0.03, batch_size=10)


def bare_rate() -> float:
    from engine import Trainer

    dataset, experiment = data_and_experiment()
    trainer = Trainer(experiment, dataset)
    trainer.run(2_000)
    end = time.perf_counter() + SECONDS
    start, before = time.perf_counter(), trainer.completed
    while time.perf_counter() < end:
        trainer.run(5_000)
    return (trainer.completed - before) / (time.perf_counter() - start)


class Measured:
    """A window that trains, and what is measured of it."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from gui.main_window import MainWindow
        from gui.training.messages import Status

        self.application = QApplication.instance() or QApplication(["bench"])
        self.status = Status
        self.window = MainWindow(remember=False)
        self.frames: list = []  # type: ignore[type-arg]
        self.window.frame_shown.connect(self.frames.append)
        self.window.show()
        dataset, experiment = data_and_experiment()
        self.window.document.set_dataset(dataset)
        from gui.document.document import Document  # the same experiment, not the one suited to the data

        assert isinstance(self.window.document, Document)
        self.window.document._push(self.window.document._checked(experiment, dataset))
        self.window.run_controls.speed = len(range(self.window.run_controls.speed_slider.maximum() + 1)) - 1
        self.late: list[float] = []
        self.timer = QTimer()
        self.timer.setInterval(5)
        self.timer.timeout.connect(self.tick)
        self.wait(0.5)

    def tick(self) -> None:
        now = time.perf_counter()
        self.late.append(now - self.expected)
        self.expected = now + 0.005

    def wait(self, seconds: float, until=None) -> None:  # type: ignore[no-untyped-def]
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        if until is not None:
            self.window.frame_shown.connect(lambda frame: loop.quit() if until(frame) else None)
        loop.exec()

    def rate(self) -> float:
        self.window.run_controls.run_action.trigger()
        self.wait(0.5)
        self.late.clear()
        self.expected = time.perf_counter() + 0.005
        self.timer.start()
        start, before = time.perf_counter(), self.frames[-1].step
        self.wait(SECONDS)
        rate = (self.frames[-1].step - before) / (time.perf_counter() - start)
        self.timer.stop()
        self.window.run_controls.run_action.trigger()
        self.wait(0.3)
        return rate

    def pause(self) -> float:
        self.window.run_controls.run_action.trigger()
        self.wait(0.15 + 0.05 * np.random.default_rng().random())
        clicked = time.perf_counter()
        self.window.run_controls.run_action.trigger()
        self.wait(2.0, lambda frame: frame.status is self.status.PAUSED)
        return time.perf_counter() - clicked


START = """
import sys, time
start = float(sys.argv[1])
from PySide6.QtWidgets import QApplication
application = QApplication([])
from gui.style.appearance import Appearance
from gui.main_window import MainWindow
window = MainWindow(Appearance(application, remember=False), remember=False, deferred=True)
painted = []
fill = window._fill
def filled():
    painted.append(time.time() - start)
    fill()
window._fill = filled
window.frame_shown.connect(lambda frame: (print(painted[0], time.time() - start), window.close()))
window.show()
application.exec()
"""


def starts() -> list[tuple[float, float]]:
    results = []
    # As on a person's machine, where the first start has left compiled modules behind
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(RUNS + 1):
        child = subprocess.run(
            [sys.executable, "-c", START, repr(time.time())],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment,
            check=True,
        )
        first, complete = child.stdout.split()
        results.append((float(first), float(complete)))
    return results[1:]


ROOT = Path(__file__).parents[2]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    sys.setswitchinterval(0.0005)
    measured = Measured()
    ratios, late, rates = [], [], []
    for _ in range(RUNS):
        bare = bare_rate()
        rate = measured.rate()
        ratios.append(rate / bare)
        rates.append(rate)
        late += measured.late
    pauses = [measured.pause() for _ in range(60)]
    measured.window.close()
    shells, completes = zip(*starts(), strict=True)
    milliseconds = 1e3 * np.array(late)
    print(
        f"pause, click to confirmed    p50 {1e3 * np.percentile(pauses, 50):6.1f} ms   "
        f"p95 {1e3 * np.percentile(pauses, 95):6.1f} ms   (aim p95 10)"
    )
    print(
        f"event loop lateness          p99 {np.percentile(milliseconds, 99):6.1f} ms   "
        f"max {milliseconds.max():6.1f} ms   (aim p99 12)"
    )
    print(
        f"training with the window     {statistics.median(rates):,.0f} steps/s, "
        f"{statistics.median(ratios):.2f} of the rate without it   (aim 0.85)"
    )
    print(f"first paint                  {statistics.median(shells):6.2f} s   (aim 0.25)")
    print(f"complete window              {statistics.median(completes):6.2f} s   (aim 0.6)")


if __name__ == "__main__":
    main()
