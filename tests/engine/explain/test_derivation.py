from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Dataset, Experiment, Layer, StepRecord, Trainer, builtin
from engine.errors import ExperimentError
from engine.explain.derivation import derivation
from engine.explain.derivation.page import MOST_ROWS, MOST_UNITS
from engine.functions import ACTIVATIONS, LOSSES, OPTIMIZERS

EXACT = 17
"""Digits with which a number can be read back as it was."""


# -- an oracle that knows nothing of networks: it reads LaTeX and calculates ---------------------------

TOKENS = re.compile(r"\\left\(|\\right\)|\\[a-zA-Z]+|\d+(?:\.\d+)?|[^\s]")


class SymbolicError(Exception):
    """There is a letter in it."""


class Reader:
    """Calculates a LaTeX expression of numbers, and remembers the largest number it met."""

    number: Any = float
    functions: Mapping[str, Callable[[Any], Any]] = {
        r"\ln": math.log,
        r"\tanh": math.tanh,
        r"\cosh": math.cosh,
        r"\sqrt": math.sqrt,
    }

    def __init__(self, text: str) -> None:
        self.tokens = TOKENS.findall(text.replace(r"\,", " "))
        self.largest = self.number(0)

    @property
    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, expected: str = "") -> str:
        token = self.tokens.pop(0) if self.tokens else ""
        if expected and token != expected:
            raise SymbolicError(token)
        return token

    def sum(self) -> float:
        value = self.product()
        while self.next in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value += sign * self.product()
        return value

    def product(self) -> float:
        value = self.signed()
        while self.next in (r"\cdot", r"\left(", r"\frac", "("):
            if self.next == r"\cdot":
                self.take()
            value *= self.signed()
        self.largest = max(self.largest, abs(value))
        return value

    def signed(self) -> float:
        if self.next == "-":
            self.take()
            return -self.signed()
        value = self.atom()
        if self.next == "^":
            self.take()
            value **= self.group() if self.next == "{" else self.number(self.take())
        return value

    def group(self) -> float:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def inside(self, end: str) -> float:
        value = self.sum()
        self.take(end)
        return value

    def atom(self) -> float:
        token = self.take()
        if token in ("(", r"\left("):
            return self.inside({"(": ")", r"\left(": r"\right)"}[token])
        if token == "|":
            return abs(self.inside("|"))
        if token == r"\frac":
            above = self.group()
            return above / self.group()
        if token == r"\sqrt":
            return self.functions[token](self.group())
        if token in self.functions:
            return self.functions[token](self.signed())
        if token == r"\max":
            self.take("(")
            first = self.sum()
            self.take(",")
            return max(first, self.inside(")"))
        if token == "e":
            return self.number(math.e)
        if token == r"\underbrace":
            value = self.group()
            self.take("_")
            self.take("{")
            while self.take() != "}":
                pass
            return value
        if not token[:1].isdigit():
            raise SymbolicError(token)
        self.largest = max(self.largest, abs(self.number(token)))
        return self.number(token)


class ExactReader(Reader):
    """Calculates with so many digits that 1 + e^-700 is not 1."""

    number = Decimal
    functions: Mapping[str, Callable[[Any], Any]] = {
        r"\ln": Decimal.ln,
        r"\tanh": lambda x: 1 - 2 / (1 + (2 * x).exp()),
        r"\cosh": lambda x: (x.exp() + (-x).exp()) / 2,
        r"\sqrt": Decimal.sqrt,
    }

    def atom(self) -> Any:
        if self.next == "e":
            self.take()
            return Decimal(1).exp()
        return super().atom()


def calculated(text: str) -> tuple[float, float] | None:
    """The value of an expression and the size of the numbers in it; None if it is symbolic."""
    reader = Reader(text)
    try:
        value = reader.sum()
    except SymbolicError:
        return None
    except OverflowError:
        return math.inf, math.inf
    return None if reader.tokens else (value, reader.largest)


