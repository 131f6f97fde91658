"""Copies of the work against a crash: a session now and then, and each second what has become of it since.

Sessions are written in one thread and the journal in another, so that a long write delays no note; and
both beside the thread of the other tasks, so that they never wait for those.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import EngineError
from engine.files.autosave import KEYFRAME_BYTES, Slot, begin
from engine.files.session import Session
from engine.training.history import Outline
from gui.training.messages import Capture, Command, Note
from gui.training.tasks import Task, Tasks

SESSION_MILLISECONDS = 60_000
"""How often the whole work is written; what comes after it takes as long to be made again."""

NOTE_MILLISECONDS = 1_000
"""How often is noted what has become of it, and so the most that a kill can take away, about."""


@dataclass(frozen=True, eq=False)
class _Copy:
    """Keep a copy of the work as it is after so many changes; not if it is not wanted any more by then."""

    changes: int
    drops: int


class Copies(QObject):
    """Keeps the work in a slot of the folder of autosaves.

    Parameters
    ----------
    submit : callable
        Hands a command to the worker; what it answers comes back to `take`, `take_note` and `miss`.
    generation : callable
        That of the network that is open.
    wanted : callable
        Whether there is work that is not saved.
    view : callable
        What is kept of the window.

    Signals
    -------
    failed(EngineError)
        No copy could be kept.
    """

    failed = Signal(object)

    def __init__(
        self,
        parent: QObject,
        submit: Callable[[Command], object],
        generation: Callable[[], int],
        wanted: Callable[[], bool],
        view: Callable[[], dict[str, Any]],
    ) -> None:
        super().__init__(parent)
        self._submit, self._generation, self._wanted, self._view = submit, generation, wanted, view
        self._sessions, self._notes = Tasks(), Tasks()
        self._slot: Slot | None = None  # made and taken over in the thread of notes
        self._changes = self._copied = 0
        self._drops = 0
        self._base: int | None = None  # the generation that the journal is about
        self._is_full = False
        self._copying = self._in_vain = False
        self._rests = False
        self._timer, self._ticks = QTimer(self), QTimer(self)
        self._timer.setInterval(SESSION_MILLISECONDS)
        self._timer.timeout.connect(self.keep)
        self._ticks.setInterval(NOTE_MILLISECONDS)
        self._ticks.timeout.connect(self.note)

    @property
    def is_running(self) -> bool:
        """Whether copies are kept at all."""
        return self._sessions.is_running and self._notes.is_running

    @property
    def is_copying(self) -> bool:
        """Whether a session is being written."""
        return self._copying

    def start(self) -> None:
        """Keep copies from now on."""
        for tasks in (self._sessions, self._notes):
            tasks.start()
        self._timer.start()
        self._ticks.start()

    def shut_down(self) -> None:
        """End well: the work is saved or not wanted, and no copy of it is needed."""
        self._timer.stop()
        self._ticks.stop()
        for tasks in (self._sessions, self._notes):
            if tasks.is_running:
                tasks.shut_down()
        if self._slot is not None and not (self._sessions.is_running or self._notes.is_running):
            self._slot.close()
            self._slot = None

    def rest(self, rests: bool) -> None:
        """Leave the last copy as it is, while what is open is not the work; or go on."""
        self._rests = rests

    def change(self) -> None:
        """Learn that something has become of the work."""
        self._changes += 1

    def keep(self) -> None:
        """Write the work as it is, unless it is saved, has not changed, or is being written."""
        behind = self._changes != self._copied or self._base != self._generation() or self._is_full
        if self.is_running and not self._rests and self._wanted() and behind and not self._copying:
            self._copying = True
            self._submit(Capture(_Copy(self._changes, self._drops), self._view(), KEYFRAME_BYTES))

    def note(self) -> None:
        """Note what has become of the work; write it whole, if there is nothing to go on from."""
        if self.is_running and not self._rests and self._wanted():
            if (self._base != self._generation() or self._is_full) and not self._in_vain:
                self.keep()
            self._submit(Note())

    def take(self, generation: int, purpose: object, session: Session) -> None:
        """Write the frozen training that was asked for; one that is for others is left alone."""
        if not isinstance(purpose, _Copy):
            return
        if purpose.drops != self._drops:
            self._copying = False
            return
        goes_on = generation == self._base
        self._base, self._is_full = generation, False

        def begin_journal(task: Task) -> tuple[Slot, Session]:
            if self._slot is None:
                self._slot = begin()
            return self._slot, self._slot.begin_journal(session, goes_on=goes_on)

        def write(begun: tuple[Slot, Session]) -> None:
            slot, named = begun

            def end(_: None) -> None:
                self._notes.submit(Task("", lambda task: slot.saved(named), _ignore, self._fail))
                self._copying, self._copied, self._in_vain = False, purpose.changes, False

            def save(task: Task) -> None:
                slot.save(named, task.cancelled)

            self._sessions.submit(Task("", save, end, partial(self._stop, purpose)))

        self._notes.submit(Task("", begin_journal, write, partial(self._stop, purpose)))

    def take_note(self, generation: int, outline: Outline) -> None:
        """Note what has become of the training."""
        if generation != self._base:
            return

        def write(task: Task) -> bool:
            if self._slot is None:
                return False
            self._slot.note(outline)
            return self._slot.is_full

        def end(is_full: bool) -> None:
            self._is_full = is_full

        self._notes.submit(Task("", write, end, self._fail))

    def miss(self, purpose: object) -> None:
        """Learn that the training that was asked for could not be had."""
        if isinstance(purpose, _Copy):
            self._copying = False

    def drop(self) -> None:
        """Remove the copy of work that is saved or not wanted."""

        def forget(task: Task) -> Slot | None:
            if self._slot is not None:
                self._slot.forget()
            return self._slot

        def discard(slot: Slot | None) -> None:
            if slot is not None:
                self._sessions.submit(Task("", lambda task: slot.discard(), _ignore, _ignore))

        self._drops += 1
        self._base = None
        self._copied = -1
        self._notes.submit(Task("", forget, discard, _ignore))

    def take_over(self, slot: Slot) -> None:
        """Go on with the slot of work that was left behind."""

        def take(task: Task) -> None:
            if self._slot is not None:
                self._slot.close()
            self._slot = slot

        self._drops += 1
        self._base = None
        self._notes.submit(Task("", take, _ignore, _ignore))

    def _stop(self, purpose: _Copy, error: EngineError) -> None:
        self._copying, self._copied = False, purpose.changes
        self._in_vain = True  # not again each second
        self._fail(error)

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(error)


def _ignore(result: object = None) -> None:
    """Nothing is to be done."""
