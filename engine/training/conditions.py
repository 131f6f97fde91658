"""Conditions that pause a training: what they are, in a table like that of losses or optimizers.

A condition is a small frozen dataclass whose parameters have labels and ranges. It is asked about many
steps at once, so that watching costs little however fast the training goes; `engine.training.watcher` asks.
"""

# ruff: noqa: D102 - a row overrides what its base class documents
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.errors import QT_TRANSLATE_NOOP, ExperimentError
from engine.experiment import Experiment
from engine.functions.table import Rule, Table, parameter
from engine.parts import Part
from engine.training.slopes import can_die
from engine.training.stretch import Stretch

NOWHERE = Part("loss")


@dataclass(frozen=True)
class Condition(Rule):
    """Something that may be true of a step, in one or more places at once.

    Attributes
    ----------
    aspect : str
        Where it looks: "" (the training), "layer", "unit" (any unit), "weight" or "bias".
    counts_epochs : bool
        Whether it is asked at each epoch's end, and not at each step.
    """

    aspect: ClassVar[Literal["", "layer", "unit", "weight", "bias"]] = ""
    counts_epochs: ClassVar[bool] = False

    @property
    def patience(self) -> int:
        """How many times in a row it has to be true."""
        return 1

    @property
    def part(self) -> Part:
        """Where it looks, as far as it says."""
        return NOWHERE

    def test(self, stretch: Stretch) -> BoolArray:
        """Whether it is true, (m, p): of each step or evaluation, in each of p places."""
        raise NotImplementedError

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        """The number that `test` compared."""
        raise NotImplementedError

    def part_of(self, stretch: Stretch, index: int) -> Part:
        """The place with that index in `test`."""
        return self.part


@dataclass(frozen=True)
class LossBelow(Condition):
    """The mini-batch's loss is below a value."""

    value: float = parameter(0.1, QT_TRANSLATE_NOOP("catalogue", "value"))
    name: ClassVar = "loss_below"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "loss below")

    def test(self, stretch: Stretch) -> BoolArray:
        return (stretch.loss < self.value)[:, None]

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        return float(stretch.loss[row])


@dataclass(frozen=True)
class LossAbove(Condition):
    """The mini-batch's loss is above a value."""

    value: float = parameter(10.0, QT_TRANSLATE_NOOP("catalogue", "value"))
    name: ClassVar = "loss_above"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "loss above")

    def test(self, stretch: Stretch) -> BoolArray:
        return (stretch.loss > self.value)[:, None]

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        return float(stretch.loss[row])


@dataclass(frozen=True)
class ValidationStalled(Condition):
    """The validation loss has not been lower than ever before for some epochs."""

    epochs: int = parameter(10, QT_TRANSLATE_NOOP("catalogue", "for … epochs"), low=1)
    name: ClassVar = "validation_stalled"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "validation loss not improved")
    counts_epochs: ClassVar = True

    @property
    def patience(self) -> int:
        return self.epochs

    def test(self, stretch: Stretch) -> BoolArray:
        return ~stretch.improved[:, None]

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        return float(stretch.evaluations[row, 1])


@dataclass(frozen=True)
class _OfLayer(Condition):
    layer: int = parameter(1, QT_TRANSLATE_NOOP("catalogue", "layer"), low=1)
    aspect: ClassVar = "layer"

    @property
    def part(self) -> Part:
        return Part("layer", self.layer)

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        return float(stretch.gradient_norm(self.layer)[row])


@dataclass(frozen=True)
class GradientBelow(_OfLayer):
    """The norm of a layer's gradient, its biases included, is below a value."""

    value: float = parameter(1e-4, QT_TRANSLATE_NOOP("catalogue", "value"), low=0.0)
    name: ClassVar = "gradient_below"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "gradient norm below")

    def test(self, stretch: Stretch) -> BoolArray:
        return (stretch.gradient_norm(self.layer) < self.value)[:, None]


@dataclass(frozen=True)
class GradientAbove(_OfLayer):
    """The norm of a layer's gradient, its biases included, is above a value."""

    value: float = parameter(100.0, QT_TRANSLATE_NOOP("catalogue", "value"), low=0.0)
    name: ClassVar = "gradient_above"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "gradient norm above")

    def test(self, stretch: Stretch) -> BoolArray:
        return (stretch.gradient_norm(self.layer) > self.value)[:, None]


@dataclass(frozen=True)
class _OfUnits(Condition):
    """Looks at all units, layer after layer; each unit comes true by itself."""

    aspect: ClassVar = "unit"

    def kept_back(self, slopes: FloatArray, experiment: Experiment, layer: int) -> BoolArray:
        """Which units let nothing through, of the slopes (m, n) of a layer."""
        raise NotImplementedError

    def test(self, stretch: Stretch) -> BoolArray:
        experiment = stretch.experiment
        return np.concatenate(
            [self.kept_back(slopes, experiment, layer) for layer, slopes in enumerate(stretch.slopes, 1)],
            axis=1,
        )

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        _, layer, unit, _ = self.part_of(stretch, place)
        return float(stretch.slopes[layer - 1][row, unit])

    def part_of(self, stretch: Stretch, index: int) -> Part:
        for layer, slopes in enumerate(stretch.slopes, 1):
            if index < slopes.shape[1]:
                return Part("unit", layer, index)
            index -= slopes.shape[1]
        raise IndexError(index)


