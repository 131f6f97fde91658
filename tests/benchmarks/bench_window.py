"""How the window feels while a small network trains: print it, on a real screen (Xvfb will do).

    xvfb-run -a python tests/benchmarks/bench_window.py

Pause: from the click to the frame that says Paused. Lateness: of a timer that should fire every 5 ms.
Throughput: steps a second of CPU-bound training with the window over the same without it, in turn; the
processor's time says the same of a busy machine. Start: from the start of a process to the first paint and to
the complete window, and how many times as long as importing NumPy, pyqtgraph and Qt's widgets takes, in turn.
Slots: what took the window's thread over 60 ms in a walk through a large network, see `slots.py`.
All in five rounds, one of each after the other; medians are printed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROUNDS = 5
SECONDS = 3.0
PAUSES = 12
"""In a round."""


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
        from PySide6.QtCore import QEvent, QObject, QTimer
        from PySide6.QtWidgets import QApplication

        from gui.main_window import MainWindow
        from gui.style.appearance import Appearance
        from gui.training.messages import Frame, Status

        layouts = self.layouts = [0]

        class Counting(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                layouts[0] += event.type() == QEvent.Type.LayoutRequest
                return False

        self.application = QApplication(["bench"])
        self.status = Status
        self.window = MainWindow(Appearance(self.application, "en", "light", remember=False), remember=False)
        self.frame: Frame | None = None
        self.frames = 0
        self.counting = Counting()
        self.window.installEventFilter(self.counting)  # on all it would take time of each frame
        self.window.frame_shown.connect(self.take)
        self.window.show()
        dataset, experiment = data_and_experiment()
        self.window.document.open_problem(experiment, dataset, None)
        self.window.run_controls.speed = self.window.run_controls.speed_slider.maximum()
        self.late: list[float] = []
        self.timer = QTimer()
        self.timer.setInterval(5)
        self.timer.timeout.connect(self.tick)
        self.wait(1.0)

    def take(self, frame) -> None:  # type: ignore[no-untyped-def]
        self.frame = frame
        self.frames += 1

    def tick(self) -> None:
        now = time.perf_counter()
        self.late.append(now - self.expected)
        self.expected = now + 0.005

    def wait(self, seconds: float, until: Callable[..., bool] | None = None) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        if until is not None:
            self.window.frame_shown.connect(lambda frame: loop.quit() if until(frame) else None)
        loop.exec()

    def rate(self) -> tuple[float, float, int]:
        """Steps and frames a second at full speed, and how often something was laid out."""
        assert self.frame is not None
        self.window.run_controls.run_action.trigger()
        self.wait(1.0)
        self.late.clear()
        self.expected = time.perf_counter() + 0.005
        self.timer.start()
        start, before, frames, layouts = time.perf_counter(), self.frame.step, self.frames, self.layouts[0]
        self.wait(SECONDS)
        seconds = time.perf_counter() - start
        found = (self.frame.step - before) / seconds, (self.frames - frames) / seconds
        self.timer.stop()
        self.window.run_controls.run_action.trigger()
        self.wait(0.3)
        return *found, self.layouts[0] - layouts

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
    painted.append((time.time() - start, time.process_time()))
    fill()
window._fill = filled
def shown(frame):
    print(*painted[0], time.time() - start, time.process_time())
    window.close()
window.frame_shown.connect(shown)
window.show()
application.exec()
"""

IMPORTS = """
import sys, time
import numpy, pyqtgraph
from PySide6 import QtWidgets
print(time.time() - float(sys.argv[1]), time.process_time())
"""


def timed(program: str) -> list[float]:
    """What a program prints that is told when it was started."""
    # As on a person's machine, where the first start has left compiled modules behind
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    child = subprocess.run(
        [sys.executable, "-c", program, repr(time.time())],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return [float(word) for word in child.stdout.split()]


ROOT = Path(__file__).parents[2]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    sys.setswitchinterval(0.0005)
    measured = Measured()
    ratios, rates, frames, layouts, pauses, late, starts, imports = ([] for _ in range(8))  # type: ignore[var-annotated]
    timed(START)
    timed(IMPORTS)
    for _ in range(ROUNDS):
        bare = bare_rate()
        rate, shown, laid_out = measured.rate()
        ratios.append(rate / bare)
        rates.append(rate)
        frames.append(shown)
        layouts.append(laid_out)
        milliseconds = 1e3 * np.array(measured.late)
        late.append((np.percentile(milliseconds, 99), milliseconds.max()))
        pauses += [measured.pause() for _ in range(PAUSES)]
        starts.append(timed(START))
        imports.append(timed(IMPORTS))
    measured.window.close()
    lateness, latest = np.median(late, axis=0)
    shell, _, complete, complete_cpu = np.median(starts, axis=0)
    ratio, ratio_cpu = np.median(np.array(starts)[:, 2:] / np.array(imports), axis=0)
    print(
        f"pause, click to confirmed    p50 {1e3 * np.percentile(pauses, 50):6.1f} ms   "
        f"p95 {1e3 * np.percentile(pauses, 95):6.1f} ms   (aim p95 10)"
    )
    print(f"event loop lateness          p99 {lateness:6.1f} ms   max {latest:6.1f} ms   (aim p99 12)")
    print(
        f"training with the window     {statistics.median(rates):,.0f} steps/s, "
        f"{statistics.median(ratios):.2f} of the rate without it   (aim 0.85)"
    )
    print(f"frames                       {statistics.median(frames):6.1f} a second   (aim 15)")
    print(f"layout requests              {max(layouts):6d} in {SECONDS:.0f} s at most   (aim 0)")
    print(f"first paint                  {shell:6.2f} s   (aim 0.25)")
    print(
        f"complete window              {complete:6.2f} s, {complete_cpu:.2f} s of the processor; {ratio:.2f} "
        f"times the imports, {ratio_cpu:.2f} of the processor's   (aim 0.6 s or 1.6)"
    )
    for what in ("network", "columns"):
        child = subprocess.run(
            [sys.executable, str(ROOT / "tests/benchmarks/slots.py"), what],
            capture_output=True,
            text=True,
            check=True,
        )
        slots = child.stdout.splitlines()
        print(f"slots over 60 ms, {what:10} {len(slots):6d}   (aim 0)")
        print(child.stdout, end="")


if __name__ == "__main__":
    main()
