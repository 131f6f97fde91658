"""A lesson that has been read: its texts with their numbers, its networks and its right answers.

Reading and computing take their time, so all of it is done on the second thread; what the page is made of is
frozen by then.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.digits import short
from engine.errors import EngineError
from engine.explain.symbols import activation_latex, latex
from engine.lessons.blocks import HIDEABLE, hidden_expression
from engine.lessons.folder import Folder, open_lesson, read_folder
from engine.lessons.judging import Verdict, judge
from engine.lessons.keys import Key, Keys
from engine.lessons.lesson import (
    Blank,
    Choose,
    Fault,
    Goal,
    Lesson,
    Order,
    Point,
    Predict,
    Question,
    Source,
    Step,
)
from engine.lessons.materials import FormulaWithValues, Material
from engine.lessons.moment import Moment
from engine.lessons.values import holes_in, replaced
from engine.mistakes.clinic import Planted
from engine.phases import Phase, PhaseKind
from gui.lessons.answers import FACTORS, SIGNS_OF_BLANKS
from gui.training.messages import Frame, Start

MAIN_LANGUAGE = "en"


@dataclass(frozen=True, eq=False)
class Asked:
    """A question as it is put.

    Attributes
    ----------
    text : str
        Markdown, with signs where blanks are.
    items : tuple of str
        What there is to choose or to sort.
    shuffled : tuple of int
        The places of what is to be sorted, as it stands at first.
    key : Key
    right : str
        The right answer in words, as far as there is one before it is placed in the window.
    quantity : Phase or None
        How much of the step must be revealed for the answer to be seen; None for a question that is not
        about a network's step.
    planted : Planted or None
        Of a fault.
    derived : bool
        Whether a derivative of a formula is asked for.
    """

    text: str
    items: tuple[str, ...] = ()
    shuffled: tuple[int, ...] = ()
    key: Key = field(default_factory=Key)
    right: str = ""
    quantity: Phase | None = None
    planted: Planted | None = None
    derived: bool = False


@dataclass(frozen=True, eq=False)
class Course:
    """A lesson in the language of the window, for one student.

    Attributes
    ----------
    path : Path
    name : str
        By which its progress is kept.
    lesson : Lesson
    keys : Keys
        For the second thread alone.
    texts : mapping of step's place in the lesson to str
    asked : mapping of question's id to Asked
    materials : mapping of experiment's name to Material
    """

    path: Path
    name: str
    lesson: Lesson
    keys: Keys
    texts: Mapping[int, str]
    asked: Mapping[str, Asked]
    materials: Mapping[str, Material]

    @property
    def question_ids(self) -> list[str]:
        """The ids of its questions, in order."""
        return [question.id for question in self.lesson.questions]

    def place_of(self, step: Step) -> int:
        """The place of a step in the lesson."""
        return next(place for place, one in enumerate(self.lesson.steps) if one is step)

    def text(self, step: Step) -> str:
        """The text of a step, its numbers put in."""
        return self.texts[self.place_of(step)]

    def start(self, name: str) -> Start | None:
        """What the parameters of a network begin with, where they are given."""
        material = self.materials[name]
        assert not isinstance(material, FormulaWithValues)
        given = material.weights, material.biases, material.session
        if given == (None, None, None) and not (material.held_weights or material.held_biases):
            return None
        trainer = material.trainer()
        return Start(
            tuple(array.copy() for array in trainer.weights),
            tuple(array.copy() for array in trainer.biases),
            material.held_weights,
            material.held_biases,
        )


@dataclass(frozen=True, eq=False)
class Opened:
    """What came of opening a lesson: a course, or what is wrong with it, or both."""

    course: Course | None
    problems: tuple[EngineError, ...] = ()


def language_of(folder: Folder, language: str) -> str:
    """The language to read a lesson in: that of the window, if the lesson speaks it."""
    return language if language in folder.translations else ""


def open_course(path: Path, name: str, language: str, seed: int) -> Opened:
    """Read a lesson and work out all that it shows."""
    try:
        folder = open_lesson(path)
    except EngineError as error:
        return Opened(None, (error,))
    read = read_folder(folder, language_of(folder, language))
    if read.lesson is None:
        return Opened(None, read.problems)
    lesson, keys = read.lesson, Keys(read.lesson, folder, seed)
    problems: list[EngineError] = []
    materials: dict[str, Material] = {}
    texts: dict[int, str] = {}
    asked: dict[str, Asked] = {}

    def attempt(do: Callable[[], None]) -> None:
        try:
            do()
        except EngineError as error:
            problems.append(error)

    for one in lesson.experiments:
        attempt(lambda one=one: materials.update({one: keys.material(one)}))  # type: ignore[misc]
    if problems:
        return Opened(None, tuple(problems))
    for place, step in enumerate(lesson.steps):
        if isinstance(step, Question):
            attempt(lambda step=step: asked.update({step.id: _asked(keys, step)}))  # type: ignore[misc]
        else:
            attempt(lambda place=place, step=step: texts.update({place: keys.filled(step)}))  # type: ignore[misc]
    if problems:
        return Opened(None, tuple(problems))
    return Opened(Course(path, name, lesson, keys, texts, asked, materials))


def judged(course: Course, question: Question, answer: Any) -> Verdict:
    """Judge an answer; on the second thread."""
    return judge(course.keys, question, answer)


def meets(course: Course, goal: Goal, frame: Frame) -> bool:
    """Whether what the window shows meets a goal; on the second thread."""
    return judge(course.keys, goal, Moment(frame.record, lambda: _metric(frame))).right


def _metric(frame: Frame) -> float:
    for scalars in (frame.near, frame.scalars):
        if scalars is not None:
            for step, value in zip(scalars.steps.tolist(), scalars.metric.tolist(), strict=True):
                if step == frame.record.step:
                    return float(value)
    return float("nan")


# -- how a question is put ---------------------------------------------------------------------------------


def _asked(keys: Keys, question: Question) -> Asked:
    derived = any(_DERIVATIVE.search(source) for source in _sources(question))
    return replace(_put(keys, question), derived=derived)


def _put(keys: Keys, question: Question) -> Asked:
    key = keys.key(question)
    material = keys.material(question.experiment)
    quantity = None
    if not isinstance(material, FormulaWithValues) and not isinstance(question, Goal | Fault):
        sizes = keys.record(question.experiment, question.step, question.spot).sizes
        quantity = phase_of(_sources(question), question, len(sizes) - 1)
    if isinstance(question, Blank):
        return Asked(_with_blanks(keys, question), key=key, right=_numbers(key), quantity=quantity)
    text = keys.filled(question)
    if isinstance(question, Choose):
        items = tuple(keys.filled(question, item.text) for item in question.items)
        return Asked(text, items, key=key, right=items[key.order[0]], quantity=quantity)
    if isinstance(question, Order):
        items = tuple(keys.filled(question, item.text) for item in question.items)
        shuffled = _shuffled(len(items), key.order, f"{keys.seed} {question.id}")
        right = " · ".join(items[place] for place in key.order)
        return Asked(text, items, shuffled, key, right, quantity)
    if isinstance(question, Predict):
        right = ("−0+"[_sign(key.numbers[0]) + 1]) if question.ask == "sign" else short(key.numbers[0])
        return Asked(text, key=key, right=right, quantity=quantity)
    if isinstance(question, Fault):
        return Asked(text, key=key, planted=keys.planted(question))
    if isinstance(question, Point) and question.what == "factor":
        right = " · ".join(FACTORS[str(place[0])] for place in key.places)
        return Asked(text, key=key, right=right, quantity=quantity)
    return Asked(text, key=key, quantity=quantity)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _numbers(key: Key) -> str:
    return "   ".join(
        f"{SIGNS_OF_BLANKS[place % 20]} {short(number)}" for place, number in enumerate(key.numbers)
    )


def _shuffled(count: int, right: tuple[int, ...], seed: str) -> tuple[int, ...]:
    """An order that is not the right one, the same each time."""
    rng = random.Random(seed)
    order = list(range(count))
    for _ in range(20):
        rng.shuffle(order)
        if tuple(order) != right:
            break
    return tuple(order)


def _with_blanks(keys: Keys, question: Blank) -> str:
    """The text with a sign for each blank; of a derivation, its parts one below the other."""
    if question.derivation is None:
        holes = holes_in(question.text, question.text_spot)
        text = replaced(question.text, holes, lambda place: f"**{SIGNS_OF_BLANKS[place % 20]}**")
        return keys.filled(question, text)
    layer, source, unit = question.derivation
    shown = [name for name in HIDEABLE if not (name == "activation" and source == "b")]
    if keys.record(question.experiment, question.step, question.spot).batch == 1:
        shown.remove("share")  # it is the gradient
    lines = ["| | |", "| --- | ---: |"]
    for name in [name for name in HIDEABLE if name in shown or name in question.hide]:
        if name in question.hide:
            value = f"**{SIGNS_OF_BLANKS[question.hide.index(name)]}**"
        else:
            expression = Source(hidden_expression(name, question.derivation), question.spot)
            value = short(keys.value(expression, question))
        lines.append(f"| ${_derived(name, layer, source, unit)}$ | {value} |")
    return "\n\n".join([keys.filled(question), "\n".join(lines)])


def _derived(name: str, layer: int | str, source: int | str, unit: int | str) -> str:
    """A part of a derivation, as it is written."""
    parameter = latex("b", layer, str(unit)) if source == "b" else latex("w", layer, str(source), str(unit))
    return {
        "upstream": rf"\partial L/\partial {latex('a', layer, str(unit))}",
        "slope": rf"f'({latex('z', layer, str(unit))})",
        "activation": activation_latex(int(layer) - 1, str(source)),
        "share": rf"\partial L_s/\partial {parameter}",
        "gradient": rf"\partial L/\partial {parameter}",
        "update": rf"{parameter} \leftarrow",
    }[name]


# -- how much of a step an answer needs ----------------------------------------------------------------------

_QUANTITY = re.compile(
    r"\b(z|a|delta|upstream|slope|grad|share|grad_norm|loss|sample_loss|metric)\b(\[[^\]]*\])?"
)
_DERIVATIVE = re.compile(r"\bd\[")
_UPDATED = re.compile(r"\b(update|velocity|moment1|moment2|squares)\b|\bafter\b")


def _sources(question: Question) -> list[str]:
    """The expressions that an answer comes from."""
    if isinstance(question, Predict):
        return [question.target.text]
    if isinstance(question, Choose | Order):
        return [item.when.text for item in question.items if item.when is not None]
    if isinstance(question, Point):
        return [question.by.text]
    if isinstance(question, Blank):
        return [hole.target.text for hole in question.holes]
    return []


def phase_of(sources: Iterable[str], question: Question, layers: int) -> Phase:
    """The first phase of a step, by layer, in which all that is asked for can be seen."""
    rank = 0
    phases = by_layer(layers)
    for source in sources:
        if _UPDATED.search(source):
            return phases[-1]
        for found in _QUANTITY.finditer(source):
            first = (found[2] or "[")[1:].split(",")[0].strip(" ]")
            layer = min(int(first), layers) if first.isdecimal() else None
            rank = max(rank, _rank(found[1], layer, layers))
    if isinstance(question, Point) and question.what == "factor" and question.select is not None:
        rank = max(rank, _rank("grad", int(question.select[0]), layers))
    return phases[rank]


def _rank(name: str, layer: int | None, layers: int) -> int:
    if name in ("z", "a"):
        return layers if layer is None else layer
    if name in ("loss", "sample_loss", "metric"):
        return layers + 1
    return layers + 1 + (layers - (1 if layer is None else max(layer, 1)) + 1)


def by_layer(layers: int) -> list[Phase]:
    """The phases of a step, from nothing revealed to all of it."""
    return [
        Phase(PhaseKind.INPUT),
        *(Phase(PhaseKind.FORWARD, layer) for layer in range(1, layers + 1)),
        Phase(PhaseKind.LOSS),
        *(Phase(PhaseKind.BACKWARD, layer) for layer in range(layers, 0, -1)),
        Phase(PhaseKind.UPDATE),
    ]
