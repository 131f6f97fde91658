"""How long a move of a slider takes in the expression lab, from the value to the pixels of all of it.

Run as ``python tests/benchmarks/bench_expression_view.py``. Needs no screen: QT_QPA_PLATFORM is offscreen
unless set. Thirty frames a second are 33 ms.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.explain.expression import PRESETS
from gui.lab import ExpressionView
from gui.lab.drawing import DETAIL

SUM = "+".join(f"sin(x{i} w{i})^2" for i in range(28))
FORMULAS = {
    "composite": PRESETS[0].text,
    "softmax": PRESETS[2].text,
    "195 nodes": f"y = {SUM}",
    "495 nodes": "y = " + "+".join(f"sin(x{i} w{i})^2" for i in range(71)),
}
FRAMES = 60


def drag(view: ExpressionView) -> str:
    """Median and 95th percentile of a frame, in milliseconds, while a slider is dragged."""
    slider = next(iter(view.variables.rows.values())).slider
    taken = []
    for frame in range(FRAMES):
        start = time.perf_counter()
        slider.setValue(310 + 3 * frame)
        QApplication.processEvents()
        taken.append(1_000 * (time.perf_counter() - start))
    taken = sorted(taken[10:])
    return f"{statistics.median(taken):7.1f} ({taken[int(0.95 * len(taken))]:5.1f})"


def main() -> None:
    """Print the table."""
    application = QApplication.instance() or QApplication([])
    view = ExpressionView(remember=False)
    view.resize(1440, 900)
    view.show()
    print(f"{'ms a frame: median (95 %)':>28} {'fitted':>16} {'with all words':>16} {'first drawing':>16}")
    for name, text in FORMULAS.items():
        start = time.perf_counter()
        view.set_text(text)
        QApplication.processEvents()
        first = 1_000 * (time.perf_counter() - start)
        QTest.qWait(2_000)  # formulas are typeset meanwhile
        fitted = drag(view)
        view.canvas.zoom(DETAIL / view.canvas.scale if view.canvas.scale < DETAIL else 1.0)
        print(f"{name:>28} {fitted:>16} {drag(view):>16} {first:16.0f}")
    view.close()
    del view, application


if __name__ == "__main__":
    main()
