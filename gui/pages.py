"""What there is to look at: one line a view, and all that comes with the line.

A view is a widget. What it has of `set_theme`, `show_frame`, `forget` and `set_fitting` is called when there
is another theme, another frame, another network or another amount of room; one that is hidden keeps the
latest frame for when it is seen. At full speed all are shown a frame together, a few times a second, so that
all numbers in the window are of one step and can be read; of the frames between only `show_passing` is told.

A view gets its place, its title and its entry in a menu in both languages, a sentence in the help, and
pictures of it can be exported. One that shows or chooses what is looked at is made with the focus (`looks`).
What its signals ask for is wired by their names in the main window.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabWidget, QWidget

from engine.errors import QT_TRANSLATE_NOOP
from gui.document.focus import Focus
from gui.fitting import Fitter, Fitting
from gui.lessons.page import WIDTH, LessonsPage
from gui.panels.breakpoints import BreakpointsPanel
from gui.panels.centre import Centre
from gui.panels.runs import RunsPanel
from gui.panels.setup import SetupPanel
from gui.style.fonts import open_at, px, scale
from gui.style.theme import LIGHT, Theme
from gui.views.chain_rule import ChainRuleView
from gui.views.check.view import CheckMapView
from gui.views.curves.gradients import GradientsView
from gui.views.curves.loss import CurvesView
from gui.views.data_table import DataTableView
from gui.views.diagnosis.page import DiagnosisPage
from gui.views.network import NetworkView
from gui.views.parameters import ParametersView
from gui.views.surface import SurfaceView, WeightImages
from gui.widgets.dock_title import DockTitle
from gui.widgets.drawer import Drawer
from gui.widgets.enlarged import Enlarged
from gui.widgets.entry import entitle

if TYPE_CHECKING:
    from gui.training.messages import Frame

READ_SECONDS, LONGEST_READ = 0.2, 0.5
"""How long numbers stand at least while training runs at full speed, as nobody reads faster, and at most."""

PASSING = 4
"""Frames that pass before others are read, so that what moves does so smoothly where writing is dear."""

WINDOW_SIZE = (1200, 800)
"""Of a view in a window of its own that does not choose its size itself."""


class Place(Enum):
    """Where a view lives."""

    CENTRE = "centre"
    BESIDE = "beside"
    """Beside the graph in the centre: the first that suits is seen."""
    LEFT = "left"
    RIGHT = "right"
    """Either in a dock of its own."""
    TAB = "tab"
    WINDOW = "window"
    """In a window of its own, which is made when it is first opened."""


_DOCKS = {
    Place.LEFT: Qt.DockWidgetArea.LeftDockWidgetArea,
    Place.RIGHT: Qt.DockWidgetArea.RightDockWidgetArea,
}


@dataclass(frozen=True)
class Page:
    """One line of the table.

    Attributes
    ----------
    name : str
        The attribute of the main window that the view is.
    title : str
    make : callable
        Gives the view: its class, or what imports it when it is wanted.
    place : Place
    about : str
        What it shows, in one sentence.
    keys : str
        The shortcut of its entry in the menu.
    action : str
        The object's name of that entry; `name` and ``Action``, as Qt writes names, if it is not given.
    menu : "view" or "train"
        The menu the entry is in.
    dock : str
        The object's name of its dock; likewise.
    hidden : bool
        Whether its dock is hidden at first.
    behind : str
        The name of a page before it whose dock it shares.
    after : str
        The name of a page before it at whose right side its dock stands, instead of below it.
    suits : callable, optional
        Tells of a frame whether there is anything to see here.
    pictured : bool
        Whether pictures of it are worth anything.
    looks : bool
        Whether it is made with the focus, as it shows or chooses what is looked at.
    remembers : bool
        Whether it is made with `remember`, as it keeps something for the next start.
    """

    name: str
    title: str
    make: Callable[..., QWidget]
    place: Place
    about: str
    keys: str = ""
    action: str = ""
    menu: str = "view"
    dock: str = ""
    hidden: bool = False
    behind: str = ""
    after: str = ""
    suits: Callable[[Frame], bool] | None = None
    pictured: bool = True
    looks: bool = False
    remembers: bool = False

    @property
    def action_name(self) -> str:
        """The object's name of its entry in the menu."""
        return self.action or f"{self._qt_name}Action"

    @property
    def dock_name(self) -> str:
        """The object's name of its dock."""
        return self.dock or f"{self._qt_name}Dock"

    @property
    def _qt_name(self) -> str:
        head, *words = self.name.split("_")
        return head + "".join(map(str.title, words))


