"""What gives way in a small window, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, fields

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from gui.fitting import FIRST, FRAME, LEAST, SLACK, Fitting, first_size, fitted, least_size
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")

NAMES = [each.name for each in fields(Fitting)]


def gone(size: QSize, scale: float = 1.0, before: Fitting | None = None) -> list[str]:
    shown = fitted(size, scale, before)
    return [name for name in NAMES if not getattr(shown, name)]


def test_things_give_way_one_after_the_other_as_a_window_shrinks() -> None:
    for width, height in ((16, 9), (16, 10)):
        order: list[str] = []
        for across in range(2560, 700, -1):
            for name in gone(QSize(across, across * height // width)):
                if name not in order:
                    order.append(name)
        if (width, height) == (16, 9):
            assert order == NAMES
        else:  # a taller one loses what needs height a little later
            assert [name for name in order if name != "curves"] == NAMES[1:]


def test_sizes_of_screens() -> None:
    assert gone(QSize(2560, 1440)) == gone(QSize(1920, 1080)) == gone(QSize(1440, 900)) == []
    assert gone(QSize(1366, 768)) == ["curves"]
    assert gone(QSize(1280, 720)) == ["curves", "setup", "captions"]
    assert gone(QSize(1024, 600)) == ["curves", "setup", "captions", "beside"]
    assert gone(QSize(990, 600)) == NAMES


def test_twice_as_large_a_text_needs_twice_the_room() -> None:
    for size in (QSize(1024, 600), QSize(1366, 768), QSize(1440, 900)):
        assert fitted(size * 2, 2.0) == fitted(size)
    assert gone(QSize(1440, 900), 1.5) == NAMES


def test_nothing_flickers_while_a_window_is_dragged_around_a_limit() -> None:
    before, changes = fitted(QSize(1400, 900)), 0
    for width in [1361, 1349, 1358, 1347] + [1352, 1359, 1349] * 3:
        after = fitted(QSize(width, 900), 1.0, before)
        changes += after != before
        before = after
    assert changes == 1 and not before.setup
    assert not fitted(QSize(1359, 900), 1.0, before).setup
    assert fitted(QSize(1360, 900), 1.0, before).setup
    assert fitted(QSize(1360 - SLACK, 900), 1.0, fitted(QSize(1360, 900))).setup
    assert not fitted(QSize(1360 - SLACK - 1, 900), 1.0, fitted(QSize(1360, 900))).setup


def test_the_first_window_is_held_against_the_screen() -> None:
    assert first_size(QSize(1920, 1040)) == FIRST
    for screen in (QSize(1366, 728), QSize(1280, 680), QSize(1024, 560)):
        first, least = first_size(screen), least_size(screen)
        for size in (first, least):
            assert size.width() + FRAME.width() <= screen.width()
            assert size.height() + FRAME.height() <= screen.height()
        assert least.boundedTo(LEAST) == least and first.expandedTo(least) == first


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    window = Driver(qtbot, remember=True)
    yield window
    window.close()


def test_the_curves_give_way_to_the_graph_and_come_back(window: Driver) -> None:
    curves, main = window.child(QDockWidget, "curvesDock"), window.main
    assert curves.isVisible() and astuple(main.pages.fitter.fitting) == (True,) * len(NAMES)
    main.resize(1280, 720)
    window.wait(lambda: not curves.isVisible())
    spark = main.timeline.spark
    assert spark.isVisible() and spark.height() == 24
    window.run(40)
    assert spark.losses is not None and len(spark.losses) == window.frame.step
    drawn = spark.grab().toImage()
    colours = {drawn.pixelColor(x, y).name() for x in range(drawn.width()) for y in range(drawn.height())}
    assert len(colours) > 3
    window.qtbot.mouseClick(spark, Qt.MouseButton.LeftButton)
    assert curves.isVisible() and not spark.isVisible()
    main.reset_layout()
    main.resize(1440, 900)
    window.wait(curves.isVisible)
    assert not spark.isVisible()


def test_what_was_opened_or_closed_by_hand_stays_at_any_size(window: Driver) -> None:
    curves, main = window.child(QDockWidget, "curvesDock"), window.main
    main.resize(1280, 720)
    window.wait(lambda: not curves.isVisible())
    curves.toggleViewAction().trigger()
    assert curves.toggleViewAction().shortcut().toString() == "Ctrl+2"
    for size in ((1024, 600), (1440, 900), (1280, 720)):
        main.resize(*size)
        window.wait(lambda: main.pages.fitter.fitting.curves == (main.height() > 790))
        assert curves.isVisible()
    curves.toggleViewAction().trigger()
    main.resize(1440, 900)
    window.wait(lambda: main.pages.fitter.fitting.curves)
    assert not curves.isVisible()
    main.pages.open("parameters_view")
    assert curves.isVisible()
    curves.close()
    main.reset_layout()
    assert curves.isVisible()
    main.resize(1280, 720)
    window.wait(lambda: not curves.isVisible())


def test_what_was_opened_or_closed_by_hand_is_kept(qtbot: QtBot) -> None:
    first = Driver(qtbot, remember=True)
    first.child(QDockWidget, "curvesDock").toggleViewAction().trigger()
    first.close()
    second = Driver(qtbot, remember=True, size=(1440, 900))
    try:
        curves = second.child(QDockWidget, "curvesDock")
        assert not curves.isVisible()
        second.main.reset_layout()
        assert curves.isVisible()
    finally:
        second.close()


def test_what_floats_is_not_closed_by_hand_when_the_window_is(qtbot: QtBot) -> None:
    first = Driver(qtbot, remember=True)
    first.child(QDockWidget, "curvesDock").setFloating(True)
    first.close()
    second = Driver(qtbot, remember=True, size=(1440, 900))
    try:
        curves = second.child(QDockWidget, "curvesDock")
        assert curves.isFloating() and curves.isVisible()
    finally:
        second.close()


def test_a_window_that_was_closed_while_small_opens_whole_when_it_is_large(qtbot: QtBot) -> None:
    first = Driver(qtbot, remember=True, size=(1100, 640))
    assert not first.child(QDockWidget, "curvesDock").isVisible()
    first.close()
    second = Driver(qtbot, remember=True, size=(1440, 900))
    try:
        assert second.child(QDockWidget, "curvesDock").isVisible()
    finally:
        second.close()


def test_the_setup_is_a_rail_of_icons_where_it_is_narrow(window: Driver) -> None:
    dock, main = window.child(QDockWidget, "setupDock"), window.main
    whole = dock.width()
    main.resize(1280, 720)
    window.wait(lambda: dock.width() < 60)
    assert main.setup_panel.is_rail and dock.isVisible() and dock.widget().y() < 4
    main.resize(1440, 900)
    window.wait(lambda: dock.width() == whole)
    assert not main.setup_panel.is_rail


def test_another_language_while_docks_give_way(window: Driver) -> None:
    """What parts docks is deleted at once: not while the window hands on the news of another language."""
    main = window.main
    for language, size in (("zh_CN", (1024, 600)), ("en", (1440, 900))) * 2:
        main.appearance.set_language(language)
        main.resize(*size)
        window.wait(lambda: main.pages.fitter.fitting.curves is (main.height() > 790))
        window.qtbot.wait(20)
    assert main.run_controls.run_action.text() == "Run"


def test_the_inspector_is_a_drawer_where_there_is_no_room_beside_the_centre(window: Driver) -> None:
    main, dock, view = window.main, window.child(QDockWidget, "chainRuleDock"), window.main.chain_rule_view
    drawer = main.pages.drawer
    main.appearance.set_text_size(150)
    window.wait(lambda: not dock.isVisible())
    assert drawer.handle.isVisible() and not view.isVisible()
    assert drawer.handle.toolTip() == drawer.handle.accessibleName() == "Chain rule"
    drawer.handle.click()
    assert view.isVisible() and drawer.geometry().right() < drawer.handle.mapTo(main, QPoint()).x()
    assert drawer.width() >= view.minimumWidth() and drawer.geometry().top() > main.run_controls.height()
    qtbot = window.qtbot
    qtbot.keyClick(drawer, Qt.Key.Key_Escape)
    assert not view.isVisible() and not drawer.handle.isChecked()
    drawer.handle.click()
    main.appearance.set_text_size(100)
    window.wait(dock.isVisible)
    assert dock.widget() is view and view.isVisible()
    assert not drawer.is_open and not drawer.handle.isVisible()
    main.appearance.set_text_size(150)
    window.wait(lambda: not dock.isVisible())
    main.pages.open("chain_rule_view")
    assert dock.isVisible() and view.isVisible() and not drawer.handle.isVisible()
    main.appearance.set_text_size(100)


def test_nothing_comes_back_while_it_is_presented(window: Driver) -> None:
    main, curves = window.main, window.child(QDockWidget, "curvesDock")
    main.resize(1280, 720)
    window.wait(lambda: not curves.isVisible())
    window.action("presentAction").trigger()
    main.resize(2560, 1440)
    window.qtbot.wait(20)
    assert not curves.isVisible() and not window.child(QDockWidget, "chainRuleDock").isVisible()
    window.action("presentAction").trigger()
    window.wait(curves.isVisible)
