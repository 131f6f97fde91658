"""Numbers as people write them: marks between digits, dress around them, words for a missing one.

`Evidence` gathers what all cells of a column say; `find_formats` decides from it, for all columns of a
table together, how each is to be read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine.arrays import FloatArray
from engine.data.cells import MAX_BAD_SHARE, MISSING_AMONG_NUMBERS, MISSING_TOKENS, Cell, as_text
from engine.data.doubt import Cleaning, Guess, Reading

_CURRENCY = (
    r"(?:[$€£¥￥₩₹₽₺₫฿₪₴₦¢]|US\$|A\$|C\$|R\$|Rs\.?|USD|EUR|GBP|CHF|CNY|RMB|JPY|INR|CAD|AUD|SEK|NOK|DKK|PLN)"
)
PLAIN_SIGNS: dict[int, int | None] = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
PLAIN_SIGNS |= dict.fromkeys(map(ord, "−–‐‑‒﹣"), ord("-"))
PLAIN_SIGNS |= {ord("٫"): ord("."), ord("٬"): ord(","), ord("’"): ord("'")}
PLAIN_SIGNS |= dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202c\u2060"), None)
"""Signs of numbers as other keyboards have them: full-width ones, dashes for minus, Arabic marks, and
what is not seen."""

_NUMERAL = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+]?)\s?(?P<prefix>{_CURRENCY}|[<>~≈±]=?|#)?\s?(?P<inner>[-+]?)(?P<open2>\()?"
    r"(?P<body>\d[\d.,' \u00a0\u2007\u2009\u202f]*|[.,]\d+)"
    r"(?P<exponent>[eE]\s?[-+]?\d+|(?<=[\d.])[dD][-+]\d+)?"
    r"(?P<after>-(?!\s?[^\W\d_]))?\s?(?P<suffix>[^\W\d_][^\d,;:!?]{0,14}[²³]?|[%‰°$€£¥₩₹₽₺%][^\d]{0,3})?(?P<close>\))?"
)
_SPACES = re.compile(r"[ \u00a0\u2007\u2009\u202f]")
_GROUPED = {
    mark: re.compile(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{2,3}})*{re.escape(mark)}\d{{3}}")
    for mark in (",", ".", " ", "'")
}
_NOT_THREE = re.compile(r"\.(?!\d{3}\s*$)|^\s*[-+]?(?:0\d*|\d{4,})?\.", re.MULTILINE)
_THREE_DIGITS = re.compile(r"^\s*[-+]?[1-9]\d\d\s*$", re.MULTILINE)
_ZEROS = re.compile(r"^\s*0\d+\s*$", re.MULTILINE)
_FOUR_DIGITS = re.compile(r"^\s*[-+]?[1-9]\d{3,}\s*$", re.MULTILINE)

BARE = ("", "")
"""The dress of a number that wears none."""

MAX_WORDS = 1_000
FEW_MARKED = 8
"""So many numbers of which each has just three digits behind its mark may have them by chance."""


@dataclass(frozen=True)
class Numeral:
    """A number as it stands: its parts before anything is decided about marks."""

    body: str
    negative: bool
    exponent: str
    dress: tuple[str, str]

    @cached_property
    def shape(self) -> str | None:
        """Name the way it is marked; None if that is no number.

        ``0``, ``000`` and ``0000`` (or more) without a mark, ``zero`` for nothing;
        ``.3`` for three digits behind one mark,
        which may part thousands, ``.33`` for several groups, ``.x`` for what only a fraction can be; a pair
        such as ``,.`` for a mark of thousands and a decimal one, either of which may be missing (``' ``).
        """
        body = self.body
        marks = {c for c in body if not c.isdigit()}
        if not marks:
            if not body.strip("0") and self.dress == BARE:
                return "zero"
            return "0" if len(body) < 3 or body[0] == "0" else "000" if len(body) == 3 else "0000"
        for space in marks & {" ", "'"}:
            decimal = next(iter(marks - {space}), "")
            whole, _, fraction = body.partition(decimal) if decimal else (body, "", "0")
            fits = _GROUPED[space].fullmatch(whole) and fraction.isdigit()
            return f"{space}{decimal}" if fits else None
        if len(marks) == 2:
            mark, decimal = (",", ".") if body.rfind(",") < body.rfind(".") else (".", ",")
            whole, _, fraction = body.rpartition(decimal)
            return f"{mark}{decimal}" if _GROUPED[mark].fullmatch(whole) and decimal not in whole else None
        (mark,) = marks
        whole, *rest = body.split(mark)
        if len(rest) == 1:
            groups = len(rest[0]) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0" and not self.exponent
            return f"{mark}3" if groups else f"{mark}x"
        return f"{mark}33" if _GROUPED[mark].fullmatch(body) and not self.exponent else None

    def value(self, decimal: str, thousands: str) -> float | None:
        """The number under these marks; None if it does not fit them."""
        whole, point, fraction = self.body.partition(decimal)
        if thousands and thousands in whole:
            if not _GROUPED[thousands].fullmatch(whole):
                return None
            whole = whole.replace(thousands, "")
        try:
            value = float(f"{whole}.{fraction}{self.exponent}" if point else f"{whole}{self.exponent}")
        except ValueError:
            return None
        return -value if self.negative else value


def read_numeral(text: str) -> Numeral | None:
    """Take a number apart, or give None if the text is none."""
    match = _NUMERAL.fullmatch(text.translate(PLAIN_SIGNS))
    if match is None or (match["open"], match["open2"]).count(None) != 1 + (match["close"] is None):
        return None
    signs = [sign for sign in (match["sign"], match["inner"], match["after"]) if sign]
    if len(signs) > 1:
        return None
    body = _SPACES.sub(" ", match["body"]).strip()
    if body.endswith((",", "'")):
        return None
    exponent = (match["exponent"] or "").replace(" ", "").lower().replace("d", "e")
    return Numeral(
        body,
        signs == ["-"] or match["close"] is not None,
        exponent,
        (match["prefix"] or "", (match["suffix"] or "").strip()),
    )


def looks_like_number(text: str) -> float | None:
    """The number a text seems to be before its column is known; None if it is no number, NaN if missing."""
    text = text.strip()
    if text in MISSING_TOKENS:
        return math.nan
    if "_" in text:  # Python's own notation, which no file means
        return None
    try:
        return float(text)
    except ValueError:
        numeral = read_numeral(text)
    if numeral is None or numeral.shape is None or numeral.dress[1][:1].isalpha():
        return None
    found = numeral.value(".", ",")
    return numeral.value(",", ".") if found is None else found


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of a column are written.

    Parameters
    ----------
    decimal : str
    thousands : str
        The mark between groups; empty for none.
    dress : (str, str)
        What stands before and after each number, such as a currency or a unit.
    missing : frozenset of str
        Words for a missing number, in small letters, beyond those that are so everywhere.
    or_bare : bool
        Whether some wear nothing.
    """

    decimal: str = "."
    thousands: str = ""
    dress: tuple[str, str] = ("", "")
    missing: frozenset[str] = frozenset()
    or_bare: bool = False

    def parse(self, cell: Cell) -> float | None:
        """Give the number; NaN for a missing cell, None for text that is no number.

        Infinite for ``inf`` and for what is beyond the range of float64.
        """
        value = self._read(cell)
        return math.nan if value in self._absent else value

    @cached_property
    def _absent(self) -> frozenset[float]:
        """Numbers that stand for a missing one."""
        values = (looks_like_number(word) for word in self.missing)
        return frozenset(value for value in values if value is not None)

    def _read(self, cell: Cell) -> float | None:
        if not isinstance(cell, str):
            return float(cell)
        text = as_text(cell)
        if text in MISSING_TOKENS or text.casefold() in self.missing:
            return math.nan
        if "_" in text:
            return None
        if self.decimal == "." and (not self.thousands or self.thousands not in text):
            try:
                return float(text)
            except ValueError:
                pass
        elif text.strip("+-").casefold() in ("inf", "infinity"):
            return float(text)
        numeral = read_numeral(text)
        # A bare number among dressed ones may be of another measure; nothing is nothing in each.
        if numeral is None:
            return None
        fits = numeral.dress == self.dress or (self.or_bare and numeral.dress == BARE)
        if not fits and numeral.shape != "zero":
            return None
        return numeral.value(self.decimal, self.thousands)

    def parse_column(self, cells: Sequence[Cell]) -> tuple[FloatArray, list[int]]:
        """Give the numbers of many cells, NaN where missing or no number, and the places of the latter."""
        quick = self.parse_quickly(cells)
        if quick is not None:
            return quick, []
        values = [self.parse(cell) for cell in cells]
        bad = [place for place, value in enumerate(values) if value is None]
        return np.array([math.nan if value is None else value for value in values], dtype=np.float64), bad

    def parse_quickly(self, cells: Sequence[Cell]) -> FloatArray | None:
        """Give the numbers where Python's own reading does for all of them."""
        if self.thousands or self.missing:
            return None
        try:
            joined = "".join(cells)  # type: ignore[arg-type]
            if "_" in joined:
                return None
            if self.decimal == ",":
                if "." in joined or "," not in joined:
                    return None
                return np.array([float(c.replace(",", ".")) if c else math.nan for c in cells])  # type: ignore[union-attr]
            return np.array([float(c) if c else math.nan for c in cells])
        except (TypeError, ValueError):
            return None


@dataclass(eq=False)
class Evidence:
    """What the cells of a column say about how its numbers are written.

    Parameters
    ----------
    shapes : Counter
        How often each shape of `Numeral` comes, by dress.
    words : Counter
        What is no number, and how often; beyond `MAX_WORDS` different ones only their count, under ``""``.
    examples : dict
        A cell of each shape.
    dressed : dict
        A cell in each dress.
    settled : bool
        Whether a point can only be a decimal one, so that further plain numbers tell nothing new.
    zeros : bool
        Whether whole numbers begin with 0, which codes do.
    """

    shapes: Counter[tuple[tuple[str, str], str]] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    dressed: dict[tuple[str, str], str] = field(default_factory=dict)
    settled: bool = False
    zeros: bool = False

    def add(self, counts: Mapping[Cell, int]) -> None:
        """Take cells, each with how often it comes."""
        for cell, count in counts.items():
            if not isinstance(cell, str):
                self.shapes[BARE, "float"] += count if cell == cell else 0
                continue
            text = as_text(cell)
            if text in MISSING_TOKENS:
                continue
            self.zeros |= text[0] == "0" and len(text) > 1 and text.isdecimal()
            numeral = None if "_" in text else read_numeral(text)
            shape = numeral.shape if numeral is not None else None
            if numeral is not None and shape is not None:
                self.shapes[numeral.dress, shape] += count
                self.examples.setdefault(shape, text)
                if shape != "zero":
                    self.dressed.setdefault(numeral.dress, text)
            elif text.lstrip("+-").casefold() in ("inf", "infinity", "nan"):
                self.shapes[BARE, "zero"] += count
            elif text in self.words or len(self.words) < MAX_WORDS:
                self.words[text] += count
            else:
                self.words[""] += count

    def add_plain(self, cells: Sequence[str]) -> None:
        """Take cells that Python reads as numbers: only a point may be in doubt in these."""
        joined = "\n".join(cells)
        pointed = 0 if self.settled else joined.count(".")
        filled = len(cells) - cells.count("")
        if pointed and _NOT_THREE.search(joined):
            self.settled = True
        if self.settled:
            self.shapes[BARE, ".x"] += filled
            return
        if pointed:
            self.shapes[BARE, ".3"] += pointed
            self.examples.setdefault(".3", next(cell.strip() for cell in cells if "." in cell))
        self.zeros |= _ZEROS.search(joined) is not None
        shape = "0000" if _FOUR_DIGITS.search(joined) else "000" if _THREE_DIGITS.search(joined) else "0"
        self.shapes[BARE, shape] += filled - pointed

    @property
    def dress(self) -> tuple[str, str]:
        """What most numbers wear."""
        if len(self.shapes) == 1:
            return next(iter(self.shapes))[0]
        worn: Counter[tuple[str, str]] = Counter()
        for (dress, shape), count in self.shapes.items():
            worn[dress] += count if shape != "zero" else 0
        return max(worn, key=lambda dress: worn[dress]) if worn else BARE

    @property
    def marks(self) -> Counter[str]:
        """How often each shape comes in the dress of most."""
        dress, marks = self.dress, Counter[str]()
        for (worn, shape), count in self.shapes.items():
            if worn == dress or shape == "zero":
                marks[shape] += count
        return marks

    @property
    def missing(self) -> frozenset[str]:
        """Words that stand for a missing number where there are numbers."""
        return frozenset(word.casefold() for word in self.words if word.casefold() in MISSING_AMONG_NUMBERS)

    def is_number(self, missing: frozenset[str]) -> bool:
        """Whether so few cells are no number of one dress that they are mistakes; so in an empty column."""
        numbers = self.marks.total()
        absent = missing | self.missing
        gone = sum(count for word, count in self.words.items() if word.casefold() in absent)
        bad = self.shapes.total() - numbers + self.words.total() - gone
        return bad <= MAX_BAD_SHARE * (numbers + bad) and (numbers > 0 or gone == 0)


def cleanings(numbers: NumberFormat, evidence: Evidence, column: int, name: str) -> list[Cleaning]:
    """What reading a column in this format takes off its cells."""
    found = [
        Cleaning(column, name, "missing", word, count)
        for word, count in evidence.words.items()
        if word.casefold() in numbers.missing
    ]
    marked = dressed = 0
    for (dress, shape), count in evidence.shapes.items():
        if dress == numbers.dress and dress != BARE:
            dressed += count
        if dress == numbers.dress and shape[0] == numbers.thousands and shape[1:] != "x":
            marked += count
    if dressed:
        found.append(Cleaning(column, name, "dress", " ".join(filter(None, numbers.dress)), dressed))
    if marked:
        found.append(Cleaning(column, name, "thousands", numbers.thousands, marked))
    return found


def half_dressed(evidence: Evidence) -> bool:
    """Whether all are numbers, some in one dress and some in none: perhaps of the same measure.

    A share is none: 0.5 beside 7 % is as likely 50 %.
    """
    worn = set(evidence.dressed) - {BARE}
    if len(worn) != 1 or BARE not in evidence.dressed:
        return False
    bare = sum(count for (dress, _), count in evidence.shapes.items() if dress == BARE)
    if not MAX_BAD_SHARE < bare / evidence.shapes.total() < 1 - MAX_BAD_SHARE:
        return False  # a few are mistakes
    prefix, suffix = next(iter(worn))
    return suffix[:1] not in ("%", "‰") and prefix[:1] not in ("<", ">", "~", "≈", "±", "#")


def perhaps_missing(evidence: Evidence) -> tuple[str, ...]:
    """The one or two words in a column of texts that would be numbers without them."""
    numbers = evidence.marks.total()
    words = tuple(evidence.words)
    rare = 0 < evidence.words.total() < numbers / 2 and numbers == evidence.shapes.total()
    return words if rare and len(words) <= 2 and all(word.isalpha() for word in words) else ()


def find_formats(
    columns: Sequence[Evidence | None],
    names: Sequence[str],
    *,
    decimal: str | None,
    thousands: str | None,
    commas_split: bool,
    missing: frozenset[str] = frozenset(),
) -> tuple[list[NumberFormat], list[Guess]]:
    """Decide for each column of numbers how these are written.

    A mark is the decimal one where a single cell shows that it does not part thousands: other than three
    digits behind it, more than three before it, a number of four digits that has none. What one column
    shows holds for those that show nothing themselves.

    Parameters
    ----------
    columns : sequence of Evidence or None
        None for a column that is not of numbers.
    names : sequence of str
    decimal, thousands : str or None
        What a person says; None to find out.
    commas_split : bool
        Whether fields are parted by commas, which then are hardly decimal marks.
    missing : frozenset of str
        A person's own words for a missing number.
    """
    whole: Counter[str] = Counter()
    all_marks = [Counter[str]() if evidence is None else evidence.marks for evidence in columns]
    for marks_of_one in all_marks:
        for role, mark in _proven(marks_of_one).items():
            if mark:
                whole[f"{role}{mark}"] += 1
    found: list[tuple[str, str] | None] = [None] * len(columns)
    guesses = []
    for place, evidence in enumerate(columns):
        if evidence is None:
            continue
        found[place], guess = _decide(evidence, all_marks[place], whole, commas_split, place, names)
        if guess is not None and decimal is None and thousands is None:
            guesses.append(guess)
    # Columns without any mark are written as the others are.
    usual = Counter(marks for marks in found if marks is not None).most_common(1)
    formats = []
    for evidence, marks in zip(columns, found, strict=True):
        marks = marks or (usual[0][0] if usual else (".", ""))
        if decimal is not None or thousands is not None:
            marks = _given(marks, decimal, thousands)
        if evidence is None:
            formats.append(NumberFormat(*marks))
        else:
            some = half_dressed(evidence)
            dress = next(worn for worn in evidence.dressed if worn != BARE) if some else evidence.dress
            formats.append(NumberFormat(*marks, dress, evidence.missing | missing, some))
    return formats, guesses


def _given(found: tuple[str, str], decimal: str | None, thousands: str | None) -> tuple[str, str]:
    if decimal is None:
        decimal = found[0] if found[0] != thousands else "," if thousands == "." else "."
    if thousands is None:
        thousands = found[1] if found[1] != decimal else ""
    return decimal, thousands


def _proven(marks: Counter[str]) -> dict[str, str]:
    """The decimal mark and the mark of thousands that single cells show beyond doubt."""
    weight: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for shape, count in marks.items():
        if shape[1:] == "x":
            weight[shape[0]] += count
        elif shape[1:] == "33":
            groups[shape[0]] += count
        elif shape[0] in ".,' " and shape[1:] != "3":
            groups[shape[0]] += count
            if len(shape) == 2 and shape[1] in ".,":
                weight[shape[1]] += count
    decimal = max(weight, key=lambda mark: weight[mark], default="")
    parted = {mark: count for mark, count in groups.items() if mark != decimal}
    return {"decimal": decimal, "thousands": max(parted, key=lambda mark: parted[mark], default="")}


def _decide(
    evidence: Evidence,
    marks: Counter[str],
    whole: Counter[str],
    commas_split: bool,
    place: int,
    names: Sequence[str],
) -> tuple[tuple[str, str] | None, Guess | None]:
    """The decimal mark and that of thousands; None if there is no mark at all."""
    proven = _proven(marks)
    decimal, thousands = proven["decimal"], proven["thousands"]
    rival = "," if decimal == "." else "."
    if decimal and whole[f"decimal{rival}"] and marks[f"{decimal}x"] <= MAX_BAD_SHARE * marks.total():
        decimal = ""  # a slip of the pen, where all else in the file is written the other way
    if decimal:
        return (decimal, thousands or (rival if marks[f"{rival}3"] else "")), None
    usual = (
        max(".,", key=lambda mark: whole[f"decimal{mark}"]) if whole["decimal."] + whole["decimal,"] else ""
    )
    doubtful = max((mark for mark in ".," if marks[f"{mark}3"]), key=lambda m: marks[f"{m}3"], default="")
    if thousands in (",", "."):
        return ("." if thousands == "," else ",", thousands), None
    if not doubtful:
        if not thousands:
            return None, None
        return (usual or ".", thousands), None
    other = "," if doubtful == "." else "."
    parts, fraction = (other, doubtful), (doubtful, thousands)
    if marks["0000"]:  # a number of four digits that has no mark
        return fraction, None
    if usual == other or whole[f"thousands{doubtful}"]:
        return parts, None
    example = evidence.examples.get(f"{doubtful}3", "")
    small = marks["0"] + marks["000"] + marks["zero"] + marks["float"]
    if small >= FEW_MARKED and not marks["000"]:
        small = 0  # numbers of one or two digits beside some of thousands, and none between: hardly
    few = marks[f"{doubtful}3"] < FEW_MARKED
    if usual:
        # All other columns have it as their decimal mark; this one alone looks as if it parted thousands.
        taken, close = (fraction if few or not small else parts), small > 0
    else:
        taken = parts if small or (doubtful == "," and commas_split) else fraction
        close = not small or few
    return taken, _guess(example, taken, parts, fraction, place, names[place], close)


def _guess(
    example: str,
    taken: tuple[str, str],
    parts: tuple[str, str],
    fraction: tuple[str, str],
    place: int,
    name: str,
    close: bool,
) -> Guess | None:
    numeral = read_numeral(example)
    if numeral is None:
        return None
    readings = []
    for decimal, thousands in (parts, fraction):
        value = numeral.value(decimal, thousands)
        options = {"decimal": decimal, "thousands": thousands}
        readings.append(Reading(as_text(value) if value is not None else "", options))
    if taken != parts:
        readings.reverse()
    return Guess("thousands", readings[0], readings[1], example, close, place + 1, name)
