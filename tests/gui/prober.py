"""A training that sends frames to a view and answers its probes: a worker in the same thread."""

from __future__ import annotations

from typing import Any

from engine import Dataset, Experiment, Layer, StepRecord, Trainer
from engine.phases import Phase, PhaseKind
from gui.training.messages import Frame, Status
from gui.training.probe import Probe, ProbeResult, answer

LOSSES = {
    "regression": "mean_squared_error",
    "binary": "binary_cross_entropy",
    "multiclass": "cross_entropy",
    "multilabel": "binary_cross_entropy",
}
OUTPUTS = {"regression": "linear", "binary": "sigmoid", "multiclass": "softmax", "multilabel": "sigmoid"}


class Prober:
    """Trains, sends frames, and keeps the questions of a view until `reply` answers them."""

    def __init__(self, data: Dataset, hidden: tuple[int, ...] = (4,), **settings: Any) -> None:
        self.generation = 1
        self.questions: list[Probe] = []
        self.load(data, hidden, **settings)

    def load(self, data: Dataset, hidden: tuple[int, ...] = (4,), **settings: Any) -> None:
        layers = (
            *(Layer(units, "tanh") for units in hidden),
            Layer(data.targets.shape[1], OUTPUTS[data.kind]),
        )
        defaults = {"loss": LOSSES[data.kind], "batch_size": 5, "validation": 0.2, "scaling": "zscore"}
        self.trainer = Trainer(Experiment(layers, **{**defaults, "learning_rate": 0.3, **settings}), data)
        self.record: StepRecord = self.trainer.peek()
        self.made = False

    def frame(self, status: Status = Status.PAUSED, phase: Phase | None = None) -> Frame:
        if not self.made:
            phase = Phase(PhaseKind.INPUT)
        trainer = self.trainer
        return Frame(
            self.generation,
            trainer.dataset,
            self.record,
            phase,
            trainer.scalars,
            False,
            status,
        )

    def train(self, steps: int = 1, status: Status = Status.PAUSED) -> Frame:
        self.trainer.run(steps - 1)
        self.record, self.made = self.trainer.step(), True
        return self.frame(status)

    def watch(self, view: Any) -> None:
        self.view = view
        view.probe_requested.connect(self.questions.append)

    def answer(self, probe: Probe) -> ProbeResult:
        record = self.record
        return answer(
            probe,
            generation=self.generation,
            step=record.step if self.made else record.step - 1,
            dataset=self.trainer.dataset,
            prepared=self.trainer.prepared,
            experiment=self.trainer.experiment,
            weights=record.weights_after if self.made else record.weights_before,
            biases=record.biases_after if self.made else record.biases_before,
        )

    def reply(self, most: int = 100) -> int:
        """Answer questions until there are none; say how many there were."""
        count = 0
        while self.questions and count < most:
            self.view.show_probe(self.answer(self.questions.pop(0)))
            count += 1
        assert count < most, "the view never stops asking"
        return count
