"""Causes that lie in the parameters at step 0: units alike, dead or flat, gradients lost or wild."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.diagnose.finding import Remedy
from engine.diagnose.lead import Cause, Lead
from engine.diagnose.patient import BOUNDED, UNBOUNDED, Patient
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment, Layer
from engine.functions.activations import ACTIVATIONS
from engine.parts import Part

DEAD = ("relu",)


def fitting_initializers(experiment: Experiment) -> list[str]:
    """Initializers that suit the hidden layers, the best first, without the one in use."""
    names = {layer.activation.name for layer in experiment.layers[:-1]}
    if names & {"selu"}:
        order = ["lecun_normal", "xavier_normal", "he_normal"]
    elif names & {"relu", "leaky_relu", "elu", "silu", "gelu", "mish"}:
        order = ["he_normal", "xavier_normal", "lecun_normal"]
    else:
        order = ["xavier_normal", "lecun_normal", "he_normal"]
    return [name for name in order if name != experiment.initializer.name]


def _initialized(p: Patient) -> list[Remedy]:
    return [Remedy(p.experiment.changed(initializer=name)) for name in fitting_initializers(p.experiment)]


def _hidden(p: Patient, kinds: tuple[str, ...]) -> list[int]:
    """Hidden layers (from 1) of these kinds."""
    return [i for i, layer in enumerate(p.experiment.layers[:-1], 1) if layer.activation.name in kinds]


def _still_alike(columns: FloatArray) -> bool:
    """Whether columns are the same but for rounding; those that are not finite have nothing to say."""
    with np.errstate(all="ignore"):
        apart = np.abs(columns - columns[:, :1]).max()
        return not apart > 1e-6 * np.abs(columns).max()


class SymmetricUnits(Cause):
    """Units of a hidden layer begin identical and so stay identical."""

    name = "symmetric_units"
    label = QT_TRANSLATE_NOOP("diagnose", "Units that are alike")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Units that begin with the same weights and bias compute the same, get the same gradient and so "
        "stay the same: however many there are, they count as one.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "Units of a layer begin with equal weights and biases, and get equal ∂L/∂z for every row.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Draw the parameters at random, with a Xavier or He initializer.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        for layer in range(1, p.hidden + 1):
            block = np.concatenate([p.initial.weights[layer - 1], p.initial.biases[layer - 1][None]])
            moved = p.start.delta[layer - 1]
            units = block.shape[1]
            _, kinds = np.unique(np.concatenate([block, moved]).T, axis=0, return_inverse=True)
            now = np.concatenate([p.final.weights[layer - 1], p.final.biases[layer - 1][None]])
            twins = [now[:, kinds.ravel() == kind] for kind in range(kinds.max() + 1)]
            alike = sum(
                group.shape[1] for group in twins if group.shape[1] > 1 and _still_alike(group)
            )  # dropout parts them, and so does a change by hand
            if units < 2 or alike < 0.5 * units:
                continue
            yield Lead(
                weight=0.97,
                evidence={"units_alike": alike, "units": units},
                template=QT_TRANSLATE_NOOP(
                    "diagnose",
                    "{alike} of the {units} units of {layer} begin with the same parameters and get "
                    "the same gradient, so that they stay alike for ever.",
                ),
                values={"alike": alike, "units": units, "layer": p.layer(layer)},
                where=Part("layer", layer),
                remedies=_initialized(p),
                certain=alike == units,
            )
            return


class DeadUnits(Cause):
    """Hidden ReLU units are 0 with slope 0 for all rows from the start."""

    name = "dead_units"
    label = QT_TRANSLATE_NOOP("diagnose", "Dead units")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "A ReLU gives 0 where z is negative, and its slope is 0 there. A unit whose z is negative for "
        "every row gets no gradient and never changes: it is dead.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "z of each unit at the start and now, over the training rows and not over one mini-batch.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Begin with a He initializer, which leaves the biases at 0.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        worst, share, count, units = 0, 0.0, 0, 0
        for layer in _hidden(p, DEAD):
            then, now = ((around.z[layer - 1] > 0).any(axis=0) for around in (p.start, p.now))
            dead = np.atleast_1d(~(then | now))  # a hand may have woken them, or the layer below
            if dead.mean() > share:
                worst, share, count, units = layer, float(dead.mean()), int(dead.sum()), len(dead)
        if share < 0.3 or len(p.inputs) < 2:
            return
        template = QT_TRANSLATE_NOOP(
            "diagnose",
            "{count} of the {units} units of {layer} give 0 for all {rows} rows from the start; "
            "their slope is 0, so that they cannot change.",
        )
        if len(p.inputs) < p.rows:
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "{count} of the {units} units of {layer} give 0 from the start for all {rows} rows "
                "looked at; their slope is 0 there.",
            )
        yield Lead(
            weight=0.88 if share >= 0.5 else 0.55,
            evidence={"dead_units": count, "units": units, "rows": len(p.inputs)},
            template=template,
            values={"count": count, "units": units, "layer": p.layer(worst), "rows": len(p.inputs)},
            where=Part("layer", worst),
            remedies=_initialized(p),
            symptom=share >= 0.5,
        )


def _flat(activation: Any, z: FloatArray) -> BoolArray:
    """Where the slope is below a twentieth of the function's greatest, or not a number."""
    greatest = float(activation.slope(np.zeros((1, 1)))[0, 0])
    with np.errstate(all="ignore"):
        found: BoolArray = ~(np.abs(activation.slope(z)) >= 0.05 * greatest)
    return found


