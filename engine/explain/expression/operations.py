"""The operations a formula may use: one row each, with value, local derivatives and their LaTeX.

A row's `value` takes floats or arrays alike, so that one definition serves the graph, the plot and the
finite-difference check. The local derivatives at a kink are PyTorch's: 0 for ``abs`` and ``relu`` at 0,
equal shares for the tied operands of ``min`` and ``max``.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_ARGUMENTS = 100
_ONE, _TWO, _SEVERAL = range(1, 2), range(2, 3), range(2, MAX_ARGUMENTS + 1)


def _overflow(*_: float) -> str:
    return "overflow"


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of `OPERATIONS`.

    Parameters
    ----------
    value : callable
        ``value(*operands)`` of floats or of arrays that broadcast; NaN or inf outside its domain.
    slope : callable
        ``slope(i, operands, result)``: the local derivative with respect to operand `i`, of floats.
    slope_latex : tuple of str
        The same in symbols, one per operand; ``<0>`` and ``<1>`` stand for the operands, ``<y>`` for the
        result. An operation of any number of operands has one for all.
    arity : range
        How many operands it takes.
    failure : callable
        ``failure(*operands)``: the kind of ExpressionError when the value is not finite.
    branch : callable or None
        For operations with kinks, ``branch(*operands)`` of arrays (points,): which smooth piece each
        point lies on, as rows (m, points) that compare equal on the same piece.
    """

    value: Callable[..., Any]
    slope: Callable[[int, tuple[float, ...], float], float]
    slope_latex: tuple[str, ...]
    arity: range = _ONE
    failure: Callable[..., str] = _overflow
    branch: Callable[..., NDArray[Any]] | None = None


def _sigmoid(x: Any) -> Any:
    # exp of a negative number alone, so that it neither overflows nor rounds small results to 0
    e = np.exp(-np.abs(x))
    return np.where(np.greater_equal(x, 0.0), 1.0, e) / (1.0 + e)


def _power_slope(i: int, v: tuple[float, ...], y: float) -> float:
    base, exponent = v
    if i == 0:
        return 0.0 if exponent == 0.0 else exponent * float(np.power(base, exponent - 1.0))
    return 0.0 if base == 0.0 and exponent > 0.0 else y * float(np.log(base))


def _power_failure(base: float, exponent: float) -> str:
    if base < 0.0 and not exponent.is_integer():
        return "power_domain"
    return "division_by_zero" if base == 0.0 else "overflow"


def _tied_share(i: int, v: tuple[float, ...], y: float) -> float:
    return 1.0 / v.count(y) if v[i] == y else 0.0


def _sign_branch(x: NDArray[Any]) -> NDArray[Any]:
    signs: NDArray[Any] = np.sign(x[np.newaxis])
    return signs


def _choice_branch(choose: Callable[..., Any]) -> Callable[..., NDArray[Any]]:
    def branch(*v: Any) -> NDArray[Any]:
        rows = np.stack(np.broadcast_arrays(*v))
        chosen: NDArray[Any] = rows == choose(rows, axis=0)
        return chosen

    return branch


OPERATIONS: dict[str, Operation] = {
    "add": Operation(operator.add, lambda i, v, y: 1.0, ("1", "1"), _TWO),
    "subtract": Operation(operator.sub, lambda i, v, y: -1.0 if i else 1.0, ("1", "-1"), _TWO),
    "multiply": Operation(operator.mul, lambda i, v, y: v[1 - i], ("<1>", "<0>"), _TWO),
    "divide": Operation(
        np.divide,
        lambda i, v, y: -y / v[1] if i else 1.0 / v[1],
        (r"\frac{1}{<1>}", r"-\frac{<y>}{<1>}"),
        _TWO,
        failure=lambda a, b: "division_by_zero" if b == 0.0 else "overflow",
    ),
    "power": Operation(
        np.power,
        _power_slope,
        (r"<1> \cdot <0>^{<1> - 1}", r"<y> \cdot \ln <0>"),
        _TWO,
        failure=_power_failure,
    ),
    "negate": Operation(operator.neg, lambda i, v, y: -1.0, ("-1",)),
    # a line that only renames another name: u = x
    "same": Operation(operator.pos, lambda i, v, y: 1.0, ("1",)),
    "sin": Operation(np.sin, lambda i, v, y: math.cos(v[0]), (r"\cos <0>",)),
    "cos": Operation(np.cos, lambda i, v, y: -math.sin(v[0]), (r"-\sin <0>",)),
    "tan": Operation(np.tan, lambda i, v, y: 1.0 + y * y, ("1 + <y>^{2}",)),
    "exp": Operation(np.exp, lambda i, v, y: y, ("<y>",)),
    "log": Operation(
        np.log,
        lambda i, v, y: 1.0 / v[0],
        (r"\frac{1}{<0>}",),
        failure=lambda x: "log_domain",
    ),
    "sqrt": Operation(
        np.sqrt,
        lambda i, v, y: 0.5 / y if y else math.inf,
        (r"\frac{1}{2 <y>}",),
        failure=lambda x: "sqrt_domain",
    ),
    "abs": Operation(
        np.abs,
        lambda i, v, y: math.copysign(1.0, v[0]) if y else 0.0,
        (r"\operatorname{sign} <0>",),
        branch=_sign_branch,
    ),
    "tanh": Operation(np.tanh, lambda i, v, y: 1.0 - y * y, ("1 - <y>^{2}",)),
    "sigmoid": Operation(_sigmoid, lambda i, v, y: y * (1.0 - y), (r"<y> \cdot \left(1 - <y>\right)",)),
    "relu": Operation(
        lambda x: np.maximum(x, 0.0),
        lambda i, v, y: float(v[0] > 0.0),
        (r"\left[<0> > 0\right]",),
        branch=_sign_branch,
    ),
    "softplus": Operation(
        lambda x: np.logaddexp(0.0, x),
        lambda i, v, y: float(_sigmoid(v[0])),
        (r"\sigma\left(<0>\right)",),
    ),
    "min": Operation(
        lambda *v: reduce(np.minimum, v),
        _tied_share,
        (r"\left[<0> = <y>\right]",),
        _SEVERAL,
        branch=_choice_branch(np.min),
    ),
    "max": Operation(
        lambda *v: reduce(np.maximum, v),
        _tied_share,
        (r"\left[<0> = <y>\right]",),
        _SEVERAL,
        branch=_choice_branch(np.max),
    ),
}

_UNARY = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "sigmoid", "relu", "softplus")
FUNCTIONS: dict[str, str] = {name: name for name in (*_UNARY, "min", "max")} | {"ln": "log", "√": "sqrt"}
"""Function names as they are typed, and their operation."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "π": math.pi, "e": math.e}


def is_kink(op: str, operands: Sequence[int], v: Sequence[float], y: float) -> bool:
    """Whether the operation, on the nodes `operands` of values `v`, has a kink just here.

    The same node twice, as in ``max(x, x)``, makes no kink.
    """
    if op in ("abs", "relu"):
        return v[0] == 0.0
    if op in ("min", "max"):
        return len({j for j, x in zip(operands, v, strict=True) if x == y}) > 1
    return False
