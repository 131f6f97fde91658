"""The strip that says what the phase computes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.functions import OPTIMIZERS
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from gui.document.focus import Focus
from gui.panels.phases import FormulaStrip
from gui.style.equation import typeset_all
from gui.style.theme import LIGHT
from tests.gui.language import quoted, spoken
from tests.gui.panels.phases.frames import make_frame

UPSTREAM = Phase(PhaseKind.FACTOR, 2, factor=FactorKind.UPSTREAM)


@pytest.fixture
def strip(qtbot: QtBot) -> FormulaStrip:
    strip = FormulaStrip(Focus())
    qtbot.addWidget(strip)
    strip.resize(760, strip.sizeHint().height())
    strip.show()
    return strip


def picture(strip: FormulaStrip) -> QImage:
    strip.grab()  # asks for its formulas
    typeset_all()
    return strip.grab().toImage()


def test_it_names_the_phase(strip: FormulaStrip) -> None:
    strip.show_frame(make_frame(Phase(PhaseKind.BACKWARD, 2)))
    assert strip.text == strip.accessibleName() == "Backward · layer 2"
    assert strip.formula == r"\delta^{(2)} = (W^{(3)} \delta^{(3)}) \odot \sigma'(z^{(2)})"
    strip.forget()
    assert strip.text == strip.formula == ""


def test_it_names_factor_and_formula_of_what_is_selected(strip: FormulaStrip) -> None:
    strip.show_frame(make_frame(UPSTREAM))
    focus = strip._focus
    for unit in (0, 1):
        focus.select(Part("weight", 2, unit, 3))
        assert strip.text == "Upstream gradient · layer 2"
        number = unit + 1
        assert strip.formula.startswith(rf"\partial L/\partial a^{{(2)}}_{{{number}}} = \sum_k")
    strip.set_hint("by layer")
    assert strip.hint == "by layer" and "by layer" in strip.toolTip()


def test_it_speaks_the_language(strip: FormulaStrip) -> None:
    strip.show_frame(make_frame())
    with spoken(quoted):
        assert strip.text == "«Whole step»"
    assert strip.text == "Whole step"


@pytest.mark.parametrize("width", [900, 480])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_whole_formula_of_an_update_lies_in_its_line(
    strip: FormulaStrip, optimizer: str, width: int
) -> None:
    strip.resize(width, strip.height())
    strip.show_frame(make_frame(optimizer=optimizer))
    with_formula = picture(strip)
    strip._formula = ""
    without = picture(strip)
    places = [
        (x, y)
        for x in range(with_formula.width())
        for y in range(with_formula.height())
        if with_formula.pixel(x, y) != without.pixel(x, y)
    ]
    assert places
    columns, rows = zip(*places, strict=True)
    assert max(columns) < width - 8
    assert min(rows) >= 1 and max(rows) < strip.height() * 0.62


def test_it_never_changes_its_height_nor_asks_for_width(strip: FormulaStrip) -> None:
    height = strip.sizeHint().height()
    for phase in (None, UPSTREAM, Phase(PhaseKind.LOSS), Phase(PhaseKind.BACKWARD, 0, 2)):
        strip.show_frame(make_frame(phase, optimizer="adamw"))
        picture(strip)
        QCoreApplication.processEvents()
        assert (strip.sizeHint().height(), strip.minimumSizeHint().width()) == (height, 0)
    strip.set_theme(LIGHT)
