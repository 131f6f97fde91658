"""What is kept of a lesson comes back, damaged or not, and its results harm no spreadsheet."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from gui.lessons.progress import COLUMNS, MOST_TRIES, Progress, as_csv, as_json, results


def some() -> Progress:
    progress = Progress(page=2, seed=7)
    progress.of("q").add("0.5", False, ["no_slope"])
    progress.of("q").add("0.25", True, [])
    progress.of("r").add("-3", False, ["sign"])
    return progress


def test_it_comes_back_as_it_was_kept() -> None:
    kept = json.loads(json.dumps(some().plain()))
    assert Progress.read(kept) == some()


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        "",
        {"page": -1, "seed": True},
        {"answers": [1]},
        {"answers": {"q": 3}},
        {"answers": {"q": {}}},
    ],
)
def test_what_is_damaged_is_passed_over(plain: Any) -> None:
    progress = Progress.read(plain)
    assert (progress.page, progress.seed, progress.finished) == (0, 1, False)
    assert progress.share(["q"]) == 0.0


def test_a_try_that_is_damaged_is_passed_over_and_the_others_stay() -> None:
    kept = some().plain()
    kept["answers"]["q"]["tries"].append({"answer": "1"})
    assert Progress.read(kept) == some()


def test_tries_are_bounded_and_a_right_answer_stays_right() -> None:
    one = some().of("q")
    for number in range(2 * MOST_TRIES):
        one.add(str(number), False, [])
    assert len(one.tries) == MOST_TRIES and one.right and one.is_done


def test_the_share_is_of_the_questions_asked() -> None:
    progress = some()
    assert progress.share(["q", "r"]) == 0.5
    progress.of("r").shown = True
    assert progress.share(["q", "r", "s", "t"]) == 0.5
    progress.finished = True
    assert progress.share(["q", "r", "s", "t"]) == 1.0


def test_results_have_a_row_for_each_question() -> None:
    rows = json.loads(as_json(results("a", "A", [("q", "predict"), ("s", "choose")], some())))
    assert [(row["question"], row["answered"], row["tries"]) for row in rows] == [
        ("q", "right", 2),
        ("s", "open", 0),
    ]
    assert (rows[0]["first"], rows[0]["last"], rows[0]["slips"], rows[0]["seed"]) == (
        "0.5",
        "0.25",
        ["no_slope"],
        7,
    )


def test_no_answer_is_a_formula_to_a_spreadsheet() -> None:
    progress = Progress()
    for question, answer in (("q", "=HYPERLINK(1)"), ("r", "-3"), ("s", "+cmd"), ("t", "-1+cmd")):
        progress.of(question).add(answer, False, [])
    rows = results("a", "A", [(question, "predict") for question in "qrst"], progress)
    read = list(csv.DictReader(as_csv(rows).splitlines()))
    assert tuple(read[0]) == COLUMNS
    assert [row["last"] for row in read] == ["'=HYPERLINK(1)", "-3", "'+cmd", "'-1+cmd"]