def _expression_lab(*, remember: bool) -> QWidget:
    from gui.lab import Lab

    return Lab(remember=remember)


def _instruments() -> QWidget:
    from gui.views.diagnosis.instruments import InstrumentsPage

    return InstrumentsPage()


def _check_numbers() -> QWidget:
    from gui.views.check_numbers import CheckNumbersView

    return CheckNumbersView()


def _clinic() -> QWidget:
    from gui.views.clinic import ClinicView

    return ClinicView()


def _predict() -> QWidget:
    from gui.views.predict import PredictView

    return PredictView()


# fmt: off
PAGES: tuple[Page, ...] = (
    Page("network_view", QT_TRANSLATE_NOOP("pages", "Network graph"), NetworkView, Place.CENTRE,
         QT_TRANSLATE_NOOP("pages", "The units, weights and biases of one step, to point at and to edit."),
         looks=True),
    Page("setup_panel", QT_TRANSLATE_NOOP("pages", "Setup"), SetupPanel, Place.LEFT,
         QT_TRANSLATE_NOOP("pages", "The data, the network, and how it is trained."),
         dock="setupDock", pictured=False, remembers=True),
    Page("chain_rule_view", QT_TRANSLATE_NOOP("pages", "Chain rule"), ChainRuleView, Place.RIGHT,
         QT_TRANSLATE_NOOP("pages", "Why the gradient of what is selected is what it is, factor by factor."),
         dock="chainRuleDock", looks=True),
    Page("breakpoints_panel", QT_TRANSLATE_NOOP("pages", "Pause when…"), BreakpointsPanel, Place.RIGHT,
         QT_TRANSLATE_NOOP("pages", "Conditions at which the training pauses by itself."),
         keys="Ctrl+B", action="pauseWhenAction", menu="train", dock="breakpointsDock", hidden=True,
         pictured=False, looks=True),
    Page("diagnosis_view", QT_TRANSLATE_NOOP("pages", "Diagnosis"), DiagnosisPage, Place.RIGHT,
         QT_TRANSLATE_NOOP("pages", "Why the network does not learn, with the evidence, and cures to try."),
         keys="Ctrl+D", hidden=True, behind="chain_rule_view", looks=True),
    Page("curves_view", QT_TRANSLATE_NOOP("pages", "Loss"), CurvesView, Place.TAB,
         QT_TRANSLATE_NOOP("pages", "The loss of every step, and the loss and the metric of each epoch.")),
    Page("gradients_view", QT_TRANSLATE_NOOP("pages", "Gradients"), GradientsView, Place.TAB,
         QT_TRANSLATE_NOOP("pages", "How large the gradient of each layer has been at every step.")),
    Page("surface_view", QT_TRANSLATE_NOOP("pages", "Surface"), SurfaceView, Place.BESIDE,
         QT_TRANSLATE_NOOP("pages", "What the network and each of its units make of two of the inputs."),
         suits=lambda frame: not WeightImages.suits(frame), looks=True),
    Page("data_view", QT_TRANSLATE_NOOP("pages", "Data"), DataTableView, Place.TAB,
         QT_TRANSLATE_NOOP("pages", "The rows of the data, and what the network predicts for each."),
         looks=True),
    Page("weights_view", QT_TRANSLATE_NOOP("pages", "Weights"), WeightImages, Place.BESIDE,
         QT_TRANSLATE_NOOP(
             "pages", "What the units of the first layer look for, where the data are pictures."
         ),
         suits=WeightImages.suits, looks=True),
    Page("parameters_view", QT_TRANSLATE_NOOP("pages", "Parameters"), ParametersView, Place.TAB,
         QT_TRANSLATE_NOOP("pages", "All weights and biases in a table, with their gradients and updates."),
         looks=True),
    Page("check_map_view", QT_TRANSLATE_NOOP("pages", "Check"), CheckMapView, Place.TAB,
         QT_TRANSLATE_NOOP("pages", "All gradients of a step, compared with finite differences."),
         looks=True),
    Page("runs_panel", QT_TRANSLATE_NOOP("pages", "Runs"), RunsPanel, Place.TAB,
         QT_TRANSLATE_NOOP("pages", "The runs there have been, to compare and to go back to.")),
    Page("lessons_page", QT_TRANSLATE_NOOP("pages", "Lesson"), LessonsPage, Place.LEFT,
         QT_TRANSLATE_NOOP("pages", "A course that runs on the real thing: predict, look, explain."),
         keys="Ctrl+Shift+L", dock="lessonsDock", hidden=True, after="setup_panel", pictured=False,
         looks=True),
    Page("instruments_view", QT_TRANSLATE_NOOP("pages", "Instruments"), _instruments, Place.WINDOW,
         QT_TRANSLATE_NOOP("pages", "Noise, sharpness, gradients over depth, histograms, rates, confusion."),
         keys="Ctrl+I", pictured=False),
    Page("predict_view", QT_TRANSLATE_NOOP("pages", "Predict"), _predict, Place.WINDOW,
         QT_TRANSLATE_NOOP("pages", "New or test rows: what the network predicts, and how well."),
         keys="Ctrl+Shift+P", pictured=False),
    Page("expression_lab", QT_TRANSLATE_NOOP("pages", "Expression lab"), _expression_lab, Place.WINDOW,
         QT_TRANSLATE_NOOP("pages", "A formula that you type, and the chain rule at work in it."),
         keys="Ctrl+L", action="expressionLabAction", pictured=False, remembers=True),
    Page("check_numbers", QT_TRANSLATE_NOOP("pages", "Check my numbers"), _check_numbers, Place.WINDOW,
         QT_TRANSLATE_NOOP("pages", "Your own back-propagation: what is first wrong, and which mistake."),
         keys="Ctrl+K", menu="train"),
    Page("clinic", QT_TRANSLATE_NOOP("pages", "Bug clinic"), _clinic, Place.WINDOW,
         QT_TRANSLATE_NOOP("pages", "A pass with a mistake planted in it, to be found by its numbers."),
         menu="train", pictured=False),
)
# fmt: on


