"""Rows of the catalogue, and what the search for pairs takes for granted of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from engine import MISTAKES
from engine.mistakes import LINES
from engine.mistakes.reference import Step
from tests.benchmarks.wrong_steps import random_case

LISTED = Path(__file__).parents[2] / "data" / "wrong-steps" / "README.md"


def test_every_listed_mistake_is_there_on_its_line() -> None:
    rows = re.findall(r"^\| ([^|`]+) \| `(\w+)` \|", LISTED.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 99
    for line, name in rows:
        assert MISTAKES[name].line == line.strip(), name
    assert {row.line for row in MISTAKES.values()} == set(LINES)


@pytest.mark.parametrize("name", [*MISTAKES])
def test_a_row_says_what_it_is(name: str) -> None:
    row = MISTAKES[name]
    assert row.name == name
    assert row.usual and row.right and row.usual != row.right
    for sentence in (row.meaning, row.why):
        assert sentence[0].isupper() or sentence.startswith(
            ("db", "dW", "np.", "t +=", "zero_grad", "* and", "1/B")
        )
        assert sentence.endswith(".")
    assert row.varied and all(hasattr(Step, place) for place in row.varied)


def test_rows_reach_no_further_than_they_say() -> None:
    """A quantity that a mistake is said not to reach is the right one in its replay."""
    rng = np.random.default_rng(5)
    with np.errstate(all="ignore"):
        for _ in range(25):
            case = random_case(rng)
            right = {name: value for name, value, _ in Step(case).quantities()}
            for row in MISTAKES.values():
                if not row.applies(case) or row.feeds_back:
                    continue
                for name, value, _ in Step(case, [row.varied]).quantities():
                    if not row.reaches(name, case.L):
                        np.testing.assert_allclose(value, right[name], err_msg=f"{row.name} {name}")
