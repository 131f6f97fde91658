"""Every file of the second corpus is read right, or says what is in doubt, as its manifest asks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.dataset import Column, Dataset
from engine.data.load import inspect, load_dataset

CORPUS = Path(__file__).parents[2] / "data" / "corpus-2"
FILES = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))["files"]


def told(data: Dataset, pattern: str) -> bool:
    return any(re.search(pattern, f"{w.kind} {w.message}", re.IGNORECASE) for w in data.warnings)


def total(data: Dataset, name: str) -> float:
    if name in data.target_names and data.kind == "regression":
        return float(data.targets[:, data.target_names.index(name)].sum())
    return float(np.nansum(data.inputs[:, data.feature_names.index(name)]))


def near(value: float, wanted: float) -> bool:
    return value == pytest.approx(wanted, rel=1e-6)


def class_counts(data: Dataset) -> dict[str, int]:
    ones = data.targets.sum(axis=0).astype(int).tolist()
    if data.kind == "binary":
        ones = [len(data.targets) - ones[0], ones[0]]
    return dict(zip(data.class_names, ones, strict=True))


def features(data: Dataset) -> list[Column]:
    return [column for column in data.columns if column.role == "feature"]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: str(entry["file"]))
def test_file_is_read_as_the_manifest_says(entry: dict[str, Any]) -> None:
    expect, target = entry["expect"], entry["target"]
    if entry["format"] == "parquet":
        pytest.importorskip("pyarrow")
    data = load_dataset(CORPUS / entry["file"])
    kinds = [warning.kind for warning in data.warnings]
    excused = "accept_warning" in expect and told(data, expect["accept_warning"])

    assert len(data.inputs) in as_list(expect["rows"])
    if expect["status"] == "ok_with_warnings":
        assert kinds
    assert {warning["kind"] for warning in expect.get("warnings", [])} <= set(kinds)
    if len(data.inputs) != expect.get("need_warning_unless_rows"):
        assert "need_warning" not in expect or told(data, expect["need_warning"])
    if "missing" in expect:
        assert np.isnan(data.inputs).sum() == expect["missing"]
    numbers = [column for column in features(data) if column.type != "category"]
    if not excused:
        check_columns(data, expect, numbers)
    check_sums(data, expect, numbers, excused)

    column = next(column for column in data.columns if column.role == "target")
    assert column.name in as_list(target.get("name", column.name))
    assert (data.kind == "regression") is (target["kind"] == "regression")
    if "classes" in target and not excused:
        assert set(data.class_names) == set(target["classes"])
    if "counts" in target:
        assert class_counts(data) == dict(zip(target["classes"], target["counts"], strict=True))


def check_columns(data: Dataset, expect: dict[str, Any], numbers: list[Column]) -> None:
    names = [column.name for column in features(data)]
    assert len(numbers) == expect.get("numeric", len(numbers))
    assert len(names) - len(numbers) == expect.get("categorical", len(names) - len(numbers))
    assert sum(column.role == "skip" for column in data.columns) >= expect.get("skipped", 0)
    assert set(names) == set(expect.get("features", names))
    assert all(any(part in name for name in names) for part in expect.get("features_contain", []))
    assert data.inputs.shape[1] == expect.get("features_n", data.inputs.shape[1])


def check_sums(data: Dataset, expect: dict[str, Any], numbers: list[Column], excused: bool) -> None:
    wanted_sums = {} if excused else expect.get("sums", {})
    if not wanted_sums.keys() & {column.name for column in data.columns}:  # named otherwise in the file
        expect, wanted_sums = (
            expect | {"sums_by_value": list(wanted_sums.values())} if wanted_sums else expect,
            {},
        )
    for name, wanted in wanted_sums.items():
        assert near(total(data, name), wanted)
    for name, readings in expect.get("sums_any", {}).items():
        assert any(near(total(data, name), wanted) for wanted in readings)
    if "sums_by_value" in expect:
        found = sorted(total(data, column.name) for column in numbers)
        assert np.allclose(found, sorted(expect["sums_by_value"]), rtol=1e-6)


@pytest.mark.parametrize(
    "entry", [entry for entry in FILES if "sniff" in entry], ids=lambda entry: str(entry["file"])
)
def test_preview_finds_the_options(entry: dict[str, Any]) -> None:
    preview = inspect(CORPUS / entry["file"])
    for option, wanted in entry["sniff"].items():
        found = getattr(preview.options, option)
        assert found == wanted or (
            option == "encoding" and any("encoding" in w.kind for w in preview.warnings)
        )
