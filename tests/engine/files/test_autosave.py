"""Autosave: work left behind is offered, once, and programs side by side never touch each other's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine import Experiment, Layer, Trainer, builtin
from engine.errors import SessionError
from engine.files.autosave import FORGET_LOCKS_SECONDS, autosave_folder, begin, orphans
from engine.files.session import capture, read_session, read_summary

ROOT = Path(__file__).parents[3]

LEAVE_WORK_BEHIND = """
import os, sys
from engine import Experiment, Layer, Trainer, builtin
from engine.files.autosave import begin
from engine.files.session import capture
trainer = Trainer(Experiment((Layer(1),)), builtin("sine"))
trainer.run(int(sys.argv[2]))
slot = begin(sys.argv[1])
slot.save(capture(trainer))
print("saved", flush=True)
if sys.argv[3] == "wait":
    sys.stdin.read()
os._exit(9)
"""


def program(folder: Path, steps: int, end: str = "die") -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", LEAVE_WORK_BEHIND, str(folder), str(steps), end]
    child = subprocess.Popen(arguments, cwd=ROOT, stdin=-1, stdout=-1, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "saved\n"
    return child


def trainer(steps: int = 0) -> Trainer:
    result = Trainer(Experiment((Layer(1),)), builtin("sine"))
    result.run(steps)
    return result


def test_work_that_was_left_behind_is_offered_and_taken_over_once(tmp_path: Path) -> None:
    with program(tmp_path, 11) as child:
        child.wait()
    mine = begin(tmp_path)
    mine.save(capture(trainer(5)))
    (found,) = orphans(tmp_path)
    assert read_summary(found.path).steps == 11
    assert time.time() - found.saved_at < 60
    taken = found.claim()
    assert taken is not None
    assert found.claim() is None
    assert orphans(tmp_path) == []
    taken.save(capture(trainer(12)))
    assert read_session(taken.path).present.step == 12
    taken.close()
    mine.close()
    assert [*tmp_path.iterdir()] == []


def test_a_program_that_runs_keeps_its_work(tmp_path: Path) -> None:
    with program(tmp_path, 3, "wait") as child:
        assert orphans(tmp_path) == []
        child.kill()
        child.wait()
        assert len(orphans(tmp_path)) == 1


def test_the_newest_comes_first(tmp_path: Path) -> None:
    for steps in (1, 2):
        with program(tmp_path, steps) as child:
            child.wait()
    older, newer = sorted(tmp_path.glob("*.bplab"), key=lambda path: read_summary(path).steps)
    os.utime(older, (1, 1))
    assert [orphan.path for orphan in orphans(tmp_path)] == [newer, older]


def test_work_that_is_gone_cannot_be_claimed(tmp_path: Path) -> None:
    with program(tmp_path, 1) as child:
        child.wait()
    (found,) = orphans(tmp_path)
    found.path.unlink()
    assert found.claim() is None


def test_discarding_keeps_the_slot(tmp_path: Path) -> None:
    slot = begin(tmp_path)
    slot.save(capture(trainer(1)))
    left = tmp_path / f".{slot.path.name}.0badcafe.part"  # of a kill in the middle of a save
    left.touch()
    slot.discard()
    assert not slot.path.exists()
    assert not left.exists()
    slot.save(capture(trainer(2)))
    assert read_session(slot.path).present.step == 2
    slot.close()


def test_old_locks_are_forgotten_and_those_in_use_are_not(tmp_path: Path) -> None:
    slot = begin(tmp_path)
    long_ago = time.time() - 2 * FORGET_LOCKS_SECONDS
    old, young = tmp_path / "old.lock", tmp_path / "young.lock"
    for path in (old, young):
        path.touch()
    for path in (old, *tmp_path.glob("2*.lock")):
        os.utime(path, (long_ago, long_ago))
    assert orphans(tmp_path) == []
    assert not old.exists()
    assert young.exists()
    slot.save(capture(trainer(1)))
    assert orphans(tmp_path) == []
    slot.close()


def test_no_folder_yet_and_none_possible(tmp_path: Path) -> None:
    assert orphans(tmp_path / "none") == []
    begin(tmp_path / "a" / "b").close()
    (tmp_path / "file").touch()
    with pytest.raises(SessionError) as caught:
        begin(tmp_path / "file" / "folder")
    assert caught.value.kind == "cannot_write"


def test_the_folder_is_the_persons_own() -> None:
    folder = autosave_folder()
    assert folder.is_absolute()
    assert folder.parts[-2:] == ("backprop-lab", "autosave")
