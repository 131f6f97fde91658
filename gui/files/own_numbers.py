"""Where somebody's own numbers come from, and their check: on the second thread, never executed unasked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from engine.data.preparation import prepare_for
from engine.errors import EngineError, StepError
from engine.mistakes.arranging import Orientation, names_of
from engine.mistakes.batch import Batch, experiment_of
from engine.mistakes.case_file import give_case
from engine.mistakes.checking import Result, check_numbers, check_program
from engine.mistakes.naming import guess
from engine.mistakes.program import MEMORY, is_program
from engine.mistakes.reading import Entry, read_numbers, read_text
from engine.mistakes.replayed import two_runs
from gui.kept import NUMBERS_FOLDER, Kept
from gui.text.numbers import grouped
from gui.training.messages import Frame
from gui.training.own_numbers import Outcome
from gui.training.tasks import Task, Tasks
from gui.views.check_numbers import CheckNumbersView

PATTERNS = "*.npz *.npy *.json *.csv *.txt *.py"
SECONDS = 60.0
STEPS = 200
"""Of the two trainings."""


@dataclass(frozen=True, eq=False)
class _Given:
    """What is being checked; kept so that names can be corrected without reading again."""

    entries: tuple[Entry, ...]
    source: str
    by_hand: bool = False


class OwnNumbersDesk(QObject):
    """Reads numbers and programs, has them checked, and shows what came of it.

    Parameters
    ----------
    view : CheckNumbersView
    tasks : Tasks
    remember : bool
        Whether the folder is remembered.

    Signals
    -------
    show_wanted(Frame, Part, Phase, int or None)
        Go to a factor of the true pass of this step, of a sample.
    """

    show_wanted = Signal(object, object, object, object)

    def __init__(self, view: CheckNumbersView, tasks: Tasks, *, remember: bool) -> None:
        super().__init__(view)
        self.view, self._tasks, self._kept = view, tasks, Kept(remember)
        self._task: Task | None = None
        self._given: _Given | None = None
        self._roles: Mapping[str, str | None] = {}
        self._layout: Orientation | None = None
        tasks.progressed.connect(self._progressed)
        tasks.ended.connect(self._ended)
        view.text_given.connect(self.check_text)
        view.file_given.connect(self.check_file)
        view.file_wanted.connect(self._choose_file)
        view.typed.connect(self._check_typed)
        view.corrected.connect(self._correct)
        view.runs_wanted.connect(self._make_runs)
        view.show_wanted.connect(self._show_me)
        view.case_wanted.connect(self._give_case)
        view.cancel_requested.connect(self._cancel)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being read, checked or run."""
        return self._task is None

    # -- what is given -----------------------------------------------------------------------------

    def check_text(self, text: str) -> None:
        """Read a text and check it; a program in it is told, and not run."""

        def read(task: Task) -> tuple[Entry, ...] | None:
            return None if is_program(text) else read_text(text, task.cancelled)

        def offer() -> None:
            self.view.offer_program("", lambda: self._run_text(text), SECONDS, _memory())

        self._read(read, "", offer)

    def check_file(self, path: Path) -> None:
        """Read a file and check it; a program is told, and not run."""
        self._remember_folder(path)
        if path.suffix.lower() == ".py":
            self.view.offer_program(path.name, lambda: self._run(path), SECONDS, _memory())
            return
        self._read(lambda task: read_numbers(path, task.cancelled), path.name, lambda: None)

    def _read(
        self,
        read: Callable[[Task], tuple[Entry, ...] | None],
        source: str,
        offer: Callable[[], None],
    ) -> None:
        frame = self.view.freeze()
        if frame is None:
            return
        self._given, self._roles, self._layout = None, {}, None

        def work(task: Task) -> Any:
            entries = read(task)
            if entries is None:
                return None
            return entries, _attempt(frame, entries, {}, None, source, task)

        def use(found: Any) -> None:
            if found is None:
                offer()
                return
            entries, came = found
            self._given = _Given(entries, source)
            self._use(came)

        self._submit(Task(self.tr("Checking your numbers"), work, use, self.view.refuse))

    def _check_typed(self, entries: tuple[Entry, ...], roles: Mapping[str, str | None]) -> None:
        if not entries:
            self._forget_typed()
            return
        self._given, self._layout = _Given(entries, "", by_hand=True), Orientation()
        self._roles = roles
        if self.view.against is None or (self.view.outcome is not None and self.view.outcome.is_own):
            self.view.freeze()
        self._check_again()

    def _forget_typed(self) -> None:
        """What is said of numbers that were typed goes with them; what was pasted is another matter."""
        if self._given is not None and self._given.by_hand:
            self._cancel()
            self._given = None
            self.view.forget_outcome()

    def _correct(self, roles: Mapping[str, str | None], layout: Orientation | None) -> None:
        self._roles, self._layout = roles, layout
        self._check_again()

    def _check_again(self) -> None:
        given, frame = self._given, self.view.against
        if given is None or frame is None:
            return
        roles, layout = dict(self._roles), self._layout

        def work(task: Task) -> _Came:
            return _attempt(frame, given.entries, roles, layout, given.source, task)

        self._submit(Task(self.tr("Checking your numbers"), work, self._use, self.view.refuse))

    def _use(self, came: _Came) -> None:
        assert self._given is not None
        if came.outcome is not None:
            self.view.show_outcome(came.outcome, self._given.entries, came.roles, self._layout)
        elif came.error is not None:
            correctable = came.error.kind in (
                "nothing_named",
                "no_layout",
                "start_missing",
                "unknown_quantity",
            )
            self.view.refuse(came.error, self._given.entries if correctable else (), came.roles)

    # -- programs ----------------------------------------------------------------------------------

    def _run_text(self, text: str) -> None:
        self._run(None, text)

    def _run(self, path: Path | None, text: str = "") -> None:
        """Run a program, now that it was asked for."""
        frame = self.view.freeze()
        if frame is None:
            return
        source = self.tr("pasted program") if path is None else path.name
        experiment, batch = experiment_of(frame.record), Batch.of(frame.record)
        inputs = batch.inputs.shape[1]

        def work(task: Task) -> tuple[tuple[Entry, ...], _Came]:
            with tempfile.TemporaryDirectory(prefix="backprop-lab-pasted-") as folder:
                program = path
                if program is None:
                    program = Path(folder) / "pasted.py"
                    program.write_text(text, encoding="utf-8")
                result = check_program(
                    experiment, program, (batch,), inputs=inputs, timeout=SECONDS, cancelled=task.cancelled
                )
            called = result.run is not None and result.run.called
            is_own = not called or result.batches.index(result.first) > 0
            outcome = Outcome.of(frame, result, source, is_own, task.cancelled)
            return _entries(result), _Came(outcome, None, dict(result.first.arranged.roles))

        def use(found: tuple[tuple[Entry, ...], _Came]) -> None:
            self._given, self._roles, self._layout = _Given(found[0], source), {}, None
            self._use(found[1])

        self._submit(Task(self.tr("Running {0}").format(source), work, use, self.view.refuse))

    # -- the rest ----------------------------------------------------------------------------------

    def _make_runs(self, mistakes: tuple[str, ...]) -> None:
        outcome = self.view.outcome
        if outcome is None:
            return
        case, frame = outcome.case, outcome.frame

        def work(task: Task) -> Any:
            inputs, targets = (case.inputs, case.targets) if outcome.is_own else _training_rows(frame)
            return two_runs(
                case,
                mistakes,
                inputs,
                targets,
                STEPS,
                frame.experiment.seed,
                progress=task.progress,
                cancelled=task.cancelled,
            )

        def use(runs: Any) -> None:
            if self.view.outcome is outcome:
                self.view.show_runs(runs)

        self._submit(Task(self.tr("Training two copies"), work, use, self.view.show_error))

    def _show_me(self, part: object, phase: object, sample: object) -> None:
        outcome = self.view.outcome
        if outcome is not None and not outcome.is_own:
            self.show_wanted.emit(outcome.frame, part, phase, sample)

    def _give_case(self) -> None:
        frame = self.view.against or self.view.frame
        if frame is None:
            return
        folder = QFileDialog.getExistingDirectory(
            self.view, self.tr("A folder for the test case"), self._folder()
        )
        if folder:
            self.give_case(Path(folder), frame)

    def give_case(self, folder: Path, frame: Frame) -> None:
        """Write a test case of the step into a folder."""
        experiment, batch = experiment_of(frame.record), Batch.of(frame.record)

        def use(paths: tuple[Path, ...]) -> None:
            url = QUrl.fromLocalFile(str(folder))
            offer = self.tr("Open folder"), partial(QDesktopServices.openUrl, url)
            self.view.say_written([path.name for path in paths], offer)

        def work(task: Task) -> tuple[Path, ...]:
            return give_case(folder, experiment, batch.inputs.shape[1], batch)

        self._submit(Task(self.tr("Writing a test case"), work, use, self.view.show_error))

    def _choose_file(self) -> None:
        pattern, everything = self.tr("Numbers and programs ({0})").format(PATTERNS), self.tr("All files")
        name, _ = QFileDialog.getOpenFileName(
            self.view, self.tr("Open my numbers"), self._folder(), f"{pattern};;{everything} (*)"
        )
        if name:
            self.check_file(Path(name))

    def _folder(self) -> str:
        return self._kept.get(NUMBERS_FOLDER)

    def _remember_folder(self, path: Path) -> None:
        self._kept.keep(NUMBERS_FOLDER, str(path.parent))

    # -- tasks -------------------------------------------------------------------------------------

    def _submit(self, task: Task) -> None:
        self._cancel()
        self._task = task
        self._tasks.submit(task)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _progressed(self, task: Task, share: float) -> None:
        if task is self._task:
            self.view.set_busy(task.label, share)

    def _ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.view.set_idle()


