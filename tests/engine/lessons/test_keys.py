"""Keys are the record's own numbers: recomputed here by plain NumPy that shares nothing with the engine."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from engine.errors import EngineError, LessonError
from engine.lessons.expression import Known, read_condition, read_expression
from engine.lessons.folder import Folder, read_lesson
from engine.lessons.keys import Keys
from engine.lessons.lesson import Goal, Point, Predict, Question, Source, Spot
from engine.lessons.moment import Moment

SPOT = Spot("lesson.md", 1, 1)


def head(folder: Folder) -> dict[str, Any]:
    return tomllib.loads(folder.text("lesson.md").split("+++")[1])


class ByHand:
    """The lesson's 2-3-2 network with momentum, step by step; tanh, sigmoid, mean squared error."""

    def __init__(self, X: Any, T: Any, W: Any, b: Any, rate: float = 0.4) -> None:
        self.X, self.T, self.rate = np.array(X), np.array(T), rate
        self.W, self.b = [np.array(w) for w in W], [np.array(v) for v in b]
        self.v = [np.zeros_like(p) for p in (*self.W, *self.b)]
        self.step()

    def step(self) -> None:
        self.old_v = [v.copy() for v in self.v]
        self.old = [p.copy() for p in (*self.W, *self.b)]
        h = np.tanh(self.X @ self.W[0] + self.b[0])
        o = 1 / (1 + np.exp(-(h @ self.W[1] + self.b[1])))
        n, k = o.shape
        self.loss = ((o - self.T) ** 2).mean()
        d2 = 2 * (o - self.T) / k / n * o * (1 - o)
        self.up = d2 @ self.W[1].T
        self.slope = 1 - h * h
        d1 = self.up * self.slope
        self.delta = (d1, d2)
        self.a = (self.X, h, o)
        grads = [self.X.T @ d1, h.T @ d2, d1.sum(0), d2.sum(0)]
        self.grads = grads
        self.v = [0.9 * v + g for v, g in zip(self.v, grads, strict=True)]
        new = [p - self.rate * v for p, v in zip(self.old, self.v, strict=True)]
        self.W, self.b = new[:2], new[2:]


def houses(folder: Folder) -> ByHand:
    table = head(folder)["experiments"]["houses"]
    rows = np.loadtxt(folder.text("rows.csv").splitlines(), delimiter=",", skiprows=1)
    return ByHand(rows[:, :2], rows[:, 2:], table["weights"], table["biases"])


def number(keys: Keys, text: str, experiment: str = "houses") -> float:
    block = Question(SPOT, "", SPOT, experiment)
    return keys.value(Source(text, SPOT), block)


def test_every_quantity_is_that_of_plain_numpy(folder: Folder, keys: Keys) -> None:
    by_hand = houses(folder)
    one = by_hand.__dict__.copy()
    by_hand.step()
    two = by_hand.__dict__
    expected = {
        "x[2, sample=3]": one["X"][2, 1],
        "t[1, sample=2]": one["T"][1, 0],
        "a[0,1]": one["X"][0, 0],
        "a[1,3, sample=2]": one["a"][1][1, 2],
        "a[2,2, sample=3]": one["a"][2][2, 1],
        "z[1,2]": np.arctanh(one["a"][1][0, 1]),
        "delta[1,2, sample=2]": one["delta"][0][1, 1],
        "delta[2,1]": one["delta"][1][0, 0],
        "slope[1,3, sample=3]": one["slope"][2, 2],
        "upstream[1,3, sample=3]": one["up"][2, 2],
        "w[2,3,1]": one["old"][1][2, 0],
        "w[2,3,1, after]": one["W"][1][2, 0],
        "b[1,2, after]": one["b"][0][1],
        "grad[1,2,3]": one["grads"][0][1, 2],
        "grad[2,b,1]": one["grads"][3][0],
        "share[1,2,3, sample=2]": one["X"][1, 1] * one["delta"][0][1, 2],
        "share[2,b,2, sample=3]": one["delta"][1][2, 1],
        "update[1,1,1]": -0.4 * one["grads"][0][0, 0],
        "velocity[1,1,1, step=2]": one["v"][0][0, 0],
        "velocity[1,1,1, after, step=2]": two["v"][0][0, 0],
        "velocity[2,b,2, after]": one["grads"][3][1],
        "loss": one["loss"],
        "loss[step=2]": two["loss"],
        "loss[after]": two["loss"],
        "sample_loss[sample=2]": ((one["a"][2][1] - one["T"][1]) ** 2).mean(),
        "penalty": 0.0,
        "eta": 0.4,
        "batch": 3.0,
        "grad_norm[1]": np.sqrt((one["grads"][0] ** 2).sum() + (one["grads"][2] ** 2).sum()),
        "grad_norm": np.sqrt(sum((g**2).sum() for g in one["grads"])),
        "metric": 1 - (((one["a"][2] - one["T"]) ** 2).mean(0) / one["T"].var(0)).mean(),
        "w[1,1,1] - eta*velocity[1,1,1, after]": one["W"][0][0, 0],
        "max(abs(delta[2,1]), abs(delta[2,2]))": np.abs(one["delta"][1][0]).max(),
        "diverges[within=100]": 0.0,
        "eta[experiment=fast]/eta": 100.0,
    }
    for text, value in expected.items():
        assert number(keys, text) == pytest.approx(value, rel=1e-11, abs=1e-15), text


