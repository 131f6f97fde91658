"""The course that comes with the program: every lesson is sound, and its keys are what plain NumPy gives.

The oracle below is written for this test alone and shares nothing with the engine but the lessons' files and
the numbers that were drawn for a student.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine.errors import LessonError
from engine.functions.optimizers import Adam, Momentum
from engine.lessons.checking import check, check_together
from engine.lessons.folder import Folder, open_lesson, read_folder
from engine.lessons.judging import judge
from engine.lessons.keys import Keys
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
    Reveal,
    Show,
    Step,
)
from engine.lessons.materials import FormulaWithValues
from engine.lessons.reading import read_text
from engine.lessons.values import replaced, values_in
from resources import LANGUAGES, resource_path

Array = npt.NDArray[np.float64]

FOLDERS = sorted(path for path in resource_path("lessons").iterdir() if path.is_dir())
NAMES = [path.name for path in FOLDERS]
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]
SEEDS = (1, 7)


@cache
def folder(name: str) -> Folder:
    return open_lesson(resource_path("lessons", name))


@cache
def lesson(name: str, language: str = "") -> Lesson:
    read = read_folder(folder(name), language)
    assert read.lesson is not None, [str(problem) for problem in read.problems]
    return read.lesson


def questions(name: str) -> list[Question]:
    return [step for step in lesson(name).steps if isinstance(step, Question)]


# -- they are sound ----------------------------------------------------------------------------------------


def test_there_are_twelve_in_the_order_of_the_menu() -> None:
    assert len(FOLDERS) == 12
    assert [lesson(name).order for name in NAMES] == list(range(1, 13))
    assert [int(name[:2]) for name in NAMES] == list(range(1, 13))


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_checks_clean_in_both_languages(name: str) -> None:
    """Its goals are tried, too: none is met from the start, all are met with the change that is told."""
    assert [str(problem) for problem in check(folder(name))] == []
    assert folder(name).translations == tuple(TRANSLATIONS)


def test_each_needs_only_lessons_that_come_before() -> None:
    assert check_together([folder(name) for name in NAMES]) == ()
    for name, before in zip(NAMES[1:], NAMES, strict=False):
        assert lesson(name).needs == (before,)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_takes_ten_to_twenty_minutes_and_has_its_form(name: str) -> None:
    """Predict, run, reveal, explain, transfer."""
    one = lesson(name)
    assert 10 <= one.minutes <= 20
    assert len(one.goals) == 2
    asked = [step for step in one.steps if isinstance(step, Question)]
    assert len(asked) >= 5
    first_show = next((i for i, step in enumerate(one.steps) if isinstance(step, Show)), len(one.steps))
    assert any(isinstance(step, Question) for step in one.steps[:first_show]) or name[:2] == "06"
    assert any(isinstance(step, Reveal) for step in one.steps)
    headings = [line for step in one.steps for line in step.text.split("\n") if line.startswith("## ")]
    assert any("redict" in heading for heading in headings)
    assert any("Transfer" in heading for heading in headings)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_empty(name: str, language: str) -> None:
    """What is revealed appears with its question, wherever it stands in the file."""
    one = lesson(name, "" if language == "en" else language)
    assert not any(step.text.startswith("# ") for step in one.steps)  # the title stands in the head
    for page in one.pages:
        heading, *rest = page[0].text.strip().split("\n", 1)
        assert heading.startswith("## ")
        assert rest or any(not isinstance(step, Reveal) for step in page[1:]), heading
        for step in page:
            if isinstance(step, Reveal):
                assert any(isinstance(other, Question) and other.id == step.of for other in page), step.of


@pytest.mark.parametrize("name", NAMES)
def test_a_translation_has_the_same_pages_and_the_same_numbers(name: str) -> None:
    """Its blocks are compared by the check; here the text between them."""
    for language in TRANSLATIONS:
        ours, theirs = lesson(name), lesson(name, language)
        assert (ours.minutes, ours.order, ours.needs) == (theirs.minutes, theirs.order, theirs.needs)
        assert len(ours.goals) == len(theirs.goals)
        assert _shape(ours) == _shape(theirs)
        for one, two in zip(ours.steps, theirs.steps, strict=True):
            shown = [
                sorted(
                    v.source.text + str(v.digits) for text in _texts(step) for v in values_in(text, step.spot)
                )
                for step in (one, two)
            ]
            assert shown[0] == shown[1], f"{two.spot}"


def _shape(one: Lesson) -> list[tuple[str, int]]:
    return [(step.kind, step.text.count("\n## ") + step.text.startswith("## ")) for step in one.steps]


def _texts(step: Step) -> Iterator[str]:
    yield step.text
    if isinstance(step, Choose | Order):
        yield from (item.text for item in step.items)


def test_a_lesson_of_the_course_is_opened_by_its_name_alone(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_lesson("05-by-hand").path == resource_path("lessons", "05-by-hand")
    for name in ("05", "../lessons/05-by-hand", ""):
        with pytest.raises(LessonError):
            open_lesson(name)
    (tmp_path / "05-by-hand").mkdir()  # what lies here comes first
    with pytest.raises(LessonError) as caught:
        open_lesson("05-by-hand")
    assert caught.value.kind == "no_lesson"


# -- an oracle ---------------------------------------------------------------------------------------------


def _sigmoid(z: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-z))


VALUE: Mapping[str, Callable[[Array], Array]] = {
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "linear": lambda z: z,
}
SLOPE: Mapping[str, Callable[[Array], Array]] = {
    "sigmoid": lambda z: _sigmoid(z) * (1.0 - _sigmoid(z)),
    "tanh": lambda z: 1.0 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0.0).astype(float),
    "linear": np.ones_like,
}


class Passed:
    """One forward and backward pass, row by row and unit by unit as the textbook has it."""

    def __init__(self, net: Net) -> None:
        self.x, self.t = net.x, net.t
        self.w = [w.copy() for w in net.w]
        self.b = [b.copy() for b in net.b]
        self.a, self.z = [net.x], []
        for w, b, f in zip(self.w, self.b, net.functions, strict=True):
            self.z.append(self.a[-1] @ w + b)
            self.a.append(VALUE[f](self.z[-1]))
        self.rows = len(net.x)
        self.r = 1.0 / self.rows if net.mean else 1.0
        y = self.a[-1]
        if net.loss == "squared_error":
            self.sample_losses = 0.5 * ((y - net.t) ** 2).sum(1)
            down = (y - net.t) * self.r
        else:
            self.sample_losses = -(net.t * np.log(y) + (1 - net.t) * np.log(1 - y)).mean(1)
            down = (y - net.t) / (y * (1 - y)) * self.r / net.t.shape[1]
        self.loss = float(self.sample_losses.sum() * self.r)
        self.delta: list[Array] = []
        self.upstream: list[Array] = []
        for level in reversed(range(len(self.w))):
            self.upstream.insert(0, down)
            self.delta.insert(0, down * SLOPE[net.functions[level]](self.z[level]))
            down = self.delta[0] @ self.w[level].T
        self.dw = [a.T @ d for a, d in zip(self.a, self.delta, strict=False)]
        self.db = [d.sum(0) for d in self.delta]

    def slope(self, net: Net, layer: int, unit: int, row: int = 1) -> float:
        return float(SLOPE[net.functions[layer - 1]](self.z[layer - 1])[row - 1, unit - 1])

    def norm(self, layer: int) -> float:
        dw, db = self.dw[layer - 1], self.db[layer - 1]
        return float(np.sqrt((dw**2).sum() + (db**2).sum()))

    def share(self, layer: int, source: int, unit: int, row: int) -> float:
        return float(self.a[layer - 1][row - 1, source - 1] * self.delta[layer - 1][row - 1, unit - 1])


class Net:
    """A network as the oracle has it, begun with what the lesson begins with."""

    def __init__(self, keys: Keys, name: str) -> None:
        network = keys.network(name)
        experiment, data = network.experiment, network.dataset
        trainer = network.trainer()  # only for what the initializer draws
        self.w, self.b = ([array.copy() for array in part] for part in (trainer.weights, trainer.biases))
        self.x, self.t = data.inputs.copy(), data.targets.copy()
        self.functions = [layer.activation.name for layer in experiment.layers]
        self.loss, self.eta = experiment.loss.name, experiment.learning_rate
        self.mean = experiment.reduction == "mean"
        self.optimizer = experiment.optimizer.name
        self.held = bool(network.held_biases)
        self.listing = experiment.update_order == "output_first"
        self.slots = [[np.zeros_like(p) for p in (*self.w, *self.b)] for _ in range(2)]
        self.steps = 0

    def look(self) -> Passed:
        return Passed(self)

    def step(self) -> Passed:
        """One step of plain descent, momentum or Adam; gives the pass that it was made from."""
        p = Passed(self)
        if self.listing:
            self._as_listed(p)
            return p
        self.steps += 1
        for index, (parameter, g) in enumerate(zip((*self.w, *self.b), (*p.dw, *p.db), strict=True)):
            if self.held and index >= len(self.w):
                continue
            first, second = self.slots[0][index], self.slots[1][index]
            if self.optimizer == "momentum":
                first[...] = 0.9 * first + g
                move = first
            elif self.optimizer == "adam":
                first[...] = 0.9 * first + 0.1 * g
                second[...] = 0.999 * second + 0.001 * g * g
                m, v = first / (1 - 0.9**self.steps), second / (1 - 0.999**self.steps)
                move = m / (np.sqrt(v) + 1e-8)
            else:
                move = g
            parameter -= self.eta * move
        return p

    def _as_listed(self, p: Passed) -> None:
        """The lines of the listing: from the output down, each layer updated before delta goes on."""
        down = p.upstream[-1]
        for level in reversed(range(len(self.w))):
            p.delta[level] = down * SLOPE[self.functions[level]](p.z[level])
            p.dw[level] = p.a[level].T @ p.delta[level]
            p.db[level] = p.delta[level].mean(0)
            self.w[level] -= self.eta * p.dw[level]
            self.b[level] -= self.eta * p.db[level]
            down = p.delta[level] @ self.w[level].T

    def after(self, steps: int) -> Passed:
        """The pass of step `steps` + 1."""
        for _ in range(steps):
            self.step()
        return self.look()


Answers = dict[str, Any]
ORACLES: dict[str, Callable[[Keys], Answers]] = {}


def oracle(name: str) -> Callable[[Callable[[Keys], Answers]], Callable[[Keys], Answers]]:
    def kept(function: Callable[[Keys], Answers]) -> Callable[[Keys], Answers]:
        ORACLES[name] = function
        return function

    return kept


def _x(keys: Keys, name: str) -> float:
    material = keys.material(name)
    assert isinstance(material, FormulaWithValues)
    return material.values["x"]


def _right(*holds: bool) -> list[int]:
    """Which of the answers is right."""
    assert sum(map(bool, holds)) == 1
    return [index for index, held in enumerate(holds) if held]


@oracle("01-knob-and-gauge")
def _knob(keys: Keys) -> Answers:
    x = 1.5
    return {
        "direction": _right((x + 0.01) ** 2 > x**2, (x + 0.01) ** 2 < x**2, False),
        "move": (x + 0.01) ** 2 - x**2,
        "slope": 2 * x,
        "back": 2 * x * -0.02,
        "left": 2 * -2.0,
        "down": [1],
        "yours": 2 * _x(keys, "yours"),
    }


@oracle("02-chain")
def _chain(keys: Keys) -> Answers:
    u = 3 * 0.5 + 1
    v = 2 - 4 * 1.0
    return {
        "outer": 2 * u,
        "whole": 2 * u * 3,
        "missing": [4.0],
        "sign": 2 * v * -4,
        "size": 2 * v * -4,
        "yours": 2 * (2 - 4 * _x(keys, "yours")) * -4,
    }


@oracle("03-two-roads")
def _roads(keys: Keys) -> Answers:
    x, y = 3.0, _x(keys, "yours")
    u, v = 2 * x, x + 1
    return {
        "twice": 2.0,
        "values": [u, v, u * v],
        "roads": [v, 2.0, 2 * v, u, 1.0, u],
        "sum": 2 * v + u,
        "steps": [0, 1, 2, 3],
        "forgotten": [0],
        "yours": [2 * (y - 5), 2 * y, 2 * (y - 5) + 2 * y],
    }


@oracle("04-one-neuron")
def _neuron(keys: Keys) -> Answers:
    a, mild = _sigmoid(np.array(4.0)), _sigmoid(np.array(1.5))
    squared, cross = a * a * (1 - a), a

    def later(gradient: Callable[[float], float]) -> float:
        w = b = 2.0
        for _ in range(9):
            g = gradient(float(_sigmoid(np.array(w + b))))
            w, b = w - 0.5 * g, b - 0.5 * g
        return float(_sigmoid(np.array(w + b)))

    slow, fast = later(lambda s: s * s * (1 - s)), later(lambda s: s)
    factors = {"upstream": a, "slope": a * (1 - a), "activation": 1.0}
    return {
        "output": a,
        "faster": _right(fast < slow, fast > slow, fast == slow),
        "starves": [(min(factors, key=lambda name: factors[name]),)],
        "product": [a * (1 - a), squared],
        "cross": cross,
        "mild": mild * mild * (1 - mild),
        "less": _right(mild * mild * (1 - mild) > squared, mild * mild * (1 - mild) < squared),
    }


@oracle("05-by-hand")
def _by_hand(keys: Keys) -> Answers:
    net, yours = Net(keys, "mazur"), Net(keys, "yours")
    p, mine = net.look(), yours.look()
    return {
        "guess": -0.5 * p.dw[1][0, 0],
        "hidden": [p.z[0][0, 0], p.a[1][0, 0]],
        "output": [p.z[1][0, 0], p.a[2][0, 0]],
        "loss": p.loss,
        "w5": 0.40 - 0.5 * p.dw[1][0, 0],
        "faded1": [p.slope(net, 2, 2)],
        "upstream": [p.upstream[0][0, 0], p.delta[0][0, 0]],
        "w1": 0.15 - 0.5 * p.dw[0][0, 0],
        "yours": [
            mine.upstream[1][0, 0],
            mine.slope(yours, 2, 1),
            mine.dw[1][0, 0],
            mine.w[1][0, 0] - 0.5 * mine.dw[1][0, 0],
        ],
        "yours1": mine.dw[0][0, 0],
    }


@oracle("06-whose-delta")
def _blame(keys: Keys) -> Answers:
    p, mine = Net(keys, "blame").look(), Net(keys, "yours").look()
    delta = np.abs(p.delta[0][0])
    return {
        "blame": [(1, int(delta.argmax()) + 1)],
        "terms": [*p.upstream[0][0]],
        "raise": _right(p.delta[0][0, 1] < 0, p.delta[0][0, 1] > 0),
        "yours": [*mine.upstream[0][0]],
    }


@oracle("07-batch-shares")
def _shares(keys: Keys) -> Answers:
    x, t, w = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, -1.0]), 0.5
    share = (w * x - t) * x / 3
    moved = w - 0.1 * share.sum()
    worse = np.abs(moved * x - t) > np.abs(w * x - t)
    mine = Net(keys, "yours").look()
    own = [mine.share(1, 1, 1, row) for row in (1, 2, 3)]
    xor = Net(keys, "xor").look()
    assert xor.norm(1) == 0.0 and np.all(xor.a[1] == 0.5)
    return {
        "shares": [share[0], share[1]],
        "sign": share.sum(),
        "against": [(int(share.argmax()) + 1,)],
        "after": _right([*worse] == [True, True, False], worse[2], not worse.any()),
        "xor": 0.0,
        "stuck": [0],
        "yours": [*own, sum(own)],
    }


@oracle("08-order-matters")
def _order(keys: Keys) -> Answers:
    nets = {
        n: Net(keys, n) for n in ("true", "listing", "small_true", "small_listing", "one_true", "one_listing")
    }
    p = {n: net.step() for n, net in nets.items()}
    true, listing = p["true"], p["listing"]
    ratio = {
        n: abs(p[f"{n}listing"].delta[0][0, 0] / p[f"{n}true"].delta[0][0, 0]) for n in ("", "small_", "one_")
    }
    near = [abs(ratio[n] - 1) < 0.01 for n in ("small_", "one_", "")]
    after = {n: nets[n].look().loss for n in ("true", "listing")}
    turned = listing.delta[0][2, 1] * true.delta[0][2, 1] < 0
    same_w2 = np.array_equal(nets["true"].w[1], nets["listing"].w[1])
    assert np.array_equal(true.delta[1], listing.delta[1]) and same_w2
    assert not np.allclose(nets["true"].b[1], nets["listing"].b[1])
    return {
        "output": [true.delta[1][0, 0]],
        "size": _right(ratio[""] < 1, ratio[""] > 1, ratio[""] == 1),
        "line": [3],
        "ratio": true.db[1][0] / listing.db[1][0],
        "better": _right(after["true"] < after["listing"] < true.loss, after["listing"] >= true.loss, False),
        "harmless": _right(*near),
        "one": p["one_true"].db[1][0] / p["one_listing"].db[1][0],
        "sign": _right(turned, not turned),
    }


@oracle("09-optimizers")
def _optimizers(keys: Keys) -> Answers:
    w, v, path = 1.0, 0.0, [1.0]
    for _ in range(4):
        v = 0.9 * v + (2 * w - 6) * 2
        w -= 0.05 * v
        path.append(w)
    g = -8.0
    second = 2 * (2 * 1.1 - 6)
    m, s = 0.9 * -0.8 + 0.1 * second, 0.999 * 0.064 + 0.001 * second**2
    own = Net(keys, "yours")
    own.step()
    own.step()
    return {
        "plain": [g, 1 - 0.05 * g],
        "farther": _right(abs(path[2] - path[1]) > abs(path[1] - path[0]), False),
        "momentum": path[2],
        "overshoot": _right(path[4] > 3, path[4] <= 3),
        "adam1": [-0.8, -8.0, 0.064, 64.0, 1.1],
        "far": 0.1,
        "adam2": 1.1 - 0.1 * (m / 0.19) / (np.sqrt(s / 0.001999) + 1e-8),
        "yours": own.w[0][0, 0],
    }


@oracle("10-four-illnesses")
def _illnesses(keys: Keys) -> Answers:
    deep, dead, flat, twins, short = (
        Net(keys, name) for name in ("deep", "dead", "saturated", "twins", "short")
    )
    p = deep.look()
    norms = [p.norm(layer) for layer in range(1, 7)]
    assert norms == sorted(norms)
    slope = flat.look().slope(flat, 1, 1)
    before = twins.w[0][0, 0]
    later = twins.after(100)
    equal, moved = np.isclose(later.w[0][0, 0], later.w[0][0, 1], rtol=1e-13), later.w[0][0, 0] != before
    two = short.look()
    return {
        "first": [(norms.index(min(norms)) + 1,)],
        "depth": sorted(range(4), key=lambda i: norms[[3, 1, 6, 2][i] - 1]),
        "dead": dead.look().norm(1),
        "flat": _right(slope < 0.01, slope > 0.5, False),
        "twins": _right(equal and moved, not equal, not moved),
        "short": two.norm(3) / two.norm(1),
    }


@oracle("11-learning-rate")
def _curvature(keys: Keys) -> Answers:
    def kind(name: str) -> list[int]:
        net = Net(keys, name)
        start, w = net.look().loss, [0.0]
        for _ in range(20):
            net.step()
            w.append(float(net.w[0][0, 0]))
        grown = net.look().loss > start
        return _right(not grown and w[2] > w[1] and w[1] < 2, not grown and w[1] > 2, grown)

    def largest(x: Array) -> float:
        columns = np.column_stack([x, np.ones_like(x)])
        return float(np.linalg.eigvalsh(columns.T @ columns / len(x))[-1])

    centred, own = largest(np.array([-1.5, 0.0, 1.5])), largest(Net(keys, "yours").x[:, 0])
    assert largest(np.array([0.0, 1.5, 3.0])) > 2 / 1.0
    return {
        "rate01": kind("slow"),
        "rate1": kind("one"),
        "rate2": kind("two"),
        "lambda": 4.5 / 3,
        "factors": [1 - eta * centred for eta in (0.1, 1.0, 2.0)],
        "largest": 2 / centred,
        "shifted": [0],
        "yours": 2 / own,
    }


@oracle("12-bug-clinic")
def _clinic(keys: Keys) -> Answers:
    p = Net(keys, "clinic").look()
    upstream, delta = abs(p.upstream[0][0, 0]), abs(p.delta[0][0, 0])
    assert p.share(2, 1, 1, 3) != p.dw[1][0, 0]
    return {"sum": [0], "slope": _right(upstream > delta, upstream < delta), "last": [0]}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_what_plain_numpy_gives(name: str, seed: int) -> None:
    keys = Keys(lesson(name), folder(name), seed)
    expected = ORACLES[name](keys)
    asked = [q for q in questions(name) if not isinstance(q, Goal | Fault)]
    assert sorted(expected) == sorted(q.id for q in asked)
    for question in asked:
        key, right = keys.key(question), expected[question.id]
        if isinstance(question, Predict):
            assert key.numbers[0] == pytest.approx(right, rel=1e-9, abs=1e-12), question.id
        elif isinstance(question, Blank):
            assert key.numbers == pytest.approx(right, rel=1e-9, abs=1e-12), question.id
        elif isinstance(question, Point):
            assert list(key.places) == right, question.id
        else:
            assert list(key.order) == right, question.id


def test_keys_follow_the_weights_and_the_data() -> None:
    """Whoever changes a weight or a row changes what is right, and the texts with it."""
    files = folder("05-by-hand")
    text = files.text("lesson.md")
    before = Keys(lesson("05-by-hand"), files)
    for old, new in (("0.40, 0.50", "0.70, 0.50"), ("0.05,0.1,", "0.55,0.1,")):
        changed = {**files.files, "mazur.csv": files.bytes("mazur.csv").replace(old.encode(), new.encode())}
        read = read_text(text.replace(old, new), "05-by-hand")
        assert read.lesson is not None
        after = Keys(read.lesson, replace(files, files=changed))
        for question in questions("05-by-hand"):
            if isinstance(question, Predict) and question.ask == "number" and question.id != "yours1":
                assert before.key(question) != after.key(read.lesson.question(question.id)), question.id
        texts = [step for step in lesson("05-by-hand").steps if "{{" in step.text]
        assert sum(before.filled(step) != after.filled(step) for step in texts) > 5


# -- the right answer is taken, and slips are named --------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_right_numbers_are_right_and_others_are_not(name: str) -> None:
    keys = Keys(lesson(name), folder(name))
    for question in questions(name):
        if isinstance(question, Predict) and question.ask == "number":
            right = keys.key(question).numbers[0]
            assert judge(keys, question, f"{right:.7g}").right, question.id
            assert not judge(keys, question, f"{right * 1.7 + 0.3:.7g}").right, question.id


TYPICAL: Sequence[tuple[str, str, str, str]] = (
    ("01-knob-and-gauge", "slope", "2.25", "value"),
    ("02-chain", "whole", "8", "added"),
    ("02-chain", "whole", "5", "outer"),
    ("02-chain", "size", "-16", "sign"),
    ("03-two-roads", "sum", "8", "one_road"),
    ("04-one-neuron", "mild", "0.8176", "no_output_slope"),
    ("04-one-neuron", "cross", "0.01735", "extra_output_slope"),
    ("05-by-hand", "loss", "0.5967", "loss_without_half"),
    ("05-by-hand", "w5", "0.4410835", "update_plus"),
    ("05-by-hand", "w5", "0.4", "before"),
    ("05-by-hand", "w1", "0.149092", "no_hidden_slope"),
    ("05-by-hand", "upstream", "0.03635 0.03635", "no_hidden_slope"),
    ("07-batch-shares", "shares", "-0.5 -2", "sum_for_mean"),
    ("08-order-matters", "output", "-0.1287", "error_sign"),
    ("11-learning-rate", "largest", "0.75", "upside_down"),
)
"""What people answer, and what is to be said of it."""


@pytest.mark.parametrize(("name", "id", "answer", "slip"), TYPICAL)
def test_a_typical_mistake_is_named(name: str, id: str, answer: str, slip: str) -> None:
    question = lesson(name).question(id)
    given = answer.split() if isinstance(question, Blank) else answer
    verdict = judge(Keys(lesson(name), folder(name)), question, given)
    assert not verdict.right
    assert slip in [found.name for part in (verdict, *verdict.parts) for found in part.slips]


# -- words -------------------------------------------------------------------------------------------------

INTRODUCED = {
    "dy/dx": (1, r"\*\*derivative\*\*"),
    "h": (1, r"from \$x\$ to \$x \+ h\$"),
    r"\sigma": (4, r"sigmoid and written \$\\sigma\$"),
    r"\partial": (4, r"round \$\\partial\$ means"),
    "f'": (4, r"\$f'\(z\)\$ is the \*\*local derivative\*\*"),
    r"\eta": (5, r"learning rate, written \$\\eta\$"),
    r"\delta": (5, r"It is written \$\\delta\$ \(delta\)"),
    "^{(": (5, r"The layer stands in brackets above"),
    r"\sum": (7, r"\$\\sum_s\$ means: add up"),
    "B": (7, r"\$B\$ is the number of rows"),
    r"\epsilon": (9, r"The little \$\\epsilon\$ is"),
    r"\hat": (9, r"calls the results \$\\hat m\$ and \$\\hat v\$"),
    r"\lambda": (11, r"It is written \$\\lambda\$ \(lambda\)"),
}
"""Each symbol, the lesson that introduces it, and the words that do."""

ORDINARY = {
    *("x", "y", "u", "v", "a", "b", "t", "w", "z", "e", "L", "W", "m", "g", "k", "s", "j", "d"),
    *("frac", "cdot", "quad", "qquad", "left", "right", "text", "sqrt", "ln", "leftarrow", "max", "infty"),
}
"""Letters that stand for what the text calls by name where it uses them, and LaTeX that is no symbol."""


def _formulas(one: Lesson) -> str:
    body = "\n".join(text for step in one.steps for text in _texts(step))
    return "\n".join(m[1] or m[2] for m in re.finditer(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", body, re.DOTALL))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(1, 13))
def test_no_symbol_comes_before_it_is_explained(number: int, language: str) -> None:
    one = lesson(NAMES[number - 1], "" if language == "en" else language)
    formulas = _formulas(one)
    for symbol, (introduced, _) in INTRODUCED.items():
        if symbol.startswith("\\") or symbol in ("^{(", "f'"):
            there = symbol in formulas
        else:
            there = re.search(rf"(?<![A-Za-z\\]){re.escape(symbol)}(?![A-Za-z])", formulas) is not None
        assert not there or introduced <= number, f"{symbol} is explained in lesson {introduced}"
    bare = re.sub(r"\\text\{[^}]*\}", "", formulas)
    words = set(re.findall(r"\\?[A-Za-z]+", bare))
    known = {
        *ORDINARY,
        *(symbol.strip("\\") for symbol in INTRODUCED),
        "dy",
        "dx",
        "du",
        "dv",
        "db",
        "da",
        "xh",
        "f",
    }
    known |= {"hat", "wx", "max"}
    assert {word.lstrip("\\") for word in words} - known == set()


@pytest.mark.parametrize("symbol", INTRODUCED)
def test_each_symbol_is_explained_where_the_list_says(symbol: str) -> None:
    number, words = INTRODUCED[symbol]
    body = "\n".join(text for step in lesson(NAMES[number - 1]).steps for text in _texts(step))
    assert re.search(words, body.replace("\n", " ")), words


TYPED: Mapping[str, set[str]] = {
    # how far the knob is turned, as in the expressions beside it
    "01": {"0.1", "0.01", "0.001", "0.02"},
    "02": {"0.001"},
    "03": {"0.001", "0.01"},
    "04": {"0.0183", "10", "50"},  # e^-4, tested below; the steps of the table
    "05": {"2015", "10,000"},  # the year; the steps that are run
    "08": {"0.01"},
    "09": {"0.9", "0.1", "0.999", "0.001", "0.00000001", "0.19", "0.001999", "10"},  # Adam's, tested below
    "10": {"0.25", "0.1", "500", "100"},  # the steepest slope of a sigmoid, tested below; goals, runs
    "11": {"1.3", "0.1", "300", "20", "1.5"},  # goals, runs; the shift of the rows, tested below
}
"""Numbers of more than one figure that stand in a text, and why they may: all others are computed."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_computed_not_typed(name: str, language: str) -> None:
    one = lesson(name, "" if language == "en" else language)
    for step in one.steps:
        for text in _texts(step):
            values = values_in(text, step.text_spot)
            plain = replaced(text, values, lambda _: "")
            plain = re.sub(
                r"\[\[.*?\]\]\]?|```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$", " ", plain, flags=re.DOTALL
            )
            plain = re.sub(r"[Ll]esson \d+|第 \d+ 课", " ", plain)
            typed = set(re.findall(r"\d[\d,]*\.?\d+|\d{2,}", plain))
            may = TYPED.get(name[:2], set()) | _of_blocks(one)
            assert typed - may == set(), f"{step.spot}: {typed - may}"


