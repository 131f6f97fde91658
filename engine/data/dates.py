"""Dates and times as text: recognised, and turned into days since the first of January 1970."""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from engine.arrays import AnyArray, FloatArray
from engine.data.cells import MISSING_AMONG_NUMBERS, MISSING_TOKENS, Cell, as_text

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?\s?(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_ZONE = r"\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_AFTER = rf"(?:(?:T|,?\s+){_TIME}{_ZONE})?"
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *(
                "jan january januar janvier",
                "feb february februar",
                "mar march märz mrz mars",
                "apr april avril",
            ),
            *(
                "may mai",
                "jun june juni juin",
                "jul july juli juillet",
                "aug august août",
                "sep sept september",
            ),
            *("oct october oktober okt octobre", "nov november", "dec december dezember dez décembre"),
        ),
        1,
    )
    for name in names.split()
}
_NAMED = r"(?P<month>[^\W\d_]{3,9})"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.年])\s?(?P<month>\d{{1,2}})[-/.月]\s?(?P<day>\d{{1,2}})日?{_AFTER}"
)
_YEAR_LAST = re.compile(
    rf"(?P<first>\d{{1,2}})[-/.](?P<next>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}}){_AFTER}"
)
_DAY_NAMED = re.compile(
    rf"(?:[^\W\d_]+,\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[-\s/]?{_NAMED}\.?,?[-\s/]?(?P<year>\d{{4}}|\d{{2}}){_AFTER}"
)
_NAMED_DAY = re.compile(rf"{_NAMED}\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}}){_AFTER}")
_MONTH = re.compile(r"(?P<year>\d{4})[-/年](?P<month>\d{1,2})月?|(?P<month2>\d{1,2})/(?P<year2>\d{4})")
_NAMED_MONTH = re.compile(rf"{_NAMED}\.?(?:[-\s]?(?P<year>\d{{4}})|[-'](?P<year2>\d{{2}}))")
_QUARTER = re.compile(
    r"(?P<year>\d{4})[-\s]?[Qq](?P<quarter>[1-4])|[Qq](?P<quarter2>[1-4])[-\s/]?(?P<year2>\d{4})"
)
_ONLY_TIME = re.compile(_TIME)
_NUMBERS = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_LIKELY = re.compile(r"\d.*[-/.:年\sQq].*\d|[^\W\d_]{3,9}(?:.*\d{4}|\.?[-']\d\d$)")
_NO_DAY = re.compile(r"0{4}[-/.]00[-/.]00.*|00[-/.]00[-/.]0{4}.*")

_UNIX = {1.0: 86_400.0, 1e3: 86_400e3, 1e6: 86_400e6, 1e9: 86_400e9}
"""Parts of a second that moments are counted in, and how many of them a day has."""

SHARE = 0.95