def test_the_largest_curvature_is_that_of_central_differences(folder: Folder, keys: Keys) -> None:
    by_hand = houses(folder)
    start, shapes = by_hand.old, [p.shape for p in by_hand.old]

    def gradient(flat: Any) -> Any:
        parts = np.split(flat, np.cumsum([p.size for p in start])[:-1])
        shaped = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
        grads = ByHand(by_hand.X, by_hand.T, shaped[:2], shaped[2:]).grads
        return np.concatenate([g.ravel() for g in grads])

    flat = np.concatenate([p.ravel() for p in start])
    steps = np.eye(len(flat)) * 1e-5
    hessian = np.array([(gradient(flat + e) - gradient(flat - e)) / 2e-5 for e in steps])
    assert number(keys, "lambda_max") == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-6)


def test_keys_of_every_kind_of_question(folder: Folder, keys: Keys) -> None:
    by_hand = houses(folder)
    shares = by_hand.a[1][:, 1] * by_hand.delta[1][:, 1]
    lesson = keys.lesson

    def key(id: str) -> Any:
        return keys.key(lesson.question(id))

    assert key("share").numbers[0] == pytest.approx(
        by_hand.X[1, 0] * 0 + by_hand.a[1][1, 0] * by_hand.delta[1][1, 0]
    )
    assert key("sign").order == (0 if by_hand.grads[1][0, 0] > 0 else 1,)
    against = tuple((s + 1,) for s in range(3) if shares[s] * shares.sum() < 0)
    assert key("against").places == against
    assert key("blame").places == ((1, int(np.abs(by_hand.delta[0][2]).argmax()) + 1),)
    norms = [np.sqrt((by_hand.grads[i] ** 2).sum() + (by_hand.grads[i + 2] ** 2).sum()) for i in (0, 1)]
    assert key("layers").order == tuple(int(i) for i in np.argsort(norms)[::-1])
    factors = {"upstream": by_hand.up[0, 2], "slope": by_hand.slope[0, 2], "activation": by_hand.X[0, 1]}
    assert key("starves").places == ((min(factors, key=lambda name: abs(factors[name])),),)
    assert key("knob").numbers[0] == pytest.approx(9 * value_of_knob(keys) ** 2 + 2 * value_of_knob(keys))


def value_of_knob(keys: Keys) -> float:
    return number(keys, "x", "knob")


def changed(folder: Folder, old: str, new: str, seed: int = 1) -> Keys:
    text = folder.text("lesson.md")
    assert text.count(old) == 1
    other = Folder(folder.name, folder.path, {**folder.files, "lesson.md": text.replace(old, new).encode()})
    return Keys(read_lesson(other), other, seed)


def test_keys_change_with_the_weights_of_the_experiment(folder: Folder, keys: Keys) -> None:
    other = changed(folder, "[[0.7, -0.3], [0.2", "[[0.9, -0.3], [0.2")
    for id in ("share", "chain"):
        question = keys.lesson.question(id)
        assert keys.key(question).numbers != other.key(other.lesson.question(id)).numbers
    reveal = keys.lesson.reveals("share")[0]
    assert keys.filled(reveal) != other.filled(other.lesson.reveals("share")[0])
    assert changed(folder, "[0.1, -0.1, 0.2]", "[0.1, -0.1, 2.2]").key(keys.lesson.question("blame")).places


