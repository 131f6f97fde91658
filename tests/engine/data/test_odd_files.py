"""Tables as people have them, of kinds that once were refused or read otherwise than they meant."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.errors import DatasetError

ROWS = range(40)
WIDTHS = [round(4 + i * 0.37, 2) for i in ROWS]
COUNTS = [i * 7 % 23 for i in ROWS]
TREES = ["oak" if i % 2 else "elm" for i in ROWS]
INPUTS = np.column_stack([WIDTHS, COUNTS])
CODES = np.arange(40) % 2


def kinds(data: Dataset) -> set[str]:
    return {warning.kind for warning in data.warnings}


def npz(*arrays: Any, **named: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, *arrays, **named)
    return stream.getvalue()


def table(cells: list[str]) -> bytes:
    rows = [f"{width},{cell},{tree}\n" for width, cell, tree in zip(WIDTHS, cells, TREES, strict=True)]
    return ("width,amount,tree\n" + "".join(rows)).encode()


def is_the_table(data: Dataset) -> bool:
    return np.array_equal(data.inputs, INPUTS) and data.class_names == ("elm", "oak")


@pytest.mark.parametrize("mark", [":", "^", "~", "¦"])
def test_marks_that_seldom_part_fields(mark: str) -> None:
    rows = zip(WIDTHS, COUNTS, TREES, strict=True)
    text = "\n".join([f"width{mark}count{mark}tree", *(mark.join(map(str, row)) for row in rows)])
    assert is_the_table(load_dataset(text.encode()))


def test_times_alone_are_no_fields() -> None:
    with pytest.raises(DatasetError) as raised:
        load_dataset("\n".join(f"note {i}, seen at 12:{i:02d}" for i in ROWS).encode(), delimiter="|")
    assert raised.value.kind == "need_features"


def test_fields_between_single_quotation_marks() -> None:
    rows = zip(WIDTHS, COUNTS, TREES, strict=True)
    text = "\n".join(["'width','count','tree'", *(f"'{a}','{b}','{c}'" for a, b, c in rows)])
    assert is_the_table(load_dataset(text.encode()))
    data = load_dataset(text.replace("'oak'", "'oak, red'").encode())
    assert data.class_names == ("elm", "oak, red")
    with pytest.raises(DatasetError) as raised:
        load_dataset((text + "\n'5','6,'oak'x\n").encode())
    assert (raised.value.kind, raised.value.line) in (("stray_quote", 42), ("unterminated_quote", 42))


def test_an_apostrophe_is_no_quotation_mark() -> None:
    text = "\n".join(["name,width,tree", *(f"'t Hooft {i},{WIDTHS[i]},{TREES[i]}" for i in ROWS)])
    data = load_dataset(text.encode())
    assert data.inputs[:, 0].tolist() == WIDTHS and data.columns[0].name == "name"


@pytest.mark.parametrize(
    "content",
    [
        npz(INPUTS[:30], CODES[:30], INPUTS[30:], CODES[30:]),
        npz(INPUTS[:30], INPUTS[30:], CODES[:30], CODES[30:]),
        npz(Xtr=INPUTS[:30], ytr=CODES[:30], Xte=INPUTS[30:], yte=CODES[30:]),
        npz(X_tr=INPUTS[:30], y_tr=CODES[:30], X_va=INPUTS[30:], y_va=CODES[30:]),
    ],
)
def test_arrays_to_test_with_are_marked_whatever_they_are_called(content: bytes) -> None:
    data = load_dataset(content)
    assert np.array_equal(data.inputs, INPUTS) and np.array_equal(data.targets[:, 0], CODES)
    assert kinds(data) == {"test_rows_marked"}
    assert data.split_columns[data.own_split].tolist() == [False] * 30 + [True] * 10


def test_halves_of_inputs_are_no_targets() -> None:
    data = load_dataset(npz(INPUTS[:20], INPUTS[20:], CODES[:20], CODES[20:]))
    assert data.kind == "binary" and len(data.inputs) == 40 and data.split_columns["test"].sum() == 20


@pytest.mark.parametrize(
    ("form", "missed"), [("${}", "{}"), ("{} kg", "{}"), ("€ {}", "{}"), ("{} cm", "{}")]
)
def test_numbers_of_which_half_wear_a_unit_are_asked_about(form: str, missed: str) -> None:
    cells = [(form if i % 2 else missed).format(f"{count + 1}.5") for i, count in enumerate(COUNTS)]
    data = load_dataset(table(cells))
    assert "ambiguous_type" in kinds(data)
    (options,) = [w.details["options"] for w in data.warnings if w.kind == "ambiguous_type"]
    assert options == {"types": {"amount": "number"}}
    read = load_dataset(table(cells), **options)
    assert read.inputs[:, 1].tolist() == [count + 1.5 for count in COUNTS]
    assert "units_removed" in kinds(read)


@pytest.mark.parametrize(
    "cells",
    [
        [f"{count}%" if i % 2 else f"0.{count + 10}" for i, count in enumerate(COUNTS)],
        [f"{'$' if i % 2 else '€'}{count}.50" for i, count in enumerate(COUNTS)],
    ],
)
def test_numbers_of_two_measures_are_left_out_and_it_is_said_why(cells: list[str]) -> None:
    data = load_dataset(table([f"{cell}" for cell in cells]))
    assert data.feature_names == ("width",) and kinds(data) == {"text_column_skipped"}


def test_values_below_a_limit_are_asked_about() -> None:
    cells = [f"<{count + 1}.5" if i % 10 == 0 else f"{count + 1}.5" for i, count in enumerate(COUNTS)]
    (warning,) = [w for w in load_dataset(table(cells)).warnings if w.kind == "ambiguous_type"]
    assert "<1.5" in warning.message and warning.details["options"]["skip_bad_rows"] is True


def test_a_column_called_type_that_never_changes_is_not_what_is_learnt() -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"width": WIDTHS[i], "count": COUNTS[i], "tree": TREES[i]},
            "geometry": {"type": "Point", "coordinates": [1.5 + i, 2.5]},
        }
        for i in ROWS
    ]
    data = load_dataset(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert "target_passed_over" in kinds(data)
    assert data.class_names == ("elm", "oak") and "properties.width" in data.feature_names


def test_an_empty_column_is_told_once() -> None:
    rows = zip(WIDTHS, COUNTS, TREES, strict=True)
    lines = ["| width | count | tree |", "|---|---:|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]
    data = load_dataset("\n".join(lines).encode())
    assert is_the_table(data) and "missing_values" not in kinds(data)


def book(rows: list[list[Any]], merged: list[str]) -> bytes:
    """A workbook of one sheet."""
    schemas = "http://schemas.openxmlformats.org"
    office, package = f"{schemas}/officeDocument/2006/relationships", f"{schemas}/package/2006"
    main, head = f'xmlns="{schemas}/spreadsheetml/2006/main"', f'xmlns="{package}/relationships"'

    def cell(value: Any, name: str) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return f'<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{name}"><v>{value}</v></c>'

    def line(row: list[Any], y: int) -> str:
        cells = (cell(value, f"{letter}{y}") for letter, value in zip("ABCDEF", row, strict=False))
        return f'<row r="{y}">{"".join(cells)}</row>'

    def related(kind: str, target: str) -> str:
        link = f'<Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/>'
        return f"<Relationships {head}>{link}</Relationships>"

    lines = "".join(line(row, y) for y, row in enumerate(rows, 1))
    ranges = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    sheet = '<sheet name="Data" sheetId="1" r:id="r1"/>'
    members = {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": related("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>{sheet}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f"<worksheet {main}><sheetData>{lines}</sheetData><mergeCells>{ranges}</mergeCells></worksheet>"
        ),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def test_a_cell_merged_over_rows_holds_for_each_of_them() -> None:
    trees = ["oak" if i // 4 % 2 else "elm" for i in ROWS]
    rows = [[WIDTHS[i], COUNTS[i], trees[i] if i % 4 == 0 else None] for i in ROWS]
    merged = [f"C{2 + i}:C{5 + i}" for i in range(0, 40, 4)]
    data = load_dataset(book([["width", "count", "tree"], *rows], [*merged, "Z90:Z99"]))
    assert is_the_table(data) and data.targets[:, 0].tolist() == [float(tree == "oak") for tree in trees]


@pytest.mark.parametrize("form", ["$ ({})", "$({})", "({})", "(${})", " $ ({}) "])
def test_losses_in_accounts(form: str) -> None:
    cells = [form.format(f"{i + 1},{count:03d}.00") for i, count in enumerate(COUNTS)]
    data = load_dataset(table([f'"{cell}"' for cell in cells]))
    assert data.inputs[:, 1].tolist() == [-1000.0 * (i + 1) - count for i, count in enumerate(COUNTS)]


def test_numbers_of_more_digits_than_are_kept_are_keys() -> None:
    data = load_dataset(table([str(9_007_199_254_740_993 + i) for i in ROWS]))
    assert data.feature_names == ("width",)
    assert [w.details["columns"] for w in data.warnings if w.kind == "id_like_column"] == [["amount"]]


@pytest.mark.parametrize(("name", "is_fold"), [("fold", True), ("cv_fold", True), ("manifold", False)])
def test_numbers_of_folds_are_no_inputs(name: str, is_fold: bool) -> None:
    data = load_dataset(table([str(i % 5) for i in ROWS]).replace(b"amount", name.encode()))
    assert (data.feature_names == ("width",)) is is_fold
    assert ("split_column_found" in kinds(data)) is is_fold


def test_labels_that_differ_in_capitals_are_told() -> None:
    data = load_dataset(table(["oak", "Oak", "elm", "birch"] * 10), target="amount")
    (warning,) = [w for w in data.warnings if w.kind == "labels_alike"]
    assert "Oak, oak" in warning.message and len(data.class_names) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [("<!DOCTYPE html>\n<html>", "web page"), ("<html>", "web page"), ('<?xml version="1.0"?>', "XML")],
)
def test_a_page_that_was_saved_instead_of_the_data(content: str, said: str) -> None:
    with pytest.raises(DatasetError) as raised:
        load_dataset(f"{content}<body>Please log in,{'<p>a,b,c'}\n</body></html>\n".encode())
    assert raised.value.kind == "unsupported_format" and said in str(raised.value)


def test_months_with_two_digits_of_the_year_and_days_that_are_none() -> None:
    data = load_dataset(table([f"{('Jan', 'Feb', 'Mar')[i % 3]}-{19 + i % 3}" for i in ROWS]))
    assert data.columns[1].type == "date" and data.inputs[0, 1] == 17_897.0
    data = load_dataset(table(["0000-00-00" if i % 8 == 0 else f"2021-03-{i % 28 + 1:02d}" for i in ROWS]))
    assert data.columns[1].type == "date" and np.isnan(data.inputs[:, 1]).sum() == 5


def test_targets_in_a_column_for_each_class_are_asked_about() -> None:
    rows = [f"{WIDTHS[i]},{i % 2},{i % 3 == 0:d},{i % 3 == 1:d},{i % 3 == 2:d}" for i in ROWS]
    content = "\n".join(["width,b,is_a,is_b,is_c", *rows]).encode()
    (warning,) = load_dataset(content).warnings
    assert warning.kind == "ambiguous_target"
    assert warning.details["options"] == {"target": ("is_a", "is_b", "is_c")}
    data = load_dataset(content, **warning.details["options"])
    assert data.feature_names == ("width", "b") and data.targets.sum(axis=1).tolist() == [1.0] * 40
    rows = [f"{WIDTHS[i]},{i % 2},{i % 3 == 0:d},{i % 5 == 1:d}" for i in ROWS]
    assert load_dataset("\n".join(["width,b,c,d", *rows]).encode()).warnings == ()
