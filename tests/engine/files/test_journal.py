"""The journal: all but the last note comes back from it, every bit of it, whatever was done in between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Dataset, Experiment, Layer, Trainer, builtin
from engine.errors import SessionError
from engine.files import journal
from engine.files.autosave import Orphan, Slot, begin, orphans
from engine.files.session import capture
from tests.engine.random_experiments import experiments
from tests.engine.training.test_history import Line, Walk, edits, moment, series

ROOT = Path(__file__).parents[3]
in_a_folder = settings(
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ]
)


def noise(rows: int = 40) -> Dataset:
    rng = np.random.default_rng(5)
    return Dataset.from_arrays(rng.normal(size=(rows, 3)), rng.normal(size=rows))


def small_trainer(**changes: Any) -> Trainer:
    layers = (Layer(4, "tanh", 0.2), Layer(1))
    plain = Experiment(layers, learning_rate=0.01, batch_size=7, optimizer="adam", validation=0.2)
    return Trainer(plain.changed(**changes), noise())


@pytest.fixture(autouse=True)
def _slots_closed() -> Iterator[None]:
    yield
    while _slots:
        _slots.pop().close()


_slots: list[Slot] = []


class Kept:
    """A slot whose program is as good as killed: what lies in its folder is all there is."""

    def __init__(self, folder: Path, trainer: Trainer) -> None:
        self.slot = begin(folder)
        _slots.append(self.slot)
        self.trainer = trainer
        self.keep()

    def keep(self) -> None:
        session = self.slot.begin_journal(capture(self.trainer))
        self.slot.save(session)
        self.slot.saved(session)

    def note(self) -> None:
        self.slot.note(self.trainer.outline())

    @property
    def journal(self) -> Path:
        (path,) = self.slot.path.parent.glob(f"{self.slot.path.stem}.*.journal")
        return path

    def recovered(self) -> Trainer:
        return Orphan(self.slot.path, 0.0).read()[1]


def whole(trainer: Trainer) -> list[Any]:
    """Everything about every run, and the moment that is looked at; the trainer goes there again."""
    here, step = trainer.current, trainer.completed
    found: list[Any] = [here.number, moment(trainer)]
    for run in sorted(trainer.history.runs, key=lambda run: run.number):
        what = [edit.what for edit in run.edits], [edit.step for edit in run.edits]
        found.append([run.number, run.parent, run.forked_at, run.steps, what])
        trainer.switch(run)
        found += [moment(trainer), series(trainer.scalars_of(run))]
    trainer.switch(here, step)
    return found


@given(experiments(), st.data())
@settings(in_a_folder, max_examples=15)
def test_whatever_was_done_comes_back(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[Experiment, Dataset], data: st.DataObject
) -> None:
    walk = Walk(*drawn, None, 32)
    rows = len(walk.trainer.prepared.train_rows)

    def do_something() -> None:
        moves = ["run", "run", "seek", "back", "edit", "edit", "switch", "forget", "reset", "delete"]
        match data.draw(st.sampled_from(moves)):
            case "run":
                walk.run(data.draw(st.integers(1, 60)))
            case "seek":
                walk.seek(data.draw(st.floats(0, 1)))
            case "back":
                walk.back()
            case "edit":
                walk.edit(data.draw(edits(walk.trainer.experiment, rows)))
            case "switch":
                walk.switch(data.draw(st.integers(0, 9)))
            case "forget":
                walk.forget()
            case "reset":
                walk.trainer.reset()
                walk.lines[walk.trainer.current.number] = Line(walk.trainer.experiment, [])
            case "delete":
                others = [run for run in walk.trainer.history.runs if run is not walk.trainer.current]
                for run in others[:1]:
                    walk.trainer.history.remove(run)

    for _ in range(data.draw(st.integers(0, 6))):
        do_something()
    kept = Kept(tmp_path_factory.mktemp("slot"), walk.trainer)
    for _ in range(data.draw(st.integers(1, 12))):
        do_something()
        if data.draw(st.booleans()):
            kept.note()
    kept.note()
    assert whole(kept.recovered()) == whole(walk.trainer)


def test_steps_and_edits_come_back_without_another_session(tmp_path: Path) -> None:
    kept = Kept(tmp_path, small_trainer())
    trainer, written = kept.trainer, kept.slot.path.read_bytes()
    trainer.run(300)
    trainer.change(trainer.experiment.changed(learning_rate=0.05))
    trainer.run(50)
    kept.note()
    trainer.set_parameters(biases=[bias + 0.25 for bias in trainer.biases])
    trainer.freeze(weights=[(1, 0, 2)])
    trainer.run(123)
    kept.note()
    trainer.run(10)  # after the last note
    assert kept.slot.path.read_bytes() == written
    assert Orphan(kept.slot.path, 0.0).summary().steps == 473
    trainer.seek(473)
    trainer.forget_future()
    assert whole(kept.recovered()) == whole(trainer)


def test_a_run_whose_parent_is_gone_comes_back(tmp_path: Path) -> None:
    kept = Kept(tmp_path, small_trainer())
    trainer = kept.trainer
    trainer.run(40)
    trainer.seek(30)
    trainer.change(trainer.experiment.changed(learning_rate=0.03))
    trainer.run(5)
    trainer.history.remove(trainer.history.runs[0])
    kept.note()
    assert whole(kept.recovered()) == whole(trainer)


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_torn_line_is_as_if_it_had_not_been_written(tmp_path: Path, cut: int) -> None:
    kept = Kept(tmp_path, small_trainer())
    kept.trainer.run(100)
    kept.note()
    kept.trainer.change(kept.trainer.experiment.changed(learning_rate=0.05))
    kept.trainer.run(50)
    kept.note()
    content = kept.journal.read_bytes()
    last = len(content.splitlines(keepends=True)[-1])
    kept.journal.write_bytes(content[: -min(cut, last)])
    recovered = kept.recovered()
    assert (recovered.completed, recovered.experiment.learning_rate) == (100, 0.01)


@pytest.mark.parametrize("content", [b"", b"\n", b"00000000 {}\n", b"xx\n", b"\0" * 100, b"{}" * 50 + b"\n"])
def test_a_journal_that_is_none_is_passed_over(tmp_path: Path, content: bytes) -> None:
    kept = Kept(tmp_path, small_trainer())
    kept.trainer.run(5)
    kept.keep()
    kept.journal.write_bytes(content)
    assert kept.recovered().completed == 5
    kept.journal.unlink()
    assert kept.recovered().completed == 5


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(in_a_folder, max_examples=15)
def test_a_flipped_byte_is_found(tmp_path: Path, place: int, change: int) -> None:
    kept = Kept(tmp_path, small_trainer())
    for _ in range(3):
        kept.trainer.run(20)
        kept.trainer.freeze(biases=[(1, 0)])
        kept.note()
    content = bytearray(kept.journal.read_bytes())
    content[place % len(content)] ^= change
    kept.journal.write_bytes(content)
    assert kept.recovered().completed in (0, 20, 40)


def test_a_journal_that_does_not_fit_takes_nothing_away(tmp_path: Path) -> None:
    kept, other = (
        Kept(tmp_path, small_trainer()),
        Kept(tmp_path, Trainer(Experiment((Layer(1),)), builtin("sine"))),
    )
    other.trainer.set_parameters(biases=[[1.0]])
    other.note()
    kept.journal.write_bytes(other.journal.read_bytes())
    _, trainer, missed = Orphan(kept.slot.path, 0.0).read()
    assert missed is not None and missed.kind == "does_not_fit"
    assert whole(trainer) == whole(small_trainer())  # what the session has comes back all the same


def test_until_a_session_is_saved_the_one_before_is_gone_on_from(tmp_path: Path) -> None:
    kept = Kept(tmp_path, small_trainer())
    trainer = kept.trainer
    trainer.run(100)
    kept.note()
    session = kept.slot.begin_journal(capture(trainer))
    trainer.run(30)
    kept.note()
    assert kept.recovered().completed == 130  # killed before it is saved
    kept.slot.save(session)
    trainer.run(30)
    kept.note()
    assert kept.recovered().completed == 160  # and right after
    kept.slot.saved(session)
    assert kept.recovered().completed == 160
    assert len([*tmp_path.glob("*.journal")]) == 1
    kept.slot.close()
    assert [*tmp_path.iterdir()] == []


def test_it_is_bounded_and_says_when_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(tmp_path, small_trainer())
    kept.trainer.run(10)
    for _ in range(100):
        kept.note()
    size = kept.journal.stat().st_size
    assert size < 100  # the same again is not written again
    for _ in range(60):
        kept.trainer.run(100)
        kept.note()
    assert kept.journal.stat().st_size < size + 60 * 80
    assert not kept.slot.is_full
    monkeypatch.setattr(journal, "MOST_BYTES", 1_000)
    kept.note()
    assert kept.slot.is_full
    kept.keep()
    assert not kept.slot.is_full


def test_a_disk_that_refuses_a_note_is_told_and_the_notes_before_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(tmp_path, small_trainer())
    kept.trainer.run(10)
    kept.note()

    class Full:
        def __init__(self, file: Any) -> None:
            self.file = file

        def write(self, line: bytes) -> int:
            return int(self.file.write(line[:10]))

        def close(self) -> None:
            self.file.close()

    writer = kept.slot._journals[0]
    monkeypatch.setattr(writer, "_file", Full(writer._file))
    kept.trainer.run(10)
    with pytest.raises(SessionError) as caught:
        kept.note()
    assert caught.value.kind == "cannot_write"
    assert kept.slot.is_full
    kept.note()
    assert kept.recovered().completed == 10


def test_a_replay_can_be_cancelled(tmp_path: Path) -> None:
    kept = Kept(tmp_path, small_trainer())
    kept.trainer.run(5_000)
    kept.note()
    shares: list[float] = []
    with pytest.raises(SessionError) as caught:
        Orphan(kept.slot.path, 0.0).read(progress=shares.append, cancelled=lambda: len(shares) > 3)
    assert caught.value.kind == "cancelled"


KILLED = """
import os, signal, sys
from collections.abc import Iterator
from pathlib import Path
from tests.engine.files.test_journal import Kept, small_trainer
kept = Kept(Path(sys.argv[1]), small_trainer())
trainer = kept.trainer
trainer.run(500)
trainer.seek(200)
trainer.change(trainer.experiment.changed(learning_rate=0.2))
trainer.run(77)
kept.note()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_after_a_kill_every_bit_is_there(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, capture_output=True, check=False
    )
    assert child.returncode == -9, child.stderr
    (left,) = orphans(tmp_path)
    assert left.summary().steps == 277
    session, recovered, missed = left.read()
    assert session.warning is missed is None
    trainer = small_trainer()
    trainer.run(500)
    trainer.seek(200)
    trainer.change(trainer.experiment.changed(learning_rate=0.2))
    trainer.run(77)
    assert whole(recovered) == whole(trainer)
