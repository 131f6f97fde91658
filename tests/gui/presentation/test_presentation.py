"""The presentation: read from the back row, the inspector's own numbers, and gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from gui.document.examples import PRESETS
from gui.presentation.mode import KEYS
from gui.presentation.strip import NUMBER, SMALLEST_NUMBER, Tile, Tiles
from gui.style.equation import typeset_all
from gui.style.fonts import px, scale, tabular
from gui.training.messages import Frame, Seek
from gui.views.network.writing import Writing
from tests.conftest import PatientBot
from tests.gui.driver import Driver


class Window(Driver):
    """A window with a weight of the circles' network selected, mid backward pass."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, size=(1440, 900))
        self.open(PRESETS["circles"].experiment, PRESETS["circles"].dataset)
        self.run(3)
        self.seek(Phase(PhaseKind.BACKWARD, 1))
        self.main.focus.select(Part("weight", 2, 0, 1))
        self.main.focus.show_sample(4)

    def open(self, experiment: Experiment, dataset: Dataset) -> None:
        generation = self.frame.generation
        self.main.document.open_problem(experiment, dataset)
        self.wait(lambda: self.frame.generation > generation)

    def seek(self, phase: Phase | None) -> Frame:
        number = self.main.submit(Seek(2, phase))
        self.wait(lambda: self.frame.request >= number)
        return self.frame

    def present(self, width: int = 1280, height: int = 720) -> None:
        self.main.resize(width, height)
        self.action("presentAction").trigger()
        self.main.presentation._fit()
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()
            typeset_all()

    def key(self, name: str) -> None:
        self.child(QShortcut, f"present{name}").activated.emit()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.main.presentation.end()
    window.close()


