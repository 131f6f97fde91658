"""A careful person's choice of target, identifiers and split."""

from __future__ import annotations

import pytest

from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.suitable import practical_experiment, suited, training_rows

N = 40
A = [round(4 + i * 0.37, 2) for i in range(N)]
B = [i * 7 % 23 for i in range(N)]
KIND = [("oak", "elm", "ash")[i % 3] for i in range(N)]
SHUFFLED = [i * 17 % N for i in range(N)]


def table(**columns: list[object]) -> Dataset:
    names = [name.replace("_", " ") if name.startswith("_") else name for name in columns]
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(names), *(",".join(map(str, row)) for row in rows)]
    return load_dataset("\n".join(lines).encode())


def target(data: Dataset) -> str:
    return next(column.name for column in data.columns if column.role == "target")


def skipped(data: Dataset) -> list[str]:
    return [column.name for column in data.columns if column.role == "skip"]


@pytest.mark.parametrize(
    "last",
    [
        {"YEAR": [1980 + i for i in range(N)]},
        {"id": SHUFFLED},
        {"customerId": SHUFFLED},
        {"ok": [1] * N},
        {"note": [f"some words {i}" for i in range(N)]},
        {"name": [f"n{i // 2}" for i in range(N)]},
        {"date": [f"2021-03-{i % 28 + 1:02d}" for i in range(N)]},
    ],
    ids=lambda column: next(iter(column)),
)
def test_what_cannot_be_the_target_is_passed_over_and_that_is_told(last: dict[str, list[object]]) -> None:
    data = table(a=A, kind=KIND, **last)
    assert target(data) == "kind"
    assert "target_passed_over" in {warning.kind for warning in data.warnings}


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Survived",
            "OUTCOME",
            "class label",
            "Class_Label",
            "target",
            "Ergebnis",
            "résultat",
            "결과",
            "类别",
        ),
        *("標籤", "クラス", "класс", "price", "Sale Price"),
    ],
)
def test_names_of_targets_in_any_place(name: str) -> None:
    assert target(table(**{name: B, "a": A, "b": SHUFFLED})) == name


def test_a_weak_name_in_the_middle_is_asked_about() -> None:
    data = table(a=A, type=KIND, b=B)
    assert target(data) == "type"
    assert [warning.details["option"] for warning in data.warnings] == ["target='b'"]


def test_identifiers_are_no_inputs_though_they_repeat_or_are_shuffled() -> None:
    assert skipped(table(**{"": SHUFFLED, "a": A, "kind": KIND})) == ["x1"]
    assert skipped(table(patient_id=[100 + i // 2 for i in range(N)], a=A, kind=KIND)) == ["patient_id"]
    assert skipped(table(acid=SHUFFLED, a=A, kind=KIND)) == ["acid"]  # row numbers, whatever they are called
    assert skipped(table(acid=[i * 3 for i in B], a=A, kind=KIND)) == []


def test_a_column_of_train_and_test_is_the_split() -> None:
    data = table(a=A, split=["test" if i % 4 == 0 else "train" for i in range(N)], kind=KIND)
    assert skipped(data) == ["split"]
    assert data.split_columns["split"].sum() == 10
    assert skipped(table(a=A, group=["test", "control"] * 20, kind=KIND)) == []


def test_the_split_of_a_file_is_the_one_that_is_trained_with() -> None:
    data = table(a=A, split=["test" if i % 4 == 0 else "train" for i in range(N)], kind=KIND)
    assert data.own_split == "split"
    experiment = suited(practical_experiment(), data)
    assert experiment.split == "split"
    assert training_rows(experiment, data) == N - 10
    assert suited(experiment.changed(split="order"), table(a=A, kind=KIND)).split == "order"


def test_a_feature_that_could_be_a_split_is_not_taken_for_one() -> None:
    data = table(a=A, tested=[i % 2 for i in range(N)], kind=KIND)
    assert data.own_split == "" and "tested" in data.split_columns
    assert suited(practical_experiment(), data).split == "stratified"
