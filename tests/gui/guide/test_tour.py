"""The tour points at parts that are there, lets them be used, and ends without a trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from engine.parts import Part
from gui.guide.tour import STOPS, Tour
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, size=(1440, 900))
    yield driver
    driver.close()


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def box(tour: Tour) -> QRect:
    assert tour.bubble is not None
    return tour.bubble.geometry()


def test_it_stops_at_every_part_and_covers_none_it_can_spare(window: Driver) -> None:
    tour = window.main.tour
    window.action("tourAction").trigger()
    for place in range(len(STOPS)):
        settle()
        assert tour.at == place and tour.part is not None and tour.part.isVisible()
        assert window.main.rect().contains(box(tour))
        if tour.part.width() * tour.part.height() < 300_000:
            top = tour.part.mapTo(window.main, tour.part.rect().topLeft())
            assert not box(tour).intersects(QRect(top, tour.part.size())), place
        text = window.child(QLabel, "tourText")
        assert text.heightForWidth(text.width()) <= text.height(), STOPS[place].title
        window.child(QPushButton, "tourNext").click()
    assert not tour.is_on
    settle()
    assert window.main.findChild(QLabel, "tourText") is None or not tour.is_on


def test_the_parts_can_be_used_under_way(window: Driver) -> None:
    tour = window.main.tour
    tour.start()
    for _ in range(3):
        tour.go_on()
    title = window.child(QLabel, "tourTitle")
    assert title.text() == "Choose a weight"
    window.main.focus.select(Part("weight", 1, 0, 0))
    assert title.text().startswith("✓")
    window.press("stepAction")
    tour.go_back()
    assert tour.at == 2


def test_it_follows_size_language_and_theme(window: Driver) -> None:
    tour, main = window.main.tour, window.main
    tour.start()
    tour.go_on()
    try:
        before = box(tour)
        main.resize(1280, 720)
        settle()
        assert main.rect().contains(box(tour))
        main.appearance.set_language("zh_CN")
        settle()
        assert window.child(QLabel, "tourTitle").text() == "逐步进行"
        assert main.rect().contains(box(tour))
        main.appearance.set_theme("dark")
        main.appearance.set_text_size(125)
        settle()
        assert box(tour).width() >= before.width()
    finally:
        main.appearance.set_language("en")
        main.appearance.set_theme("light")
        main.appearance.set_text_size(100)


def test_a_hidden_part_is_passed_over(window: Driver) -> None:
    tour, main = window.main.tour, window.main
    main.pages.docks["chain_rule_view"].hide()
    main.pages.docks["setup_panel"].hide()
    tour.start()
    seen = []
    while tour.is_on:
        settle()
        seen.append(tour.at)
        if tour.at == 6:
            main.pages.tabs_dock.hide()
            settle()
            assert tour.at == 7
            continue
        tour.go_on()
    assert 4 not in seen and 8 not in seen and seen[-1] == len(STOPS) - 1


def test_it_ends_with_the_presentation_and_with_its_button(window: Driver) -> None:
    tour = window.main.tour
    tour.start()
    window.child(QPushButton, "tourEnd").click()
    assert not tour.is_on
    tour.start()
    window.action("presentAction").trigger()
    assert not tour.is_on
    window.main.presentation.end()


def test_it_is_offered_once(qtbot: QtBot) -> None:
    first = Driver(qtbot, remember=True, first=True)
    try:
        first.wait(lambda: "tour" in first.bar.text)
    finally:
        first.close()
    second = Driver(qtbot, remember=True, first=True)
    try:
        second.run(1)
        assert "tour" not in second.bar.text
    finally:
        second.close()
