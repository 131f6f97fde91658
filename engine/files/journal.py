"""What has become of a training since a session of it was kept: its edits and steps, a note a second.

Training is a pure function of the edits and their steps, so that these alone, next to nothing, bring back
every bit. A journal is a text file that only grows. Each line is one note, with a checksum before it, and
says what is another than in the note before: new edits, how far runs have come, where the training is.
A line that a killed program has torn is as if it had not been written, with all that follow.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import tomllib
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.arrays import AnyArray, BoolArray
from engine.errors import DivergenceError, EngineError, SessionError
from engine.experiment import Experiment
from engine.files.fields import LARGEST, Fields
from engine.training.history import Edit, Outline, Run, RunOutline
from engine.training.trainer import Trainer

JOURNAL_SUFFIX = ".journal"
MOST_BYTES = 16 * 2**20
"""A journal that has become larger is full: it is time for another session to start from."""

STEPS_AT_ONCE = 1_000
"""Steps that are made again between two looks at progress and cancellation."""


class _Edits:
    """Edits by number, in the order in which they were first met; the same for who writes and who reads."""

    def __init__(self, outline: Outline) -> None:
        self.known: list[Edit] = []
        self._numbers: dict[int, int] = {}
        for run in outline.runs:
            for edit in run.edits:
                self.number(edit)

    def number(self, edit: Edit) -> int:
        """The number of an edit, which is a new one if it was not met before."""
        number = self._numbers.setdefault(id(edit), len(self.known))
        if number == len(self.known):
            self.known.append(edit)
        return number


class Journal:
    """A journal that is being written.

    Parameters
    ----------
    path : Path
        There must be none yet.
    base : Outline
        Of the session that it goes on from.

    Raises
    ------
    OSError
        From all methods, for what the disk refuses.
    """

    def __init__(self, path: Path, base: Outline) -> None:
        self.path = path
        self._edits = _Edits(base)
        self._last = base
        self._file = path.open("xb", buffering=0)
        self._size = 0
        self._is_torn = False

    @property
    def is_full(self) -> bool:
        """Whether it is time for another."""
        return self._is_torn or self._size > MOST_BYTES

    def note(self, outline: Outline) -> None:
        """Write down what is another than at the last note."""
        if self._is_torn:
            return
        document: dict[str, Any] = {}
        before = {run.number: run for run in self._last.runs}
        first_new = len(self._edits.known)
        runs = [
            _run_document(run, before.get(run.number), self._edits)
            for run in outline.runs
            if not _is_same(run, before.get(run.number))
        ]
        if len(self._edits.known) > first_new:
            document["edits"] = [_edit_document(edit) for edit in self._edits.known[first_new:]]
        if runs:
            document["runs"] = runs
        if gone := [*before.keys() - {run.number for run in outline.runs}]:
            document["gone"] = gone
        if document or (outline.current, outline.step) != (self._last.current, self._last.step):
            document["at"] = [outline.current, outline.step]
            text = json.dumps(document, separators=(",", ":")).encode()
            line = b"%08x %s\n" % (zlib.crc32(text), text)
            self._is_torn = True  # nothing that comes behind a torn line is read
            if self._file.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._is_torn = False
            self._size += len(line)
            self._last = outline

    def close(self) -> None:
        """Note nothing any more."""
        self._file.close()


def _is_equal(one: BoolArray | None, other: BoolArray | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


def _is_same(run: RunOutline, before: RunOutline | None) -> bool:
    return before is not None and run.steps == before.steps and run.edits == before.edits


def _run_document(run: RunOutline, before: RunOutline | None, edits: _Edits) -> dict[str, Any]:
    document: dict[str, Any] = {"run": run.number, "steps": run.steps}
    kept = 0
    if before is None:
        document |= {"parent": run.parent, "forked_at": run.forked_at}
        document["experiment"] = tomllib.loads(run.start.experiment.to_toml())
        document["frozen"] = None if run.start.frozen is None else _text(run.start.frozen)
    else:
        pairs = zip(run.edits, before.edits, strict=False)
        kept = next(
            (place for place, (a, b) in enumerate(pairs) if a is not b),
            min(len(run.edits), len(before.edits)),
        )
    if before is None or run.edits != before.edits:
        document |= {"kept": kept, "edits": [edits.number(edit) for edit in run.edits[kept:]]}
    return document


def _agreeing(one: Sequence[Edit], other: Sequence[Edit]) -> int:
    """How many edits at the start are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a is not b), min(len(one), len(other)))


