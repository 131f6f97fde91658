"""The recipe for an optimizer: one row, and it trains, is explained, shown and exported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from engine import Experiment, Layer, Trainer, builtin, check_step, explain
from engine.errors import SessionError
from engine.explain.derivation import derivation
from engine.files.export_numpy import export_numpy
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import OPTIMIZERS, Optimizer
from engine.functions.optimizers import Write
from engine.functions.table import parameter
from engine.functions.traced import Quantity


@dataclass(frozen=True)
class Averaged(Optimizer):
    """The mean of all gradients so far, and a pull to 0."""

    pull: float = parameter(0.125, "pull", symbol=r"\kappa", low=0.0)
    name: ClassVar = "averaged"
    label: ClassVar = "averaged"
    slots: ClassVar = ("s",)

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        s = line("s", (1 - 1 / t) * old["s"] + g / t)
        return eta * (s + self.pull * w)


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPTIMIZERS._rules, Averaged.name, Averaged)


def trained(steps: int = 30) -> Trainer:
    layers = (Layer(4, "tanh"), Layer(3, "softmax"))
    experiment = Experiment(
        layers, loss="cross_entropy", optimizer="averaged", learning_rate=0.05, batch_size=10
    )
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(steps)
    return trainer


def test_it_trains() -> None:
    trainer = trained(0)
    w, s = trainer.weights[0], np.zeros((4, 4))
    for t in range(1, 31):
        record = trainer.step()
        s = (1 - 1 / t) * s + record.weight_grads[0] / t
        w = w - 0.05 * (s + 0.125 * w)
    assert np.allclose(trainer.weights[0], w, rtol=1e-12, atol=1e-15)
    assert Experiment.from_toml(trainer.experiment.to_toml()) == trainer.experiment


def test_it_is_shown_and_explained() -> None:
    record = trained().step()
    why = explain(record.experiment, record, weight=(1, 2, 3)).update
    assert why is not None
    assert record.experiment.optimizer.formula.split(r",\ ") == [
        r"s \leftarrow (1 - \frac{1}{t})\,s + \frac{g}{t}",
        r"w \leftarrow w - \eta\,(s + \kappa\,w)",
    ]
    for line in why.terms:
        assert line.made(*line.of) == pytest.approx(line.value, rel=1e-12)
    slot, change = why.terms
    assert slot.written(["0.5", "0.25"]) == "(1 − 1 / 31) × 0.5 + 0.25 / 31"
    assert why.after == why.before - change.value
    assert r"\kappa" in derivation(record.experiment, record)
    assert "averaged" in derivation(record.experiment, record, weight=(1, 2, 3))


def test_steps_made_with_it_are_checked() -> None:
    trainer = trained(0)
    record = trainer.step()
    given = {"W1": record.weights_after[0], "b2": record.biases_after[1]}
    start = list(record.weights_before), list(record.biases_before)
    assert not check_step(trainer.experiment, record.a[0], record.targets, *start, given).mistakes
    given["W1"] = record.weights_before[0] + (record.weights_before[0] - record.weights_after[0])
    verdict = check_step(trainer.experiment, record.a[0], record.targets, *start, given)
    assert not verdict.quantities[0].agrees


def test_it_is_exported_to_numpy(tmp_path: Path) -> None:
    trainer = trained()
    script, *_ = export_numpy(capture(trainer), tmp_path / "script.py")
    child = subprocess.run([sys.executable, str(script), "20"], capture_output=True, text=True, check=True)
    losses = [float(line.split()[1]) for line in child.stdout.splitlines()]
    assert np.allclose(losses, trainer.run(20).loss, rtol=1e-11)


def test_pytorch_says_that_it_has_none(tmp_path: Path) -> None:
    with pytest.raises(SessionError) as caught:
        export_pytorch(capture(trained()), tmp_path / "script.py")
    assert (caught.value.kind, caught.value.details["what"]) == ("not_exportable", "averaged")
