"""Layouts and conventions: the same step, however somebody keeps it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine import MISTAKES, Experiment, Layer, check_step
from engine.errors import StepError
from engine.mistakes.arranging import Arranged, Orientation, arrange
from engine.mistakes.batch import Batch
from engine.mistakes.numbers import Printed
from engine.mistakes.reading import Entry, read_text
from engine.mistakes.reference import Case
from engine.mistakes.telling import telling_batch
from tests.benchmarks.wrong_steps import computed

NET = Experiment((Layer(3, "tanh"), Layer(2, "sigmoid")), learning_rate=0.1)
SQUARE = Experiment((Layer(3, "tanh"), Layer(3, "sigmoid")), learning_rate=0.1)


def batch_of(experiment: Experiment, inputs: int, rows: int | None = None) -> Batch:
    batch = telling_batch(experiment, inputs)
    if rows is None:
        return batch
    return Batch(batch.inputs[:rows], batch.targets[:rows], batch.weights, batch.biases, {})


def entries(
    experiment: Experiment, batch: Batch, *names: str, start: bool = True, **changed: Any
) -> list[Entry]:
    case = Case(experiment, batch.inputs, batch.targets, batch.weights, batch.biases, batch.masks)
    arrays: dict[str, Any] = {"X": batch.inputs, "T": batch.targets} if start else {}
    for n, (W, b) in enumerate(zip(batch.weights, batch.biases, strict=True), 1):
        arrays |= {f"W{n}_before": W, f"b{n}_before": b} if start else {}
    step = computed(case, [MISTAKES[name].varied for name in names])
    arrays |= {f"{name}_after" if name[0] in "Wb" else name: value for name, value in step.items()}
    arrays |= changed
    return [entry(name, array) for name, array in arrays.items() if array is not None]


def entry(name: str, array: Any) -> Entry:
    values = np.array(array, dtype=float)
    return Entry(name, Printed(values, np.zeros(values.shape)))


def turned(found: list[Entry], layout: Orientation) -> list[Entry]:
    def change(item: Entry) -> Entry:
        values = item.numbers.values
        weights = item.name.lstrip("d").startswith("W")
        turn = layout.turned if weights else layout.columns
        if values.ndim == 1 and layout.columns:
            values = values[:, None]
        elif turn and values.ndim == 2:
            values = values.T
        return entry(item.name, values)

    return [change(item) for item in found]


def verdict(experiment: Experiment, arranged: Arranged) -> Any:
    return check_step(experiment, *arranged.start, arranged.given)


@pytest.mark.parametrize(("is_turned", "columns"), list(product((False, True), repeat=2)))
@pytest.mark.parametrize("rows", [5, 1])
def test_every_layout_is_recognised(is_turned: bool, columns: bool, rows: int) -> None:
    batch = batch_of(NET, 4, rows)
    layout = Orientation(is_turned, columns)
    arranged = arrange(NET, turned(entries(NET, batch, "half"), layout))
    assert arranged.layout == layout and arranged.sure
    assert verdict(NET, arranged).mistakes[0] == ("half",)
    assert ("half",) in verdict(NET, arranged).mistakes


@pytest.mark.parametrize(("is_turned", "columns"), list(product((False, True), repeat=2)))
def test_where_all_is_square_his_own_forward_pass_decides(is_turned: bool, columns: bool) -> None:
    batch = batch_of(SQUARE, 3, 3)
    layout = Orientation(is_turned, columns)
    arranged = arrange(SQUARE, turned(entries(SQUARE, batch, "no_hidden_slope"), layout))
    assert arranged.layout == layout and arranged.sure
    assert ("no_hidden_slope",) in verdict(SQUARE, arranged).mistakes


def test_what_is_not_sure_is_said_and_can_be_chosen() -> None:
    batch = batch_of(SQUARE, 3, 3)
    names = ("X", "T", "W1_before", "W2_before", "dW1")
    few = [item for item in entries(SQUARE, batch, "half") if item.name in names]
    assert not arrange(SQUARE, few).sure
    chosen = arrange(SQUARE, few, layout=Orientation(True, True))
    assert chosen.layout == Orientation(True, True)


def test_one_output_and_flat_arrays() -> None:
    experiment = Experiment((Layer(3, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy")
    batch = batch_of(experiment, 2)
    case = Case(experiment, batch.inputs, batch.targets, batch.weights, batch.biases)
    step = computed(case, [])
    flat: dict[str, Any] = {
        "W2_before": batch.weights[1].ravel(),
        "b2_before": batch.biases[1][0],
        "T": batch.targets.ravel(),
        "z2": step["z2"].ravel(),
        "dW2": step["dW2"].ravel(),
        "db2": step["db2"][0],
    }
    arranged = arrange(experiment, entries(experiment, batch, **flat))
    assert verdict(experiment, arranged).agrees


def test_labels_become_rows_with_a_single_one() -> None:
    experiment = Experiment((Layer(3, "softmax"),), "cross_entropy")
    batch = batch_of(experiment, 2)
    arranged = arrange(experiment, entries(experiment, batch, T=batch.targets.argmax(axis=1)))
    assert verdict(experiment, arranged).agrees


def test_biases_may_be_missing_and_are_zeros() -> None:
    batch = batch_of(NET, 4)
    without = Batch(batch.inputs, batch.targets, batch.weights, (np.zeros(3), np.zeros(2)), {})
    found = [e for e in entries(NET, without) if not e.name.startswith("b")]
    assert verdict(NET, arrange(NET, found)).agrees


def test_a_known_start_needs_no_arrays_of_its_own() -> None:
    batch = batch_of(NET, 4)
    found = [entry(e.name.removesuffix("_after"), e.numbers.values) for e in entries(NET, batch, start=False)]
    arranged = arrange(NET, found, batch)
    assert arranged.roles["W1"] == "W1" and verdict(NET, arranged).agrees


def test_gradients_that_are_added_are_a_convention() -> None:
    batch = batch_of(NET, 4)
    step = {e.name: e.numbers.values for e in entries(NET, batch)}
    minus = {name: -value for name, value in step.items() if name.startswith(("delta", "dW", "db"))}
    arranged = arrange(NET, entries(NET, batch, **minus))
    assert arranged.added and verdict(NET, arranged).agrees
    wrong = arrange(NET, entries(NET, batch, "update_plus"))
    assert not wrong.added and verdict(NET, wrong).mistakes == (("update_plus",),)
    signed = arrange(NET, entries(NET, batch, "error_sign"))
    assert not signed.added and verdict(NET, signed).mistakes == (("error_sign",),)


def test_deltas_without_the_mean_are_a_convention() -> None:
    batch = batch_of(NET, 4)
    step = {e.name: e.numbers.values for e in entries(NET, batch, "mean_twice_hidden")}
    scaled = {name: value * len(batch.inputs) for name, value in step.items() if name.startswith("delta")}
    arranged = arrange(NET, entries(NET, batch, "mean_twice_hidden", **scaled))
    assert arranged.unscaled and verdict(NET, arranged).mistakes == (("mean_twice_hidden",),)


def test_names_are_corrected() -> None:
    batch = batch_of(NET, 4)
    found = entries(NET, batch, start=False)
    strange = [Entry("alpha" if e.name == "dW1" else e.name, e.numbers) for e in found]
    assert arrange(NET, strange, batch).roles["alpha"] is None
    corrected = arrange(NET, strange, batch, {"alpha": "dW1", "dW2": None})
    assert "dW1" in corrected.given and "dW2" not in corrected.given
    with pytest.raises(StepError, match="no array 'beta'"):
        arrange(NET, strange, batch, {"beta": "dW1"})


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"dW1": np.ones((4, 5))}, "no_layout"),
        ({"W1_before": np.ones((7, 3))}, "no_layout"),
        ({"X": np.ones(2)}, "no_layout"),
        ({"X": None}, "start_missing"),
        ({"W2_before": None}, "start_missing"),
    ],
)
def test_what_fits_nowhere_is_said(changed: dict[str, Any], kind: str) -> None:
    with pytest.raises(StepError) as caught:
        arrange(NET, entries(NET, batch_of(NET, 4), **changed))
    assert caught.value.kind == kind and caught.value.mend.endswith(".")


def test_what_fits_nowhere_is_named_with_its_line_and_what_it_was_taken_for() -> None:
    batch = batch_of(NET, 4)
    with pytest.raises(StepError, match=r"^Line 7: grads\['W1'\] \(dW1\) has the shape \(9, 2\), which"):
        arrange(NET, [Entry("grads['W1']", Printed(np.ones((9, 2)), np.zeros((9, 2))), 7)], batch)
    with pytest.raises(StepError, match=r"^dW1 has the shape"):
        arrange(NET, [entry("", np.ones((9, 2)))], batch, {"array 1": "dW1"})


def test_what_is_no_quantity_is_said_of_the_quantity() -> None:
    batch = batch_of(NET, 4)
    for role in ("foo", "dW9", "W"):
        with pytest.raises(StepError, match=f"'{role}' is not a quantity") as caught:
            arrange(NET, entries(NET, batch, start=False), batch, {"dW1": role})
        assert "dW1" in caught.value.mend and "W1 before" in caught.value.mend


def test_names_that_say_nothing_are_listed() -> None:
    with pytest.raises(StepError, match="alpha"):
        arrange(NET, [entry("alpha", [1.0])], batch_of(NET, 4))


def test_a_hand_calculation() -> None:
    """Mazur's example: the numbers on the page, typed with the digits they have there."""
    experiment = Experiment((Layer(2, "sigmoid"), Layer(2, "sigmoid")), reduction="sum", learning_rate=0.5)
    text = """
    x = [0.05, 0.10]
    t = [0.01, 0.99]
    W1 = [[0.15, 0.25], [0.20, 0.30]]
    b1 = [0.35, 0.35]
    W2 = [[0.40, 0.50], [0.45, 0.55]]
    b2 = [0.60, 0.60]
    hidden = [0.593269992, 0.596884378]
    out = [0.75136507, 0.772928465]
    E = 0.298371109
    W2_after = [[0.35891648, 0.511301270], [0.408666186, 0.561370121]]
    W1_after = [[0.149780716, 0.24975114], [0.19956143, 0.29950229]]
    """
    arranged = arrange(experiment, read_text(text))
    assert verdict(experiment, arranged).agrees
    wrong = arrange(experiment, read_text(text.replace("0.149780716, 0.24", "0.149770716, 0.24")))
    assert verdict(experiment, wrong).first_wrong == "W1"


