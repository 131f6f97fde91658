"""A line that asks for no room of its own."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.one_line import OneLine, Span


@pytest.mark.parametrize("align", ["left", "right"])
def test_words_give_way_and_numbers_never_do(qtbot: QtBot, align: str) -> None:
    line = OneLine(align=align)  # type: ignore[arg-type]
    qtbot.addWidget(line)
    line.show_spans([Span("its share "), Span.number("−6.251·10⁻⁵", -6.251e-5)], "whole")
    line.resize(300, 20)
    line.grab()
    assert line.painted == line.text == "its share −6.251·10⁻⁵"
    line.resize(90, 20)
    line.grab()
    assert line.painted.endswith("−6.251·10⁻⁵") and line.painted != line.text
    assert line.toolTip() == "whole"
    line.show_text("Each sample's share, summing to 0.002674", "strong")
    line.resize(230, 20)
    line.grab()
    assert line.painted == line.text, "a little smaller, there is room"
    line.show_spans([Span("Each sample's share, summing to 0.002674", "strong")], "", [Span("sum 0.002674")])
    line.grab()
    assert line.painted == line.text
    line.resize(120, 20)
    line.grab()
    assert line.painted == "sum 0.002674" and line.text.startswith("Each")
