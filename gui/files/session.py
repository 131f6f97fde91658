"""Sessions: new, open, save, and the work that a crash left behind.

Files are read and written in the background, from frozen copies that the worker gives between two
slices of training. Whatever goes wrong, what is open stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from engine.errors import EngineError, ExperimentError, SessionError
from engine.experiment import Experiment
from engine.files.autosave import Orphan, orphans
from engine.files.experiment_file import placed, read_experiment, write_experiment
from engine.files.session import SUFFIX, Session, Summary, read_session, write_session
from engine.series import remove_left_over
from engine.training.trainer import Trainer
from gui.document.document import Document, State
from gui.document.examples import FIRST
from gui.files.copies import Copies
from gui.files.differences import what_differs
from gui.files.window_state import SessionView
from gui.kept import RECENT_SESSIONS, SESSION_FOLDER, Kept
from gui.text.errors import localized
from gui.text.numbers import grouped
from gui.text.parts import shown
from gui.text.plain import ask, caption, tooltip
from gui.training.adoption import Adopt
from gui.training.cursor import start_from
from gui.training.messages import Capture, Command, Frame, Pause, PinRun, RunKey, Status
from gui.training.tasks import Task, Tasks
from gui.widgets.message_bar import Tone

EXPERIMENT_SUFFIX = ".toml"
MOST_RECENT = 10


@dataclass(frozen=True, eq=False)
class _Save:
    """Save to `path`; `opened`, `state` and `edits` tell whether something else is open or edited since.

    `replaces` is the fingerprint of the file that may be replaced, None for any.
    """

    path: Path
    opened: int
    state: State
    edits: int
    replaces: str | None
    then: Callable[[], object]


@dataclass(frozen=True, eq=False)
class _Aside:
    """The work that is put aside: what was looked at, and which of its steps are new."""

    view: Mapping[str, Any]
    furthest: int
    saved_steps: int
    known_steps: int
    trained: bool
    status: Status
    pinned: RunKey | None


class SessionDesk(QObject):
    """Opens, saves and recovers sessions, and reads and writes experiments.

    Parameters
    ----------
    window : QWidget
        Parent of the dialogs.
    submit : callable
        Hands a command to the worker; what it captures comes back to `take`.
    view : SessionView
        What is kept of the window.
    remember : bool
        Whether recent files are remembered and work is kept against a crash.

    Signals
    -------
    opened()
        Another session or experiment has been taken over.
    failed(EngineError, Path or None, offer or None)
        A file could not be read or written; nothing has changed. The offer is a text and what it does.
    message(Tone, str, str, offer or None, sequence of offers)
        Something to tell, as `MessageBar.say` takes it.
    changed()
        `name` or `is_dirty` may be another.
    wanted()
        The work that is put aside is wanted: to be saved, or to make way for other work.
    """

    opened = Signal()
    failed = Signal(object, object, object)
    message = Signal(object, str, str, object, object)
    changed = Signal()
    wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        document: Document,
        submit: Callable[[Command | Adopt], object],
        tasks: Tasks,
        view: SessionView,
        *,
        remember: bool,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._submit, self._tasks = window, document, submit, tasks
        self._view, self._remember, self._kept = view, remember, Kept(remember)
        self._path: Path | None = None
        self._opened = 0
        self._restoring: tuple[int, Mapping[str, Any]] | None = None
        self._status = Status.READY
        # Steps: as last seen, in the file, and beyond which they are new
        self._furthest = self._saved_steps = self._known_steps = 0
        self._trained = False
        self._fingerprint = ""
        self.copies = Copies(
            self, submit, lambda: document.generation, lambda: self.is_dirty, self._copied_view
        )
        self.copies.failed.connect(self._no_copies)
        self._told_of_copies = False
        self._aside: _Aside | None = None
        document.undo_stack.indexChanged.connect(self._edited)
        document.undo_stack.cleanChanged.connect(self.changed)

    # -- life --------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the session is called; empty if it has never been saved."""
        return "" if self._path is None else self._path.stem

    @property
    def path(self) -> Path | None:
        """Where it lies; None if it has never been saved."""
        return self._path

    @property
    def is_dirty(self) -> bool:
        """Whether something has been edited or trained since it was saved, or since the beginning."""
        return self._document.is_dirty or self._trained

    def start(self) -> None:
        """Look for work that was left behind, and keep the work of now against a crash."""
        if self._remember:
            self.copies.start()
            label = self.tr("Looking for work that was left behind")
            self._tasks.submit(Task(label, _left_behind, self._offer, _ignore))

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether the window may close now; asks about unsaved changes, and calls `close` when saved."""
        return not self.is_dirty or self._may_go(close)

    def shut_down(self) -> None:
        """End well: the work is saved or not wanted, and no copy of it is needed."""
        self.copies.shut_down()

    def show_frame(self, frame: Frame) -> None:
        """Follow the training: which steps are new, and when it pauses."""
        if self._aside is not None:
            return
        self._furthest = frame.furthest
        if frame.restart:
            self._known_steps = self._saved_steps if frame.furthest == self._saved_steps else 0
        steps = frame.scalars.steps
        if len(steps) and steps[-1] > self._known_steps:
            self._known_steps = int(steps[-1])
            self._set_trained(True)
            self.copies.change()
        if self._restoring is not None and frame.generation == self._restoring[0]:
            view, self._restoring = self._restoring[1], None
            self._view.restore(view)
        # A short run pauses before any frame has told of it
        ran = self._status is Status.RUNNING or len(steps) > 1
        self._status = frame.status
        if ran and frame.status is not Status.RUNNING:
            self.copies.keep()

    def _edited(self, index: int) -> None:
        if self._aside is None:
            self.copies.change()

    def touch(self) -> None:
        """Something that a session keeps was changed beside the document and its training."""
        if self._aside is None:
            self._set_trained(True)
            self.copies.change()

    def _set_trained(self, trained: bool) -> None:
        if trained != self._trained:
            self._trained = trained
            self.changed.emit()

    # -- put aside ---------------------------------------------------------------------------------

    def set_aside(self) -> None:
        """Put the work aside, with a copy of it against a crash, for as long as something else is open."""
        if self._aside is not None:
            return
        self.copies.keep()
        self.copies.rest(True)
        network = self._document.state.network
        current = self._view.unpinned_run(network)
        if current is not None:  # or it would be forgotten behind many others
            self._submit(PinRun(current, True))
        steps = self._furthest, self._saved_steps, self._known_steps
        self._aside = _Aside(self._view.plain(network), *steps, self._trained, self._status, current)
        self._document.set_aside()

    def take_up(self) -> None:
        """Go back to the work that was put aside, and to what was looked at there."""
        aside, self._aside = self._aside, None
        if aside is None:
            return
        self._document.take_up()
        if aside.pinned is not None:
            self._submit(PinRun(aside.pinned, False))
        self._furthest, self._status = aside.furthest, aside.status
        self._saved_steps, self._known_steps = aside.saved_steps, aside.known_steps
        self._trained = aside.trained
        self._restoring = self._document.generation, aside.view
        self.copies.rest(False)
        self.copies.change()
        self.changed.emit()

    # -- new and open ------------------------------------------------------------------------------

    def new(self) -> None:
        """Begin anew with the network of the first launch."""

        def anew() -> None:
            trainer = Trainer(FIRST.experiment, FIRST.dataset)
            start_from(trainer, FIRST.start)
            if self._adopt(trainer, {}):
                self._called(None, dirty=False)
                self.copies.drop()
                self.opened.emit()

        self._when_free(anew)

    def choose_session(self) -> None:
        """Ask for a session or an experiment and open it."""
        kinds = self.tr("Sessions and experiments") + f" (*{SUFFIX} *{EXPERIMENT_SUFFIX})"
        folder = self._kept.get(SESSION_FOLDER)
        chosen, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open session"), folder, kinds)
        if chosen:
            self._remember_folder(Path(chosen))
            self.open(Path(chosen))

    def opens(self, path: Path) -> bool:
        """Whether a file is a session or an experiment, by its name."""
        return path.suffix.lower() in (SUFFIX, EXPERIMENT_SUFFIX)

    def open(self, path: Path) -> None:
        """Read a session and go on with it, or an experiment and train it on the present data."""
        if path.suffix.lower() == EXPERIMENT_SUFFIX:
            self._open_experiment(path)
        else:
            self._read(path)

    def _read(self, path: Path, data_file: Path | None = None, left_behind: Orphan | None = None) -> None:
        def read(task: Task) -> tuple[Session, Trainer, SessionError | None]:
            missed = None
            if left_behind is None:
                session = read_session(
                    path, data_file=data_file, progress=task.progress, cancelled=task.cancelled
                )
                trainer = session.restore()
            else:
                session, trainer, missed = left_behind.read(
                    data_file=data_file, progress=task.progress, cancelled=task.cancelled
                )
            if not trainer.completed:
                trainer.peek()  # here rather than in the worker, if it cannot make its first step
            return session, trainer, missed or session.warning

        def use(result: tuple[Session, Trainer, SessionError | None]) -> None:
            self._when_free(partial(self._use, path, left_behind, *result))

        def fail(error: EngineError) -> None:
            offer = None
            if error.kind in ("data_missing", "data_changed"):
                offer = self.tr("Locate the data file…"), partial(self._locate, path, left_behind)
            self.failed.emit(error, path, offer)

        self._tasks.submit(Task(self.tr("Opening {0}").format(path.name), read, use, fail))

    def _locate(self, path: Path, left_behind: Orphan | None) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Locate the data file"), str(path.parent)
        )
        if chosen:
            self._read(path, Path(chosen), left_behind)

    def _use(
        self,
        path: Path,
        left_behind: Orphan | None,
        session: Session,
        trainer: Trainer,
        warning: SessionError | None,
    ) -> None:
        slot = None
        if left_behind is not None and (slot := left_behind.claim()) is None:
            text = self.tr("This work has been taken over by another window, or is gone.")
            self.message.emit(Tone.WARNING, text, "", None, ())
            return
        if not self._adopt(trainer, session.view, path):
            return
        if slot is None:
            self.copies.drop()
            self._called(path, dirty=False, fingerprint=session.fingerprint)
            self._add_recent(path)
        else:
            self.copies.take_over(slot)
            home, known = session.view.get("path"), session.view.get("fingerprint")
            self._called(
                Path(home) if isinstance(home, str) and home else None,
                dirty=True,
                fingerprint=known if isinstance(known, str) else "",
            )
        self.opened.emit()
        if warning is not None:
            self.message.emit(Tone.WARNING, *localized(warning), None, ())

    def _adopt(self, trainer: Trainer, view: Mapping[str, Any], path: Path | None = None) -> bool:
        """Hand a training to the document and the worker; say whether they can have it."""
        try:
            generation, network = self._document.replace_all(trainer.experiment, trainer.dataset)
        except EngineError as error:
            self.failed.emit(error, path, None)
            return False
        self._furthest = self._saved_steps = self._known_steps = trainer.furthest
        self._restoring = generation, view
        self._view.restore_runs(view, network)
        self._submit(Adopt(generation, network, trainer))
        return True

    def take_back(self) -> None:
        """What was opened could not be shown: what was there before is, and has no place of its own."""
        self._restoring = None
        self._called(None, dirty=True)

    def _called(self, path: Path | None, *, dirty: bool, fingerprint: str = "") -> None:
        self._path, self._trained, self._fingerprint = path, dirty, fingerprint
        self._opened += 1
        self.changed.emit()

    # -- save --------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save to where it was saved before, or ask where."""
        self._save(_ignore)

    def save_as(self) -> None:
        """Ask where, and save."""
        self.wanted.emit()
        self._save_as(_ignore)

    def _save(self, then: Callable[[], object]) -> None:
        self.wanted.emit()
        if self._path is None:
            self._save_as(then)
        else:
            self._save_to(self._path, then, self._fingerprint)

    def _save_as(self, then: Callable[[], object]) -> None:
        kind = self.tr("Sessions") + f" (*{SUFFIX})"
        suggested = shown(self.name or self._document.dataset.name) + SUFFIX
        if path := self._ask_where(self.tr("Save session as"), kind, SUFFIX, suggested):
            self._save_to(path, then)

    def _save_to(self, path: Path, then: Callable[[], object], replaces: str | None = None) -> None:
        state, stack = self._document.state, self._document.undo_stack
        purpose = _Save(path, self._opened, state, stack.index(), replaces, then)
        self._submit(Capture(purpose, self._view.plain(state.network)))

    def take(self, generation: int, purpose: object, session: Session) -> None:
        """Write the frozen training that was asked for; one that is for others is left alone."""
        if isinstance(purpose, _Save):
            self._write(purpose, session)
        else:
            self.copies.take(generation, purpose, session)

    def miss(self, purpose: object, error: EngineError) -> None:
        """Say that the training that was asked for could not be had."""
        if isinstance(purpose, _Save):
            self._not_saved(purpose, error)
        else:
            self.copies.miss(purpose)

    def _not_saved(self, purpose: _Save, error: EngineError) -> None:
        self.failed.emit(error, purpose.path, (self.tr("Save session as…"), self.save_as))

    def _write(self, purpose: _Save, session: Session) -> None:
        def write(task: Task) -> str:
            return write_session(
                session,
                purpose.path,
                replaces=purpose.replaces,
                progress=task.progress,
                cancelled=task.cancelled,
            )

        def fail(error: EngineError) -> None:
            if error.kind == "changed_meanwhile":
                self._ask_about_changed(purpose, session, *localized(error))
            else:
                self._not_saved(purpose, error)

        label = self.tr("Saving {0}").format(purpose.path.name)
        self._tasks.submit(Task(label, write, partial(self._saved, purpose, session.run.steps), fail))

    def _ask_about_changed(
        self, purpose: _Save, session: Session, text: str, mend: str, *, compared: bool = False
    ) -> None:
        """Ask what to do with a file that another window has saved since; nothing is written before."""
        offers = [
            (self.tr("Save session as…"), partial(self._save_as, purpose.then)),
            (self.tr("Overwrite"), partial(self._overwrite, purpose)),
        ]
        if not compared:
            offers.append((self.tr("See what differs"), partial(self._compare, purpose, session)))
        self.message.emit(Tone.WARNING, text, mend, None, offers)

    def _overwrite(self, purpose: _Save) -> None:
        if purpose.opened == self._opened:  # else it was asked about other work
            self._save_to(purpose.path, purpose.then)

    def _compare(self, purpose: _Save, session: Session) -> None:
        """Tell what a file that another window has saved holds, beside what is open here."""

        def read(task: Task) -> list[str]:
            theirs = read_session(purpose.path, progress=task.progress, cancelled=task.cancelled)
            return what_differs(session, theirs)

        def tell(lines: list[str]) -> None:
            self._ask_about_changed(purpose, session, "\n".join(lines), "", compared=True)

        def fail(error: EngineError) -> None:
            self._ask_about_changed(purpose, session, *localized(error), compared=True)

        self._tasks.submit(Task(self.tr("Comparing with {0}").format(purpose.path.name), read, tell, fail))

    def _saved(self, purpose: _Save, steps: int, fingerprint: str) -> None:
        self._add_recent(purpose.path)
        if purpose.opened != self._opened:
            return  # what is open now has a place of its own
        self._path, self._saved_steps, self._fingerprint = purpose.path, steps, fingerprint
        self._known_steps = max(steps, self._furthest)
        self._trained = self._furthest > steps
        stack = self._document.undo_stack
        if self._document.state is purpose.state and stack.index() == purpose.edits:
            self._document.mark_saved()
        if not self.is_dirty:
            self.copies.drop()
        self.changed.emit()
        purpose.then()

    def _ask_where(self, title: str, kind: str, suffix: str, suggested: str) -> Path | None:
        dialog = QFileDialog(self._window, title, "", kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        folder = self._kept.get(SESSION_FOLDER)
        if self._path is not None:
            folder = str(self._path.parent)
        if folder:
            dialog.setDirectory(folder)
        dialog.selectFile(suggested.replace("/", "-"))
        accepted = dialog.exec()
        chosen = dialog.selectedFiles()
        dialog.deleteLater()
        if not accepted or not chosen:
            return None
        self._remember_folder(Path(chosen[0]))
        return Path(chosen[0])

    # -- unsaved changes ---------------------------------------------------------------------------

    def _when_free(self, then: Callable[[], object]) -> None:
        """Do `then` when what is open is saved or not wanted."""
        self.wanted.emit()
        if not self.is_dirty or self._may_go(then):
            then()

    def _may_go(self, then: Callable[[], object]) -> bool:
        """Ask what to do with unsaved changes; they are saved first if so wanted, and then `then` is done."""
        buttons = QMessageBox.StandardButton
        answer = ask(
            self._window,
            self.tr("Unsaved changes"),
            self.tr("Save the changes to {0} first? They are lost otherwise.").format(
                shown(self.name or self._document.dataset.name)
            ),
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            self._submit(Pause())  # or there would be new changes when it is saved
            self._save(then)
        return bool(answer == buttons.Discard)

    # -- experiments -------------------------------------------------------------------------------

    def save_experiment(self) -> None:
        """Ask where, and save the experiment alone, as text."""
        experiment = self._document.experiment
        kind = self.tr("Experiments") + f" (*{EXPERIMENT_SUFFIX})"
        suggested = shown(self.name or self._document.dataset.name) + EXPERIMENT_SUFFIX
        title = self.tr("Save experiment as TOML")
        if path := self._ask_where(title, kind, EXPERIMENT_SUFFIX, suggested):
            label = self.tr("Saving {0}").format(path.name)
            self._tasks.submit(
                Task(
                    label,
                    lambda task: write_experiment(experiment, path),
                    _ignore,
                    lambda error: self.failed.emit(error, path, None),
                )
            )

    def _open_experiment(self, path: Path) -> None:
        def fail(error: EngineError) -> None:
            self.failed.emit(error, path, None)

        def use(experiment: Experiment) -> None:
            try:
                self._document.open_problem(experiment, self._document.dataset)
            except ExperimentError as error:
                fail(_with_line(error, path))
            else:
                self.opened.emit()

        label = self.tr("Opening {0}").format(path.name)
        self._tasks.submit(Task(label, lambda task: read_experiment(path), use, fail))

    # -- against a crash ---------------------------------------------------------------------------

    def _copied_view(self) -> dict[str, Any]:
        path = "" if self._path is None else str(self._path)
        plain = self._view.plain(self._document.state.network)
        return {**plain, "path": path, "fingerprint": self._fingerprint}

    def _no_copies(self, error: EngineError) -> None:
        if not self._told_of_copies:
            self._told_of_copies = True
            message, mend = localized(error)
            text = self.tr("No copy can be kept against a crash: {0}").format(message)
            self.message.emit(Tone.WARNING, text, mend, None, ())

    def recover(self, left_behind: Orphan) -> None:
        """Go on with work that was left behind; the copy is ours from then on."""
        self._read(left_behind.path, left_behind=left_behind)

    def _offer(self, found: tuple[Orphan, Summary] | None) -> None:
        if found is not None:
            left_behind, summary = found
            text = self.tr("Work was left behind unsaved on {0}: {1}. It comes back up to step {2}.")
            text = text.format(_moment(left_behind), shown(summary.data), grouped(summary.steps))
            offer = self.tr("Recover"), partial(self.recover, left_behind)
            self.message.emit(Tone.INFO, text, "", offer, ())

    # -- recent ------------------------------------------------------------------------------------

    def fill_recent(self, menu: QMenu) -> None:
        """List the sessions that were opened or saved last, and work that was left behind."""
        menu.clear()
        for path in self._recent():
            action = menu.addAction(caption(shown(path.stem)))
            action.setToolTip(tooltip(str(path)))
            action.triggered.connect(partial(self._open_recent, path))
        found = orphans() if self._remember else []
        if found and not menu.isEmpty():
            menu.addSeparator()
        for left_behind in found:
            action = menu.addAction(self.tr("Left behind on {0}").format(_moment(left_behind)))
            action.setToolTip(tooltip(str(left_behind.path)))
            action.triggered.connect(partial(self._recover_recent, left_behind))
        if menu.isEmpty():
            menu.addAction(self.tr("None yet")).setEnabled(False)

    def _open_recent(self, path: Path, checked: bool = False) -> None:
        self.open(path)

    def _recover_recent(self, left_behind: Orphan, checked: bool = False) -> None:
        self.recover(left_behind)

    def _recent(self) -> list[Path]:
        paths = [Path(entry) for entry in self._kept.get(RECENT_SESSIONS) if isinstance(entry, str)]
        return [path for path in paths if path.is_file()]

    def _add_recent(self, path: Path) -> None:
        path = path.absolute()
        others = [other for other in self._recent() if other != path]
        self._kept.keep(RECENT_SESSIONS, [str(entry) for entry in [path, *others][:MOST_RECENT]])

    def _remember_folder(self, path: Path) -> None:
        self._kept.keep(SESSION_FOLDER, str(path.parent))


def _left_behind(task: Task) -> tuple[Orphan, Summary] | None:
    """The newest work that was left behind and can be read; temporary files left behind go."""
    remove_left_over()
    for orphan in orphans():
        try:
            return orphan, orphan.summary()
        except SessionError:
            continue
    return None


def _with_line(error: ExperimentError, path: Path) -> EngineError:
    try:
        return placed(error, path)
    except SessionError:  # gone in the meantime
        return error


def _moment(left_behind: Orphan) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(left_behind.saved_at))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def _ignore(result: object = None) -> None:
    """Nothing is to be done."""