def _edit_document(edit: Edit) -> dict[str, Any]:
    document: dict[str, Any] = {"step": edit.step}
    if edit.experiment is not None:
        document["experiment"] = tomllib.loads(edit.experiment.to_toml())
    elif edit.parameters is not None:
        document["parameters"] = _text(edit.parameters)
    else:
        assert edit.frozen is not None
        document["frozen"] = _text(edit.frozen)
    return document


def _text(array: AnyArray) -> str:
    plain = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    return base64.b64encode(plain).decode("ascii")


# -- reading ---------------------------------------------------------------------------------------


@dataclass
class _RunNote:
    """What the notes say of a run."""

    steps: int
    parent: int | None = None
    forked_at: int = 0
    experiment: Experiment | None = None
    frozen: BoolArray | None = None
    edits: list[int] = field(default_factory=list)


class Notes:
    """What a journal says.

    Attributes
    ----------
    step : int or None
        The last moment that was looked at; None if nothing was noted.
    """

    def __init__(self, documents: Iterable[Fields], path: Path) -> None:
        self.path = path
        self._documents = [*documents]
        self._at = self._documents[-1].wholes("at", 0, LARGEST) if self._documents else None
        self.step = self._at[1] if self._at else None

    def bring(
        self,
        trainer: Trainer,
        progress: Callable[[float], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Bring a trainer, restored from the session that the journal goes on from, to where it ended.

        Raises
        ------
        SessionError
            ``cancelled``, or ``does_not_fit`` for a file that was tampered with.
        """
        if self._at is None:
            return
        try:
            _Replay(trainer, self._documents, progress, cancelled).bring(*self._at)
        except SessionError:
            raise
        except DivergenceError:
            return  # on another machine; what there is before it is there
        except (EngineError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise SessionError(
                "does_not_fit", name=self.path.name, member="*", field="*", reason=error
            ) from None


def read_journal(path: Path) -> Notes:
    """Read what there is of a journal; nothing if there is none."""
    documents: list[Fields] = []

    def blame(place: str, expected: str) -> SessionError:
        return SessionError("wrong_type", name=path.name, member="*", field=place, expected=expected)

    with suppress(OSError, ValueError, SessionError), path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > 4 * MOST_BYTES:
            return Notes((), path)
        for line in file:
            checksum, _, text = line[:-1].partition(b" ")
            if line[-1:] != b"\n" or int(checksum, 16) != zlib.crc32(text):
                break
            document = Fields(json.loads(text), "", blame)
            if len(document.wholes("at", 0, LARGEST)) != 2:
                break
            documents.append(document)
    return Notes(documents, path)


class _Replay:
    """Makes again what notes tell of."""

    def __init__(
        self,
        trainer: Trainer,
        documents: list[Fields],
        progress: Callable[[float], object] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._trainer, self._progress, self._cancelled = trainer, progress, cancelled
        base = trainer.outline()
        self._edits = _Edits(base)
        self._dtype = np.dtype(trainer.experiment.dtype).newbyteorder("<")
        self._runs = {
            run.number: _RunNote(run.steps, edits=[self._edits.number(edit) for edit in run.edits])
            for run in base.runs
        }
        self._of_base = {*self._runs}
        self._gone: set[int] = set()
        for document in documents:
            self._take(document)
        self._done, self._total = 0, 1

    def _take(self, document: Fields) -> None:
        for item in document.objects("edits") if "edits" in document.plain else ():
            self._edits.number(self._edit(item.plain))
        for item in document.objects("runs") if "runs" in document.plain else ():
            number, plain = item.whole("run"), item.plain
            if number not in self._runs:
                parent = None if plain["parent"] is None else item.whole("parent")
                frozen = None if plain["frozen"] is None else self._mask(plain["frozen"])
                experiment = self._experiment(plain["experiment"])
                self._runs[number] = _RunNote(0, parent, item.whole("forked_at"), experiment, frozen)
            note = self._runs[number]
            note.steps = item.whole("steps")
            if "edits" in plain:
                note.edits[item.whole("kept") :] = item.wholes("edits", 0, len(self._edits.known) - 1)
        self._gone |= {*document.wholes("gone", 0, LARGEST)} if "gone" in document.plain else set()

    def _edit(self, plain: dict[str, Any]) -> Edit:
        step = int(plain["step"])
        if "experiment" in plain:
            return Edit(step, experiment=self._experiment(plain["experiment"]))
        if "frozen" in plain:
            return Edit(step, frozen=self._mask(plain["frozen"]))
        parameters = np.frombuffer(base64.b64decode(plain["parameters"]), self._dtype)
        return Edit(step, parameters=self._whole(parameters.astype(self._dtype.newbyteorder("="))))

    def _experiment(self, plain: dict[str, Any]) -> Experiment:
        experiment = Experiment.from_plain(plain)
        self._trainer.check_change(experiment)
        return experiment

    def _mask(self, text: str) -> BoolArray:
        return self._whole(np.frombuffer(base64.b64decode(text), np.bool_))

    def _whole(self, array: AnyArray) -> AnyArray:
        if len(array) != self._trainer.packing.size:
            raise ValueError(f"{len(array)} parameters")
        return array

    def bring(self, current: int, step: int) -> None:
        """Make every run what the notes say, then look at `step` of the run `current`."""
        history = self._trainer.history
        there = {run.number: run for run in history.runs}
        grown = [
            number for number in self._of_base if self._common(there[number], number) == there[number].steps
        ]
        new = sorted(self._runs.keys() - self._of_base)
        cut = sorted(self._of_base - {*grown})  # last: others may share what they lose
        self._total = sum(max(0, note.steps) for note in self._runs.values())
        for number in (*sorted(grown), *new, *cut):
            self._make(number)
        for run in [run for run in history.runs if run.number in self._gone and run.number != current]:
            history.remove(run)
        run = next(run for run in history.runs if run.number == current)
        self._trainer.switch(run, min(step, run.steps))

    def _make(self, number: int) -> None:
        trainer, note = self._trainer, self._runs[number]
        edits = [self._edits.known[place] for place in note.edits]
        own = next((run for run in trainer.history.runs if run.number == number), None)
        sources = trainer.history.runs if own is None else [own]
        source = max(sources, key=lambda run: self._common(run, number))
        common = self._common(source, number)
        if own is not None and (own.steps, own.edits) == (note.steps, edits):
            return
        if common < 0:
            if own is not None:
                trainer.history.remove(own)
                note.experiment, note.frozen = own.keyframes[0].experiment, own.keyframes[0].frozen
            assert note.experiment is not None
            trainer.begin(note.experiment, note.frozen)
        else:
            trainer.switch(source, common)
            if own is None:
                trainer.branch()
            elif common < own.steps:
                trainer.forget_future()
        run = trainer.current
        trainer.history.renumber(run, number)
        if own is None:
            run.parent, run.forked_at = note.parent, note.forked_at
        for edit in edits[len(run.edits) :]:
            self._go_on(edit.step)
            trainer.edit(edit)
        self._go_on(note.steps)

    def _go_on(self, step: int) -> None:
        trainer = self._trainer
        while trainer.completed < step:
            if self._cancelled is not None and self._cancelled():
                raise SessionError("cancelled")
            made = min(STEPS_AT_ONCE, step - trainer.completed)
            trainer.run(made)
            self._done += made
            if self._progress is not None:
                self._progress(min(1.0, self._done / max(1, self._total)))

    def _common(self, run: Run, number: int) -> int:
        """The last moment of a run that is one of run `number` of the notes too; -1 if there is none."""
        note = self._runs[number]
        start = run.keyframes[0]
        if run.number != number and not (
            start.experiment == note.experiment and _is_equal(start.frozen, note.frozen)
        ):
            return -1
        edits = [self._edits.known[place] for place in note.edits]
        shared = _agreeing(run.edits, edits)
        common = min(run.steps, note.steps)
        if shared < len(run.edits):
            common = min(common, run.edits[shared].step - 1)
        if shared < len(edits):
            common = min(common, edits[shared].step)
        return common
