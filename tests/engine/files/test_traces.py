"""Tables and arrays for other programs: every step, every number, as the app has them."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Layer, StepRecord, Trainer, builtin
from engine.errors import ExperimentError, SessionError
from engine.files.session import capture
from engine.files.traces import (
    scalar_columns,
    write_parameters,
    write_records,
    write_scalars_csv,
    write_scalars_parquet,
)


def trained(steps: int, **changes: Any) -> Trainer:
    layers = (Layer(4, "tanh", 0.25), Layer(3, "softmax"))
    chosen = {"optimizer": "adam", "batch_size": 20, "validation": 0.2, "regularizer": "l2", **changes}
    trainer = Trainer(Experiment(layers, "cross_entropy", **chosen), builtin("iris"))
    trainer.run(steps)
    return trainer


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [*csv.DictReader(file)]


@pytest.mark.parametrize("steps", [0, 1, 17, 300])
@pytest.mark.parametrize("block", [3, 16_384])
def test_the_scalars_of_all_steps(
    steps: int, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.files.traces.BLOCK_ROWS", block)
    trainer = trained(steps)
    trainer.seek(steps // 2)  # the whole run, wherever one looks
    write_scalars_csv(capture(trainer), tmp_path / "s.csv")
    trainer.seek(steps)
    scalars, rows = trainer.scalars, rows_of(tmp_path / "s.csv")
    assert [int(row["step"]) for row in rows] == [*range(steps + 1)]
    assert rows[0]["loss"] == ""
    for name in ("loss", "penalty", "metric", "update_norm", "learning_rate"):
        assert [float(row[name]) for row in rows[1:]] == getattr(scalars, name).tolist()
    for layer in (0, 1):
        norms = [float(row[f"gradient_norm_{layer + 1}"]) for row in rows[1:]]
        assert norms == scalars.gradient_norms[:, layer].tolist()
    evaluated = [row for row in rows if row["validation_loss"]]
    assert [int(row["step"]) for row in evaluated] == scalars.evaluated_steps.tolist()
    assert [float(row["validation_loss"]) for row in evaluated] == scalars.validation_loss.tolist()
    assert [float(row["validation_metric"]) for row in evaluated] == scalars.validation_metric.tolist()


def test_parquet_holds_the_same_as_csv(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    session = capture(trained(50))
    write_scalars_csv(session, tmp_path / "s.csv")
    write_scalars_parquet(session, tmp_path / "s.parquet")
    table = parquet.read_table(tmp_path / "s.parquet")
    assert table.column_names == scalar_columns(session)
    for name in table.column_names:
        texts = [row[name] for row in rows_of(tmp_path / "s.csv")]
        assert table[name].to_pylist() == [None if text == "" else float(text) for text in texts]


def test_parquet_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SessionError) as caught:
        write_scalars_parquet(capture(trained(1)), tmp_path / "s.parquet")
    assert caught.value.kind == "needs_package"


def test_the_table_of_parameters(tmp_path: Path) -> None:
    trainer = trained(30)
    trainer.freeze(weights=[(1, 2, 3)])
    write_parameters(capture(trainer), tmp_path / "p.csv")
    rows = rows_of(tmp_path / "p.csv")
    record = trainer.peek()
    assert len(rows) == 4 * 4 + 4 + 4 * 3 + 3
    for row in rows:
        layer, unit = int(row["layer"]) - 1, int(row["to"]) - 1
        place = (int(row["from"]) - 1, unit) if row["kind"] == "weight" else (unit,)
        part = 0 if row["kind"] == "weight" else 1
        before = (record.weights_before, record.biases_before)[part][layer]
        assert float(row["value"]) == before[place]
        for slot in ("m", "v"):
            assert float(row[slot]) == record.slots_before[slot][part][layer][place]
        inputs, outputs = trainer.dataset.feature_names, trainer.dataset.target_names
        assert row["from_name"] == (inputs[place[0]] if layer == 0 and len(place) == 2 else "")
        assert row["to_name"] == (outputs[unit] if layer == 1 else "")
        assert row["held"] == str(int(record.frozen[part][layer][place]))


def test_all_numbers_of_chosen_steps(tmp_path: Path) -> None:
    trainer = trained(60)
    trainer.freeze(biases=[(1, 0)])
    trainer.run(20)
    shares: list[float] = []
    write_records(capture(trainer), [80, 1, 61], tmp_path / "r.npz", progress=shares.append)
    assert shares == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0]
    with np.load(tmp_path / "r.npz") as file:
        arrays = {name: file[name] for name in file.files}
    layout = str(arrays.pop("layout"))
    for step in (1, 61, 80):
        trainer.seek(step - 1)
        expected = flat(trainer.step())
        found = {
            name.split("/")[1]: array for name, array in arrays.items() if name.startswith(f"step_{step}/")
        }
        assert found.keys() == expected.keys()
        for name, array in expected.items():
            assert np.array_equal(found[name], array), name
            described = name.rstrip("0123456789").rstrip("_").replace("slot_m", "slot_NAME")
            described = described.replace("slot_v", "slot_NAME").split("_before")[0].split("_after")[0]
            assert described in layout


def flat(record: StepRecord) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("epoch", "data_loss", "penalty", "learning_rate", "clip_factor", "optimizer_step"):
        found[name] = np.array(getattr(record, name))
    for name in ("indices", "targets", "sample_losses"):
        found[name] = getattr(record, name)
    found["a_0"] = record.a[0]
    for layer in (1, 2):
        for name in ("z", "delta", "weight_grads", "bias_grads", "frozen_weights", "frozen_biases"):
            found[f"{name}_{layer}"] = getattr(record, name)[layer - 1]
        for name in ("weights", "biases"):
            for when in ("before", "after"):
                found[f"{name}_{when}_{layer}"] = getattr(record, f"{name}_{when}")[layer - 1]
        found[f"a_{layer}"] = record.a[layer]
        for slot in ("m", "v"):
            for when in ("before", "after"):
                weights, biases = getattr(record, f"slots_{when}")[slot]
                found[f"slot_{slot}_{when}_weights_{layer}"] = weights[layer - 1]
                found[f"slot_{slot}_{when}_biases_{layer}"] = biases[layer - 1]
    found["dropout_mask_1"] = record.dropout_masks[0]
    return found


@pytest.mark.parametrize("step", [0, -1, 31])
def test_a_step_that_was_not_made(step: int, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError) as caught:
        write_records(capture(trained(30)), [2, step], tmp_path / "r.npz")
    assert caught.value.kind == "beyond_history"
    assert not (tmp_path / "r.npz").exists()


def test_cancelling_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(SessionError) as caught:
        write_records(capture(trained(30)), [2, 3], tmp_path / "r.npz", cancelled=lambda: True)
    assert caught.value.kind == "cancelled"
    assert [*tmp_path.iterdir()] == []
