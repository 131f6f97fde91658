"""The head of a lesson: TOML, each key checked, its errors with their lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from engine.errors import QT_TRANSLATE_NOOP, EngineError, ExpressionError
from engine.explain.expression import parse
from engine.files.experiment_file import line_of
from engine.lessons.expression import error_at
from engine.lessons.lesson import Draw, Lesson, Setup, Spot

FENCE = "+++"

KEYS = ("title", "language", "minutes", "goals", "needs", "order", "experiment", "experiments")
_SETUP = (
    *("like", "file", "session", "data", "target", "kind", "weights", "biases", "held", "set"),
    *("formula", "values", "draw"),
)
TARGET_KINDS = ("regression", "binary")
_DRAWN = ("inputs", "targets", "weights", "biases")
_NAME = re.compile(r"[^\W\d][\w-]{0,39}")
_HELD = re.compile(r"[wb]|w\[\d{1,5},\d{1,5},\d{1,5}\]|b\[\d{1,5},\d{1,5}\]")
_EXAMPLES = {
    "title": 'title = "One neuron"',
    "language": 'language = "en"',
    "minutes": "minutes = 15",
    "goals": 'goals = ["Find the factor that starves it."]',
}
MOST_EXPERIMENTS = 40
MOST_NUMBERS = 20_000


@dataclass(frozen=True)
class Head:
    """What the head says."""

    title: str
    language: str
    minutes: int
    goals: tuple[str, ...]
    needs: tuple[str, ...]
    order: int
    experiment: str
    experiments: Mapping[str, Setup]


def read_head(
    text: str, file: str, problems: list[EngineError], original: Lesson | None = None
) -> Head | None:
    """Read a head; None if it is no TOML, and what is wrong in `problems`.

    Parameters
    ----------
    text : str
        Without the lines around it; it begins on line 2 of the file.
    original : Lesson, optional
        What this is a translation of: it need not say again what is no text.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number too long, brackets too deep
        reason = str(error)
        place = re.search(r"\(at line (\d+), column (\d+)\)", reason)
        line, column = (int(place[1]) + 1, int(place[2])) if place else (text.count("\n") + 2, 1)
        reason = reason.split(" (at ")[0].rstrip(".")
        problems.append(error_at(Spot(file, line, column), "bad_head", reason=reason))
        return None
    return _Reader(text, file, problems, original).head(table)


