"""What a lesson is: its head, its experiments and its steps, frozen; nothing here reads or computes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

MAIN = "lesson.md"
"""The file that makes a folder a lesson."""


class Spot(NamedTuple):
    """A place in a file of the lesson; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """An expression or a condition as it was written, and where."""

    text: str
    spot: Spot


@dataclass(frozen=True)
class Tolerance:
    """How far from the right number an answer may be: a share of it, or a number."""

    amount: float = 0.02
    relative: bool = True

    def allows(self, answer: float, right: float) -> bool:
        """Whether an answer is near enough."""
        room = self.amount * abs(right) if self.relative else self.amount
        return abs(answer - right) <= max(room, 1e-12) * (1 + 1e-9)


@dataclass(frozen=True)
class Draw:
    """How the numbers of a student are drawn: evenly between two bounds, to so many decimals."""

    low: float
    high: float
    digits: int = 2
    signs: bool = False


@dataclass(frozen=True)
class Setup:
    """An experiment of a lesson: a network with its data, or a formula with its values.

    Attributes
    ----------
    name : str
    spot : Spot
        Of its table in the head.
    file, session : str
        Of the folder; one of them, of a network.
    data : str
        A file of the folder or the name of a built-in data set.
    target : tuple of str
        Columns of the data file.
    kind : str
        What the target is, where so few rows do not show it; empty: as it is read.
    weights, biases : tuple of nested tuples, or empty
        By layer, rows where the weights come from.
    held : tuple of str
        Parameters that do not move: ``b[1,2]``, ``w[1,2,1]``, or ``b`` and ``w`` for all.
    changes : mapping of setting to value
    formula : str
        Empty for a network.
    values : mapping of variable to value
    draws : mapping of what is drawn to Draw
    """

    name: str
    spot: Spot
    file: str = ""
    session: str = ""
    data: str = ""
    target: tuple[str, ...] = ()
    kind: str = ""
    weights: tuple[Any, ...] = ()
    biases: tuple[Any, ...] = ()
    held: tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    formula: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    draws: Mapping[str, Draw] = field(default_factory=dict)

    @property
    def is_formula(self) -> bool:
        """Whether it is a formula of the expression lab."""
        return bool(self.formula)


@dataclass(frozen=True)
class Step:
    """A part of a lesson: text or a block.

    Attributes
    ----------
    spot : Spot
        Where it begins.
    text : str
        Markdown; ``{{expression}}`` stands for a number (`engine.lessons.keys.Keys.filled` puts it in).
    text_spot : Spot
        Where its text begins.
    experiment : str
        The name of the experiment that it is about.
    """

    kind: ClassVar[str] = ""

    spot: Spot
    text: str
    text_spot: Spot
    experiment: str


@dataclass(frozen=True)
class Prose(Step):
    """Text between blocks; one that begins with a heading of the second level begins a page."""

    kind: ClassVar[str] = "prose"


@dataclass(frozen=True)
class Show(Step):
    """What the window is to show: a view, a part of the network, a step.

    `select` is None or numbers as ``--select`` takes them, from 1: (layer, from, to) of a weight,
    (layer, "b", to) of a bias, (layer, unit) or (layer,).
    """

    kind: ClassVar[str] = "show"

    view: str = ""
    select: tuple[int | str, ...] | None = None
    step: int | None = None
    sample: int | None = None
    run: int | None = None


@dataclass(frozen=True)
class Reveal(Step):
    """What is said once question `of` has been answered."""

    kind: ClassVar[str] = "reveal"

    of: str = ""
    view: str = ""
    select: tuple[int | str, ...] | None = None


@dataclass(frozen=True)
class Hint(Step):
    """What is said after so many wrong answers to question `of`."""

    kind: ClassVar[str] = "hint"

    of: str = ""
    after: int = 1


@dataclass(frozen=True)
class Question(Step):
    """A step that asks something.

    Attributes
    ----------
    id : str
    step : int
        Whose record its expressions are about, from 1.
    sample : int
        The row of the mini-batch that they are about where they do not say so, from 1.
    """

    id: str = ""
    step: int = 1
    sample: int = 1


@dataclass(frozen=True)
class Predict(Question):
    """A number, or its sign, is asked for."""

    kind: ClassVar[str] = "predict"

    target: Source = Source("", Spot("", 0, 0))
    ask: Literal["number", "sign"] = "number"
    tolerance: Tolerance = Tolerance()


