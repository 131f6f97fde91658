from __future__ import annotations

import math
from typing import Any

import pytest

from engine import functions
from engine.errors import ExperimentError
from engine.functions import OPTIMIZERS, REGULARIZERS, Rule, Table
from engine.functions.optimizers import Adam
from engine.functions.schedules import StepDecay
from engine.functions.table import Range

TABLES: list[Table[Any]] = [value for value in vars(functions).values() if isinstance(value, Table)]


def test_there_are_seven_tables() -> None:
    assert len(TABLES) == 7


@pytest.mark.parametrize("rule", [rule for table in TABLES for rule in table.values()])
def test_every_row_describes_itself(rule: type[Rule]) -> None:
    assert rule.name and rule.label
    assert rule().plain() == rule.name
    for parameter in rule.parameters():
        assert parameter.label and parameter.default in parameter.range
        assert parameter.integer == isinstance(parameter.default, int)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_found_by_name_mapping_and_itself(table: Table[Any]) -> None:
    for name, rule in table.items():
        whole = {p.name: p.default for p in rule.parameters()}
        assert table.resolve(name, "x") == table.resolve({"name": name, **whole}, "x") == rule()
        same = rule()
        assert table.resolve(same, "x") is same


def test_none_means_none_where_there_is_one() -> None:
    assert REGULARIZERS.resolve(None, "x").name == "none"
    with pytest.raises(ExperimentError):
        OPTIMIZERS.resolve(None, "x")


def test_a_rule_of_another_table_is_not_known() -> None:
    with pytest.raises(ExperimentError) as caught:
        REGULARIZERS.resolve(Adam(), "regularizer")
    assert caught.value.field == "regularizer"


def test_plain_holds_what_is_not_the_default() -> None:
    assert Adam().plain() == "adam"
    assert Adam(beta2=0.9).plain() == {"name": "adam", "beta2": 0.9}
    assert Adam(0.5) != Adam() == Adam(0.9)


def test_whole_numbers_and_floats_keep_to_their_kind() -> None:
    assert isinstance(StepDecay(every=4.0).every, int)
    assert isinstance(Adam(beta1=0).beta1, float)
    with pytest.raises(ExperimentError):
        StepDecay(every=4.5)


@pytest.mark.parametrize(
    ("given", "inside", "outside", "words"),
    [
        (Range(0, 1), [0, 0.5, 1], [-0.1, 1.1], "at least 0 and at most 1"),
        (Range(0, 1, True, True), [0.5], [0, 1], "above 0 and below 1"),
        (Range(0, math.inf), [0, 1e300], [-1], "at least 0"),
        (Range(-math.inf, 3), [-1e300, 3], [4], "at most 3"),
        (Range(-math.inf, math.inf), [-1e300, 1e300], [], "a finite number"),
    ],
)
def test_ranges(given: Range, inside: list[Any], outside: list[Any], words: str) -> None:
    assert all(value in given for value in inside)
    assert not any(value in given for value in [*outside, math.inf, -math.inf, math.nan, "1", None])
    assert str(given) == words
