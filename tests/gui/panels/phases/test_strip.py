"""The strip that says what the phase computes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine import Layer
from engine.functions import OPTIMIZERS
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from gui.document.focus import Focus
from gui.panels.phases import FormulaStrip
from gui.panels.phases.arithmetic import Number, Symbol
from gui.panels.phases.strip import in_a_line
from gui.style.equation import typeset_all, typeset_soon
from gui.style.theme import DARK, LIGHT, Theme
from gui.training.probe import Probe
from tests.gui.language import quoted, spoken
from tests.gui.panels.phases.frames import make_frame

pytestmark = pytest.mark.usefixtures("dressed")

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
    assert strip.text == strip.accessibleName() == "Backward 2"
    assert strip.formula == r"\delta^{(2)} = (W^{(3)} \delta^{(3)}) \odot \sigma'(z^{(2)})"
    strip.forget()
    assert strip.text == strip.formula == ""


def test_it_names_factor_and_formula_of_what_is_selected(strip: FormulaStrip) -> None:
    strip.show_frame(make_frame(UPSTREAM))
    focus = strip._focus
    for unit in (0, 1):
        focus.select(Part("weight", 2, unit, 3))
        assert strip.text == "Upstream gradient · Hidden 2"
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
    strip._lines = []
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


def test_the_numbers_are_those_of_what_is_selected_and_of_the_sample(strip: FormulaStrip) -> None:
    frame = make_frame(Phase(PhaseKind.BACKWARD, 2))
    strip.show_frame(frame)
    focus = strip._focus
    focus.show_frame(frame)
    for part, sample, unit in ((None, 0, 0), (Part("weight", 2, 1, 3), 4, 1), (Part("unit", 2, 3), 2, 3)):
        focus.select(part)
        focus.show_sample(sample)
        assert strip.worked is not None and strip.worked.about == f"unit {unit + 1} · sample {sample + 1}"
        assert strip.worked.equations[0].result == frame.record.delta[1][sample, unit]
        assert strip.accessibleDescription() == f"{strip.worked.about}: {strip.worked.spoken}"
        assert strip.worked.spoken in strip.toolTip().replace("<br>", "\n") or "<" in strip.toolTip()


@pytest.mark.parametrize("width", [900, 480, 400, 320])
def test_a_line_loses_its_beginning_but_no_digit(strip: FormulaStrip, width: int) -> None:
    strip.resize(width, strip.height())
    frame = make_frame(Phase(PhaseKind.BACKWARD, 1))
    strip.show_frame(frame)
    picture(strip)
    assert strip.worked is not None
    numbers = {piece.text for line in strip.worked.lines() for piece in line if isinstance(piece, Number)}
    *_, result = (piece for piece in next(strip.worked.lines()) if isinstance(piece, Number))
    assert strip.painted.endswith(result.text)
    assert set(re.findall(r"−?\d+\.\d+", strip.painted)) <= {text.strip("()") for text in numbers}
    if width < 900:
        assert strip.painted.startswith("…")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_numbers_have_the_colours_of_their_signs_and_the_result_a_line(
    strip: FormulaStrip, theme: Theme, dress: Callable[[Theme], None]
) -> None:
    dress(theme)
    strip.set_theme(theme)
    strip.resize(1300, strip.height())
    strip.show_frame(make_frame(Phase(PhaseKind.FORWARD, 1)))
    image = picture(strip)
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {theme.positive, theme.negative} <= seen
    ink = QColor(theme.text).name()
    low = range(image.height() * 3 // 4, image.height() - 3)
    runs = [sum(image.pixelColor(x, y).name() == ink for x in range(image.width())) for y in low]
    assert max(runs) > 60  # two results are underlined


@pytest.mark.parametrize("width", [1300, 760, 480, 300])
def test_the_longest_line_that_fits_is_drawn_and_the_result_always(strip: FormulaStrip, width: int) -> None:
    layers = Layer(30, "tanh"), Layer(20, "sigmoid"), Layer(3, "softmax")
    strip.resize(width, strip.height())
    for phase in (Phase(PhaseKind.FORWARD, 2), Phase(PhaseKind.BACKWARD, 1), Phase(PhaseKind.LOSS)):
        strip.show_frame(make_frame(phase, layers=layers))
        strip._formula = ""
        with_numbers = picture(strip)
        strip._lines = []
        without = picture(strip)
        changed = [
            x
            for x in range(width)
            for y in range(with_numbers.height())
            if with_numbers.pixel(x, y) != without.pixel(x, y)
        ]
        assert changed and max(changed) < width - 8


def test_how_the_data_were_scaled_is_asked_for_once(strip: FormulaStrip) -> None:
    asked: list[Probe] = []
    strip.probe_requested.connect(asked.append)
    strip.show_frame(make_frame(Phase(PhaseKind.LOSS)))
    assert not asked
    for _ in range(2):
        strip.show_frame(make_frame(Phase(PhaseKind.INPUT)))
    assert len(asked) == 1 and len(asked[0]) == 1


@pytest.mark.parametrize(
    "phase", [Phase(PhaseKind.BACKWARD, 0, 0), Phase(PhaseKind.FORWARD, 0, 2), Phase(PhaseKind.BACKWARD, 1)]
)
def test_no_line_is_blank_when_a_phase_comes(qtbot: QtBot, strip: FormulaStrip, phase: Phase) -> None:
    """What the phases of a step show is laid out before they are shown."""
    strip.show_frame(make_frame(Phase(PhaseKind.LOSS)))
    late = QLabel()
    qtbot.waitUntil(lambda: not strip._ahead.isActive())
    typeset_all()
    strip.show_frame(make_frame(phase))
    asked = [strip.formula] if strip.formula else []
    assert asked and all(typeset_soon(in_a_line(formula), late) for formula in asked)
    assert strip.worked is not None
    symbols = [piece.latex for line in strip.worked.lines() for piece in line if isinstance(piece, Symbol)]
    assert symbols and all(typeset_soon(latex, late) for latex in symbols)


def test_it_never_changes_its_height_nor_asks_for_width(strip: FormulaStrip) -> None:
    height = strip.sizeHint().height()
    for phase in (None, UPSTREAM, Phase(PhaseKind.LOSS), Phase(PhaseKind.BACKWARD, 0, 2)):
        strip.show_frame(make_frame(phase, optimizer="adamw"))
        picture(strip)
        QCoreApplication.processEvents()
        assert (strip.sizeHint().height(), strip.minimumSizeHint().width()) == (height, 0)
    strip.set_theme(LIGHT)
