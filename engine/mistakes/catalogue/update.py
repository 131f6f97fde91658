"""Mistakes in the update, and in the order in which the samples are used."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.mistakes.catalogue.mistake import (
    Mistake,
    always,
    deep,
    in_turn,
    optimizer,
    several,
    truncated,
)
from engine.mistakes.reference import NOTHING, Case, Step, Value, in_order

# -- the bodies --------------------------------------------------------------------------------------


def _rate(rate: Callable[[Case], float]) -> Any:
    return {"rate": lambda step: rate(step.case)}


def _hidden_lost(step: Step, layer: int, W: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    return (W, b) if layer == step.case.L else (step.case.W[layer], step.case.b[layer])


def _kind_swapped(step: Step, p: FloatArray, g: FloatArray, array: int) -> FloatArray:
    o: Any = step.case.experiment.optimizer
    v = step.velocity(g, o.momentum, array)
    u: FloatArray = g + o.momentum * v if o.name == "momentum" else v
    return u


def _old_velocity(step: Step, p: FloatArray, g: FloatArray, array: int) -> FloatArray:
    o: Any = step.case.experiment.optimizer
    step.velocity(g, o.momentum, array)
    old = step.slot("v", array) + np.zeros_like(g)
    u: FloatArray = old if o.name == "momentum" else g + o.momentum * old
    return u


def _one_by_one(keep: bool) -> Any:
    """The step of each sample in turn; `keep` leaves its gradients in the accumulators of the next.

    In groups of several samples it is a coarse look at the same: the gradients of a group are those at
    its beginning, and the update is the one that all its samples would have made with them.
    """

    def quantities(step: Step) -> Iterator[Value]:
        case, size = step.case, step.group()
        varied = [lines for lines in step.varied if "quantities" not in lines and "targets" not in lines]
        kept: list[tuple[FloatArray, FloatArray]] = []
        sums: list[tuple[FloatArray, FloatArray]] = [(NOTHING, NOTHING)] * (case.L + 1)

        def accumulated(
            one: Step, layer: int, dW: FloatArray, db: FloatArray
        ) -> tuple[FloatArray, FloatArray]:
            sums[layer] = (dW + kept[layer][0], db + kept[layer][1]) if kept else (dW, db)
            n = one.case.B
            if n == 1:
                return sums[layer]
            return sums[layer][0] * n - dW * ((n - 1) / 2), sums[layer][1] * n - db * ((n - 1) / 2)

        if keep:
            varied.append({"accumulated": accumulated})
        targets, W, b = step.targets(case.targets), case.W, case.b
        steps: list[dict[str, tuple[FloatArray, FloatArray]]] = []
        for first in range(0, case.B, size):
            one = Step(case.rows(first, size, targets, W, b), varied)
            steps.append({name: (value, inside) for name, value, inside in one.quantities()})
            if not step.plausible(first, one):
                return
            kept, W, b = list(sums) if keep else [], one.W_after, one.b_after
        for name in in_order(case.L):
            if name not in steps[0]:
                return  # a mask that is not known
            values = [values[name][0] for values in steps]
            if name[0] in "za" or name.startswith("delta"):
                value = np.concatenate(values)
            elif name[0] in "Wb":
                value = values[-1]
            elif name == "loss":
                value = np.asarray(sum(values) / (case.B if case.mean else 1))
            else:
                inside = [values[name][1] for values in steps]
                yield name, sum(values[1:], values[0]), sum(inside[1:], inside[0])
                continue
            yield name, value, value

    return {"quantities": quantities}


# -- the rows ----------------------------------------------------------------------------------------

_momentum = optimizer("momentum", "nesterov")
_adam = optimizer("adam")

ROWS = (
    Mistake(
        "update_plus",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "The update is added, not subtracted: it climbs."),
        QT_TRANSLATE_NOOP("mistakes", "With t - a the update is added; here the error is a - t."),
        "W += eta * dW",
        "W -= eta * dW",
        always,
        _rate(lambda case: -case.eta),
    ),
    Mistake(
        "lr_twice",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "The learning rate is multiplied twice."),
        QT_TRANSLATE_NOOP("mistakes", "It is in the gradient already, and comes once more in the update."),
        "W -= eta * (eta * dW)",
        "W -= eta * dW",
        always,
        _rate(lambda case: case.eta * case.eta),
    ),
    Mistake(
        "lr_missing",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "The learning rate is left out."),
        QT_TRANSLATE_NOOP("mistakes", "A first program works without one, as if it were 1."),
        "W -= dW",
        "W -= eta * dW",
        always,
        _rate(lambda case: 1.0),
    ),
    Mistake(
        "update_divided_by_batch",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "The update is divided by the batch size once more."),
        QT_TRANSLATE_NOOP(
            "mistakes", "Some books write eta / B in the update, with a gradient that is summed."
        ),
        "W -= eta / B * dW",
        "W -= eta * dW",
        several,
        _rate(lambda case: case.eta / case.B),
    ),
    Mistake(
        "update_lost",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Weights and biases are the same after the step as before it."),
        QT_TRANSLATE_NOOP(
            "mistakes", "A copy was updated, or W = W - eta * dW made an array that is not stored."
        ),
        "for W in weights: W = W - eta * dW",
        "for W in weights: W -= eta * dW",
        always,
        {"kept": lambda step, layer, W, b: (step.case.W[layer], step.case.b[layer])},
    ),
    Mistake(
        "biases_not_updated",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "The biases are never updated, though their gradient is right."),
        QT_TRANSLATE_NOOP("mistakes", "The line for the biases was forgotten."),
        "W -= eta * dW",
        "W -= eta * dW;  b -= eta * db",
        always,
        {"kept": lambda step, layer, W, b: (W, step.case.b[layer])},
    ),
    Mistake(
        "hidden_layers_not_updated",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Only the output layer is updated."),
        QT_TRANSLATE_NOOP("mistakes", "The loop over the layers ends too early."),
        "for l in range(L, L - 1, -1): W[l] -= eta * dW[l]",
        "for l in range(L, 0, -1): W[l] -= eta * dW[l]",
        deep,
        {"kept": _hidden_lost},
    ),
    Mistake(
        "weights_in_integer_array",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Parameters are kept in arrays of integers, which cut them towards 0."),
        QT_TRANSLATE_NOOP("mistakes", "The array was made from integers such as [0, 1], and cuts silently."),
        "W = np.array([[0, 1], [1, 0]])",
        "W = np.array([[0., 1.], [1., 0.]])",
        always,
        {"kept": lambda step, layer, W, b: (truncated(W), truncated(b))},
    ),
    Mistake(
        "momentum_dampened",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "The gradient enters the velocity with the factor 1 - mu."),
        QT_TRANSLATE_NOOP("mistakes", "That is a running mean, as in Adam; momentum here is a running sum."),
        "v = mu * v + (1 - mu) * g",
        "v = mu * v + g",
        _momentum,
        {
            "velocity": lambda step, g, mu, array: step.kept_slot(
                "v", array, mu * step.slot("v", array) + (1.0 - mu) * g
            )
        },
    ),
    Mistake(
        "momentum_kind_swapped",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Nesterov's update for plain momentum, or plain for Nesterov's."),
        QT_TRANSLATE_NOOP("mistakes", "The two differ in one line, and books write them in many forms."),
        "W -= eta * (g + mu * v)",
        "W -= eta * v",
        _momentum,
        {"direction": _kind_swapped},
    ),
    Mistake(
        "momentum_old_velocity",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "The update uses the velocity of the step before."),
        QT_TRANSLATE_NOOP("mistakes", "The parameters are updated before the velocity is."),
        "W -= eta * v;  v = mu * v + g",
        "v = mu * v + g;  W -= eta * v",
        _momentum,
        {"direction": _old_velocity},
    ),
    Mistake(
        "adam_no_bias_correction",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Adam's m and v are used without their correction for the start."),
        QT_TRANSLATE_NOOP(
            "mistakes", "The two lines with 1 - beta^t look like a refinement, and are left out."
        ),
        "u = m / (np.sqrt(v) + eps)",
        "u = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)",
        _adam,
        {"time": lambda step, array: math.inf},
    ),
    Mistake(
        "adam_epsilon_inside_root",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Adam's epsilon is added inside the root."),
        QT_TRANSLATE_NOOP("mistakes", "Other optimizers have it inside, and some libraries do."),
        "u = m_hat / np.sqrt(v_hat + eps)",
        "u = m_hat / (np.sqrt(v_hat) + eps)",
        _adam,
        {"adam_quotient": lambda step, m, v, epsilon: m / np.sqrt(v + epsilon)},
    ),
    Mistake(
        "adam_t_from_zero",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Adam's t is 0 at the first step: it divides by 0."),
        QT_TRANSLATE_NOOP("mistakes", "The loop counts from 0, Adam counts from 1."),
        "for t in range(steps): m_hat = m / (1 - beta1**t)",
        "for t in range(1, steps + 1): m_hat = m / (1 - beta1**t)",
        _adam,
        {"time": lambda step, array: step.case.state.time - 1},
    ),
    Mistake(
        "adam_t_per_parameter",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Adam's t counts arrays of parameters, not steps."),
        QT_TRANSLATE_NOOP("mistakes", "t += 1 stands inside the loop over the parameters."),
        "for p in parameters: t += 1; ...",
        "t += 1\nfor p in parameters: ...",
        _adam,
        {"time": lambda step, array: 2 * step.case.L * (step.case.state.time - 1) + array},
    ),
    Mistake(
        "adam_root_missing",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "Adam divides by v, not by its root."),
        QT_TRANSLATE_NOOP("mistakes", "The root was forgotten."),
        "u = m_hat / (v_hat + eps)",
        "u = m_hat / (np.sqrt(v_hat) + eps)",
        _adam,
        {"adam_quotient": lambda step, m, v, epsilon: m / (v + epsilon)},
    ),
    Mistake(
        "adagrad_root_missing",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "AdaGrad divides by the sum of squares, not by its root."),
        QT_TRANSLATE_NOOP("mistakes", "The root was forgotten."),
        "u = g / (s + eps)",
        "u = g / (np.sqrt(s) + eps)",
        optimizer("adagrad"),
        {"quotient": lambda step, g, s, epsilon: g / (s + epsilon)},
    ),
    Mistake(
        "rmsprop_root_missing",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "RMSProp divides by the mean square, not by its root."),
        QT_TRANSLATE_NOOP("mistakes", "The root was forgotten."),
        "u = g / (s + eps)",
        "u = g / (np.sqrt(s) + eps)",
        optimizer("rmsprop"),
        {"quotient": lambda step, g, s, epsilon: g / (s + epsilon)},
    ),
    Mistake(
        "rmsprop_epsilon_inside_root",
        "update",
        QT_TRANSLATE_NOOP("mistakes", "RMSProp's epsilon is added inside the root."),
        QT_TRANSLATE_NOOP("mistakes", "Libraries differ in this; here it stands outside, as in PyTorch."),
        "u = g / np.sqrt(s + eps)",
        "u = g / (np.sqrt(s) + eps)",
        optimizer("rmsprop"),
        {"quotient": lambda step, g, s, epsilon: g / np.sqrt(s + epsilon)},
    ),
    Mistake(
        "update_inside_batch",
        "order of samples",
        QT_TRANSLATE_NOOP("mistakes", "Parameters are updated after every sample, not once for the batch."),
        QT_TRANSLATE_NOOP("mistakes", "The update stands inside the loop over the samples."),
        "for i in range(B): ...; W -= eta * dW",
        "for i in range(B): ...; dW += ...\nW -= eta * dW",
        in_turn,
        _one_by_one(keep=False),
    ),
    Mistake(
        "gradient_not_zeroed",
        "order of samples",
        QT_TRANSLATE_NOOP("mistakes", "Gradients of earlier samples are still in the sum at every update."),
        QT_TRANSLATE_NOOP("mistakes", "zero_grad() is missing, so that gradients pile up."),
        "loss.backward();  optimizer.step()",
        "optimizer.zero_grad();  loss.backward();  optimizer.step()",
        in_turn,
        _one_by_one(keep=True),
    ),
)
