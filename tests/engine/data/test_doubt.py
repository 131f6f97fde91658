"""What may be taken in two ways is told, with the option that takes it the other way."""

from __future__ import annotations

import pytest

from engine.data.data_warning import DataWarning
from engine.data.load import inspect, load, load_dataset
from engine.data.options import ReadOptions

ROWS = [f"{i * 0.37 + 4:.2f},{i * 7 % 23 / 10},{('oak', 'elm')[i % 2]}" for i in range(40)]


def doubts(text: str) -> list[DataWarning]:
    return [w for w in load_dataset(text.encode()).warnings if w.kind.startswith("ambiguous_")]


def test_numbered_names_over_fractions_may_be_a_row() -> None:
    rows = [f"{i * 0.37 + 4:.2f},{i * 7 % 23 / 10},{i % 5}.5" for i in range(40)]
    text = "\n".join(["1,2,3", *rows])
    (warning,) = doubts(text)
    assert warning.kind == "ambiguous_header" and warning.line == 1
    assert warning.details["options"] == {"header": True}
    assert "1, 2, 3" in warning.message and "header=True" in warning.message
    data = load(text.encode(), ReadOptions(**warning.details["options"]))
    assert len(data.inputs) == 40 and data.feature_names == ("1", "2")


def test_a_first_row_for_which_and_against_which_as_much_speaks_is_told() -> None:
    rows = [f"{i * 0.37 + 4:.2f},{i * 7 % 23 / 10},{('oak', 'elm')[i % 2]}" for i in range(40)]
    (warning,) = doubts("\n".join(["width,2.5,tree", *rows]))
    assert (warning.kind, warning.line) == ("ambiguous_header", 1)


@pytest.mark.parametrize("first", ["a,b,kind", "4.1,2.2,oak", "1,2,oak"])
def test_a_plain_first_row_is_no_doubt(first: str) -> None:
    assert doubts("\n".join([first, *ROWS])) == []


def test_a_column_of_numbers_with_many_mistakes_is_asked_about() -> None:
    odd = {4: "n.b. 7", 9: "1o.4", 13: "3.3?x", 20: "twelve", 31: "see p. 4"}
    rows = [
        f"{odd.get(i, round(i * 0.37 + 4, 2))},{i * 7 % 23 / 10},{('oak', 'elm')[i % 2]}" for i in range(40)
    ]
    text = "\n".join(["width,b,kind", *rows])
    (warning,) = doubts(text)
    assert (warning.kind, warning.column) == ("ambiguous_type", 1)
    assert warning.details["options"] == {"types": {"width": "number"}, "skip_bad_rows": True}
    (guess,) = [guess for guess in inspect(text.encode()).guesses if guess.close]
    assert guess.about == "type" and "1o.4" in guess.evidence
    data = load(text.encode(), ReadOptions(**warning.details["options"]))
    assert data.feature_names == ("width", "b") and len(data.inputs) == 35


def test_zeros_before_codes_of_several_lengths_are_told_also_when_they_come_late() -> None:
    for first in (0, 2_900):
        codes = [f"{'0' if i >= first and i % 4 == 0 else ''}{100 + i * 7}" for i in range(3_000)]
        rows = [f"{code},{i * 0.37:.2f},{('oak', 'elm')[i % 2]}" for i, code in enumerate(codes)]
        data = load_dataset("\n".join(["code,b,kind", *rows]).encode())
        assert [w.details["columns"] for w in data.warnings if w.kind == "leading_zeros"] == [["code"]]


def test_minus_one_among_ages_may_be_missing() -> None:
    rows = [f"{-1 if i % 9 == 0 else 20 + i},{i * 0.37:.2f},{('oak', 'elm')[i % 2]}" for i in range(40)]
    (warning,) = doubts("\n".join(["age,b,kind", *rows]))
    assert warning.kind == "ambiguous_missing" and warning.details["options"] == {"missing": ("-1",)}
    rows = [f"{i % 3 - 1},{i * 0.37:.2f},{('oak', 'elm')[i % 2]}" for i in range(40)]
    assert doubts("\n".join(["a,b,kind", *rows])) == []
