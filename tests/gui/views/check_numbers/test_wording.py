"""What is said of one number beside the true one."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from engine.errors import StepError
from engine.parts import Part
from engine.phases import FactorKind, PhaseKind
from gui.text.errors import localized
from gui.views.check_numbers.wording import listed, part_of, relation, sample_of, shown_by, summary, symbol
from tests.gui.language import spoken


@pytest.mark.parametrize(
    ("yours", "true", "precision", "said"),
    [
        (0.125, 1.0, 0.0, "true ÷ 8"),
        (3.0, 1.0, 0.0, "true × 3"),
        (-2.0, 2.0, 0.0, "−true"),
        (-4.0, 2.0, 0.0, "−true × 2"),
        (0.0, 2.0, 0.0, "0"),
        (0.3, 0.0, 0.0, "true is 0"),
        (0.31, 1.0, 0.0, "true × 0.31"),
        (0.12504, 1.0, 0.0, "true × 0.1250"),  # not 1/8, as it has all its digits
        (0.0125, 0.1002, 0.004, "true ÷ 8"),  # and 1/8, as far as its digits say
        (0.016, 1.0, 0.03, "true × 0.016"),  # 60 to 65 are all possible
        (1.0004, 1.0, 0.001, "true × 1.0004"),  # wrong, so never said to be true
        (float("nan"), 1.0, 0.0, "not finite"),
    ],
)
def test_relations(yours: float, true: float, precision: float, said: str) -> None:
    assert relation(yours, true, True, precision) == said
    assert relation(yours, true, False, precision) == "= true"


def test_where_numbers_belong() -> None:
    assert symbol("delta2") == "δ⁽²⁾" and symbol("loss") == "L" and symbol("dW") == "∂L/∂W"
    assert part_of("dW2", (3, 1)) == Part("weight", 2, 1, 3)
    assert part_of("b1", (2,)) == Part("bias", 1, 2)
    assert part_of("a1", (5, 2)) == Part("unit", 1, 2) and sample_of("a1", (5, 2)) == 5
    assert part_of("loss", ()) == Part("loss") and sample_of("W1", (0, 0)) is None


def test_softmax_has_one_factor_where_others_have_two() -> None:
    _, phase = shown_by("delta2", (0, 0), ("softmax_diagonal",), [True, False])
    assert phase.kind is PhaseKind.FACTOR and phase.factor is FactorKind.DELTA


def test_lists_have_the_mark_of_their_language(qapp: QApplication) -> None:
    assert listed(["dW1", "db1"]) == "dW1, db1" and summary(1, 1) == ("✓ right: 1", "✗ wrong: 1")
    error = StepError("start_missing", names="W1 before, W2 before")
    with spoken(lambda text: {"{names}, {name}": "{names}、{name}"}.get(text, text)):
        assert listed(["dW1", "{db1}", "W1"]) == "dW1、{db1}、W1"
        assert "W1 before、W2 before" in localized(error)[0]