def formulas(text: str) -> Iterator[list[str]]:
    for line in re.findall(r"^\$\$ (.*) \$\$$", text, re.MULTILINE):
        depth, sides, start = 0, [], 0
        for place, letter in enumerate(line):
            depth += (letter in "{(") - (letter in "})")
            depth += line.startswith("[", place) - line.startswith("]", place)
            if letter == "=" and depth == 0:
                sides.append(line[start:place].strip())
                start = place + 1
        yield [*sides, line[start:].strip()]


def check_arithmetic(text: str, tolerance: float) -> int:
    """All numeric sides of a formula agree; returns how many formulas had several."""
    checked = 0
    for sides in formulas(text):
        values = [found for side in sides if (found := calculated(side)) is not None]
        for value, size in values[1:]:
            assert value == pytest.approx(values[0][0], abs=tolerance * max(size, values[0][1], 1e-300)), (
                sides
            )
            checked += 1
    return checked


def number(cell: str) -> float:
    """A number read back, to the last bit."""
    cell = cell.replace(r"\ldots", "")
    power = re.fullmatch(r"(?:(-?[\d.]+) \\cdot )?10\^\{(-?\d+)\}", cell.strip("$ "))
    if power:
        return float(f"{power[1] or 1}e{power[2]}")
    found = calculated(cell.strip("$ "))
    assert found is not None, cell
    return found[0]


def tables(text: str) -> list[list[list[str]]]:
    blocks = re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE)
    return [
        [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in block.strip().split("\n")]
        for block in blocks
    ]


def check_tables(text: str, tolerance: float) -> int:
    """In a table of factors each row multiplies to its product, and these add up to the sum."""
    checked = 0
    for _, _, *rows in tables(text):
        if len(rows[0]) != 4:
            continue
        products = []
        for row in rows:
            if row[1]:
                a, b, product = map(number, row[1:])
                assert product == pytest.approx(a * b, rel=tolerance, abs=1e-300)
            products.append(number(row[3]))
        *terms, total = products
        assert total == pytest.approx(math.fsum(terms), abs=tolerance * sum(map(abs, terms)) + 1e-300)
        checked += 1
    return checked


def matrices(text: str) -> dict[str, npt.NDArray[np.float64]]:
    """What is said of each symbol; the last where it is said twice."""
    found = {}
    for sides in formulas(text):
        match = re.fullmatch(r"\\begin\{bmatrix\} (.*) \\end\{bmatrix\}", sides[-1])
        if match and r"\cdots" not in sides[-1] and r"\vdots" not in sides[-1]:
            rows = [[number(cell) for cell in row.split("&")] for row in match[1].split(r" \\ ")]
            found[sides[0]] = np.array(rows)
    return found


def trained(experiment: Experiment, data: Dataset, steps: int = 1) -> tuple[Trainer, StepRecord]:
    trainer = Trainer(experiment, data)
    trainer.run(steps)
    return trainer, trainer.step()


def mazur() -> tuple[Experiment, StepRecord]:
    experiment = Experiment((Layer(2, "sigmoid"), Layer(2, "sigmoid")), learning_rate=0.5)
    trainer = Trainer(experiment, Dataset.from_arrays([[0.05, 0.10]], [[0.01, 0.99]]))
    trainer.set_parameters(
        [[[0.15, 0.25], [0.20, 0.30]], [[0.40, 0.50], [0.45, 0.55]]], [[0.35, 0.35], [0.60, 0.60]]
    )
    return experiment, trainer.step()


# -- one parameter -------------------------------------------------------------------------------------


def test_the_oracle_calculates() -> None:
    for text, value in {
        r"0.4 \cdot 2 + \left(-0.5\right) \cdot 4 + 1": -0.2,
        r"\frac{1}{2} \left((3 - 1)^2 + (0.5 - \left(-0.5\right))^2\right)": 2.5,
        r"\frac{1}{1 + e^{ - \left(-1\right)}}": 1 / (1 + math.exp(1)),
        r"2 \cdot 10^{-3} \cdot \frac{6}{\sqrt{9} + 10^{-8}}": 4e-3,
        r"-\left( \ln (2)\right)": -math.log(2),
        r"1 - \left(0.5\right)^2": 0.75,
        r"\left( \tanh \left(-2\right)\right)": math.tanh(-2),
        r"\max(0, \left(-3\right)) + |2 - 5|": 3.0,
        r"1 + \underbrace{2.5}_{7}": 3.5,
    }.items():
        found = calculated(text)
        assert found is not None and found[0] == pytest.approx(value, rel=1e-8), text
    assert calculated(r"\eta \cdot 3") is None
    assert calculated("a_i - t_i") is None


