"""Another network or other data: no view, seen or hidden, shows or keeps anything of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine import Dataset
from engine.explain.gradient_check import ParameterCheck
from engine.parts import Part
from gui.style.theme import DARK, LIGHT
from tests.gui.driver import Driver

RNG = np.random.default_rng(3)
FOUR = Dataset.from_arrays(RNG.normal(size=(60, 4)), RNG.integers(0, 3, 60), kind="multiclass", name="four")
TWO = Dataset.from_arrays(RNG.normal(size=(30, 2)), RNG.normal(size=30), kind="regression", name="two")
WEIGHT = Part("weight", 1, 1, 3)


class Window(Driver):
    """A main window, and what it takes to look into it."""

    def load(self, data: Dataset) -> None:
        self.main.document.set_dataset(data)
        self.wait(lambda: self.frame.dataset is data)

    def pages(self) -> list[QWidget]:
        tabs = self.main.tabs
        return [tabs.widget(index) for index in range(tabs.count()) if tabs.isTabVisible(index)]

    def look_at(self, page: QWidget) -> None:
        """Bring a page to the front, and wait until it has no question out."""
        self.main.tabs.setCurrentWidget(page)
        self.wait(page.isVisible)
        self.qtbot.wait(1)
        self.wait(lambda: not any(asker.waits for asker in askers(page)))

    def picture_of(self, view: QWidget) -> tuple[list[str], QImage]:
        """What can be read and seen in a view, at a size that does not hang on what was beside it."""
        for area in view.findChildren(QAbstractScrollArea):
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.resize(640, 300)
        self.wait(lambda: not any(asker.waits for asker in askers(view)))
        return words(view), view.grab().toImage()


def askers(page: QWidget) -> list[Any]:
    names = ("_asker", "_rows_asker", "_grid_asker", "_maps_asker")
    return [getattr(page, name) for name in names if hasattr(page, name)]


def words(widget: QWidget) -> list[str]:
    """All that can be read in a widget but what it paints itself."""
    found = []
    for child in widget.findChildren(QWidget):
        if child.isVisibleTo(widget):
            if isinstance(child, QLabel | QAbstractButton):
                found.append(child.text())
            elif isinstance(child, QComboBox):
                found += [child.itemText(place) for place in range(child.count())]
            found.append(child.toolTip())
    return found


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.close()


def test_every_view_and_panel_hears_of_it(window: Window) -> None:
    main = window.main
    for name, view in main.pages.views.items():
        if name not in ("setup_panel", "lessons_page"):  # they show the document, and what is to be learned
            assert callable(getattr(view, "forget", None)), view
    for listener in (main.run_controls, main.timeline, main.export_desk):
        assert callable(getattr(listener, "forget", None)), listener


@pytest.mark.usefixtures("dressed")
def test_every_page_shows_the_new_network_as_if_there_had_been_no_other(qtbot: QtBot) -> None:
    """One window has seen another network on every page and was hidden since; the other has not."""
    seen, fresh = Window(qtbot), Window(qtbot)
    seen.load(FOUR)
    seen.main.focus.select(WEIGHT)
    seen.main.focus.show_sample(7)
    seen.run(40)
    for page in seen.pages():
        seen.look_at(page)
    seen.main.check_map_view.findChild(QAbstractButton, "checkGradientsButton").click()
    seen.wait(lambda: seen.main.check_map_view.report is not None)
    seen.main.network_view.edit(WEIGHT)
    pictures = []
    for window in (seen, fresh):
        window.main.tabs.setCurrentWidget(window.main.runs_panel)
        window.main.document.open_problem(window_experiment(fresh), TWO)
        window.wait(lambda window=window: window.frame.dataset is TWO)
        window.main.resize(1300, 800)
        for theme in (DARK, LIGHT):
            window.main.pages.set_theme(theme)
        window.main.focus.select(None)
        for sample in (1, 0):  # chosen, so that both mark its row
            window.main.focus.show_sample(sample)
        told = {}
        for page in window.pages():
            if page is not window.main.runs_panel:  # it lists the runs of all networks
                window.look_at(page)
                told[page.objectName()] = window.picture_of(page)
        for view in (window.main.network_view, window.main.diagnosis_strip, window.main.chain_rule_view):
            told[view.objectName()] = window.picture_of(view)
        pictures.append(told)
        assert window.main.check_map_view.report is None
    for name, (text, picture) in pictures[1].items():
        assert pictures[0][name][0] == text, name
        assert pictures[0][name][1] == picture, name
    for window in (seen, fresh):
        window.close()


def window_experiment(window: Window) -> Any:
    from engine.suitable import practical_experiment, suited

    return suited(practical_experiment(), TWO)


def test_surface_seen_with_four_inputs_and_again_with_two(window: Window) -> None:
    surface = window.main.surface_view
    window.load(FOUR)
    window.look_at(surface)
    surface.axes.choose(2, 3)
    window.main.tabs.setCurrentWidget(window.main.curves_view)
    window.load(TWO)
    window.main.pages.set_theme(DARK)
    window.main.resize(1200, 760)
    surface.resize(500, 200)
    surface.set_theme(LIGHT)
    window.look_at(surface)
    assert (surface.axes.across, surface.axes.up) == (0, 1)
    assert surface.plot.image is not None


def test_the_check_of_another_network_is_not_shown(window: Window) -> None:
    window.load(FOUR)
    window.run(3)
    view = window.main.check_map_view
    window.look_at(view)
    view.findChild(QAbstractButton, "checkGradientsButton").click()
    window.main.document.set_value("layers[0].units", 2)
    window.wait(lambda: window.frame.record.sizes[1] == 2)
    window.qtbot.waitUntil(lambda: window.main.notices.task is None)
    assert view.report is None and not view.is_checking
    assert view.heat_map.blocks == ()


def test_the_check_of_another_number_is_not_shown(window: Window) -> None:
    window.run(1)
    part = Part("weight", 1, 0, 0)
    window.main.focus.select(part)
    view, frame = window.main.chain_rule_view, window.frame
    wrong = ParameterCheck(0.5, 0.7, 0.4, False)
    window.run(1)
    view.show_check(wrong, frame, part)
    assert "0.7" not in view._check.text
    view.show_check(wrong, window.frame, Part("weight", 1, 0, 1))
    assert "0.7" not in view._check.text
    view.show_check(wrong, window.frame, part)
    assert "0.7" in view._check.text


def test_a_value_half_typed_is_not_given_to_another_network(window: Window) -> None:
    graph = window.main.network_view
    graph.edit(Part("weight", 1, 0, 0))
    assert graph.editor.isVisible()
    window.main.document.new_seed()
    generation = window.frame.generation
    window.wait(lambda: window.frame.generation > generation)
    assert not graph.editor.isVisible()
    assert window.main.document.undo_stack.count() == 1


def test_a_probe_that_failed_is_asked_again_with_the_next_frame(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.load(TWO)
    with monkeypatch.context() as patch:
        patch.setattr("gui.training.worker.answer", lambda *args, **keywords: 1 / 0)
        window.main.tabs.setCurrentWidget(window.main.surface_view)
        window.wait(lambda: window.main.message_bar.text != "")
    window.run(1)
    window.look_at(window.main.surface_view)
    assert window.main.surface_view.plot.image is not None
