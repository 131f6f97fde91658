"""A line that asks for no room of its own."""

from __future__ import annotations

from math import ceil

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from gui.style.fonts import tabular
from gui.widgets.one_line import SMALLER, OneLine, Span

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.mark.parametrize("align", ["left", "right"])
def test_words_give_way_and_numbers_never_do(qtbot: QtBot, align: str) -> None:
    line = OneLine(align=align)  # type: ignore[arg-type]
    qtbot.addWidget(line)
    number, sentence, short = "−6.251·10⁻⁵", "Each sample's share, summing to 0.002674", "sum 0.002674"

    def paint(width: float) -> str:
        line.resize(ceil(width), 20)
        line.grab()
        return line.painted

    def wide(text: str, *, bold: bool) -> float:
        return QFontMetricsF(tabular(line.font(), bold=bold)).horizontalAdvance(text)

    line.show_spans([Span("its share "), Span.number(number, -6.251e-5)], "whole")
    assert paint(2 * wide("its share " + number, bold=True)) == line.text == "its share " + number
    painted = paint(wide(number, bold=True))
    assert painted.endswith(number) and painted != line.text
    assert line.toolTip() == "whole"
    line.show_text(sentence, "strong")
    enough = wide(sentence, bold=True) * (SMALLER + 0.07)
    assert paint(enough) == line.text, "a little smaller, there is room"
    line.show_spans([Span(sentence, "strong")], "", [Span(short)])
    assert paint(enough) == line.text
    assert paint(wide(short, bold=False)) == short and line.text == sentence


def test_letters_get_smaller_until_there_is_room(qtbot: QtBot) -> None:
    """A little smaller is not always narrower, for letters stand in whole pixels."""
    line = OneLine(align="right")
    qtbot.addWidget(line)
    spans = [Span("its share "), Span.number("−0.02018", -0.02018)]
    line.show_spans(spans)
    plain, bold = tabular(line.font()), tabular(line.font(), bold=True)
    whole = sum(
        QFontMetricsF(font).horizontalAdvance(span.text)
        for font, span in zip((plain, bold), spans, strict=True)
    )
    for share in range(99, round(100 * SMALLER) + 6, -1):
        line.resize(ceil(share / 100 * whole), 20)
        line.grab()
        assert line.painted == line.text, share
