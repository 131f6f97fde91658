"""The table is found among what stands above it, in it and below it, and what is left out is told."""

from __future__ import annotations

import pytest

from engine.data.dataset import Dataset
from engine.data.load import load_dataset

ROWS = [f"{4 + i * 0.37:.2f},{i % 9},{('oak', 'elm', 'ash')[i % 3]}" for i in range(40)]
HEAD = "width,count,tree"
BODY = "\n".join(ROWS) + "\n"


def names(data: Dataset) -> list[str]:
    return [column.name for column in data.columns if column.role != "skip"]


def left_out(data: Dataset) -> list[int]:
    return next((w.details["lines"] for w in data.warnings if w.kind == "lines_left_out"), [])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"My table\nSource: nowhere\n\n{HEAD}\n{BODY}", [1, 2]),
        (f"Station,Kew\nDate,2021-01-01\n\n{HEAD}\n{BODY}", [1, 2]),
        (f"Station,Kew,\nDate,2021-01-01,\n,,\n{HEAD}\n{BODY}", [1, 2, 3]),
        (f"{HEAD}\ncm,n,\n{BODY}", [2]),
        (f"{HEAD}\n(cm),(pieces),(kind)\n{BODY}", [2]),
        (f"{HEAD}\n{BODY}\nTotal,160\n", [43]),
        (f"{HEAD}\n{BODY}Total,160,\n", [42]),
        (f"{HEAD}\n{BODY}450.2,160,Total\n", [42]),
        (f"{HEAD}\n{BODY}\nMean,4,\nMax,8,\nSource: Kew Gardens\n", [43, 44, 45]),
        (f"{HEAD}\n{BODY}\n(40 rows affected)\n", [43]),
        (f"{HEAD}\n" + "\n".join(ROWS[:20]) + f"\n{HEAD}\n" + "\n".join(ROWS[20:]), [22]),
        (f"{HEAD}\n" + "\n,,\n".join(ROWS), []),
        (f"{HEAD}\n" + "\n".join(f"{row}," for row in ROWS), []),
        (f"{HEAD},\n" + "\n".join(f"{row}," for row in ROWS), []),
        (f"\ufeff{HEAD}\n\ufeff{BODY}", []),
        (f"{HEAD}\n{BODY}\x1a", []),
    ],
)
def test_the_table_is_found(text: str, lines: list[int]) -> None:
    data = load_dataset(text.encode())
    assert names(data) == ["width", "count", "tree"]
    assert (len(data.inputs), data.class_names) == (40, ("ash", "elm", "oak"))
    assert left_out(data) == lines


def test_a_row_that_was_cut_off_is_no_footer() -> None:
    data = load_dataset(f"{HEAD}\n{BODY}5.1,3".encode(), skip_bad_rows=True)
    assert [warning.kind for warning in data.warnings] == ["bad_rows_skipped"]


def test_names_of_two_lines() -> None:
    data = load_dataset(f"size,size,kind\nwidth,count,tree\n{BODY}".encode())
    assert names(data) == ["size width", "size count", "kind tree"]


@pytest.mark.parametrize("first", [",sky,wind,play", "sky,sky,wind,play", ",sky,,play", "n,sky,wind,play"])
def test_a_header_over_texts(first: str) -> None:
    words = (("sunny", "wet"), ("weak", "strong"), ("yes", "no"))
    rows = [f"{i},{','.join(pair[i // (j + 1) % 2] for j, pair in enumerate(words))}" for i in range(14)]
    data = load_dataset("\n".join([first, *rows]).encode())
    assert (len(data.inputs), data.class_names) == (14, ("no", "yes"))


def test_texts_without_a_header() -> None:
    rows = [f"{('sunny', 'wet')[i % 2]},{('weak', 'strong')[i // 2 % 2]}" for i in range(14)]
    assert len(load_dataset("\n".join(rows).encode()).inputs) == 14


@pytest.mark.parametrize(
    "head",
    [
        "width\tg\ttree\tname\nc\td\td\ts\n\t\tclass\tmeta\n",
        "width\tg\ttree\tname\ncontinuous\ta b c\tash elm oak\tstring\n\t\tclass\tmeta\n",
        "C#width\tD#g\tcD#tree\tmS#name\n",
    ],
)
def test_headers_of_orange(head: str) -> None:
    rows = [f"{4 + i * 0.37:.2f}\t{'abc'[i % 3]}\t{('ash', 'elm')[i % 2]}\tn{i}" for i in range(40)]
    data = load_dataset((head + "\n".join(rows)).encode())
    assert [(c.name, c.role) for c in data.columns] == [
        ("width", "feature"),
        ("g", "feature"),
        ("tree", "target"),
        ("name", "skip"),
    ]


def test_rows_names_of_r_have_no_name() -> None:
    text = "width count tree\n" + "".join(f'"{i}" {row.replace(",", " ")}\n' for i, row in enumerate(ROWS, 1))
    assert names(load_dataset(text.encode())) == ["width", "count", "tree"]


def test_numbers_grouped_by_commas_do_not_hide_the_semicolons() -> None:
    rows = [
        f"{i % 9 + 1},{i * 7 % 100:02d},{i * 37 % 1000:03d};{4 + i * 0.37:.2f};{'ab'[i % 2]}"
        for i in range(40)
    ]
    data = load_dataset("\n".join(["a;b;y", *rows]).encode())
    assert data.feature_names == ("a", "b") and data.inputs[1, 0] == 207037


def test_a_line_drawn_below_the_names_is_no_part_of_them() -> None:
    rows = [f"| {4 + i * 0.37:.2f} | {i * 7 % 23} | {'ab'[i % 2]} |" for i in range(40)]
    data = load_dataset("\n".join(["| a | b | y |", "|---|:--|---|", *rows]).encode())
    assert data.feature_names == ("a", "b") and data.inputs.shape == (40, 2)


def test_commas_of_full_width_part_fields_too() -> None:
    rows = [f"{4 + i * 0.37:.2f}，{50 + i}，{'男女'[i % 2]}" for i in range(40)]
    data = load_dataset("\n".join(["身高，体重，性别", *rows]).encode())
    assert data.feature_names == ("身高", "体重") and data.inputs[1].tolist() == [4.37, 51]