class _Reader:
    def __init__(self, text: str, file: str, problems: list[EngineError], original: Lesson | None) -> None:
        self.text, self.file, self.problems, self.original = text, file, problems, original

    def spot(self, path: str) -> Spot:
        line = line_of(self.text, path)
        if line is None:
            return Spot(self.file, 1, 1)
        written = self.text.split("\n")[line - 1]
        return Spot(self.file, line + 1, len(written) - len(written.lstrip()) + 1)

    def fail(self, path: str, kind: str, **details: object) -> None:
        self.problems.append(error_at(self.spot(path), kind, **details))

    def wrong(self, path: str, value: object, needed: str) -> None:
        self.fail(path, "wrong_value", name=path, value=_short(value), needed=needed)

    # -- the whole -----------------------------------------------------------------------------------

    def head(self, table: dict[str, Any]) -> Head | None:
        before, original = len(self.problems), self.original
        self.known(table, KEYS, "")
        for name, example in _EXAMPLES.items():
            if name not in table and not (original is not None and name == "minutes"):
                self.fail(name, "missing_key", name=name, example=example)
        title = self.text_of(table, "title")
        language = self.text_of(table, "language")
        if language and not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", language):
            self.wrong(
                "language", language, QT_TRANSLATE_NOOP("errors", 'a language such as "en" or "zh_CN"')
            )
        if original is not None and "experiments" not in table:
            experiments = dict(original.experiments)
            table = {"experiment": original.experiment, **table} if original.experiment else table
        else:
            experiments = self.experiments(table.get("experiments", {}))
        first = self.text_of(table, "experiment") or next(iter(experiments), "")
        if first and first not in experiments:
            allowed = ", ".join(experiments) or "…"
            self.fail("experiment", "unknown_experiment", name=first[:60], allowed=allowed)
        head = Head(
            title,
            language,
            self.whole(table, "minutes", 1, 600, 15 if original is None else original.minutes),
            self.texts(table, "goals"),
            self.texts(table, "needs") if original is None or "needs" in table else original.needs,
            self.whole(table, "order", 1, 10_000, 0 if original is None else original.order),
            first,
            MappingProxyType(experiments),
        )
        return head if len(self.problems) == before else _usable(head)

    def experiments(self, tables: object) -> dict[str, Setup]:
        if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
            self.wrong(
                "experiments", tables, QT_TRANSLATE_NOOP("errors", "tables such as [experiments.mazur]")
            )
            return {}
        if len(tables) > MOST_EXPERIMENTS:
            self.wrong("experiments", len(tables), f"at most {MOST_EXPERIMENTS}")
            return {}
        found: dict[str, Setup] = {}
        for name, table in tables.items():
            if not _NAME.fullmatch(name):
                self.wrong(
                    f"experiments.{name}",
                    repr(name),
                    QT_TRANSLATE_NOOP("errors", "a name of letters, digits, _ and -, a letter first"),
                )
            else:
                found[name] = self.setup(name, table, found)
        return found

    # -- an experiment -------------------------------------------------------------------------------

    def setup(self, name: str, table: dict[str, Any], before: Mapping[str, Setup]) -> Setup:
        at = f"experiments.{name}"
        self.known(table, _SETUP, at)
        setup = Setup(name, self.spot(at))
        if "like" in table:
            like = self.text_of(table, "like", at)
            if like not in before:
                allowed = ", ".join(before) or "…"
                self.fail(f"{at}.like", "unknown_experiment", name=like[:60], allowed=allowed)
            else:
                setup = replace(before[like], name=name, spot=setup.spot)
        given: dict[str, Any] = {
            key: self.text_of(table, key, at)
            for key in ("file", "session", "data", "formula")
            if key in table
        }
        setup = replace(setup, **given)
        one = [key for key in ("file", "session", "formula") if getattr(setup, key)]
        if len(one) > 1:
            self.fail(f"{at}.{one[1]}", "not_both", name=one[0], other=one[1])
        elif not one and "like" not in table:
            self.fail(at, "missing_key", name="file", example='file = "network.toml"')
        if setup.file and not setup.data:
            self.fail(at, "missing_key", name="data", example='data = "xor"')
        setup = replace(setup, **self.parts(table, at, setup))
        return replace(setup, draws=MappingProxyType(self.draws(table, at, setup)))

    def parts(self, table: dict[str, Any], at: str, setup: Setup) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        if setup.is_formula:
            self.formula(setup, at)
        for key in ("target", "kind", "weights", "biases", "held", "set"):
            if key in table and setup.is_formula:
                self.fail(f"{at}.{key}", "not_both", name=key, other="formula")
        if "values" in table and not setup.is_formula:
            self.fail(f"{at}.values", "not_both", name="values", other="file")
        if "target" in table:
            value = table["target"]
            parts["target"] = (value,) if isinstance(value, str) else self.texts(table, "target", at)
        if "kind" in table:
            parts["kind"] = kind = self.text_of(table, "kind", at)
            if kind and kind not in TARGET_KINDS:
                self.wrong(f"{at}.kind", kind, f"one of: {', '.join(TARGET_KINDS)}")
        for key, depth in (("weights", 3), ("biases", 2)):
            if key in table:
                parts[key] = self.numbers(table[key], f"{at}.{key}", depth)
        if "held" in table:
            parts["held"] = held = self.texts(table, "held", at)
            for place in held:
                if not _HELD.fullmatch(place.replace(" ", "")):
                    self.wrong(f"{at}.held", place, QT_TRANSLATE_NOOP("errors", "w, b, w[2,1,1] or b[1,2]"))
        if "set" in table:
            if isinstance(table["set"], dict):
                parts["changes"] = MappingProxyType({**setup.changes, **table["set"]})
            else:
                self.wrong(
                    f"{at}.set",
                    table["set"],
                    QT_TRANSLATE_NOOP("errors", "a table of settings such as learning_rate = 0.5"),
                )
        if "values" in table:
            values = table["values"]
            if isinstance(values, dict) and all(map(_is_number, values.values())):
                floats = {key: float(value) for key, value in values.items()}
                parts["values"] = MappingProxyType({**setup.values, **floats})
            else:
                self.wrong(
                    f"{at}.values",
                    values,
                    QT_TRANSLATE_NOOP("errors", "a table of numbers such as x = 2.0"),
                )
        return parts

    def formula(self, setup: Setup, at: str) -> None:
        try:
            parse(setup.formula, setup.values)
        except ExpressionError as error:
            self.fail(f"{at}.formula", "bad_experiment", name=setup.name, where="", reason=error)

    def draws(self, table: dict[str, Any], at: str, setup: Setup) -> dict[str, Draw]:
        found = dict(setup.draws)
        given = table.get("draw", {})
        if not isinstance(given, dict):
            self.wrong(
                f"{at}.draw",
                given,
                QT_TRANSLATE_NOOP("errors", "a table of what is drawn, such as inputs"),
            )
            return found
        names = tuple(setup.values) if setup.is_formula else _DRAWN
        self.known(given, names, f"{at}.draw")
        for name, row in given.items():
            if name not in names:
                continue
            place = f"{at}.draw.{name}"
            if not isinstance(row, dict) or "low" not in row or "high" not in row:
                self.wrong(
                    place,
                    row,
                    QT_TRANSLATE_NOOP("errors", "a table such as low = 0.1, high = 0.9, digits = 2"),
                )
                continue
            self.known(row, ("low", "high", "digits", "signs"), place)
            low, high, digits = row["low"], row["high"], row.get("digits", 2)
            signs = row.get("signs", False)
            if not (_is_number(low) and _is_number(high) and low < high):
                self.wrong(place, row, QT_TRANSLATE_NOOP("errors", "bounded by two numbers, low below high"))
            elif not isinstance(digits, int) or isinstance(digits, bool) or not 0 <= digits <= 6:
                self.wrong(f"{place}.digits", digits, "a whole number from 0 to 6")
            elif not isinstance(signs, bool):
                self.wrong(f"{place}.signs", signs, QT_TRANSLATE_NOOP("errors", "true or false"))
            else:
                found[name] = Draw(float(low), float(high), digits, signs)
        return found

    # -- values --------------------------------------------------------------------------------------

    def known(self, table: Mapping[str, Any], names: tuple[str, ...], at: str) -> None:
        for key in table:
            if key not in names:
                path = f"{at}.{key}" if at else key
                self.fail(path, "unknown_key", name=_short(key), allowed=", ".join(names))

    def text_of(self, table: Mapping[str, Any], key: str, at: str = "") -> str:
        value = table.get(key, "")
        path = f"{at}.{key}" if at else key
        if not isinstance(value, str) or (key in table and not value.strip()):
            self.wrong(path, value, QT_TRANSLATE_NOOP("errors", "a text"))
            return ""
        if len(value) > 2_000:
            self.wrong(path, value, QT_TRANSLATE_NOOP("errors", "a shorter text"))
            return ""
        return value

    def texts(self, table: Mapping[str, Any], key: str, at: str = "") -> tuple[str, ...]:
        value = table.get(key, [])
        if (
            not isinstance(value, list)
            or not all(isinstance(each, str) for each in value)
            or len(value) > 1_000
        ):
            self.wrong(f"{at}.{key}" if at else key, value, QT_TRANSLATE_NOOP("errors", "a list of texts"))
            return ()
        return tuple(value)

    def whole(self, table: Mapping[str, Any], key: str, low: int, high: int, default: int) -> int:
        value = table.get(key, default)
        if key in table and (
            isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high
        ):
            self.wrong(key, value, f"a whole number from {low} to {high}")
            return default
        return int(value)

    def numbers(self, value: object, path: str, depth: int) -> tuple[Any, ...]:
        count = 0

        def taken(part: object, left: int) -> Any:
            nonlocal count
            if left == 0:
                count += 1
                if count > MOST_NUMBERS or not _is_number(part):
                    raise ValueError
                return float(part)  # type: ignore[arg-type]
            if not isinstance(part, list) or not part:
                raise ValueError
            return tuple(taken(each, left - 1) for each in part)

        try:
            return tuple(taken(value, depth))
        except ValueError:
            needed = (
                QT_TRANSLATE_NOOP("errors", "a table of numbers for each layer")
                if depth == 3
                else QT_TRANSLATE_NOOP("errors", "a list of numbers for each layer")
            )
            self.wrong(path, value, needed)
            return ()


def _usable(head: Head) -> Head | None:
    """A head with faults is read on with, so that those of the body are told, too."""
    return head if head.experiment in head.experiments or not head.experiments else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _short(value: object) -> str:
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        text = "…"
    return text if len(text) <= 60 else text[:59] + "…"
