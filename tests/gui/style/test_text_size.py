"""The text's size is the one scale: fonts, lengths of the sheet, icons and pictures follow it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.kept import TEXT_SIZE, Kept
from gui.style.appearance import FONT_POINTS, TEXT_SIZES, Appearance
from gui.style.fonts import px, scale, tabular
from gui.style.icons import bars, drawn, run_icon
from gui.style.sheet import style_sheet
from gui.style.theme import LIGHT
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    appearance = Appearance(qapp, "en", "light")
    yield appearance
    appearance.set_text_size(100)


def lengths(unit: str) -> list[float]:
    return [float(number) for number in re.findall(rf"(\d+(?:\.\d+)?){unit}\b", style_sheet(LIGHT))]


@pytest.mark.parametrize("percent", TEXT_SIZES)
def test_everything_has_one_scale(percent: int, appearance: Appearance) -> None:
    usual = lengths("px"), lengths("pt")
    appearance.set_text_size(percent)
    assert scale() == pytest.approx(percent / 100)
    assert QApplication.font().pointSizeF() == pytest.approx(FONT_POINTS * percent / 100)
    assert px(40) == round(40 * percent / 100)
    for before, now in zip(usual[0], lengths("px"), strict=True):
        exact = before * percent / 100
        assert now == pytest.approx(max(1, round(exact)) if before >= 1 else exact)
    assert lengths("pt") == pytest.approx([n * percent / 100 for n in usual[1]])


def test_a_font_of_its_own_keeps_its_proportion(appearance: Appearance, qtbot: QtBot) -> None:
    label = QLabel("0.8462")
    qtbot.addWidget(label)
    label.setFont(tabular(label.font(), 0.85, bold=True))
    label.show()
    for change in (
        lambda: appearance.set_text_size(200),
        lambda: appearance.set_theme("dark"),
        lambda: appearance.set_language("zh_CN"),
        lambda: appearance.set_text_size(150),
        lambda: appearance.set_theme("light"),
        lambda: appearance.set_language("en"),
    ):
        change()
        assert label.font().pointSizeF() == pytest.approx(0.85 * FONT_POINTS * scale())
        assert label.font().bold()


def test_it_goes_by_steps_and_is_kept(appearance: Appearance, qapp: QApplication) -> None:
    appearance.larger()
    appearance.larger()
    assert appearance.text_size == TEXT_SIZES[2]
    assert Kept().get(TEXT_SIZE) == TEXT_SIZES[2]
    assert Appearance(qapp, "en", "light").text_size == TEXT_SIZES[2]
    appearance.set_text_size(1000)
    appearance.larger()
    assert appearance.text_size == 250
    appearance.usual_size()
    appearance.smaller()
    assert appearance.text_size == 100


def test_the_window_follows_at_once(qtbot: QtBot) -> None:
    driver = Driver(qtbot, size=(1920, 1080))
    window = driver.main
    try:
        name = driver.child(QLabel, "lossReadOut")
        before = QFontMetricsF(name.font()).height(), window.run_controls.iconSize().width()
        driver.action("largerTextAction").trigger()
        driver.action("largerTextAction").trigger()
        driver.action("largerTextAction").trigger()
        assert window.appearance.text_size == 150
        assert QFontMetricsF(name.font()).height() == pytest.approx(1.5 * before[0], rel=0.06)
        assert window.run_controls.iconSize().width() == round(1.5 * before[1])
        assert window.network_view.font().pointSizeF() == pytest.approx(1.5 * FONT_POINTS)
        driver.action("usualTextAction").trigger()
        assert QFontMetricsF(name.font()).height() == pytest.approx(before[0])
    finally:
        window.appearance.set_text_size(100)
        driver.close()


def test_the_read_outs_stay_in_larger_text(qtbot: QtBot) -> None:
    driver = Driver(qtbot, size=(1440, 900))
    window = driver.main
    try:
        window.appearance.set_text_size(150)
        driver.wait(lambda: window.run_controls.read_outs.isVisible())
        assert window.run_controls.sizeHint().width() <= window.width()
    finally:
        window.appearance.set_text_size(100)
        driver.close()


@pytest.mark.parametrize("pixels", [16, 24, 32, 40])
def test_an_icon_is_as_large_as_it_is_asked_to_be(qapp: QApplication, pixels: int) -> None:
    for icon in (run_icon("#000000", "#808080"), drawn(bars, "#000000", "#808080")):
        picture = icon.pixmap(QSize(pixels, pixels)).toImage()
        assert (picture.width(), picture.height()) == (pixels, pixels)
        inked = [x for x in range(pixels) for y in range(pixels) if picture.pixelColor(x, y).alpha() > 100]
        assert max(inked) - min(inked) >= 0.5 * pixels
