"""Checking a lesson: what its author is to mend before a class meets it, each thing with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any
from unicodedata import east_asian_width

from engine.errors import EngineError, LessonError
from engine.files.atomic import Where
from engine.lessons.expression import error_at
from engine.lessons.folder import Folder, open_lesson, read_folder
from engine.lessons.keys import Keys, check_work
from engine.lessons.lesson import (
    Change,
    Choose,
    Fault,
    Goal,
    Hole,
    Item,
    Lesson,
    Order,
    Prose,
    Question,
    Reveal,
    Setup,
    Show,
    Source,
    Step,
    Tolerance,
)
from engine.lessons.materials import Network
from engine.lessons.paper import formulas_in, is_formula
from engine.lessons.values import spot_in

_VALUE = re.compile(r"\{\{.+?\}\}|\[\[.+?\]\]")

SEEDS = (1, 2, 3)
"""Of students that a lesson with drawn numbers is tried for."""


def check(lesson: Folder | Where) -> tuple[EngineError, ...]:
    """Find all that is wrong with a lesson, its translations included; nothing of it is executed.

    Parameters
    ----------
    lesson : Folder or path

    Returns
    -------
    tuple of EngineError
        In the order of the lines, file by file; each has `details` with ``file``, ``line`` and ``column``.
    """
    try:
        folder = lesson if isinstance(lesson, Folder) else open_lesson(lesson)
    except LessonError as error:
        return (error,)
    main = read_folder(folder)
    if main.lesson is None:
        return main.problems
    problems = _checked(main.lesson, folder)
    for language in folder.translations:
        read = read_folder(folder, language)
        problems += read.problems
        if read.lesson is not None:
            problems += _translated(main.lesson, read.lesson, language)
            checker = _Checker(read.lesson, folder, SEEDS[0], first=True)
            for step in read.lesson.steps:
                checker.formulas(step)
            problems += checker.problems
    return tuple(problems)


def check_together(folders: Sequence[Folder]) -> tuple[EngineError, ...]:
    """Find what is wrong with lessons that stand in one menu: names given twice, lessons that are missing."""
    problems: list[EngineError] = []
    known: dict[str, Folder] = {}
    for folder in folders:
        if folder.name in known:
            first, second = str(known[folder.name].path), str(folder.path)
            problems.append(LessonError("same_name", name=folder.name, first=first, second=second))
        known.setdefault(folder.name, folder)
    for folder in folders:
        lesson = read_folder(folder).lesson
        for name in () if lesson is None else lesson.needs:
            if name not in known or name == folder.name:
                assert lesson is not None
                spot = next(iter(lesson.experiments.values())).spot if lesson.experiments else None
                details: dict[str, Any] = {"file": f"{folder.name}/{lesson.file}", "line": 1, "column": 1}
                if spot is not None:
                    details |= {"line": _line_of_needs(folder)}
                problems.append(LessonError("unknown_lesson", name=name[:60], **details))
    return tuple(problems)


def _line_of_needs(folder: Folder) -> int:
    lines = folder.text("lesson.md").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip().startswith("needs")), 1)


# -- one language ------------------------------------------------------------------------------------------


def _checked(lesson: Lesson, folder: Folder) -> list[EngineError]:
    seeds = SEEDS if any(setup.draws for setup in lesson.experiments.values()) else SEEDS[:1]
    found: dict[tuple[Any, ...], EngineError] = {}
    for seed in seeds:
        for problem in _Checker(lesson, folder, seed, first=seed == seeds[0]).run():
            place: tuple[Any, ...] = (
                problem.details.get("line"),
                problem.details.get("column"),
                problem.kind,
            )
            if problem.kind in ("missing_file", "bad_experiment"):  # of those that are like it, too
                place = (problem.kind, str(problem.details.get("reason", problem.details["name"])))
            found.setdefault(place, problem)
    return sorted(found.values(), key=lambda problem: (problem.details["line"], problem.details["column"]))


class _Checker:
    """Computes all that a lesson shows and asks, for one student."""

    def __init__(self, lesson: Lesson, folder: Folder, seed: int, first: bool) -> None:
        self.lesson, self.keys, self.first = lesson, Keys(lesson, folder, seed), first
        self.problems: list[EngineError] = []
        self.broken: set[str] = set()

    def run(self) -> list[EngineError]:
        for name in self.lesson.experiments:
            before = len(self.problems)
            self.attempt(self.keys.material, name)
            if len(self.problems) > before:
                self.broken.add(name)
        for step in self.lesson.steps:
            if step.experiment not in self.broken:
                self.step(step)
        return self.problems

    def attempt(self, do: Callable[..., Any], *about: object) -> None:
        try:
            do(*about)
        except EngineError as error:
            # a broken experiment has been told where it stands
            if error.kind != "bad_experiment" or not self.broken:
                self.problems.append(error)

    def step(self, step: Step) -> None:
        if self.first:
            self.formulas(step)
        self.attempt(self.keys.filled, step)
        if isinstance(step, Choose | Order):
            for item in step.items:
                self.attempt(self.keys.filled, step, item.text)
        if isinstance(step, Show | Reveal):
            self.attempt(self.shown, step)
        if isinstance(step, Goal):
            if self.first:
                self.attempt(self.goal, step)
        elif isinstance(step, Fault):
            self.attempt(self.keys.planted, step)
        elif isinstance(step, Question):
            self.attempt(self.keys.key, step)

    def formulas(self, step: Step) -> None:
        """See that the formulas of a text can be set."""
        for formula, offset in formulas_in(step.text):
            spot = spot_in(step.text, offset, step.text_spot)
            wide = next((letter for letter in formula if east_asian_width(letter) in "WF"), "")
            if wide:
                self.problems.append(error_at(spot, "formula_letters", text=wide))
            elif not is_formula(_VALUE.sub("1", formula)):
                self.problems.append(error_at(spot, "bad_formula", text=_short(formula)))

    def shown(self, step: Show | Reveal) -> None:
        """See that what is to be shown is there."""
        if not step.experiment:
            if step.select is not None or (isinstance(step, Show) and (step.step or step.run)):
                raise error_at(step.spot, "no_experiment")
            return
        material = self.keys.material(step.experiment)
        if not isinstance(material, Network):
            return
        record = self.keys.record(step.experiment, 1, step.spot)
        if step.select is not None and not _exists(step.select, record.sizes):
            text, sizes = (
                sign.join(map(str, part)) for sign, part in ((",", step.select), ("-", record.sizes))
            )
            raise error_at(step.spot, "no_such_part", text=text, sizes=sizes)
        if isinstance(step, Show):
            if step.sample is not None and step.sample > record.batch:
                raise error_at(step.spot, "no_such_sample", value=step.sample, rows=record.batch)
            check_work(material.trainer(), max(step.step or 1, step.run or 1), step.spot)

    def goal(self, goal: Goal) -> None:
        """Try a goal: it is not met from the start, and it can be met."""
        for change in goal.solve:
            for name in goal.locked:
                if _touches(change, name):
                    raise error_at(change.spot, "locked_solution", name=change.path)
        if self.keys.attempt(goal, solve=False).met:
            raise error_at(goal.condition.spot, "already_met")
        tried = self.keys.attempt(goal, solve=True)
        if not tried.met:
            found = tried.reason or f"{goal.condition.text}: no"
            raise error_at(goal.condition.spot, "cannot_be_met", within=goal.within, found=found.rstrip("."))


def _touches(change: Change, locked: str) -> bool:
    if locked == "parameters":
        return change.path.startswith(("w[", "b["))
    return change.path == locked or change.path.startswith((f"{locked}.", f"{locked}["))


def _exists(select: tuple[int | str, ...], sizes: Sequence[int]) -> bool:
    layer, *units = select
    if not isinstance(layer, int) or not 0 <= layer < len(sizes):
        return False
    if len(units) == 2 and isinstance(units[0], int) and not (layer and 1 <= units[0] <= sizes[layer - 1]):
        return False
    return not units or (isinstance(units[-1], int) and 1 <= units[-1] <= sizes[layer])


# -- translations ------------------------------------------------------------------------------------------


def _translated(main: Lesson, other: Lesson, language: str) -> list[EngineError]:
    """Compare the blocks of a translation with those of the lesson."""
    problems: list[EngineError] = []
    if other.language != language:
        details = {"file": other.file, "line": 1, "column": 1}
        found, expected = f'language = "{other.language}"', f'language = "{language}"'
        problems.append(LessonError("block_differs", found=found, expected=expected, **details))
    if _content(main.experiments.values()) != _content(other.experiments.values()):
        spot = next(iter(other.experiments.values())).spot
        problems.append(
            error_at(spot, "block_differs", found="other [experiments]", expected="these [experiments]")
        )
    ours = [step for step in main.steps if not isinstance(step, Prose)]
    theirs = [step for step in other.steps if not isinstance(step, Prose)]
    for one, two in zip(ours, theirs, strict=False):
        if difference := _difference(one, two):
            expected, found = difference
            return [*problems, error_at(two.spot, "block_differs", found=found, expected=expected)]
    if len(ours) > len(theirs):
        missing = ours[len(theirs)]
        spot = theirs[-1].spot if theirs else missing.spot._replace(file=other.file, line=1, column=1)
        problems.append(error_at(spot, "block_missing", expected=_told(missing), other=missing.spot.line))
    elif len(theirs) > len(ours):
        more = theirs[len(ours)]
        problems.append(error_at(more.spot, "block_differs", found=_told(more), expected="…"))
    return problems


def _difference(one: Step, two: Step) -> tuple[str, str] | None:
    if _told(one) != _told(two):
        return _told(one), _told(two)
    for name, value in _options(one).items():
        other = _options(two)[name]
        if value != other:
            return f"{name} = {_short(value)}", f"{name} = {_short(other)}"
    return None


def _told(step: Step) -> str:
    return f"{step.kind} {step.id}" if isinstance(step, Question) else step.kind


def _options(step: Step) -> dict[str, Any]:
    texts = ("spot", "text", "text_spot")
    return {f.name: _bare(getattr(step, f.name)) for f in fields(step) if f.name not in texts}


def _bare(value: Any) -> Any:
    """A value without what may differ between languages: texts and places."""
    if isinstance(value, Source):
        return value.text
    if isinstance(value, Item):
        return _bare(value.when)
    if isinstance(value, Hole):
        return value.target.text
    if isinstance(value, Change):
        return f"{value.path}={value.value}"
    if isinstance(value, Tolerance):
        return value.amount, value.relative
    return tuple(map(_bare, value)) if isinstance(value, tuple) else value


def _content(setups: Iterable[Setup]) -> list[dict[str, Any]]:
    return [{f.name: getattr(setup, f.name) for f in fields(setup) if f.name != "spot"} for setup in setups]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
