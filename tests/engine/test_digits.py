"""How numbers are written: true to the last digit that is shown, and formulas that come out."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.digits import DOTS, digits_that_agree, written


@pytest.mark.parametrize(
    ("value", "digits", "mantissa", "power"),
    [
        (0.9961, 2, "0.996", None),
        (-0.9996, 3, "-0.9996", None),
        (0.99996, 4, "0.99996", None),
        (0.9999999, 4, "0.99999" + DOTS, None),
        (-1.0000001, 4, "-1.00000" + DOTS, None),
        (1.0, 4, "1", None),
        (-1.0, 2, "-1", None),
        (0.0, 4, "0", None),
        (0.5, 4, "0.5", None),
        (0.50001, 4, "0.5000", None),
        (0.30000000000000004, 4, "0.3000", None),
        (12345.0, 4, "12345", None),
        (12345.4, 4, "12345.4", None),
        (9.9999, 4, "10.00", None),
        (1234567.0, 4, "1.235", 6),
        (1e6, 4, "1", 6),
        (1.00001e-5, 4, "1.000", -5),
        (5e-324, 4, "4.941", -324),
    ],
)
def test_a_number_is_exact_or_says_that_it_is_not(
    value: float, digits: int, mantissa: str, power: int | None
) -> None:
    assert written(value, digits) == (mantissa, power)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(2, 9))
def test_what_is_written_is_the_number_within_its_last_digit(value: float, digits: int) -> None:
    shown = written(value, digits)
    exact, read = Decimal(value), Decimal(shown.mantissa.rstrip(DOTS)) * Decimal(10) ** (shown.power or 0)
    if float(read) == value:
        return
    assert read not in (-1, 0, 1) or shown.mantissa.endswith(DOTS)
    assert "." in shown.mantissa
    significant = shown.mantissa.rstrip(DOTS).lstrip("-").replace(".", "").lstrip("0")
    assert len(significant) >= digits
    decimals = len(shown.mantissa.rstrip(DOTS).partition(".")[2])
    place = Decimal(10) ** ((shown.power or 0) - decimals)
    assert abs(exact - read) <= place * (1 if shown.mantissa.endswith(DOTS) else Decimal("0.5"))


def test_formulas_come_out_in_the_digits_that_are_written() -> None:
    draw = random.Random(0)
    more = 0
    for _ in range(1_000):
        factors = [draw.gauss(0, 1) for _ in range(3)]
        for combine, result in ((math.prod, math.prod(factors)), (math.fsum, math.fsum(factors))):
            of_terms, of_result = digits_that_agree(lambda *t: combine(t), factors, result)  # noqa: B023
            made = combine([written(factor, of_terms).value for factor in factors])
            shown = f"{result:.{of_result - 1}e}"
            place = 10.0 ** (int(shown.partition("e")[2]) - of_result + 1)
            assert abs(made - float(shown)) <= place / 2 * (1 + 1e-9)
            more += of_terms > 6
    assert more < 30


def test_what_cannot_come_out_is_not_given_digits_without_end() -> None:
    assert digits_that_agree(lambda a, b: a + b, (1.0, -0.99999999999999), 1e-14) == (6, 4)
    assert digits_that_agree(lambda a, b: a * b, (math.inf, 0.0), math.nan) == (4, 4)
