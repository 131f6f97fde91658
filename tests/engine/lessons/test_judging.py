"""A wrong answer is told for what it is: the number under one of the mistakes that people make."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.errors import LessonError
from engine.lessons.folder import Folder, read_lesson
from engine.lessons.judging import judge, read_number, slips_of
from engine.lessons.keys import FormulaMoment, Keys
from engine.lessons.lesson import Predict, Question, Source, Spot, Tolerance
from engine.lessons.moment import Moment

MAZUR = """+++
title = "Mazur"
language = "en"
minutes = 5
goals = []

[experiments.mazur]
file = "mazur.toml"
data = "mazur.csv"
target = ["o1", "o2"]
weights = [[[0.15, 0.25], [0.20, 0.30]], [[0.40, 0.50], [0.45, 0.55]]]
biases = [[0.35, 0.35], [0.60, 0.60]]
held = ["b"]

[experiments.chain]
formula = "u = 3*x + 1; y = u^2"
values = { x = 2.0 }

[experiments.diamond]
formula = "b = a; c = 3*a; y = b*c"
values = { a = 2.0 }
+++

# Mazur
"""
LAYER = '[[layers]]\nunits = 2\nactivation = "sigmoid"\n'
FILES = {
    "lesson.md": MAZUR.encode(),
    "mazur.toml": ('loss = "squared_error"\nlearning_rate = 0.5\n' + 2 * LAYER).encode(),
    "mazur.csv": b"i1,i2,o1,o2\n0.05,0.10,0.01,0.99\n",
}
SPOT = Spot("lesson.md", 1, 1)


@pytest.fixture(scope="module")
def mazur() -> Keys:
    from pathlib import Path

    folder = Folder("mazur", Path("mazur"), FILES)
    return Keys(read_lesson(folder), folder)


def asked(text: str, experiment: str = "mazur", **fields: Any) -> Predict:
    source = Source(text, SPOT)
    return Predict(SPOT, "", SPOT, experiment, target=source, id="q", tolerance=Tolerance(0.001), **fields)


def slips(keys: Keys, question: Question, answer: Any) -> list[str]:
    verdict = judge(keys, question, answer)
    assert not verdict.right
    return [slip.name for slip in verdict.slips]


def test_mazurs_published_numbers(mazur: Keys) -> None:
    published = {
        "w[2,1,1, after]": "0.35891648",
        "w[2,2,1, after]": "0.408666186",
        "w[2,1,2, after]": "0.511301270",
        "w[1,1,1, after]": "0.149780716",
        "w[1,2,2, after]": "0.29950229",
        "loss": "0.298371109",
        "delta[2,1]": "0.138498562",
    }
    for text, number in published.items():
        assert judge(mazur, asked(text), number).right, text


def test_typical_wrong_numbers_are_named(mazur: Keys) -> None:
    a1, a2 = 0.593269992, 0.75136507  # of Mazur's page
    error, slope = a2 - 0.01, a2 * (1 - a2)
    w5 = asked("w[2,1,1, after]")
    assert "no_output_slope" in slips(mazur, w5, 0.4 - 0.5 * error * a1)
    assert "lr_missing" in slips(mazur, w5, round(0.4 - error * slope * a1, 6))
    assert "update_plus" in slips(mazur, w5, f"{0.4 + 0.5 * error * slope * a1:.5f}")
    assert slips(mazur, w5, "0.4")[0] == "before"
    gradient = asked("grad[1,1,1]")
    right = mazur.key(gradient).numbers[0]
    stale = mazur.wrong_moments(gradient)
    new = dict(stale)["updated_weights_backward"].record.weight_grads[0][0, 0]
    assert new != right and "updated_weights_backward" in slips(mazur, gradient, float(new))
    assert "no_hidden_slope" in slips(mazur, gradient, right / (a1 * (1 - a1)))
    assert "sign" in slips(mazur, asked("update[1,1,1]"), float(0.5 * right)) or "update_plus" in slips(
        mazur, asked("update[1,1,1]"), float(0.5 * right)
    )
    assert slips(mazur, asked("w[2,1,2]"), "0.45") == ["turned"]
    assert slips(mazur, asked("a[1,1]"), "0.5968844") == ["other_unit"]
    assert slips(mazur, w5, "12345") == []


def test_what_is_right_as_far_as_it_goes(mazur: Keys) -> None:
    assert slips(mazur, asked("w[2,1,1, after]"), "0.36") == ["more_digits"]
    assert judge(mazur, asked("w[2,1,1, after]"), "0.3589").right


def test_every_catalogued_number_is_named_by_its_mistake(mazur: Keys) -> None:
    question = asked("grad[1,2,1]")
    right = mazur.key(question).numbers[0]
    named = 0
    for slip, value in slips_of(mazur, question, question.target, right):
        if abs(value - right) <= 0.001 * abs(right) or not np.isfinite(value):
            continue
        verdict = judge(mazur, question, float(value))
        assert not verdict.right and verdict.slips
        if slip.name not in [s.name for s in verdict.slips]:  # others give the same number here
            assert len(verdict.slips) == 3
        named += 1
    assert named > 30


def test_formulas(mazur: Keys) -> None:
    slope = asked("d[y,x]", "chain")
    assert judge(mazur, slope, 42).right  # 2 u · 3 with u = 7
    assert slips(mazur, slope, "14") == ["outer"]
    assert slips(mazur, slope, "3") == ["inner"]
    assert slips(mazur, slope, "17") == ["added"]
    assert slips(mazur, slope, "49") == ["value"]
    assert slips(mazur, slope, "-42") == ["sign"]
    roads = asked("d[y,a]", "diamond")
    assert judge(mazur, roads, 12).right and slips(mazur, roads, "6")[0] in ("outer", "one_road")
    assert "one_road" in slips(mazur, roads, "6")
    moved = asked("(y[x+0.5] - y)/0.5", "chain")
    assert mazur.key(moved).numbers == (46.5,)


def test_signs(mazur: Keys) -> None:
    question = asked("grad[2,1,1]", ask="sign")
    assert judge(mazur, question, "+").right and judge(mazur, question, 1).right
    for wrong in ("-", "−", "0"):
        assert not judge(mazur, question, wrong).right
    with pytest.raises(LessonError, match="not a number"):
        judge(mazur, question, "up")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25),
        (" −3 ", -3.0),
        ("0,25", 0.25),
        ("２．５", 2.5),
        ("2e-5", 2e-5),
        ("2·10⁻⁵", 2e-5),
        ("1/4", 0.25),
        ("0.5*0.3", 0.15),
    ],
)
def test_numbers_as_people_type_them(text: str, number: float) -> None:
    assert read_number(text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    "text", ["", "x", "0.3.1", "1/0", "1e999", "nan", "inf", "()", "9" * 101, "import os"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(LessonError) as raised:
        read_number(text)
    assert raised.value.kind == "answer_not_a_number" and raised.value.mend


def test_every_kind_of_question(keys: Keys) -> None:
    lesson = keys.lesson
    sign, against, order = (lesson.question(id) for id in ("sign", "against", "layers"))
    right = keys.key(sign).order[0]
    assert [judge(keys, sign, index).right for index in range(3)] == [index == right for index in range(3)]
    assert judge(keys, against, (2,)).right and not judge(keys, against, (1,)).right
    best = keys.key(order).order
    assert judge(keys, order, best).right and not judge(keys, order, best[::-1]).right
    assert judge(keys, lesson.question("starves"), keys.key(lesson.question("starves")).places[0]).right
    chain = lesson.question("chain")
    first, second = keys.key(chain).numbers
    verdict = judge(keys, chain, [f"{first:.4f}", ""])
    assert not verdict.right and (verdict.points, verdict.most) == (1, 2)
    assert judge(keys, chain, [first, second]).right
    flat = lesson.question("flat")
    material: Any = keys.material("knob")
    assert not judge(keys, flat, FormulaMoment(material)).right
    learn = lesson.question("learn")
    assert not judge(keys, learn, Moment(keys.record("houses"))).right


def test_a_planted_fault(keys: Keys, folder: Folder) -> None:
    bug = keys.lesson.question("bug")
    planted = keys.planted(bug)  # type: ignore[arg-type]
    first = planted.verdict.first_wrong
    assert first is not None
    place = tuple(int(i) for i in np.argwhere(planted.verdict[first].wrong)[0])
    assert judge(keys, bug, (first, place, planted.name)).points == 2
    other = next(name for name in planted.choices if name != planted.name)
    assert judge(keys, bug, (first, place, other)).points == 1
    names = {Keys(keys.lesson, folder, seed).planted(bug).name for seed in range(8)}  # type: ignore[arg-type]
    assert len(names) > 1