@dataclass(frozen=True)
class UnitDead(_OfUnits):
    """A ReLU gives 0 for all samples of some mini-batches in a row."""

    steps: int = parameter(20, QT_TRANSLATE_NOOP("catalogue", "for … steps"), low=1)
    name: ClassVar = "unit_dead"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "a ReLU is dead")

    @property
    def patience(self) -> int:
        return self.steps

    def kept_back(self, slopes: FloatArray, experiment: Experiment, layer: int) -> BoolArray:
        return (slopes == 0) if can_die(experiment, layer) else np.zeros(slopes.shape, bool)


@dataclass(frozen=True)
class UnitSaturated(_OfUnits):
    """The slope of a unit is below a value for all samples of some mini-batches in a row."""

    slope: float = parameter(0.01, QT_TRANSLATE_NOOP("catalogue", "slope below"), low=0.0, open_low=True)
    steps: int = parameter(20, QT_TRANSLATE_NOOP("catalogue", "for … steps"), low=1)
    name: ClassVar = "unit_saturated"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "a unit is saturated")

    @property
    def patience(self) -> int:
        return self.steps

    def kept_back(self, slopes: FloatArray, experiment: Experiment, layer: int) -> BoolArray:
        return np.zeros(slopes.shape, bool) if can_die(experiment, layer) else slopes < self.slope


@dataclass(frozen=True)
class _OfParameter(Condition):
    def crosses(self, stretch: Stretch, value: float) -> BoolArray:
        """Whether a step took the parameter to the other side, (m, 1); `value` itself is above."""
        above = stretch.parameter(self.part) >= value
        return np.not_equal(above[1:], above[:-1])[:, None]

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        return float(stretch.parameter(self.part)[row + 1])


@dataclass(frozen=True)
class WeightCrosses(_OfParameter):
    """A weight comes to the other side of a value; of 0, it changes its sign."""

    layer: int = parameter(1, QT_TRANSLATE_NOOP("catalogue", "layer"), low=1)
    source: int = parameter(0, QT_TRANSLATE_NOOP("catalogue", "from unit"), low=0)
    unit: int = parameter(0, QT_TRANSLATE_NOOP("catalogue", "to unit"), low=0)
    value: float = parameter(0.0, QT_TRANSLATE_NOOP("catalogue", "value"))
    name: ClassVar = "weight_crosses"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "weight crosses")
    aspect: ClassVar = "weight"

    @property
    def part(self) -> Part:
        return Part("weight", self.layer, self.unit, self.source)

    def test(self, stretch: Stretch) -> BoolArray:
        return self.crosses(stretch, self.value)


@dataclass(frozen=True)
class BiasCrosses(_OfParameter):
    """A bias comes to the other side of a value; of 0, it changes its sign."""

    layer: int = parameter(1, QT_TRANSLATE_NOOP("catalogue", "layer"), low=1)
    unit: int = parameter(0, QT_TRANSLATE_NOOP("catalogue", "unit"), low=0)
    value: float = parameter(0.0, QT_TRANSLATE_NOOP("catalogue", "value"))
    name: ClassVar = "bias_crosses"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "bias crosses")
    aspect: ClassVar = "bias"

    @property
    def part(self) -> Part:
        return Part("bias", self.layer, self.unit)

    def test(self, stretch: Stretch) -> BoolArray:
        return self.crosses(stretch, self.value)


@dataclass(frozen=True)
class StepReached(Condition):
    """A step is reached; one that has been passed already pauses no more."""

    step: int = parameter(1000, QT_TRANSLATE_NOOP("catalogue", "step"), low=1)
    name: ClassVar = "step_reached"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "step reached")

    def test(self, stretch: Stretch) -> BoolArray:
        return np.equal(stretch.steps, self.step)[:, None]

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        return float(self.step)


@dataclass(frozen=True)
class EpochReached(Condition):
    """An epoch is complete; one that has been passed already pauses no more."""

    epoch: int = parameter(10, QT_TRANSLATE_NOOP("catalogue", "epoch"), low=1)
    name: ClassVar = "epoch_reached"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "epoch complete")

    def test(self, stretch: Stretch) -> BoolArray:
        ended = stretch.epochs_ended
        index = len(ended) - (stretch.trainer.epoch - self.epoch)  # of the epoch among those
        end = ended[index] if 0 <= index < len(ended) else 0
        return np.equal(stretch.steps, end)[:, None]

    def number(self, stretch: Stretch, row: int, place: int) -> float:
        return float(self.epoch)


CONDITIONS: Table[Condition] = Table(
    LossBelow,
    LossAbove,
    ValidationStalled,
    GradientBelow,
    GradientAbove,
    UnitDead,
    UnitSaturated,
    WeightCrosses,
    BiasCrosses,
    StepReached,
    EpochReached,
)


@dataclass(frozen=True)
class Breakpoint:
    """A condition, and whether it is looked at."""

    condition: Condition
    on: bool = True

    def plain(self) -> dict[str, Any]:
        """The breakpoint as a file holds it."""
        plain = self.condition.plain()
        return {**({"name": plain} if isinstance(plain, str) else plain), "on": self.on}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], field: str = "breakpoint") -> Breakpoint:
        """Read what `plain` gave.

        Raises
        ------
        ExperimentError
            For an unknown name or parameter, or a value out of its range, with `field` as the place.
        """
        on = plain.get("on", True)
        if not isinstance(on, bool):
            raise ExperimentError("wrong_type", field=f"{field}.on", value=repr(on), expected="true or false")
        rule = {key: value for key, value in plain.items() if key != "on"}
        return cls(CONDITIONS.resolve(rule, field), on)
