"""The right answers of a lesson, computed from its own experiments; none of them is kept in a file."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from engine.digits import latex, short
from engine.errors import QT_TRANSLATE_NOOP, DivergenceError, EngineError, ExpressionError, StepError
from engine.explain.chain_rule import explain
from engine.explain.expression import Graph
from engine.lessons.blocks import LETTERS
from engine.lessons.expression import (
    DERIVATIVE,
    Condition,
    Expression,
    Known,
    Reference,
    error_at,
    read_condition,
    read_expression,
)
from engine.lessons.folder import Folder
from engine.lessons.lesson import (
    Blank,
    Change,
    Choose,
    Fault,
    Goal,
    Hint,
    Lesson,
    Order,
    Point,
    Predict,
    Question,
    Reveal,
    Source,
    Spot,
    Step,
)
from engine.lessons.materials import SEED, FormulaWithValues, Material, Network, make
from engine.lessons.moment import Moment
from engine.lessons.values import replaced, values_in
from engine.mistakes.batch import Batch, experiment_of
from engine.mistakes.clinic import Planted, level, plant, plantable
from engine.mistakes.reference import Case
from engine.mistakes.replayed import record_of, replay
from engine.records import StepRecord
from engine.settings import replaced as with_setting
from engine.training.trainer import Trainer

_NO_VALUE = QT_TRANSLATE_NOOP("errors", "It changes nothing that is known.")

MOST_WORK = 4e9
"""Multiplications that a lesson may ask for at once: some seconds."""

LEAST_A_STEP = 20_000
"""What a step costs at the least, in multiplications."""

MOST_PLACES = 5_000

MOST_DRAWS = 20
"""How often a student's numbers are drawn, until every question about them has an answer."""

OF_NO_USE = frozenset(
    {"not_one_right", "no_difference", "none_right", "all_right", "not_finite", "step_diverges"}
)
"""What is wrong with numbers that were drawn badly."""

MOST_REPLAYED = 200_000
"""Weights times rows of a step that is made once more under every mistake."""

Place = tuple[int | str, ...]
"""What is pointed at: (layer, unit), (layer, from, to), (layer,), (sample,), from 1, or (factor,)."""

FACTORS = ("upstream", "slope", "activation")


@dataclass(frozen=True)
class Key:
    """What is right.

    Attributes
    ----------
    numbers : tuple of float
        Of `predict` one, of `blank` one for each blank.
    order : tuple of int
        Of `choose` the right answer, of `order` the items in their right order; from 0.
    places : tuple of Place
        Of `point` those that are right.
    """

    numbers: tuple[float, ...] = ()
    order: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()


class Attempt(NamedTuple):
    """What came of trying a goal: whether it was met, after how many steps, and why not."""

    met: bool
    steps: int
    reason: str = ""


class FormulaMoment:
    """A formula at its values, or at others."""

    def __init__(self, material: FormulaWithValues) -> None:
        self.material = material
        self._graphs: dict[tuple[tuple[str, str, float], ...], Graph] = {}

    def value(self, reference: Reference, sample: int = 1) -> float:
        """The number that a reference names; see `Moment.value`."""
        formula = self.material.formula
        graph = self._graph(reference)
        places = {**formula.variables, **formula.lines}
        places.setdefault(formula.output_name, formula.output)
        names = reference.indices if reference.indices else (reference.name,)
        for name in names:
            if name not in places:
                allowed = ", ".join([*places, "d[y,x]"])
                raise error_at(reference.spot, "unknown_quantity", text=name, allowed=allowed)
        if reference.name != DERIVATIVE or not reference.indices:
            return graph.values[places[reference.name]]
        of, by = (places[str(name)] for name in reference.indices)
        rates = {of: 1.0}
        for edge in reversed(graph.edges):
            if edge.target in rates:
                rates[edge.source] = rates.get(edge.source, 0.0) + rates[edge.target] * edge.local
        return rates.get(by, 0.0)

    def _graph(self, reference: Reference) -> Graph:
        if reference.moved not in self._graphs:
            values = dict(self.material.values)
            for name, sign, number in reference.moved:
                if name not in values:
                    allowed = ", ".join(values)
                    raise error_at(reference.spot, "unknown_quantity", text=name, allowed=allowed)
                values[name] = number if sign == "=" else values[name] + (-number if sign == "-" else number)
            try:
                self._graphs[reference.moved] = Graph(self.material.formula, values)
            except ExpressionError as error:
                raise error_at(reference.spot, "no_value", text=reference.text, reason=error) from None
        return self._graphs[reference.moved]


