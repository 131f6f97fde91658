"""The centre of the window: graph and picture side by side, or as two tabs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from engine.parts import Part
from gui.document.focus import Focus
from gui.panels.centre import NARROW, Centre
from gui.style.fonts import px
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def centre(qtbot: QtBot) -> Iterator[Centre]:
    centre = Centre(Focus(), remember=False)
    centre.resize(1300, 700)
    qtbot.addWidget(centre)
    yield centre


def parts(centre: Centre) -> tuple[QWidget, QWidget, QWidget]:
    graph, *beside = QWidget(), QWidget(), QWidget()
    centre.fill((), graph, beside, ())
    centre.show()
    return graph, beside[0], beside[1]


def test_the_graph_has_all_the_room_where_nothing_is_beside_it(centre: Centre, qtbot: QtBot) -> None:
    graph, surface, weights = parts(centre)
    assert centre.beside is None and graph.width() == centre.width()
    centre.offer(surface, True)
    assert centre.beside is surface and surface.isVisible()
    qtbot.waitUntil(lambda: 0.25 < surface.width() / centre.width() < 0.4)
    assert graph.width() > surface.width()
    centre.offer(weights, True)
    centre.offer(surface, False)
    assert centre.beside is weights and weights.isVisible() and not surface.isVisible()
    centre.offer(weights, False)
    qtbot.waitUntil(lambda: graph.width() == centre.width())


def test_what_lies_behind_is_seen_as_long_as_it_is_pictured(centre: Centre) -> None:
    graph, surface, weights = parts(centre)
    centre.offer(surface, True)
    centre.resize(900, 700)
    centre.bring(surface)
    assert surface.isVisible() and not graph.isVisible()
    with centre.fronted(graph):
        assert graph.isVisible() and not surface.isVisible() and graph.width() == centre.width()
    assert surface.isVisible() and not graph.isVisible()
    with centre.fronted(weights):  # there is nothing to see in it
        assert surface.isVisible() and not weights.isVisible()
    centre.bring(graph)
    with centre.fronted(surface):
        assert surface.isVisible() and not graph.isVisible() and surface.width() == centre.width()
    assert graph.isVisible() and not surface.isVisible()


def test_under_a_narrow_window_they_are_two_tabs(centre: Centre, qtbot: QtBot) -> None:
    graph, surface, _ = parts(centre)
    centre.offer(surface, True)
    bar = centre.findChild(QTabBar, "centreTabs")
    for width, tabbed in ((1300, False), (900, True), (px(NARROW), False), (px(NARROW) - 1, True)):
        centre.resize(width, 700)
        assert centre.tabbed == tabbed == bar.isVisible(), width
        assert graph.isVisible() and surface.isVisible() != tabbed
    bar.setCurrentIndex(1)
    assert surface.isVisible() and not graph.isVisible()
    qtbot.waitUntil(lambda: surface.width() == px(NARROW) - 1)
    centre.bring(graph)
    assert graph.isVisible() and not surface.isVisible()
    centre.bring(surface)
    assert surface.isVisible()
    centre.offer(surface, False)
    assert graph.isVisible() and not bar.isVisible()


def test_the_share_is_kept_and_goes_with_the_width(qtbot: QtBot) -> None:
    for expected in (None, 0.5):
        centre = Centre(Focus(), remember=True)
        centre.resize(1300, 700)
        qtbot.addWidget(centre)
        _, surface, _ = parts(centre)
        centre.offer(surface, True)
        if expected is None:
            splitter = centre.findChild(QSplitter, "centreSplitter")
            splitter.setSizes([650, 650])
            splitter.splitterMoved.emit(650, 1)
        for width in (1300, 1600):
            centre.resize(width, 700)
            half = range(width // 2 - 10, width // 2 + 10)
            qtbot.waitUntil(partial(lambda seen, half: seen.width() in half, surface, half))
    centre._keep(0.0)
    centre.resizeEvent(QResizeEvent(centre.size(), centre.size()))
    centre.bring(surface)  # it had been pushed away
    qtbot.waitUntil(lambda: surface.width() > 150)
    QSettings().remove("besideShare")


def test_the_window_shows_the_surface_and_for_pictures_the_weights(qtbot: QtBot) -> None:
    from engine.data.builtin import builtin

    window = Driver(qtbot, size=(1440, 900))
    try:
        pages = window.main.pages
        assert pages.centre.beside is window.main.surface_view
        pages.open("surface_view")
        window.wait(lambda: window.main.surface_view.plot.image is not None)
        window.main.document.set_dataset(builtin("digits"))
        window.wait(lambda: window.frame.dataset.name == "digits")
        assert pages.centre.beside is pages.views["weights_view"]
        assert not window.main.surface_view.isVisible()
    finally:
        window.close()


def test_a_unit_pointed_at_in_the_graph_fills_the_surface(qtbot: QtBot) -> None:
    window = Driver(qtbot, size=(1440, 900))
    try:
        window.run(5)
        graph, surface = window.main.network_view, window.main.surface_view
        window.wait(lambda: surface.plot.image is not None and len(surface.maps.layers) > 0)
        whole = surface.plot.image
        graph.canvas.pointed.emit(Part("unit", 1, 1))
        assert window.main.focus.hovered == Part("unit", 1, 1)
        assert surface.plot.image != whole
        graph.canvas.pointed.emit(None)
        assert window.main.focus.hovered is None and surface.plot.image == whole
    finally:
        window.close()