def test_mazurs_example_reads_as_in_his_article() -> None:
    experiment, record = mazur()
    text = derivation(experiment, record, weight=(2, 0, 0), digits=9)
    for line in (
        r"0.15 \cdot 0.05 + 0.2 \cdot 0.1 + 0.35 = 0.3775",
        r"= 0.593269992",
        r"= 0.298371109",
        r"0.751365070 - 0.01 = 0.741365070",
        r"0.186815602",
        r"0.7413650696 \cdot 0.1868156018 \cdot 0.5932699921 = 0.0821670406",
        r"0.4 - 0.5 \cdot 0.0821670406 = 0.358916480",
    ):
        assert line in text, line
    hidden = derivation(experiment, record, weight=(1, 0, 0), digits=8)
    assert r"0.4 \cdot 0.13849856 + 0.5 \cdot \left(-0.038098237\right) = 0.036350306" in hidden
    assert r"0.15 - 0.5 \cdot 0.00043856773 = 0.14978072" in hidden
    assert check_arithmetic(text, 1e-8) > 10


def exact_sides(sides: list[str]) -> list[Decimal]:
    """The values of those sides of a formula that are numbers, from the digits that are shown."""
    found = []
    for side in sides:
        reader = ExactReader(side)
        try:
            value = reader.sum()
        except SymbolicError:
            continue
        if not reader.tokens:
            found.append(value)
    return found


@pytest.mark.parametrize("z", [7.25, 12.0, 20.5, 44.0, 340.0, 700.0])
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "tanh"])
def test_what_is_written_of_saturated_units_multiplies_and_adds_up(output: str, z: float) -> None:
    """Calculated from the digits on the page, each line is right: none lives from a rounding to 1."""
    loss = {"sigmoid": "binary_cross_entropy", "softmax": "cross_entropy", "tanh": "squared_error"}[output]
    units = 1 if output == "sigmoid" else 3
    kind: Any = {"sigmoid": "binary", "softmax": "multiclass", "tanh": "regression"}[output]
    targets: Any = np.eye(3) if units == 3 else [0, 1, 0]
    inputs = [[z, -1.0, 0.5], [z, -1.0, 0.5], [-z / 2, z / 2, 1.0]]
    experiment = Experiment((Layer(3, "tanh" if output == "tanh" else "linear"), Layer(units, output)), loss)
    trainer = Trainer(experiment, Dataset.from_arrays(inputs, targets, kind=kind))
    trainer.set_parameters([np.eye(3), np.eye(3)[:, :units]], [np.zeros(3), np.zeros(units)])
    record = trainer.step()
    for place in ({"weight": (2, 0, 0)}, {"weight": (1, 0, 0)}):
        for sample in range(3):
            text = derivation(experiment, record, **place, sample=sample)  # type: ignore[arg-type]
            assert r"\infty" not in text and "NaN" not in text
            with localcontext(prec=320):
                for sides in formulas(text):
                    first, *others = exact_sides(sides) or [Decimal(0)]
                    size = max(map(abs, (first, *others)))
                    assert all(abs(value - first) <= Decimal("1e-4") * size for value in others), sides
            check_tables(text, 1e-4)


def test_factors_beyond_double_precision_are_not_written_as_infinite() -> None:
    for output, kind, z in (("sigmoid", "binary", [[-800.0]]), ("softmax", "multiclass", [[-800.0, 0.0]])):
        loss = "binary_cross_entropy" if kind == "binary" else "cross_entropy"
        experiment = Experiment((Layer(len(z[0]), output),), loss)
        target: Any = [[1.0]] if kind == "binary" else [[1.0, 0.0]]
        trainer = Trainer(experiment, Dataset.from_arrays(z, target, kind=kind))  # type: ignore[arg-type]
        trainer.set_parameters([np.eye(len(z[0]))], [np.zeros(len(z[0]))])
        text = derivation(experiment, trainer.step(), weight=(1, 0, 0))
        assert r"\infty" not in text and "NaN" not in text
        assert r"\left(-1\right) \cdot \left(-800\right) = 800" in text