class Keys:
    """The right answers of a lesson, for one student.

    Parameters
    ----------
    lesson : Lesson
    folder : Folder
        Its files.
    seed : int
        Of the student: decides the numbers that are drawn.
    """

    def __init__(self, lesson: Lesson, folder: Folder, seed: int = SEED) -> None:
        self.lesson, self.folder, self.seed = lesson, folder, seed
        self._draws = 0
        self._settled = not any(setup.draws for setup in lesson.experiments.values())
        self._formulas = {name: setup.is_formula for name, setup in lesson.experiments.items()}
        self._materials: dict[str, Material] = {}
        self._trainers: dict[str, Trainer] = {}
        self._records: dict[tuple[str, int], StepRecord] = {}
        self._moments: dict[tuple[str, int], Moment | FormulaMoment] = {}
        self._wrong: dict[tuple[str, int], list[tuple[str, Moment]]] = {}
        self._read: dict[tuple[Source, str, tuple[str, ...]], Expression | Condition] = {}

    # -- experiments -----------------------------------------------------------------------------------

    def material(self, name: str) -> Material:
        """What an experiment begins with, its drawn numbers in it.

        Raises
        ------
        EngineError
        """
        setup = self.lesson.experiments[name]
        if setup.draws and not self._settled:
            self._settled = True
            self._settle()
        if name not in self._materials:
            self._materials[name] = make(self.lesson, setup, self.folder, self.seed, self._draws)
        return self._materials[name]

    def _settle(self) -> None:
        """Draw numbers, once more if a question has no answer with them, as where two are alike."""
        drawn = [q for q in self.lesson.questions if self.lesson.experiments[q.experiment].draws]
        for self._draws in range(MOST_DRAWS):
            for known in (self._materials, self._trainers, self._records, self._moments, self._wrong):
                known.clear()
            try:
                for question in drawn:
                    self.key(question)
                return
            except EngineError as error:
                if error.kind not in OF_NO_USE:
                    break
        self._draws = 0
        for known in (self._materials, self._trainers, self._records, self._moments, self._wrong):
            known.clear()

    def network(self, name: str) -> Network:
        """The same of an experiment that is a network."""
        material = self.material(name)
        if not isinstance(material, Network):
            raise TypeError(f"{name} is a formula")
        return material

    def record(self, name: str, step: int = 1, spot: Spot | None = None) -> StepRecord:
        """The record of a step of an experiment, from 1.

        Raises
        ------
        LessonError
            ``step_diverges`` or ``too_much_work``.
        """
        key = (name, step)
        if key not in self._records:
            trainer = self.trainer(name)
            at = spot or self.lesson.experiments[name].spot
            check_work(trainer, step, at)
            first = self._begun(name)
            try:
                if trainer.completed - first >= step:
                    trainer.seek(first + step - 1)
                else:
                    trainer.run(first + step - 1 - trainer.completed)
                self._records[key] = trainer.step()
            except DivergenceError:
                raise error_at(at, "step_diverges", step=step) from None
        return self._records[key]

    def trainer(self, name: str) -> Trainer:
        """The training of an experiment that is a network, wherever it has got to; to be looked at."""
        if name not in self._trainers:
            self._trainers[name] = self.network(name).trainer()
        return self._trainers[name]

    def _begun(self, name: str) -> int:
        """The step that an experiment begins after: that of its session."""
        session = self.network(name).session
        return 0 if session is None else session.present.step

    def moment(self, name: str, step: int = 1, spot: Spot | None = None) -> Moment | FormulaMoment:
        """A step of an experiment, to ask for its numbers."""
        material = self.material(name)
        key = (name, 0 if isinstance(material, FormulaWithValues) else step)
        if key not in self._moments:
            if isinstance(material, FormulaWithValues):
                self._moments[key] = FormulaMoment(material)
            else:
                record = self.record(name, step, spot)
                metric = self._metric(name, record.step)
                self._moments[key] = Moment(record, metric)
        return self._moments[key]

    def _metric(self, name: str, step: int) -> Callable[[], float]:
        return lambda: float(self.trainer(name).scalars_between(step - 1, step, 0).metric[0])

    def case(self, question: Question) -> Case:
        """The step of a question as the catalogue of mistakes takes it."""
        return case_of(self.record(question.experiment, question.step, question.spot))

    def wrong_moments(self, question: Question) -> list[tuple[str, Moment]]:
        """The step of a question under each mistake of the catalogue that can be made in it.

        The mistakes that are found most easily come first; of a large step there are none.
        """
        key = (question.experiment, question.step)
        if key not in self._wrong:
            record = self.record(question.experiment, question.step, question.spot)
            case = case_of(record)
            work = case.B * sum(W.size for W in case.W)
            names = sorted(plantable(case), key=level) if work <= MOST_REPLAYED else []
            self._wrong[key] = list(_wrong(case, record, names))
        return self._wrong[key]

    # -- expressions -----------------------------------------------------------------------------------

    def look(
        self,
        step: Step,
        now: Moment | FormulaMoment | None = None,
        letters: Mapping[str, int | float] | None = None,
    ) -> Callable[[Reference], float]:
        """What gives the numbers that the expressions of a step name.

        Parameters
        ----------
        step : Step
        now : Moment or FormulaMoment, optional
            What is asked about instead of the record of the lesson's own step; where a reference names a step
            or another experiment, it is that.
        letters : mapping, optional
            What the letters of a `point` block stand for.
        """
        about = self._about(step)

        def found(reference: Reference) -> float:
            if letters is not None and reference.name in letters and reference.name == "factor":
                return float(letters[reference.name])
            if letters:
                reference = _settled(reference, letters)
            if reference.name == "diverges" and not self._formulas[reference.experiment]:
                return self._diverges(reference)
            own = reference.experiment == step.experiment and reference.step is None
            if now is not None and own:
                return now.value(reference, about.sample)
            at = reference.step or about.step
            return self.moment(reference.experiment, at, reference.spot).value(reference, about.sample)

        return found

    def _about(self, step: Step) -> _About:
        if isinstance(step, Reveal | Hint) and step.of:
            step = self.lesson.question(step.of)
        return _About(step.step, step.sample) if isinstance(step, Question) else _About(1, 1)

    def _diverges(self, reference: Reference) -> float:
        trainer = self.network(reference.experiment).trainer()
        check_work(trainer, reference.within, reference.spot)
        try:
            trainer.run(reference.within)
        except DivergenceError:
            return 1.0
        return 0.0

    def expression(self, source: Source, step: Step, letters: tuple[str, ...] = ()) -> Expression:
        """An expression of a step, read."""
        key = (source, step.experiment, letters)
        if key not in self._read:
            self._read[key] = read_expression(source, Known(self._formulas, step.experiment, letters))
        found = self._read[key]
        assert isinstance(found, Expression)
        return found

    def condition(self, source: Source, step: Step, letters: tuple[str, ...] = ()) -> Condition:
        """A condition of a step, read."""
        key = (source, step.experiment, (*letters, "condition"))
        if key not in self._read:
            self._read[key] = read_condition(source, Known(self._formulas, step.experiment, letters))
        found = self._read[key]
        assert isinstance(found, Condition)
        return found

    def value(self, source: Source, step: Step, now: Moment | FormulaMoment | None = None) -> float:
        """What an expression of a step comes to."""
        return self.expression(source, step).evaluate(self.look(step, now))

    def filled(self, step: Step, text: str | None = None, now: Moment | FormulaMoment | None = None) -> str:
        """The text of a step, or another, with its numbers put in.

        Parameters
        ----------
        step : Step
        text : str, optional
            One of its own, such as that of an item.
        now : Moment or FormulaMoment, optional
            See `look`.
        """
        if text is None:
            text = step.text
        values = values_in(text, step.text_spot)

        def written(index: int) -> str:
            value = values[index]
            number = self.value(value.source, step, now)
            in_formula = text.count("$", 0, value.start) % 2 == 1
            return latex(number, value.digits) if in_formula else short(number, value.digits)

        return replaced(text, values, written)

    # -- keys ------------------------------------------------------------------------------------------

    def key(self, question: Question) -> Key:
        """What is right.

        Raises
        ------
        EngineError
            With the place in the lesson, if nothing is, or more than may be.
        """
        if isinstance(question, Predict):
            return Key(numbers=(self._number(question.target, question),))
        if isinstance(question, Blank):
            return Key(numbers=tuple(self._number(hole.target, question) for hole in question.holes))
        if isinstance(question, Choose):
            return Key(order=(self._chosen(question),))
        if isinstance(question, Order):
            return Key(order=self._sorted(question))
        if isinstance(question, Point):
            return Key(places=self._pointed(question))
        return Key()

    def _number(self, source: Source, question: Question) -> float:
        value = self.value(source, question)
        if not np.isfinite(value):
            raise error_at(source.spot, "not_finite", text=source.text, value=value)
        return value

    def _chosen(self, question: Choose) -> int:
        look = self.look(question)
        right = [
            index
            for index, item in enumerate(question.items)
            if item.when is not None and self.condition(item.when, question).holds(look)
        ]
        if len(right) != 1:
            raise error_at(question.spot, "not_one_right", count=len(right), seed=self.seed)
        return right[0]

    def _sorted(self, question: Order) -> tuple[int, ...]:
        items = question.items
        if items[0].when is None:
            return tuple(range(len(items)))
        values = [self._number(item.when, question) for item in items if item.when is not None]
        order = sorted(range(len(items)), key=lambda i: values[i], reverse=question.descending)
        for one, other in pairwise(order):
            if _alike(values[one], values[other]):
                first, second = (items[i].when for i in (one, other))
                assert first is not None and second is not None
                raise error_at(
                    second.spot, "no_difference", first=first.text, second=second.text, seed=self.seed
                )
        return tuple(order)

    def _pointed(self, question: Point) -> tuple[Place, ...]:
        places = list(self.places(question))
        if len(places) > MOST_PLACES:
            sizes = f"{len(places)} places"
            raise error_at(question.spot, "too_much_work", steps=len(places), sizes=sizes)
        letters = LETTERS[question.what]
        values: list[float] = []
        for place in places:
            numbers = [self._factor(question, part) if isinstance(part, str) else part for part in place]
            look = self.look(question, letters=dict(zip(letters, numbers, strict=True)))
            if question.how == "where":
                values.append(float(self.condition(question.by, question, letters).holds(look)))
            else:
                values.append(self.expression(question.by, question, letters).evaluate(look))
        if question.how == "where":
            right = tuple(place for place, value in zip(places, values, strict=True) if value)
            if not right or len(right) == len(places):
                kind = "all_right" if right else "none_right"
                raise error_at(question.by.spot, kind, seed=self.seed)
            return right
        order = sorted(range(len(places)), key=lambda i: values[i], reverse=question.how == "most")
        if len(order) < 2:
            raise error_at(question.by.spot, "all_right", seed=self.seed)
        if _alike(values[order[0]], values[order[1]]):
            first, second = (_place_text(question.what, places[i]) for i in order[:2])
            raise error_at(question.by.spot, "no_difference", first=first, second=second, seed=self.seed)
        return (places[order[0]],)

    def places(self, question: Point) -> Iterator[Place]:
        """All that can be pointed at in answer to a question."""
        record = self.record(question.experiment, question.step, question.spot)
        sizes = record.sizes
        if question.what == "sample":
            yield from ((s,) for s in range(1, record.batch + 1))
        elif question.what == "factor":
            yield from ((name,) for name in FACTORS)
        elif question.what == "layer":
            yield from ((layer,) for layer in range(1, len(sizes)))
        else:
            layers = (
                range(1, len(sizes)) if question.layer is None else range(question.layer, question.layer + 1)
            )
            for layer in layers:
                if layer >= len(sizes):
                    text = f"layer {layer}"
                    sizes_text = "-".join(map(str, sizes))
                    raise error_at(question.spot, "no_such_part", text=text, sizes=sizes_text)
                sources = range(1, sizes[layer - 1] + 1) if question.what == "weight" else (0,)
                for source in sources:
                    for unit in range(1, sizes[layer] + 1):
                        yield (layer, source, unit) if question.what == "weight" else (layer, unit)

    def _factor(self, question: Point, name: str) -> float:
        record = self.record(question.experiment, question.step, question.spot)
        assert question.select is not None
        layer, source, unit = question.select
        place: dict[str, Any]
        if source == "b":
            place = {"bias": (int(layer), int(unit) - 1)}
        else:
            place = {"weight": (int(layer), int(source) - 1, int(unit) - 1)}
        try:
            explained = explain(record.experiment, record, **place)
        except EngineError:
            text = ",".join(map(str, question.select))
            sizes = "-".join(map(str, record.sizes))
            raise error_at(question.spot, "no_such_part", text=text, sizes=sizes) from None
        if explained.is_softmax:
            raise error_at(question.spot, "no_single_factor", text=name)
        if question.sample > record.batch:
            raise error_at(question.spot, "no_such_sample", value=question.sample, rows=record.batch)
        return float(getattr(explained, name)[question.sample - 1])

    # -- goals and faults ------------------------------------------------------------------------------

    def meets(self, goal: Goal, now: Moment | FormulaMoment) -> bool:
        """Whether a step, or a formula at its values, meets a goal."""
        return self.condition(goal.condition, goal).holds(self.look(goal, now))

    def attempt(self, goal: Goal, solve: bool) -> Attempt:
        """Try a goal with nothing changed, or as `Goal.solve` says.

        Raises
        ------
        LessonError
            ``bad_change`` or ``too_much_work``.
        """
        material = self.material(goal.experiment)
        changes = goal.solve if solve else ()
        if isinstance(material, FormulaWithValues):
            return self._attempt_formula(goal, material, changes)
        trainer = self._changed(material, changes)
        check_work(trainer, goal.within, goal.spot)
        reason = ""
        for step in range(goal.within + 1):
            try:
                record = trainer.step() if step < goal.within else trainer.peek(finite=True)
            except DivergenceError as error:
                return Attempt(False, step, error.message)
            try:
                metric = None if step == goal.within else _metric_of(trainer)
                if self.meets(goal, Moment(record, metric)):
                    return Attempt(True, step)
            except EngineError as error:
                if error.kind != "not_finite":
                    raise
                reason = error.message
        return Attempt(False, goal.within, reason)

    def _attempt_formula(
        self, goal: Goal, material: FormulaWithValues, changes: tuple[Change, ...]
    ) -> Attempt:
        values = dict(material.values)
        for change in changes:
            try:
                number = float(change.value)
            except ValueError:
                number = float("nan")
            if change.path not in values or not np.isfinite(number):
                text = f"{change.path}={change.value}"
                raise error_at(change.spot, "bad_change", text=text[:60], reason=_NO_VALUE)
            values[change.path] = number
        return Attempt(self.meets(goal, FormulaMoment(replace(material, values=values))), 0)

    def _changed(self, material: Network, changes: tuple[Change, ...]) -> Trainer:
        parameters = [change for change in changes if "[" in change.path and change.path[0] in "wb"]
        parameters = [change for change in parameters if change.path[1] == "["]
        experiment = material.experiment
        change = None
        try:
            for change in changes:
                if change not in parameters:
                    experiment = with_setting(experiment, change.path, _plain(change.value))
            trainer = replace(material, experiment=experiment).trainer()
            weights, biases = (
                [array.copy() for array in arrays] for arrays in (trainer.weights, trainer.biases)
            )
            for change in parameters:
                layer, *units = map(int, change.path[2:-1].split(","))
                arrays = weights if change.path[0] == "w" else biases
                if layer < 1 or min(units) < 1:
                    raise IndexError("…")
                arrays[layer - 1][tuple(unit - 1 for unit in units)] = float(change.value)
            if parameters:
                trainer.set_parameters(weights, biases)
        except (EngineError, ValueError, TypeError, AttributeError, IndexError) as error:
            assert change is not None
            reason = error if isinstance(error, EngineError) else f"{error}."
            text = f"{change.path}={change.value}"
            raise error_at(change.spot, "bad_change", text=text[:60], reason=reason) from None
        return trainer

    def planted(self, fault: Fault) -> Planted:
        """The step of a fault with its mistake in it.

        Raises
        ------
        LessonError
            ``cannot_plant``.
        """
        case = self.case(fault)
        own = self.seed if fault.seed is None else fault.seed
        seed = own * 1_000_003 + zlib.crc32(fault.id.encode())
        names: list[str | None] = [None]
        if fault.mistakes:
            order = np.random.default_rng([seed, 11]).permutation(len(fault.mistakes))
            names = [fault.mistakes[i] for i in order]
        for name in names:
            try:
                return plant(case, seed, fault.level if name is None else None, name)
            except StepError:
                continue
        raise error_at(fault.spot, "cannot_plant")


