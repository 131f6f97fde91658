"""Causes that lie in the data: columns and targets out of scale, nothing to learn, rows that contradict."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.data.dataset import Dataset, has_classes, target_classes
from engine.data.preparation import FAR_OUT, target_excess
from engine.diagnose.finding import Remedy
from engine.diagnose.lead import Cause, Lead
from engine.diagnose.patient import Patient
from engine.diagnose.rows import FEWEST_ROWS, groups_of_equal_rows, moments, output_range
from engine.diagnose.score import constant_loss, recalls
from engine.diagnose.trials import Trial
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Layer
from engine.functions.activations import ACTIVATIONS
from engine.parts import Part


def _by_size(excess: float) -> float:
    """A weight from how many times too large something is."""
    return min(0.94, 0.62 + 0.16 * math.log10(max(excess, 1.0)))


class UnscaledInputs(Cause):
    """Input columns are far from mean 0 and deviation 1, and that is why it fails."""

    name = "unscaled_inputs"
    label = QT_TRANSLATE_NOOP("diagnose", "Inputs out of scale")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "The gradient of a first weight is its input times δ. A column in the thousands has gradients a "
        "thousand times those of a column around 1: no learning rate suits both, and sigmoid and tanh "
        "units saturate.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "Mean and deviation of every column that the network is fed, beside 0 and 1.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Scale the inputs to mean 0 and deviation 1.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        worst = int(p.columns.excess.argmax())
        excess = float(p.columns.excess[worst])
        if excess <= 1.3:
            return
        mean, deviation = float(p.columns.mean[worst]), float(p.columns.deviation[worst])
        yield Lead(
            weight=_by_size(excess),
            evidence={"column_mean": mean, "column_deviation": deviation, "column_excess": excess},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "Input {name} has mean {mean:.4g} and deviation {deviation:.4g}, not 0 and 1.",
            ),
            values={"name": p.dataset.feature_names[worst], "mean": mean, "deviation": deviation},
            where=Part("unit", 0, worst),
            remedies=[Remedy(p.experiment.changed(scaling="zscore"))],
        )


class UnscaledTargets(Cause):
    """Targets of regression are far from deviation 1, and that is why it fails."""

    name = "unscaled_targets"
    label = QT_TRANSLATE_NOOP("diagnose", "Targets out of scale")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Where targets are in the hundreds, the first losses and gradients are enormous, or the output "
        "has a long way to go with steps made for numbers around 1.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "Mean and deviation of the targets, beside what the network gives at the start.",
    )
    advice = QT_TRANSLATE_NOOP(
        "diagnose",
        "Have the targets scaled, to deviation 1 or into the range from 0 to 1; what is predicted stays in "
        "their own unit.",
    )

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.kind != "regression":
            return
        mean, deviation = moments(p.prepared.targets)
        if not (deviation > 0).all():
            return
        excess = target_excess(mean, deviation)
        worst = int(excess.argmax())
        if excess[worst] <= FAR_OUT:
            return
        yield Lead(
            weight=_by_size(float(excess[worst])) + 0.02,
            evidence={
                "target_mean": float(mean[worst]),
                "target_deviation": float(deviation[worst]),
                "target_excess": float(excess[worst]),
            },
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "The targets of {name} have mean {mean:.4g} and deviation {deviation:.4g}, far from what the "
                "network gives at the start.",
            ),
            values={
                "name": p.dataset.target_names[worst],
                "mean": float(mean[worst]),
                "deviation": float(deviation[worst]),
            },
            remedies=[Remedy(p.experiment.changed(target_scaling=_target_scaling(p)))],
        )


def _target_scaling(p: Patient) -> str:
    """To deviation 1, or where the output has a lower bound to the range that it can give."""
    low, _ = output_range(p.experiment.layers[-1].activation)
    return "minmax" if math.isfinite(low) else "zscore"


class OutputCannotReachTargets(Cause):
    """The range of the output function does not hold the targets."""

    name = "output_cannot_reach_targets"
    label = QT_TRANSLATE_NOOP("diagnose", "Output cannot reach the targets")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "A sigmoid gives values between 0 and 1, a ReLU none below 0. Targets outside are never met: "
        "the output goes to the edge of its range, where it is flat, and stays there.",
    )
    signs = QT_TRANSLATE_NOOP("diagnose", "The range of the output function, beside the targets.")
    advice = QT_TRANSLATE_NOOP(
        "diagnose", "Give the output layer a function whose range holds them, such as linear."
    )

    def leads(self, p: Patient) -> Iterator[Lead]:
        r = p.reach
        if r.floor <= 0:
            return
        base = constant_loss(p.experiment.loss, p.prepared.targets)
        floor = r.floor / base if base > 0 else 0.0
        if floor <= 0.08:
            return
        last = len(p.experiment.layers)
        output = p.experiment.layers[-1].activation
        layers = (*p.experiment.layers[:-1], Layer(p.experiment.layers[-1].units, ACTIVATIONS["linear"]()))
        template = QT_TRANSLATE_NOOP(
            "diagnose",
            "The output function {function} gives values from {low:.4g} to {high:.4g}, and {share:.0%} of "
            "the targets lie outside.",
        )
        if math.isinf(r.high):
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "The output function {function} gives no value below {low:.4g}, and {share:.0%} of the "
                "targets lie there.",
            )
        yield Lead(
            weight=0.93 if floor >= 0.25 else 0.75,
            evidence={"outside_range": r.outside, "least_loss_over_constant": floor},
            template=template,
            values={"function": output, "low": r.low, "high": r.high, "share": r.outside},
            where=Part("layer", last),
            remedies=[Remedy(p.experiment.changed(layers=layers))],
            certain=floor >= 0.3,
        )


class ContradictoryRows(Cause):
    """The same inputs occur with different targets, which leaves a floor."""

    name = "contradictory_rows"
    label = QT_TRANSLATE_NOOP("diagnose", "Rows that contradict each other")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "A network gives equal inputs one answer. Where the data give them several, it can at best come "
        "between them, and the loss that is left is no fault of the training.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "Rows with equal inputs and unequal targets are counted; the least loss is that of the best "
        "constant for each group of equal inputs.",
    )
    advice = QT_TRANSLATE_NOOP(
        "diagnose", "Check those rows, or add an input that tells them apart; no setting helps."
    )

    def leads(self, p: Patient) -> Iterator[Lead]:
        c = p.contradictions
        floor = c.floor / p.base if p.base > 0 else 0.0
        if floor <= 0.1:
            return
        hopeless = floor > 0.22
        template = QT_TRANSLATE_NOOP(
            "diagnose",
            "{rows} of {all} rows have the same inputs as another row but other targets: the mean loss "
            "cannot fall below {least:.4g}.",
        )
        if len(p.inputs) < p.rows:
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "{rows} of {all} rows looked at have another's inputs but not its targets: the mean loss of "
                "these {all} is at least {least:.4g}.",
            )
        yield Lead(
            weight=0.96 if hopeless else 0.7,
            evidence={
                "contradictory_rows": c.rows,
                "least_loss": c.floor,
                "least_loss_over_constant": floor,
            },
            template=template,
            values={"rows": c.rows, "all": len(p.inputs), "least": c.floor},
            row=int(p.prepared.train_rows[p.chosen[c.first]]),
            remedies=() if hopeless else [Remedy(p.experiment, _agreed(p))],
            certain=hopeless,
        )


def _agreed(p: Patient) -> Dataset:
    """The training rows with the target of the first row of those with the same inputs."""
    inputs, targets = p.dataset.inputs[p.prepared.train_rows], p.dataset.targets[p.prepared.train_rows]
    groups = groups_of_equal_rows(inputs)
    _, first = np.unique(groups, return_index=True)
    return replace(
        p.dataset, inputs=inputs.copy(), targets=targets[first[groups]], row_lines=None, split_columns={}
    )


class LabelsUnrelated(Cause):
    """The targets have nothing to do with the inputs."""

    name = "labels_unrelated"
    label = QT_TRANSLATE_NOOP("diagnose", "Targets unrelated to the inputs")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "If targets stand beside the wrong rows, there is no rule to find: a network can only learn its "
        "rows by heart, and does no better than chance on others.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "Simple learners predict each row from all the others. The same is done with shuffled targets: "
        "the true ones are predicted no better.",
    )
    advice = QT_TRANSLATE_NOOP(
        "diagnose", "Check how the data were put together: were rows shuffled in one column alone?"
    )
    held_out = True

    def leads(self, p: Patient) -> Iterator[Lead]:
        d = p.dependence
        rows = p.rows + len(p.prepared.validation_inputs)
        if not d.chance > (0.015 if rows >= 2 * FEWEST_ROWS else 0.25) or d.bent < 0.9:
            return
        yield Lead(
            weight=0.86,
            evidence={"chance": d.chance, "left_out_error": d.bent},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "Nothing in the inputs foretells the targets: rows left out are predicted no better than "
                "with shuffled targets.",
            ),
            certain=True,
        )


class ClassImbalance(Cause):
    """One class is so frequent, and overlaps the others so much, that it is said nearly always."""

    name = "class_imbalance"
    label = QT_TRANSLATE_NOOP("diagnose", "One class far more frequent")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Where one class makes up nearly all rows, saying it always gives a low loss at once, and the "
        "rare classes have too few rows to pull against that.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The share of the most frequent class, and the share of right rows of each class by itself.",
    )
    advice = QT_TRANSLATE_NOOP(
        "diagnose", "Add rows of the rare classes, or repeat those there are, until the classes are alike."
    )

    def leads(self, p: Patient) -> Iterator[Lead]:
        if not has_classes(p.kind) or p.score.recall is None:
            return
        counts = np.bincount(target_classes(p.kind, p.prepared.targets))
        present = counts[counts > 0]
        share = float(present.max() / present.sum())
        if len(present) < 2 or share < 0.7 or p.score.recall > 0.8:
            return
        with np.errstate(all="ignore"):
            right = recalls(p.experiment, p.kind, p.now.a[-1], p.targets)
        most = int(counts.argmax())
        name = p.dataset.class_names[most]
        yield Lead(
            weight=0.72,
            evidence={"largest_class": share, "recall": p.score.recall, "least_recall": float(right.min())},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "{share:.0%} of the rows are of class {name}, so that saying it nearly always is "
                "cheap: of the worst class {least:.0%} are told rightly.",
            ),
            values={"share": share, "name": name, "least": float(right.min())},
            remedies=[Remedy(p.experiment, _balanced(p), at_home=True)],
        )

    def cured(self, p: Patient, trial: Trial) -> bool:
        if trial.score.recall is None or p.score.recall is None:
            return False
        return trial.score.recall >= max(0.68, p.score.recall + 0.1)

    def merit(self, trial: Trial) -> float:
        return 0.0  # classes that overlap are never told apart well


def _balanced(p: Patient) -> Dataset:
    """The training rows with those of rarer classes repeated until the classes are alike."""
    rows = p.prepared.train_rows
    true = target_classes(p.kind, p.prepared.targets)
    counts = np.bincount(true)
    n = len(rows)
    share = max(1, n // int((counts > 0).sum()))
    taken = np.concatenate([np.resize(rows[true == c], share) for c in np.flatnonzero(counts)])
    taken = taken[np.random.default_rng(0).permutation(len(taken))]
    return replace(
        p.dataset,
        inputs=p.dataset.inputs[taken],
        targets=p.dataset.targets[taken],
        row_lines=None,
        split_columns={},
    )