def _of_blocks(one: Lesson) -> set[str]:
    """Steps that blocks run or allow: their texts may say them."""
    told = {str(step.run) for step in one.steps if isinstance(step, Show) and step.run}
    return told | {str(step.within) for step in one.steps if isinstance(step, Goal)}


def test_the_typed_numbers_are_true() -> None:
    assert f"{np.exp(-4.0):.4f}" == "0.0183"
    z = np.linspace(-5.0, 5.0, 1001)
    assert SLOPE["sigmoid"](z).max() == pytest.approx(0.25, abs=1e-12)
    assert (Momentum().momentum, Adam().beta1, Adam().beta2, Adam().epsilon) == (0.9, 0.9, 0.999, 1e-8)
    assert pytest.approx([0.19, 0.001999]) == [1 - 0.9**2, 1 - 0.999**2]
    keys = Keys(lesson("11-learning-rate"), folder("11-learning-rate"))
    assert Net(keys, "shifted").x - Net(keys, "slow").x == pytest.approx(1.5)
    twice = Net(keys, "two")
    far = [abs(twice.after(1).w[0][0, 0] - 2) for _ in range(4)]
    assert [b / a for a, b in pairwise(far)] == pytest.approx([2.0] * 3)


# -- Chinese -----------------------------------------------------------------------------------------------

