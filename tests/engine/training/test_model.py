"""Predicting rows that training has not seen: found by name, prepared alike, in the target's own terms."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from engine import Dataset, Experiment, Layer, Trainer, builtin, load_dataset
from engine.data.new_rows import read_rows, rows_of
from engine.errors import DatasetError, SessionError
from engine.files import predictions
from engine.files.predictions import prediction_header, prediction_rows, write_predictions
from engine.suitable import practical_experiment, suited
from engine.training.model import Model, Predictions
from tests.engine.test_arrays import arrays_in, cannot_be_written

HEADER = "id,years,town,note,salary"
TOWNS = ("Ulm", "Bonn", "北京")


def salary(years: float, town: str) -> float:
    return 30_000 + 1_500 * years + 4_000 * TOWNS.index(town)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("data") / "salaries.csv"
    lines = [
        f"P{i},{i % 31},{TOWNS[i % 3]},words and words {i},{salary(i % 31, TOWNS[i % 3])}" for i in range(90)
    ]
    lines[4] = f"P4,,Bonn,words,{salary(4, 'Bonn')}"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    data = load_dataset(path, "salary")
    assert [c.role for c in data.columns] == ["skip", "feature", "feature", "skip", "target"]
    trainer = Trainer(suited(practical_experiment(), data), data)
    trainer.run(2500)
    return trainer.model()


def written(folder: Path, text: str, name: str = "new.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_found_by_name_and_the_target_is_in_its_own_unit(model: Model, tmp_path: Path) -> None:
    found = model.predict(written(tmp_path, "town, YEARS ,id,note\nBonn,10,a,x\n北京,20,b,y\n"))
    expected = [salary(10, "Bonn"), salary(20, "北京")]
    np.testing.assert_allclose(found.outputs[:, 0], expected, rtol=0.06)
    assert found.step == 2500 and found.labels is None and found.probabilities is None
    assert (
        found.rows.targets is None and not found.known.any() and found.r2 is None and found.confusion is None
    )
    assert np.isnan(found.loss) and len(found.worst()) == 0
    assert [warning.kind for warning in found.rows.warnings] == []
    assert all(map(cannot_be_written, arrays_in(found)))


def test_targets_are_compared_with_where_there_are_any(model: Model, tmp_path: Path) -> None:
    rows = [f"{salary(y, t)},{y},{t}" for y, t in ((3, "Ulm"), (17, "Bonn"), (28, "北京"))]
    found = model.predict(written(tmp_path, "\n".join(["salary,years,town", *rows, ",5,Ulm", "99000,5,Ulm"])))
    assert found.known.tolist() == [True, True, True, False, True]
    assert found.rows.targets is not None and found.errors is not None and found.mae is not None
    np.testing.assert_array_equal(found.errors, found.outputs - found.rows.targets)
    assert found.worst().tolist()[0] == 4 and 3 not in found.worst()
    assert found.mae[0] == pytest.approx(np.abs(found.errors[[0, 1, 2, 4], 0]).mean())
    kinds = {warning.kind: warning for warning in found.rows.warnings}
    assert kinds["rows_without_target"].line == 5
    assert found.losses is not None and np.isnan(found.losses[3])


def test_missing_columns_are_named(model: Model, tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        model.predict(written(tmp_path, "jahre,town,extra\n1,Ulm,2\n"))
    assert caught.value.kind == "missing_columns"
    assert caught.value.details["names"] == "years"
    assert "jahre" in caught.value.details["others"] and "jahre" in str(
        caught.value.message + caught.value.mend
    )


def test_what_training_had_not_is_told(model: Model, tmp_path: Path) -> None:
    found = model.predict(written(tmp_path, "years,town,colour\n1,Rom,red\n,Ulm,red\n3,Ulm,blue\n"))
    kinds = {warning.kind: warning for warning in found.rows.warnings}
    assert kinds["extra_columns"].details["columns"] == ["colour"]
    assert (kinds["unknown_level"].details["text"], kinds["unknown_level"].line) == ("Rom", 2)
    assert kinds["missing_values"].line == 3
    assert np.isnan(found.rows.inputs[0, 1:]).all() and np.isnan(found.rows.inputs[1, 0])
    assert np.isfinite(found.outputs).all()


def test_a_number_that_is_none_is_refused_with_its_place(model: Model, tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        model.predict(written(tmp_path, "town,years\nUlm,1\nUlm,two\n"))
    assert (caught.value.kind, caught.value.line, caught.value.column) == ("bad_number", 3, 2)


def test_marks_of_numbers_are_those_of_training(tmp_path: Path) -> None:
    lines = [f"{i}.{i * 7:03};{i},5;{i * i},5" for i in range(1, 40)]
    data = load_dataset(
        written(tmp_path, "\n".join(["a;b;y", *lines]), "old.csv"), "y", decimal=",", thousands="."
    )
    trainer = Trainer(Experiment((Layer(1),)), data)
    found = trainer.model().predict(written(tmp_path, "b;a\n1,5;53.410\n2,5;1.000\n"))
    assert found.rows.inputs.tolist() == [[53410.0, 1.5], [1000.0, 2.5]]


def test_rows_from_memory_are_the_same(model: Model, tmp_path: Path) -> None:
    file = model.predict(written(tmp_path, "years,town\n10,Bonn\n,Ulm\n")).outputs
    dicts = model.predict([{"town": "Bonn", "years": 10}, {"years": None, "town": "Ulm", "note": "x"}])
    np.testing.assert_array_equal(dicts.outputs, file)

    class Frame:
        columns = ("years", "town")

        def __getitem__(self, name: str) -> list[object]:
            return {"years": [10.0, float("nan")], "town": ["Bonn", "Ulm"]}[name]  # type: ignore[return-value]

    np.testing.assert_array_equal(model.predict(Frame()).outputs, file)
    np.testing.assert_array_equal(model.predict(dicts.rows.inputs).outputs, file)
    with_targets = model.predict(dicts.rows.inputs, [1.0, 2.0])
    assert with_targets.known.all()
    for wrong, kind in (
        (np.ones((2, 9)), "array_shape"),
        ("no such file", "cannot_read"),
        ([object()], "array_type"),
    ):
        with pytest.raises(DatasetError) as caught:
            model.predict(wrong)
        assert caught.value.kind == kind


def test_it_stays_true_while_training_goes_on() -> None:
    data = builtin("iris")
    trainer = Trainer(suited(practical_experiment(), data), data)
    trainer.run(20)
    model = trainer.model()
    before = model.predict(data.inputs[:5]).outputs
    trainer.run(20)
    np.testing.assert_array_equal(model.predict(data.inputs[:5]).outputs, before)
    assert (model.step, trainer.model().step) == (20, 40)
    assert not np.array_equal(trainer.model().predict(data.inputs[:5]).outputs, before)


def iris() -> Predictions:
    data = builtin("iris")
    trainer = Trainer(suited(practical_experiment(), data), data)
    trainer.run(300)
    cells = [dict(zip(data.feature_names, row, strict=True)) for row in data.inputs.tolist()]
    for row, cell in enumerate(cells):
        cell["species"] = "unheard of" if row == 7 else data.class_names[int(data.targets[row].argmax())]  # type: ignore[assignment]
    return trainer.model().predict(cells)


def test_classes_are_told_by_name_with_their_confusion() -> None:
    found, data = iris(), builtin("iris")
    assert found.known.sum() == 149 and found.labels is not None and found.confusion is not None
    assert found.confusion.counts.sum() == 149
    agree = [label == data.class_names[i // 50] for i, label in enumerate(found.labels)]
    assert found.right is not None and found.right.sum() == sum(agree) - agree[7]
    assert found.confusion.accuracy == pytest.approx(found.right.sum() / 149)
    assert found.probabilities is not None and np.allclose(found.probabilities.sum(axis=1), 1)
    assert {warning.kind for warning in found.rows.warnings} == {"unknown_class", "rows_without_target"}


def test_binary_classes_have_two_probabilities() -> None:
    data = builtin("circles")
    trainer = Trainer(suited(practical_experiment(), data), data)
    found = trainer.model().predict(data.inputs[:9], data.targets[:9])
    assert found.probabilities is not None
    np.testing.assert_array_equal(found.probabilities[:, 1], found.outputs[:, 0])
    assert found.confusion is not None and found.confusion.counts.shape == (2, 2)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_they_are_saved_beside_the_rows_as_they_came(suffix: str, model: Model, tmp_path: Path) -> None:
    text = "note,years,town,salary,extra\nwords and words,10,北京,45000,007\nso <&> so,,Bonn,,008\n"
    found = model.predict(written(tmp_path, text))
    out = tmp_path / f"out.{suffix}"
    write_predictions(found, out)
    if suffix == "csv":
        rows = [*csv.reader(out.read_text(encoding="utf-8-sig").splitlines())]
    else:
        cells = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
        rows = [["" if c == "" else str(c) for c in row] for row in cells]
    names = ["row", "note", "years", "town", "salary", "extra"]
    assert rows[0] == [*names, "salary predicted", "salary error", "loss"] == prediction_header(found)
    assert rows[1][1:4:2] == ["words and words", "北京"] and rows[2][1] == "so <&> so"
    assert float(rows[1][6]) == found.outputs[0, 0] and rows[2][7] == ""
    assert [float(row[0]) for row in rows[1:]] == [2, 3] and float(rows[1][2]) == 10 and rows[2][2] == ""


def test_writing_can_be_cancelled_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SessionError) as caught:
        write_predictions(iris(), tmp_path / "out.csv", cancelled=lambda: True)
    assert caught.value.kind == "cancelled" and [*tmp_path.iterdir()] == []


def test_a_sheet_holds_only_so_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "MOST_ROWS", 100)
    with pytest.raises(SessionError) as caught:
        write_predictions(iris(), tmp_path / "out.xlsx")
    assert caught.value.kind == "too_many_rows"


def test_names_of_columns_are_unique() -> None:
    data = Dataset.from_arrays([[0.0], [1.0]], [0, 1], "binary", feature_names=["predicted"])
    trainer = Trainer(Experiment((Layer(1, "sigmoid"),), loss="binary_cross_entropy"), data)
    found = trainer.model().predict([{"predicted": 0.5}])
    assert prediction_header(found) == ["row", "predicted", "predicted 2", "p(0)", "p(1)"]
    assert [len(row) for row in prediction_rows(found)] == [5]


def test_dates_of_new_rows_are_the_same_days() -> None:
    text = "when,a,y\n" + "".join(f"2021-03-{i % 28 + 1:02d},{i % 7},{i * 0.5}\n" for i in range(56))
    for kind, width in (("date", 2), ("date_parts", 4)):
        data = load_dataset(text.encode(), types={"when": kind})  # type: ignore[dict-item]
        assert data.inputs.shape[1] == width
        again = read_rows(text.encode(), data)
        assert np.array_equal(again.inputs, data.inputs)
        rows = rows_of([{"when": "2021-03-02", "a": 1.0}], data)
        assert np.array_equal(rows.inputs[0], data.inputs[1])


def test_dates_are_saved_as_dates(tmp_path: Path) -> None:
    rows = [f"{i % 28 + 1:02d}.03.2021 {i % 24:02d}:30,{i % 7},{i * 0.5}" for i in range(56)]
    data = load_dataset("\n".join(["when,a,y", *rows]).encode())
    trainer = Trainer(Experiment((Layer(2, "tanh"), Layer(1)), scaling="zscore", batch_size=8), data)
    found = trainer.model().predict(read_rows("\n".join(["when,a,y", *rows[:9]]).encode(), data))
    write_predictions(found, tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1] for line in lines[:3]] == ["when", "2021-03-01 00:30", "2021-03-02 01:30"]
