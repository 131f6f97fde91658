"""The finite-difference check of one partial derivative, aware of kinks and of edges of the domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["ok", "differs", "kink", "edge", "unclear"]

TOLERANCE = 1e-6
_STEPS = 60
# not 2: halving steps meet the same phase of a fast oscillation again and again
_RATIO = 1.5
_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Check:
    """A partial derivative beside its central difference.

    `status` is ``"ok"`` or ``"differs"``, or says why there is nothing to compare: ``"kink"``, where
    the point lies on one and the rule is one of several; ``"edge"``, where the formula has no value
    right beside the point; ``"unclear"``, where rounding drowns what the formula does there. At a kink
    or an edge `numeric` is NaN. `uncertainty` is the estimated error of `numeric` and `relative_error`
    is |analytic - numeric| / max(1, |analytic|, |numeric|).
    """

    analytic: float
    numeric: float
    uncertainty: float
    relative_error: float
    status: Status


def central_difference(
    evaluate: Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.bool_]]],
    x: float,
    analytic: float,
    noise: float,
) -> Check:
    """Compare `analytic` with central differences of smaller and smaller steps, extrapolated to 0.

    Parameters
    ----------
    evaluate : callable
        From points (n,) to values (n,), NaN where there is none, and whether each point lies on the
        same smooth piece as the first.
    x, analytic : float
        The point, and the derivative there to be checked.
    noise : float
        The rounding error of a value.

    References
    ----------
    Ridders, Accurate computation of F'(x) and F'(x) F''(x), Advances in Engineering Software 4 (1982).
    """
    steps = 1e-2 * max(1.0, abs(x)) * _RATIO ** -np.arange(_STEPS, dtype=np.float64)
    above, below = x + steps, x - steps
    values, same = evaluate(np.concatenate(([x], above, below)))
    upper, lower = values[1 : _STEPS + 1], values[_STEPS + 1 :]
    on_piece = same[1 : _STEPS + 1] & same[_STEPS + 1 :]
    # the steps from which on nothing is crossed
    usable = np.logical_and.accumulate((on_piece & np.isfinite(upper) & np.isfinite(lower))[::-1])[::-1]
    if usable.sum() < 2:
        return Check(analytic, np.nan, np.nan, np.nan, "edge" if on_piece[-1] else "kink")
    differences = (upper - lower)[usable]
    numeric, uncertainty = _extrapolate(differences / (above - below)[usable], noise / steps[usable])
    error = abs(analytic - numeric)
    scale = max(1.0, abs(analytic), abs(numeric))
    status: Status
    if uncertainty > 1e-3 * scale:
        status = "unclear"
    elif error <= TOLERANCE * scale + uncertainty:
        status = "ok"
    else:
        status = "unclear" if noise > 1e-3 * np.max(abs(differences)) else "differs"
    return Check(analytic, numeric, uncertainty, error / scale, status)


def _extrapolate(quotients: NDArray[np.float64], noise: NDArray[np.float64]) -> tuple[float, float]:
    """Return the entry of Neville's table that is least in doubt, and how much."""
    column, best, least = quotients, float(quotients[-1]), np.inf
    for order in range(1, min(_COLUMNS, len(quotients))):
        factor = _RATIO ** (2 * order)
        refined = (factor * column[1:] - column[:-1]) / (factor - 1.0)
        neighbours = np.maximum(abs(refined - column[1:]), abs(refined - column[:-1]))
        # Smaller steps must not lead away again, or large ones have met a fast oscillation in the same
        # phase by chance.
        away = np.tril(abs(quotients[:, np.newaxis] - refined) - 4.0 * noise[:, np.newaxis], -order - 1)
        strays = np.maximum(away.max(axis=0) - abs(quotients[order:] - refined), 0.0)
        doubt = neighbours + noise[order:] + strays
        i = int(np.argmin(doubt))
        if doubt[i] < least:
            best, least = float(refined[i]), float(doubt[i])
        column = refined
    return best, least
