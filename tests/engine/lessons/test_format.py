"""The format as docs/lesson-format.md shows it is the one that is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.explain.expression import parse
from engine.lessons.blocks import BLOCKS, LETTERS, VIEWS
from engine.lessons.expression import QUANTITIES
from engine.lessons.lesson import Blank, Fault, Goal, Hint, Point, Predict, Prose, Reveal, Show
from engine.lessons.reading import read_text

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "lesson-format.md").read_text(encoding="utf-8")


def head_of_the_guide() -> str:
    text = GUIDE[GUIDE.index("+++\n") :]
    return text[: text.index("\n+++\n") + 5]


def blocks_of_the_guide() -> list[str]:
    found = re.findall(r"^    ```.*?^    ```$", GUIDE, re.MULTILINE | re.DOTALL)
    return ["\n".join(line[4:] for line in block.split("\n")) for block in found]


def test_all_that_the_guide_shows_can_be_read() -> None:
    text = (
        head_of_the_guide() + "\n## Begin\nThe loss is {{loss:6}}.\n\n" + "\n\n".join(blocks_of_the_guide())
    )
    lesson, problems = read_text(text, "guide")
    assert [str(problem) for problem in problems] == []
    assert lesson is not None
    assert {step.kind for step in lesson.steps} == {*BLOCKS, "prose"}
    assert (
        lesson.title == "Mazur by hand, then checked"
        and lesson.experiments["yours"].draws["inputs"].low == 0.05
    )
    assert lesson.experiments["mazur"].kind == "regression"
    assert lesson.experiments["yours"].weights == lesson.experiments["mazur"].weights
    predict = lesson.question("w5")
    assert isinstance(predict, Predict) and predict.tolerance.allows(1.0005, 1.0)
    assert not predict.tolerance.allows(1.002, 1.0)
    goal = lesson.question("cure")
    assert isinstance(goal, Goal) and goal.within == 500 and goal.solve[0].path == "learning_rate"
    faded = lesson.question("faded")
    assert isinstance(faded, Blank) and [hole.target.text for hole in faded.holes] == [
        "slope[2,1]",
        "grad[2,1,1]",
    ]
    assert isinstance(lesson.steps[0], Prose) and isinstance(lesson.question("blame"), Point)
    assert isinstance(lesson.question("bug"), Fault)
    assert [type(step) for step in lesson.steps[-3:]] == [Show, Reveal, Hint]


def test_the_guide_names_all_there_is() -> None:
    for name in (*BLOCKS, *VIEWS, *LETTERS, *QUANTITIES):
        assert re.search(rf"\b{name}\b", GUIDE), name


def test_a_place_in_brackets_is_a_name_where_it_is_asked_for() -> None:
    formula = parse("2 w[2, 1,1, after] - max(a[1,2], loss)^2", places=True)
    assert list(formula.variables) == ["w[2,1,1,after]", "a[1,2]", "loss"]
    with pytest.raises(Exception, match="not part of the notation"):
        parse("w[2,1]")


def test_what_a_target_is_can_be_said() -> None:
    head = head_of_the_guide().replace('kind = "regression"', 'kind = "numbers"')
    (problem,) = read_text(head, "guide").problems
    assert problem.kind == "wrong_value" and "regression, binary" in str(problem)
    assert GUIDE[GUIDE.index("+++\n") :].split("\n")[problem.details["line"] - 1].startswith("kind = ")
