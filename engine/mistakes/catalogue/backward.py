"""Mistakes on the way down: what is sent back, through which weights, times which slope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.activations import Sigmoid, Tanh
from engine.mistakes.catalogue.mistake import (
    Mistake,
    deep,
    hidden,
    one_width,
    output,
    updated_together,
    with_slope,
)
from engine.mistakes.reference import Case, Step, slope_formula

# -- the bodies --------------------------------------------------------------------------------------


def _sent_by_output(choose: Callable[[Step], FloatArray]) -> Any:
    def sent_back(step: Step, layer: int) -> FloatArray:
        return choose(step) if layer == step.case.L else step.delta[layer]

    return {"sent_back": sent_back}


def _errors_sent_back(step: Step, layer: int) -> FloatArray:
    return step.r * step.c * step.e if layer == step.case.L else step.sent[layer]


def _hidden_sign(step: Step, v: FloatArray, layer: int) -> FloatArray:
    return -v if layer == step.case.L - 1 else v


def _slope_where(
    chosen: Callable[[Step, int], bool], slope: Callable[[Step, int, FloatArray], FloatArray]
) -> Any:
    """Another slope in the layers that are chosen."""

    def varied(step: Step, layer: int, v: FloatArray) -> FloatArray:
        return slope(step, layer, v) if chosen(step, layer) else Step.slope(step, layer, v)

    return {"slope": varied}


def _is_hidden(step: Step, layer: int) -> bool:
    return layer < step.case.L


def _named(*names: str, everywhere: bool = True) -> Callable[[Step, int], bool]:
    """The layers whose function has one of these names."""
    return lambda step, layer: (everywhere or layer < step.case.L) and step.function(layer).name in names


def _slope_at_a(step: Step, layer: int, v: FloatArray) -> FloatArray:
    f = Sigmoid() if step.function(layer).name == "sigmoid" else Tanh()
    return f.slope(step.raw[layer])


def _slope_formula_on_z(step: Step, layer: int, v: FloatArray) -> FloatArray:
    z = step.z[layer]
    return z * (1.0 - z) if step.function(layer).name == "sigmoid" else 1.0 - z * z


def _sigmoid_slope_everywhere(step: Step, layer: int, v: FloatArray) -> FloatArray:
    if layer == step.case.L:
        return Step.through(step, layer, v)
    a = step.raw[layer]
    return v * (a * (1.0 - a))


def _slope_of_layer(offset: int) -> Any:
    return _slope_where(
        _is_hidden,
        lambda step, layer, v: slope_formula(
            step.function(layer), step.z[layer + offset], step.raw[layer + offset]
        ),
    )


def _ones(step: Step, layer: int, v: FloatArray) -> FloatArray:
    return np.ones_like(v)


def _positive(array: FloatArray) -> FloatArray:
    return (array > 0.0).astype(np.float64)


def _sloping_hidden(case: Case) -> bool:
    """Hidden layers without softmax, and one of them with a slope."""
    return deep(case) and "softmax" not in hidden(case) and set(hidden(case)) != {"linear"}


# -- the rows ----------------------------------------------------------------------------------------

ROWS = (
    Mistake(
        "delta_from_output_value",
        "error sent back",
        QT_TRANSLATE_NOOP("mistakes", "The last hidden layer receives the output itself, not its delta."),
        QT_TRANSLATE_NOOP("mistakes", "Two variables with alike names are mixed up."),
        "v = (a_out / B) @ W_out.T",
        "v = delta_out @ W_out.T",
        deep,
        _sent_by_output(lambda step: step.r * step.a[-1]),
    ),
    Mistake(
        "delta_from_raw_error",
        "error sent back",
        QT_TRANSLATE_NOOP("mistakes", "The last hidden layer receives the error before the output's slope."),
        QT_TRANSLATE_NOOP("mistakes", "The error is sent back by itself, and the slope only enters dW."),
        "v = ((a_out - t) / B) @ W_out.T",
        "v = delta_out @ W_out.T",
        lambda case: deep(case) and not case.natural,
        _sent_by_output(lambda step: step.r * step.c * step.e),
    ),
    Mistake(
        "errors_sent_back",
        "error sent back",
        QT_TRANSLATE_NOOP("mistakes", "In every layer the error goes down before its slope is multiplied."),
        QT_TRANSLATE_NOOP("mistakes", "A popular book computes all errors first, and the slopes afterwards."),
        "E = E_next @ W_next.T;  delta = E * f'(z)",
        "delta = (delta_next @ W_next.T) * f'(z)",
        lambda case: deep(case) and "softmax" not in hidden(case),
        {"sent_back": _errors_sent_back},
    ),
    Mistake(
        "updated_weights_backward",
        "weights going back",
        QT_TRANSLATE_NOOP("mistakes", "Delta goes down through weights that this step has updated already."),
        QT_TRANSLATE_NOOP("mistakes", "Each layer is updated as soon as its gradient is there."),
        "W_next -= eta * dW_next;  v = delta_next @ W_next.T",
        "v = delta_next @ W_next.T;  W_next -= eta * dW_next",
        updated_together,
        {"weights_back": lambda step, layer: step.W_after[layer].T},
    ),
    Mistake(
        "W_not_transposed",
        "weights going back",
        QT_TRANSLATE_NOOP("mistakes", "The weights are not transposed on the way back."),
        QT_TRANSLATE_NOOP("mistakes", "A square matrix fits both ways, so that nothing complains."),
        "v = delta_next @ W_next",
        "v = delta_next @ W_next.T",
        lambda case: deep(case) and one_width(case, 1) > 1,
        {"weights_back": lambda step, layer: Step.weights_back(step, layer).T},
    ),
    Mistake(
        "dW_for_W",
        "weights going back",
        QT_TRANSLATE_NOOP("mistakes", "Delta goes down through the gradient dW in place of the weights W."),
        QT_TRANSLATE_NOOP("mistakes", "A letter is missing, and the shapes are the same."),
        "v = delta_next @ dW_next.T",
        "v = delta_next @ W_next.T",
        deep,
        {"weights_back": lambda step, layer: step.dW[layer].T},
    ),
    Mistake(
        "weights_of_wrong_layer",
        "weights going back",
        QT_TRANSLATE_NOOP(
            "mistakes", "Delta goes down through the layer's own weights, not the next layer's."
        ),
        QT_TRANSLATE_NOOP("mistakes", "The index is off by one in the loop that goes backward."),
        "v = delta[l+1] @ W[l].T",
        "v = delta[l+1] @ W[l+1].T",
        lambda case: deep(case) and one_width(case) > 0,
        {"weights_back": lambda step, layer: step.case.W[layer - 1].T},
    ),
    Mistake(
        "hidden_sign",
        "hidden sign",
        QT_TRANSLATE_NOOP("mistakes", "All hidden deltas have the wrong sign."),
        QT_TRANSLATE_NOOP(
            "mistakes", "Output and hidden layers were written by two conventions, t - a and a - t."
        ),
        "v = -(delta_next @ W_next.T)",
        "v = delta_next @ W_next.T",
        deep,
        {"hidden_sign": _hidden_sign},
    ),
    Mistake(
        "mean_twice_hidden",
        "hidden factor",
        QT_TRANSLATE_NOOP("mistakes", "Delta is divided by the batch size again at every hidden layer."),
        QT_TRANSLATE_NOOP("mistakes", "1/B stands in every layer's lines, though delta carries it down."),
        "delta = (delta_next @ W_next.T) * f'(z) / B",
        "delta = (delta_next @ W_next.T) * f'(z)",
        lambda case: deep(case) and case.B > 1,
        {"hidden_factor": lambda step, v: v / step.case.B},
    ),
    Mistake(
        "no_hidden_slope",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "The slope is missing in all hidden layers."),
        QT_TRANSLATE_NOOP("mistakes", "The error is sent back, and the activation function is forgotten."),
        "delta = delta_next @ W_next.T",
        "delta = (delta_next @ W_next.T) * f'(z)",
        _sloping_hidden,
        _slope_where(_is_hidden, _ones),
    ),
    Mistake(
        "no_slope_last_hidden",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "The slope is missing in the last hidden layer only."),
        QT_TRANSLATE_NOOP("mistakes", "The first step of the loop is written apart, without the slope."),
        "delta = delta_out @ W_out.T",
        "delta = (delta_out @ W_out.T) * f'(z)",
        lambda case: deep(case) and hidden(case)[-1] not in ("linear", "softmax"),
        _slope_where(lambda step, layer: layer == step.case.L - 1, _ones),
    ),
    Mistake(
        "no_slope_first_hidden",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "The slope is missing in the first hidden layer only."),
        QT_TRANSLATE_NOOP("mistakes", "The last step of the loop is written apart, without the slope."),
        "delta1 = delta2 @ W2.T",
        "delta1 = (delta2 @ W2.T) * f'(z1)",
        lambda case: deep(case) and hidden(case)[0] not in ("linear", "softmax"),
        _slope_where(lambda step, layer: layer == 1 and layer < step.case.L, _ones),
    ),
    Mistake(
        "slope_at_a",
        "slope",
        QT_TRANSLATE_NOOP(
            "mistakes", "The slope is taken at a, which has been through the function, not at z."
        ),
        QT_TRANSLATE_NOOP("mistakes", "The derivative's function applies sigmoid itself, and is handed a."),
        "sigmoid_derivative(a)   # s = sigmoid(a); s * (1 - s)",
        "sigmoid_derivative(z)   # or a * (1 - a)",
        lambda case: bool({"sigmoid", "tanh"} & set(with_slope(case))),
        _slope_where(_named("sigmoid", "tanh"), _slope_at_a),
    ),
    Mistake(
        "slope_formula_on_z",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "The slope's formula in a is fed with z."),
        QT_TRANSLATE_NOOP("mistakes", "The derivative's function expects a, and is handed z."),
        "z * (1 - z)",
        "a * (1 - a)",
        lambda case: bool({"sigmoid", "tanh"} & set(with_slope(case))),
        _slope_where(_named("sigmoid", "tanh"), _slope_formula_on_z),
    ),
    Mistake(
        "tanh_not_squared",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "The slope of tanh is written 1 - a, without the square."),
        QT_TRANSLATE_NOOP("mistakes", "The formula was remembered half, or a ** 2 was lost in typing."),
        "1 - a",
        "1 - a**2",
        lambda case: "tanh" in with_slope(case),
        _slope_where(_named("tanh"), lambda step, layer, v: 1.0 - step.raw[layer]),
    ),
    Mistake(
        "sigmoid_slope_everywhere",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "All hidden layers have sigmoid's slope, whatever their function is."),
        QT_TRANSLATE_NOOP("mistakes", "The activation function was changed, and its derivative was not."),
        "delta = v * a * (1 - a)",
        "delta = v * f'(z)",
        lambda case: deep(case) and bool(set(hidden(case)) - {"sigmoid", "softmax"}),
        {"through": _sigmoid_slope_everywhere},
    ),
    Mistake(
        "relu_mask_from_gradient",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "ReLU's mask is taken from the sign of the gradient, not from z."),
        QT_TRANSLATE_NOOP("mistakes", "The line looks at the array that it is about to change."),
        "v[v <= 0] = 0",
        "v[z <= 0] = 0",
        lambda case: "relu" in hidden(case),
        _slope_where(_named("relu", everywhere=False), lambda step, layer, v: _positive(v)),
    ),
    Mistake(
        "relu_slope_is_value",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "ReLU itself is multiplied in place of its slope of 0 or 1."),
        QT_TRANSLATE_NOOP("mistakes", "The function is called where its derivative is meant."),
        "delta = v * np.maximum(0, z)",
        "delta = v * (z > 0)",
        lambda case: "relu" in hidden(case),
        _slope_where(_named("relu", everywhere=False), lambda step, layer, v: np.maximum(0.0, step.z[layer])),
    ),
    Mistake(
        "leaky_slope_zero",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "Leaky ReLU's slope is 0 below 0, as if it did not leak."),
        QT_TRANSLATE_NOOP("mistakes", "The forward pass was changed from ReLU, the derivative was not."),
        "delta = v * (z > 0)",
        "delta = v * np.where(z > 0, 1, 0.01)",
        lambda case: "leaky_relu" in hidden(case),
        _slope_where(_named("leaky_relu", everywhere=False), lambda step, layer, v: _positive(step.z[layer])),
    ),
    Mistake(
        "slope_of_layer_above",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "The slope is computed from the numbers of the layer above."),
        QT_TRANSLATE_NOOP("mistakes", "The index of the list of activations is off by one."),
        "delta[l] = v * df(a[l+1])",
        "delta[l] = v * df(a[l])",
        lambda case: deep(case) and one_width(case, 1) > 0 and "softmax" not in [*hidden(case), output(case)],
        _slope_of_layer(1),
    ),
    Mistake(
        "slope_of_layer_below",
        "slope",
        QT_TRANSLATE_NOOP("mistakes", "The slope is computed from the numbers of the layer below."),
        QT_TRANSLATE_NOOP("mistakes", "The list of activations has the inputs in front, that of z has not."),
        "delta[l] = v * df(a[l-1])",
        "delta[l] = v * df(a[l])",
        lambda case: deep(case) and one_width(case, 0, case.L - 1) > 0 and "softmax" not in hidden(case),
        _slope_of_layer(-1),
    ),
)