def pixels(widget: QWidget) -> float:
    return float(QFontInfo(widget.font()).pixelSize())


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.usefixtures("dressed")
def test_it_can_be_read_from_the_back_row(
    window: Window, size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    font = Writing.font

    def noted(self: Writing, pixels: float, bold: bool = False) -> object:
        asked.append(int(pixels))
        return font(self, pixels, bold)

    monkeypatch.setattr(Writing, "font", noted)
    window.main.appearance.set_language(language)
    try:
        window.present(*size)
        asked.clear()
        window.main.grab()
        least, main = 0.022 * size[1] - 0.5, 0.025 * size[1] - 0.5  # letters stand in whole pixels
        strip = window.main.presentation.strip
        numbers = {tile.text for tile in strip.cards.tiles}
        assert len(strip.cards.pixel_sizes) >= 2 * len(strip.cards.tiles)
        for text, height in strip.cards.pixel_sizes:
            assert height >= (main if text in numbers else least), text
        main_window = window.main
        seen = [
            *(label for label in main_window.findChildren(QLabel) if label.isVisible() and label.text()),
            *(each for each in main_window.findChildren(QAbstractButton) if each.isVisible() and each.text()),
            *(combo for combo in main_window.findChildren(QComboBox) if combo.isVisible()),
        ]
        assert len(seen) > 8
        assert [(each.objectName(), pixels(each)) for each in seen if pixels(each) < least] == []
        assert (
            pixels(window.main.pages.centre.strip) >= main
            and pixels(window.main.pages.centre.ribbon) >= least
        )
        # on the graph only digits in a circle too small for them may be written smaller
        assert asked and min(asked) >= 0.02 * size[1] - 0.5
    finally:
        window.main.appearance.set_language("en")


def test_a_number_on_a_card_is_whole_however_narrow_it_is(qtbot: QtBot) -> None:
    numbers = ("0.2018", "−0.02110", "−4.346·10⁻⁵")
    cards = Tiles()
    qtbot.addWidget(cards)
    cards.set_tiles(tuple(Tile("share", text, "their shares", 1.0, is_symbol=False) for text in numbers))
    wide = QFontMetricsF(tabular(cards.font(), NUMBER, bold=True)).horizontalAdvance(numbers[-1])
    for share in range(100, round(100 * SMALLEST_NUMBER / NUMBER) + 5, -2):
        cards.resize(round(3 * (share / 100 * wide + px(10)) + 2 * px(22) + 2), 84)
        cards.grab()
        assert set(numbers) <= {text for text, _ in cards.pixel_sizes}, share


@pytest.mark.usefixtures("dressed")
def test_only_the_graph_and_its_chain_rule_are_seen(window: Window) -> None:
    main = window.main
    aside = [main.menuBar(), main.statusBar(), main.run_controls, main.timeline, main.diagnosis_strip]
    aside += [main.pages.tabs_dock, *main.pages.docks.values()]
    window.present()
    assert not any(widget.isVisible() for widget in aside)
    assert not window.child(QToolBar, "drawerBar").isVisible()
    seen = [main.network_view, main.presentation.strip, main.presentation.bar, main.pages.centre.ribbon]
    assert all(widget.isVisible() for widget in [*seen, main.pages.centre.strip])
    assert main.network_view.height() > 0.45 * main.height()


@pytest.mark.usefixtures("dressed")
def test_the_drawer_has_no_handle_meanwhile(window: Window) -> None:
    bar = window.child(QToolBar, "drawerBar")
    try:
        window.main.resize(1024, 600)
        window.main.appearance.set_text_size(150)
        window.settle()
        assert bar.isVisible()
        window.action("presentAction").trigger()
        assert not bar.isVisible()
        window.main.presentation.end()
        assert bar.isVisible()
    finally:
        window.main.appearance.set_text_size(100)


@pytest.mark.usefixtures("dressed")
def test_what_was_there_before_comes_back(window: Window) -> None:
    main = window.main
    main.pages.docks["breakpoints_panel"].show()
    main.pages.docks["setup_panel"].hide()
    main.tabs.setCurrentIndex(2)
    main.appearance.set_text_size(110)
    window.settle()

    def state() -> tuple[Any, ...]:
        own = main.presentation.bar
        widgets = [each for each in main.findChildren(QWidget) if each.objectName() and not each.isWindow()]
        widgets = [each for each in widgets if each.objectName() != "focusRing"]  # it goes with the keys
        hidden = [w.objectName() for w in widgets if w.isHidden() and not own.isAncestorOf(w)]
        tabs = [main.tabs.tabText(index) for index in range(main.tabs.count())]
        front = main.tabs.currentWidget().objectName()
        docks = [*main.pages.docks.values(), main.pages.tabs_dock, main.network_view]
        places = [dock.geometry().getRect() for dock in docks if dock.isVisible()]
        return np.array(places), hidden, tabs, front, scale(), main.size()

    before = state()
    for _ in range(2):
        window.present(1440, 900)
        window.key("S")
        window.key("H")
        window.settle()
        assert scale() > 1.3
        window.key("Esc")
        window.settle()
        again = state()
        assert set(again[1]) ^ set(before[1]) == set()
        assert again[2:] == before[2:]
        assert again[0] == pytest.approx(before[0], abs=1)
    main.appearance.set_text_size(100)


@pytest.fixture(scope="module")
def shared(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window that is presented again and again."""
    window = Window(PatientBot(request))
    yield window
    window.close()


@pytest.mark.parametrize("part", [Part("weight", 2, 0, 1), Part("bias", 1, 2), Part("unit", 2, 1)])
@pytest.mark.parametrize("phase", [None, Phase(PhaseKind.BACKWARD, 1), Phase(PhaseKind.FORWARD, 2)])
def test_its_numbers_are_those_of_the_inspector(shared: Window, part: Part, phase: Phase | None) -> None:
    window = shared
    inspector = window.main.chain_rule_view
    window.main.focus.select(part)
    frame = window.seek(phase)
    cards, headline = inspector.cards, inspector.headline
    gradient = headline.value
    window.present()
    tiles = window.main.presentation.strip.cards.tiles
    assert [tile.value for tile in tiles[: len(cards)]] == [card.value for card in cards]
    if all(card.value is not None for card in cards):
        for tile, card in zip(tiles, cards, strict=False):  # more digits where the sum needs them
            assert tile.text == card.written or len(tile.text) > len(card.written)
    framed = next(tile for tile in tiles if tile.is_framed)
    assert framed.value == gradient
    if gradient is not None:
        share, others = tiles[len(cards)].value, tiles[len(cards) + 1].value
        assert share is not None and others is not None
        assert share + others == pytest.approx(gradient, rel=1e-9, abs=1e-15)
    if part.is_parameter:
        after = (
            frame.record.weights_after[1][1, 0] if part.kind == "weight" else frame.record.biases_after[0][2]
        )
        updated = phase is None or phase.kind is PhaseKind.UPDATE
        assert tiles[-1].value == (after if updated else None)
    window.main.presentation.end()


def test_cards_appear_as_stepped(window: Window) -> None:
    window.present()
    window.seek(Phase(PhaseKind.INPUT))
    tiles = window.main.presentation.strip.cards.tiles
    assert [tile.text for tile in tiles] == ["?"] * len(tiles)
    window.seek(Phase(PhaseKind.BACKWARD, 2))
    tiles = window.main.presentation.strip.cards.tiles
    assert [tile.text == "?" for tile in tiles] == [False] * 6 + [True]


def test_softmax_has_its_one_card(window: Window) -> None:
    numbers = np.random.default_rng(1)
    data = Dataset.from_arrays(numbers.normal(size=(12, 2)), np.arange(12) % 3, kind="multiclass")
    window.open(Experiment((Layer(3, "tanh"), Layer(3, "softmax")), "cross_entropy", batch_size=4), data)
    window.run(3)
    window.main.focus.select(Part("weight", 2, 0, 1))
    window.seek(None)
    window.present()
    tiles = window.main.presentation.strip.cards.tiles
    assert len(tiles) == 6 and tiles[0].value is not None
    product = tiles[0].value * (tiles[1].value or 0.0)
    assert product == pytest.approx(tiles[2].value, rel=1e-12)


def test_keys_choose_the_sample_swap_and_veil(window: Window) -> None:
    main = window.main
    assert not window.child(QShortcut, "present3").isEnabled()
    window.present()
    for place, key in enumerate(KEYS):
        window.key(key)
        assert main.focus.sample == min(place, window.frame.record.batch - 1)
    window.key("S")
    assert main.surface_view.isVisible() and not main.network_view.isVisible()
    window.key("S")
    assert main.network_view.isVisible() and not main.surface_view.isVisible()
    shown = [tile.value for tile in main.presentation.strip.cards.tiles]
    window.key("H")
    assert all(tile.value is None for tile in main.presentation.strip.cards.tiles)
    window.key("H")
    assert [tile.value for tile in main.presentation.strip.cards.tiles] == shown


def test_a_click_on_a_card_lights_its_unit(window: Window) -> None:
    window.present()
    cards = window.main.presentation.strip.cards
    place = cards.places()[2]
    QTest.mouseClick(cards, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert window.main.network_view.hovered == Part("unit", 1, 1)


@pytest.mark.usefixtures("dressed")
def test_it_grows_with_the_window(window: Window) -> None:
    window.present(1280, 720)
    small = scale()
    window.main.resize(1920, 1080)
    window.wait(lambda: scale() == pytest.approx(1.5 * small))


def test_the_window_can_be_closed_within_it(window: Window) -> None:
    window.present()
    window.main.close()
    assert scale() == pytest.approx(1.0)
