"""One update of one parameter, by hand; long trajectories are in test_trainer.py."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from engine.functions import OPTIMIZERS
from engine.functions.optimizers import Adam, AdamW, Momentum, Nesterov
from engine.functions.written_out import Term

P, G, RATE = 2.0, 0.5, 0.1


@pytest.mark.parametrize(
    ("name", "before", "step", "update"),
    [
        ("sgd", {}, 1, RATE * G),
        ("momentum", {"v": 1.0}, 2, RATE * (0.9 + G)),
        ("nesterov", {"v": 1.0}, 2, RATE * (G + 0.9 * (0.9 + G))),
        ("adagrad", {"s": 0.75}, 2, RATE * G / 1.0),
        ("rmsprop", {"s": 1.0}, 2, RATE * G / math.sqrt(0.99 + 0.0025)),
        # At its first step Adam's is the learning rate itself, whatever the gradient
        ("adam", {"m": 0.0, "v": 0.0}, 1, RATE),
        ("adamw", {"m": 0.0, "v": 0.0}, 1, RATE + RATE * 0.01 * P),
        ("adam", {"m": 0.2, "v": 0.04}, 3, None),
    ],
)
def test_one_update(name: str, before: dict[str, float], step: int, update: float | None) -> None:
    if update is None:
        m, v = 0.9 * 0.2 + 0.1 * G, 0.999 * 0.04 + 0.001 * G * G
        update = RATE * (m / (1 - 0.9**3)) / (math.sqrt(v / (1 - 0.999**3)) + 1e-8)
    found, new = OPTIMIZERS[name]().apply(P, G, before, RATE, step)
    assert found == pytest.approx(update, rel=2e-8)
    assert new == P - found


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_terms_are_the_numbers_of_the_pass(name: str) -> None:
    """A person who follows the terms by hand arrives at the update."""
    rule = OPTIMIZERS[name]()
    before = dict.fromkeys(rule.slots, 0.3)
    gradient = np.array([G])
    old, new = [np.array([0.3]) for _ in rule.slots], [np.empty(1) for _ in rule.slots]
    u = np.empty(1)
    c = [np.array(row[0]) for row in rule.coefficients(np.array([RATE]), np.array([4]))]
    for function, arguments in rule.update(np.array([P]), gradient, old, new, c, u):
        function(*arguments)
    assert gradient.tolist() == [G] and all(slot.tolist() == [0.3] for slot in old)
    after = {slot: float(array[0]) for slot, array in zip(rule.slots, new, strict=True)}
    found = rule.terms(P, G, before, after, RATE, 4, float(u[0]))
    terms = {term.symbol: term.value for term in found}
    for slot in rule.slots:
        assert terms[slot] == after[slot]
    by_hand = {
        "sgd": lambda: RATE * G,
        "momentum": lambda: RATE * terms["v"],
        "nesterov": lambda: RATE * (G + 0.9 * terms["v"]),
        "adagrad": lambda: RATE * G / (math.sqrt(terms["s"]) + 1e-10),
        "rmsprop": lambda: RATE * G / (math.sqrt(terms["s"]) + 1e-8),
        "adam": lambda: RATE * terms[r"\hat{m}"] / (math.sqrt(terms[r"\hat{v}"]) + 1e-8),
        "adamw": lambda: RATE * (terms[r"\hat{m}"] / (math.sqrt(terms[r"\hat{v}"]) + 1e-8) + 0.01 * P),
    }[name]()
    assert u[0] == pytest.approx(by_hand, rel=1e-13)
    assert rule.apply(P, G, before, RATE, 4)[0] == u[0]
    for term in found:
        assert term.made(*term.of) == pytest.approx(term.value, rel=1e-12)
        assert eval(_as_python(term), {"sqrt": math.sqrt}) == pytest.approx(term.value, rel=1e-12)
    assert found[-1].value == u[0]


def _as_python(term: Term) -> str:
    """What people read of a term, as Python would have it."""
    text = term.written([repr(number) for number in term.of]).replace("−", "-").replace("×", "*")
    text = re.sub(r"√([\d.e-]+)", r"sqrt(\1)", text).replace("√(", "sqrt(")
    return text.replace("²", "**2").replace("⁴", "**4")


def test_what_is_a_special_case_of_what() -> None:
    state: dict[str, Any] = {"v": 0.4}
    assert Momentum(0.0).apply(P, G, state, RATE, 3)[0] == RATE * G
    assert Nesterov(0.0).apply(P, G, state, RATE, 3)[0] == RATE * G
    moments = {"m": 0.1, "v": 0.2}
    assert AdamW(weight_decay=0.0).apply(P, G, moments, RATE, 3) == Adam().apply(P, G, moments, RATE, 3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_row_has_a_formula_and_a_label(name: str) -> None:
    rule = OPTIMIZERS[name]()
    assert rule.name == name and rule.label and r"\leftarrow" in rule.formula


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_parameter_without_a_gradient_stays_finite(name: str) -> None:
    rule = OPTIMIZERS[name]()
    update, new = rule.apply(P, 0.0, dict.fromkeys(rule.slots, 0.0), RATE, 1)
    assert update == pytest.approx(RATE * 0.01 * P if name == "adamw" else 0.0)
    assert math.isfinite(new)


FRACTION = r"\frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}"
MOMENTS = (
    r"m \leftarrow \beta_1\,m + (1 - \beta_1)\,g",
    r"v \leftarrow \beta_2\,v + (1 - \beta_2)\,g^{2}",
    r"\hat{m} \leftarrow \frac{m}{1 - \beta_1^{t}}",
    r"\hat{v} \leftarrow \frac{v}{1 - \beta_2^{t}}",
)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("sgd", [r"w \leftarrow w - \eta\,g"]),
        ("momentum", [r"v \leftarrow \mu\,v + g", r"w \leftarrow w - \eta\,v"]),
        ("nesterov", [r"v \leftarrow \mu\,v + g", r"w \leftarrow w - \eta\,(g + \mu\,v)"]),
        ("adagrad", [r"s \leftarrow s + g^{2}", r"w \leftarrow w - \eta\,\frac{g}{\sqrt{s} + \epsilon}"]),
        (
            "rmsprop",
            [
                r"s \leftarrow \rho\,s + (1 - \rho)\,g^{2}",
                r"w \leftarrow w - \eta\,\frac{g}{\sqrt{s} + \epsilon}",
            ],
        ),
        ("adam", [*MOMENTS, rf"w \leftarrow w - \eta\,{FRACTION}"]),
        ("adamw", [*MOMENTS, rf"w \leftarrow w - \eta\,({FRACTION} + \lambda\,w)"]),
    ],
)
def test_the_formula_is_the_textbooks(name: str, formula: list[str]) -> None:
    assert OPTIMIZERS[name]().formula.split(r",\ ") == formula


def test_a_count_is_never_rounded() -> None:
    lines = Adam().terms(P, G, {"m": 0.0, "v": 0.0}, {"m": 0.1, "v": 0.2}, RATE, 123_456, 0.05)
    corrected = next(line for line in lines if line.symbol == r"\hat{v}")
    assert corrected.of == (0.2, 0.999)
    assert corrected.written(["0.2", "0.999"]) == "0.2 / (1 − 0.999¹²³⁴⁵⁶)"
    assert corrected.made(0.3, 0.9) == pytest.approx(0.3)
