"""The recipe for a schedule: one row, and it sets the rate here and in the scripts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from engine import Experiment, Layer, Trainer, builtin
from engine.files.export_numpy import export_numpy
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import SCHEDULES, Schedule
from engine.functions.table import parameter
from engine.functions.traced import Quantity, sqrt


@dataclass(frozen=True)
class Fading(Schedule):
    """In proportion to the root of the steps made, and to the epochs."""

    decay: float = parameter(0.25, "decay", low=0.0)
    name: ClassVar = "fading"
    label: ClassVar = "fading"
    formula: ClassVar = r"\frac{\eta_0}{\sqrt{t}\,(1 + d\,e)}"

    def factor_of(self, step: Quantity, epoch: Quantity) -> Quantity:
        return 1 / (sqrt(step + 1) * (1 + self.decay * epoch))


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCHEDULES._rules, Fading.name, Fading)


def trained(**changes: Any) -> Trainer:
    layers = (Layer(4, "tanh"), Layer(3, "softmax"))
    experiment = Experiment(
        layers, loss="cross_entropy", schedule="fading", learning_rate=0.5, batch_size=50, **changes
    )
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(7)
    return trainer


def test_it_sets_the_rate() -> None:
    rates = [0.5 / (np.sqrt(t + 1) * (1 + 0.25 * (t // 3))) for t in range(7)]
    assert np.allclose(trained().scalars.learning_rate, rates, rtol=1e-14)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_is_exported_to_numpy(dtype: str, tmp_path: Path) -> None:
    trainer = trained(dtype=dtype)
    script, *_ = export_numpy(capture(trainer), tmp_path / "script.py")
    child = subprocess.run([sys.executable, str(script), "20"], capture_output=True, text=True, check=True)
    losses = [float(line.split()[1]) for line in child.stdout.splitlines()]
    assert np.allclose(losses, trainer.run(20).loss, rtol=1e-11 if dtype == "float64" else 1e-5)


@pytest.mark.parametrize("export", [export_numpy, export_pytorch])
def test_the_scripts_have_its_formula(export: Callable[..., tuple[Path, ...]], tmp_path: Path) -> None:
    text = export(capture(trained()), tmp_path / "script.py")[0].read_text(encoding="utf-8")
    assert "return float(0.5 * (1 / (np.sqrt(steps + 1) * (1 + 0.25 * epochs))))" in text
