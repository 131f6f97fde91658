"""Several labels a row: read from columns of 0 and 1, learned with sigmoid outputs, predicted and scored."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, load_dataset
from engine.diagnose import diagnose
from engine.errors import DatasetError
from engine.files.predictions import prediction_header, prediction_rows
from engine.files.session import capture, read_session, write_session
from engine.suitable import practical_experiment, suited


def written(folder: Path, rows: int = 120) -> Path:
    rng = np.random.default_rng(5)
    out = io.StringIO()
    out.write("length,width,wet,cold,dark\n")
    for x, y in rng.normal(size=(rows, 2)):
        out.write(f"{x:.3f},{y:.3f},{int(x > 0)},{int(y > 0.2)},{int(x + y > 0)}\n")
    path = folder / "labels.csv"
    path.write_text(out.getvalue())
    return path


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return load_dataset(written(tmp_path), ["wet", "cold", "dark"])


def test_several_columns_of_0_and_1_are_labels(data: Dataset, tmp_path: Path) -> None:
    assert data.kind == "multilabel" and data.target_names == ("wet", "cold", "dark")
    assert data.class_names == () and set(np.unique(data.targets)) == {0.0, 1.0}
    numbers = load_dataset(tmp_path / "labels.csv", ["wet", "cold"], types={"wet": "number"})
    assert numbers.kind == "regression"
    assert load_dataset(tmp_path / "labels.csv", ["wet", "length"]).kind == "regression"
    assert load_dataset(tmp_path / "labels.csv", "wet").kind == "binary"
    with pytest.raises(DatasetError, match=r"0\.5"):
        Dataset.from_arrays([[1.0]], [[0.5, 1.0]], "multilabel")


def test_they_are_learned_predicted_and_scored(data: Dataset, tmp_path: Path) -> None:
    experiment = suited(practical_experiment(), data).changed(learning_rate=0.5)
    assert experiment.loss.name == "binary_cross_entropy"
    assert (experiment.layers[-1].units, experiment.layers[-1].activation.name) == (3, "sigmoid")
    trainer = Trainer(experiment, data)
    record = trainer.peek()
    per_label = -(record.targets * np.log(record.a[-1]) + (1 - record.targets) * np.log(1 - record.a[-1]))
    np.testing.assert_allclose(record.sample_losses, per_label.mean(axis=1), rtol=1e-12)
    trainer.run(1500)
    found = trainer.model().predict(tmp_path / "labels.csv")
    assert found.classes is None and found.confusion is None and found.errors is None and found.r2 is None
    said, true = found.outputs >= 0.5, data.targets > 0.5
    assert found.said_labels is not None and np.array_equal(found.said_labels, said)
    assert found.right is not None and np.array_equal(found.right, (said == true).all(axis=1))
    assert found.accuracy == found.right.mean() > 0.9
    both = (said & true).sum(axis=0)
    precision, recall = both / said.sum(axis=0), both / true.sum(axis=0)
    assert found.f1 is not None
    np.testing.assert_allclose(found.f1, 2 * precision * recall / (precision + recall))
    last = trainer.scalars.validation_metric[-1]
    rows = trainer.prepared.validation_rows
    assert last == pytest.approx((said == true)[rows].mean())
    header = prediction_header(found)
    assert header[6:] == [
        "wet predicted", "cold predicted", "dark predicted", "p(wet)", "p(cold)", "p(dark)", "right", "loss",
    ]  # fmt: skip
    first = dict(zip(header, next(prediction_rows(found)), strict=True))
    assert first["p(cold)"] == found.outputs[0, 1] and first["cold predicted"] == int(said[0, 1])
    assert csv.writer(io.StringIO()).writerow(first.values())


def test_a_session_and_a_diagnosis_take_them(data: Dataset, tmp_path: Path) -> None:
    trainer = Trainer(suited(practical_experiment(), data), data)
    trainer.run(30)
    write_session(capture(trainer), tmp_path / "s.bplab")
    again = read_session(tmp_path / "s.bplab").restore()
    assert again.dataset.kind == "multilabel"
    np.testing.assert_array_equal(again.run(20).loss, trainer.run(20).loss)
    diagnose(trainer)


@pytest.mark.parametrize("loss", ["hinge", "squared_error", "binary_cross_entropy"])
def test_losses_that_fit(loss: str, data: Dataset) -> None:
    output = "linear" if loss == "hinge" else "sigmoid"
    trainer = Trainer(Experiment((Layer(3, output),), loss=loss, learning_rate=0.1, batch_size=10), data)
    trainer.run(100)
    assert trainer.scalars.metric[-20:].mean() > 0.7
