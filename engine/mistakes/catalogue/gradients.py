"""Mistakes in the gradients: which samples count, dW, db, the penalty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.mistakes.catalogue.mistake import (
    Mistake,
    always,
    averaged,
    deep,
    one_width,
    optimizer,
    penalized,
    several,
    summed,
)
from engine.mistakes.reference import Case, Step

# -- the bodies --------------------------------------------------------------------------------------


def _only(index: int) -> Any:
    def counted(step: Step, delta: FloatArray) -> FloatArray:
        kept = np.zeros_like(delta)
        kept[index] = delta[index]
        return kept

    return {"counted": counted}


def _weight_gradient(
    below: Callable[[Step, int], FloatArray], delta: Callable[[Step, int], FloatArray] | None = None
) -> Any:
    """Another left or right factor of a^T delta."""

    def weight_gradient(step: Step, layer: int) -> FloatArray:
        right = step.delta[layer] if delta is None else delta(step, layer)
        return below(step, layer).T @ step.counted(right)

    return {"weight_gradient": weight_gradient}


def _below(step: Step, layer: int) -> FloatArray:
    return step.a[layer - 1]


def _above(step: Step, layer: int) -> FloatArray:
    return step.delta[min(layer + 1, step.case.L)]


def _bias_gradient(reduced: Callable[[Step, FloatArray], FloatArray]) -> Any:
    return {"bias_gradient": lambda step, layer: reduced(step, step.counted(step.delta[layer]))}


def _weight_penalty(factor: Callable[[Step], float]) -> Any:
    return {"weight_penalty": lambda step, layer: factor(step) * step.case.strength * step.case.W[layer]}


def _sized_alike(case: Case, first: int) -> bool:
    """Batch and layers are all of one size above 1."""
    return case.B > 1 and one_width(case, first) == case.B


def _l1(case: Case) -> bool:
    return case.experiment.regularizer.name == "l1"


# -- the rows ----------------------------------------------------------------------------------------

ROWS = (
    Mistake(
        "last_sample_only",
        "samples that count",
        QT_TRANSLATE_NOOP("mistakes", "Only the last sample counts: each sample overwrites the one before."),
        QT_TRANSLATE_NOOP("mistakes", "In the loop over the samples stands = for +=."),
        "for i in range(B): dW = np.outer(a[i], delta[i])",
        "for i in range(B): dW += np.outer(a[i], delta[i])",
        several,
        _only(-1),
    ),
    Mistake(
        "first_sample_only",
        "samples that count",
        QT_TRANSLATE_NOOP("mistakes", "Only the first sample counts."),
        QT_TRANSLATE_NOOP("mistakes", "The loop is left too early, for instance by a return inside of it."),
        "for i in range(B): dW += ...; return dW",
        "for i in range(B): dW += ...\nreturn dW",
        several,
        _only(0),
    ),
    Mistake(
        "dW_transposed",
        "dW",
        QT_TRANSLATE_NOOP("mistakes", "The gradient of the weights is transposed."),
        QT_TRANSLATE_NOOP("mistakes", "A square matrix fits both ways, so that nothing complains."),
        "dW = delta.T @ a",
        "dW = a.T @ delta",
        lambda case: one_width(case) > 1,
        {"weight_gradient": lambda step, layer: Step.weight_gradient(step, layer).T},
    ),
    Mistake(
        "dW_own_activation",
        "dW",
        QT_TRANSLATE_NOOP("mistakes", "dW uses the layer's own activations, not those of the layer below."),
        QT_TRANSLATE_NOOP("mistakes", "The index of the list of activations is off by one."),
        "dW[l] = a[l].T @ delta[l]",
        "dW[l] = a[l-1].T @ delta[l]",
        lambda case: one_width(case) > 0,
        _weight_gradient(lambda step, layer: step.a[layer]),
    ),
    Mistake(
        "dW_from_z",
        "dW",
        QT_TRANSLATE_NOOP("mistakes", "dW uses z of the layer below, before its activation function."),
        QT_TRANSLATE_NOOP("mistakes", "The wrong one of the two lists is used: z for a."),
        "dW[l] = z[l-1].T @ delta[l]",
        "dW[l] = a[l-1].T @ delta[l]",
        deep,
        _weight_gradient(lambda step, layer: step.z[layer - 1]),
    ),
    Mistake(
        "dW_from_input",
        "dW",
        QT_TRANSLATE_NOOP("mistakes", "dW uses the network's inputs in every layer."),
        QT_TRANSLATE_NOOP("mistakes", "The lines of the first layer were copied for the others."),
        "dW[l] = X.T @ delta[l]",
        "dW[l] = a[l-1].T @ delta[l]",
        lambda case: deep(case) and one_width(case, 0, case.L - 1) > 0,
        _weight_gradient(lambda step, layer: step.case.inputs),
    ),
    Mistake(
        "dW_from_delta_above",
        "dW",
        QT_TRANSLATE_NOOP("mistakes", "dW of the hidden layers uses delta of the layer above."),
        QT_TRANSLATE_NOOP("mistakes", "The variable delta is updated only after dW has used it."),
        "dW[l] = a[l-1].T @ delta[l+1]",
        "dW[l] = a[l-1].T @ delta[l]",
        lambda case: deep(case) and one_width(case, 1) > 0,
        _weight_gradient(_below, _above),
    ),
    Mistake(
        "elementwise_product",
        "dW",
        QT_TRANSLATE_NOOP("mistakes", "dW is a product element by element, not a product of matrices."),
        QT_TRANSLATE_NOOP("mistakes", "* and @ were mixed up, and all arrays happen to be of one size."),
        "dW = a * delta",
        "dW = a.T @ delta",
        lambda case: _sized_alike(case, 0),
        {"weight_gradient": lambda step, layer: step.a[layer - 1] * step.counted(step.delta[layer])},
    ),
    Mistake(
        "bias_sum",
        "db",
        QT_TRANSLATE_NOOP("mistakes", "Biases are summed over the batch, while weights are averaged."),
        QT_TRANSLATE_NOOP("mistakes", "The division by the batch size stands in the line of dW alone."),
        "dW = a.T @ d / B;  db = d.sum(axis=0)",
        "dW = a.T @ d / B;  db = d.sum(axis=0) / B",
        averaged,
        {"bias_gradient": lambda step, layer: step.case.B * Step.bias_gradient(step, layer)},
    ),
    Mistake(
        "bias_mean",
        "db",
        QT_TRANSLATE_NOOP("mistakes", "Biases are averaged over the batch, while weights are summed."),
        QT_TRANSLATE_NOOP("mistakes", "np.mean looks natural for biases, and the product of matrices sums."),
        "dW = a.T @ delta;  db = delta.mean(axis=0)",
        "dW = a.T @ delta;  db = delta.sum(axis=0)",
        lambda case: summed(case) and case.experiment.bias_reduction == "same",
        {"bias_gradient": lambda step, layer: Step.bias_gradient(step, layer) / step.case.B},
    ),
    Mistake(
        "bias_gradient_zero",
        "db",
        QT_TRANSLATE_NOOP("mistakes", "The gradient of the biases is 0."),
        QT_TRANSLATE_NOOP("mistakes", "It was set to zeros at the start and never filled."),
        "db = np.zeros_like(b)",
        "db = delta.sum(axis=0)",
        always,
        _bias_gradient(lambda step, delta: np.zeros(delta.shape[1])),
    ),
    Mistake(
        "bias_axis",
        "db",
        QT_TRANSLATE_NOOP("mistakes", "db is summed over the units, not over the samples."),
        QT_TRANSLATE_NOOP("mistakes", "The axis belongs to code that has its samples in columns."),
        "db = delta.sum(axis=1)",
        "db = delta.sum(axis=0)",
        lambda case: _sized_alike(case, 1),
        _bias_gradient(lambda step, delta: step.bias_reduced(delta.sum(axis=1))),
    ),
    Mistake(
        "bias_summed_over_all",
        "db",
        QT_TRANSLATE_NOOP("mistakes", "db is summed over samples and units: all units get the same number."),
        QT_TRANSLATE_NOOP("mistakes", "np.sum has no axis here, and adds up everything."),
        "db = np.sum(delta)",
        "db = np.sum(delta, axis=0)",
        lambda case: max(case.widths[1:]) > 1,
        _bias_gradient(lambda step, delta: step.bias_reduced(np.full(delta.shape[1], delta.sum()))),
    ),
    Mistake(
        "bias_last_sample",
        "db",
        QT_TRANSLATE_NOOP("mistakes", "db is the last sample's delta alone, while dW is right."),
        QT_TRANSLATE_NOOP("mistakes", "In the loop over the samples db is assigned with = for +=."),
        "dW += np.outer(a[i], delta[i]);  db = delta[i]",
        "dW += np.outer(a[i], delta[i]);  db += delta[i]",
        several,
        _bias_gradient(lambda step, delta: delta[-1]),
    ),
    Mistake(
        "l2_missing",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The penalty's term is left out of the update."),
        QT_TRANSLATE_NOOP("mistakes", "The penalty was added to the loss, and not to the gradient."),
        "W -= eta * dW",
        "W -= eta * (dW + lam * W)",
        penalized,
        _weight_penalty(lambda step: 0.0),
    ),
    Mistake(
        "l2_on_biases",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The penalty is put on the biases too."),
        QT_TRANSLATE_NOOP("mistakes", "One loop over all parameters does not tell weights from biases."),
        "b -= eta * (db + lam * b)",
        "b -= eta * db",
        penalized,
        {"bias_penalty": lambda step, layer: step.case.strength * step.case.b[layer]},
    ),
    Mistake(
        "l2_double",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The penalty's term is twice as large as it should be."),
        QT_TRANSLATE_NOOP("mistakes", "With lambda W^2 the derivative has a 2; here the penalty has a half."),
        "dW + 2 * lam * W",
        "dW + lam * W",
        penalized,
        _weight_penalty(lambda step: 2.0),
    ),
    Mistake(
        "l2_divided_by_batch",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The penalty's term is divided by the batch size."),
        QT_TRANSLATE_NOOP(
            "mistakes", "Some courses average the penalty with the loss; here it stands beside it."
        ),
        "dW + lam / B * W",
        "dW + lam * W",
        lambda case: penalized(case) and case.B > 1,
        _weight_penalty(lambda step: 1.0 / step.case.B),
    ),
    Mistake(
        "l2_sign",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The penalty's term is subtracted from the gradient: weights grow."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The minus of the update was put into the gradient, for this term alone."
        ),
        "dW - lam * W",
        "dW + lam * W",
        penalized,
        _weight_penalty(lambda step: -1.0),
    ),
    Mistake(
        "l2_decoupled",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "Weights decay beside Adam's direction (AdamW), not through it."),
        QT_TRANSLATE_NOOP(
            "mistakes", "With plain gradient descent the two are the same; with Adam they are not."
        ),
        "W -= eta * (adam(dW) + lam * W)",
        "W -= eta * adam(dW + lam * W)",
        lambda case: penalized(case) and optimizer("adam")(case),
        {
            **_weight_penalty(lambda step: 0.0),
            "decay": lambda step, layer: step.case.strength * step.case.W[layer],
        },
    ),
    Mistake(
        "l1_missing",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The term of the L1 penalty is left out of the update."),
        QT_TRANSLATE_NOOP("mistakes", "The penalty was added to the loss, and not to the gradient."),
        "W -= eta * dW",
        "W -= eta * (dW + lam * np.sign(W))",
        _l1,
        {"weight_penalty": lambda step, layer: 0.0},
    ),
    Mistake(
        "l1_without_sign",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The L1 penalty has the gradient of L2: W in place of its sign."),
        QT_TRANSLATE_NOOP("mistakes", "The penalty was changed, its derivative was not."),
        "dW + lam * W",
        "dW + lam * np.sign(W)",
        _l1,
        {"weight_penalty": lambda step, layer: step.case.strength * step.case.W[layer]},
    ),
    Mistake(
        "l1_on_biases",
        "penalty",
        QT_TRANSLATE_NOOP("mistakes", "The L1 penalty is put on the biases too."),
        QT_TRANSLATE_NOOP("mistakes", "One loop over all parameters does not tell weights from biases."),
        "b -= eta * (db + lam * np.sign(b))",
        "b -= eta * db",
        _l1,
        {"bias_penalty": lambda step, layer: step.case.strength * np.sign(step.case.b[layer])},
    ),
)