@dataclass(frozen=True)
class Item:
    """An answer to choose, or a thing to sort; `when` is its condition or expression, if it has one."""

    text: str
    when: Source | None
    spot: Spot


@dataclass(frozen=True)
class Choose(Question):
    """One of several answers; the text is without them."""

    kind: ClassVar[str] = "choose"

    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Order(Question):
    """Things to sort, by the values of their expressions; without any, as they stand in the file."""

    kind: ClassVar[str] = "order"

    items: tuple[Item, ...] = ()
    descending: bool = False


@dataclass(frozen=True)
class Point(Question):
    """A place to point at.

    `what` is what is pointed at, `by` is evaluated at each place, and `how` says which is right.
    """

    kind: ClassVar[str] = "point"

    what: Literal["unit", "weight", "layer", "sample", "factor"] = "unit"
    how: Literal["most", "least", "where"] = "most"
    by: Source = Source("", Spot("", 0, 0))
    layer: int | None = None
    select: tuple[int | str, ...] | None = None


@dataclass(frozen=True)
class Hole:
    """A blank: what is to be filled in."""

    target: Source


@dataclass(frozen=True)
class Blank(Question):
    """Numbers to fill in.

    Attributes
    ----------
    derivation : tuple or None
        The parameter whose derivation it is, as `Show.select`; None if the text has the blanks itself.
    hide : tuple of str
        What of the derivation is hidden, in the order of the chain.
    holes : tuple of Hole
        All blanks in their order; an answer has a number for each.
    """

    kind: ClassVar[str] = "blank"

    derivation: tuple[int | str, ...] | None = None
    hide: tuple[str, ...] = ()
    holes: tuple[Hole, ...] = ()
    tolerance: Tolerance = Tolerance()


@dataclass(frozen=True)
class Change:
    """A change that meets a goal: a setting's path, a parameter or a variable, and its value."""

    path: str
    value: str
    spot: Spot


@dataclass(frozen=True)
class Goal(Question):
    """Something to bring about by changing the experiment."""

    kind: ClassVar[str] = "goal"

    condition: Source = Source("", Spot("", 0, 0))
    within: int = 1
    locked: tuple[str, ...] = ()
    solve: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Fault(Question):
    """A mistake of the catalogue in the step, to be found.

    `mistakes` are those that one is drawn from, empty for any; `seed` is None for the student's.
    """

    kind: ClassVar[str] = "fault"

    mistakes: tuple[str, ...] = ()
    level: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Lesson:
    """A lesson in one language.

    Attributes
    ----------
    name : str
        Of its folder or archive, by which other lessons need it.
    title, language : str
    minutes : int
    goals, needs : tuple of str
    order : int
        Its place in the menu; 0 if it has none.
    experiment : str
        The name of the experiment that it begins with; empty without any.
    experiments : mapping of name to Setup
    steps : tuple of Step
    file : str
        The file it was read from, such as ``lesson.zh_CN.md``.
    """

    name: str
    title: str
    language: str
    minutes: int
    goals: tuple[str, ...]
    needs: tuple[str, ...]
    order: int
    experiment: str
    experiments: Mapping[str, Setup]
    steps: tuple[Step, ...]
    file: str = "lesson.md"

    @property
    def questions(self) -> tuple[Question, ...]:
        """What it asks, in order."""
        return tuple(step for step in self.steps if isinstance(step, Question))

    def question(self, id: str) -> Question:
        """The question of that id; `KeyError` if there is none."""
        for step in self.questions:
            if step.id == id:
                return step
        raise KeyError(id)

    def reveals(self, id: str) -> tuple[Reveal, ...]:
        """What is said once a question has been answered."""
        return tuple(step for step in self.steps if isinstance(step, Reveal) and step.of == id)

    def hints(self, id: str) -> tuple[Hint, ...]:
        """What helps with a question."""
        return tuple(step for step in self.steps if isinstance(step, Hint) and step.of == id)

    @property
    def pages(self) -> tuple[tuple[Step, ...], ...]:
        """The steps page by page: each ``##`` begins one."""
        return tuple(self._pages())

    def _pages(self) -> Iterator[tuple[Step, ...]]:
        page: list[Step] = []
        for step in self.steps:
            if isinstance(step, Prose) and step.text.startswith("## ") and page:
                yield tuple(page)
                page = []
            page.append(step)
        if page:
            yield tuple(page)
