"""What a diagnosis says: one cause, the numbers that led to it, where and since when, and what cures it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from engine.data.dataset import Dataset
from engine.digits import Write, fill, written_as
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment
from engine.functions.table import Rule
from engine.parts import Part

Translate = Callable[[str], str]


class Remedy(NamedTuple):
    """One thing changed, the training else the same.

    Attributes
    ----------
    experiment : Experiment
    dataset : Dataset or None
        Other data to train on; the result is measured on these.
    release : bool
        Whether the parameters that were held are let go.
    longer : float
        How many times as many steps are made.
    at_home : bool
        Whether the result is measured on the rows of the training, although `dataset` is another.
    to_the_end : bool
        Whether its trial goes on when all is learned, for what it changes may spoil it again.
    untouched : bool
        Whether parameters that were set by hand on the way are not set again.
    """

    experiment: Experiment
    dataset: Dataset | None = None
    release: bool = False
    longer: float = 1.0
    at_home: bool = False
    to_the_end: bool = False
    untouched: bool = False


def _same(text: str) -> str:
    return text


class Tried(NamedTuple):
    """What became of a short trial of the cure, from the start, beside the training as it is.

    Attributes
    ----------
    steps : int
        Steps that the trial made.
    before, after : float
        The loss over all rows as a multiple of that of the best constant prediction, of the training as
        it stands and of the trial: 1 is nothing learned, 0 all.
    recall_before, recall_after : float or None
        The share of right rows, mean over the classes; None for numbers.
    """

    steps: int
    before: float
    after: float
    recall_before: float | None = None
    recall_after: float | None = None


@dataclass(frozen=True)
class Finding:
    """One cause of why a network does not learn.

    Attributes
    ----------
    cause : str
        A name of `engine.diagnose.CAUSES`.
    evidence : mapping of str to float
        The numbers that led to it; `engine.diagnose.LABELS` says what each is.
    since : int
        The step at which it began; 0 where it was so from the start.
    where : Part or None
        A layer, or the unit of layer 0 that a column of the inputs is.
    cure : Experiment or None
        The settings that cure it when training begins anew; None where no single setting does.
    template, advice : str
        The sentence, and what to do about it, in English with places for `values`; the context of
        their translations is ``diagnose``.
    values : mapping
        What the sentences name.
    tried : Tried or None
        What a trial of the cure gave, if there was time for one.
    proven : bool
        Whether the evidence alone or a trial proves it; otherwise there was no time to try.
    row : int or None
        The row of the data set that it shows at, from 0.
    remedy : Remedy or None
        What was tried, or would be: beside other settings also other data, more steps, or letting held
        parameters go. `try_cure` runs it.
    """

    cause: str
    evidence: Mapping[str, float]
    since: int
    where: Part | None
    cure: Experiment | None
    template: str
    advice: str
    values: Mapping[str, Any] = field(default_factory=dict)
    tried: Tried | None = None
    proven: bool = True
    row: int | None = None
    remedy: Remedy | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    @property
    def text(self) -> str:
        """What is the matter and what cures it, in English."""
        return self.say()

    def say(self, translate: Translate = _same, write: Write = written_as) -> str:
        """What is the matter and what cures it, in the language of `translate`."""
        told, *more = (self._filled(text, translate, write) for text in (self.template, *self.advices))
        return told + "".join(text if told.endswith("。") else f" {text}" for text in more)

    def told(self, translate: Translate = _same, write: Write = written_as) -> str:
        """What is the matter, alone."""
        return self._filled(self.template, translate, write)

    @property
    def advices(self) -> list[str]:
        """What is to be done, and whether it could be tried, in English."""
        return [text for text in (self.advice, "" if self.proven else UNTRIED) if text]

    def _filled(self, template: str, translate: Translate, write: Write) -> str:
        values = {
            name: translate(value.label) if isinstance(value, Rule) else value
            for name, value in self.values.items()
        }
        return fill(translate(template), values, write)


UNTRIED = QT_TRANSLATE_NOOP("diagnose", "This is likely, but a trial would take too long.")


LABELS: dict[str, str] = {
    "alignment": QT_TRANSLATE_NOOP("diagnose", "samples' gradients: length of the mean over mean length"),
    "batch": QT_TRANSLATE_NOOP("diagnose", "rows of a batch"),
    "chance": QT_TRANSLATE_NOOP("diagnose", "probability that shuffled targets do as well"),
    "column_deviation": QT_TRANSLATE_NOOP("diagnose", "deviation of the column"),
    "column_excess": QT_TRANSLATE_NOOP("diagnose", "times too large, too small or off-centre"),
    "column_mean": QT_TRANSLATE_NOOP("diagnose", "mean of the column"),
    "contradictory_rows": QT_TRANSLATE_NOOP("diagnose", "rows that contradict others"),
    "dead_units": QT_TRANSLATE_NOOP("diagnose", "dead units"),
    "dropout": QT_TRANSLATE_NOOP("diagnose", "share dropped"),
    "fall_at_end": QT_TRANSLATE_NOOP("diagnose", "fall of the loss in the last fifth"),
    "flat_share": QT_TRANSLATE_NOOP("diagnose", "share of activations where the function is flat"),
    "gradient_share": QT_TRANSLATE_NOOP(
        "diagnose", "size of ∂L/∂z in the first layer over that at the output"
    ),
    "growth": QT_TRANSLATE_NOOP("diagnose", "size of z at the output over that of the inputs"),
    "growth_per_layer": QT_TRANSLATE_NOOP("diagnose", "growth from layer to layer"),
    "held": QT_TRANSLATE_NOOP("diagnose", "parameters held"),
    "hidden_layers": QT_TRANSLATE_NOOP("diagnose", "hidden layers"),
    "largest_class": QT_TRANSLATE_NOOP("diagnose", "share of the most frequent class"),
    "learning_rate": QT_TRANSLATE_NOOP("diagnose", "learning rate"),
    "least_loss": QT_TRANSLATE_NOOP("diagnose", "least mean loss that can be reached"),
    "least_loss_over_constant": QT_TRANSLATE_NOOP(
        "diagnose", "least mean loss that can be reached over that of the best constant"
    ),
    "least_recall": QT_TRANSLATE_NOOP("diagnose", "share told rightly of the class that fares worst"),
    "left_out_error": QT_TRANSLATE_NOOP("diagnose", "squared error of rows left out over that of the mean"),
    "memory": QT_TRANSLATE_NOOP("diagnose", "steps that momentum remembers"),
    "memory_over_run": QT_TRANSLATE_NOOP("diagnose", "steps that momentum remembers over those of the run"),
    "mean_rate_share": QT_TRANSLATE_NOOP("diagnose", "mean share of the learning rate that was left"),
    "momentum": QT_TRANSLATE_NOOP("diagnose", "momentum"),
    "narrowest_layer": QT_TRANSLATE_NOOP("diagnose", "units of the narrowest hidden layer"),
    "noise_scale": QT_TRANSLATE_NOOP("diagnose", "batch size at which noise and gradient are alike"),
    "outside_range": QT_TRANSLATE_NOOP("diagnose", "share of targets out of range"),
    "parameters": QT_TRANSLATE_NOOP("diagnose", "parameters"),
    "penalty_over_constant": QT_TRANSLATE_NOOP("diagnose", "penalty over the loss of the best constant"),
    "rate_share_at_end": QT_TRANSLATE_NOOP("diagnose", "share of the learning rate left at the end"),
    "recall": QT_TRANSLATE_NOOP("diagnose", "share told rightly, mean over the classes"),
    "rising_steps": QT_TRANSLATE_NOOP("diagnose", "share of steps after which the loss was higher"),
    "rows": QT_TRANSLATE_NOOP("diagnose", "rows looked at"),
    "sharpness_times_rate": QT_TRANSLATE_NOOP("diagnose", "λ_max · η at step 0; stable below 2"),
    "steps": QT_TRANSLATE_NOOP("diagnose", "steps made"),
    "steps_since": QT_TRANSLATE_NOOP("diagnose", "steps made since the last change"),
    "strength": QT_TRANSLATE_NOOP("diagnose", "strength of the penalty"),
    "target_deviation": QT_TRANSLATE_NOOP("diagnose", "deviation of the targets"),
    "target_excess": QT_TRANSLATE_NOOP("diagnose", "times too large, too small or off-centre"),
    "target_mean": QT_TRANSLATE_NOOP("diagnose", "mean of the targets"),
    "training_over_constant": QT_TRANSLATE_NOOP("diagnose", "loss of the training rows over a constant's"),
    "travelled": QT_TRANSLATE_NOOP("diagnose", "length of all updates over that of the first parameters"),
    "units": QT_TRANSLATE_NOOP("diagnose", "units of the layer"),
    "units_alike": QT_TRANSLATE_NOOP("diagnose", "units that are alike"),
    "update_over_parameters": QT_TRANSLATE_NOOP("diagnose", "mean update over the first parameters"),
    "validation_over_constant": QT_TRANSLATE_NOOP(
        "diagnose", "loss of the validation rows over a constant's"
    ),
    "weights_over_start": QT_TRANSLATE_NOOP("diagnose", "length of the weights over that at the start"),
}
"""What each number of the evidence is, in English; the context of the translations is ``diagnose``."""
