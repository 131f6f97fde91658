"""Formulas in plain arithmetic, and the calls and the text that are made of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.functions import traced
from engine.functions.traced import (
    choose,
    execute,
    exp,
    expm1,
    maximum,
    minimum,
    normal_distribution,
    quotient,
    row_max,
    row_sum,
    scaled,
    sqrt,
    trace,
    written,
)

Formula = Callable[..., Any]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + exp(-z))


def silu_slope(z: Any, a: Any) -> Any:
    s = sigmoid(z)
    return s * (1 + z * (1 - s))


def elu_slope(z: Any, a: Any) -> Any:
    return choose(z > 0, 1, 1.5 * exp(minimum(z, 0)))


def softmax(z: Any) -> Any:
    powers = exp(z - row_max(z))
    return powers / row_sum(powers)


def softmax_back(z: Any, a: Any, upstream: Any) -> Any:
    return a * (upstream - row_sum(upstream * a))


def run(formula: Formula, *arrays: np.ndarray, names: str = "zau") -> np.ndarray:
    given_names = names[: len(arrays)]
    out = np.full_like(arrays[0], np.nan)
    execute(trace(formula, given_names).bind(out, out=out, **dict(zip(given_names, arrays, strict=True))))
    return out


def arrays(count: int, shape: tuple[int, int] = (4, 5)) -> list[np.ndarray]:
    return list(np.random.default_rng(7).normal(0.0, 3.0, (count, *shape)))


@pytest.mark.parametrize("formula", [sigmoid, silu_slope, elu_slope, softmax, softmax_back])
def test_calls_and_text_compute_what_the_formula_does(formula: Formula) -> None:
    names = "zau"[: formula.__code__.co_argcount]
    values = arrays(len(names))
    wanted = np.broadcast_to(formula(*values), values[0].shape)
    assert np.array_equal(run(formula, *values), wanted)
    *lines, last = written(formula, *names)
    scope: dict[str, Any] = {"np": np, **dict(zip(names, values, strict=True))}
    exec("\n".join(lines), scope)
    assert np.array_equal(np.broadcast_to(eval(last, scope), wanted.shape), wanted)


@pytest.mark.parametrize(
    ("formula", "calls", "scratch"),
    [(sigmoid, 4, []), (silu_slope, 8, ["full"]), (elu_slope, 5, ["mask"]), (softmax, 5, ["row"])],
)
def test_no_more_calls_and_arrays_than_by_hand(formula: Formula, calls: int, scratch: list[str]) -> None:
    names = "za"[: formula.__code__.co_argcount]
    recipe = trace(formula, names)
    z = arrays(1)[0]
    bound = recipe.bind(z, out=np.empty_like(z), **dict.fromkeys(names, z))
    assert (len(bound), list(recipe.scratch)) == (calls, scratch)


def test_an_input_or_a_number_alone() -> None:
    (z,) = arrays(1)
    assert np.array_equal(run(lambda z: z, z), z)
    assert np.array_equal(run(lambda z: 1.0, z), np.ones_like(z))


def test_several_results_and_inputs_that_are_kept() -> None:
    def momentum(g: Any, v: Any, rate: Any) -> Any:
        new = 0.9 * v + g
        return new, rate * new

    g, v, rate = *arrays(2), np.array(0.1)
    kept = g.copy(), v.copy()
    new, update = np.empty_like(g), np.empty_like(g)
    recipe = trace(momentum, ("g", "v", "rate"), ("new", "update"))
    calls = recipe.bind(g, g=g, v=v, rate=rate, new=new, update=update)
    execute(calls)
    assert len(calls) == 3
    assert np.array_equal(new, 0.9 * v + g)
    assert np.array_equal(update, 0.1 * (0.9 * v + g))
    assert np.array_equal(g, kept[0])
    assert np.array_equal(v, kept[1])


def test_one_result_twice() -> None:
    def both(z: Any) -> Any:
        value = z * z
        return value, value

    (z,) = arrays(1)
    one, two = np.empty_like(z), np.empty_like(z)
    execute(trace(both, "z", ("one", "two")).bind(z, z=z, one=one, two=two))
    assert np.array_equal(one, z * z)
    assert np.array_equal(two, z * z)


def test_in_place() -> None:
    """The result may go where an input lies that is read until the end."""
    z, a, upstream = arrays(3)
    a = softmax(a)
    wanted = softmax_back(z, a, upstream)
    recipe = trace(softmax_back, "zau", in_place={"out": "u"})
    execute(recipe.bind(z, z=z, a=a, u=upstream, out=upstream))
    assert np.array_equal(upstream, wanted)


def test_a_comparison_is_a_number_where_it_is_multiplied() -> None:
    (z,) = arrays(1)
    assert np.array_equal(run(lambda z: (abs(z) < 3) / 6, z), (np.abs(z) < 3) / 6)
    assert run(lambda z: z > 0, z).dtype == np.float64


def test_single_precision_stays_single() -> None:
    z = arrays(1)[0].astype(np.float32)
    result = run(silu_slope, z, z)
    assert result.dtype == np.float32
    s = np.float32(1) / (np.float32(1) + np.exp(-z))
    np.testing.assert_allclose(result, s * (1 + z * (1 - s)), rtol=1e-6)


def test_quotient_is_0_where_the_numerator_is() -> None:
    x, y = np.array([[0.0, 0.0, 3.0]]), np.array([[0.0, 2.0, 2.0]])
    assert quotient(x, y).tolist() == [[0.0, 0.0, 1.5]]
    assert run(quotient, x, y).tolist() == [[0.0, 0.0, 1.5]]


def test_normal_distribution() -> None:
    z = np.array([[-30.0, -1.0, 0.0, 1.0]])
    wanted = [[0.5 * math.erfc(-x * math.sqrt(0.5)) for x in z[0]]]
    assert run(normal_distribution, z).tolist() == wanted
    assert wanted[0][0] > 0.0


def test_constant_factors_are_taken_together() -> None:
    (z,) = arrays(1)
    recipe = trace(lambda z: scaled(0.25, 2.0 * (z - 1)), "z")
    assert len(recipe.steps) == 2
    assert [step[1][0].key for step in recipe.steps if step[0] is traced.MULTIPLY] == [0.5]
    assert len(trace(lambda z: scaled(1.0, z - 1), "z").steps) == 1
    assert np.array_equal(run(lambda z: scaled(0.5, (z - 1) / 4), z), 0.125 * (z - 1))


def test_brackets_where_they_are_needed() -> None:
    texts = {
        "x - (y - z)": lambda x, y, z: x - (y - z),
        "x - y - z": lambda x, y, z: (x - y) - z,
        "x / (y * z)": lambda x, y, z: x / (y * z),
        "(x + y) * z": lambda x, y, z: (x + y) * z,
        "-(x + y)": lambda x, y, z: -(x + y),
        "(-x)**2": lambda x, y, z: (-x) ** 2,
        "-x**2": lambda x, y, z: -(x**2),
        "1 / (1 / x)": lambda x, y, z: 1 / (1 / x),
        "x * (y > z)": lambda x, y, z: x * (y > z),
        "(x + y).sum(axis=-1, keepdims=True)": lambda x, y, z: row_sum(x + y),
        "np.maximum(x - y, -2.5)": lambda x, y, z: maximum(x - y, -2.5),
        "x * (-2)": lambda x, y, z: x * -2,
    }
    for text, formula in texts.items():
        (line,) = written(formula, "x", "y", "z")
        assert eval(line, {"np": np, **VALUES}) == eval(text, {"np": np, **VALUES})
        assert line.replace("(-2)", "-2") == text.replace("(-2)", "-2")


VALUES = {name: np.array([[value]]) for name, value in (("x", 3.0), ("y", -2.0), ("z", 0.5))}


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    """A random formula in z and a, some of its parts used more than once."""
    steps = draw(
        st.lists(
            st.tuples(st.integers(0, 9), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)),
            min_size=1,
            max_size=12,
        )
    )

    def formula(z: Any, a: Any) -> Any:
        known = [z, a, 0.5, -2.0]
        for kind, i, j, k in steps:
            x, y, w = (known[n % len(known)] for n in (i, j, k))
            operations: list[Callable[[], Any]] = [
                lambda x=x, y=y: x + y,
                lambda x=x, y=y: x - y,
                lambda x=x, y=y: x * y,
                lambda x=x, z=z: minimum(x, z),
                lambda x=x: exp(-abs(x + z)),
                lambda x=x, y=y: choose(x > z, y, x + z),
                lambda x=x: row_sum(x * a),
                lambda x=x: expm1(minimum(x - z, 1)),
                lambda x=x, y=y, w=w: (x * z > y) * w,
                lambda x=x: sqrt(abs(x * a)),
            ]
            known.append(operations[kind]())
        return known[-1] + z

    return formula


@given(formulas())
def test_any_formula(formula: Formula) -> None:
    z, a = arrays(2, (3, 2))
    with np.errstate(all="ignore"):
        wanted = formula(z, a)
        assert np.array_equal(run(formula, z, a), wanted, equal_nan=True)
        *lines, last = written(formula, "z", "a")
        scope: dict[str, Any] = {"np": np, "z": z, "a": a}
        exec("\n".join(lines), scope)
        assert np.array_equal(eval(last, scope), wanted, equal_nan=True)
        in_place = a.copy()
        execute(trace(formula, "za", in_place={"out": "a"}).bind(z, z=z, a=in_place, out=in_place))
        assert np.array_equal(in_place, wanted, equal_nan=True)
