"""What is written can be read and what is drawn can be seen, on the grounds where they really stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor

from gui.style.sheet import style_sheet
from gui.style.theme import DARK, LIGHT, Theme, blend

pytestmark = pytest.mark.usefixtures("dressed")

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
TEXT, MARK = 4.5, 3.0
"""The least contrast by WCAG 2.2, of text (1.4.3) and of marks and the outlines of controls (1.4.11)."""

SIGNS = ("positive", "negative")
CONTROLS = ("QPushButton", "QToolButton", "QComboBox", "QAbstractSpinBox", "QLineEdit", "indicator")


def luminance(colour: str | QColor) -> float:
    """Relative luminance by WCAG."""
    shares = (part / 255 for part in QColor(colour).getRgb()[:3])  # type: ignore[index]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str | QColor, other: str | QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


def grounds(theme: Theme) -> dict[str, QColor]:
    """What things are drawn on: areas, pale tints of signs and of verdicts."""
    found = {name: QColor(getattr(theme, name)) for name in ("window", "surface", "field", "canvas")}
    found |= {f"{sign}_fill": QColor(getattr(theme, f"{sign}_fill")) for sign in SIGNS}
    found["strip"] = blend(theme.surface, theme.warning, 0.1)
    found["wrong"], found["right"] = (blend(theme.surface, c, 0.12) for c in (theme.bad, theme.good))
    found["lit"] = blend(theme.surface, theme.selection, 0.1)
    return found


@THEMES
def test_text_can_be_read_on_every_ground(theme: Theme) -> None:
    everywhere = ("text", "muted", *SIGNS, "selection")
    written = {ground: everywhere for ground in grounds(theme)}
    written["surface"] = written["canvas"] = (*everywhere, "good", "bad", "warning")
    written["wrong"], written["right"] = ("text", "muted", "bad"), ("text", "muted", "good")
    written["window"] = ("text", "muted")  # of the menus and the status bar
    written["strip"], written["lit"] = ("text", "muted"), ("text", "muted", "selection")
    faint = {
        (name, ground): round(contrast(getattr(theme, name), grounds(theme)[ground]), 2)
        for ground, names in written.items()
        for name in names
        if contrast(getattr(theme, name), grounds(theme)[ground]) < TEXT
    }
    assert faint == {}
    for ground in (theme.chosen, *(blend(theme.surface, theme.selection, share) for share in (0.1, 0.2))):
        assert contrast(theme.text, ground) >= TEXT
    assert contrast(theme.accent_text, theme.accent) >= TEXT


@THEMES
def test_marks_and_outlines_of_controls_can_be_seen(theme: Theme) -> None:
    for ground in ("window", "surface", "field", "canvas"):
        for name in ("control", "text", "muted", *SIGNS, "selection", "good", "bad", "warning"):
            assert contrast(getattr(theme, name), getattr(theme, ground)) >= MARK, (name, ground)


@THEMES
def test_signs_the_selection_and_verdicts_are_told_apart(theme: Theme) -> None:
    """Each hue has one meaning: no two of them are near each other."""
    hues = {name: QColor(getattr(theme, name)).hslHue() for name in (*SIGNS, "selection", "good", "bad")}
    for one, first in hues.items():
        for other, second in hues.items():
            if one < other:
                away = abs(first - second)
                assert min(away, 360 - away) >= 20, (one, other)


def rules(theme: Theme) -> Iterator[tuple[str, dict[str, str]]]:
    """The rules of the sheet, each selector by itself."""
    for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", style_sheet(theme)):
        said = dict(re.findall(r"([\w-]+):\s*([^;]+);", body))
        for selector in selectors.split(","):
            yield selector.strip(), said


@THEMES
def test_the_sheet_writes_what_can_be_read(theme: Theme) -> None:
    written = 0
    for selector, said in rules(theme):
        for colour, ground in (("color", "background"), ("selection-color", "selection-background-color")):
            pair = said.get(colour, ""), said.get(ground, "")
            if all(each.startswith("#") for each in pair) and ":disabled" not in selector:
                written += 1
                assert contrast(*pair) >= TEXT, (selector, pair)
    assert written > 40


@THEMES
def test_the_sheet_outlines_controls_so_that_they_are_seen(theme: Theme) -> None:
    seen = 0
    for selector, said in rules(theme):
        outline = re.search(r"#\w{6}", said.get("border", ""))
        is_control = any(control in selector for control in CONTROLS)
        if outline is None or not is_control or ":disabled" in selector:
            continue
        seen += 1
        # the tour's bubble is dark in the light theme, and light in the dark one
        below = theme.accent if "#tourBubble" in selector else theme.surface
        for ground in (said.get("background", below), below):
            if ground.startswith("#") and outline[0] != ground:
                assert contrast(outline[0], ground) >= MARK, (selector, outline[0], ground)
    assert seen >= 20