def test_a_single_weight() -> None:
    batch = batch_of(NET, 4)
    case = Case(NET, batch.inputs, batch.targets, batch.weights, batch.biases)
    values, half = np.zeros((4, 3)), np.full((4, 3), np.inf)
    values[2, 1], half[2, 1] = round(float(computed(case, [])["W1"][2, 1]), 4), 5e-5
    start = batch.inputs, batch.targets, batch.weights, batch.biases
    assert check_step(NET, *start, {"W1": Printed(values, half)}).agrees
    values[2, 1] += 0.01
    told = check_step(NET, *start, {"W1": Printed(values, half)})
    assert told.first_wrong == "W1" and told["W1"].worst == (2, 1) and told["W1"].wrong.sum() == 1


def printed_step(write: Callable[[Any], str], loss: str, *, single: bool = False) -> str:
    """A right step of a softmax net as a student prints it, from NumPy alone."""
    kind = np.float32 if single else np.float64
    rng = np.random.default_rng(3)
    W = [(rng.normal(size=shape) * 0.6).astype(kind) for shape in ((4, 5), (5, 3))]
    b = [(rng.normal(size=n) * 0.2).astype(kind) for n in (5, 3)]
    X, T = rng.normal(size=(6, 4)).astype(kind), np.eye(3, dtype=kind)[[2, 2, 0, 1, 2, 1]]
    a1 = np.tanh(X @ W[0] + b[0])
    power = np.exp(a1 @ W[1] + b[1])
    a2 = power / power.sum(axis=1, keepdims=True)
    delta2 = (a2 - T) / kind(6)
    delta1 = delta2 @ W[1].T * (1 - a1**2)
    values = {"X": X, "T": T, "W1_before": W[0], "b1_before": b[0], "W2_before": W[1], "b2_before": b[1]}
    values |= {"a1": a1, "a2": a2, "delta2": delta2, "dW2": a1.T @ delta2, "db2": delta2.sum(axis=0)}
    values |= {"delta1": delta1, "dW1": X.T @ delta1, "db1": delta1.sum(axis=0)}
    mean = -np.log((a2 * T).sum(axis=1)).mean(dtype=kind)
    lines = [f"{name} = {write(value)}" for name, value in values.items()]
    return "\n".join([*lines, "loss = " + loss.format(float(mean))])


def rounded(decimals: int, *, is_repr: bool) -> Callable[[Any], str]:
    def write(value: Any) -> str:
        with np.printoptions(precision=decimals, suppress=True):
            return repr(value) if is_repr else str(value)

    return write


@pytest.mark.parametrize(
    ("write", "loss", "single"),
    [
        (rounded(4, is_repr=True), "{!r}", False),  # the loss is a lone number with all its digits
        (rounded(4, is_repr=False), "{:.4f}", False),
        (rounded(3, is_repr=False), "{!r}", False),  # what the step starts from is rounded, too
        (lambda value: str(np.round(value, 3).tolist()), "{:.3f}", False),
        (str, "{!r}", True),  # loss.item() of float32
        (lambda value: str(value.tolist()), "{!r}", True),
    ],
)
def test_a_right_step_is_right_however_it_is_printed(
    write: Callable[[Any], str], loss: str, single: bool
) -> None:
    experiment = Experiment((Layer(5, "tanh"), Layer(3, "softmax")), loss="cross_entropy")
    text = printed_step(write, loss, single=single)
    told = verdict(experiment, arrange(experiment, read_text(text)))
    assert told.first_wrong is None and told.agrees
