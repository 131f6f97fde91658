"""Reading: encodings, layouts, columns, options, progress and cancelling."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.load import inspect, load, load_dataset
from engine.data.options import ReadOptions
from engine.errors import DatasetError

VALUES = np.round(np.random.default_rng(5).normal(size=(60, 2)) * 100, 3)
LABELS = ["cat" if i % 3 else "dog" for i in range(60)]


def table(delimiter: str = ",", header: str | None = "a,b,kind", decimal: str = ".") -> str:
    """`VALUES` and `LABELS` as text."""
    rows = [
        delimiter.join([*(repr(float(v)).replace(".", decimal) for v in pair), label])
        for pair, label in zip(VALUES, LABELS, strict=True)
    ]
    lines = rows if header is None else [header.replace(",", delimiter), *rows]
    return "\n".join(lines) + "\n"


def check(content: bytes | Path, **options: Any) -> ReadOptions:
    """Load, compare with what was written, and return what was found."""
    data = load_dataset(content, **options)
    assert np.array_equal(data.inputs, VALUES)
    assert data.class_names == ("cat", "dog")
    assert data.targets[:, 0].tolist() == [float(label == "dog") for label in LABELS]
    return inspect(content, ReadOptions(**options)).options


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("gb18030", "gb18030"),
    ],
)
def test_chinese_names_and_classes_come_through(encoding: str, found: str) -> None:
    text = table(header="高度,宽度,类别").replace("cat", "小猫").replace("dog", "小狗")
    data = load_dataset(text.encode(encoding))
    assert data.feature_names == ("高度", "宽度")
    assert set(data.class_names) == {"小猫", "小狗"}
    assert data.recipe is not None
    assert data.recipe.options["encoding"] == found


@pytest.mark.parametrize("names", ["größe,año,Straße", "Länge,Höhe,Gerät", "âge,numéro,catégorie"])
def test_western_letters_in_one_byte_are_not_taken_for_chinese(names: str) -> None:
    data = load_dataset(table(header=names).encode("latin-1"))
    assert ",".join([*data.feature_names, data.columns[2].name]) == names


def test_a_letter_beyond_ascii_late_in_the_file_decides_the_encoding() -> None:
    rows = "".join(f"{i},{i % 7},cat\n{i},{i % 5},dog\n" for i in range(100_000))
    data = load_dataset(("a,b,kind\n" + rows + "1,2,caf\xe9\n").encode("latin-1"))
    assert data.class_names[2] == "café"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    assert check(table(delimiter).encode()).delimiter == delimiter


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("header", ["a,b,kind", None])
def test_decimal_commas(delimiter: str, header: str | None) -> None:
    found = check(table(delimiter, header, ",").encode())
    assert (found.delimiter, found.decimal, found.header) == (delimiter, ",", header is not None)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    check(table().replace("\n", end).encode())


def test_columns_aligned_by_spaces_and_tabs() -> None:
    text = "\n".join(f"  {line}" for line in table("   ").splitlines())
    assert check(text.replace("   cat", "\t cat").encode()).delimiter == "whitespace"


@pytest.mark.parametrize(
    ("first", "is_header"),
    [
        ("a,b,kind", True),
        ("0,1,kind", False),
        ("land,1990,1991,1992,kind", True),
        ("0,1,2,3,kind", True),
        ("1.5,2,cat", False),
        (",b,kind", True),
        ("NA,2,cat", False),
        ("1.x,2.5,cat", False),
    ],
)
def test_header_is_told_from_a_first_row(first: str, is_header: bool) -> None:
    fields = first.count(",") - 1
    rows = "".join(",".join([*(f"{i * 0.7 + j:.1f}" for j in range(fields + 1)), "cat\n"]) for i in range(20))
    assert inspect(f"{first}\n{rows.replace('cat', 'dog', 5)}".encode()).options.header is is_header


def test_other_delimiters_can_be_chosen() -> None:
    check(table("~").encode(), delimiter="~")


@pytest.mark.parametrize(
    ("before", "skipped"),
    [
        ("# made by hand\n", 1),
        ("My table\n\n", 2),
        ("# one\n# two\n\nTitle\n", 4),
        ("Title,,\n", 1),
        ("sep=,\n", 1),
    ],
)
def test_comments_and_titles_before_the_table(before: str, skipped: int) -> None:
    assert check((before + table()).encode()).skip_lines == skipped


def test_names_in_a_comment() -> None:
    check(("# a b kind\n" + table(" ", header=None)).encode())


def test_comments_between_rows() -> None:
    lines = table().splitlines()
    check("\n".join([*lines[:9], "# a remark", *lines[9:]]).encode())


def test_skipped_lines_and_header_can_be_chosen() -> None:
    check(("1,2\n" + table()).encode(), skip_lines=1)
    names = load_dataset(table(header="1,2,3").encode(), header=True).feature_names
    assert names == ("1", "2")
    assert len(load_dataset(table(header=None).encode(), header=False).inputs) == 60


@pytest.mark.parametrize(
    ("text", "expected", "decimal", "thousands"),
    [
        ("1,234,567.5;2,000.25", (1234567.5, 2000.25), ".", ","),
        ("1.234.567,5;2.000,25", (1234567.5, 2000.25), ",", "."),
        ("1 234 567,5;2 000,25", (1234567.5, 2000.25), ",", " "),
        ("1'234'567.5;2'000.25", (1234567.5, 2000.25), ".", "'"),
        ("0,5;1,25", (0.5, 1.25), ",", ""),
        ("1e-3;2.5E+2", (0.001, 250.0), ".", ""),
    ],
)
def test_notations_of_numbers(text: str, expected: tuple[float, float], decimal: str, thousands: str) -> None:
    content = ("u;v;y\n" + f"{text};p\n{text};q\n" * 5).encode()
    data = load_dataset(content)
    assert data.inputs[0].tolist() == list(expected)
    options = inspect(content).options
    assert (options.decimal, options.thousands) == (decimal, thousands)


@pytest.mark.parametrize("name", ["Label", "CLASS", "y", "target", "species", "标签", "类别"])
def test_target_is_found_by_name(name: str) -> None:
    data = load_dataset(f"{name},u,v\n0,1.5,2\n1,2.5,3\n1,3.5,5\n".encode())
    assert data.columns[0].role == "target"


def test_targets_by_name_place_and_role() -> None:
    content = b"u,v,w\n0.5,1,2.5\n1.5,2,3.5\n2.5,4,5.5\n"
    for options in ({"target": "u"}, {"target": 1}, {"roles": {"u": "target"}}):
        assert load_dataset(content, **options).target_names == ("u",)
    several = load_dataset(content, ["u", 3])
    assert (several.kind, several.target_names) == ("regression", ("u", "w"))
    assert several.targets.tolist() == [[0.5, 2.5], [1.5, 3.5], [2.5, 5.5]]
    with pytest.raises(DatasetError) as raised:
        load_dataset(table().encode(), ["a", "kind"])
    assert raised.value.kind == "target_not_number"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 1] * 30, "binary"),
        ([3, 5, 8] * 20, "multiclass"),
        (list(range(20)) * 3, "multiclass"),
        (list(range(21)) * 3, "regression"),
        ([0.5, 1.5] * 30, "regression"),
        (list(range(12)), "regression"),
    ],
)
def test_whole_numbers_with_few_values_are_classes(values: list[float], kind: str) -> None:
    text = "u,v\n" + "".join(f"{i * 0.37:.2f},{value}\n" for i, value in enumerate(values))
    data = load_dataset(text.encode())
    assert data.kind == kind
    if kind != "regression":
        assert data.class_names == tuple(str(value) for value in sorted(set(values)))
    as_number = load_dataset(text.encode(), types={"v": "number"})
    assert as_number.targets[:, 0].tolist() == values


def test_categories_are_one_hot_and_missing_ones_are_nan() -> None:
    lines = ["colour,u,y", *(f"{c},{i * 0.3:.1f},{'pq'[i % 2]}" for i, c in enumerate("RGB?" * 15))]
    data = load_dataset("\n".join(lines).encode())
    assert data.feature_names == ("colour=B", "colour=G", "colour=R", "u")
    assert data.groups == ("colour", "colour", "colour", "u")
    assert data.inputs[:3, :3].tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert np.isnan(data.inputs[3, :3]).all()


def test_types_and_roles_overrule_the_guesses() -> None:
    lines = ["id,code,u,y", *(f"{i},{i % 3},{i * 0.3:.1f},{'pq'[i % 2]}" for i in range(60))]
    content = "\n".join(lines).encode()
    assert load_dataset(content).feature_names == ("code", "u")
    chosen = load_dataset(content, roles={"id": "feature", "u": "skip"}, types={"code": "category"})
    assert chosen.feature_names == ("id", "code=0", "code=1", "code=2")
    assert not [warning for warning in chosen.warnings if warning.kind == "id_like_column"]


def test_a_column_can_say_what_is_held_out() -> None:
    lines = [
        "part,u,y",
        *(f"{('train', 'train', 'test')[i % 3]},{i * 0.3:.1f},{'pq'[i % 2]}" for i in range(60)),
    ]
    data = load_dataset("\n".join(lines).encode(), roles={"part": "skip"})
    assert np.flatnonzero(data.split_columns["part"]).tolist() == list(range(2, 60, 3))


def test_first_rows_that_mislead_are_read_again() -> None:
    numbers, words = ["5"] * 3_000, ["five", "six"] * 3_000
    lines = ["u,v,y", *(f"{u},{i * 0.5},{'pq'[i % 2]}" for i, u in enumerate(numbers + words))]
    data = load_dataset("\n".join(lines).encode())
    assert data.feature_names == ("u=5", "u=five", "u=six", "v")
    lines = ["u,v,y", *(f"{u},{i * 0.5},{'pq'[i % 2]}" for i, u in enumerate(["x"] * 200 + numbers * 3))]
    with pytest.raises(DatasetError) as raised:
        load_dataset("\n".join(lines).encode())
    assert (raised.value.kind, raised.value.line) == ("bad_number", 2)


@pytest.mark.parametrize(
    "document",
    [
        [{"a": a, "b": b, "kind": k} for (a, b), k in zip(VALUES.tolist(), LABELS, strict=True)],
        [["a", "b", "kind"], *([a, b, k] for (a, b), k in zip(VALUES.tolist(), LABELS, strict=True))],
        {"a": VALUES[:, 0].tolist(), "b": VALUES[:, 1].tolist(), "kind": LABELS},
        {
            "columns": ["a", "b", "kind"],
            "data": [[a, b, k] for (a, b), k in zip(VALUES.tolist(), LABELS, strict=True)],
        },
    ],
    ids=["objects", "lists", "columns", "split"],
)
def test_json_in_its_several_shapes(document: Any) -> None:
    check(json.dumps(document).encode())
    check(json.dumps(document, indent=2).encode("utf-16"))


def test_arrays_in_one_file() -> None:
    stream = io.BytesIO()
    classes = np.array([label == "dog" for label in LABELS], dtype=np.int64)
    np.savez(stream, X=VALUES.astype(">f8"), y=classes, target_names=["cat", "dog"])
    check(stream.getvalue())
    stream = io.BytesIO()
    np.savez(stream, X=np.asfortranarray(VALUES), y=np.eye(2)[classes], class_names=["cat", "dog"])
    check(stream.getvalue())
    records = np.zeros(60, dtype=[("a", "f8"), ("b", "f8"), ("kind", "U3")])
    records["a"], records["b"], records["kind"] = VALUES[:, 0], VALUES[:, 1], LABELS
    stream = io.BytesIO()
    np.save(stream, records)
    check(stream.getvalue())


def test_sparse_arff_and_libsvm_fill_in_zeros() -> None:
    head = b"@relation r\n@attribute a real\n@attribute b {u,v}\n@attribute y {p,q}\n@data\n"
    data = load_dataset(head + b"{0 2.5, 2 q}\n{1 v}\n")
    assert (data.inputs.tolist(), data.targets.tolist()) == ([[2.5, 1, 0], [0, 0, 1]], [[1], [0]])
    zero_based = load_dataset(b"1 qid:3 0:5 2:7 # remark\n-1 1:6\n1 2:1\n")
    assert zero_based.inputs.tolist() == [[5, 0, 7], [0, 6, 0], [0, 0, 1]]
    assert zero_based.class_names == ("-1", "1")


def test_weights_of_arff_rows_are_told_when_they_are_dropped() -> None:
    head = b"@relation r\n@attribute a real\n@attribute y {p,q}\n@data\n"
    data = load_dataset(head + b"1,p\n2,q,{0.5}\n3,p,{2}\n")
    assert [w.line for w in data.warnings if w.kind == "weights_left_out"] == [6]
    plain = load_dataset(head + b"1,p\n2,q\n3,p\n")
    assert all(w.kind != "weights_left_out" for w in plain.warnings)


def test_the_recipe_reads_the_same_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.data"
    path.write_bytes(("made by hand\n" + table(";", "größe,b,kind", ",")).encode("latin-1"))
    data = load_dataset(path)
    assert data.name == "mine"
    assert data.recipe is not None
    assert data.recipe.path == str(path)
    stored = json.loads(json.dumps(dict(data.recipe.options)))
    again = load(data.recipe.path, ReadOptions(**stored))
    assert np.array_equal(again.inputs, data.inputs)
    assert again.recipe == data.recipe


def test_progress_rises_to_one_and_cancelling_stops() -> None:
    content = table(header=None).encode() * 500
    shares: list[float] = []
    load_dataset(content, progress=shares.append)
    assert len(shares) > 10
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    asked = iter([False] * 5)
    with pytest.raises(DatasetError) as raised:
        load_dataset(content, cancelled=lambda: next(asked, True))
    assert raised.value.kind == "cancelled"


def test_preview_of_a_long_file_reads_its_beginning() -> None:
    content = b"a,b,y\n" + b"1.5,2,p\n2.5,3,q\n" * 200_000
    preview = inspect(content)
    assert (preview.complete, len(preview.rows)) == (False, 200)
    assert preview.row_count == pytest.approx(400_000, rel=0.01)
    assert (preview.kind, preview.inputs, preview.outputs) == ("binary", 2, 1)