class SaturatedUnits(Cause):
    """Units of bounded functions sit from the start where their slope is near 0."""

    name = "saturated_units"
    label = QT_TRANSLATE_NOOP("diagnose", "Saturated units")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Far from 0 sigmoid and tanh are flat: f′(z) is nearly 0, and so is every gradient that has to "
        "pass through it.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The share of activations whose slope is below a twentieth of the greatest, at the start and "
        "still now, over the training rows.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Begin with smaller parameters, with a Xavier initializer.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        worst, share = 0, 0.0
        for layer in _hidden(p, BOUNDED):
            activation = p.experiment.layers[layer - 1].activation
            then, now = (_flat(activation, around.z[layer - 1]) for around in (p.start, p.now))
            flat = float(np.mean(then & now))  # those that have moved away do not sit there
            if flat > share:
                worst, share = layer, flat
        if share < 0.3:
            return
        yield Lead(
            weight=0.89 if share >= 0.6 else 0.5 + 0.4 * share,
            evidence={"flat_share": share},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "In {layer} {share:.0%} of the activations sit from the start where the function "
                "{function} is flat, so that hardly any gradient passes.",
            ),
            values={
                "layer": p.layer(worst),
                "share": share,
                "function": p.experiment.layers[worst - 1].activation,
            },
            where=Part("layer", worst),
            remedies=_initialized(p),
            symptom=share >= 0.6,
        )


def _rms(x: FloatArray) -> float:
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.mean(np.square(x))))


class VanishingGradient(Cause):
    """Over depth the gradient shrinks until the lower layers hardly move."""

    name = "vanishing_gradient"
    label = QT_TRANSLATE_NOOP("diagnose", "Gradient vanishes over depth")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "On its way down the gradient is multiplied by each layer's weights and slopes. The slope of a "
        "sigmoid is at most ¼, so that little is left of it after many layers.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The size of ∂L/∂z in the first layer beside that at the output, at the start.",
    )
    advice = QT_TRANSLATE_NOOP(
        "diagnose", "Use tanh or ReLU in the hidden layers with a fitting initializer, or fewer layers."
    )

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.hidden < 2:
            return
        top, bottom = _rms(p.start.delta[-1]), _rms(p.start.delta[0])
        if not top > 0 or not np.isfinite(top):
            return
        share = bottom / top
        if share > 0.05:
            return
        remedies = []
        e = p.experiment
        squashing = {"sigmoid", "hard_sigmoid"} & {layer.activation.name for layer in e.layers[:-1]}
        if not squashing:
            remedies += _initialized(p)
        tanh = tuple(
            Layer(layer.units, ACTIVATIONS["tanh"](), layer.dropout)
            if layer.activation.name in ("sigmoid", "hard_sigmoid", "softsign")
            else layer
            for layer in e.layers[:-1]
        )
        layers = (*tanh, e.layers[-1])
        if layers != e.layers:
            remedies += [Remedy(e.changed(layers=layers))]
            names = fitting_initializers(e.changed(layers=layers))
            remedies += [Remedy(e.changed(layers=layers, initializer=name)) for name in names[:1]]
        depth = 0.06 * min(p.hidden - 2, 3)
        yield Lead(
            weight=0.82 + depth if share <= 2e-3 else 0.7 + depth if share <= 0.01 else 0.45,
            evidence={"gradient_share": share, "hidden_layers": p.hidden},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "At the start only {share:.2g} of the output's gradient reaches the first layer through "
                "{count} hidden layers: it hardly moves.",
            ),
            values={"share": share, "count": p.hidden},
            where=Part("layer", 1),
            remedies=remedies,
            symptom=share <= 1e-3,
        )


class ExplodingGradient(Cause):
    """Over depth activations and gradients grow until the updates wreck the network."""

    name = "exploding_gradient"
    label = QT_TRANSLATE_NOOP("diagnose", "Gradient explodes over depth")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Weights that are too large make the values grow from layer to layer, and the gradient with "
        "them. The first updates are so large that they destroy what was there.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "How much z grows from the inputs to the output, and ∂L/∂z from the output to the first layer, at "
        "the start.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Begin with smaller weights, with a He or LeCun initializer.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.hidden < 2 or not _hidden(p, UNBOUNDED):
            return
        size = max(_rms(p.start.a[0]), 1e-12)
        growth = _rms(p.start.z[-1]) / size
        below, above = _rms(p.start.delta[0]), _rms(p.start.delta[-1])
        back = below / above if above > 0 else 1.0
        per_layer = growth ** (1.0 / (p.hidden + 1)) if np.isfinite(growth) else float("inf")
        if not (per_layer >= 1.5 or back >= 30 or not np.isfinite(growth)):
            return
        yield Lead(
            weight=0.9 if per_layer >= 2 else 0.7,
            evidence={"growth": growth, "growth_per_layer": per_layer, "gradient_share": back},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "Values grow {factor:.2g}-fold from layer to layer at the start, {growth:.2g}-fold in all, "
                "and gradients too: the first updates wreck the network.",
            ),
            values={"factor": per_layer, "growth": growth},
            where=Part("layer", 1),
            remedies=_initialized(p),
            symptom=per_layer >= 2,
        )
