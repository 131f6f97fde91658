"""The ONNX model of a network predicts what the app predicts, where onnx and onnxruntime are installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, builtin, load_dataset
from engine.errors import SessionError
from engine.extras import EXTRAS, shown_command
from engine.files.export_onnx import export_onnx
from engine.files.session import capture
from engine.functions import ACTIVATIONS
from engine.training.backprop import forward


def trained(data: Dataset, activation: Any, **changes: Any) -> Trainer:
    layers = (Layer(7, activation, 0.2), Layer(5, "tanh"), Layer(data.targets.shape[1], activation))
    trainer = Trainer(Experiment(layers, learning_rate=0.01, batch_size=10, validation=0.2, **changes), data)
    trainer.run(60)
    return trainer


def outputs(trainer: Trainer) -> Any:
    inputs = trainer.prepared.transform(trainer.dataset.inputs)
    outputs = forward(trainer.experiment, trainer.weights, trainer.biases, inputs)[1][-1]
    return trainer.prepared.in_own_units(outputs)


def predicted(path: Path, inputs: Any) -> Any:
    onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"inputs": inputs})[0]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_predicts_the_same(activation: str, dtype: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    trainer = trained(builtin("wine"), activation, scaling="zscore", dtype=dtype)
    export_onnx(capture(trainer), tmp_path / "m.onnx")
    ours = outputs(trainer)
    theirs = predicted(tmp_path / "m.onnx", trainer.dataset.inputs.astype(dtype))
    assert theirs.dtype == dtype
    assert np.abs(ours - theirs).max() < 1e-6 * np.abs(ours).max()


def test_missing_features_are_filled_in(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(40, 3))
    inputs[rng.random(inputs.shape) < 0.2] = np.nan
    trainer = trained(Dataset.from_arrays(inputs, rng.normal(size=40)), "tanh", scaling="minmax")
    export_onnx(capture(trainer), tmp_path / "m.onnx")
    np.testing.assert_allclose(predicted(tmp_path / "m.onnx", inputs), outputs(trainer), rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_outputs_are_in_the_unit_of_the_target(dtype: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    rng = np.random.default_rng(2)
    inputs = np.round(rng.normal(size=(40, 3)) * 50 + np.array([0, 2000, 0]))
    data = Dataset.from_arrays(inputs, 5e4 + 80 * inputs[:, 0])
    trainer = trained(data, "linear", scaling="zscore", target_scaling="minmax", dtype=dtype)
    export_onnx(capture(trainer), tmp_path / "m.onnx")
    theirs = predicted(tmp_path / "m.onnx", np.where(inputs > 60, np.nan, inputs).astype(dtype))
    ours = trainer.prepared.in_own_units(
        forward(
            trainer.experiment,
            trainer.weights,
            trainer.biases,
            trainer.prepared.transform(np.where(inputs > 60, np.nan, inputs)).astype(dtype),
        )[1][-1]
    )
    np.testing.assert_allclose(theirs, ours, rtol=1e-12 if dtype == "float64" else 1e-6)


def test_names(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    export_onnx(capture(trained(builtin("iris"), {"name": "elu", "alpha": 2})), tmp_path / "m.onnx")
    model = onnx.load(tmp_path / "m.onnx")
    onnx.checker.check_model(model, full_check=True)
    nodes = [node.name for node in model.graph.node]
    assert len(set(nodes)) == len(nodes)
    assert {name.split(".")[0] for name in nodes} == {"missing", "layer1", "layer2", "layer3"}
    assert "layer2.Tanh" in nodes
    shapes = {item.name: [*item.dims] for item in model.graph.initializer}
    assert shapes["layer1.weights"] == [4, 7]
    assert shapes["layer3.biases"] == [3]
    properties = {item.key: item.value for item in model.metadata_props}
    assert properties["kind"] == "multiclass"
    assert json.loads(properties["features"])[0] == "sepal_length"
    assert json.loads(properties["classes"]) == ["setosa", "versicolor", "virginica"]
    assert json.loads(properties["outputs"]) == ["setosa", "versicolor", "virginica"]


def test_it_tells_how_cells_become_features(tmp_path: Path) -> None:
    """Names with line ends and quotes come out of its metadata as they went in."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    lines = ['x,"a\n""b""",when,target']
    for i in range(24):
        lines.append(f'{i * i % 7 / 2},"{"rg"[i % 2]}\n",2024-05-{i + 1:02},{("no", "yes")[i % 3 == 0]}')
    (tmp_path / "old.csv").write_text("\n".join(lines))
    data = load_dataset(tmp_path / "old.csv", types={"when": "date_parts"})
    layers = Layer(3, "tanh"), Layer(1, "sigmoid")
    trainer = Trainer(Experiment(layers, "binary_cross_entropy", learning_rate=0.01), data)
    export_onnx(capture(trainer), tmp_path / "m.onnx")
    model = onnx.load(tmp_path / "m.onnx")
    properties = {item.key: item.value for item in model.metadata_props}
    assert json.loads(properties["columns"]) == [
        ["x", "number"],
        ['a\n"b"', [*data.columns[1].levels]],
        ["when", "date parts"],
    ]
    assert json.loads(properties["classes"]) == ["no", "yes"]
    assert "encoded" in model.graph.input[0].doc_string


def test_without_the_package_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(SessionError) as caught:
        export_onnx(capture(trained(builtin("iris"), "tanh")), tmp_path / "m.onnx")
    assert caught.value.kind == "needs_package"
    assert shown_command(EXTRAS["onnx"]) in str(caught.value)