TERMS = {
    *(
        "权重",
        "偏置",
        "激活值",
        "损失",
        "梯度",
        "上游梯度",
        "局部导数",
        "链式法则",
        "反向传播",
        "学习率",
        "小批量",
    ),
    *(
        "份额",
        "饱和",
        "死亡单元",
        "梯度消失",
        "优化器",
        "动量法",
        "曲率",
        "隐藏单元",
        "导数",
        "斜率",
        "目标值",
        "缩放",
    ),
}
NEVER = {
    "权值": "权重",
    "偏差": "偏置",
    "偏移": "偏置",
    "死单元": "死亡单元",
    "学习速率": "学习率",
    "反传": "反向传播",
    "迷你批": "小批量",
    "局部梯度": "局部导数",
    "误差项": "delta",
    "代价": "损失",
    "隐层": "隐藏层",
    "标签": "目标值",
}


def _chinese(name: str) -> str:
    return Path(resource_path("lessons", name, "lesson.zh_CN.md")).read_text(encoding="utf-8")


def test_the_terms_of_the_field_are_used_in_chinese() -> None:
    whole = "\n".join(map(_chinese, NAMES))
    assert [term for term in sorted(TERMS) if term not in whole] == []
    assert [word for word in NEVER if word in whole] == []


@pytest.mark.parametrize("name", NAMES)
def test_chinese_has_its_own_punctuation(name: str) -> None:
    one = lesson(name, "zh_CN")
    for text in (one.title, *one.goals, *(text for step in one.steps for text in _texts(step))):
        plain = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$", "", text, flags=re.DOTALL)
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", plain), text
        assert not re.search(r"[\u4e00-\u9fff]\.(\s|$)", plain), text


@pytest.mark.parametrize("name", NAMES)
def test_no_formula_has_chinese_in_it(name: str) -> None:
    """The typesetter's fonts have none."""
    assert re.findall(r"[\u4e00-\u9fff]+", _formulas(lesson(name, "zh_CN"))) == []