def read_date(text: str, day_first: bool = False, year_first: bool = False) -> float | None:
    """Days since 1970-01-01, with the time as their fraction; a time alone is hours; None if it is none.

    ``3/4/21`` is the third of April if `day_first`, and ``21/4/3`` is if `year_first`.
    """
    text = text.strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return _days(match, int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _YEAR_LAST.fullmatch(text):
        day, month = int(match["first"]), int(match["next"])
        if year_first and len(match["year"]) == 2:
            return _days(match, _full_year(match["first"].zfill(2)), month, int(match["year"]))
        if not day_first:
            day, month = month, day
        return _days(match, _full_year(match["year"]), month, day)
    for pattern in (_DAY_NAMED, _NAMED_DAY):
        if match := pattern.fullmatch(text):
            month = _MONTHS.get(match["month"].casefold(), 0)
            return _days(match, _full_year(match["year"]), month, int(match["day"]))
    if match := _MONTH.fullmatch(text):
        return _days(None, int(match["year"] or match["year2"]), int(match["month"] or match["month2"]), 1)
    if match := _NAMED_MONTH.fullmatch(text):
        year = _full_year(match["year"] or match["year2"])
        return _days(None, year, _MONTHS.get(match["month"].casefold(), 0), 1)
    if match := _QUARTER.fullmatch(text):
        quarter = int(match["quarter"] or match["quarter2"])
        return _days(None, int(match["year"] or match["year2"]), 3 * quarter - 2, 1)
    if match := _ONLY_TIME.fullmatch(text):
        hours = _hours(match)
        return hours if hours is not None and hours < 48 else None
    return None


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _days(match: re.Match[str] | None, year: int, month: int, day: int) -> float | None:
    try:
        days = datetime.date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    hours = _hours(match) if match is not None and match["hour"] else 0.0
    return None if hours is None else days + hours / 24


def _hours(match: re.Match[str]) -> float | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    second = float((match["second"] or "0").replace(",", "."))
    half = (match["half"] or "").casefold()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 24 or minute > 59 or second >= 61:
        return None
    hours = hour + minute / 60 + second / 3600
    groups = match.groupdict()
    zone = groups.get("zone") or ""
    if zone[:1] in ("+", "-"):
        shift = int(zone[1:3]) + int(zone[-2:]) / 60
        hours -= shift if zone[0] == "+" else -shift
    return hours


def is_date(text: str) -> bool:
    """Whether this is a date, a time, or both."""
    return bool(_LIKELY.search(text)) and (read_date(text) is not None or read_date(text, True) is not None)


@dataclass(frozen=True)
class DateFormat:
    """How the dates of a column are written.

    Parameters
    ----------
    day_first : bool
        Whether 3/4/2021 is in April rather than in March.
    year_first : bool
        Whether 21/4/3 is.
    either : bool
        Whether some are only dates the other way round.
    missing : frozenset of str
        A person's own words for a missing one, in small letters.
    close : bool
        Whether the column does not say which of day and month comes first.
    example : str
    forms : tuple of str
        An example of each way in which dates are written.
    """

    day_first: bool = False
    year_first: bool = False
    either: bool = False
    missing: frozenset[str] = frozenset()
    close: bool = field(default=False, compare=False)
    example: str = field(default="", compare=False)
    forms: tuple[str, ...] = field(default=(), compare=False)

    def parse_column(
        self, cells: Sequence[Cell], known: dict[Cell, float | None]
    ) -> tuple[FloatArray, list[int]]:
        """Give days, NaN where missing or no date, and the places of the latter."""
        values: list[float] = []
        bad = []
        for place, cell in enumerate(cells):
            if cell in known:
                value = known[cell]
            else:
                value = self.parse(as_text(cell))
                if len(known) < 50_000:
                    known[cell] = value
            if value is None:
                bad.append(place)
                value = math.nan
            values.append(value)
        return np.array(values, dtype=np.float64), bad

    def parse(self, text: str) -> float | None:
        """Days since 1970; NaN where missing, None if it is no date."""
        if _is_missing(text, self.missing):
            return math.nan
        value = read_date(text, self.day_first, self.year_first)
        return read_date(text, not self.day_first) if value is None and self.either else value


def _is_missing(text: str, missing: frozenset[str]) -> bool:
    small = text.casefold()
    return (
        text in MISSING_TOKENS
        or _NO_DAY.fullmatch(text) is not None
        or small in MISSING_AMONG_NUMBERS
        or small in missing
    )


def find_date_format(
    counts: Counter[str], day_first: bool | None, missing: frozenset[str] = frozenset()
) -> DateFormat | None:
    """How these texts are written as dates; None if too few are."""
    texts = [text for text in counts if not _is_missing(text, missing)]
    if not texts or not all(_LIKELY.search(text) for text in texts[:3]):
        return None
    dates = sum(map(is_date, texts[:200]))
    if dates < SHARE * len(texts[:200]):
        return None
    found = _order(texts, day_first)
    return replace(found, missing=missing, forms=_forms(texts))


def _order(texts: Sequence[str], day_first: bool | None) -> DateFormat:
    """In what order day, month and year stand where all are numbers."""
    slashed = [(match, text) for text in texts if (match := _YEAR_LAST.fullmatch(text))]
    if not day_first and _starts_with_year([match for match, _ in slashed]):
        return DateFormat(year_first=True)
    days = sum(int(match["first"]) > 12 for match, _ in slashed)
    months = sum(int(match["next"]) > 12 for match, _ in slashed)
    either = bool(days and months)
    if day_first is not None or not slashed:
        return DateFormat(bool(day_first), either=either)
    telling = [
        text
        for match, text in slashed
        if int(match["first"]) != int(match["next"]) and int(match["first"]) <= 12 >= int(match["next"])
    ]
    if either:
        return DateFormat(days > months, either=True, close=bool(telling), example="".join(telling[:1]))
    if days or months:
        return DateFormat(days > months)
    if not telling:
        return DateFormat()  # both readings are the same
    example = telling[0]
    if "." in example:
        return DateFormat(True)
    # As they stand, dates mostly grow evenly: the reading with the fewer leaps back is the likelier.
    steps = []
    for first in (False, True):
        values = [value for _, text in slashed if (value := read_date(text, first)) is not None]
        spans = [b - a for a, b in pairwise(values)]
        steps.append(sum(abs(span) for span in spans))
    likely = steps[1] < steps[0]
    sure = len(slashed) > 5 and max(steps) > 3 * min(steps)
    return DateFormat(likely, close=not sure, example=example)


def _starts_with_year(slashed: Sequence[re.Match[str]]) -> bool:
    """Whether dates such as 21-03-14 begin with the year: days change more often, and are 31 at most."""
    short = [match for match in slashed if len(match["year"]) == 2]
    if not short or len(short) < len(slashed) or any(int(match["year"]) > 31 for match in short):
        return False
    if any(int(match["next"]) > 12 for match in short):
        return False
    firsts, lasts = ({match[part] for match in short} for part in ("first", "year"))
    return any(int(first) > 31 for first in firsts) or len(lasts) > 2 * len(firsts)


def _forms(texts: Sequence[str]) -> tuple[str, ...]:
    """The first date of each way in which these are written."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(_form(text), text)
    found.pop("", None)
    return tuple(found.values())


def _form(text: str) -> str:
    if match := _YEAR_LAST.fullmatch(text):
        mark = text.removeprefix(match["first"])[0]
        return f"day, month{mark}{len(match['year'])}"
    named = {
        "year first": _YEAR_FIRST,
        "day named": _DAY_NAMED,
        "named day": _NAMED_DAY,
        "month": _MONTH,
        "named month": _NAMED_MONTH,
        "quarter": _QUARTER,
        "time": _ONLY_TIME,
    }
    return next((name for name, pattern in named.items() if pattern.fullmatch(text)), "")


def is_written_as_number(values: AnyArray) -> bool:
    """Whether whole numbers such as 20210301 are dates."""
    known = values[~np.isnan(values)][:500].tolist()
    return len(known) > 1 and all(_NUMBERS.fullmatch(str(value).removesuffix(".0")) for value in known)


def unix_units(values: AnyArray) -> float | None:
    """How many of their units a second has, if numbers may count from 1970 to a moment of this century."""
    known = values[~np.isnan(values) & (values != 0)]  # 0 is the moment that programs begin with
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    return next((unit for unit in _UNIX if 1e9 * unit <= low and high < 2.2e9 * unit), None)


def of_numbers(values: AnyArray) -> FloatArray | None:
    """Turn 20210301, or what counts seconds from 1970, into days; None if the numbers are neither."""
    unit = unix_units(values)
    if unit is not None:
        return values / _UNIX[unit]
    if not is_written_as_number(values[:1].repeat(2) if len(values) == 1 else values):
        return None
    found = {value: _of_number(value) for value in np.unique(values[~np.isnan(values)]).tolist()}
    return np.array([found.get(value, math.nan) for value in values.tolist()], dtype=np.float64)


def _of_number(value: float) -> float:
    digits = f"{int(value):08d}"
    days = read_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    return math.nan if days is None else days


def date_parts(days: FloatArray) -> FloatArray:
    """Year, month and weekday (Monday is 1), (n, 3); NaN where the date is missing."""
    known = ~np.isnan(days)
    parts = np.full((len(days), 3), np.nan)
    whole = np.floor(days[known]).astype("int64")
    months = whole.astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    parts[known, 0] = 1970 + months // 12
    parts[known, 1] = 1 + months % 12
    parts[known, 2] = 1 + (whole + 3) % 7
    return parts


def day_text(days: float) -> str:
    """A date as people write it."""
    if days != days or not -719_000 < days < 2_900_000:
        return ""
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=round(days * 86_400))
    if moment.time() == datetime.time():
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")
