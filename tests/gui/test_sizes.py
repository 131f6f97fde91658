"""Everything has its place at every size, in both languages, and stays in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QEventLoop, QObject, QRect, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.parts import Part
from gui.training.messages import Granularity, Status
from tests.gui.driver import Driver
from tests.test_translations import FONTS, clipped
from tools.pictures import NETS, SIZES

pytestmark = pytest.mark.usefixtures("dressed")

LANGUAGES = ("en", "zh_CN")
SIDES = [tuple(map(int, size.split("x"))) for size in SIZES]

OVER_OTHERS = (
    *("networkHoverTip", "valueEditor", "qt_rubberband", "focusRing"),
    *("qt_qmainwindow_extended_splitter", "qt_splithandle_"),
)
"""What is meant to be over others: for a while, where the user looks; and Qt's wider handles of a seam."""

SEAM = 1
"""Pixels by which a splitter lays its halves over each other."""

INSIDE = QComboBox, QAbstractSpinBox, QTabBar, QAbstractScrollArea
"""Widgets of Qt that lay their parts out themselves."""


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    """A window after some steps, half way through the next, with a weight selected."""
    window = Driver(qtbot, size=(1440, 900))
    make = NETS["2-4-2-1"]
    assert make is not None
    generation = window.frame.generation
    window.main.document.open_problem(*make()[:2])
    window.wait(lambda: window.frame.generation > generation)
    window.run(20)
    window.choose(Granularity.LAYER)
    for _ in range(4):
        window.press("stepAction")
    window.main.focus.select(Part("weight", 2, 0, 1))
    yield window
    window.main.appearance.set_language("en")
    window.close()


