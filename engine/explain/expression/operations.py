"""The operations a formula may use: one row each, with value, local derivatives and their LaTeX.

A row's `value` takes floats or arrays alike, so that one definition serves the graph, the plot and the
finite-difference check. The local derivatives at a kink are PyTorch's: 0 for ``abs`` and ``relu`` at 0,
equal shares for the tied operands of ``min`` and ``max``. `calculus` has the derivatives as formulas.
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
_ONE, _TWO, _FOUR, _SEVERAL = range(1, 2), range(2, 3), range(4, 5), range(2, MAX_ARGUMENTS + 1)


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
    toward : callable or None
        For operations with kinks, ``toward(operands, result, tangents)``: the derivative just beside the
        point, on the side that the operands' `tangents` lead to.
    """

    value: Callable[..., Any]
    slope: Callable[[int, tuple[float, ...], float], float]
    slope_latex: tuple[str, ...]
    arity: range = _ONE
    failure: Callable[..., str] = _overflow
    branch: Callable[..., NDArray[Any]] | None = None
    toward: Callable[[tuple[float, ...], float, tuple[float, ...]], float] | None = None


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


def _quotient_failure(above: float, below: float) -> str:
    if below == 0.0:
        return "zero_by_zero" if above == 0.0 else "division_by_zero"
    return "overflow"


def _erf(x: Any) -> Any:
    values: Any = np.vectorize(math.erf, otypes=[np.float64])(x)
    return values[()]


def _normal(x: float) -> float:
    return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def _gelu(x: Any) -> Any:
    # by erfc, as 1 + erf(x) cancels for x below -5
    tail: Any = np.vectorize(math.erfc, otypes=[np.float64])(np.asarray(x, dtype=float) / -math.sqrt(2.0))
    return x * 0.5 * tail[()]


def _log_sum_exp(*v: Any) -> Any:
    return reduce(np.logaddexp, v)


def _log_sigmoid(x: Any) -> Any:
    return -np.logaddexp(0.0, np.negative(x))


def _log_slope(base: float) -> Callable[[int, tuple[float, ...], float], float]:
    return lambda i, v, y: 1.0 / (v[0] * math.log(base))


def _arc_failure(x: float) -> str:
    return "arc_domain"


