"""The questions of a lesson on paper, and their solution on a sheet of its own."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.digits import latex as number
from engine.digits import short
from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.derivation import derivation
from engine.explain.derivation.page import Page
from engine.explain.expression import graph_of
from engine.explain.expression.latex import name_latex
from engine.explain.expression.page import working_page
from engine.explain.symbols import latex
from engine.lessons.blocks import HIDEABLE, hidden_expression
from engine.lessons.expression import OF_SAMPLE, Reference
from engine.lessons.keys import Keys, Place
from engine.lessons.lesson import (
    Blank,
    Choose,
    Fault,
    Goal,
    Order,
    Point,
    Predict,
    Prose,
    Question,
    Source,
)
from engine.lessons.materials import FormulaWithValues
from engine.lessons.values import holes_in, replaced
from engine.lessons.wording import Say
from engine.lessons.worked import worked
from engine.mistakes import MISTAKES

BLANK = "\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_"
BOX = "☐"
DIGITS = 6
MOST_STEPS_WORKED = 3
"""Steps before that of a question that are worked out, too; of later ones the numbers they begin with are."""


@dataclass(frozen=True)
class Worksheet:
    """Sheets of Markdown: the questions, and the solution if it was asked for."""

    title: str
    language: str
    sheets: tuple[str, ...]


def worksheet(keys: Keys, say: Say, solution: bool = False) -> Worksheet:
    """Write a lesson's questions down, with the numbers of one student.

    Parameters
    ----------
    keys : Keys
        Of the student.
    say : callable
        Turns English sentences into the language of the lesson.
    solution : bool
        Whether a second sheet has the answers and every sum that they come from.

    Raises
    ------
    EngineError
        What is wrong with the lesson, at its place.
    """
    writer = _Writer(keys, say)
    sheets = (writer.questions(), writer.solution()) if solution else (writer.questions(),)
    return Worksheet(keys.lesson.title, keys.lesson.language, sheets)


class _Writer:
    def __init__(self, keys: Keys, say: Say) -> None:
        self.keys, self.say, self.lesson = keys, say, keys.lesson
        self.lines: list[str] = []

    def write(self, template: str, **parts: object) -> None:
        """Write a paragraph."""
        self.lines += [self.say(template).format(**parts), ""]

    # -- questions -----------------------------------------------------------------------------------

    def questions(self) -> str:
        lesson = self.lesson
        self.lines = [f"# {lesson.title}", ""]
        self.write(
            QT_TRANSLATE_NOOP("lessons", "Name: {blank}   Date: {blank}   Numbers: no. {seed}"),
            blank=BLANK,
            seed=self.keys.seed,
        )
        self.lines += [*(f"- {goal}" for goal in lesson.goals), ""]
        given: set[str] = set()
        count = 0
        for step in lesson.steps:
            if isinstance(step, Prose):
                text = self.keys.filled(step)
                title = f"# {lesson.title}"
                text = text.removeprefix(title).lstrip("\n") if text.startswith(title) else text
                self.lines += [text, ""] if text else []
            if not isinstance(step, Question):
                continue
            for name in self.experiments_of(step):
                if name not in given:
                    given.add(name)
                    self.given(name)
            count += 1
            self.question(step, count)
        return "\n".join(self.lines).rstrip() + "\n"

    def experiments_of(self, step: Question) -> list[str]:
        """The experiments that a question is about, its own first."""
        names = [step.experiment]
        for reference in self.references(step):
            names += [reference.experiment] if reference.experiment not in names else []
        return names

    def references(self, step: Question) -> Iterator[Reference]:
        keys = self.keys
        if isinstance(step, Predict):
            yield from keys.expression(step.target, step).references.values()
        elif isinstance(step, Blank):
            for hole in step.holes:
                yield from keys.expression(hole.target, step).references.values()
        elif isinstance(step, Choose):
            for item in step.items:
                if item.when is not None:
                    yield from keys.condition(item.when, step).references
        elif isinstance(step, Order):
            for item in step.items:
                if item.when is not None:
                    yield from keys.expression(item.when, step).references.values()

    def given(self, name: str) -> None:
        """Write what an experiment begins with: all that is needed to compute the rest."""
        material = self.keys.material(name)
        if isinstance(material, FormulaWithValues):
            self.write(QT_TRANSLATE_NOOP("lessons", "**Given ({name})**"), name=name)
            graph = graph_of(material.formula, material.values)
            self.lines += [f"$${line}$$\n" for line in graph.latex_lines]
            values = r",\quad ".join(f"{name_latex(n)} = {number(v, 6)}" for n, v in material.values.items())
            self.lines += [f"$${values}$$", ""]
            return
        record = self.keys.record(name)
        self.write(QT_TRANSLATE_NOOP("lessons", "**Given ({name})**"), name=name)
        page = Page(record.experiment, record, DIGITS, self.say)
        page.setting()
        page.formula("L_s", record.experiment.loss.formula)
        for layer in range(1, len(record.z) + 1):
            page.formula(latex("W", layer), page.matrix(record.weights_before[layer - 1]))
            page.formula(latex("b", layer), page.matrix(record.biases_before[layer - 1]))
        trainer = self.keys.trainer(name)
        raw = trainer.dataset.inputs[record.indices]
        header = [self.say(QT_TRANSLATE_NOOP("lessons", "sample"))]
        header += [*(page.unit(0, i) for i in range(record.sizes[0]))]
        header += [f"$t_{{{k + 1}}}$" for k in range(record.targets.shape[1])]
        shown = min(record.batch, 12)
        rows = [
            [str(s + 1), *(page.cell(v) for v in raw[s]), *(page.cell(t) for t in record.targets[s])]
            for s in range(shown)
        ]
        page.table(header, [[f"${row[0]}$", *row[1:]] for row in rows])
        prepared = trainer.prepared
        if (prepared.offset != 0).any() or (prepared.scale != 1).any():
            page.text(QT_TRANSLATE_NOOP("lessons", "The features are scaled, $x = (r - m) / s$, with"))
            page.formula("m", page.matrix(prepared.offset))
            page.formula("s", page.matrix(prepared.scale))
        self.lines += [*page.lines, ""]

    def question(self, step: Question, count: int) -> None:
        text = step.text
        if isinstance(step, Blank) and step.derivation is None:
            holes = holes_in(text, step.text_spot)
            text = replaced(text, holes, lambda index: BLANK)
        text = self.keys.filled(step, text)
        self.lines += [f"**{count}.** {text}", ""]
        about = self.about(step)
        if about:
            self.lines += [about, ""]
        if isinstance(step, Predict):
            if step.ask == "sign":
                self.lines += [f"{BOX} +  {BOX} −  {BOX} 0", ""]
            else:
                self.write(QT_TRANSLATE_NOOP("lessons", "Answer: {blank}"), blank=BLANK)
        elif isinstance(step, Choose):
            self.lines += [*(f"- {BOX} {self.keys.filled(step, item.text)}" for item in step.items), ""]
        elif isinstance(step, Order):
            shuffled = shuffled_items(step, self.keys.seed)
            texts = (self.keys.filled(step, step.items[index].text) for index in shuffled)
            self.write(QT_TRANSLATE_NOOP("lessons", "Number them in their order:"))
            self.lines += [*(f"- \\_\\_\\_ {text}" for text in texts), ""]
        elif isinstance(step, Point):
            what = {
                "unit": QT_TRANSLATE_NOOP("lessons", "Layer and unit: {blank}"),
                "weight": QT_TRANSLATE_NOOP("lessons", "Layer, from unit, to unit: {blank}"),
                "layer": QT_TRANSLATE_NOOP("lessons", "Layer: {blank}"),
                "sample": QT_TRANSLATE_NOOP("lessons", "Sample: {blank}"),
                "factor": QT_TRANSLATE_NOOP("lessons", "Upstream gradient, slope or activation: {blank}"),
            }[step.what]
            self.write(what, blank=BLANK)
        elif isinstance(step, Blank) and step.derivation is not None:
            self.hidden(step)
        elif isinstance(step, Goal):
            self.write(
                QT_TRANSLATE_NOOP("lessons", "What I would change: {blank}{blank}{blank}"), blank=BLANK
            )
        elif isinstance(step, Fault):
            self.faulty(step)

    def about(self, step: Question) -> str:
        """Which experiment, step and sample it is about, where that is not plain."""
        if self.lesson.experiments[step.experiment].is_formula or isinstance(step, Goal):
            return ""
        record = self.keys.record(step.experiment, step.step, step.spot)
        of_sample = isinstance(step, Blank | Point) or any(
            reference.name in OF_SAMPLE and reference.sample is None for reference in self.references(step)
        )
        if of_sample and record.batch > 1 and step.step > 1:
            template = QT_TRANSLATE_NOOP("lessons", "*({name}, step {step}, sample {sample})*")
        elif of_sample and record.batch > 1:
            template = QT_TRANSLATE_NOOP("lessons", "*({name}, sample {sample})*")
        elif step.step > 1:
            template = QT_TRANSLATE_NOOP("lessons", "*({name}, step {step})*")
        else:
            template = QT_TRANSLATE_NOOP("lessons", "*({name})*")
        return self.say(template).format(name=step.experiment, step=step.step, sample=step.sample)

    def hidden(self, step: Blank) -> None:
        """The chain of a derivation, what is hidden of it left blank."""
        assert step.derivation is not None
        rows = []
        for name, label, value in self.chain(step):
            shown = BLANK if name in step.hide else f"${value}$"
            rows.append(f"| {self.say(label)} | {shown} |")
        head = (
            self.say(QT_TRANSLATE_NOOP("lessons", "factor")),
            self.say(QT_TRANSLATE_NOOP("lessons", "number")),
        )
        self.lines += [f"| {head[0]} | {head[1]} |", "| :--- | ---: |", *rows, ""]

    def chain(self, step: Blank) -> Iterator[tuple[str, str, str]]:
        """The parts of a derivation in their order: name, what people call it, its number."""
        labels = {
            "upstream": QT_TRANSLATE_NOOP("lessons", "upstream gradient ∂L/∂a"),
            "slope": QT_TRANSLATE_NOOP("lessons", "slope f′(z)"),
            "activation": QT_TRANSLATE_NOOP("lessons", "incoming activation"),
            "share": QT_TRANSLATE_NOOP("lessons", "the sample's share, their product"),
            "gradient": QT_TRANSLATE_NOOP("lessons", "gradient of the mini-batch"),
            "update": QT_TRANSLATE_NOOP("lessons", "new value after the step"),
        }
        assert step.derivation is not None
        for name in HIDEABLE:
            if name == "activation" and step.derivation[1] == "b":
                yield name, labels[name], "1"
                continue
            source = Source(hidden_expression(name, step.derivation), step.spot)
            yield name, labels[name], number(self.keys.value(source, step), DIGITS)

    def faulty(self, step: Fault) -> None:
        """The numbers of a step with a mistake in it, and what it may be."""
        planted = self.keys.planted(step)
        record = self.keys.record(step.experiment, step.step, step.spot)
        page = Page(record.experiment, record, DIGITS, self.say)
        for name, values in planted.values.items():
            page.formula(rf"\mathrm{{{name}}}", page.matrix(np.atleast_1d(values)))
        self.lines += [*page.lines, ""]
        self.write(QT_TRANSLATE_NOOP("lessons", "The first wrong number: {blank}"), blank=BLANK)
        self.lines += [*(f"- {BOX} {self.say(MISTAKES[name].meaning)}" for name in planted.choices), ""]

    # -- solution --------------------------------------------------------------------------------------

    def solution(self) -> str:
        lesson = self.lesson
        title = self.say(QT_TRANSLATE_NOOP("lessons", "Solution: {title}")).format(title=lesson.title)
        self.lines = [f"# {title}", ""]
        self.write(QT_TRANSLATE_NOOP("lessons", "Numbers: no. {seed}"), seed=self.keys.seed)
        for count, step in enumerate(lesson.questions, 1):
            self.lines += [f"**{count}.** {self.answer(step)}", ""]
            for reveal in lesson.reveals(step.id):
                self.lines += [self.keys.filled(reveal), ""]
        self.lines += [self.workings(), ""]
        return "\n".join(self.lines).rstrip() + "\n"

    def answer(self, step: Question) -> str:
        """What is right, in words and numbers."""
        keys = self.keys
        if isinstance(step, Predict):
            value = keys.key(step).numbers[0]
            if step.ask == "sign":
                sign = "+" if value > 0 else "−" if value < 0 else "0"
                return f"{sign} ({short(value, DIGITS)})"
            return f"**{short(value, DIGITS)}**"
        if isinstance(step, Blank):
            numbers = keys.key(step).numbers
            if step.derivation is not None:
                rows = [f"{self.say(label)}: ${value}$" for _, label, value in self.chain(step)]
                return "; ".join(rows)
            holes = holes_in(step.text, step.text_spot)
            return keys.filled(
                step, replaced(step.text, holes, lambda index: f"**{short(numbers[index], DIGITS)}**")
            )
        if isinstance(step, Choose):
            return keys.filled(step, step.items[keys.key(step).order[0]].text)
        if isinstance(step, Order):
            return "; ".join(keys.filled(step, step.items[index].text) for index in keys.key(step).order)
        if isinstance(step, Point):
            return "; ".join(self.place(step, place) for place in keys.key(step).places)
        if isinstance(step, Goal):
            changes = "; ".join(f"{change.path} = {change.value}" for change in step.solve)
            return f"`{changes}`"
        assert isinstance(step, Fault)
        planted = keys.planted(step)
        row = MISTAKES[planted.name]
        template = QT_TRANSLATE_NOOP("lessons", "First wrong: {quantity}. {meaning} {why}")
        return self.say(template).format(
            quantity=planted.verdict.first_wrong, meaning=self.say(row.meaning), why=self.say(row.why)
        )

    def place(self, step: Point, place: Place) -> str:
        """A place in words."""
        templates = {
            "unit": QT_TRANSLATE_NOOP("lessons", "layer {0}, unit {1}"),
            "weight": QT_TRANSLATE_NOOP("lessons", "layer {0}, from unit {1} to unit {2}"),
            "layer": QT_TRANSLATE_NOOP("lessons", "layer {0}"),
            "sample": QT_TRANSLATE_NOOP("lessons", "sample {0}"),
        }
        if step.what == "factor":
            names = {
                "upstream": QT_TRANSLATE_NOOP("lessons", "upstream gradient ∂L/∂a"),
                "slope": QT_TRANSLATE_NOOP("lessons", "slope f′(z)"),
                "activation": QT_TRANSLATE_NOOP("lessons", "incoming activation"),
            }
            return self.say(names[str(place[0])])
        return self.say(templates[step.what]).format(*place)

    def workings(self) -> str:
        """Every step that the questions are about, worked out; formulas derived."""
        wanted: dict[str, set[int]] = {}
        by_hand: set[str] = set()
        for step in self.lesson.questions:
            if isinstance(step, Goal):
                continue
            for reference in self.references(step):
                steps = wanted.setdefault(reference.experiment, set())
                if reference.name != "diverges":
                    steps.add(reference.step or step.step)
            if isinstance(step, Predict | Blank):
                by_hand |= {reference.experiment for reference in self.references(step)}
            if isinstance(step, Point | Fault):
                wanted.setdefault(step.experiment, set()).add(step.step)
        parts = [self.working(name, steps, name in by_hand) for name, steps in wanted.items()]
        return "\n\n".join(parts)

    def working(self, name: str, steps: set[int], by_hand: bool) -> str:
        title = self.say(QT_TRANSLATE_NOOP("lessons", "Worked out: {name}")).format(name=name)
        material = self.keys.material(name)
        if isinstance(material, FormulaWithValues):
            graph = graph_of(material.formula, material.values)
            pages = [working_page(graph, by, self.say) for by in material.formula.variables]
            return f"## {title}\n\n" + "\n\n".join(page.replace("# ", "### ", 1) for page in pages)
        trainer = self.keys.trainer(name)
        shown = set(steps)
        for step in steps:
            shown |= set(range(max(1, step - MOST_STEPS_WORKED), step))
        pages = [
            worked(self.keys.record(name, step), trainer.prepared, trainer.dataset, self.say, by_hand)
            for step in sorted(shown)
        ]
        return f"## {title}\n\n" + "\n\n".join(pages)


def shuffled_items(step: Order, seed: int) -> list[int]:
    """The items of `order` as a student gets to see them: places from 0, in no order that says anything."""
    order = list(range(len(step.items)))
    rng = np.random.default_rng([seed, zlib.crc32(step.id.encode())])
    for _ in range(20):
        shuffled = [int(index) for index in rng.permutation(len(order))]
        if shuffled != order:
            return shuffled
    return order[::-1]


def printed_derivation(
    keys: Keys, experiment: str, step: int, place: tuple[int | str, ...] | None, say: Say
) -> str:
    """The derivation of a parameter, or of a whole step, as a sheet.

    Parameters
    ----------
    place : (layer, from, to) or (layer, "b", to), or None for the whole step
        From 1.
    """
    record = keys.record(experiment, step)
    if place is None:
        return derivation(record.experiment, record, translate=say)
    layer, source, unit = place
    if source == "b":
        return derivation(record.experiment, record, bias=(int(layer), int(unit) - 1), translate=say)
    weight = int(layer), int(source) - 1, int(unit) - 1
    return derivation(record.experiment, record, weight=weight, translate=say)
