"""Kill a window at random moments while it trains, and tell how much of the training was lost.

    python tests/benchmarks/kill_training.py [TIMES]

A child opens the window without a screen, trains at full speed, changes the learning rate now and then,
and says how far it has come. It is killed (`SIGKILL`, or what Windows has) and what it left behind is
recovered: the last step that comes back is held against what the child said, and every bit of it against
a training that was never killed. At last the cost of the notes is measured.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine import Experiment, Layer, Trainer, builtin  # noqa: E402
from engine.files.autosave import begin, orphans  # noqa: E402
from engine.files.session import capture  # noqa: E402

CHILD = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.main_window import MainWindow
from gui.training.messages import Granularity
application = QApplication([])
window = MainWindow()
window.show()
window.begin(None, 10_000_000)
window.frame_shown.connect(lambda frame: print(time.time(), frame.step, flush=True))
def lower():
    rate = window.document.experiment.learning_rate
    window.document.set_value("learning_rate", rate * 0.98)
rates = QTimer(interval=700)
rates.timeout.connect(lower)
rates.start()
application.exec()
"""

SHORTEST, LONGEST = 2.0, 8.0
"""Seconds of training before a kill."""


class Loss(NamedTuple):
    """What a kill took away."""

    steps: int
    seconds: float
    came_back: int
    bytes: int


def kill_once(folder: Path, seconds: float) -> Loss:
    """Let a window train for some seconds, kill it, and recover what it left behind."""
    home = {name: str(folder) for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME", "XDG_CONFIG_HOME")}
    environment = {**os.environ, **home, "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    said = [child.stdout.readline()]
    time.sleep(seconds)
    child.kill()
    killed = time.time()
    said += child.stdout.readlines()
    child.stdout.close()
    child.wait()
    told = [(float(line.split()[0]), int(line.split()[1])) for line in said if line.endswith("\n")]
    (left,) = orphans(folder / "backprop-lab" / "autosave")
    size = sum(path.stat().st_size for path in left.path.parent.glob("*.journal"))
    _, trainer, missed = left.read()
    assert missed is None
    check(trainer)
    last = max(step for _, step in told)
    reached = [moment for moment, step in told if step >= trainer.completed]
    lost = killed - min(reached) if reached else 0.0
    for path in left.path.parent.iterdir():
        path.unlink()
    return Loss(max(0, last - trainer.completed), lost, trainer.completed, size)


def check(trainer: Trainer) -> None:
    """Hold a training against one that was never killed, made with the same edits at the same steps."""
    run = trainer.current
    other = Trainer(run.keyframes[0].experiment, trainer.dataset)
    for edit in run.edits:
        assert edit.experiment is not None
        other.run(edit.step - other.completed)
        other.change(edit.experiment)
    other.run(trainer.completed - other.completed)
    for ours, theirs in zip(other.weights, trainer.weights, strict=True):
        assert np.array_equal(ours, theirs)
    assert np.array_equal(other.scalars.loss, trainer.scalars.loss[: other.completed])


def cost(folder: Path) -> float:
    """Seconds that a note takes, of a training with several runs and edits."""
    layers = (Layer(20, "tanh"), Layer(10, "softmax"))
    trainer = Trainer(Experiment(layers, "cross_entropy", "adam", batch_size=100), builtin("digits"))
    for _ in range(10):
        trainer.run(50)
        trainer.seek(trainer.completed - 10)
        trainer.change(trainer.experiment.changed(learning_rate=trainer.experiment.learning_rate * 0.9))
    slot = begin(folder)
    session = slot.begin_journal(capture(trainer))
    slot.save(session)
    taken = []
    for _ in range(100):
        trainer.run(5)
        started = time.perf_counter()
        slot.note(trainer.outline())
        taken.append(time.perf_counter() - started)
    slot.close()
    return statistics.median(taken)


def main(times: int) -> None:
    """Kill and report."""
    chance = random.Random(0)
    losses = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(times):
            losses.append(kill_once(Path(folder), chance.uniform(SHORTEST, LONGEST)))
        note = cost(Path(folder) / "cost")
    seconds = sorted(loss.seconds for loss in losses)
    print(
        f"{times} kills; every bit of what came back is right ({sum(x.came_back for x in losses):,} steps in"
        f" all).\nLost: {statistics.median(seconds):.2f} s in the median, {seconds[-1]:.2f} s at most;"
        f" {statistics.median(x.steps for x in losses):,.0f} steps in the median,"
        f" {max(x.steps for x in losses):,} at most.\n"
        f"Journals: {max(x.bytes for x in losses):,} bytes at most. A note takes {1e6 * note:.0f} us,"
        f" {100 * note:.3f} % of its second."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
