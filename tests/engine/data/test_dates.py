"""Dates become one growing number, or year, month and weekday."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from engine.data.dates import date_parts, day_text, read_date
from engine.data.load import inspect, load_dataset
from engine.data.new_rows import read_rows, rows_of

DAYS = [datetime.date(2021, 3, 1) + datetime.timedelta(days=i) for i in range(40)]
EPOCH = datetime.date(1970, 1, 1)


def table(cells: list[str]) -> bytes:
    return ("when;value\n" + "".join(f"{cell};{i * 0.5}\n" for i, cell in enumerate(cells))).encode()


@pytest.mark.parametrize(
    "form",
    [
        *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%y", "%Y年%m月%d日"),
        *("%d %b %Y", "%b %d, %Y", "%d-%b-%y", "%A, %d %B %Y", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M"),
    ],
)
def test_dates_are_days(form: str) -> None:
    data = load_dataset(table([day.strftime(form) for day in DAYS]))
    assert data.columns[0].type == "date"
    assert data.inputs[:, 0].tolist() == [(day - EPOCH).days for day in DAYS]
    assert data.columns[1].role == "target"


def test_numbers_are_no_dates() -> None:
    data = load_dataset(table([f"{1951 + i}.{i % 10}" for i in range(40)]))
    assert data.columns[0].type == "number"


def test_day_or_month_first_is_asked_about_where_nothing_tells() -> None:
    cells = [f"{i % 12 + 1:02d}/{(i + 3) % 12 + 1:02d}/2021" for i in range(40)]
    data = load_dataset(table(cells))
    assert [warning.kind for warning in data.warnings] == ["ambiguous_dates"]
    first = load_dataset(table(cells), day_first=True).inputs[1, 0]
    assert day_text(first) == "2021-05-02"


@pytest.mark.parametrize(
    ("forms", "kind"),
    [
        (("%Y-%m-%d", "%d %B %Y"), "ambiguous_date_forms"),
        (("%Y-%m-%d", "%m/%d/%Y"), "ambiguous_date_forms"),
        (("%Y-%m-%d", "%b %d, %Y", "%d.%m.%Y"), "ambiguous_date_forms"),
        (("%d/%m/%Y", "%m/%d/%Y"), "ambiguous_dates"),
    ],
)
def test_dates_written_in_several_ways_are_told(forms: tuple[str, ...], kind: str) -> None:
    content = table([day.strftime(forms[i % len(forms)]) for i, day in enumerate(DAYS)])
    data = load_dataset(content)
    (warning,) = data.warnings
    assert warning.kind == kind and warning.column == 1
    other = (
        load_dataset(content, **{"target": "value", **warning.details["options"]})
        if (kind == "ambiguous_dates")
        else None
    )
    if other is None:
        assert data.inputs[:, 0].tolist() == [(day - EPOCH).days for day in DAYS]
        assert warning.details["options"] == {"roles": {"when": "skip"}}
        (guess,) = [guess for guess in inspect(content).guesses if guess.close]
        assert guess.about == "date_forms" and len(guess.evidence.split(", ")) >= 2
    else:  # each is read in the way that it can be
        assert np.isfinite(other.inputs).all() and not np.array_equal(other.inputs, data.inputs)


def test_dates_of_one_kind_are_no_doubt() -> None:
    cells = [f"{day} 0{i % 9}:30" if i % 2 else str(day) for i, day in enumerate(DAYS)]
    assert load_dataset(table(cells)).warnings == ()


def test_two_digits_of_a_year_may_come_first() -> None:
    data = load_dataset(table([day.strftime("%y-%m-%d") for day in DAYS]))
    assert data.inputs[:, 0].tolist() == [(day - EPOCH).days for day in DAYS]
    again = load_dataset(table([day.strftime("%y-%m-%d") for day in DAYS]), day_first=False)
    assert np.array_equal(again.inputs, data.inputs)


@pytest.mark.parametrize("word", ["n.a.", "unknown", "--", "my own"])
def test_words_for_missing_among_dates(word: str) -> None:
    cells = [word if i % 7 == 0 else str(day) for i, day in enumerate(DAYS)]
    data = load_dataset(table(cells), missing=("my own",))
    assert data.columns[0].type == "date" and np.isnan(data.inputs[:, 0]).sum() == 6


@pytest.mark.parametrize(
    "name", ["timestamp", "created_at", "unix_time", "ts", "event.time", "时间戳", "createdAt"]
)
@pytest.mark.parametrize("unit", [1, 1000, 1_000_000])
def test_counted_seconds_are_asked_about(name: str, unit: int) -> None:
    moments = [(1_614_556_800 + i * 86_400) * unit for i in range(40)]
    content = table([str(moment) for moment in moments]).replace(b"when", name.encode())
    data = load_dataset(content)
    (warning,) = data.warnings
    assert warning.kind == "ambiguous_times" and data.inputs[0, 0] == moments[0]
    assert warning.details["options"] == {"types": {name: "date"}} and "2021-03-01" in warning.message
    dates = load_dataset(content, types={name: "date"})
    assert dates.warnings == () and dates.columns[0].type == "date"
    assert dates.inputs[:, 0].tolist() == [(day - EPOCH).days for day in DAYS]
    parts = load_dataset(content, types={name: "date_parts"})
    assert parts.inputs[3].tolist() == [2021, 3, 4]
    rows = read_rows(content, dates)
    assert np.array_equal(rows.inputs, dates.inputs)


@pytest.mark.parametrize(
    ("name", "first"), [("income", 1_614_556_800), ("time", 161_455), ("time", 3_614_556_800)]
)
def test_other_numbers_are_no_moments(name: str, first: int) -> None:
    cells = [str(first + i * 7) for i in range(40)]
    assert load_dataset(table(cells).replace(b"when", name.encode())).warnings == ()


def test_new_rows_of_texts_have_their_dates_read_as_those_of_training() -> None:
    cells = [day.strftime("%d/%m/%Y") for day in DAYS]
    data = load_dataset(table(cells))
    few = rows_of([{"when": cell} for cell in cells[:3]], data)
    assert np.array_equal(few.inputs, data.inputs[:3])
    written = load_dataset(table([day.strftime("%Y%m%d") for day in DAYS]).replace(b"when", b"date"))
    assert np.array_equal(rows_of([{"date": "20210304"}], written).inputs, written.inputs[3:4])


def test_parts() -> None:
    data = load_dataset(table([day.isoformat() for day in DAYS]), types={"when": "date_parts"})
    assert data.feature_names == ("when year", "when month", "when weekday")
    assert data.inputs[:, 2].tolist() == [day.isoweekday() for day in DAYS]
    assert date_parts(np.array([-1.0, np.nan]))[0].tolist() == [1969.0, 12.0, 3.0]


def test_times_and_zones() -> None:
    assert read_date("12:30") == 12.5
    assert read_date("2021-03-01T02:00:00+02:00") == read_date("2021-03-01")
    assert read_date("2021Q2") == read_date("2021-04-01")
    assert read_date("31/31/2021") is None
