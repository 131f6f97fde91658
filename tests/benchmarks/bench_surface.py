"""What a frame of the decision surface costs: the answers in the worker, and taking them in and painting.

Run as ``python tests/benchmarks/bench_surface.py``, with ``QT_QPA_PLATFORM=offscreen`` or on a screen.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtWidgets import QApplication

from engine import Dataset
from engine.data.builtin import builtin
from gui.training.messages import Status
from gui.views.data_table import DataTableView
from gui.views.surface import SurfaceView
from tests.gui.prober import Prober

FRAMES = 60


def main() -> None:
    """Measure and print, for small and large networks."""
    application = QApplication([])
    noise = np.random.default_rng(0).normal(size=(20_000, 10))
    large = Dataset.from_arrays(noise, (noise[:, 0] > 0).astype(float), "binary")
    cases = (
        ("spiral 2-8-8-1", builtin("spiral"), (8, 8)),
        ("iris 4-5-4-3", builtin("iris"), (5, 4)),
        ("digits 64-32-16-10", builtin("digits"), (32, 16)),
        ("20,000 rows 10-64-32-1", large, (64, 32)),
        ("plane 2-200-200-1", builtin("plane"), (200, 200)),
    )
    print(f"{application.platformName()}, ms a frame while running: median (95 %)")
    print(f"{'':>26} {'answers':>14} {'window':>14}")
    for view_type in (SurfaceView, DataTableView):
        print(view_type.__name__)
        for name, data, hidden in cases:
            view = view_type()
            prober = Prober(data, hidden, learning_rate=0.01)
            prober.watch(view)
            view.resize(740, 260)
            view.show()
            application.processEvents()
            view.show_frame(prober.train(5, Status.RUNNING))
            prober.reply()
            answers, drawing = [], []
            for _ in range(FRAMES):
                frame = prober.train(2, Status.RUNNING)
                start = time.perf_counter()
                view.show_frame(frame)
                shown = time.perf_counter() - start
                start = time.perf_counter()
                results = [prober.answer(question) for question in prober.questions]
                answers.append(time.perf_counter() - start)
                prober.questions.clear()
                start = time.perf_counter()
                for result in results:
                    view.show_probe(result)
                application.processEvents()
                drawing.append(shown + time.perf_counter() - start)
            cells = [
                f"{1e3 * np.median(t):7.2f} ({1e3 * np.percentile(t, 95):5.1f})" for t in (answers, drawing)
            ]
            print(f"{name:>26} {cells[0]} {cells[1]}")
            view.close()
            view.deleteLater()
            application.processEvents()


if __name__ == "__main__":
    main()