class Pages(QObject):
    """The views of the table in the main window, each with all that comes with its line.

    Parameters
    ----------
    window : QMainWindow
    focus : Focus
        Hears of a frame before the views do.
    remember : bool
        Whether views may keep something for the next start.

    Attributes
    ----------
    views : dict of str to QWidget
        By the names of their pages; those in windows once they are open.
    actions : dict of str to QAction
        By the names of their pages: each shows its view, wherever that is.
    docks : dict of str to QDockWidget
        By the names of their pages.
    centre : Centre
    tabs : QTabWidget
    tabs_dock : QDockWidget
    tabs_menu : QMenu
        The actions of what is in the tabs.
    fitter : Fitter
        Has the window show what there is room for.
    drawer : Drawer
        Where the inspector is while it has no room.

    Signals
    -------
    made(QWidget)
        A view that lives in a window has been made.
    """

    made = Signal(object)

    # By signals, so that one view's error does not keep the news from the others
    _handed = Signal(object)
    _passed = Signal(object)
    _forgotten = Signal()
    _themed = Signal(object)

    def __init__(self, window: QMainWindow, focus: Focus, *, remember: bool) -> None:
        super().__init__(window)
        self._window, self._focus, self._remember = window, focus, remember
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._read_at, self._passing = -math.inf, 0
        self._pages = {page.name: page for page in PAGES}
        self.views: dict[str, QWidget] = {}
        self.actions: dict[str, QAction] = {}
        self.docks: dict[str, QDockWidget] = {}
        self.centre = Centre(focus, remember=remember)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("curveTabs")
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.tabBarDoubleClicked.connect(self._enlarge)
        self._enlarged: Enlarged | None = None
        self.tabs_dock = _dock("curvesDock", self.tabs)
        self.tabs_dock.setTitleBarWidget(QWidget())  # the tabs are title enough
        self.tabs_dock.toggleViewAction().setShortcut(QKeySequence("Ctrl+2"))
        self.tabs_menu = QMenu(window)
        self.tabs_menu.setObjectName("tabsMenu")
        self._titles: dict[str, DockTitle] = {}
        self.fitter = Fitter(window, scale)
        self.fitter.changed.connect(self._give_way)
        self.fitter.govern("curves", self.tabs_dock)
        self.tell(focus)
        for page in PAGES:
            if page.place is not Place.WINDOW:
                self._make(page)
        for phases in (self.centre.ribbon, self.centre.strip):
            self.tell(phases)

    # -- building ----------------------------------------------------------------------------------

    def _make(self, page: Page) -> QWidget:
        given = {"focus": self._focus} if page.looks else {}
        view = page.make(**given, **({"remember": self._remember} if page.remembers else {}))
        self.views[page.name] = view
        self.tell(view)
        return view

    def _at(self, place: Place) -> Iterator[tuple[Page, QWidget]]:
        for page in PAGES:
            if page.place is place:
                yield page, self.views[page.name]

    def lay_out(self, above: Sequence[QWidget], below: Sequence[QWidget]) -> None:
        """Put all views in their places; `above` and `below` are what stands around the one in the centre."""
        window = self._window
        ((_, graph),) = self._at(Place.CENTRE)
        self.centre.fill(above, graph, [view for _, view in self._at(Place.BESIDE)], below)
        window.setCentralWidget(self.centre)

        for _, view in self._at(Place.TAB):
            self.tabs.addTab(view, "")
        for place, area in _DOCKS.items():
            for page, view in self._at(place):
                dock = self.docks[page.name] = _dock(page.dock_name, view)
                self._titles[page.name] = DockTitle(dock)
                window.addDockWidget(area, dock)
                if page.after:
                    window.splitDockWidget(self.docks[page.after], dock, Qt.Orientation.Horizontal)
                if page.behind:
                    window.tabifyDockWidget(self.docks[page.behind], dock)
                if page.hidden:
                    dock.hide()
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.tabs_dock)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        inspector = self.docks["chain_rule_view"]
        self.drawer = Drawer(window, inspector)
        self.fitter.govern("inspector", inspector)
        self.size_docks()
        for page in PAGES:
            self._make_action(page)

    def size_docks(self) -> None:
        """Give the docks their usual sizes, in proportion to the text."""
        sides = [self.docks[name] for name in ("setup_panel", "lessons_page", "chain_rule_view")]
        self._window.resizeDocks(sides, [px(240), px(WIDTH), px(340)], Qt.Orientation.Horizontal)
        curves = max(px(140), round(0.2 * self._window.height()) - px(40))
        self._window.resizeDocks([self.tabs_dock], [curves], Qt.Orientation.Vertical)
        self.fitter.fit()

    def _give_way(self, fitting: Fitting) -> None:
        self._titles["setup_panel"].set_bare(not fitting.setup)
        self.offer_drawer()

    def offer_drawer(self) -> None:
        """Have the drawer's handle at the edge where the inspector has no room, but beside nothing alone."""
        self.drawer.offer(not self.fitter.fitting.inspector and not self.centre.is_alone)

    def _make_action(self, page: Page) -> None:
        if page.name in self.docks:
            action = self.docks[page.name].toggleViewAction()
        elif page.place in (Place.BESIDE, Place.TAB, Place.WINDOW):
            action = QAction(self._window)
            action.triggered.connect(partial(self._open_ignoring, page.name))
            self._window.addAction(action)
        else:
            return
        action.setObjectName(page.action_name)
        action.setShortcut(QKeySequence(page.keys))
        self.actions[page.name] = action
        if page.place is Place.TAB:
            self.tabs_menu.addAction(action)

    def entries(self, menu: str, *places: Place) -> list[QAction]:
        """The entries of a menu for what lives in these places."""
        return [
            self.actions[page.name]
            for page in PAGES
            if page.menu == menu and page.place in places and page.name in self.actions
        ]

    # -- what comes with a line --------------------------------------------------------------------

    def tell(self, listener: object) -> None:
        """Let a view, or who else wants to know, hear of themes, frames, other networks and of room."""
        for news, name in (
            (self._themed, "set_theme"),
            (self._handed, "show_frame"),
            (self._passed, "show_passing"),
            (self._forgotten, "forget"),
            (self.fitter.changed, "set_fitting"),
        ):
            if hasattr(listener, name):
                news.connect(getattr(listener, name))

    def having(self, method: str) -> list[Callable[..., object]]:
        """The methods of that name, of all views that have one."""
        return [getattr(view, method) for view in self.views.values() if hasattr(view, method)]

    def set_theme(self, theme: Theme) -> None:
        """Draw everything in these colours."""
        self._theme = theme
        self._themed.emit(theme)

    def show_frame(self, frame: Frame) -> None:
        """Hand a frame to everything, and show those tabs that have something to say about it.

        One of many that pass faster than they can be read only goes to what moves with them.
        """
        from gui.training.messages import Status

        stood = time.monotonic() - self._read_at
        too_soon = stood < READ_SECONDS or (self._passing < PASSING and stood < LONGEST_READ)
        at_full_speed = frame.status is Status.RUNNING and frame.phase is None
        if at_full_speed and not frame.restart and too_soon:
            self._passing += 1
            self._passed.emit(frame)
            return
        # what was read at rest says nothing of when the first of many is to be
        self._read_at, self._passing = time.monotonic() if at_full_speed else -math.inf, 0
        self._frame = frame
        self._handed.emit(frame)
        for page in PAGES:
            if page.suits is not None:
                self._offer(page, page.suits(frame))

    def _offer(self, page: Page, fits: bool) -> None:
        self.actions[page.name].setVisible(fits)
        if page.place is Place.BESIDE:
            self.centre.offer(self.views[page.name], fits)
            self._name_centre()
        elif page.place is Place.TAB:
            index = self.tabs.indexOf(self.views[page.name])
            if self.tabs.isTabVisible(index) != fits:  # it lays the whole window out anew
                self.tabs.setTabVisible(index, fits)

    def _name_centre(self) -> None:
        titles = [_said(page.title) for page, _ in self._at(Place.CENTRE)]
        seen = [_said(page.title) for page, view in self._at(Place.BESIDE) if view is self.centre.beside]
        self.centre.set_titles(titles[0], *(seen or [""]))

    def forget(self) -> None:
        """Let everything forget what was derived of the network before."""
        self._frame = None
        self._forgotten.emit()

    def retranslate(self) -> None:
        """Say all titles in the language that is spoken now."""
        for page in PAGES:
            title = _said(page.title)
            if page.name in self.actions:
                action = self.actions[page.name]
                text = f"{title}…" if page.place is Place.WINDOW else title
                entitle(action, text)
            if page.name in self.docks:
                self.docks[page.name].setWindowTitle(title)
            elif page.place is Place.TAB:
                index = self.tabs.indexOf(self.views[page.name])
                self.tabs.setTabText(index, title)
                tip = _said(QT_TRANSLATE_NOOP("pages", "{tab}: double click for the whole screen, Esc back"))
                self.tabs.setTabToolTip(index, tip.format(tab=title))
            elif page.place is Place.WINDOW and page.name in self.views:
                self.views[page.name].setWindowTitle(title)
        self._name_centre()
        self.tabs_dock.setWindowTitle(_said(QT_TRANSLATE_NOOP("pages", "Curves")))
        self.tabs_menu.setTitle(_said(QT_TRANSLATE_NOOP("pages", "Tabs")))

    def open(self, name: str) -> QWidget:
        """Bring the view of a page to the front, wherever it lives; a window is made first."""
        page = self._pages[name]
        if self._enlarged is not None and self._enlarged.view is not self.views.get(name):
            self._enlarged.close()
        if self._enlarged is not None:
            return self.views[name]
        if name not in self.views:
            self._make_window(page)
        view = self.views[name]
        if page.place is Place.TAB:
            self.tabs.setCurrentWidget(view)
        elif page.place in (Place.CENTRE, Place.BESIDE):
            self.centre.bring(view)
        elif page.place is Place.WINDOW:
            view.show()
            view.raise_()
        parent = view.parentWidget()
        while parent is not None and parent is not self._window:
            if isinstance(parent, QDockWidget):
                if parent.isHidden():
                    parent.toggleViewAction().trigger()  # as if by hand, so that it stays at any size
                parent.raise_()
            parent = parent.parentWidget()
        return view

    def _enlarge(self, index: int) -> None:
        """Take a tab onto the whole screen."""
        if index >= 0 and self._enlarged is None:
            self._enlarged = Enlarged(self.tabs, index)
            self._enlarged.put_back.connect(self._shrink)
            self._enlarged.showFullScreen()

    def _shrink(self) -> None:
        self._enlarged = None
        self.retranslate()

    def _open_ignoring(self, name: str, checked: bool = False) -> None:
        self.open(name)

    def lend(self, name: str) -> QWidget:
        """Give a view that lives in a window to stand in the centre, until `take_back`."""
        if name not in self.views:
            self._make_window(self._pages[name])
        view = self.views[name]
        view.setWindowFlags(Qt.WindowType.Widget)
        self.centre.host(view)
        view.show()
        return view

    def take_back(self, name: str) -> None:
        """Give a view its window back, closed."""
        view = self.views.get(name)
        if view is not None and self.centre.guest is view:
            self.centre.host(None)
            view.setParent(self._window, Qt.WindowType.Window)

    def _make_window(self, page: Page) -> None:
        view = self._make(page)
        view.setParent(self._window, view.windowFlags() | Qt.WindowType.Window)
        if not view.testAttribute(Qt.WidgetAttribute.WA_Resized):
            open_at(view, *WINDOW_SIZE)
        for name, news in (("set_theme", self._theme), ("show_frame", self._frame)):
            if news is not None and hasattr(view, name):
                getattr(view, name)(news)
        self.made.emit(view)
        self.retranslate()

    def pictured(self) -> list[tuple[str, QWidget]]:
        """The views that pictures can be made of, with their names."""
        return [
            (_said(page.title), self.views[page.name])
            for page in PAGES
            if page.pictured and page.name in self.views
        ]

    def abouts(self) -> list[tuple[str, str]]:
        """All titles with their keys, and what is shown there."""
        return [(_with_keys(_said(page.title), page.keys), _said(page.about)) for page in PAGES]

    def show_docks(self) -> None:
        """Show what can be hidden, as it was at first."""
        for name, dock in self.docks.items():
            dock.setHidden(self._pages[name].hidden)
        self.tabs_dock.show()


def _dock(name: str, widget: QWidget) -> QDockWidget:
    dock = QDockWidget()
    dock.setObjectName(name)
    dock.setWidget(widget)
    return dock


def _said(text: str) -> str:
    return QCoreApplication.translate("pages", text)


def _with_keys(title: str, keys: str) -> str:
    return (
        f"{title} ({QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)})" if keys else title
    )
