"""Every file of the corpus gives what its manifest says."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.data.formats import FORMATS, recognise
from engine.data.load import inspect, load_dataset
from engine.data.source import Source
from engine.errors import DatasetError
from engine.extras import EXTRAS, shown_command

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
FILES = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))["files"]
GOOD = [entry for entry in FILES if entry["expect"]["status"] != "error"]
BAD = [entry for entry in FILES if entry["expect"]["status"] == "error"]


def name(entry: dict[str, Any]) -> str:
    return str(entry["file"])


def load(entry: dict[str, Any], **options: Any) -> Dataset:
    if entry["format"] == "parquet":
        pytest.importorskip("pyarrow")
    target = entry.get("target", {})
    chosen = None if target.get("by_rule", True) else target["name"]
    return load_dataset(CORPUS / entry["file"], chosen, **options)


def column_sum(data: Dataset, column: str) -> float:
    if column in data.target_names:
        return float(data.targets[:, data.target_names.index(column)].sum())
    return float(np.nansum(data.inputs[:, data.feature_names.index(column)]))


def row_of(data: Dataset, row: int) -> list[float | str]:
    return [*data.inputs[row].tolist(), data.class_names[int(data.targets[row].argmax())]]


def class_counts(data: Dataset) -> dict[str, int]:
    ones = data.targets.sum(axis=0).astype(int).tolist()
    if data.kind == "binary":
        ones = [len(data.targets) - ones[0], ones[0]]
    return dict(zip(data.class_names, ones, strict=True))


@pytest.mark.parametrize("entry", GOOD, ids=name)
def test_arrays_and_columns_are_as_the_manifest_says(entry: dict[str, Any]) -> None:
    expect, data = entry["expect"], load(entry)
    features = [column for column in data.columns if column.role == "feature"]
    categories = [column for column in features if column.type == "category"]
    assert len(data.inputs) == len(data.targets) == expect["rows"]
    assert len(features) - len(categories) == expect["numeric"]
    assert len(categories) == expect["categorical"]
    assert data.inputs.shape[1] == expect["numeric"] + sum(len(column.levels) for column in categories)
    assert not np.isinf(data.inputs).any()
    assert np.isfinite(data.targets).all()
    assert len(set(data.feature_names)) == data.inputs.shape[1]

    levels = {column.name: len(column.levels) for column in data.columns}
    assert expect.get("levels", {}).items() <= levels.items()
    if "skipped" in expect:
        assert [column.name for column in data.columns if column.role == "skip"] == expect["skipped"]
    for column, total in expect.get("sums", {}).items():
        assert column_sum(data, column) == pytest.approx(total, rel=1e-6)
    for index, total in expect.get("sums_index", {}).items():
        assert np.nansum(data.inputs[:, int(index) - 1]) == pytest.approx(total, rel=1e-6)
    if "total_sum" in expect:
        assert data.inputs.sum() == expect["total_sum"]
    if "feature_names" in expect:
        assert list(data.feature_names) == expect["feature_names"]
    if "image_shape" in expect:
        assert data.image_shape == tuple(expect["image_shape"])
    if "rows_with_missing" in expect:
        assert np.isnan(data.inputs).any(axis=1).sum() == expect["rows_with_missing"]
    if "zeros" in expect:
        assert (data.inputs == 0).sum() == expect["zeros"]
    if "first_column_name" in expect:
        assert data.columns[0].name == expect["first_column_name"]
    if "first_cell" in expect:
        assert data.inputs[0, 0] == expect["first_cell"]
    for key, row in (("first_row", 0), ("last_row", -1)):
        if key in expect:
            assert row_of(data, row) == expect[key]


@pytest.mark.parametrize("entry", GOOD, ids=name)
def test_target_is_the_one_and_of_the_kind_the_manifest_says(entry: dict[str, Any]) -> None:
    target, data = entry["target"], load(entry)
    column = next(column for column in data.columns if column.role == "target")
    assert target.get("name", column.name) == column.name
    assert target.get("index", column.index) == column.index
    if target["kind"] == "regression":
        assert data.kind == "regression"
        return
    counts = class_counts(data)
    assert data.kind == ("binary" if len(counts) == 2 else "multiclass")
    assert len(counts) == target.get("n_classes", len(counts))
    assert counts == target.get("counts_by", counts)
    if "classes" in target:
        assert counts == dict(zip(target["classes"], target["counts"], strict=True))


@pytest.mark.parametrize("entry", GOOD, ids=name)
def test_warnings_are_those_of_the_manifest_and_no_others(entry: dict[str, Any]) -> None:
    expect, data = entry["expect"], load(entry)
    found = {warning.kind: warning for warning in data.warnings}
    status = expect["status"]
    if "warnings" in expect or status == "ok":
        assert found.keys() - {"encoding_guessed"} == {
            warning["kind"] for warning in expect.get("warnings", [])
        }
    if "missing" in expect:
        assert (found["missing_values"].details["count"] if "missing_values" in found else 0) == expect[
            "missing"
        ]
    for wanted in expect.get("warnings", []):
        details = found[wanted["kind"]].details
        assert wanted.get("count", details.get("count")) == details.get("count")
        assert wanted.get("lines", details.get("lines")) == details.get("lines")
        assert wanted.get("name", details.get("name")) == details.get("name")
        if "cells" in wanted:
            assert details["cells"] == [tuple(cell) for cell in wanted["cells"]]
        if "columns" in wanted:
            assert set(details["columns"]) == set(wanted["columns"])
        if "columns_index" in wanted:
            assert set(wanted["columns_index"]) <= set(details["columns_index"])
        assert found[wanted["kind"]].message


@pytest.mark.parametrize("entry", [entry for entry in GOOD if "sniff" in entry], ids=name)
def test_preview_finds_the_options_and_shows_the_rows(entry: dict[str, Any]) -> None:
    preview = inspect(CORPUS / entry["file"])
    for option, wanted in entry["sniff"].items():
        if option == "sheets":
            assert list(preview.sheets) == wanted
        elif option == "compression":
            assert preview.compression == wanted
        else:
            assert getattr(preview.options, option) in (wanted if isinstance(wanted, list) else [wanted])
    assert preview.row_count == len(load(entry).inputs) or preview.warnings
    assert 0 < len(preview.rows) <= 200
    assert all(len(row) == len(preview.columns) for row in preview.rows)
    assert not preview.bad_cells


@pytest.mark.parametrize("entry", BAD, ids=name)
def test_bad_file_raises_the_error_of_the_manifest(entry: dict[str, Any]) -> None:
    wanted = entry["expect"]["error"]
    with pytest.raises(DatasetError) as raised:
        load(entry)
    error = raised.value
    assert error.kind == wanted["kind"]
    for key in set(wanted) - {"kind", "message_has"}:
        assert error.details[key] == wanted[key]
    for pattern in wanted.get("message_has", []):
        assert re.search(pattern, str(error))
    assert not Path("bp_pickle_canary").exists()


@pytest.mark.parametrize("entry", [entry for entry in BAD if "if_skipped" in entry["expect"]], ids=name)
def test_bad_rows_can_be_skipped(entry: dict[str, Any]) -> None:
    data = load(entry, skip_bad_rows=True)
    assert len(data.inputs) == entry["expect"]["if_skipped"]["rows"]
    warning = next(warning for warning in data.warnings if warning.kind == "bad_rows_skipped")
    assert warning.details["lines"] == [entry["expect"]["error"]["line"]]


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(DatasetError, match=re.escape(shown_command(EXTRAS["parquet"]))) as raised:
        load_dataset(CORPUS / "wine.parquet")
    assert raised.value.kind == "format_needs_extra"


def test_gzip_and_plain_give_the_same(tmp_path: Path) -> None:
    plain = tmp_path / "digits.csv"
    plain.write_bytes(gzip.decompress((CORPUS / "digits_noheader.csv.gz").read_bytes()))
    assert np.array_equal(load_dataset(plain).inputs, load_dataset(CORPUS / "digits_noheader.csv.gz").inputs)


def test_every_format_has_a_file() -> None:
    found = set()
    for entry in FILES:
        with contextlib.suppress(DatasetError):
            found.add(recognise(Source(CORPUS / entry["file"])))
    assert found == set(FORMATS)
