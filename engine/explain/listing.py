"""Gradient descent beside the founding article's listing: what that does otherwise, with its numbers.

The listing updates the output layer first and takes the hidden layer's delta back through the weights
that are new already; and it adds a weight's gradients up over the batch but averages a bias's. Both
are variants of the experiment, so that one step of each is made here from the same parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.arrays import FloatArray
from engine.data.dataset import Dataset
from engine.experiment import Experiment
from engine.records import StepRecord
from engine.training.trainer import Trainer

MOST_PARAMETERS = 2_000
"""A lesson is about a network that can be looked through."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """The same step twice: as gradient descent on the sum of the samples' losses, and as the listing does.

    Attributes
    ----------
    true, listing : StepRecord
        Of the same rows and parameters.
    true_loss_after, listing_loss_after : float
        The summed loss of these rows with the new parameters.
    """

    true: StepRecord
    listing: StepRecord
    true_loss_after: float
    listing_loss_after: float

    @property
    def hidden_layers(self) -> range:
        """The layers whose delta differs, counted from 1: all but the last."""
        return range(1, len(self.true.z))

    def new_weights(self, layer: int) -> FloatArray:
        """The weights of `layer` after the update, that the listing takes delta back through."""
        return self.listing.weights_after[layer - 1]


def can_compare(experiment: Experiment, record: StepRecord) -> bool:
    """Whether it is plain descent of a network with a hidden layer, with any loss but those of classes."""
    size = sum(w.size + b.size for w, b in zip(record.weights_before, record.biases_before, strict=True))
    return (
        len(record.z) > 1
        and size <= MOST_PARAMETERS
        and experiment.optimizer.name == "sgd"
        and experiment.regularizer.name == experiment.clipping.name == "none"
        and "regression" in experiment.loss.kinds
        and all(mask is None for mask in record.dropout_masks)
    )


def compare(experiment: Experiment, record: StepRecord) -> Comparison:
    """Make the step of `record` again in both ways.

    Parameters
    ----------
    experiment : Experiment
        That the record was made with; `can_compare` says whether it can be.
    record : StepRecord
        Its rows and the parameters before its update are taken.
    """
    plain = experiment.changed(
        reduction="sum",
        bias_reduction="same",
        update_order="together",
        batch_size="full",
        validation=0.0,
        scaling="none",
        schedule="constant",
        learning_rate=record.learning_rate,
    )
    rows = Dataset.from_arrays(record.a[0], record.targets)
    results = []
    for variant in (plain, plain.changed(bias_reduction="mean", update_order="output_first")):
        trainer = Trainer(variant, rows)
        trainer.set_parameters(record.weights_before, record.biases_before)
        _freeze(trainer, record)
        results.append((trainer.step(), trainer.peek().data_loss))
    (true, true_after), (listing, listing_after) = results
    return Comparison(true, listing, true_after, listing_after)


def _freeze(trainer: Trainer, record: StepRecord) -> None:
    weights = [
        (layer, int(source), int(unit))
        for layer, frozen in enumerate(record.frozen_weights, 1)
        for source, unit in zip(*frozen.nonzero(), strict=True)
    ]
    biases = [
        (layer, int(unit))
        for layer, frozen in enumerate(record.frozen_biases, 1)
        for unit in frozen.nonzero()[0]
    ]
    trainer.freeze(weights, biases)
