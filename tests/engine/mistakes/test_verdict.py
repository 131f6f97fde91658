"""Verdicts on steps whose truth is known, and on many made at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import MISTAKES, Experiment, Layer, Verdict, check_step
from engine.errors import StepError
from engine.mistakes import Printed, telling_batch
from engine.mistakes.reference import Case, Step
from tests.benchmarks.wrong_steps import RIGHT, UNKNOWN, computed, right, stream, unknown

WRONG_STEPS = Path(__file__).parents[2] / "data" / "wrong-steps"
LISTING = Path(__file__).parents[2] / "golden" / "article_listing.json"


def cases() -> Iterator[Any]:
    numbers = np.load(WRONG_STEPS / "arrays.npz")["numbers"]

    def array(entry: list[Any]) -> Any:
        start, shape, dtype = entry
        return numbers[start : start + int(np.prod(shape))].reshape(shape).astype(dtype)

    for case in json.loads((WRONG_STEPS / "cases.json").read_text(encoding="utf-8"))["cases"]:
        arguments = (
            Experiment.from_plain(case["experiment"]),
            array(case["inputs"]),
            array(case["targets"]),
            [array(entry) for entry in case["weights"]],
            [array(entry) for entry in case["biases"]],
            {name: array(entry) for name, entry in case["given"].items()},
        )
        yield pytest.param(arguments, case["truth"], id=case["id"])


def explanations(verdict: Verdict) -> set[frozenset[str]]:
    return {frozenset(explanation) for explanation in verdict.mistakes}


@pytest.mark.parametrize(("arguments", "truth"), list(cases()))
def test_the_truth_is_told(arguments: Any, truth: dict[str, Any]) -> None:
    verdict = check_step(*arguments)
    assert verdict.agrees == truth["agrees"]
    assert verdict.first_wrong == truth["first_wrong"]
    assert explanations(verdict) == {frozenset(names) for names in truth["mistakes"]}


@pytest.mark.parametrize("how", ["one", "two"])
def test_random_mistakes_are_named(how: str) -> None:
    count = {"one": 60, "two": 12}[how]
    for made in stream(np.random.default_rng(7), how, count):
        verdict = check_step(*made.arguments())
        assert frozenset(made.names) in explanations(verdict), made


@pytest.mark.parametrize("kind", [*UNKNOWN])
def test_unknown_mistakes_are_not_named(kind: str) -> None:
    rng = np.random.default_rng(11)
    for _ in range(2):
        made = unknown(rng, kind)
        verdict = check_step(*made.arguments())
        assert verdict.first_wrong and verdict.difference is not None
        for names in verdict.mistakes:  # by chance it may be one after all, and then gives every number
            readings = [
                computed(made.case, [MISTAKES[name].varied for name in names], inside)
                for inside in (False, True)
            ]
            assert any(
                all(np.allclose(step[name], value, equal_nan=True) for name, value in made.given.items())
                for step in readings
            )


@pytest.mark.parametrize("how", RIGHT)
def test_right_steps_are_not_refused(how: str) -> None:
    rng = np.random.default_rng(13)
    for _ in range(25):
        verdict = check_step(*right(rng, how).arguments())
        assert verdict.agrees and verdict.first_wrong is None and verdict.mistakes == ()


def test_the_articles_listing_is_named() -> None:
    """Its function, called as it stands: two departures, and both have a name."""
    case = json.loads(LISTING.read_text(encoding="utf-8"))["cases"][0]
    experiment = Experiment(
        (Layer(3, "sigmoid"), Layer(2, "sigmoid")), reduction="sum", learning_rate=case["learning_rate"]
    )
    verdict = check_step(
        experiment,
        case["inputs"],
        case["targets"],
        [case["W1_0"], case["W2_0"]],
        [case["b1_0"], case["b2_0"]],
        {name: case[name] for name in ("W1", "b1", "W2", "b2")},
    )
    assert explanations(verdict) == {frozenset({"updated_weights_backward", "bias_mean"})}
    as_asked = experiment.changed(bias_reduction="mean", update_order="output_first")
    assert check_step(
        as_asked,
        case["inputs"],
        case["targets"],
        [case["W1_0"], case["W2_0"]],
        [case["b1_0"], case["b2_0"]],
        {name: case[name] for name in ("W1", "b1", "W2", "b2")},
    ).agrees


# -- what is not known, and what is said of it -----------------------------------------------------------

NET = Experiment((Layer(4, "tanh"), Layer(3, "softmax")), "cross_entropy", learning_rate=0.1)


def start(experiment: Experiment = NET, rows: int = 5) -> tuple[Any, ...]:
    rng = np.random.default_rng(2)
    x, t = rng.normal(size=(rows, 4)), np.eye(3)[rng.integers(3, size=rows)]
    W = [rng.normal(size=(4, 4)), rng.normal(size=(4, 3))]
    return experiment, x, t, W, [rng.normal(size=4), rng.normal(size=3)]


def step_of(arguments: tuple[Any, ...], *names: str) -> dict[str, Any]:
    return computed(Case(*arguments), [MISTAKES[name].varied for name in names])


def test_without_its_mask_a_layer_with_dropout_is_not_known() -> None:
    dropping = NET.changed(layers=(Layer(4, "tanh", 0.5), Layer(3, "softmax")))
    arguments, mask = start(dropping), np.ones((5, 4))
    mask[:, 1] = 0
    step = computed(Case(*arguments, {1: mask}), [])
    verdict = check_step(*arguments, step)
    assert not verdict.agrees and verdict.first_wrong is None and verdict.mistakes == ()
    assert verdict.unknown[0] == "a1" and verdict["z1"].agrees
    assert check_step(*arguments, {**step, "mask1": mask}).agrees
    assert check_step(*arguments, {**step, "mask1": mask / 0.5}).agrees


@pytest.mark.parametrize(
    ("name", "change", "kind", "text"),
    [
        ("dW1", lambda v: v * 5, "ratio_named", "5 times the right value everywhere, and 5 is B"),
        (
            "dW1",
            lambda v: v / 3,
            "ratio_named",
            "0.333333 times the right value everywhere, and 0.333333 is 1/k",
        ),
        ("dW1", lambda v: v * 1.7, "ratio", "1.7 times the right value"),
        ("dW1", lambda v: -v, "sign", "wrong sign"),
        ("dW1", lambda v: v.T, "transposed", "transposed"),
        ("dW1", lambda v: v * np.array([1.1, 2.0, 0.5, 3.0]), "ratio_by_unit", "1.1, 2, 0.5, 3"),
        ("dW1", lambda v: v * np.array([[1.1], [2.0], [0.5], [3.0]]), "ratio_by_source", "1.1, 2, 0.5, 3"),
        ("delta1", lambda v: v * np.array([[1], [2], [3], [4], [6]]), "ratio_by_sample", "1, 2, 3, 4, 6"),
        ("db1", lambda v: v + 0.25, "offset", "plus 0.25"),
        ("dW1", lambda v: v * 0, "zero", "0 everywhere"),
        ("dW1", lambda v: v * np.nan, "not_finite", "NaN at [0, 0]"),
        ("dW2", lambda v: v[:, :2], "shape", "(4, 2), and should have (4, 3)"),
        ("dW2", lambda v: v + np.eye(4, 3)[:, [0, 1, 2]] * [1, 0, 0], "few", "[0, 0]"),
        ("dW2", lambda v: v**2 + 1, "other", "off most at"),
    ],
)
def test_how_it_differs_is_said(name: str, change: Any, kind: str, text: str) -> None:
    arguments = start()
    step = step_of(arguments)
    verdict = check_step(*arguments, {name: change(step[name])})
    assert verdict.first_wrong == name and verdict.difference is not None
    assert verdict.difference.kind == kind
    assert text in verdict.difference.text


@pytest.mark.parametrize(
    ("factor", "kind", "text"),
    [
        (0.9, "change_ratio_rate", "0.9 times the right one, everywhere: as with a learning rate of {} in"),
        (-0.3, "change_ratio", "−0.3 times the right one, everywhere."),
        (0.0, "unchanged", "as it was before the step"),
    ],
)
@pytest.mark.parametrize("name", ["W1", "b2"])
def test_a_wrong_update_is_told_by_its_change(factor: float, kind: str, text: str, name: str) -> None:
    arguments = start()
    eta = arguments[0].learning_rate
    before = np.asarray(arguments[3 if name[0] == "W" else 4][int(name[1]) - 1])
    step = step_of(arguments)
    yours = before + factor * (step[name] - before)
    printed = Printed(np.round(yours, 5), np.full(yours.shape, 0.5e-5))
    for given in (yours, printed):
        found = check_step(*arguments, {name: given}).difference
        assert found is not None and found.kind == kind
        assert text.format(f"{factor * eta:g}") in found.text
    few = Printed(np.round(yours, 1), np.full(yours.shape, 0.05))
    told = check_step(*arguments, {name: few}).difference
    assert told is None or not told.kind.startswith("change"), "one decimal does not tell"


def test_what_follows_from_a_wrong_number_is_wrong_too_but_not_first() -> None:
    arguments = start()
    verdict = check_step(*arguments, step_of(arguments, "no_hidden_slope"))
    assert [q.name for q in verdict.quantities if not q.agrees] == ["delta1", "dW1", "db1", "W1", "b1"]
    assert verdict.first_wrong == "delta1"
    first = verdict["delta1"]
    assert first.expected is not None and first.worst is not None
    off = np.abs(first.given - first.expected)
    assert off[first.worst] == off.max() and first.wrong[first.worst]


def test_printed_digits_carry_their_precision() -> None:
    arguments = start()
    dW = step_of(arguments)["dW1"]
    four = Printed(np.round(dW, 4), np.full(dW.shape, 5e-5))
    assert check_step(*arguments, {"dW1": four}).agrees
    assert not check_step(*arguments, {"dW1": np.round(dW, 4)}).agrees
    wrong = Printed(np.round(dW, 4) + 2e-4, np.full(dW.shape, 5e-5))
    assert not check_step(*arguments, {"dW1": wrong}).agrees


def test_what_was_printed_before_the_step_is_rounded_too() -> None:
    experiment, x, t, W, b = start()
    step = step_of((experiment, x, t, W, b))

    def four(array: Any) -> Printed:
        return Printed(np.round(array, 4), np.full(np.shape(array), 5e-5))

    given = {name: four(value) for name, value in step.items()}
    assert check_step(experiment, four(x), t, [four(w) for w in W], [four(v) for v in b], given).agrees
    half = {name: four(value) for name, value in step_of((experiment, x, t, W, b), "half").items()}
    verdict = check_step(experiment, four(x), t, [four(w) for w in W], [four(v) for v in b], half)
    assert explanations(verdict) == {frozenset({"half"})}


def test_a_batch_that_cannot_tell_says_so_and_offers_another() -> None:
    arguments = start(rows=1)
    verdict = check_step(*arguments, step_of(arguments))
    assert "one_row" in verdict.telling.reasons and "bias_left_out_forward" not in verdict.telling.unseen
    better = verdict.telling.better
    assert better is not None and len(better.inputs) > 1
    told = check_step(NET, better.inputs, better.targets, better.weights, better.biases, {"loss": 1.0})
    assert told.telling.reasons == ()
    assert "same_rows" not in told.telling.reasons


def test_a_telling_batch_shows_all_that_any_batch_shows() -> None:
    penalized = NET.changed(regularizer={"name": "l2", "strength": 0.01}, learning_rate=0.07)
    square = Experiment((Layer(3, "sigmoid"), Layer(3, "tanh"), Layer(3, "sigmoid")), optimizer="adam")

    def unseen(experiment: Experiment, seed: int) -> set[str]:
        batch = telling_batch(experiment, 3, seed)
        given = {"loss": 1.0}
        arguments = (experiment, batch.inputs, batch.targets, batch.weights, batch.biases, given)
        return set(check_step(*arguments).telling.unseen)

    for experiment in (NET, penalized, square):
        assert unseen(experiment, 0) == unseen(experiment, 1) == unseen(experiment, 2)
        assert unseen(experiment, 0) <= {"clipped_probability", "errors_sent_back"}


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "adagrad", "rmsprop"])
def test_gradients_that_are_zero_but_for_rounding_are_no_mistake(optimizer: str) -> None:
    """Rows that cancel: an optimizer that divides by the gradient's size turns the last bit into a step."""
    experiment = Experiment((Layer(3, "tanh"), Layer(2)), optimizer=optimizer, learning_rate=0.1)
    rng = np.random.default_rng(4)
    x = rng.normal(size=(3, 2))
    x, W = np.concatenate([x, -x]), [rng.normal(size=(2, 3)), rng.normal(size=(3, 2))]
    b, t = [np.zeros(3), np.zeros(2)], np.concatenate([np.ones((3, 2)) / 3, -np.ones((3, 2)) / 3])
    order = rng.permutation(6)
    step = computed(Case(experiment, x[order], t[order], W, b), [])
    given = {name: step[name] for name in ("W1", "b1", "W2", "b2")}
    assert check_step(experiment, x, t, W, b, given).agrees
    wrong = computed(Case(experiment, x, t, W, b), [MISTAKES["lr_twice"].varied])
    verdict = check_step(experiment, x, t, W, b, {name: wrong[name] for name in given})
    assert frozenset({"lr_twice"}) in explanations(verdict)


