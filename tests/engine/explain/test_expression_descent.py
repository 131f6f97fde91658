"""Gradient descent on a typed function, against a loop of its own."""

from __future__ import annotations

import pytest

from engine.explain.expression import differentiate
from engine.explain.expression.descent import descend


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_valley(momentum: float) -> None:
    graph = differentiate("x^2 + 10y^2", x=1.0, y=-1.0).graph
    path = descend(graph, ("x", "y"), 0.04, momentum, 25)
    x, y, vx, vy = 1.0, -1.0, 0.0, 0.0
    for step in path.steps:
        assert step.point == pytest.approx((x, y), rel=1e-13)
        assert step.value == pytest.approx(x * x + 10 * y * y, rel=1e-13)
        vx, vy = momentum * vx + 2 * x, momentum * vy + 20 * y
        assert step.gradient == pytest.approx((2 * x, 20 * y), rel=1e-13)
        assert step.velocity == pytest.approx((vx, vy), rel=1e-13)
        x, y = x - 0.04 * vx, y - 0.04 * vy
        assert step.next == pytest.approx((x, y), rel=1e-13)
    assert (len(path.steps), len(path.points), path.stopped) == (25, 26, None)
    assert path.last == pytest.approx(x * x + 10 * y * y)


def test_one_variable_moves_and_the_other_stays() -> None:
    path = descend(differentiate("(x - a)^2", x=0.0, a=3.0).graph, ("x",), 0.5, steps=1)
    assert path.points == ((0.0,), (3.0,))


def test_it_says_where_the_function_ends() -> None:
    path = descend(differentiate("ln(x)", x=0.5).graph, ("x",), 1.0)
    assert path.points == ((0.5,), (-1.5,))
    assert path.last is None
    assert path.stopped is not None and path.stopped.kind == "log_domain"


def test_it_says_when_it_runs_away() -> None:
    path = descend(differentiate("x^4", x=3.0).graph, ("x",), 1.0, steps=100)
    assert len(path.steps) < 100
    assert path.stopped is not None and path.stopped.kind in (
        "overflow",
        "derivative_overflow",
        "value_not_finite",
    )


@pytest.mark.parametrize(
    ("rate", "momentum", "steps"), [(0.0, 0.0, 1), (0.1, 1.0, 1), (0.1, 0.0, -1), (float("inf"), 0, 1)]
)
def test_bad_settings(rate: float, momentum: float, steps: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        descend(differentiate("x", x=1.0).graph, ("x",), rate, momentum, steps)
