"""The examination beside training: on a copy, in the second thread, a little at a time.

What is told is of one moment of one training: after which step it was examined stands with it. As soon as
something is changed by hand, or the moment shown lies before that step, it is told no more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.training.trainer import Trainer
from gui.training.aside import Aside, Question, Stop
from gui.training.messages import Frame, Status

if TYPE_CHECKING:
    from engine.diagnose import Examination, Finding

SHARE = 0.02
"""How much of the time is spent on examining while training runs as fast as it goes."""

CLOCKED_SHARE = 0.2
"""The same while training waits for the clock between its phases."""

PART_SECONDS, REST_PART_SECONDS = 0.004, 0.02
"""How long the second thread goes on at a time, while training runs and while it does not."""

SETTLED_MILLISECONDS = 150
"""How long a moment has to be shown before it is examined: one may only be passing by."""

AGAIN_MILLISECONDS = 1_000
"""After an examination the next one begins no sooner while training runs."""


HARMLESS = ("not_run_long_enough",)
"""Causes that are no fault: training need only go on."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What an examination has found.

    Attributes
    ----------
    generation : int
        Of the network.
    step : int
        After which step it was examined.
    findings : tuple of Finding
        The root first; empty where there is nothing to say.
    """

    generation: int
    step: int
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Those of the findings that are faults: training need not only go on."""
        return tuple(finding for finding in self.findings if finding.cause not in HARMLESS)

    @property
    def fault(self) -> Finding | None:
        """The root, if it is a fault."""
        root = self.findings[:1]
        return root[0] if root and root[0].cause not in HARMLESS else None


class _Subject(NamedTuple):
    """What a verdict is about, but for its moment: another one makes it void."""

    generation: int
    run: int
    settings: Experiment
    edited_at: tuple[int, ...]
    by_hand: tuple[tuple[int, int | None, bool], ...]

    @classmethod
    def of(cls, frame: Frame, run: int) -> _Subject:
        done = tuple((number, one.step, one.taken_back) for number, one in frame.done.items())
        return cls(frame.generation, run, frame.settings, frame.edited_at, done)


class _Part(NamedTuple):
    """Where an examination has come to, and what the last part of it took."""

    examination: Examination
    step: int
    seconds: float


class Examiner(QObject):
    """Examines the training that is shown whenever it has come to another moment.

    Signals
    -------
    told(Verdict or None)
        None where nothing is known any more of what is shown.
    """

    told = Signal(object)

    def __init__(self, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._aside = aside
        self._frame: Frame | None = None
        self._runs = 0
        self._subject: _Subject | None = None
        self._verdict: Verdict | None = None
        self._question: Question | None = None
        self._part: _Part | None = None
        self._failed_at: int | None = None
        self._last_end = 0.0
        self._begin_timer, self._part_timer = QTimer(self), QTimer(self)
        for timer, slot in ((self._begin_timer, self._begin), (self._part_timer, self._go_on)):
            timer.setSingleShot(True)
            timer.timeout.connect(slot)
        self._begin_timer.setInterval(SETTLED_MILLISECONDS)

    @property
    def verdict(self) -> Verdict | None:
        """What is known of what is shown."""
        return self._verdict

    @property
    def is_busy(self) -> bool:
        """Whether an examination is under way."""
        return self._question is not None or self._part is not None

    @property
    def is_settled(self) -> bool:
        """Whether all is known of what is shown that will be."""
        return not self.is_busy and not self._begin_timer.isActive()

    def show_frame(self, frame: Frame) -> None:
        """Examine the moment of the frame, unless that is done or being done."""
        self._frame = frame
        self._runs += frame.restart
        subject = _Subject.of(frame, self._runs)
        if subject != self._subject:
            self._subject = subject
            self._drop()
        if self._verdict is not None and frame.step < self._verdict.step:
            self._tell(None)
        if frame.status is Status.RUNNING:
            if not self.is_busy and not self._begin_timer.isActive():
                rested = 1e3 * (time.monotonic() - self._last_end)
                self._begin_timer.start(max(SETTLED_MILLISECONDS, round(AGAIN_MILLISECONDS - rested)))
        elif self._is_known(frame.step):
            self._begin_timer.stop()
        else:
            if self._part is not None and self._part.step != frame.step:
                self._abandon()
            if not self.is_busy:
                self._begin_timer.start(SETTLED_MILLISECONDS)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._subject = None
        self._drop()

    def _is_known(self, step: int) -> bool:
        return (self._verdict is not None and self._verdict.step == step) or self._failed_at == step

    def _drop(self) -> None:
        self._failed_at = None
        self._abandon()
        self._tell(None)

    def _abandon(self) -> None:
        """Leave the examination that is under way."""
        self._begin_timer.stop()
        self._part_timer.stop()
        if self._question is not None:
            self._question.cancel()
        self._question = self._part = None

    def _tell(self, verdict: Verdict | None) -> None:
        if verdict is not self._verdict:
            self._verdict = verdict
            self.told.emit(verdict)

    def _begin(self) -> None:
        if self._frame is not None and not self.is_busy:
            self._question = self._aside.ask(_begun, self._take_part, self._fail)

    def _go_on(self) -> None:
        part = self._part
        if part is not None:
            seconds = PART_SECONDS if self._is_running else REST_PART_SECONDS
            self._aside.later(lambda stop: _continued(part, seconds), self._take_part, self._fail)

    @property
    def _is_running(self) -> bool:
        return self._frame is not None and self._frame.status is Status.RUNNING

    def _take_part(self, part: _Part) -> None:
        frame = self._frame
        known = self._question is not None or (
            self._part is not None and part.examination is self._part.examination
        )
        if not known or frame is None:
            return
        self._question, self._part = None, part
        if part.step > frame.step or (not self._is_running and part.step != frame.step):
            self._abandon()
            self._begin_timer.start(SETTLED_MILLISECONDS)
        elif part.examination.done:
            self._part, self._last_end = None, time.monotonic()
            self._tell(Verdict(frame.generation, part.step, part.examination.findings))
        else:
            self._part_timer.start(self._rest(frame, part.seconds))

    def _rest(self, frame: Frame, seconds: float) -> int:
        """Milliseconds until the next part, so that training hardly notices."""
        if frame.status is not Status.RUNNING:
            return 0
        share = SHARE if frame.phase is None else CLOCKED_SHARE
        return max(1, round(1e3 * seconds * (1 - share) / share))

    def _fail(self, error: EngineError | None) -> None:
        """Say nothing of a moment that cannot be examined."""
        self._failed_at = None if error is None or self._frame is None else self._frame.step
        self._question = self._part = None
        self._last_end = time.monotonic()


def _begun(trainer: Trainer, stop: Stop) -> _Part:
    from engine.diagnose import Examination  # the window does without until here

    since = _now()
    examination = Examination(trainer)
    return _Part(examination, trainer.completed, _taken(since))


def _continued(part: _Part, seconds: float) -> _Part:
    since = _now()
    part.examination.advance(seconds)
    return part._replace(seconds=_taken(since))


def _now() -> tuple[float, float]:
    return time.thread_time(), time.perf_counter()


def _taken(since: tuple[float, float]) -> float:
    """What has been taken from training: where both want the interpreter, half of the time that passes."""
    processor, clock = (now - then for now, then in zip(_now(), since, strict=True))
    return max(processor, clock / 2)