class _About(NamedTuple):
    step: int
    sample: int


def case_of(record: StepRecord) -> Case:
    """A recorded step as the catalogue of mistakes takes it."""
    return Batch.of(record).case(experiment_of(record))


def _wrong(case: Case, record: StepRecord, names: Iterable[str]) -> Iterator[tuple[str, Moment]]:
    for name in names:
        _, values = replay(case, (name,))
        if len(values) == 7 * case.L + 1:
            with np.errstate(all="ignore"):
                yield name, Moment(record_of(case, values, record))


def check_work(trainer: Trainer, steps: int, spot: Spot) -> None:
    """Refuse what would take long.

    Raises
    ------
    LessonError
        ``too_much_work``.
    """
    experiment = trainer.experiment
    rows = len(trainer.prepared.train_rows)
    batch = rows if experiment.batch_size == "full" else experiment.batch_size
    weights = sum(array.size for array in trainer.weights)
    if steps * max(6 * batch * weights, LEAST_A_STEP) > MOST_WORK:
        sizes = "-".join(map(str, trainer.packing.sizes))
        raise error_at(spot, "too_much_work", steps=steps, sizes=sizes)


def _metric_of(trainer: Trainer) -> Callable[[], float]:
    step = trainer.completed
    return lambda: float(trainer.scalars_between(step - 1, step, 0).metric[0])


def _settled(reference: Reference, letters: Mapping[str, int | float]) -> Reference:
    """A reference with numbers in the place of its letters."""
    indices = tuple(
        int(letters[index]) if isinstance(index, str) and index in letters else index
        for index in reference.indices
    )
    sample = reference.sample
    if isinstance(sample, str):
        sample = int(letters[sample])
    return replace(reference, indices=indices, sample=sample)


def _alike(one: float, other: float) -> bool:
    """Whether only rounding tells two numbers apart."""
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))


def _place_text(what: str, place: Place) -> str:
    return f"{what} {','.join(map(str, place))}"


def _plain(text: str) -> Any:
    """A value as TOML writes it; a word without quotes is itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, KeyError, RecursionError):
        return text
