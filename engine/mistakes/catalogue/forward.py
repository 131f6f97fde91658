"""Mistakes on the way to the loss: targets, pre-activations, output function, loss, dropout."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.activations import Activation, Linear
from engine.mistakes.catalogue.mistake import (
    Mistake,
    always,
    averaged,
    deep,
    dropped,
    hidden,
    logarithmic,
    one_hot,
    one_width,
    output,
    several,
    summed,
)
from engine.mistakes.reference import Case, Step

# -- the bodies --------------------------------------------------------------------------------------


def _other_targets(case: Case) -> int | float:
    """How many other targets a sample is compared with, or 1 for their mean."""
    return 1.0 if case.experiment.reduction == "mean" else case.B


def _broadcast_error(step: Step) -> FloatArray:
    error: FloatArray = _other_targets(step.case) * (step.a[-1] - step.t.mean(axis=0))
    return error


def _broadcast_losses(step: Step) -> FloatArray:
    pairs = step.case.experiment.loss.per_sample(step.a[-1][:, None, :], step.t[None, :, :])
    losses: FloatArray = _other_targets(step.case) * pairs.mean(axis=1)
    return losses


def _twice(step: Step, layer: int, z: FloatArray) -> FloatArray:
    once = Step.activation(step, layer, z)
    return Step.activation(step, layer, once) if layer == step.case.L else once


def _through_inner(step: Step, error: FloatArray) -> FloatArray:
    inner = step.case.functions[-1]
    z = step.z[-1]
    return inner.vjp(z, inner.value(z), error)


def _softmax_over(axis: int | None) -> Any:
    def activation(step: Step, layer: int, z: FloatArray) -> FloatArray:
        if layer < step.case.L:
            return Step.activation(step, layer, z)
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        result: FloatArray = powers / powers.sum(axis=axis, keepdims=True)
        return result

    return activation


def _at_output(choose: Any) -> Any:
    def function(step: Step, layer: int) -> Activation:
        chosen: Activation = choose(step) if layer == step.case.L else Step.function(step, layer)
        return chosen

    return function


def _times(factor: Any) -> Any:
    return {"loss": lambda step, losses: Step.loss(step, losses) * factor(step.case)}


def _mask(scale: Any) -> Any:
    def mask(step: Step, layer: int) -> FloatArray | None:
        p = step.case.dropout[layer]
        return step.case.masks[layer] * scale(p) if p else None

    return mask


# -- the rows ----------------------------------------------------------------------------------------

ROWS = (
    Mistake(
        "targets_shifted_one_row",
        "targets",
        QT_TRANSLATE_NOOP("mistakes", "Each row is compared with the target of the row before it."),
        QT_TRANSLATE_NOOP("mistakes", "Inputs and targets were read, sorted or shuffled apart."),
        "X = X[order]",
        "X, T = X[order], T[order]",
        several,
        {"targets": lambda step, t: np.roll(t, 1, axis=0)},
    ),
    Mistake(
        "labels_off_by_one",
        "targets",
        QT_TRANSLATE_NOOP("mistakes", "Classes are counted from 1 where they are counted from 0."),
        QT_TRANSLATE_NOOP("mistakes", "The data number their classes from 1, the array its columns from 0."),
        "T = np.eye(k)[label - 1]",
        "T = np.eye(k)[label]",
        lambda case: case.k > 1 and one_hot(case),
        {"targets": lambda step, t: np.roll(t, -1, axis=1)},
    ),
    Mistake(
        "targets_broadcast",
        "error",
        QT_TRANSLATE_NOOP("mistakes", "Every sample is compared with every target, not only with its own."),
        QT_TRANSLATE_NOOP("mistakes", "A column (B, 1) minus a vector (B,) becomes a B x B matrix unasked."),
        "e = a - t                 # (B, 1) - (B,)",
        "e = a - t.reshape(B, 1)   # (B, 1) - (B, 1)",
        lambda case: case.k == 1 and case.B > 1 and case.squared,
        {"error": _broadcast_error, "sample_losses": _broadcast_losses},
    ),
    Mistake(
        "bias_left_out_forward",
        "z",
        QT_TRANSLATE_NOOP("mistakes", "The biases are left out of the forward pass."),
        QT_TRANSLATE_NOOP("mistakes", "Biases were added to the network later, and not to this line."),
        "z = a @ W",
        "z = a @ W + b",
        always,
        {"pre_activation": lambda step, below, W, b: below @ W},
    ),
    Mistake(
        "W_transposed_forward",
        "z",
        QT_TRANSLATE_NOOP("mistakes", "The weights are transposed in the forward pass."),
        QT_TRANSLATE_NOOP("mistakes", "Books differ in W or its transpose, and a square one fits both ways."),
        "z = a @ W.T + b",
        "z = a @ W + b",
        lambda case: one_width(case) > 1,
        {"pre_activation": lambda step, below, W, b: below @ W.T + b},
    ),
    Mistake(
        "output_activation_missing",
        "output",
        QT_TRANSLATE_NOOP("mistakes", "The output layer has no activation function."),
        QT_TRANSLATE_NOOP("mistakes", "The loop over the layers treats the last one apart."),
        "a = z",
        "a = f(z)",
        lambda case: case.squared and output(case) != "linear",
        {"function": _at_output(lambda step: Linear())},
    ),
    Mistake(
        "hidden_function_at_output",
        "output",
        QT_TRANSLATE_NOOP("mistakes", "The output layer has the hidden layers' activation function."),
        QT_TRANSLATE_NOOP("mistakes", "One function is used in the loop over all layers."),
        "a = f_hidden(z)",
        "a = f_output(z)",
        lambda case: case.squared and deep(case) and hidden(case)[-1] not in ("softmax", output(case)),
        {"function": _at_output(lambda step: step.case.functions[-2])},
    ),
    Mistake(
        "output_activation_twice",
        "output",
        QT_TRANSLATE_NOOP("mistakes", "The output's activation function is applied twice."),
        QT_TRANSLATE_NOOP(
            "mistakes", "A loss that takes logits gets outputs that are probabilities already."
        ),
        "a = f(f(z))",
        "a = f(z)",
        lambda case: case.natural,
        {"activation": _twice},
    ),
    Mistake(
        "output_activation_twice_autograd",
        "output",
        QT_TRANSLATE_NOOP(
            "mistakes", "The output's activation function is applied twice, and differentiated twice."
        ),
        QT_TRANSLATE_NOOP("mistakes", "A loss that takes logits is fed with probabilities, under autograd."),
        "loss = cross_entropy(softmax(z), t)",
        "loss = cross_entropy(z, t)",
        lambda case: case.natural,
        {"activation": _twice, "natural_delta": _through_inner},
    ),
    Mistake(
        "softmax_over_batch",
        "output",
        QT_TRANSLATE_NOOP("mistakes", "Softmax is divided by one sum over all samples and units."),
        QT_TRANSLATE_NOOP("mistakes", "A sum without an axis is right for one sample and wrong for a batch."),
        "a = np.exp(z) / np.exp(z).sum()",
        "a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
        lambda case: output(case) == "softmax" and case.B > 1,
        {"activation": _softmax_over(None)},
    ),
    Mistake(
        "softmax_over_samples",
        "output",
        QT_TRANSLATE_NOOP("mistakes", "Softmax is divided by the sum over the samples, not over the units."),
        QT_TRANSLATE_NOOP("mistakes", "The axis belongs to code that has its samples in columns."),
        "a = np.exp(z) / np.exp(z).sum(axis=0)",
        "a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
        lambda case: output(case) == "softmax" and case.B > 1,
        {"activation": _softmax_over(0)},
    ),
    Mistake(
        "loss_sum_for_mean",
        "loss",
        QT_TRANSLATE_NOOP(
            "mistakes", "The loss is summed over the batch, not averaged; the gradient is right."
        ),
        QT_TRANSLATE_NOOP("mistakes", "The mean was put into the gradient alone."),
        "loss = L.sum()",
        "loss = L.sum() / B",
        averaged,
        _times(lambda case: case.B),
    ),
    Mistake(
        "loss_mean_for_sum",
        "loss",
        QT_TRANSLATE_NOOP(
            "mistakes", "The loss is averaged over the batch, not summed; the gradient is right."
        ),
        QT_TRANSLATE_NOOP("mistakes", "A mean is the habit, and the gradient was derived from the sum."),
        "loss = L.mean()",
        "loss = L.sum()",
        summed,
        _times(lambda case: 1.0 / case.B),
    ),
    Mistake(
        "loss_without_half",
        "loss",
        QT_TRANSLATE_NOOP("mistakes", "The loss lacks the half in front of the square."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The half matters to the gradient alone, so that the loss is left as it is."
        ),
        "L = (e**2).sum(axis=1)",
        "L = 0.5 * (e**2).sum(axis=1)",
        lambda case: case.experiment.loss.name == "squared_error",
        _times(lambda case: 2.0),
    ),
    Mistake(
        "loss_summed_over_outputs",
        "loss",
        QT_TRANSLATE_NOOP(
            "mistakes", "The loss is summed over the outputs, not averaged; the gradient is right."
        ),
        QT_TRANSLATE_NOOP("mistakes", "With one output, where it was tried, sum and mean are the same."),
        "L = l.sum(axis=1)",
        "L = l.mean(axis=1)",
        lambda case: (
            case.k > 1 and case.experiment.loss.name in ("mean_squared_error", "binary_cross_entropy")
        ),
        _times(lambda case: case.k),
    ),
    Mistake(
        "loss_averaged_over_outputs",
        "loss",
        QT_TRANSLATE_NOOP("mistakes", "The loss is averaged over the outputs too; the gradient is right."),
        QT_TRANSLATE_NOOP("mistakes", "A mean without an axis divides by samples and outputs at once."),
        "loss = l.mean()",
        "loss = l.sum(axis=1).mean()",
        lambda case: case.k > 1 and case.experiment.loss.name in ("squared_error", "cross_entropy"),
        _times(lambda case: 1.0 / case.k),
    ),
    Mistake(
        "loss_log10",
        "loss",
        QT_TRANSLATE_NOOP("mistakes", "The loss takes the logarithm to base 10 for the natural one."),
        QT_TRANSLATE_NOOP("mistakes", "On a calculator, and in many books, log is the logarithm to base 10."),
        "L = -(t * np.log10(a)).sum(axis=1)",
        "L = -(t * np.log(a)).sum(axis=1)",
        logarithmic,
        _times(lambda case: 1.0 / math.log(10.0)),
    ),
    Mistake(
        "loss_log2",
        "loss",
        QT_TRANSLATE_NOOP("mistakes", "The loss takes the logarithm to base 2 for the natural one."),
        QT_TRANSLATE_NOOP("mistakes", "Entropy in bits has base 2; the derivative 1/a belongs to base e."),
        "L = -(t * np.log2(a)).sum(axis=1)",
        "L = -(t * np.log(a)).sum(axis=1)",
        logarithmic,
        _times(lambda case: 1.0 / math.log(2.0)),
    ),
    Mistake(
        "loss_sign",
        "loss",
        QT_TRANSLATE_NOOP("mistakes", "The minus sign in front of the logarithms is missing in the loss."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The likelihood is maximized, its negative minimized; one sign got lost."
        ),
        "L = (t * np.log(a)).sum(axis=1)",
        "L = -(t * np.log(a)).sum(axis=1)",
        logarithmic,
        _times(lambda case: -1.0),
    ),
    Mistake(
        "dropout_mask_not_backward",
        "dropout",
        QT_TRANSLATE_NOOP("mistakes", "Delta goes down without the dropout mask."),
        QT_TRANSLATE_NOOP(
            "mistakes", "Dropout was added to the forward pass and forgotten in the backward pass."
        ),
        "delta = (delta_next @ W.T) * slope",
        "delta = (delta_next @ W.T) * mask / (1 - p) * slope",
        lambda case: dropped(case) and deep(case),
        {"mask_back": lambda step, layer: None},
    ),
    Mistake(
        "dropout_not_scaled",
        "dropout",
        QT_TRANSLATE_NOOP("mistakes", "Units are dropped, and the others are not divided by 1 - p."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The first paper scales at prediction; libraries scale while training."
        ),
        "a = f(z) * mask",
        "a = f(z) * mask / (1 - p)",
        dropped,
        {"mask": _mask(lambda p: 1.0)},
    ),
    Mistake(
        "dropout_scaled_forward_only",
        "dropout",
        QT_TRANSLATE_NOOP("mistakes", "The division by 1 - p is made forward, and left out backward."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The mask is kept as zeros and ones, and the scale is not kept with it."
        ),
        "delta = (delta_next @ W.T) * mask * slope",
        "delta = (delta_next @ W.T) * mask / (1 - p) * slope",
        dropped,
        {"mask_back": _mask(lambda p: 1.0)},
    ),
    Mistake(
        "dropout_divided_by_p",
        "dropout",
        QT_TRANSLATE_NOOP("mistakes", "Kept units are divided by p, the share dropped, for 1 - p."),
        QT_TRANSLATE_NOOP("mistakes", "In some books p is the share kept, in others the share dropped."),
        "a = f(z) * mask / p",
        "a = f(z) * mask / (1 - p)",
        lambda case: dropped(case) and any(p not in (0.0, 0.5) for p in case.dropout),
        {"mask": _mask(lambda p: 1.0 / p)},
    ),
)
