from __future__ import annotations

import pytest

from gui.text.numbers import typed_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        ("-3", -3.0),
        ("−3,5", -3.5),
        (" 1/3 ", 1 / 3),
        ("-1 / 8", -0.125),
        (".5", 0.5),
        ("2.", 2.0),
        ("2e-3", 0.002),
        ("1E3/4", 250.0),
        ("0", 0.0),
        ("1e-400", 0.0),
    ],
)
def test_numbers_as_people_type_them(text: str, value: float) -> None:
    assert typed_number(text) == (value, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type a number"),
        ("abc", "'abc' is not a number"),
        ("1_000", "not a number"),
        ("1/2/3", "not a number"),
        ("0x1F", "not a number"),
        ("٣", "not a number"),
        ("1.2.3", "not a number"),
        ("inf", "not finite"),
        ("-Infinity", "not finite"),
        ("∞", "not finite"),
        ("nan", "not finite"),
        ("1/0", "divides by zero"),
        ("1e999", "too large"),
        ("1e300/1e-300", "too large"),
        ("1e999/1e999", "too large"),
    ],
)
def test_what_is_no_number_is_explained(text: str, said: str) -> None:
    value, reason = typed_number(text)
    assert value is None
    assert said in reason