@pytest.mark.parametrize("name", ["z1", "delta1", "dW1", "b1"])
def test_another_shape_is_wrong_and_no_mistake(name: str) -> None:
    arguments = start(rows=12)
    step = step_of(arguments, "half")
    step[name] = np.ones((12, 12))
    verdict = check_step(*arguments, step)
    assert not verdict[name].agrees and verdict.mistakes == ()


def test_a_very_large_network_is_searched_for_single_mistakes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = start()
    two = step_of(arguments, "half", "bias_sum")
    assert check_step(*arguments, two).exhaustive
    monkeypatch.setattr("engine.mistakes.verdict.MOST_WORK", 10)
    verdict = check_step(*arguments, two)
    assert not verdict.exhaustive and verdict.mistakes == () and verdict.first_wrong == "delta2"


# -- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda a: (*a[:5], {"dW3": 1.0}), "unknown_quantity"),
        (lambda a: (*a[:5], {"gradient": 1.0}), "unknown_quantity"),
        (lambda a: (*a[:5], {}), "nothing_given"),
        (lambda a: (*a[:3], a[3][:1], a[4], {"loss": 1.0}), "layer_count"),
        (lambda a: (*a[:3], [a[3][0], a[3][1].T], a[4], {"loss": 1.0}), "shape"),
        (lambda a: (a[0], a[1], a[2][:3], *a[3:5], {"loss": 1.0}), "shape"),
        (lambda a: (a[0], a[1][0], *a[2:5], {"loss": 1.0}), "shape"),
        (lambda a: (*a[:5], {"dW1": [[1, 2], [3]]}), "ragged"),
        (lambda a: (*a[:5], {"dW1": 1j * np.ones((4, 4))}), "complex"),
        (lambda a: (*a[:5], {"dW1": "no"}), "not_numbers"),
        (lambda a: (*a[:5], {"dW1": np.array([object()])}), "not_numbers"),
        (lambda a: (*a[:5], {"dW1": np.zeros(2_000_000)}), "too_many"),
        (lambda a: (a[0], a[1] * np.nan, *a[2:5], {"loss": 1.0}), "not_finite"),
        (lambda a: (*a[:5], {"loss": 1.0, "mask1": np.zeros((5, 4))}), "mask_without_dropout"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_a_sentence(change: Any, kind: str) -> None:
    with pytest.raises(StepError) as caught:
        check_step(*change(start()))
    assert caught.value.kind == kind
    assert caught.value.message.endswith(".") and caught.value.mend.endswith(".")


def test_a_mask_of_other_numbers_is_refused() -> None:
    dropping = start(NET.changed(layers=(Layer(4, "tanh", 0.5), Layer(3, "softmax"))))
    with pytest.raises(StepError, match="0 and 1"):
        check_step(*dropping, {"loss": 1.0, "mask1": np.full((5, 4), 0.3)})


def test_the_step_is_left_as_it_was() -> None:
    arguments = start()
    before = [np.array(a) for a in (arguments[1], arguments[2], *arguments[3], *arguments[4])]
    step = step_of(arguments, "half")
    check_step(*arguments, step)
    after = [arguments[1], arguments[2], *arguments[3], *arguments[4]]
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert [name for name, _, _ in Step(Case(*arguments)).quantities()]


@pytest.mark.parametrize("decimals", [3, 4, 5, 6])
def test_a_factor_is_told_from_rounded_numbers(decimals: int) -> None:
    experiment = Experiment((Layer(5, "tanh"), Layer(3, "softmax")), loss="cross_entropy")
    for seed in range(3):
        batch = telling_batch(experiment, 4, seed)
        start = batch.inputs, batch.targets, batch.weights, batch.biases
        right = computed(Case(experiment, *start, {}), [])
        half = 0.5 * 10.0**-decimals
        for factor in (0.9, 7.0):
            yours = np.round(factor * right["dW1"], decimals)
            told = check_step(experiment, *start, {"dW1": Printed(yours, np.full(yours.shape, half))})
            assert told.difference is not None and told.difference.kind in ("ratio", "ratio_named")
            found = float(told.difference.details["ratio"])
            assert found == factor  # and no digits that these numbers do not have
            assert (np.abs(found * right["dW1"] - yours) <= half * 1.01 + 1e-6).all()
