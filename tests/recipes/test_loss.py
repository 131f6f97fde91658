"""The recipe for a loss: one row, and it trains, is checked, shown, diagnosed and exported."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from engine import Experiment, Layer, Trainer, builtin, check_gradients, check_step, explain
from engine.diagnose.instruments import instruments
from engine.explain.derivation import derivation
from engine.files.export_numpy import export_numpy
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import LOSSES, Loss
from engine.functions.traced import Quantity, exp, log


@dataclass(frozen=True)
class LogCosh(Loss):
    """The logarithm of the hyperbolic cosine: a square near 0, and straight far away."""

    name: ClassVar = "log_cosh"
    label: ClassVar = "log-cosh"
    formula: ClassVar = r"\sum_i \ln \cosh (a_i - t_i)"
    gradient_formula: ClassVar = r"\tanh(a_i - t_i)"
    kinds: ClassVar = ("regression",)

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return log((exp(a - t) + exp(t - a)) / 2)

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return (exp(a - t) - exp(t - a)) / (exp(a - t) + exp(t - a))


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOSSES._rules, LogCosh.name, LogCosh)


def trained(steps: int = 200) -> Trainer:
    layers = (Layer(4, "tanh"), Layer(2))
    trainer = Trainer(
        Experiment(layers, loss="log_cosh", learning_rate=0.1, batch_size=2), builtin("article")
    )
    trainer.run(steps)
    return trainer


def test_it_trains_and_is_checked() -> None:
    trainer = trained()
    assert trainer.scalars.loss[-10:].mean() < trainer.scalars.loss[:10].mean() / 5
    assert check_gradients(trainer).max_relative_error < 1e-6
    record = trainer.step()
    start = list(record.weights_before), list(record.biases_before)
    given = {"delta2": record.delta[1], "dW1": record.weight_grads[0]}
    verdict = check_step(trainer.experiment, record.a[0], record.targets, *start, given)
    assert all(quantity.agrees for quantity in verdict.quantities) and not verdict.mistakes


def test_it_is_explained_and_diagnosed() -> None:
    trainer = trained()
    record = trainer.peek()
    why = explain(record.experiment, record, weight=(2, 1, 0))
    assert np.allclose(why.upstream, np.tanh(record.a[2] - record.targets)[:, 0] / record.batch)
    for text in (
        derivation(record.experiment, record, weight=(2, 1, 0)),
        derivation(record.experiment, record),
    ):
        assert LogCosh.formula in text
    assert instruments(trainer).sharpness > 0


def test_it_is_exported(tmp_path: Path) -> None:
    trainer = trained()
    text = export_pytorch(capture(trainer), tmp_path / "torch.py")[0].read_text(encoding="utf-8")
    assert "torch.log((torch.exp(a - t) + torch.exp(t - a)) / 2)" in text
    script, *_ = export_numpy(capture(trainer), tmp_path / "script.py")
    child = subprocess.run([sys.executable, str(script), "20"], capture_output=True, text=True, check=True)
    losses = [float(line.split()[1]) for line in child.stdout.splitlines()]
    assert np.allclose(losses, trainer.run(20).loss, rtol=1e-11)