@st.composite
def cases(draw: st.DrawFn) -> tuple[Experiment, StepRecord]:
    kind = draw(st.sampled_from(["regression", "binary", "multiclass"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    rows, features = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    inputs = rng.normal(size=(rows, features))
    if kind == "regression":
        data = Dataset.from_arrays(inputs, rng.normal(size=(rows, 2)))
    elif kind == "binary":
        data = Dataset.from_arrays(inputs, rng.integers(2, size=rows), kind="binary")
    else:
        data = Dataset.from_arrays(inputs, np.eye(3)[rng.integers(3, size=rows)], kind="multiclass")
    loss = draw(st.sampled_from([name for name, rule in LOSSES.items() if kind in rule.kinds]))
    outputs = data.targets.shape[1]
    sigmoidal = ["sigmoid"] if outputs == 1 else ["sigmoid", "softmax"]
    any_output = [name for name in ACTIVATIONS if outputs > 1 or name != "softmax"]
    output = draw(st.sampled_from(sigmoidal if "cross_entropy" in loss else any_output))
    hidden = [
        Layer(
            draw(st.integers(2, 3)), draw(st.sampled_from([*ACTIVATIONS])), draw(st.sampled_from([0.0, 0.5]))
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    clipping = draw(st.sampled_from(["none", "value", "global_norm"]))
    chosen: dict[str, Any] = {
        "layers": (*hidden, Layer(outputs, output)),
        "loss": loss,
        "optimizer": draw(st.sampled_from([*OPTIMIZERS])),
        "regularizer": draw(st.sampled_from(["none", "l1", "l2"])),
        "clipping": clipping if clipping == "none" else {"name": clipping, "limit": 0.1},
        "reduction": draw(st.sampled_from(["mean", "sum"])),
        "bias_reduction": draw(st.sampled_from(["same", "mean"])),
        "update_order": draw(
            st.sampled_from(["together"] if clipping == "global_norm" else ["together", "output_first"])
        ),
        "initializer": "xavier_normal",
        "seed": draw(st.integers(0, 99)),
    }
    experiment = Experiment(**chosen)
    return experiment, trained(experiment, data, draw(st.integers(0, 2)))[1]


@given(cases(), st.data())
@settings(max_examples=60)
def test_every_line_of_a_parameter_is_right(case: tuple[Experiment, StepRecord], data: st.DataObject) -> None:
    experiment, record = case
    layer = data.draw(st.integers(1, len(record.z)))
    below, units = record.sizes[layer - 1 : layer + 1]
    source, unit = data.draw(st.integers(0, below - 1)), data.draw(st.integers(0, units - 1))
    sample = data.draw(st.integers(0, record.batch - 1))
    is_weight = data.draw(st.booleans())
    place: dict[str, Any] = {"weight": (layer, source, unit)} if is_weight else {"bias": (layer, unit)}
    text = derivation(experiment, record, **place, sample=sample, digits=EXACT)

    assert check_arithmetic(text, 1e-9) >= 2
    check_tables(text, 1e-9)
    sides = {line[0]: line[-1] for line in formulas(text)}
    at: Any = (source, unit) if is_weight else unit
    parts = ("weight", "w", f"{source + 1}{unit + 1}") if is_weight else ("bias", "b", str(unit + 1))
    kind, letter, indices = parts
    gradient = getattr(record, f"{kind}_grads")[layer - 1][at]
    symbol = rf"{letter}^{{({layer})}}_{{{indices}}}"
    assert number(sides[rf"\frac{{\partial L}}{{\partial {symbol}}}"]) == gradient
    plural = {"weight": "weights", "bias": "biases"}[kind]
    (new,) = [value for side, value in sides.items() if side.startswith(rf"{symbol} \leftarrow")]
    assert number(new) == getattr(record, f"{plural}_after")[layer - 1][at]
    for above in range(1, len(record.z) + 1):
        for k in range(record.sizes[above]):
            assert number(sides[f"z^{{({above})}}_{{{k + 1}}}"]) == record.z[above - 1][sample, k]
            assert number(sides[f"a^{{({above})}}_{{{k + 1}}}"]) == record.a[above][sample, k]
    assert number(sides[f"L_{{{sample + 1}}}"]) == record.sample_losses[sample]
    assert number(sides["L"]) == record.data_loss


# -- the whole step ------------------------------------------------------------------------------------


@given(cases())
@settings(max_examples=30)
def test_every_matrix_of_a_step_is_right(case: tuple[Experiment, StepRecord]) -> None:
    experiment, record = case
    text = derivation(experiment, record, digits=EXACT)
    check_arithmetic(text, 1e-9)
    found = matrices(text)
    assert np.array_equal(found["X"], record.a[0])
    assert np.array_equal(found["T"], record.targets)
    for index in range(len(record.z)):
        above = f"^{{({index + 1})}}"
        for symbol, array in {
            f"W{above}": record.weights_before[index],
            f"b{above}": record.biases_before[index][None],
            f"Z{above}": record.z[index],
            f"A{above}": record.a[index + 1],
            rf"\delta{above}": record.delta[index],
            rf"\frac{{\partial L}}{{\partial W{above}}}": record.weight_grads[index],
            rf"\frac{{\partial L}}{{\partial b{above}}}": record.bias_grads[index][None],
        }.items():
            assert np.array_equal(found[symbol], array), symbol
        after = [s[0] for s in formulas(text) if s[0].startswith(rf"W{above} \leftarrow")]
        numbers = re.findall(r"\\begin\{bmatrix\} (.*) \\end\{bmatrix\}", after[0])[0]
        new = [[number(cell) for cell in row.split("&")] for row in numbers.split(r" \\ ")]
        assert np.array_equal(new, record.weights_after[index])


def test_a_matrix_times_the_next_gives_the_one_after() -> None:
    """The formulas that stand before the matrices, multiplied out by hand."""
    experiment = Experiment((Layer(3, "tanh"), Layer(2)), "squared_error", learning_rate=0.25)
    rng = np.random.default_rng(3)
    record = trained(experiment, Dataset.from_arrays(rng.normal(size=(4, 2)), rng.normal(size=(4, 2))))[1]
    m = matrices(derivation(experiment, record, digits=EXACT))
    one, two = "^{(1)}", "^{(2)}"
    assert m[f"Z{one}"] == pytest.approx(m["X"] @ m[f"W{one}"] + m[f"b{one}"])
    assert m[f"A{one}"] == pytest.approx(np.tanh(m[f"Z{one}"]))
    assert m[f"Z{two}"] == pytest.approx(m[f"A{one}"] @ m[f"W{two}"] + m[f"b{two}"])
    assert m[rf"\delta{two}"] == pytest.approx((m[f"A{two}"] - m["T"]) / 4)
    assert m[rf"\delta{one}"] == pytest.approx(m[rf"\delta{two}"] @ m[f"W{two}"].T * m[f"f'(Z{one})"])
    assert m[rf"\frac{{\partial L}}{{\partial W{one}}}"] == pytest.approx(m["X"].T @ m[rf"\delta{one}"])


# -- sizes, words, edges -------------------------------------------------------------------------------


def test_large_networks_are_shortened_and_still_add_up() -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(
        rng.normal(size=(60, 30)), np.eye(10)[rng.integers(10, size=60)], kind="multiclass"
    )
    experiment = Experiment(
        (Layer(40, "relu"), Layer(20, "softmax"), Layer(10, "softmax")), "cross_entropy", batch_size=50
    )
    record = trained(experiment, data, 0)[1]
    places: tuple[dict[str, Any], ...] = ({"weight": (1, 29, 39)}, {"weight": (2, 3, 11)}, {"bias": (3, 9)})
    for place in places:
        text = derivation(experiment, record, **place, sample=49, digits=EXACT)
        assert check_arithmetic(text, 1e-9) >= 3
        assert check_tables(text, 1e-9) >= 1
        assert all(len(rows) <= MOST_ROWS + 4 for rows in tables(text))
        assert len(text) < 40_000
    whole = derivation(experiment, record)
    assert all(side.count("&") <= MOST_UNITS**2 for sides in formulas(whole) for side in sides)
    assert len(whole) < 40_000
    assert r"w^{(1)}_{30,40}" in derivation(experiment, record, weight=(1, 29, 39))


def test_names_of_features_and_outputs() -> None:
    data = builtin("iris")
    experiment = Experiment((Layer(3, "softmax"),), "cross_entropy", batch_size=5)
    record = trained(experiment, data)[1]
    record = replace(record, feature_names=("a|b", "c", "petal", "d"))
    text = derivation(experiment, record, weight=(1, "petal", "setosa"))
    assert text == derivation(experiment, record, weight=(1, 2, 0))
    assert "from petal to setosa" in text
    assert [row[0] for row in tables(text)[1][2:]] == ["setosa", "versicolor", "virginica", "sum"]


def test_the_raw_row_is_followed_to_what_the_network_is_fed() -> None:
    inputs = np.array([[5.1, 200.0], [np.nan, 150.0], [4.9, 170.0], [6.0, 210.0]])
    data = Dataset.from_arrays(inputs, [1.0, 2.0, 3.5, 0.5], feature_names=("length", "weight|kg"))
    experiment = Experiment((Layer(2, "tanh"), Layer(1)), batch_size=4, scaling="zscore", missing="median")
    record = trained(experiment, data)[1]
    sample = int(np.flatnonzero(record.indices == 1)[0])
    text = derivation(experiment, record, weight=(1, 0, 1), sample=sample, dataset=data, digits=EXACT)
    head, (name, raw, filled, made), (_, _, _, other), *_ = tables(text)[1][0:1] + tables(text)[1][2:]
    assert head[:3] == ["input", "in the data", "filled"]
    assert (name, raw, number(filled)) == ("length", "–", 5.1)
    for cell, x in ((made, record.a[0][sample, 0]), (other, record.a[0][sample, 1])):
        fraction, result = cell.strip("$").split(" = ")
        assert number(result) == pytest.approx(x, rel=1e-12)
        assert number(fraction) == pytest.approx(x, rel=1e-12)
    whole = derivation(experiment, record, dataset=data)
    assert "In the data 1 of their cells are missing." in whole and "$$ R = " in whole
    without = Experiment((Layer(1),), batch_size=4)
    plain = derivation(without, trained(without, data)[1], weight=(1, 1, 0), dataset=data)
    assert "in the data" in plain and r"\frac{x" not in plain


def test_every_delta_and_the_softmax_are_worked_out_from_the_loss_on() -> None:
    layers = Layer(3, "tanh", 0.3), Layer(4, "softmax"), Layer(2, "sigmoid"), Layer(3, "softmax")
    experiment = Experiment(layers, "cross_entropy", batch_size=5)
    record = trained(experiment, builtin("iris"))[1]
    text = derivation(experiment, record, weight=(1, 0, 1), sample=2, digits=EXACT)
    assert check_arithmetic(text, 1e-9) > 20
    assert check_tables(text, 1e-9) > 5
    last = {sides[0]: sides[-1] for sides in formulas(text)}
    for layer in (2, 3, 4):
        for unit in range(record.sizes[layer]):
            found = [sides for sides in formulas(text) if sides[0] == rf"\delta^{{({layer})}}_{{{unit + 1}}}"]
            sums = [
                rows[-1][-1]
                for rows in tables(text)
                if rf"\partial z^{{({layer})}}_{{{unit + 1}}}" in rows[0][2]
            ]
            written = number(found[-1][-1] if found else sums[-1])
            assert written == pytest.approx(record.delta[layer - 1][2, unit], rel=1e-9)
    for layer in (2, 4):
        for unit, a in enumerate(record.a[layer][2]):
            assert number(last[rf"a^{{({layer})}}_{{{unit + 1}}}"]) == pytest.approx(a, rel=1e-12)


def test_all_rows_on_demand() -> None:
    experiment = Experiment((Layer(2, "tanh"), Layer(3, "softmax")), "cross_entropy", batch_size=20)
    record = trained(experiment, builtin("iris"))[1]
    text = derivation(experiment, record, weight=(1, 0, 1), all_samples=True, digits=EXACT)
    assert check_arithmetic(text, 1e-9) > 100
    for s, share in enumerate(record.a[0][:, 0] * record.delta[0][:, 1]):
        (shown,) = (sides[-1] for sides in formulas(text) if sides[0] == rf"g^{{(1)}}_{{{s + 1}}}")
        assert number(shown) == pytest.approx(share, rel=1e-9, abs=1e-15)
    assert len(tables(text)[-1]) == 20 + 3
    whole = matrices(derivation(experiment, record, all_samples=True, digits=EXACT))
    np.testing.assert_allclose(whole["X"], record.a[0], rtol=1e-12)
    np.testing.assert_allclose(whole[r"\delta^{(1)}"], record.delta[0], rtol=1e-9, atol=1e-15)


def test_held_parameters_say_so() -> None:
    trainer = Trainer(Experiment((Layer(2), Layer(1))), Dataset.from_arrays([[1.0]], [[2.0]]))
    trainer.freeze(weights=[(1, 0, 1)])
    record = trainer.step()
    assert "is held" in derivation(trainer.experiment, record, weight=(1, 0, 1))
    assert "is held" not in derivation(trainer.experiment, record, weight=(1, 0, 0))
    assert "1 are held" in derivation(trainer.experiment, record)


def test_saturated_outputs_are_finite_on_paper() -> None:
    experiment = Experiment((Layer(1, "sigmoid"),), "binary_cross_entropy")
    trainer = Trainer(experiment, Dataset.from_arrays([[1.0], [-1.0]], [0, 1], kind="binary"))
    trainer.set_parameters([[[800.0]]], [[0.0]])
    text = derivation(experiment, trainer.step(), weight=(1, 0, 0), digits=EXACT)
    with localcontext(prec=320):
        for sides in formulas(text):
            first, *others = exact_sides(sides) or [Decimal(0)]
            assert all(abs(value - first) <= Decimal("1e-9") * abs(first) for value in others), sides
    assert r"(1 + e^{800})\right) > 10^{308}" in text and r"\infty" not in text
    assert "g^{(1)}_{1}" in text


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
def test_the_update_of_every_optimizer_is_calculated(optimizer: str, dtype: str) -> None:
    experiment = Experiment(
        (Layer(2, "tanh"), Layer(1)), optimizer=optimizer, regularizer="l2", dtype=dtype, learning_rate=0.01
    )
    rng = np.random.default_rng(2)
    data = Dataset.from_arrays(rng.normal(size=(5, 2)), rng.normal(size=5))
    record = trained(experiment, data, 3)[1]
    text = derivation(experiment, record, weight=(1, 0, 1), digits=EXACT)
    update = text[text.index("## Update") :]
    numeric = check_arithmetic(update, 1e-9 if dtype == "float64" else 1e-5)
    assert numeric >= {"sgd": 2, "momentum": 3, "nesterov": 4, "adagrad": 4, "rmsprop": 4}.get(optimizer, 6)


def test_every_template_is_given_to_the_translator() -> None:
    experiment = Experiment(
        (Layer(2, "softmax", 0.5), Layer(2, "sigmoid")),
        "binary_cross_entropy",
        optimizer="adam",
        regularizer="l2",
        clipping="value",
        batch_size=3,
        scaling="zscore",
    )
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(6, 2))
    inputs[:, 1] = [np.nan, 1, 2, 3, np.nan, 2]
    data = Dataset.from_arrays(inputs, np.eye(2)[[0, 1, 0, 1, 0, 1]], kind="multiclass")
    record = trained(experiment, data)[1]

    def translate(text: str) -> str:
        words = re.sub(r"\$[^$]*\$|\{\w+\}", lambda match: match[0].replace("{", "\x01"), text)
        return "".join("字" if letter.isascii() and letter.isalpha() else letter for letter in words) and (
            "字 " + " ".join(re.findall(r"\$[^$]*\$|\{\w+\}", text))
        )

    places: tuple[dict[str, Any], ...] = ({}, {"weight": (1, 1, 1)}, {"bias": (2, 0)})
    record = replace(record, feature_names=("甲", "乙"), target_names=("丙", "丁"))
    for place in places:
        text = derivation(experiment, record, **place, dataset=data, all_samples=True, translate=translate)
        plain = re.sub(r"\$\$.*?\$\$|\$.*?\$", "", text)
        assert not re.search(r"[A-Za-z]{2,}", plain), re.findall(r".*[A-Za-z]{2,}.*", plain)


def test_what_is_not_there_is_refused() -> None:
    experiment, record = mazur()
    with pytest.raises(ExperimentError) as caught:
        derivation(experiment, record, weight=(3, 0, 0))
    assert caught.value.kind == "parameter_unknown"
    with pytest.raises(TypeError):
        derivation(experiment, record, weight=(1, 0, 0), bias=(1, 0))


# -- what is shown comes out in its own digits ---------------------------------------------------------


def place_of(side: str) -> float:
    """A unit of the last place of a number."""
    mantissa, _, power = side.replace(r" \cdot 10^{", "e").rstrip("}").partition("e")
    return 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))


def reads_as(value: float, side: str, digits: int) -> bool:
    """Whether a value, rounded, is the number shown; one without a rounded end has `digits` digits."""
    shown = number(side)
    place = min(place_of(side), 10.0 ** (math.floor(math.log10(abs(shown))) - digits + 1) if shown else 1.0)
    return abs(value - shown) <= place / 2 * (1 + 1e-6) + 1e-15


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
@pytest.mark.parametrize("seed", range(4))
def test_the_lines_multiply_out_in_the_digits_shown(optimizer: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = Dataset.from_arrays(rng.normal(size=(5, 3)), rng.normal(size=(5, 2)))
    hidden = ["tanh", "sigmoid", "softplus", "softsign"][seed]
    experiment = Experiment(
        (Layer(3, hidden), Layer(3, "tanh"), Layer(2)),
        ["squared_error", "mean_squared_error"][seed % 2],
        optimizer=optimizer,
        regularizer=["none", "l1", "l2", "none"][seed],
        clipping=["none", {"name": "global_norm", "limit": 0.1}, "none", {"name": "value", "limit": 0.01}][
            seed
        ],  # type: ignore[arg-type]
        learning_rate=0.03,
        initializer="xavier_normal",
        seed=seed,
    )
    record = trained(experiment, data, 3)[1]
    lines = 0
    for place in ({"weight": (1, 2, 1)}, {"weight": (2, 0, 2)}, {"bias": (3, 1)}):
        text = derivation(experiment, record, **place, sample=2, digits=4)  # type: ignore[arg-type]
        for sides in formulas(text):
            *values, last = [side for side in sides if calculated(side) is not None] or [""]
            for value in values:
                found = calculated(value)
                assert found is not None and reads_as(found[0], last, 4), sides
                lines += 1
        for _, _, *rows in tables(text):
            if len(rows[0]) == 4:
                for row in rows[:-1]:
                    assert reads_as(number(row[1]) * number(row[2]), row[3].strip("$"), 4), row
                total = math.fsum(number(row[3]) for row in rows[:-1])
                assert reads_as(total, rows[-1][3].strip("$"), 4), rows
    assert lines > 30


def test_scaled_targets_are_told_with_their_factor_and_a_row_from_elsewhere_has_no_number() -> None:
    data = Dataset.from_arrays(np.arange(6.0)[:, None], 30_000 + 1_500 * np.arange(6.0))
    trainer = Trainer(Experiment((Layer(1),), target_scaling="minmax"), data)
    record = trainer.trace_other(np.array([2.0]), np.array([33_000.0]))
    for text in (
        derivation(trainer.experiment, record),
        derivation(trainer.experiment, record, weight=(1, 0, 0)),
    ):
        assert r"s \cdot a + m" in text and "7500" in text and "30000" in text
        assert "–" in text and "row 0" not in text and "Rows 0" not in text
    plain = Trainer(Experiment((Layer(1),)), data).peek()
    assert r"s \cdot a + m" not in derivation(plain.experiment, plain)
