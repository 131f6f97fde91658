"""Mistakes in the output's delta: its slope, its factors, its sign, how it is kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.mistakes.catalogue.mistake import Mistake, always, averaged, output, summed, truncated
from engine.mistakes.reference import Case, Step

# -- the bodies --------------------------------------------------------------------------------------


def _error(step: Step) -> FloatArray:
    """The error with its factors: r c e."""
    return step.r * step.c * step.e


def _slope_formula(step: Step, value: FloatArray) -> FloatArray:
    """The slope's formula in a, fed with something else."""
    return value * (1.0 - value) if step.function(step.case.L).name == "sigmoid" else 1.0 - value * value


def _slope_of_error_alone(step: Step) -> FloatArray:
    return step.r * step.c * _slope_formula(step, step.e)


def _squared_error_as_derivative(step: Step) -> FloatArray:
    return step.through(step.case.L, _error(step) * step.e)


def _softmax_diagonal(step: Step) -> FloatArray:
    a = step.a[-1]
    if step.case.natural:
        # dL/da is -t / a, with the sign that the error was given
        sign = 1.0 if np.array_equal(step.e, a - step.t) else -1.0
        return -sign * step.r * step.c * step.t * (1.0 - a)
    return _error(step) * a * (1.0 - a)


def _clipped_probability(step: Step) -> FloatArray:
    a, t = step.a[-1], step.t
    kept = (a > 1e-7) & (a < 1.0 - 1e-7)
    if step.case.experiment.loss.name == "cross_entropy":
        kept = kept[np.arange(len(t)), t.argmax(axis=1)][:, None]
    return np.where(kept, _error(step), 0.0)


def _steep(case: Case) -> bool:
    """A squared loss at a sigmoid or tanh output."""
    return case.squared and output(case) in ("sigmoid", "tanh")


def _loss(*names: str) -> Callable[[Case], bool]:
    return lambda case: case.k > 1 and case.experiment.loss.name in names


# -- the rows ----------------------------------------------------------------------------------------

