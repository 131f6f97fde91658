"""Numbers as people write them, judged by the whole column."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.data.load import inspect, load_dataset

COUNTS = [470, 53_410, 999, 1_549, 12, 250_000, 3, 88, 120_345, 7] * 4
VALUES = [round(4 + i * 0.37, 2) for i in range(40)]


def table(cells: list[str], delimiter: str = ";") -> Dataset:
    rows = [delimiter.join((f'"{cell}"', str(i % 9), "uv"[i % 2])) for i, cell in enumerate(cells)]
    return load_dataset("\n".join([delimiter.join("abk"), *rows, ""]).encode())


def kinds(data: Dataset) -> set[str]:
    return {warning.kind for warning in data.warnings}


@pytest.mark.parametrize("mark", [",", ".", " ", "\u00a0", "\u202f", "'", "’"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_thousands_are_told_by_the_whole_column(mark: str, delimiter: str) -> None:
    data = table([f"{count:,}".replace(",", mark) for count in COUNTS], delimiter)
    assert data.inputs[:, 0].tolist() == COUNTS


@pytest.mark.parametrize("cell", ["1,5", "12,34", "0,125", "1234,5"])
def test_one_cell_can_show_that_a_comma_is_the_decimal_mark(cell: str) -> None:
    data = table(["1,250", "3", "7,125", "12"] * 9 + [cell])
    assert data.inputs[0, 0] == 1.25
    assert data.inputs[-1, 0] == float(cell.replace(",", "."))


def test_a_late_mark_counts_for_all_lines_and_few_marks_are_asked_about() -> None:
    data = table([str(i) for i in range(1000)] + ["53.410", "12.500"])
    assert data.inputs[-2:, 0].tolist() == [53410.0, 12500.0]
    assert kinds(data) == {"ambiguous_thousands"}
    data = table([str(i) for i in range(2100)] + ["5,5"])
    assert data.inputs[-1, 0] == 5.5


def test_what_may_be_both_is_read_as_before_and_asked_about() -> None:
    rows = "".join(f"{value:.3f},{i % 9},{'uv'[i % 2]}\n" for i, value in enumerate(VALUES))
    preview = inspect(f"a,b,k\n{rows}".encode())
    guess = next(guess for guess in preview.guesses if guess.about == "thousands")
    assert (guess.evidence, guess.taken.text, guess.close) == ("4.000", "4", True)
    assert guess.other is not None
    other = load_dataset(f"a,b,k\n{rows}".encode(), **guess.other.options)
    assert other.inputs[1, 0] == 4370.0


def test_what_other_columns_show_holds() -> None:
    rows = "".join(f"{v:.3f};{str(v / 7)[:6]};{'uv'[i % 2]}\n" for i, v in enumerate(VALUES))
    assert kinds(load_dataset(f"a;b;k\n{rows}".encode())) == set()
    rows = "".join(
        f"{c:,};{str(v).replace('.', ',')};{'uv'[c % 2]}\n" for c, v in zip(COUNTS, VALUES, strict=True)
    )
    assert load_dataset(f"a;b;k\n{rows.replace(',', '.', 0)}".encode()).inputs[:, 1].tolist() == VALUES


@pytest.mark.parametrize(
    ("form", "scale"),
    [
        *(
            ("{}%", 1),
            ("{} %", 1),
            ("${}", 1),
            ("€ {}", 1),
            ("{} €", 1),
            ("{} cm", 1),
            ("{}kg", 1),
            ("USD {}", 1),
        ),
        *(
            ("({})", -1),
            ("−{}", -1),
            ("-${}", -1),
            ("(${})", -1),
            ("{}D+00", 1),
            ("{}D-01", 0.1),
            ("{}E+00", 1),
        ),
    ],
)
def test_dress_that_the_whole_column_wears(form: str, scale: float) -> None:
    data = table([form.format(value) for value in VALUES], ",")
    assert np.allclose(data.inputs[:, 0], np.array(VALUES) * scale)


WIDE = {code - 0xFEE0: code for code in range(0xFF01, 0xFF5F)}
ARABIC = {ord("0") + i: 0x660 + i for i in range(10)} | {ord("."): "٫", ord(","): "٬"}


@pytest.mark.parametrize(
    "table_of_signs",
    [WIDE, {ord("."): "．"}, {ord("-"): "－"}, ARABIC, *({ord("-"): dash} for dash in "−–‐‑﹣")],
)
@pytest.mark.parametrize("form", ["{}", "{}%", "{} cm", "¥{}", "\u200e{}\u200f", "\u3000{}"])
def test_signs_of_other_keyboards(table_of_signs: dict[int, int | str], form: str) -> None:
    values = [round(value - 9, 2) for value in VALUES]
    data = table([form.format(value).translate(table_of_signs) for value in values], ",")
    assert data.inputs[:, 0].tolist() == values


def test_full_width_thousands_and_parentheses() -> None:
    data = table([f"{count:,}".translate(WIDE) for count in COUNTS], ";")
    assert data.inputs[:, 0].tolist() == COUNTS
    data = table([f"（{value}）" if i % 2 else str(value) for i, value in enumerate(VALUES)], ",")
    assert data.inputs[:2, 0].tolist() == [VALUES[0], -VALUES[1]]


def test_a_minus_behind_a_number_is_one() -> None:
    data = table([f"{value}-" if i % 2 else str(value) for i, value in enumerate(VALUES)], ",")
    assert data.inputs[:2, 0].tolist() == [VALUES[0], -VALUES[1]]


def test_mixed_units_are_no_numbers() -> None:
    data = table([f"{value} {'kg' if i % 2 else 'g'}" for i, value in enumerate(VALUES)], ",")
    assert data.columns[0].role == "skip"


@pytest.mark.parametrize(
    "word", [".", "..", "--", "*", "nil", "<NA>", "#DIV/0!", "n.a.", "missing", "\\N", "—"]
)
def test_words_for_missing_among_numbers(word: str) -> None:
    data = table([word if i % 4 == 0 else str(value) for i, value in enumerate(VALUES)], ",")
    assert data.columns[0].type == "number"
    assert np.isnan(data.inputs[:, 0]).sum() == 10


def test_ones_own_word_is_asked_about_and_can_be_given() -> None:
    cells = ["unk" if i % 4 == 0 else str(value) for i, value in enumerate(VALUES)]
    assert "ambiguous_missing" in kinds(table(cells, ","))
    text = "a,b,k\n" + "".join(f"{cell},{i % 9},{'uv'[i % 2]}\n" for i, cell in enumerate(cells))
    data = load_dataset(text.encode(), missing=["unk"])
    assert np.isnan(data.inputs[:, 0]).sum() == 10


@pytest.mark.parametrize(
    ("sentinel", "is_asked"), [("-999", True), ("9999", True), ("-1", False), ("9", False)]
)
def test_sentinels_are_asked_about(sentinel: str, is_asked: bool) -> None:
    cells = [sentinel if i % 4 == 0 else str(value) for i, value in enumerate(VALUES)]
    data = table(cells, ",")
    assert ("ambiguous_missing" in kinds(data)) is is_asked
    text = "a,b,k\n" + "".join(f"{cell},{i % 9},{'uv'[i % 2]}\n" for i, cell in enumerate(cells))
    assert np.isnan(load_dataset(text.encode(), missing=[sentinel]).inputs[:, 0]).sum() == 10


def test_codes_of_digits_keep_their_zeros_or_it_is_told() -> None:
    few = table([f"{i % 7:05d}" for i in range(40)], ",")
    assert few.feature_names[0] == "a=00000"
    many = table([f"{i * 37:05d}" for i in range(400)], ",")
    assert many.columns[0].type == "number"
    assert "leading_zeros" in kinds(many)
