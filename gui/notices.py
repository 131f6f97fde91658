"""What is said to the user, in the one bar over the network: errors, warnings, offers, progress.

Nothing else speaks there. What is said about something that may pass, as a training that diverged, is said
with its name, and taken back under it once it has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices

from engine.data.dataset import Dataset
from engine.errors import EngineError, UnexpectedError
from engine.experiment import Experiment
from engine.extras import EXTRAS, Extra, installing_command
from gui.text.errors import localized, localized_warning
from gui.text.numbers import grouped
from gui.text.parts import shown
from gui.text.plain import sentences
from gui.text.settings import catalogue_label
from gui.training.messages import Frame, Run, Status
from gui.training.tasks import Task, Tasks
from gui.widgets.message_bar import MessageBar, Offer, Tone

PATIENCE_MILLISECONDS = 400
SHOWN_FILES = 4
"""A task that takes longer than this shows its progress."""

DIVERGENCE, CHECK, UNDO = "divergence", "check", "undo"
"""What may pass, and what is said about it with it."""


class Notices(QObject):
    """Finds the words for what happens, and says them in the message bar.

    Parameters
    ----------
    bar : MessageBar
    tasks : Tasks
        Whose progress is shown.
    kept : callable
        Whether the training is there, and goes on.
    log : callable
        Where unexpected errors are written down, or None.
    parent : QObject, optional

    Attributes
    ----------
    task : Task or None
        What is being done now.

    Signals
    -------
    save_requested(), restart_requested(Run or None), anew_requested(), import_requested(Path)
        An offer was taken: to save the session, to make the trainer anew and go on with a run, to begin
        anew, to say how a file is to be read.
    train_requested(Path), predict_requested(Path)
        Likewise: to train on a file, or to predict its rows.
    """

    save_requested = Signal()
    restart_requested = Signal(object)
    anew_requested = Signal()
    import_requested = Signal(object)
    train_requested = Signal(object)
    predict_requested = Signal(object)
    open_requested = Signal(object)

    def __init__(
        self,
        bar: MessageBar,
        tasks: Tasks,
        kept: Callable[[], bool],
        log: Callable[[], Path | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bar, self._kept, self._log = bar, kept, log
        self._about = ""
        self._tasks = tasks
        self._told_of_disk = self._told_of_task = False
        self.task: Task | None = None
        self._share = 0.0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MILLISECONDS)
        self._patience.timeout.connect(self._show_progress)
        tasks.started_task.connect(self._task_started)
        tasks.progressed.connect(self._task_progressed)
        tasks.ended.connect(self._task_ended)
        bar.cancel_requested.connect(self._cancel_task)

    def say(
        self,
        tone: Tone,
        text: str,
        mend: str = "",
        offer: Offer | None = None,
        more: Sequence[Offer] = (),
        *,
        about: str = "",
    ) -> None:
        """Say it in place of what was said before; see `MessageBar.say`."""
        self._about = about
        self._bar.say(tone, text, mend, offer, more)

    def _take_back(self, about: str) -> None:
        if self._about == about:
            self.hush()

    def hush(self) -> None:
        """Say nothing more."""
        self._about = ""
        self._bar.hide()

    # -- errors ------------------------------------------------------------------------------------

    def say_error(self, error: EngineError, *, about: str = "") -> None:
        """Say what went wrong and how to mend it."""
        if isinstance(error, UnexpectedError):
            self.say_unexpected(error, self._kept(), about=about)
        else:
            self.say(Tone.ERROR, *localized(error), about=about)

    def say_unexpected(
        self, error: EngineError, kept: bool, run: Run | None = None, *, about: str = ""
    ) -> None:
        """Say what nobody foresaw and whether the work is still here, and offer how to go on."""
        text = sentences(*localized(error))
        if kept:
            offers: list[Offer] = [
                (self.tr("Go on"), self._bar.hide),
                (self.tr("Save session"), self.save_requested.emit),
                (self.tr("Restart training"), partial(self.restart_requested.emit, run)),
            ]
            text = self.tr("{0} Your work is still here.").format(text)
        else:
            offers = [(self.tr("Begin anew"), self.anew_requested.emit)]
            text = self.tr("{0} What was trained is lost; the experiment and the data are here.").format(text)
        if (log := self._log()) is not None:
            text = self.tr("{0} Details are in {1}.").format(text, log)
        self.say(Tone.ERROR, text, more=offers, about=about)

    def say_not_opened(self, error: EngineError, path: Path | None, offer: Offer | None) -> None:
        """Say why a session or an experiment could not be opened or saved."""
        if isinstance(error, UnexpectedError):
            self.say_error(error)
            return
        if "extra" in error.details and path is not None:
            self.say_lacking(error, partial(self.open_requested.emit, path))
            return
        message, mend = localized(error)
        if line := error.details.get("line"):
            text = self.tr("{0}, line {1}: {2}")
            message = text.format(error.details.get("file", path), line, message)
        self.say(Tone.ERROR, message, mend, offer)

    def say_not_read(self, error: EngineError, path: Path | None) -> None:
        """Say why data could not be read, and offer to say how they are to be read."""
        if isinstance(error, UnexpectedError):
            self.say_error(error)
            return
        if "extra" in error.details and path is not None:
            self.say_lacking(error, partial(self.open_requested.emit, path))
            return
        message, mend = localized(error)
        offer = None
        if path is not None:
            message = f"{shown(path.name)}: {message}"
            if path.is_file():
                offer = self.tr("Import…"), partial(self.import_requested.emit, path)
        self.say(Tone.ERROR, message, mend, offer)

    def say_lacking(self, error: EngineError, again: Callable[[], object]) -> None:
        """Say which package a feature lacks, and offer to install it and then to do what needed it."""
        extra = EXTRAS[error.details["extra"]]
        message, mend = localized(error)
        if not installing_command(extra):
            self.say(Tone.ERROR, message, mend)
            return
        mend = self.tr("It takes about {0} MB from the network. In a terminal it is: {1}")
        mend = mend.format(extra.megabytes, error.details["command"])
        offer = self.tr("Install"), partial(self._install, extra, again)
        self.say(Tone.WARNING, message, mend, offer)

    def _install(self, extra: Extra, again: Callable[[], object]) -> None:
        def loaded(nothing: None) -> None:
            self.hush()
            again()

        def failed(error: EngineError) -> None:
            if isinstance(error, UnexpectedError):
                self.say_error(error)
                return
            offer = self.tr("Try again"), partial(self._install, extra, again)
            self.say(Tone.ERROR, *localized(error), offer)

        label = self.tr("Installing {0}").format(extra.package)
        from gui.files.installation import install

        self._tasks.submit(Task(label, partial(install, extra), loaded, failed))

    # -- what was done -----------------------------------------------------------------------------

    def say_read(self, dataset: Dataset) -> None:
        """Say what is odd about data that were read, and nothing if nothing is."""
        if not dataset.warnings:
            self.hush()
            return
        offer, recipe = None, dataset.recipe
        if recipe is not None and recipe.path:
            offer = self.tr("How it was read…"), partial(self.import_requested.emit, Path(recipe.path))
        text = self.tr("{name}: {warnings}").format(
            name=shown(dataset.name), warnings=sentences(*map(localized_warning, dataset.warnings))
        )
        self.say(Tone.WARNING, text, offer=offer)

    def say_fits(self, path: Path) -> None:
        """Ask what a file is for whose columns are those that the network was trained on."""
        text = self.tr("{0} has the columns that the network takes. Are its rows to be predicted?")
        offers: list[Offer] = [
            (self.tr("Predict them"), partial(self._take_up, self.predict_requested, path)),
            (self.tr("Train on them"), partial(self._take_up, self.train_requested, path)),
        ]
        mend = self.tr("To train on them draws a new network.")
        self.say(Tone.INFO, text.format(shown(path.name)), mend, more=offers)

    def say_several(self, paths: Sequence[Path]) -> None:
        """Ask which of several files is to be opened."""
        text = self.tr("{0} files were dropped, and one can be opened at a time. Which?").format(len(paths))
        offers: list[Offer] = [
            (shown(path.name), partial(self._take_up, self.open_requested, path))
            for path in paths[:SHOWN_FILES]
        ]
        mend = ""
        if (pair := _train_and_test(paths)) is not None:
            mend = self.tr(
                "{test} seems to hold rows to test {train}: train on {train}, then drop {test} on Predict."
            ).format(train=shown(pair[0].name), test=shown(pair[1].name))
        self.say(Tone.INFO, text, mend, more=offers)

    def _take_up(self, offer: SignalInstance, path: Path) -> None:
        self.hush()
        offer.emit(path)

    def say_exported(self, paths: tuple[Path, ...]) -> None:
        """Say what was written, and offer to go there."""
        name = shown(paths[0].name)
        text = self.tr("Written: {0}").format(name)
        if len(paths) > 1:
            text = self.tr("Written: {0} and {1} more").format(name, len(paths) - 1)
        folder = QUrl.fromLocalFile(str(paths[0].parent))
        offer = self.tr("Open folder"), partial(QDesktopServices.openUrl, folder)
        self.say(Tone.INFO, text, offer=offer)

    def say_done(self, text: str) -> None:
        """Say what was done, and how."""
        self.say(Tone.INFO, text)

    def say_missed(self, text: str) -> None:
        """Say what there must be first."""
        self.say(Tone.WARNING, text)

    def say_refitted(self, before: Experiment, after: Experiment) -> None:
        """Say what had to change with the outputs of edited rows."""
        old, new = before.layers[-1].activation, after.layers[-1].activation
        if before.loss == after.loss:
            text = self.tr("The output activation is {activation} now: {old} does not fit these outputs.")
        elif old == new:
            text = self.tr("The loss is {loss} now: {old_loss} does not fit these outputs.")
        else:
            text = self.tr(
                "The output activation is {activation} and the loss {loss} now: {old} and {old_loss} do not "
                "fit these outputs."
            )
        labels = (new.label, old.label, after.loss.label, before.loss.label)
        activation, old_activation, loss, old_loss = map(catalogue_label, labels)
        text = text.format(activation=activation, old=old_activation, loss=loss, old_loss=old_loss)
        self.say(Tone.INFO, text)

    def say_not_undone(self, step: int | None) -> None:
        """Say why nothing is undone: the change was made at this later step, or in another run."""
        if step is None:
            text = self.tr("Nothing is undone: this run has none of these changes.")
        else:
            text = self.tr("The change to undo was made later, at step {step}: go there to undo it.")
            text = text.format(step=grouped(step))
        self.say(Tone.INFO, text, about=UNDO)

    def say_not_redone(self, step: int | None) -> None:
        """Say why nothing is redone, likewise."""
        if step is None:
            text = self.tr("Nothing is redone: this run has none of these changes.")
        else:
            text = self.tr("The change to redo was undone later, at step {step}: go there to redo it.")
            text = text.format(step=grouped(step))
        self.say(Tone.INFO, text, about=UNDO)

    def take_back_undo(self) -> None:
        """Say no more that nothing is undone or redone, now that something is."""
        self._take_back(UNDO)

    # -- training ----------------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """Say why training stopped, until it goes on from somewhere else; and once that the disk is full."""
        if frame.error is not None:
            self.say_error(frame.error, about=DIVERGENCE)
        elif frame.status is not Status.DIVERGED:
            self._take_back(DIVERGENCE)
        if frame.disk_refusal and not self._told_of_disk:
            self._told_of_disk = True
            text = self.tr("The temporary folder takes no more of the series of all steps: {0}.")
            mend = self.tr("They stay in memory instead: nothing is lost, and training goes on.")
            self.say(Tone.WARNING, text.format(frame.disk_refusal), mend)

    def say_check_failed(self, error: EngineError) -> None:
        """Say why gradients could not be checked, until some are."""
        self.say_error(error, about=CHECK)

    def take_back_check(self) -> None:
        """Say no more that a check failed, now that one did not."""
        self._take_back(CHECK)

    # -- tasks -------------------------------------------------------------------------------------

    def lets_close(self) -> bool:
        """Whether nothing is being done, or the user was told of it already; tells of it else."""
        if self.task is None or self._told_of_task:
            return True
        self._told_of_task = True
        text = self.tr("Not done yet: {0}. Close again to drop it.").format(self.task.label)
        self.say(Tone.WARNING, text)
        return False

    def _task_started(self, task: Task) -> None:
        self.task, self._share = task, 0.0
        self._patience.start()

    def _task_progressed(self, task: Task, share: float) -> None:
        self._share = share
        if not self._patience.isActive():
            self._show_progress()

    def _show_progress(self) -> None:
        if self.task is not None:
            self._about = ""
            self._bar.show_progress(self.task.label, self._share)

    def _task_ended(self, task: Task) -> None:
        self._patience.stop()
        self.task = None
        self._told_of_task = False
        self._bar.hide_progress()

    def _cancel_task(self) -> None:
        if self.task is not None:
            self.task.cancel()


def _train_and_test(paths: Sequence[Path]) -> tuple[Path, Path] | None:
    """Two files that are called alike but for the words train and test."""
    by_name = {path.name.casefold(): path for path in paths}
    for name, path in by_name.items():
        for word in ("training", "train"):
            for other in ("testing", "test", "validation", "valid", "val"):
                found = by_name.get(name.replace(word, other)) if word in name else None
                if found is not None:
                    return path, found
    return None