def settle(milliseconds: int = 40) -> None:
    """Let layouts within layouts find their places."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    for _ in range(4):
        QApplication.processEvents()


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def called(widget: QObject | None) -> str:
    names = []
    while widget is not None and not isinstance(widget, QMainWindow):
        names.append(widget.objectName() or type(widget).__name__)
        widget = widget.parent()
    return " < ".join(names[:4])


def shown_children(widget: QWidget) -> list[QWidget]:
    return [
        child
        for child in widget.children()
        if isinstance(child, QWidget)
        and child.isVisible()
        and not child.isWindow()
        and child.width() > 0
        and child.height() > 0
        and child.objectName() not in OVER_OTHERS
        and not (isinstance(child, QTabBar) and child.geometry().right() < 0)  # of docks; Qt parks it there
    ]


def misplaced(window: QWidget) -> list[str]:
    """Name what is outside of what it stands in, or over what stands beside it."""
    found = []
    for parent in (window, *window.findChildren(QWidget)):
        if (
            not parent.isVisible()
            or isinstance(parent, INSIDE)
            or (parent.isWindow() and parent is not window)
        ):
            continue
        area = parent.parentWidget()
        scrolls = isinstance(area, QAbstractScrollArea) and area.viewport() is parent
        children = shown_children(parent)
        for child in () if scrolls else children:
            if not parent.rect().contains(child.geometry()):
                found.append(f"{called(child)}: {child.geometry()} is outside of {parent.rect()}")
        for one, other in combinations(children, 2):
            both = one.geometry().intersected(other.geometry())
            if min(both.width(), both.height()) > SEAM:
                found.append(f"{called(one)} {one.geometry()} is over {called(other)} {other.geometry()}")
    return found


def faults(window: Driver) -> list[str]:
    main = window.main
    settle()
    for _ in range(8):
        if not (found := misplaced(main) + clipped(main)):
            break
        settle()
    extension = [b for b in main.findChildren(QToolButton, "qt_toolbar_ext_button") if b.isVisible()]
    return found + [f"{called(button)}: not all fits" for button in extension]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_outside_over_another_or_cut_off_at_any_size(window: Driver, language: str) -> None:
    if language in FONTS and not QFontDatabase.families(FONTS[language]):
        pytest.skip("no font for the language is installed")
    main = window.main
    main.appearance.set_language(language)
    found = {}
    for size in SIDES:
        main.resize(*size)
        found[size] = faults(window)
    assert (main.width(), main.height()) == SIDES[-1]
    main.resize(*SIDES[0])
    settle()
    assert (main.width(), main.height()) == SIDES[0]
    assert [f"{size[0]}x{size[1]}: {each}" for size, some in found.items() for each in some] == []


def test_what_is_misplaced_is_seen(window: Driver) -> None:
    main = window.main
    settle()
    assert misplaced(main) == []
    main.diagnosis_strip.setGeometry(main.diagnosis_strip.geometry().translated(0, -20))
    main.timeline.slider.setGeometry(main.timeline.slider.geometry().translated(400, 0))
    found = misplaced(main)
    assert any("diagnosisStrip" in each and "is over" in each for each in found)
    assert any("timelineSlider" in each and "is outside" in each for each in found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("size", "both", "alone"),
    [((1440, 900), 0.305, 0.21), ((1366, 768), 0.33, 0.23), ((1280, 720), 0.38, 0.24)],
)
def test_the_graph_has_its_share_of_the_window(
    window: Driver, size: tuple[int, int], both: float, alone: float, language: str
) -> None:
    """Alone, and with the surface, which is a picture of the same network beside it."""
    window.main.appearance.set_language(language)
    window.main.resize(*size)
    settle()
    graph = window.main.network_view
    splitter = graph.parentWidget()
    assert isinstance(splitter, QSplitter)
    assert splitter.width() * splitter.height() >= both * size[0] * size[1]
    assert graph.width() * graph.height() >= alone * size[0] * size[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_setup_fits_without_scrolling(qtbot: QtBot, language: str) -> None:
    """That of the network the window begins with, which has more settings than others."""
    window = Driver(qtbot, size=(1440, 900))
    window.main.appearance.set_language(language)
    try:
        window.run(3)
        settle()
        (area,) = window.main.setup_panel.findChildren(QScrollArea)
        assert area.verticalScrollBar().maximum() == 0
        width = window.main.setup_panel.width()
        assert width <= 256
        # where it has to scroll, the bar is in the margin: nothing moves
        fields = [each for each in area.findChildren(QAbstractSpinBox) if each.isVisible()]
        places = [(each.mapTo(area, each.rect().topLeft()).x(), each.width()) for each in fields]
        window.main.resize(1440, 800)
        settle()
        assert area.verticalScrollBar().maximum() > 0 and window.main.setup_panel.width() == width
        assert [(each.mapTo(area, each.rect().topLeft()).x(), each.width()) for each in fields] == places
    finally:
        window.main.appearance.set_language("en")
        window.close()


def geometry(window: QMainWindow) -> dict[str, QRect]:
    """Where everything stands, by what it is called and where it is among those called so."""
    found: dict[str, QRect] = {}
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.isWindow() and widget.objectName() not in OVER_OTHERS:
            name = called(widget)
            count = sum(1 for other in found if other.startswith(f"{name} #"))
            found[f"{name} #{count}"] = place(widget, window)
    return found


@pytest.mark.parametrize("size", [(1440, 900), (1024, 600)])
def test_nothing_moves_while_stepping_and_running(window: Driver, size: tuple[int, int]) -> None:
    main = window.main
    main.resize(*size)
    settle(200)
    before, moved = geometry(main), {}
    for _ in range(9):
        window.press("stepAction")
        settle(5)
        moved |= {
            name: (before.get(name), at) for name, at in geometry(main).items() if before.get(name) != at
        }
    window.choose(Granularity.BATCH)
    window.full_speed()
    settle()
    running = geometry(main)
    goal = window.frame.step + 300
    window.press("runAction", lambda frame: frame.step > goal)
    moved |= {name: (running.get(name), at) for name, at in geometry(main).items() if running.get(name) != at}
    window.press("runAction", lambda frame: frame.status is Status.PAUSED)
    assert moved == {}
