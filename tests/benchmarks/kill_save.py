"""Kill a program at random moments while it saves and autosaves, and look at what is on the disk.

    python tests/benchmarks/kill_save.py [TIMES]

A child trains a step, saves it as a session and as an autosave, and again; it is killed in the middle
(`SIGKILL`, or what Windows has) and another takes over what it left behind. Each time both files must be
whole, and be the last that was finished or the one in the making.
"""

from __future__ import annotations

import random
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
from engine.files.session import capture, read_session, write_session  # noqa: E402

LONGEST_SECONDS = 0.25
"""A kill comes up to so long after the first save, which is some ten saves."""


class Result(NamedTuple):
    """What became of the kills."""

    kills: int
    old: int
    new: int
    interrupted: int
    oldest_seconds: float


def _trainer() -> Trainer:
    layers = (Layer(20, "tanh"), Layer(10, "softmax"))
    return Trainer(Experiment(layers, "cross_entropy", "adam", batch_size=100), builtin("digits"))


def save_for_ever(folder: Path) -> None:
    """Train and save, saying what was begun and what was finished; the child."""
    found = orphans(folder / "autosave")
    slot = found[0].claim() if found else begin(folder / "autosave")
    assert slot is not None
    trainer = read_session(slot.path).restore() if found else _trainer()
    while True:
        trainer.run(1)
        for kind, save in (
            ("session", lambda session: write_session(session, folder / "work.bplab")),
            ("autosave", slot.save),
        ):
            print("begun", kind, trainer.completed, flush=True)
            save(capture(trainer))
            print("finished", kind, trainer.completed, flush=True)


def kill_often(folder: Path, times: int, seed: int = 0) -> Result:
    """Kill `times` children; raises AssertionError at the first file that is not whole."""
    chance = random.Random(seed)
    reference = _trainer()
    old = new = interrupted = 0
    oldest = 0.0
    for _ in range(times):
        source = "import sys; from tests.benchmarks.kill_save import save_for_ever, Path"
        source += "; save_for_ever(Path(sys.argv[1]))"
        child = subprocess.Popen(
            [sys.executable, "-c", source, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(4)]  # both files are there
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
        child.kill()
        said += child.stdout.readlines()
        child.stdout.close()
        child.wait()
        (left,) = orphans(folder / "autosave")
        oldest = max(oldest, time.time() - left.saved_at)
        for kind, path in (("session", folder / "work.bplab"), ("autosave", left.path)):
            lines = [line.split() for line in said if line.split()[1:2] == [kind] and line.endswith("\n")]
            begun, finished = (
                max(int(step) for what, _, step in lines if what == word) for word in ("begun", "finished")
            )
            trainer = read_session(path).restore()
            assert trainer.completed in (begun, finished), (kind, trainer.completed, begun, finished)
            reference.run(max(0, trainer.completed - reference.completed))
            reference.seek(trainer.completed)
            for ours, theirs in zip(reference.weights, trainer.weights, strict=True):
                assert np.array_equal(ours, theirs), kind
            reference.seek(reference.furthest)
            interrupted += begun != finished
            old += begun != finished == trainer.completed
            new += begun != finished != trainer.completed
        for part in folder.rglob("*.part"):
            if part.parent == folder:
                part.unlink()
    return Result(times, old, new, interrupted, oldest)


def main(times: int) -> None:
    """Kill and report."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        result = kill_often(Path(folder), times)
        print(
            f"{result.kills} kills in {time.perf_counter() - started:.0f} s, {result.interrupted} of them "
            f"within a save: {result.old} files were the whole old one, {result.new} the whole new one, "
            f"none was anything else. The offered work was at most {result.oldest_seconds:.2f} s old."
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
