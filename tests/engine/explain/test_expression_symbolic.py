"""The closed form by SymPy, which is optional."""

from __future__ import annotations

import sys

import pytest

from engine.errors import ExpressionError
from engine.explain.expression import symbolic


def test_without_sympy_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sympy", None)
    assert symbolic("x^2", "x") is None


def test_a_text_that_cannot_be_read_is_refused_all_the_same() -> None:
    with pytest.raises(ExpressionError):
        symbolic("x +", "x")


def test_too_large_a_formula_has_none() -> None:
    lines = ["u0 = x", *(f"u{i + 1} = u{i} sin(u{i})" for i in range(60))]
    assert symbolic("\n".join(lines), "x") is None


class TestWithSympy:
    @pytest.fixture(autouse=True)
    def _needs_sympy(self) -> None:
        pytest.importorskip("sympy")

    @pytest.mark.parametrize(
        ("text", "latex"),
        [
            ("sin(x^2)", r"2 x \cos{\left(x^{2} \right)}"),
            ("u = x^2 + 1; u^3", r"6 x \left(x^{2} + 1\right)^{2}"),
            ("w1 x", "w_{1}"),
            ("0.5x^2", "x"),
            ("e^x", "e^{x}"),
            ("y", "0"),
        ],
    )
    def test_closed_form(self, text: str, latex: str) -> None:
        assert symbolic(text, "x") == latex

    def test_given_names_shadow_the_constants(self) -> None:
        assert symbolic("e x", "x", given=("e",)) == "e"
        assert symbolic("e x", "e") == "x"

    @pytest.mark.parametrize("text", ["9^9^9^9 x", "(3x)^1e9", "((7x)^99)^99", "x/0", "1.0001^1e6 x"])
    def test_huge_numbers_are_not_written_out(self, text: str) -> None:
        assert symbolic(text, "x") is None