def _choose(decide: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def value(left: Any, right: Any, then: Any, other: Any) -> Any:
        chosen: Any = np.where(decide(left, right), then, other)
        return chosen[()]

    return value


def _chosen_slope(decide: Callable[[Any, Any], Any]) -> Callable[[int, tuple[float, ...], float], float]:
    return lambda i, v, y: float(i == (2 if decide(v[0], v[1]) else 3))


def _decision(decide: Callable[[Any, Any], Any]) -> Callable[..., NDArray[Any]]:
    def branch(left: Any, right: Any, then: Any, other: Any) -> NDArray[Any]:
        rows = np.broadcast_arrays(left, right, then, other)
        decided: NDArray[Any] = np.atleast_2d(decide(rows[0], rows[1]))
        return decided

    return branch


def _toward_choice(
    decide: Callable[[Any, Any], Any],
) -> Callable[[tuple[float, ...], float, tuple[float, ...]], float]:
    def toward(v: tuple[float, ...], y: float, t: tuple[float, ...]) -> float:
        # on the border, what is a little further on decides
        first = decide(t[0], t[1]) if v[0] == v[1] and t[0] != t[1] else decide(v[0], v[1])
        return t[2] if first else t[3]

    return toward


def _toward_extreme(
    choose: Callable[..., float],
) -> Callable[[tuple[float, ...], float, tuple[float, ...]], float]:
    return lambda v, y, t: choose(rate for x, rate in zip(v, t, strict=True) if x == y)


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


def _level_branch(x: NDArray[Any]) -> NDArray[Any]:
    levels: NDArray[Any] = np.floor(x[np.newaxis])
    return levels


def _shares(choose: Callable[..., Any]) -> Callable[..., Any]:
    def value(*v: Any) -> Any:
        rows = np.stack(np.broadcast_arrays(*v))
        tied = rows == choose(rows, axis=0)
        return (tied[0] / tied.sum(axis=0))[()]

    return value


def _flat(i: int, v: tuple[float, ...], y: float) -> float:
    return 0.0


OPERATIONS: dict[str, Operation] = {
    "add": Operation(operator.add, lambda i, v, y: 1.0, ("1", "1"), _TWO),
    "subtract": Operation(operator.sub, lambda i, v, y: -1.0 if i else 1.0, ("1", "-1"), _TWO),
    "multiply": Operation(operator.mul, lambda i, v, y: v[1 - i], ("<1>", "<0>"), _TWO),
    "divide": Operation(
        np.divide,
        lambda i, v, y: -y / v[1] if i else 1.0 / v[1],
        (r"\frac{1}{<1>}", r"-\frac{<y>}{<1>}"),
        _TWO,
        failure=_quotient_failure,
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
        toward=lambda v, y, t: abs(t[0]) if v[0] == 0.0 else math.copysign(t[0], t[0] * v[0]),
    ),
    "tanh": Operation(np.tanh, lambda i, v, y: 1.0 - y * y, ("1 - <y>^{2}",)),
    "sigmoid": Operation(
        _sigmoid,
        # 1 - y by the sigmoid itself, as it cancels where y is near 1
        lambda i, v, y: y * float(_sigmoid(-v[0])),
        (r"<y> \cdot \left(1 - <y>\right)",),
    ),
    "relu": Operation(
        lambda x: np.maximum(x, 0.0),
        lambda i, v, y: float(v[0] > 0.0),
        (r"\left[<0> > 0\right]",),
        branch=_sign_branch,
        toward=lambda v, y, t: max(t[0], 0.0) if v[0] == 0.0 else t[0] * (v[0] > 0.0),
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
        toward=_toward_extreme(min),
    ),
    "max": Operation(
        lambda *v: reduce(np.maximum, v),
        _tied_share,
        (r"\left[<0> = <y>\right]",),
        _SEVERAL,
        branch=_choice_branch(np.max),
        toward=_toward_extreme(max),
    ),
    "asin": Operation(
        np.arcsin,
        lambda i, v, y: 1.0 / math.sqrt((1.0 - v[0]) * (1.0 + v[0])) if abs(v[0]) < 1.0 else math.inf,
        (r"\frac{1}{\sqrt{1 - <0>^{2}}}",),
        failure=_arc_failure,
    ),
    "acos": Operation(
        np.arccos,
        lambda i, v, y: -1.0 / math.sqrt((1.0 - v[0]) * (1.0 + v[0])) if abs(v[0]) < 1.0 else -math.inf,
        (r"-\frac{1}{\sqrt{1 - <0>^{2}}}",),
        failure=_arc_failure,
    ),
    "atan": Operation(np.arctan, lambda i, v, y: 1.0 / (1.0 + v[0] * v[0]), (r"\frac{1}{1 + <0>^{2}}",)),
    "sinh": Operation(np.sinh, lambda i, v, y: float(np.cosh(v[0])), (r"\cosh <0>",)),
    "cosh": Operation(np.cosh, lambda i, v, y: float(np.sinh(v[0])), (r"\sinh <0>",)),
    "log10": Operation(
        np.log10, _log_slope(10.0), (r"\frac{1}{<0> \cdot \ln 10}",), failure=lambda x: "log_domain"
    ),
    "log2": Operation(
        np.log2, _log_slope(2.0), (r"\frac{1}{<0> \cdot \ln 2}",), failure=lambda x: "log_domain"
    ),
    "erf": Operation(
        _erf,
        lambda i, v, y: 2.0 / math.sqrt(math.pi) * math.exp(-v[0] * v[0]),
        (r"\frac{2}{\sqrt{\pi}} \cdot e^{-<0>^{2}}",),
    ),
    # by erf, as PyTorch's default is (Hendrycks and Gimpel, 2016)
    "gelu": Operation(
        _gelu,
        lambda i, v, y: 0.5 * math.erfc(-v[0] / math.sqrt(2.0)) + v[0] * _normal(v[0]),
        (r"\Phi\left(<0>\right) + <0> \cdot \varphi\left(<0>\right)",),
    ),
    "silu": Operation(
        lambda x: x * _sigmoid(x),
        lambda i, v, y: float(_sigmoid(v[0])) * (1.0 + v[0] * float(_sigmoid(-v[0]))),
        (r"\sigma\left(<0>\right) \cdot \left(1 + <0> \cdot \left(1 - \sigma\left(<0>\right)\right)\right)",),
    ),
    "sign": Operation(np.sign, _flat, ("0",), branch=_sign_branch, toward=lambda v, y, t: 0.0),
    "floor": Operation(np.floor, _flat, ("0",), branch=_level_branch, toward=lambda v, y, t: 0.0),
    "logsigmoid": Operation(
        _log_sigmoid, lambda i, v, y: float(_sigmoid(-v[0])), (r"1 - \sigma\left(<0>\right)",)
    ),
    "logsumexp": Operation(_log_sum_exp, lambda i, v, y: math.exp(v[i] - y), ("e^{<0> - <y>}",), _SEVERAL),
    # {a if p > q else b}: the operands are p, q, a, b
    "if_above": Operation(
        _choose(np.greater),
        _chosen_slope(operator.gt),
        ("0", "0", r"\left[<0> > <1>\right]", r"\left[<0> \le <1>\right]"),
        _FOUR,
        branch=_decision(np.greater),
        toward=_toward_choice(operator.gt),
    ),
    "if_at_least": Operation(
        _choose(np.greater_equal),
        _chosen_slope(operator.ge),
        ("0", "0", r"\left[<0> \ge <1>\right]", r"\left[<0> < <1>\right]"),
        _FOUR,
        branch=_decision(np.greater_equal),
        toward=_toward_choice(operator.ge),
    ),
    # [a = max(a, …)], one over how many are tied; met in derivatives alone
    "share_of_max": Operation(_shares(np.max), _flat, ("0",), _SEVERAL),
    "share_of_min": Operation(_shares(np.min), _flat, ("0",), _SEVERAL),
}

CHOICES = ("if_above", "if_at_least")
"""The operations that use one of their last two operands only."""

SPOKEN = ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "log10", "log2")
"""The operations whose argument may stand without parentheses, as books print it: sin 2x."""

_CALLED = ("sqrt", "abs", "sigmoid", "relu", "softplus", "erf", "gelu", "silu", "sign", "floor", "logsigmoid")
_SYNONYMS = {
    "ln": "log",
    "lg": "log10",
    "√": "sqrt",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "swish": "silu",
}
FUNCTIONS: dict[str, str] = {
    name: name for name in (*SPOKEN, *_CALLED, "min", "max", "logsumexp")
} | _SYNONYMS
"""Function names as they are typed, and their operation."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "π": math.pi, "e": math.e}


def is_kink(op: str, operands: Sequence[int], v: Sequence[float], y: float) -> bool:
    """Whether the operation, on the nodes `operands` of values `v`, has a kink just here.

    The same node twice, as in ``max(x, x)``, makes no kink.
    """
    if op in ("abs", "relu", "sign"):
        return v[0] == 0.0
    if op == "floor":
        return v[0] == math.floor(v[0])
    if op in CHOICES:
        return v[0] == v[1] and operands[0] != operands[1]
    if op in ("min", "max"):
        return len({j for j, x in zip(operands, v, strict=True) if x == y}) > 1
    return False
