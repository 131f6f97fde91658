"""Dates become one growing number, or year, month and weekday."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from engine.data.dates import date_parts, day_text, read_date
from engine.data.load import load_dataset

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
