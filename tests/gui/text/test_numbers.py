"""Numbers read the same wherever they are written, and what is shown can be typed back."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.errors import ExperimentError
from engine.explain.expression import differentiate
from engine.functions.table import Range
from gui.lab.symbols import operation
from gui.lab.variables import RangeEnd
from gui.text.errors import localized
from gui.text.numbers import for_programs, full, short, tick, typed_number
from gui.widgets.number_box import NumberBox

ROOT = Path(__file__).resolve().parents[3]
CODE_IS_WRITTEN = ("engine/files/", "engine/mistakes/case_file.py", "engine/functions/traced.py")
"""Where numbers are written for programs, or as a program has them."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        ("-3", -3.0),
        ("−3,5", -3.5),
        (" 1/3 ", 1 / 3),
        ("-1 / 8", -0.125),
        (".5", 0.5),
        ("2.", 2.0),
        ("2e-3", 0.002),
        ("1E3/4", 250.0),
        ("0", 0.0),
        ("1e-400", 0.0),
        ("2·10⁻³", 0.002),
        ("−2.5 × 10^-8", -2.5e-8),
        ("2*10^3", 2000.0),
        ("10⁻⁸", 1e-8),
        ("-10⁻⁸/2", -5e-9),
    ],
)
def test_numbers_as_people_type_them(text: str, value: float) -> None:
    assert typed_number(text) == (value, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type a number"),
        ("abc", "'abc' is not a number"),
        ("1_000", "not a number"),
        ("1/2/3", "not a number"),
        ("0x1F", "not a number"),
        ("٣", "not a number"),
        ("1.2.3", "not a number"),
        ("2·10", "not a number"),
        ("210⁻³", "not a number"),
        ("1e10⁻³", "not a number"),
        ("inf", "not finite"),
        ("-Infinity", "not finite"),
        ("∞", "not finite"),
        ("nan", "not finite"),
        ("1/0", "divides by zero"),
        ("1e999", "too large"),
        ("1e300/1e-300", "too large"),
        ("1e999/1e999", "too large"),
    ],
)
def test_what_is_no_number_is_explained(text: str, said: str) -> None:
    value, reason = typed_number(text)
    assert value is None
    assert said in reason


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_in_full_can_be_typed_back(value: float) -> None:
    assert typed_number(full(value)) == (value, "")
    assert float(for_programs(value)) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [(2e-3, "0.002"), (8e-5, "8·10⁻⁵"), (1e-8, "1·10⁻⁸"), (-1.181e155, "−1.181·10¹⁵⁵"), (1e6, "1·10⁶")],
)
def test_a_number_reads_the_same_in_all_places(qtbot: QtBot, value: float, shown: str) -> None:
    assert {full(value), short(value), tick(value)} == {shown}
    anything = Range(-1e300, 1e300)
    box, end = NumberBox(anything), RangeEnd(Qt.AlignmentFlag.AlignLeft)
    qtbot.addWidget(box)
    qtbot.addWidget(end)
    box.set_value(value)
    end.show_number(value)
    assert {box.lineEdit().text(), end.text()} == {shown}
    error = ExperimentError("out_of_range", field="learning_rate", value=value, allowed="a number")
    assert shown in str(error)
    assert shown in localized(error)[0]
    assert str(Range(value, math.inf)) == f"at least {shown}"
    graph = differentiate(f"x + ({for_programs(value)})", x=1.0).graph
    assert operation(graph.formula, graph.formula.output, (1.0, value, 0.0)) == f"+ {shown}"


def test_a_field_takes_what_it_shows(qtbot: QtBot) -> None:
    box = NumberBox(Range(0.0, 1.0))
    qtbot.addWidget(box)
    given: list[object] = []
    box.edited.connect(given.append)
    for text in ("1e-8", "1·10⁻⁸", "10^-8", "1/100000000"):
        state, *_ = box.validate(text, 0)
        assert state == box.validate("1", 0)[0]
        box.lineEdit().setText(text)
        box.lineEdit().textEdited.emit(text)
        box.editingFinished.emit()
    assert given == [1e-8] * 4


def formatted(tree: ast.AST, kinds: str) -> Iterator[int]:
    """Lines at which something is formatted with a specification that ends so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            ends = [part.value for part in ast.walk(node.format_spec) if isinstance(part, ast.Constant)]
            if ends and str(ends[-1])[-1:] in kinds:
                yield node.lineno


def test_there_is_one_way_to_write_a_number() -> None:
    """No format of the window's own, nor one with e in what the engine says."""
    for path in [*(ROOT / "gui").rglob("*.py"), *(ROOT / "engine").rglob("*.py")]:
        name = path.relative_to(ROOT).as_posix()
        if name in ("gui/text/numbers.py", "engine/digits.py") or name.startswith(CODE_IS_WRITTEN):
            continue
        window = name.startswith("gui/")
        source = path.read_text(encoding="utf-8")
        if not re.search(r":[^'\"\n]*[efgn%,]\}|repr|QDouble", source):
            continue
        tree = ast.parse(source)
        for line in formatted(tree, "efgn%," if window else "eg%"):
            raise AssertionError(f"{name}:{line}: write the number with gui.text.numbers")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and window:
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert called not in ("repr", "QDoubleSpinBox", "QDoubleValidator"), (
                    f"{name}:{node.lineno}: write the number with gui.text.numbers"
                )