def test_drawn_numbers_are_each_students_own_and_always_the_same(folder: Folder, keys: Keys) -> None:
    second = keys.lesson.question("second")
    same, other = (Keys(keys.lesson, folder, seed) for seed in (1, 2))
    assert same.key(second) == keys.key(second) != other.key(second)
    drawn = other.network("yours")
    assert set(np.unique(drawn.dataset.inputs * 10 % 1).round(9)) <= {0.0, 1.0}
    assert drawn.dataset.inputs.min() >= 0.1 and drawn.dataset.inputs.max() <= 0.9
    assert drawn.weights is not None and len(np.unique(drawn.weights[0])) == 6
    assert any((w < 0).any() for w in drawn.weights) and any((w > 0).any() for w in drawn.weights)
    by_hand = ByHand(drawn.dataset.inputs, drawn.dataset.targets, drawn.weights, drawn.biases)
    by_hand.step()
    assert other.key(second).numbers[0] == pytest.approx(by_hand.W[0][1, 2], rel=1e-12)
    assert value_of_knob(keys) != value_of_knob(other) and round(value_of_knob(other), 1) == value_of_knob(
        other
    )


def test_numbers_are_drawn_again_where_a_question_would_have_no_answer(folder: Folder) -> None:
    """Of some students each has numbers with which one unit of the two bears more of the blame."""
    question = """
```point unit id=again experiment=rough most="abs(delta[1,j])" layer=1
Which unit?
```
"""
    rough = """[experiments.rough]
like = "houses"
draw = { weights = { low = 0.1, high = 0.3, digits = 1 }, inputs = { low = 0.1, high = 0.3, digits = 1 } }
biases = [[0.1, 0.1, 0.1], [0.1, 0.1]]

[experiments.knob]"""
    text = folder.text("lesson.md").replace("[experiments.knob]", rough, 1) + question
    other = Folder(folder.name, folder.path, {**folder.files, "lesson.md": text.encode()})
    lesson = read_lesson(other)
    draws = set()
    for seed in range(15):
        keys = Keys(lesson, other, seed)
        assert len(keys.key(lesson.question("again")).places) == 1
        draws.add(keys._draws)
    assert max(draws) > 0


def test_goals(folder: Folder, keys: Keys) -> None:
    learn, flat = keys.lesson.question("learn"), keys.lesson.question("flat")
    assert isinstance(learn, Goal) and isinstance(flat, Goal)
    assert not keys.attempt(learn, solve=False).met and keys.attempt(learn, solve=True).met
    assert keys.attempt(flat, solve=True).met
    trainer = keys.network("houses").trainer()
    assert not keys.meets(learn, Moment(trainer.peek()))
    trainer.change(trainer.experiment.changed(learning_rate=3.0))
    trainer.run(60)
    assert keys.meets(learn, Moment(trainer.peek()))


def test_numbers_in_texts_are_those_of_the_record(folder: Folder, keys: Keys) -> None:
    first = keys.filled(keys.lesson.steps[0])
    assert "The loss is 0.06993 at first, and $L = 0.0677339$" in first and "{{" not in first
    block = Question(SPOT, "", SPOT, "houses")
    assert keys.filled(block, "{{grad[2,1,1]*1e-6:3}}") == "−9.67·10⁻⁹"
    assert keys.filled(block, "$g = {{grad[2,1,1]*1e-6:3}}$") == r"$g = -9.67 \cdot 10^{-9}$"


