"""The recipe for an activation: one row, and it trains, is checked, shown and exported."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer, builtin, check_gradients, explain
from engine.diagnose.curvature import bend
from engine.diagnose.instruments import instruments
from engine.errors import SessionError
from engine.files.export_numpy import export_numpy
from engine.files.export_onnx import export_onnx
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import ACTIVATIONS, Activation
from engine.functions.traced import Quantity, cosh


@dataclass(frozen=True)
class Square(Activation):
    """z squared, a fifth of it."""

    name: ClassVar = "square"
    label: ClassVar = "square"
    formula: ClassVar = r"\frac{z^2}{5}"
    slope_formula: ClassVar = r"\frac{2 z}{5}"

    def f(self, z: Quantity) -> Quantity:
        return z**2 / 5

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return 2 * z / 5


@dataclass(frozen=True)
class Catenary(Square):
    """What ONNX has no operation for."""

    name: ClassVar = "catenary"

    def f(self, z: Quantity) -> Quantity:
        return cosh(z)


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    for rule in (Square, Catenary):
        monkeypatch.setitem(ACTIVATIONS._rules, rule.name, rule)


def trained(name: str = "square") -> Trainer:
    experiment = Experiment(
        layers=(Layer(4, name), Layer(3, "softmax")),
        loss="cross_entropy",
        learning_rate=0.05,
        batch_size=10,
        scaling="zscore",
    )
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(300)
    return trainer


def test_it_trains_and_is_checked() -> None:
    trainer = trained()
    assert trainer.scalars.metric[-30:].mean() > 0.9
    assert check_gradients(trainer).max_relative_error < 1e-6
    record = trainer.step()
    why = explain(record.experiment, record, weight=(1, 0, 0))
    assert np.allclose(why.slope, 0.4 * record.z[0][:, 0], rtol=1e-14)
    assert np.allclose(why.upstream * why.slope * why.activation, why.samples, rtol=1e-12, atol=0.0)
    assert Experiment.from_toml(trainer.experiment.to_toml()) == trainer.experiment


def test_its_curvature_is_known() -> None:
    z = np.array([-3.0, 0.0, 2.0])
    assert np.allclose(bend(Square(), z), 0.4, rtol=1e-9)
    trainer = trained()
    seen = instruments(trainer)
    assert seen.sharpness > 0


def test_it_is_exported_to_numpy(tmp_path: Path) -> None:
    trainer = trained()
    script, *_ = export_numpy(capture(trainer), tmp_path / "script.py")
    command = [sys.executable, str(script), "20"]
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    losses = [float(line.split()[1]) for line in child.stdout.splitlines()]
    assert np.allclose(losses, trainer.run(20).loss, rtol=1e-11)
    assert "return z**2 / 5" in script.read_text(encoding="utf-8")


def test_it_is_exported_to_pytorch(tmp_path: Path) -> None:
    path, *_ = export_pytorch(capture(trained()), tmp_path / "script.py")
    text = path.read_text(encoding="utf-8")
    classes = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    assert classes == ["Rows", "Square", "Network"]
    assert "    Square()," in text
    if importlib.util.find_spec("torch") is None:
        return
    losses = subprocess.run([sys.executable, str(path), "5"], capture_output=True, text=True, check=True)
    assert len(losses.stdout.splitlines()) == 5


def test_it_is_exported_to_onnx_or_says_that_it_cannot_be(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    export_onnx(capture(trained()), tmp_path / "model.onnx")
    operations = [node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node]
    assert "Mul" in operations
    with pytest.raises(SessionError) as caught:
        export_onnx(capture(trained("catenary")), tmp_path / "other.onnx")
    assert caught.value.kind == "not_exportable"


def test_it_is_offered_in_the_window(qtbot: QtBot) -> None:
    from gui.document.document import Document
    from gui.panels.setup import SetupPanel
    from gui.widgets.fields import ComboBox

    panel = SetupPanel()
    qtbot.addWidget(panel)
    panel.set_document(Document())
    offered = {combo.itemText(i) for combo in panel.findChildren(ComboBox) for i in range(combo.count())}
    assert "square" in offered
