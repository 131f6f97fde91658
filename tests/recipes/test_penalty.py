"""The recipe for a penalty: one row, and it is added, checked, shown and exported."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from engine import Experiment, Layer, Trainer, builtin, check_gradients, check_step, explain
from engine.arrays import FloatArray
from engine.errors import SessionError
from engine.explain.derivation import derivation
from engine.files.export_numpy import export_numpy
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import REGULARIZERS
from engine.functions.regularizers import Penalty
from engine.functions.traced import Quantity


@dataclass(frozen=True)
class Fair(Penalty):
    """A square near 0, and straight far away."""

    name: ClassVar = "fair"
    label: ClassVar = "fair"
    formula: ClassVar = r"\lambda \sum (|w| - \ln(1 + |w|))"

    def penalty(self, weights: FloatArray) -> FloatArray:
        size = np.abs(weights)
        part: FloatArray = self.strength * np.add.reduce(size - np.log1p(size), axis=-1)
        return part

    def slope_of(self, w: Quantity, strength: Quantity) -> Quantity:
        return strength * w / (1 + abs(w))


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGULARIZERS._rules, Fair.name, Fair)


def trained() -> Trainer:
    layers = (Layer(4, "tanh"), Layer(3, "softmax"))
    experiment = Experiment(
        layers, loss="cross_entropy", regularizer={"name": "fair", "strength": 0.1}, batch_size=10
    )
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(20)
    return trainer


def test_it_is_added_and_checked() -> None:
    trainer = trained()
    assert check_gradients(trainer).max_relative_error < 1e-6
    record = trainer.step()
    w = record.weights_before[0]
    after = w - 0.1 * (record.weight_grads[0] + 0.1 * w / (1 + np.abs(w)))
    assert np.allclose(record.weights_after[0], after, rtol=1e-14)
    start = list(record.weights_before), list(record.biases_before)
    given = {"W1": record.weights_after[0]}
    assert check_step(record.experiment, record.a[0], record.targets, *start, given).quantities[0].agrees


def test_it_is_shown_and_explained() -> None:
    record = trained().step()
    assert record.experiment.regularizer.gradient_formula == r"\frac{\lambda\,w}{1 + |w|}"
    why = explain(record.experiment, record, weight=(1, 2, 3)).update
    assert why is not None
    penalty, g, _ = why.terms
    assert penalty.written(["0.1", "−0.5"]) == "0.1 × (−0.5) / (1 + |−0.5|)"
    assert g.value == penalty.value + why.gradient
    for line in why.terms:
        assert line.made(*line.of) == pytest.approx(line.value, rel=1e-12)
    assert Fair.formula in derivation(record.experiment, record, weight=(1, 2, 3))
    assert Fair.formula in derivation(record.experiment, record)


def test_it_is_exported(tmp_path: Path) -> None:
    trainer = trained()
    script, *_ = export_numpy(capture(trainer), tmp_path / "script.py")
    with pytest.raises(SessionError) as caught:
        export_pytorch(capture(trainer), tmp_path / "torch.py")
    assert (caught.value.kind, caught.value.details["what"]) == ("not_exportable", "fair")
    child = subprocess.run([sys.executable, str(script), "20"], capture_output=True, text=True, check=True)
    losses = [float(line.split()[1]) for line in child.stdout.splitlines()]
    assert np.allclose(losses, trainer.run(20).loss, rtol=1e-11)
