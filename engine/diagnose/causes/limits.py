"""Causes that lie in what the network may be: too small, held, punished, thinned, too free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np

from engine.diagnose.finding import Remedy
from engine.diagnose.lead import Cause, Lead
from engine.diagnose.patient import Patient
from engine.diagnose.score import Score
from engine.diagnose.trials import Trial
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Layer
from engine.functions.activations import ACTIVATIONS
from engine.functions.optimizers import AdamW
from engine.parts import Part


class FrozenParameters(Cause):
    """Parameters are held, and without them it cannot learn."""

    name = "frozen_parameters"
    label = QT_TRANSLATE_NOOP("diagnose", "Parameters that are held")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Parameters that are held do not follow their gradient. If the others cannot make up for them, "
        "the loss stays where it is.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "How many parameters are held, and whether training learns with all of them let go.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Let them go.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.held is None:
            return
        since = 0
        for edit in reversed([e for e in p.edits if e.frozen is not None]):
            if edit.frozen is None or not edit.frozen.any():
                break
            since = edit.step
        share = float(p.held.mean())
        blocks = [float(block.mean()) for block in p.packing.blocks(p.held.astype(float))]
        yield Lead(
            weight=0.92 if share >= 0.2 or max(blocks) == 1.0 else 0.6,
            evidence={"held": float(p.held.sum()), "parameters": float(len(p.held))},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "{held} of {all} parameters have been held since step {since}, and the others alone cannot "
                "learn it.",
            ),
            values={"held": int(p.held.sum()), "all": len(p.held), "since": since},
            since=since,
            where=Part("layer", int(np.argmax(blocks)) + 1),
            remedies=[Remedy(p.experiment, release=True)],
            certain=share == 1.0,
        )


class PenaltyTooStrong(Cause):
    """The penalty on the weights outweighs the data."""

    name = "penalty_too_strong"
    label = QT_TRANSLATE_NOOP("diagnose", "Penalty too strong")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "A penalty pulls every weight towards 0 in each step. If it pulls harder than the data, the "
        "weights shrink until the network gives nearly the same for all rows.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The length of the weights beside that at the start, and the penalty beside the loss.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Do without the penalty, or make it weaker.")
    by_heart = True

    def leads(self, p: Patient) -> Iterator[Lead]:
        e = p.experiment
        changed, _ = p.settings_since("regularizer", "optimizer")
        strength = float(getattr(e.regularizer, "strength", 0.0))
        decay = float(getattr(e.optimizer, "weight_decay", 0.0))
        start = float(np.sqrt(sum(float((w * w).sum()) for w in p.initial.weights)))
        end = float(np.sqrt(sum(float((w * w).sum()) for w in p.final.weights)))
        shrunk = end / start if start > 0 else 1.0
        if strength > 0:
            penalty = float(p.scalars.penalty[-1]) if len(p.scalars) else 0.0
            share = penalty / p.base if p.base > 0 else 0.0
            yield Lead(
                weight=0.8 if shrunk < 0.8 or share > 0.1 else 0.65,
                evidence={"strength": strength, "penalty_over_constant": share, "weights_over_start": shrunk},
                template=QT_TRANSLATE_NOOP(
                    "diagnose",
                    "The penalty of strength {strength:.4g} outweighs the data: the weights are {shrunk:.2g} "
                    "times as long as at the start.",
                ),
                values={"strength": strength, "shrunk": shrunk},
                since=changed,
                remedies=[
                    Remedy(e.changed(regularizer="none")),
                ],
            )
        if decay > 0.03:
            yield Lead(
                weight=0.8 if decay >= 0.3 else 0.6,
                evidence={"strength": decay, "weights_over_start": shrunk},
                template=QT_TRANSLATE_NOOP(
                    "diagnose",
                    "Weight decay {strength:.4g} outweighs the data: the weights are {shrunk:.2g} times as "
                    "long as at the start.",
                ),
                values={"strength": decay, "shrunk": shrunk},
                since=changed,
                remedies=[Remedy(e.changed(optimizer=replace(cast(AdamW, e.optimizer), weight_decay=0.0)))],
            )


class DropoutTooStrong(Cause):
    """So many activations are dropped that the network cannot learn."""

    name = "dropout_too_strong"
    label = QT_TRANSLATE_NOOP("diagnose", "Dropout too strong")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Dropout sets activations to 0 at random, anew in each step. If the share is too large, the "
        "units that are left cannot carry what is to be learned.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The share that is dropped, and whether training learns without dropout.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Do without dropout, or drop fewer.")
    by_heart = True

    def leads(self, p: Patient) -> Iterator[Lead]:
        shares = [layer.dropout for layer in p.experiment.layers]
        most = max(shares)
        if most < 0.05:
            return
        layers = tuple(replace(layer, dropout=0.0) for layer in p.experiment.layers)
        changed, _ = p.settings_since("layers")
        yield Lead(
            weight=0.81 if most >= 0.6 else 0.66 if most >= 0.3 else 0.4,
            evidence={"dropout": most},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "Dropout takes away {share:.0%} of the activations of {layer} in each step, which "
                "leaves too little to learn with.",
            ),
            values={"share": most, "layer": p.layer(shares.index(most) + 1)},
            since=changed,
            where=Part("layer", shares.index(most) + 1),
            remedies=[Remedy(p.experiment.changed(layers=layers))],
        )


class NetworkTooSmall(Cause):
    """The network cannot represent the function: too few units, or none that bends."""

    name = "network_too_small"
    label = QT_TRANSLATE_NOOP("diagnose", "Network too small")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Each hidden unit adds a bend to what the network can draw. With too few of them, or none, no "
        "parameters fit the data, however long it trains.",
    )
    signs = QT_TRANSLATE_NOOP("diagnose", "Whether training learns with more units and nothing else changed.")
    advice = QT_TRANSLATE_NOOP("diagnose", "Give it hidden layers that bend, with more units.")
    by_heart = True

    def leads(self, p: Patient) -> Iterator[Lead]:
        hidden, output = p.experiment.layers[:-1], p.experiment.layers[-1]
        straight = all(layer.activation.name == "linear" for layer in hidden)
        tanh = ACTIVATIONS["tanh"]()
        if straight:
            bending = p.dependence.bent < 0.7 * p.dependence.straight or not p.dependence.chance <= 1
            weight = 0.83 if bending else 0.4
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "Without a hidden layer that bends the network is linear in its inputs, and what is to be "
                "learned is not.",
            )
            widths = [max(layer.units, 8) for layer in hidden] or [8]
            options = [
                tuple(Layer(units, tanh) for units in widths),
                tuple(Layer(units * 2, tanh) for units in widths),
                (Layer(32, tanh), Layer(16, tanh)),
            ]
        else:
            fewest = min(layer.units for layer in hidden)
            weight = 0.61 if fewest == 1 else 0.54 if fewest <= 3 else 0.41 if fewest <= 5 else 0.25
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "With {count} in the narrowest hidden layer there are too few units for what is to be "
                "learned.",
            )
            options = [
                tuple(replace(layer, units=max(factor * layer.units, least)) for layer in hidden)
                for factor, least in ((4, 12), (8, 32))
            ]
        narrowest = min((layer.units for layer in hidden), default=0)
        remedies = [Remedy(p.experiment.changed(layers=(*layers, output))) for layers in options]
        yield Lead(
            weight=weight,
            evidence={"narrowest_layer": float(narrowest), "parameters": float(p.packing.size)},
            template=template,
            values={"count": narrowest},
            where=Part("layer", 1),
            remedies=remedies,
        )


class Overfitting(Cause):
    """Training rows are learned, validation rows are not."""

    name = "overfitting"
    label = QT_TRANSLATE_NOOP("diagnose", "Overfitting")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "A network with enough parameters can remember its training rows, noise and all. From some step "
        "on, what it learns helps those rows alone, and the loss of others rises.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The loss of the training rows beside that of the validation rows, and the step at which the "
        "latter was least.",
    )
    advice = QT_TRANSLATE_NOOP(
        "diagnose",
        "More rows help, or a penalty, dropout, fewer units, or an end where validation is best.",
    )
    held_out = True
    enough = 0.3

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.validation is None or not p.by_heart:
            return
        training, held_out = p.score.relative, p.validation.relative
        e = p.experiment
        dropped = tuple(
            replace(layer, dropout=0.5) if layer.units >= 8 and not layer.dropout else layer
            for layer in e.layers[:-1]
        )
        smaller = tuple(replace(layer, units=max(2, layer.units // 8)) for layer in e.layers[:-1])

        def options() -> Iterator[Remedy]:
            yield Remedy(e.changed(regularizer={"name": "l1", "strength": 0.01}))
            yield Remedy(e.changed(regularizer={"name": "l2", "strength": 0.03}))
            yield Remedy(e.changed(regularizer={"name": "l1", "strength": 0.003}))
            yield Remedy(e.changed(regularizer={"name": "l2", "strength": 0.1}))
            yield Remedy(e.changed(layers=(*dropped, e.layers[-1])))
            yield Remedy(e.changed(layers=(*smaller, e.layers[-1])))
            yield Remedy(e.changed(regularizer={"name": "l1", "strength": 0.03}))
            yield Remedy(e.changed(regularizer={"name": "l2", "strength": 0.01}))

        since = 0
        template = QT_TRANSLATE_NOOP(
            "diagnose",
            "It learns the training rows by heart: their loss is {training:.2g} of a constant's, on "
            "validation rows {held_out:.2g}.",
        )
        losses = p.scalars.validation_loss
        if np.isfinite(losses).sum() > 2:  # of fewer the best says nothing about when it turned
            since = int(p.scalars.evaluated_steps[np.nanargmin(losses)])
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "It learns the training rows by heart: their loss is {training:.2g} of a constant's, on "
                "validation rows {held_out:.2g}; validation was best at step {since}.",
            )
        yield Lead(
            weight=0.5 if p.failed else 0.8,
            evidence={"training_over_constant": training, "validation_over_constant": held_out},
            template=template,
            values={"training": training, "held_out": held_out, "since": since},
            since=since,
            remedies=options(),
            certain=held_out > 0.6 and not p.failed,
        )

    def cured(self, p: Patient, trial: Trial) -> bool:
        if trial.validation is None or p.validation is None:
            return False
        v = trial.validation
        well = v.relative <= 0.6 or (v.recall is not None and v.recall >= 0.85)
        return well and (v.relative < 0.4 * p.validation.relative or v.better(p.validation))

    def merit(self, trial: Trial) -> float:
        v = trial.validation
        if v is None:
            return 1e9
        return v.relative if v.recall is None else min(v.relative, 3 * (1 - v.recall))

    def judged(self, training: Score, validation: Score | None) -> Score:
        return training if validation is None else validation