ROWS = (
    Mistake(
        "no_output_slope",
        "output delta",
        QT_TRANSLATE_NOOP("mistakes", "The slope of the output's activation function is missing."),
        QT_TRANSLATE_NOOP("mistakes", "With cross-entropy delta is a - t; with a squared error it is not."),
        "delta = (a - t) / B",
        "delta = (a - t) * f'(z) / B",
        lambda case: case.squared and output(case) != "linear",
        {"output_delta": _error},
    ),
    Mistake(
        "extra_output_slope",
        "output delta",
        QT_TRANSLATE_NOOP("mistakes", "A slope is multiplied that the loss has cancelled already."),
        QT_TRANSLATE_NOOP("mistakes", "It belongs to the squared error; cross-entropy needs a - t alone."),
        "delta = (a - t) * a * (1 - a) / B",
        "delta = (a - t) / B",
        lambda case: case.natural,
        {"output_delta": lambda step: _error(step) * step.a[-1] * (1.0 - step.a[-1])},
    ),
    Mistake(
        "slope_of_error",
        "output delta",
        QT_TRANSLATE_NOOP("mistakes", "The slope is computed from the error, not from the output."),
        QT_TRANSLATE_NOOP("mistakes", "The derivative's function is called with the wrong variable."),
        "delta = e * e * (1 - e) / B",
        "delta = e * a * (1 - a) / B",
        _steep,
        {"output_delta": lambda step: _error(step) * _slope_formula(step, step.e)},
    ),
    Mistake(
        "slope_of_error_alone",
        "output delta",
        QT_TRANSLATE_NOOP("mistakes", "Delta is the slope's formula of the error, not error times slope."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The error is passed through the derivative instead of multiplied by it."
        ),
        "delta = e * (1 - e) / B",
        "delta = e * a * (1 - a) / B",
        _steep,
        {"output_delta": _slope_of_error_alone},
    ),
    Mistake(
        "squared_error_as_derivative",
        "output delta",
        QT_TRANSLATE_NOOP("mistakes", "The loss is sent back in place of its derivative: the error squared."),
        QT_TRANSLATE_NOOP(
            "mistakes", "What one measures, the squared error, is taken for what one differentiates."
        ),
        "delta = e**2 * f'(z) / B",
        "delta = e * f'(z) / B",
        lambda case: case.squared and output(case) != "softmax",
        {"output_delta": _squared_error_as_derivative},
    ),
    Mistake(
        "divided_by_slope",
        "output delta",
        QT_TRANSLATE_NOOP(
            "mistakes", "The derivative by a is taken for that by z: the slope is not multiplied."
        ),
        QT_TRANSLATE_NOOP("mistakes", "The loss was differentiated by the output, and the chain ends there."),
        "delta = (a - t) / (a * (1 - a)) / B",
        "delta = (a - t) / B",
        lambda case: case.natural and output(case) == "sigmoid",
        {"output_delta": lambda step: _error(step) / (step.a[-1] * (1.0 - step.a[-1]))},
    ),
    Mistake(
        "softmax_diagonal",
        "output delta",
        QT_TRANSLATE_NOOP("mistakes", "Only the diagonal of softmax's Jacobian is used."),
        QT_TRANSLATE_NOOP(
            "mistakes", "Softmax is treated like sigmoid, though each output hangs on every z."
        ),
        "delta = dL_da * a * (1 - a)",
        "delta = a * (dL_da - (dL_da * a).sum(axis=1, keepdims=True))",
        lambda case: (
            output(case) == "softmax" and (case.squared or case.experiment.loss.name == "cross_entropy")
        ),
        {"output_delta": _softmax_diagonal},
    ),
    Mistake(
        "clipped_probability",
        "output delta",
        QT_TRANSLATE_NOOP("mistakes", "A clipped probability lets no gradient through."),
        QT_TRANSLATE_NOOP(
            "mistakes", "Clipping saves the logarithm from 0 and cuts the chain rule where it bites."
        ),
        "L = -np.log(np.clip(a, 1e-7, 1 - 1e-7))",
        "L = np.logaddexp(0, -z)",
        lambda case: case.natural,
        {"output_delta": _clipped_probability},
    ),
    Mistake(
        "sum_for_mean",
        "batch factor",
        QT_TRANSLATE_NOOP("mistakes", "The gradient is not divided by the batch size."),
        QT_TRANSLATE_NOOP("mistakes", "The formula of one sample is used with a matrix, which sums unasked."),
        "delta = (a - t) * f'(z)",
        "delta = (a - t) * f'(z) / B",
        averaged,
        {"batch_factor": lambda step: 1.0},
    ),
    Mistake(
        "mean_for_sum",
        "batch factor",
        QT_TRANSLATE_NOOP("mistakes", "The gradient is averaged over the batch, where the loss is a sum."),
        QT_TRANSLATE_NOOP("mistakes", "A mean is the habit; here the loss was chosen as a sum."),
        "delta = (a - t) * f'(z) / B",
        "delta = (a - t) * f'(z)",
        summed,
        {"batch_factor": lambda step: 1.0 / step.case.B},
    ),
    Mistake(
        "mean_twice",
        "batch factor",
        QT_TRANSLATE_NOOP("mistakes", "The gradient is divided by the batch size once too often."),
        QT_TRANSLATE_NOOP("mistakes", "The mean is in delta already, and comes once more with dW."),
        "delta = (a - t) / B;  dW = a.T @ delta / B",
        "delta = (a - t) / B;  dW = a.T @ delta",
        averaged,
        {"batch_factor": lambda step: 1.0 / step.case.B**2},
    ),
    Mistake(
        "mean_over_features",
        "batch factor",
        QT_TRANSLATE_NOOP("mistakes", "The gradient is divided by the number of inputs, not of samples."),
        QT_TRANSLATE_NOOP("mistakes", "The wrong axis of X is taken for the batch."),
        "B = X.shape[1]",
        "B = X.shape[0]",
        lambda case: case.experiment.reduction == "mean" and case.widths[0] != case.B,
        {"batch_factor": lambda step: 1.0 / step.case.widths[0]},
    ),
    Mistake(
        "factor_two",
        "constant factor",
        QT_TRANSLATE_NOOP("mistakes", "Every delta is twice as large as it should be."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The square's 2 is kept though the half has cancelled it, or counted twice."
        ),
        "delta = 2 * (a - t) * f'(z) / B",
        "delta = (a - t) * f'(z) / B",
        always,
        {"factor": lambda step, c: 2.0 * c},
    ),
    Mistake(
        "half",
        "constant factor",
        QT_TRANSLATE_NOOP("mistakes", "Every delta is half as large as it should be."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The loss has a half that the derivative keeps, or the square's 2 is lost."
        ),
        "delta = 0.5 * (a - t) * f'(z) / B",
        "delta = (a - t) * f'(z) / B",
        always,
        {"factor": lambda step, c: 0.5 * c},
    ),
    Mistake(
        "per_output_mean",
        "constant factor",
        QT_TRANSLATE_NOOP("mistakes", "Every delta is divided by the number of outputs too."),
        QT_TRANSLATE_NOOP("mistakes", "A mean over all entries averages samples and outputs at once."),
        "delta = (a - t) * f'(z) / a.size",
        "delta = (a - t) * f'(z) / len(a)",
        _loss("squared_error", "cross_entropy"),
        {"factor": lambda step, c: c / step.case.k},
    ),
    Mistake(
        "outputs_summed",
        "constant factor",
        QT_TRANSLATE_NOOP("mistakes", "The mean over the outputs is left out of the gradient."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The loss is averaged over the outputs, its derivative was learnt as a sum."
        ),
        "delta = 2 * (a - t) * f'(z) / B",
        "delta = 2 / k * (a - t) * f'(z) / B",
        _loss("mean_squared_error", "binary_cross_entropy"),
        {"factor": lambda step, c: c * step.case.k},
    ),
    Mistake(
        "error_sign",
        "error's sign",
        QT_TRANSLATE_NOOP("mistakes", "The error is t - a, and the update is still subtracted: it climbs."),
        QT_TRANSLATE_NOOP("mistakes", "Some books write t - a and add the update; here two books are mixed."),
        "e = t - a;  W -= eta * dW",
        "e = a - t;  W -= eta * dW",
        always,
        {"signed": lambda step, e: -e},
    ),
    Mistake(
        "delta_in_integer_array",
        "storage of delta",
        QT_TRANSLATE_NOOP("mistakes", "Delta is kept in an array of integers, which cuts it towards 0."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The array was made of integers, or like the labels, and cuts silently."
        ),
        "delta = np.zeros_like(labels);  delta[:] = ...",
        "delta = np.zeros(a.shape);  delta[:] = ...",
        always,
        {"stored_delta": lambda step, delta: truncated(delta)},
    ),
)