@dataclass(frozen=True, eq=False)
class _Came:
    """What a check came to: an outcome, or why there is none, and what the arrays were taken for."""

    outcome: Outcome | None
    error: EngineError | None
    roles: dict[str, str | None]


def _attempt(
    frame: Frame,
    entries: Sequence[Entry],
    roles: Mapping[str, str | None],
    layout: Orientation | None,
    source: str,
    task: Task,
) -> _Came:
    """Check numbers against the shown step, or against what they start from themselves."""
    experiment = experiment_of(frame.record)
    layers = len(experiment.layers)
    task.progress(0.0)
    names = names_of(entries)
    sizes = {name: entry.numbers.values.size for name, entry in zip(names, entries, strict=True)}
    alone = {**guess(names, layers, False, sizes), **roles}
    needed = {"inputs", "targets", *(f"W{n} before" for n in range(1, layers + 1))}
    is_own = needed <= set(alone.values())
    start = None if is_own else Batch.of(frame.record)
    taken = {**guess(names, layers, not is_own, sizes), **roles}
    try:
        result = check_numbers(experiment, entries, start, roles, layout, task.cancelled)
    except StepError as error:
        return _Came(None, error, taken)
    outcome = Outcome.of(frame, result, source, is_own, task.cancelled)
    return _Came(outcome, None, dict(result.first.arranged.roles))


def _entries(result: Result) -> tuple[Entry, ...]:
    """The numbers of the batch that is spoken of, as far as they are known by name."""
    run = result.run
    if run is None:
        return ()
    place = result.batches.index(result.first)
    return run.batches[place] if place < len(run.batches) else ()


def _training_rows(frame: Frame) -> tuple[Any, Any]:
    """Inputs and targets of the rows that the network is trained with."""
    prepared = prepare_for(frame.experiment, frame.dataset)
    return prepared.inputs, np.asarray(prepared.targets, np.float64)


def _memory() -> str:
    return f"{grouped(round(MEMORY / 1e9))} GB"