WRONG = {
    "grad[3,1,1]": "no_such_part",
    "grad[1,3,1]": "no_such_part",
    "delta[0,1]": "no_such_part",
    "b[2,3]": "no_such_part",
    "x[3]": "no_such_part",
    "grad_norm[3]": "no_such_part",
    "a[1,1, sample=4]": "no_such_sample",
    "moment1[1,1,1]": "no_such_slot",
    "grad[1,1]": "bad_indices",
    "w[1,b,1]": "bad_indices",
    "w[1,1,1,1]": "bad_indices",
    "loss[1]": "bad_indices",
    "grad[1,1,1, after]": "bad_place",
    "loss[step=0]": "bad_place",
    "loss[step=999999999999]": "bad_place",
    "loss[within=3]": "bad_place",
    "w[1,1,,1]": "bad_place",
    "loss[experiment=nobody]": "unknown_experiment",
    "weight[1,1,1]": "unknown_quantity",
    "lossy": "unknown_quantity",
    "loss[step=5000, experiment=fast]": "step_diverges",
    "loss[step=100000, experiment=houses] + 1e309": "number_too_large",
    "1/(eta-eta)": "division_by_zero",
    "log(-batch)": "log_domain",
    "sqrt(-loss)": "sqrt_domain",
    "exp(1000*batch)": "overflow",
    "w[1,1,1": "type_instead",
    "loss +": "missing_operand",
    "": "empty",
    "x" * 501: "expression_too_long",
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_wrong_expressions_are_told_with_their_place(keys: Keys, text: str) -> None:
    spot = Spot("lesson.md", 12, 7)
    block = Question(spot, "", spot, "houses")
    with pytest.raises(EngineError) as raised:
        keys.value(Source(text, spot), block)
    assert raised.value.kind == WRONG[text]
    assert raised.value.details["line"] == 12 and raised.value.details["column"] >= 7
    assert raised.value.details["file"] == "lesson.md"


def test_conditions() -> None:
    known = Known({"n": False}, "n")

    def holds(text: str) -> bool:
        return read_condition(Source(text, SPOT), known).holds(
            lambda reference: {"eta": 0.5, "batch": 4.0}[reference.name]
        )

    assert holds("eta < 1") and not holds("eta > 1") and holds("0 < eta <= 0.5 and batch == 4")
    assert (
        holds("eta*batch == 2")
        and holds("0.1 + 0.2 + eta == 0.8")
        and holds("eta ≠ batch")
        and holds("eta≤0.5")
    )
    assert not holds("eta < 0.5") and not holds("0.1 + 0.2 + eta > 0.8")
    for text in ("eta", "eta = 1", "", "eta <", "< 3", "eta and batch"):
        with pytest.raises(EngineError):
            holds(text)


def test_expressions_are_bounded(keys: Keys) -> None:
    spot = Spot("lesson.md", 1, 1)
    for text in ("(" * 250 + "eta" + ")" * 250, "-" * 400 + "eta", "eta^" * 100 + "2", "eta+" * 120 + "eta"):
        try:
            number(keys, text)
        except EngineError as error:
            assert error.details["line"] == 1
    with pytest.raises(LessonError, match="needs 100000 steps"):
        wide = changed_to_digits(keys.folder)
        number(wide, "loss[step=100000]", "wide")
    assert not read_expression(Source("eta", spot), Known({"n": False}, "n")).is_typed
    assert read_expression(Source("2*pi", spot), Known({"n": False}, "n")).is_typed


def changed_to_digits(folder: Folder) -> Keys:
    net = '[[layers]]\nunits = 100\nactivation = "tanh"\n[[layers]]\nunits = 10\nactivation = "softmax"\n'
    text = folder.text("lesson.md").replace(
        "[experiments.knob]",
        '[experiments.wide]\nfile = "wide.toml"\ndata = "digits"\n\n[experiments.knob]',
        1,
    )
    files = {
        **folder.files,
        "lesson.md": text.encode(),
        "wide.toml": f'loss = "cross_entropy"\n{net}'.encode(),
    }
    other = Folder(folder.name, folder.path, files)
    return Keys(read_lesson(other), other)


def test_softmax_has_no_single_slope(folder: Folder) -> None:
    keys = changed_to_digits(folder)
    with pytest.raises(LessonError, match="Of softmax there is no single number slope"):
        number(keys, "slope[2,1]", "wide")
    assert number(keys, "slope[1,1]", "wide") > 0


def test_what_a_point_block_may_point_at(keys: Keys) -> None:
    question = keys.lesson.question("blame")
    assert isinstance(question, Point)
    assert list(keys.places(question)) == [(1, 1), (1, 2), (1, 3)]
    predict = keys.lesson.question("share")
    assert isinstance(predict, Predict) and predict.sample == 1
