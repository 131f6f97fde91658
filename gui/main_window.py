"""The main window: docks, menus and the wiring between panels, views, document and worker.

Nothing is computed here. Only Qt is imported at the top: the window appears at once, and what it is
filled with (NumPy, pyqtgraph, the views) is imported when it has been seen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gui.errand import Errand, Selected
from gui.fitting import first_size, least_size, room_on_screen
from gui.kept import ANIMATION, GEOMETRY, LAUNCHED, Kept
from gui.style.appearance import Appearance

if TYPE_CHECKING:
    from engine.data.dataset import Dataset
    from engine.errors import EngineError
    from engine.experiment import Experiment
    from engine.explain.expression import NetworkRequest
    from gui.document.document import Document
    from gui.document.edits import Edits
    from gui.document.examples import Preset
    from gui.document.focus import Focus
    from gui.files.data import DataDesk
    from gui.files.export import ExportDesk
    from gui.files.session import SessionDesk
    from gui.guide import Tour
    from gui.lessons.desk import Lessons
    from gui.lessons.door import LessonsDoor
    from gui.pages import Pages
    from gui.panels.breakpoints import BreakpointsPanel
    from gui.panels.run_controls import RunControls
    from gui.panels.runs import RunsPanel
    from gui.panels.setup import SetupPanel
    from gui.presentation import Presentation
    from gui.training.adoption import Adopt
    from gui.training.messages import Command, Failure, Frame, Run, RunDifference, RunInfo, RunSeries
    from gui.training.probe import Probe
    from gui.views.chain_rule import ChainRuleView
    from gui.views.check.view import CheckMapView
    from gui.views.curves.loss import CurvesView
    from gui.views.diagnosis.page import DiagnosisPage
    from gui.views.network import NetworkView
    from gui.views.surface import SurfaceView


class MainWindow(QMainWindow):
    """The window of the application.

    Parameters
    ----------
    appearance : Appearance, optional
        Language and theme; made here when not given.
    remember : bool
        Whether the layout and choices are restored and kept.
    deferred : bool
        Whether to show an empty window first and fill it when it has been painted.

    Signals
    -------
    completed()
        The window is filled and its first network is on the way to the worker.
    frame_shown(Frame)
        A frame has been handed to all views.
    """

    completed = Signal()
    frame_shown = Signal(object)

    appearance: Appearance
    document: Document
    edits: Edits
    focus: Focus
    pages: Pages
    run_controls: RunControls
    presentation: Presentation
    tour: Tour
    lesson_door: LessonsDoor
    data_desk: DataDesk
    export_desk: ExportDesk
    session_desk: SessionDesk

    # The views of the pages of these names; those of the others are there, too
    network_view: NetworkView
    setup_panel: SetupPanel
    chain_rule_view: ChainRuleView
    breakpoints_panel: BreakpointsPanel
    curves_view: CurvesView
    diagnosis_view: DiagnosisPage
    surface_view: SurfaceView
    check_map_view: CheckMapView
    runs_panel: RunsPanel

    def __init__(
        self, appearance: Appearance | None = None, *, remember: bool = True, deferred: bool = False
    ) -> None:
        super().__init__()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.appearance = appearance or Appearance(application, remember=remember)
        self._remember = remember
        self._complete = False
        self.confirm_close = False
        """Whether closing asks about unsaved changes."""
        self._errand = Errand(self)
        self.frame: Frame | None = None
        """What is shown."""
        self.load_asked = 0
        """The request that the present network came, or will come, with."""
        self._lost = False
        self.log: Path | None = None
        """Where unexpected errors are written down."""
        self.setObjectName("mainWindow")
        self.setWindowTitle("Backprop Lab")
        self.setAcceptDrops(True)
        room = room_on_screen(self)
        self.resize(first_size(room))
        self.setMinimumSize(least_size(room))
        self._kept = Kept(remember)
        self.restoreGeometry(self._kept.get(GEOMETRY))
        if not deferred:
            self._fill()

    # -- life --------------------------------------------------------------------------------------

    def begin(self, file: Path | None, steps: int | None, select: Selected | None = None) -> None:
        """Open a file, train some steps and select a parameter, as soon as the window is filled.

        `select` is (layer, source unit or None for the bias, unit).
        """
        self._errand.ask(file, steps, select)
        if self._complete:
            self._errand.begin()

    def save_picture_when_done(self, path: Path) -> None:
        """Save a picture of the window after the steps of `begin`, and quit."""
        self._errand.picture = path

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._complete:
            QTimer.singleShot(0, self, self._fill)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._complete:
            self.lesson_door.shut_down()
            if self.confirm_close and not self.session_desk.may_close(self.close):
                event.ignore()
                return
            if self.confirm_close and not self.notices.lets_close():
                event.ignore()
                return
            self.presentation.end()
            self._keeper.keep()
            self._close_dialogs()
            self._ahead.stop()
            self._worker.shut_down()
            self._tasks.shut_down()
            self.session_desk.shut_down()
            self._garbage.stop()
        super().closeEvent(event)

    def _close_dialogs(self) -> None:
        # What parts docks is deleted as soon as one that floats is closed
        for window in [child for child in self.findChildren(QWidget) if child.isWindow()]:
            window.close()

    def show_unexpected(self, error: Exception) -> None:
        """Say that something went wrong that nobody caught; the window lives on."""
        from engine.errors import UnexpectedError

        if self._complete:
            self.notices.say_unexpected(UnexpectedError.of(error), self._goes_on)

    @property
    def lessons(self) -> Lessons:
        """What opens lessons; it is imported when it is first wanted."""
        return self.lesson_door.desk

    @property
    def _goes_on(self) -> bool:
        """Whether the training is there, and goes on."""
        return self._worker.is_running and not self._lost

    def _fill(self) -> None:
        """Import and build all that the window holds, and begin."""
        if self._complete:
            return
        from gui.actions import Actions
        from gui.ahead import Ahead
        from gui.guide import Tour, Welcome
        from gui.keeper import Keeper
        from gui.lessons.door import LessonsDoor
        from gui.training.garbage import Garbage

        self._complete = True
        self._make_training()
        with self.appearance.undressed():
            self._make_panels()
        self._make_desks()
        self.tour = Tour(self)
        self.lesson_door = LessonsDoor(self, self._tasks, remember=self._remember)
        self._actions = Actions(self)
        self._wire()
        self._retranslate()
        self.pages.set_theme(self.appearance.theme)
        self._keeper = Keeper(self, self._kept)
        self._garbage = Garbage(self)
        self._garbage.start()
        self._ahead = Ahead(self)
        self._worker.start()
        self._tasks.start()
        self.document.request_load()
        self._errand.begin()
        if self._remember and not self._kept.get(LAUNCHED):
            Welcome(self, self._errand, self._kept)
        self.session_desk.start()
        self.completed.emit()

    # -- building ----------------------------------------------------------------------------------

    def _make_training(self) -> None:
        """Make the document and the two threads, and what asks them."""
        from gui.document.document import Document
        from gui.document.edits import Edits
        from gui.document.focus import Focus
        from gui.training.aside import Aside
        from gui.training.checks import Checks
        from gui.training.examiner import Examiner
        from gui.training.tasks import Tasks
        from gui.training.worker import Worker

        self.document = Document(parent=self)
        self.edits = Edits(self.document, self.submit, self)
        self.focus = Focus(self)
        self._worker = Worker()
        self._tasks = Tasks()
        self._aside = Aside(self._tasks, self)
        self._checks = Checks(self._tasks, self)
        self.examiner = Examiner(self._aside, self)

    def _make_panels(self) -> None:
        """Make what is seen, and put it in its place."""
        from gui.notices import Notices
        from gui.pages import Pages
        from gui.panels.run_controls import RunControls
        from gui.panels.status_bar import StatusBar
        from gui.panels.timeline import Timeline
        from gui.presentation import Presentation
        from gui.views.curves.chart import Chart
        from gui.views.diagnosis.strip import DiagnosisStrip
        from gui.widgets.message_bar import MessageBar

        self.run_controls = RunControls(self.focus)
        self.timeline = Timeline()
        self.message_bar = MessageBar()
        self.notices = Notices(
            self.message_bar, self._tasks, kept=lambda: self._goes_on, log=lambda: self.log, parent=self
        )
        self._status_bar = StatusBar(self.appearance.language)
        self.pages = Pages(self, self.focus, remember=self._remember)
        for name, view in self.pages.views.items():
            setattr(self, name, view)
        self.tabs = self.pages.tabs
        self.setup_panel.set_document(self.document)
        self.timeline.stand_in(self.curves_view.training, self.pages.tabs_dock.toggleViewAction())
        self.timeline.follow(*(view for view in self.pages.views.values() if isinstance(view, Chart)))
        self.network_view.unit_map = self.surface_view.unit_map
        self.diagnosis_strip = DiagnosisStrip(self.curves_view.training)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.run_controls)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.timeline)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.presentation = Presentation(self, self.appearance)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.presentation.bar)
        self.pages.lay_out((self.message_bar,), (self.presentation.strip, self.diagnosis_strip))
        self.run_controls.add_tool(self.pages.actions["breakpoints_panel"])
        self.setStatusBar(self._status_bar)

    def _make_desks(self) -> None:
        """Make what reads and writes files."""
        from gui.files.data import DataDesk
        from gui.files.export import ExportDesk
        from gui.files.session import SessionDesk
        from gui.files.weights import WeightsDesk
        from gui.files.window_state import SessionView

        pages, remember = self.pages, self._remember
        self.data_desk = DataDesk(self, self.document, self._tasks, remember=remember)
        self.export_desk = ExportDesk(
            self, self._tasks, self.network_view, self.curves_view, pages.pictured, remember=remember
        )
        self.weights_desk = WeightsDesk(self, self.document, self._tasks, remember=remember)
        panels = self.run_controls, self.breakpoints_panel, self.runs_panel, self.timeline
        view = SessionView(self.focus, *panels, self.tabs, self.submit)
        self.pages.made.connect(view.take_lab)
        self.session_desk = SessionDesk(
            self, self.document, self.submit, self._tasks, view, remember=remember
        )

    def _listeners(self) -> tuple[object, ...]:
        """Who else is told of frames, other networks and themes, in this order, after the views."""
        panels = self.run_controls, self.timeline, self.message_bar, self.notices, self._status_bar
        examined = self.presentation, self.diagnosis_strip, self._aside, self.examiner, self._checks
        return (*panels, *examined, self.lesson_door, self.data_desk, self.export_desk, self.weights_desk)

    def _wire(self) -> None:
        from gui.attendants import Attendants
        from gui.training.messages import Trace, Watch

        for listener in self._listeners():
            self.pages.tell(listener)
        worker, document = self._worker, self.document
        worker.frame_ready.connect(self._show_frame)
        self._wire_diagnosis()
        worker.failed.connect(self._command_failed)
        document.load_requested.connect(self.submit)
        edits = self.edits
        edits.refused.connect(self.notices.say_error)
        edits.not_undone.connect(self.notices.say_not_undone)
        edits.not_redone.connect(self.notices.say_not_redone)
        edits.taken_back.connect(self.notices.take_back_undo)
        document.changed.connect(self._document_changed)
        document.refitted.connect(self.notices.say_refitted)
        for panel in (self.run_controls, self.timeline, self.pages.centre.ribbon):
            panel.command.connect(self.submit)
        for view in (*self.pages.views.values(), self.pages.centre.strip):
            self._answer(view)
        self.pages.made.connect(self._answer)
        self._attendants = Attendants(self, self._tasks, self._aside, remember=self._remember)
        self.setup_panel.open_requested.connect(self.data_desk.choose_file)
        self.setup_panel.paint_requested.connect(self.data_desk.show_painter)
        self.run_controls.granularity_combo.currentIndexChanged.connect(self._show_fallback)
        self.focus.part_changed.connect(self._show_fallback)
        self.focus.row_wanted.connect(partial(self._ask, Trace))
        self.data_desk.chosen.connect(self._data_chosen)
        self.data_desk.failed.connect(self._read_failed)
        self.data_desk.lacking.connect(self.notices.say_lacking)
        self.data_desk.file_chosen.connect(self.open_file)
        self.data_desk.fits.connect(self.notices.say_fits)
        self.notices.open_requested.connect(self.open_file)
        sessions = self.session_desk
        self.timeline.bookmarked.connect(sessions.touch)
        sessions.opened.connect(self._session_opened)
        sessions.failed.connect(self._session_failed)
        sessions.message.connect(self.notices.say)
        sessions.changed.connect(self._document_changed)
        self.breakpoints_panel.conditions_changed.connect(partial(self._ask, Watch))
        worker.runs_changed.connect(self._show_runs)
        worker.overlays_ready.connect(self._show_overlays)
        worker.network_wanted.connect(self._adopt_network)
        exports = self.export_desk
        exports.command.connect(self.submit)
        worker.captured.connect(exports.take)
        worker.captured.connect(sessions.take)
        worker.noted.connect(sessions.copies.take_note)
        exports.exported.connect(self.notices.say_exported)
        exports.failed.connect(self.notices.say_error)
        exports.lacking.connect(self.notices.say_lacking)
        exports.missed.connect(self.notices.say_missed)
        self.weights_desk.failed.connect(self.notices.say_error)
        self.weights_desk.taken.connect(self.notices.say_done)
        notices = self.notices
        notices.save_requested.connect(sessions.save)
        notices.restart_requested.connect(self._restart)
        notices.anew_requested.connect(document.request_load)
        notices.import_requested.connect(self.data_desk.show_import)
        notices.train_requested.connect(self.data_desk.read)
        notices.predict_requested.connect(lambda path: self.pages.open("predict_view").predict(path))  # type: ignore[attr-defined]
        self._status_bar.language_chosen.connect(self.appearance.set_language)
        self.appearance.theme_changed.connect(self.pages.set_theme)
        self.appearance.text_size_changed.connect(self.pages.size_docks)
        self.appearance.text_size_changed.connect(self.run_controls.fit_text)
        self._wire_checks()

    def _wire_checks(self) -> None:
        checks, view, notices = self._checks, self.check_map_view, self.notices
        for asking in (self.network_view, self.chain_rule_view):
            asking.check_requested.connect(checks.check_part)
        checks.checked.connect(self.chain_rule_view.show_check)
        view.check_requested.connect(self._check_all)
        view.cancel_requested.connect(checks.cancel)
        checks.progressed.connect(view.show_progress)
        checks.cancelled.connect(view.show_cancelled)
        checks.reported.connect(view.show_report)
        for answered in (checks.checked, checks.reported):
            answered.connect(notices.take_back_check)
        checks.failed.connect(notices.say_check_failed)

    def _check_all(self) -> None:
        assert self.check_map_view.frame is not None
        self._checks.check_all(self.check_map_view.frame)

    def _wire_diagnosis(self) -> None:
        aside = self._aside
        aside.command.connect(self.submit)
        self._worker.copied.connect(aside.take)
        self._worker.failed.connect(aside.miss)
        for told in (self.diagnosis_strip, self.timeline):
            self.examiner.told.connect(told.show_verdict)
        self.diagnosis_strip.why_requested.connect(partial(self.pages.open, "diagnosis_view"))
        self.diagnosis_view.instruments_requested.connect(partial(self.pages.open, "instruments_view"))

    def _answer(self, view: QWidget) -> None:
        """Connect what a view asks for, by the names of its signals, and what it wants to be told."""
        from gui.training.messages import Seek

        for name, do in (
            ("command", self.submit),
            ("seek_requested", partial(self._ask, Seek)),
            ("parameter_edited", self.edits.set_parameter),
            ("freeze_requested", self.edits.freeze),
            ("probe_requested", self.submit),
            ("network_requested", self._open_as_network),
            ("question_asked", self._aside.put),
            ("cure_taken", self.edits.take_cure),
            ("paste_requested", self.weights_desk.paste),
            ("load_requested", self.weights_desk.choose),
            ("rows_pasted", self.data_desk.paste_rows),
            ("rate_chosen", self.edits.take_rate),
            ("edit_requested", self.network_view.edit),
            ("pause_requested", self._actions["pauseWhenThisAction"].trigger),
            ("derivation_requested", self.export_desk.export_derivation),
        ):
            if hasattr(view, name):
                getattr(view, name).connect(do)
        if hasattr(view, "show_probe"):
            self._worker.answered.connect(view.show_probe)
        if hasattr(view, "show_verdict"):
            self.examiner.told.connect(view.show_verdict)
            view.show_verdict(self.examiner.verdict)

    def set_animation(self, name: str) -> None:
        """Let values be seen to flow, slowly, or not, from now on."""
        self.network_view.set_animation(name)
        self._kept.keep(ANIMATION, name)

    def reset_layout(self) -> None:
        """Put all docks where they were at first."""
        self._keeper.reset_layout()

    # -- to the worker and back --------------------------------------------------------------------

    def submit(self, command: Command | Probe | Adopt) -> int:
        """Hand a command to the worker, stamped with the generation of the network that it is about.

        What names a place in the shown network is about that, which may be replaced already; all else is
        about the network that the document has now. Returns what `Worker.submit` does.
        """
        from gui.training.adoption import Adopt
        from gui.training.messages import Load, Reveal, Seek, Trace, TraceOther, WatchRows
        from gui.training.probe import Probe

        generation = self.document.generation
        if isinstance(command, Probe):
            generation = command.generation
        elif isinstance(command, Seek | Reveal | Trace | TraceOther | WatchRows) and self.frame is not None:
            generation = self.frame.generation
        number = self._worker.submit(generation, command)
        if isinstance(command, Load | Adopt):
            self.load_asked = number
        return number

    def _show_frame(self, frame: Frame) -> None:
        since = thread_time()
        try:
            if frame.generation == self.document.generation:
                self._hand_on(frame)
        finally:
            # Behind the paint events that the views have just asked for
            QTimer.singleShot(0, self, partial(self._acknowledge, since))

    def _acknowledge(self, since: float) -> None:
        self._worker.acknowledge(thread_time() - since)

    def _hand_on(self, frame: Frame) -> None:
        if self.frame is None or frame.generation != self.frame.generation:
            self.pages.forget()
        self.frame, self._lost = frame, False
        self.edits.show_frame(frame)
        self.pages.show_frame(frame)
        self.breakpoints_panel.show_hit(frame.hit)
        self.session_desk.show_frame(frame)
        self.frame_shown.emit(frame)
        self._errand.show_frame(frame)

    def _command_failed(self, failure: Failure) -> None:
        from engine.errors import UnexpectedError
        from gui.training.adoption import Adopt
        from gui.training.messages import Capture, Load, Run
        from gui.training.probe import Probe

        command, error = failure.command, failure.error
        if isinstance(command, Capture):  # who asked for it says so
            self.session_desk.miss(command.purpose, error)
            self.export_desk.miss(command.purpose, error)
            return
        if isinstance(command, Probe):
            for miss in (*self.pages.having("miss_probe"), self.pages.centre.strip.miss_probe):
                miss(command)
        self._lost = self._lost or not failure.kept
        if failure.kept and failure.generation != self.document.generation:
            return
        if isinstance(command, Load | Adopt):
            self._errand.give_up(error)
        if failure.kept and isinstance(command, Load):
            self.document.take_back(command.network)
        elif failure.kept and isinstance(command, Adopt):
            self.document.give_back()
            self.session_desk.take_back()
        if isinstance(error, UnexpectedError):
            self.notices.say_unexpected(error, failure.kept, command if isinstance(command, Run) else None)
        else:
            self.notices.say_error(error)

    def _restart(self, run: Run | None) -> None:
        """Make the trainer anew from the last good state, and go on with what was going on."""
        from gui.training.messages import Rebuild

        self.submit(Rebuild())
        if run is not None:
            self.submit(run)

    def _show_fallback(self) -> None:
        """Say at the phase why steps do not go by factor."""
        self.pages.centre.strip.set_hint(self.run_controls.hint)

    def _ask(self, command: Callable[..., Command], what: object) -> None:
        self.submit(command(what))

    def _show_runs(self, generation: int, runs: tuple[RunInfo, ...], dropped: int) -> None:
        if generation == self.document.generation:
            self.runs_panel.set_runs(runs, dropped)

    def _adopt_network(self, generation: int, network: int, experiment: Experiment, dataset: Dataset) -> None:
        if generation == self.document.generation:
            self.document.adopt(network, experiment, dataset)

    def _show_overlays(
        self, generation: int, series: tuple[RunSeries, ...], differences: tuple[RunDifference, ...]
    ) -> None:
        if generation != self.document.generation:
            return
        for set_overlays in self.pages.having("set_overlays"):
            set_overlays(series)
        self.runs_panel.set_differences(differences)

    def _open_as_network(self, request: NetworkRequest) -> None:
        from gui.document.examples import of_formula

        self.document.open_problem(*of_formula(request))
        self.raise_()

    def open_example(self, preset: Preset) -> None:
        """Begin anew with an example."""
        self.document.open_problem(preset.experiment, preset.dataset, preset.start)

    # -- files -------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Open a session, an experiment or a data set, in the background."""
        if self.session_desk.opens(path):
            self.session_desk.open(path)
        else:
            self.open_dataset(path)

    def _session_opened(self) -> None:
        self.notices.hush()
        self._errand.go_on()

    def _session_failed(
        self, error: EngineError, path: Path | None, offer: tuple[str, Callable[[], object]] | None
    ) -> None:
        self.notices.say_not_opened(error, path, offer)
        self._errand.give_up(error, path)

    def open_dataset(self, path: Path) -> None:
        """Read a data file in the background and train on it."""
        self.data_desk.open(path)

    def _data_chosen(self, dataset: Dataset) -> None:
        self.notices.say_read(dataset)
        self._errand.go_on()

    def _read_failed(self, error: EngineError, path: Path | None) -> None:
        self.notices.say_not_read(error, path)
        self._errand.give_up(error, path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_files(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _local_files(event.mimeData().urls())
        if paths and self._complete:
            event.acceptProposedAction()
            if len(paths) > 1:
                self.notices.say_several(paths)
            else:
                self.open_file(paths[0])

    # -- the rest ----------------------------------------------------------------------------------

    def _document_changed(self) -> None:
        from gui.text.title import window_title

        document, sessions = self.document, self.session_desk
        units = (layer.units for layer in document.experiment.layers)
        sizes = (document.dataset.inputs.shape[1], *units)
        self.setWindowTitle(window_title(document.dataset.name, sessions.name, sizes))
        self.setWindowModified(sessions.is_dirty)

    def show_help(self) -> None:
        """Open the help."""
        from gui.panels.help import HelpDialog

        HelpDialog(self.pages.abouts(), self).exec()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._complete:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._actions.retranslate()
        self.presentation.retranslate()
        self.pages.retranslate()
        self._status_bar.set_language(self.appearance.language)
        self._document_changed()
        self._show_fallback()


def _local_files(urls: list[QUrl]) -> list[Path]:
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
