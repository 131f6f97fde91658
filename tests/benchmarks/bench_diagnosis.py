"""What the examination beside training costs: steps a second with it over those without, in turn.

    xvfb-run -a python tests/benchmarks/bench_diagnosis.py

The window trains at full speed. In one turn of each pair nothing is examined, in the other all the time: as
soon as an examination is done the next one begins, a second later as always. Aim: at least 0.97.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from time import perf_counter, thread_time

PAIRS = 8
SECONDS = 4.0
ROOT = Path(__file__).parents[2]


def report(ratios: list[float], ons: list[float], offs: list[float]) -> None:
    """Say what all pairs of turns come to."""
    low, high = statistics.quantiles(ratios, n=4)[::2]
    print(
        f"training with the examination {statistics.median(ons):,.0f} steps/s, without "
        f"{statistics.median(offs):,.0f}: {statistics.median(ratios):.3f} "
        f"(quartiles {low:.3f} to {high:.3f}; aim 0.97)"
    )


def main() -> None:
    sys.path.insert(0, str(ROOT))
    sys.setswitchinterval(0.0005)
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from gui.document.examples import PRESETS
    from gui.main_window import MainWindow
    from gui.training import examiner
    from gui.training.messages import Granularity, Pause, Run

    application = QApplication.instance() or QApplication(["bench"])
    window = MainWindow(remember=False)
    window.show()
    frames = []  # type: ignore[var-annotated]
    window.frame_shown.connect(frames.append)
    begin = window.examiner._begin
    timer = window.examiner._begin_timer
    parts, cpu, examined = 0, 0.0, 0.0

    def counting(work):  # type: ignore[no-untyped-def]
        def counted(*given):  # type: ignore[no-untyped-def]
            nonlocal parts, cpu
            began = thread_time()
            try:
                return work(*given)
            finally:
                if window.examiner._is_running:
                    parts, cpu = parts + 1, cpu + thread_time() - began

        return counted

    for name in ("_begun", "_continued"):
        setattr(examiner, name, counting(getattr(examiner, name)))

    def wait(seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def switch(on: bool) -> None:
        timer.timeout.disconnect()
        timer.timeout.connect(begin if on else lambda: None)

    def rate() -> float:
        """Steps a second of the training thread itself, and not of what is shown."""
        window.submit(Run(Granularity.BATCH, None))
        wait(0.7)
        first = frames[-1]
        started = perf_counter()
        wait(SECONDS)
        last = frames[-1]
        made = (last.step - first.step) / (perf_counter() - started)
        window.submit(Pause())
        wait(0.3)
        window.examiner.forget()
        return made

    ratios, ons, offs = [], [], []
    for name in ("spiral", "circles"):
        preset = PRESETS[name]
        window.document.open_problem(preset.experiment, preset.dataset, preset.start)
        wait(0.7)
        for pair in range(PAIRS):
            found = {}
            for on in (True, False) if pair % 2 else (False, True):
                switch(on)
                began = perf_counter()
                found[on] = rate()
                examined += on * (perf_counter() - began)
            ratios.append(found[True] / found[False])
            ons.append(found[True])
            offs.append(found[False])
        print(f"{name:8} {statistics.median(ratios[-PAIRS:]):.3f} (median of {PAIRS} pairs)", flush=True)
    window.close()
    application.processEvents()
    report(ratios, ons, offs)
    print(f"CPU time of its {parts} parts over the time it was on: {100 * cpu / examined:.2f} %")


if __name__ == "__main__":
    main()
