"""The time of a whole frame of the network view: run with ``python tests/benchmarks/bench_network.py``.

Prints the median milliseconds of taking a new frame and repainting, at 1000 x 700, and of one picture of
the flow along the edges, of which there are 30 a second for about a second. Needs no screen:
QT_QPA_PLATFORM is offscreen unless set.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtWidgets import QApplication

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.phases import Phase, PhaseKind
from gui.document.focus import Focus
from gui.training.messages import Frame, Status
from gui.views.network import NetworkView, Quantity
from gui.views.network.flow import Flow, waves

NETWORKS = {
    18: (4, 3, 2),
    500: (20, 20, 5),
    2_720: (64, 32, 16, 10),
    5_000: (50, 50, 40, 10, 10),
    100_000: (784, 125, 10),
    235_000: (784, 256, 128, 10),
}
"""Sizes with about so many weights."""
FRAMES = 60


def frames(sizes: tuple[int, ...]) -> list[Frame]:
    """Different steps of one training."""
    random = np.random.default_rng(0)
    dataset = Dataset.from_arrays(random.normal(size=(64, sizes[0])), np.arange(64) % sizes[-1], "multiclass")
    hidden = tuple(Layer(n, "tanh") for n in sizes[1:-1])
    experiment = Experiment((*hidden, Layer(sizes[-1], "softmax")), loss="cross_entropy", batch_size=10)
    trainer = Trainer(experiment, dataset)
    scalars = Scalars.empty(len(experiment.layers))
    return [Frame(0, dataset, trainer.step(), None, scalars, False, Status.RUNNING) for _ in range(8)]


def measure(view: NetworkView, shown: list[Frame]) -> float:
    """Median milliseconds from a frame to its pixels."""
    times = []
    for index in range(FRAMES):
        start = time.perf_counter()
        view.show_frame(shown[index % len(shown)])
        QApplication.processEvents()
        times.append(time.perf_counter() - start)
    return 1_000 * statistics.median(times[10:])


def measure_flow(view: NetworkView, frame: Frame) -> float:
    """Median milliseconds of one picture of what flows in a phase."""
    view.show_frame(frame)
    graph, times = view.canvas.graph, []
    assert graph.picture is not None
    running = waves(frame, graph.arrangement, graph.picture, graph.edges.limit, None)
    flow = Flow(running, began=0.0, seconds=1.0)
    graph.set_flow(flow)
    QApplication.processEvents()
    for index in range(FRAMES):
        start = time.perf_counter()
        flow.advance(index / FRAMES)
        graph.update()
        QApplication.processEvents()
        times.append(time.perf_counter() - start)
    graph.set_flow(None)
    return 1_000 * statistics.median(times[10:])


def main() -> None:
    application = QApplication.instance() or QApplication([])
    view = NetworkView(Focus())
    view.resize(1000, 700)
    view.set_animated(False)  # measured by itself
    view.show()
    print(
        f"{'network':>18} {'weights':>8} {'drawn':>6} "
        + " ".join(f"{q.value:>12}" for q in Quantity)
        + f" {'phase':>12} {'flow':>12}"
    )
    for sizes in NETWORKS.values():
        shown = frames(sizes)
        row = []
        for quantity in Quantity:
            view.set_quantity(quantity)
            row.append(measure(view, shown))
        phased = [
            Frame(
                f.generation,
                f.dataset,
                f.record,
                Phase(PhaseKind.BACKWARD, 2),
                f.scalars,
                False,
                f.status,
            )
            for f in shown
        ]
        view.set_quantity(Quantity.GRADIENTS)
        row.append(measure(view, phased))
        row.append(measure_flow(view, phased[0]))
        edges = view.canvas.graph.edges
        name = "-".join(map(str, sizes))
        print(f"{name:>18} {edges.total:>8} {len(edges):>6} " + " ".join(f"{ms:12.1f}" for ms in row))
    view.close()
    del view, application


if __name__ == "__main__":
    main()
