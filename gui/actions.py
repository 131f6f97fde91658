"""The menus: one line for each thing that can be done, with its keys and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from engine.errors import QT_TRANSLATE_NOOP
from gui.files.export_menu import ExportMenu
from gui.lessons.menu import LessonsMenu
from gui.pages import Place
from gui.panels.examples_menu import ExamplesMenu
from gui.style.appearance import TEXT_SIZES
from gui.widgets.entry import entitle
from resources import LANGUAGES

if TYPE_CHECKING:
    from gui.main_window import MainWindow

_THEMES = {
    "system": QT_TRANSLATE_NOOP("actions", "Like the system"),
    "light": QT_TRANSLATE_NOOP("actions", "Light"),
    "dark": QT_TRANSLATE_NOOP("actions", "Dark"),
}

_ANIMATIONS = {
    "on": QT_TRANSLATE_NOOP("actions", "On"),
    "slow": QT_TRANSLATE_NOOP("actions", "Slow"),
    "off": QT_TRANSLATE_NOOP("actions", "Off"),
}


@dataclass(frozen=True)
class Entry:
    """One thing that can be done.

    Attributes
    ----------
    name : str
        The object's name of its action.
    text : str
    do : callable
        Gives what it does in a window; that is told whether the action is checked, if it wants to know.
    keys : str or standard key
    checked : bool, optional
        Whether it is on at first; None for what is done and not switched.
    enabled : callable, optional
        Gives the signal that tells whether it can be done; it cannot at first.
    """

    name: str
    text: str
    do: Callable[[MainWindow], Callable[..., object]]
    keys: str | QKeySequence.StandardKey = ""
    checked: bool | None = None
    enabled: Callable[[MainWindow], Any] | None = None


@dataclass(frozen=True)
class Recent:
    """A menu within a menu that is filled anew whenever it opens."""

    name: str
    text: str
    fill: Callable[[MainWindow], Callable[[QMenu], None]]


@dataclass(frozen=True)
class Choice:
    """A menu within a menu of which one entry is in force.

    Attributes
    ----------
    texts : mapping of str to str
        What each is called, by its name.
    choose : callable
        Gives what chooses one by its name.
    chosen : callable
        Gives the name of the one in force.
    more : tuple of Entry, optional
        What stands above them.
    changed : callable, optional
        Gives the signal that tells that another is in force.
    """

    name: str
    text: str
    texts: Mapping[str, str]
    choose: Callable[[MainWindow], Callable[[str], None]]
    chosen: Callable[[MainWindow], str]
    more: tuple[Entry, ...] = ()
    changed: Callable[[MainWindow], Any] | None = None


@dataclass(frozen=True)
class Made:
    """Entries and menus that are made elsewhere, where their names are known."""

    make: Callable[[MainWindow], Sequence[QAction | QMenu]]


LINE = None
"""A line between entries."""

Line = Entry | Recent | Choice | Made | None
Keys = QKeySequence.StandardKey


def _examples(window: MainWindow) -> list[QMenu]:
    menu = ExamplesMenu(window)
    menu.preset_chosen.connect(window.open_example)
    return [menu]


def _pause_when_this(window: MainWindow) -> Callable[[], None]:
    def add() -> None:
        window.pages.open("breakpoints_panel")
        window.breakpoints_panel.pause_when_this()

    return add


def _docks(window: MainWindow) -> list[QAction | QMenu]:
    pages = window.pages
    docks = pages.entries("view", Place.BESIDE, Place.LEFT, Place.RIGHT)
    return [*docks, pages.tabs_dock.toggleViewAction(), pages.tabs_menu]


def _of_a_lesson(window: MainWindow) -> Any:
    return window.lesson_door.open_changed


# fmt: off
MENUS: Mapping[str, tuple[Line, ...]] = {
    QT_TRANSLATE_NOOP("actions", "File"): (
        Entry("newSessionAction", QT_TRANSLATE_NOOP("actions", "New session"),
              lambda w: w.session_desk.new, "Ctrl+N"),
        Entry("openSessionAction", QT_TRANSLATE_NOOP("actions", "Open session…"),
              lambda w: w.session_desk.choose_session, "Ctrl+Alt+O"),
        Recent("recentSessionsMenu", QT_TRANSLATE_NOOP("actions", "Recent sessions"),
               lambda w: w.session_desk.fill_recent),
        Entry("saveSessionAction", QT_TRANSLATE_NOOP("actions", "Save session"),
              lambda w: w.session_desk.save, "Ctrl+S"),
        Entry("saveSessionAsAction", QT_TRANSLATE_NOOP("actions", "Save session as…"),
              lambda w: w.session_desk.save_as, "Ctrl+Shift+S"),
        Entry("saveExperimentAction", QT_TRANSLATE_NOOP("actions", "Save experiment as TOML…"),
              lambda w: w.session_desk.save_experiment),
        LINE,
        Entry("openDatasetAction", QT_TRANSLATE_NOOP("actions", "Open data set…"),
              lambda w: w.data_desk.choose_file, Keys.Open),
        Entry("importDatasetAction", QT_TRANSLATE_NOOP("actions", "Import data set…"),
              lambda w: w.data_desk.choose_import, "Ctrl+Shift+O"),
        Entry("pasteDataAction", QT_TRANSLATE_NOOP("actions", "Paste data…"),
              lambda w: w.data_desk.paste, "Ctrl+Shift+V"),
        Recent("recentFilesMenu", QT_TRANSLATE_NOOP("actions", "Open recent"),
               lambda w: w.data_desk.fill_recent),
        LINE,
        Entry("generateDataAction", QT_TRANSLATE_NOOP("actions", "Generate data…"),
              lambda w: w.data_desk.show_generator, "Ctrl+G"),
        Entry("paintDataAction", QT_TRANSLATE_NOOP("actions", "Paint data…"),
              lambda w: w.data_desk.show_painter, "Ctrl+P"),
        Made(_examples),
        LINE,
        Made(lambda w: [ExportMenu(w.export_desk, w)]),
        LINE,
        Entry("quitAction", QT_TRANSLATE_NOOP("actions", "Quit"), lambda w: w.close, Keys.Quit),
    ),
    QT_TRANSLATE_NOOP("actions", "Edit"): (
        Entry("undoAction", QT_TRANSLATE_NOOP("actions", "Undo"), lambda w: w.edits.undo, Keys.Undo,
              enabled=lambda w: w.document.undo_stack.canUndoChanged),
        Entry("redoAction", QT_TRANSLATE_NOOP("actions", "Redo"), lambda w: w.edits.redo, "Ctrl+Shift+Z",
              enabled=lambda w: w.document.undo_stack.canRedoChanged),
        LINE,
        Entry("editRowsAction", QT_TRANSLATE_NOOP("actions", "Edit data rows…"),
              lambda w: w.data_desk.show_rows, "Ctrl+E"),
    ),
    QT_TRANSLATE_NOOP("actions", "Train"): (
        Made(lambda w: [w.run_controls.run_action, w.run_controls.step_action,
                        w.run_controls.step_back_action]),
        Entry("nextPhaseAction", QT_TRANSLATE_NOOP("actions", "Next phase"),
              lambda w: w.pages.centre.ribbon.next_phase, "Alt+Right"),
        Entry("previousPhaseAction", QT_TRANSLATE_NOOP("actions", "Previous phase"),
              lambda w: w.pages.centre.ribbon.previous_phase, "Alt+Left"),
        LINE,
        Made(lambda w: [w.run_controls.reset_action]),
        Entry("newSeedAction", QT_TRANSLATE_NOOP("actions", "New seed"),
              lambda w: w.edits.new_seed, "Ctrl+R"),
        LINE,
        Entry("previousSampleAction", QT_TRANSLATE_NOOP("actions", "Previous sample"),
              lambda w: w.focus.show_previous_sample, "["),
        Entry("nextSampleAction", QT_TRANSLATE_NOOP("actions", "Next sample"),
              lambda w: w.focus.show_next_sample, "]"),
        LINE,
        Entry("pauseWhenThisAction", QT_TRANSLATE_NOOP("actions", "Pause when this…"),
              _pause_when_this, "P"),
        Made(lambda w: w.pages.entries("train", *Place)),
    ),
    QT_TRANSLATE_NOOP("actions", "View"): (
        Entry("fitAction", QT_TRANSLATE_NOOP("actions", "Fit network"), lambda w: w.network_view.fit, "F"),
        Entry("findUnitAction", QT_TRANSLATE_NOOP("actions", "Find unit or layer…"),
              lambda w: w.network_view.find_unit, Keys.Find),
        Choice("animationMenu", QT_TRANSLATE_NOOP("actions", "Animation"), _ANIMATIONS,
               lambda w: w.set_animation, lambda w: w.network_view.animation,
               changed=lambda w: w.network_view.animation_changed),
        LINE,
        Made(_docks),
        Entry("resetLayoutAction", QT_TRANSLATE_NOOP("actions", "Reset layout"), lambda w: w.reset_layout),
        LINE,
        Made(lambda w: w.pages.entries("view", Place.WINDOW)),
        LINE,
        Entry("presentAction", QT_TRANSLATE_NOOP("actions", "Present"),
              lambda w: w.presentation.toggle, "F11"),
        Choice("textSizeMenu", QT_TRANSLATE_NOOP("actions", "Text size"),
               {str(size): f"{size} %" for size in TEXT_SIZES},
               lambda w: lambda size: w.appearance.set_text_size(int(size)),
               lambda w: str(w.appearance.text_size),
               (Entry("largerTextAction", QT_TRANSLATE_NOOP("actions", "Larger"),
                      lambda w: w.appearance.larger, "Ctrl++"),
                Entry("smallerTextAction", QT_TRANSLATE_NOOP("actions", "Smaller"),
                      lambda w: w.appearance.smaller, "Ctrl+-"),
                Entry("usualTextAction", QT_TRANSLATE_NOOP("actions", "Usual size"),
                      lambda w: w.appearance.usual_size, "Ctrl+0")),
               lambda w: w.appearance.text_size_changed),
        Choice("themeMenu", QT_TRANSLATE_NOOP("actions", "Theme"), _THEMES,
               lambda w: w.appearance.set_theme, lambda w: w.appearance.theme_name),
        Choice("languageMenu", QT_TRANSLATE_NOOP("actions", "Language"), LANGUAGES,
               lambda w: w.appearance.set_language, lambda w: w.appearance.language),
    ),
    QT_TRANSLATE_NOOP("actions", "Lessons"): (
        Made(lambda w: [LessonsMenu(w.lesson_door, w), w.pages.actions["lessons_page"]]),
        LINE,
        Entry("openLessonAction", QT_TRANSLATE_NOOP("actions", "Open lesson…"),
              lambda w: w.lesson_door.choose),
        Entry("lessonSeedAction", QT_TRANSLATE_NOOP("actions", "Student number…"),
              lambda w: w.lesson_door.choose_seed),
        LINE,
        Entry("lessonAgainAction", QT_TRANSLATE_NOOP("actions", "Begin the lesson again"),
              lambda w: w.lesson_door.start_again, enabled=_of_a_lesson),
        Entry("worksheetAction", QT_TRANSLATE_NOOP("actions", "Print worksheet…"),
              lambda w: w.lesson_door.print_worksheet, enabled=_of_a_lesson),
        Entry("lessonResultsAction", QT_TRANSLATE_NOOP("actions", "Save results…"),
              lambda w: w.lesson_door.save_results, enabled=_of_a_lesson),
        Entry("closeLessonAction", QT_TRANSLATE_NOOP("actions", "Close lesson"),
              lambda w: w.lesson_door.close, enabled=_of_a_lesson),
    ),
    QT_TRANSLATE_NOOP("actions", "Help"): (
        Entry("tourAction", QT_TRANSLATE_NOOP("actions", "Tour"), lambda w: w.tour.start),
        Entry("helpAction", QT_TRANSLATE_NOOP("actions", "Help"), lambda w: w.show_help, "F1"),
    ),
}
# fmt: on


class Actions(QObject):
    """The menus of a window.

    Parameters
    ----------
    window : MainWindow
        All of whose panels, views and desks are there.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._choices: list[tuple[Choice, dict[str, QAction]]] = []
        self._texts: list[tuple[QAction | QMenu, str]] = []
        for title, lines in MENUS.items():
            menu = self._menu(title)
            window.menuBar().addMenu(menu)
            for line in lines:
                self._add(menu, line)

    def __getitem__(self, name: str) -> QAction:
        """The action of an entry, by its name."""
        return self._actions[name]

    def _menu(self, title: str, name: str = "") -> QMenu:
        menu = QMenu(self._window)
        menu.setObjectName(name)
        self._texts.append((menu, title))
        return menu

    def _add(self, menu: QMenu, line: Line) -> None:
        if line is None:
            menu.addSeparator()
        elif isinstance(line, Entry):
            menu.addAction(self._action(line))
        elif isinstance(line, Recent):
            recent = self._menu(line.text, line.name)
            recent.setToolTipsVisible(True)
            recent.aboutToShow.connect(partial(line.fill(self._window), recent))
            menu.addMenu(recent)
        elif isinstance(line, Choice):
            menu.addMenu(self._choice(line))
        else:
            for made in line.make(self._window):
                if isinstance(made, QMenu):
                    menu.addMenu(made)
                else:
                    menu.addAction(made)

    def _action(self, entry: Entry) -> QAction:
        action = QAction(self._window)
        action.setObjectName(entry.name)
        action.setShortcut(QKeySequence(entry.keys))
        if entry.checked is not None:
            action.setCheckable(True)
            action.setChecked(entry.checked)
        if entry.enabled is not None:
            action.setEnabled(False)
            entry.enabled(self._window).connect(action.setEnabled)
        action.triggered.connect(entry.do(self._window))
        self._window.addAction(action)  # a key works where its action is
        self._actions[entry.name] = action
        self._texts.append((action, entry.text))
        return action

    def _choice(self, choice: Choice) -> QMenu:
        menu, group, actions = self._menu(choice.text, choice.name), QActionGroup(self), {}
        for entry in choice.more:
            menu.addAction(self._action(entry))
        if choice.more:
            menu.addSeparator()
        for name, text in choice.texts.items():
            action = actions[name] = menu.addAction("")
            action.setCheckable(True)
            action.triggered.connect(partial(_ignoring_checked, choice.choose(self._window), name))
            group.addAction(action)
            self._texts.append((action, text))
        self._choices.append((choice, actions))
        if choice.changed is not None:
            choice.changed(self._window).connect(self._check_choices)
        return menu

    def retranslate(self) -> None:
        """Say everything in the language that is spoken now, and check what is in force."""
        for item, text in self._texts:
            said = QCoreApplication.translate("actions", text)
            if isinstance(item, QMenu):
                item.setTitle(said)
            else:
                entitle(item, said)
        self._check_choices()

    def _check_choices(self) -> None:
        for choice, actions in self._choices:
            if chosen := actions.get(choice.chosen(self._window)):
                chosen.setChecked(True)


def _ignoring_checked(choose: Callable[[str], None], name: str, checked: bool = False) -> None:
    choose(name)
