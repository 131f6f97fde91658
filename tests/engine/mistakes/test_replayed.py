"""What a step with mistakes comes to: records, updates, trainings, numbers multiplied out, the clinic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import MISTAKES, Dataset, Experiment, Layer, Trainer, check_step
from engine.errors import StepError
from engine.mistakes.batch import Batch
from engine.mistakes.clinic import LEVELS, judge, level, plant, plantable
from engine.mistakes.multiplied import multiplied
from engine.mistakes.program import is_program
from engine.mistakes.reading import read_typed
from engine.mistakes.reference import Case
from engine.mistakes.replayed import effect, record_of, replay, two_runs, varied_by

NET = Experiment(
    (Layer(4, "tanh"), Layer(3, "sigmoid"), Layer(2, "sigmoid")), learning_rate=0.5, batch_size=6
)


def made(experiment: Experiment = NET, steps: int = 3) -> tuple[Dataset, Any, Case]:
    rng = np.random.default_rng(8)
    data = Dataset.from_arrays(rng.normal(size=(30, 3)), rng.uniform(0.1, 0.9, (30, 2)))
    trainer = Trainer(experiment, data)
    trainer.run(steps)
    record = trainer.step()
    return data, record, Batch.of(record).case(experiment)


def test_a_record_of_the_right_step_is_the_trainers() -> None:
    _, record, case = made()
    again = record_of(case, replay(case)[1], record)
    for name in ("z", "a", "delta", "weight_grads", "bias_grads", "weights_after", "biases_after"):
        for mine, theirs in zip(getattr(again, name), getattr(record, name), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12)
    assert again.data_loss == pytest.approx(record.data_loss, rel=1e-12)
    np.testing.assert_allclose(again.sample_losses, record.sample_losses, atol=1e-12)
    assert again.step == record.step and again.indices is record.indices


def test_one_update_against_losses_of_the_trainer() -> None:
    data, record, case = made(NET.changed(batch_size="full"))
    values = replay(case)[1]
    found = effect(case, values, replay(case, ("update_plus",))[1])
    trainer = Trainer(NET.changed(batch_size="full"), data)
    trainer.set_parameters(record.weights_after, record.biases_after)
    assert found.before == pytest.approx(record.data_loss, rel=1e-12)
    assert found.right == pytest.approx(trainer.peek().data_loss, rel=1e-12)
    assert found.right < found.before < found.other


def test_an_update_with_gradients_that_nobody_explains() -> None:
    _, _, case = made()
    _, right = replay(case)
    step_values = {"dW2": 3.0 * right["dW2"] + 0.1}
    from engine.mistakes.reference import Step

    values = {n: np.array(v) for n, v, _ in Step(case, [varied_by(step_values)]).quantities()}
    np.testing.assert_allclose(values["W2"], case.W[2] - 0.5 * step_values["dW2"])
    np.testing.assert_allclose(values["W1"], right["W1"])


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "nesterov"])
def test_two_runs_are_the_trainers_and_the_mistakes(optimizer: str) -> None:
    """With full batches the right one is what the trainer makes."""
    experiment = NET.changed(batch_size="full", optimizer=optimizer, learning_rate=0.05)
    data, record, case = made(experiment)
    shares: list[float] = []
    runs = two_runs(case, ("update_plus",), record.a[0], record.targets, 6, progress=shares.append)
    trainer = Trainer(experiment, data)
    trainer.run(3)
    losses = [trainer.step().data_loss for _ in range(7)]
    np.testing.assert_allclose(runs.right, losses, rtol=1e-9)
    assert runs.other[0] == runs.right[0] and runs.other[-1] > runs.other[0]
    assert shares == sorted(shares) and shares[-1] < 1 and runs.rows == 30


def test_two_runs_end_where_they_are_cancelled_or_not_finite() -> None:
    _, record, case = made(NET.changed(learning_rate=1.0))
    runs = two_runs(case, ("factor_two",), record.a[0], record.targets, 50, cancelled=lambda: True)
    assert np.isnan(runs.right[1:]).all()
    linear = Experiment((Layer(2),), learning_rate=60.0)
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    blown = Case(linear, x, t, [rng.normal(size=(3, 2))], [np.zeros(2)])
    assert np.isnan(two_runs(blown, ("update_plus",), x, t, 400).other[-1])


# -- multiplied out ------------------------------------------------------------------------------------

PLACES = {
    "dW2": (1, 0),
    "db1": (2,),
    "delta3": (0, 1),
    "delta1": (4, 3),
    "z2": (1, 1),
    "a1": (0, 0),
    "loss": (),
}
PLACES |= {"W1": (0, 2), "b3": (1,)}


@pytest.mark.parametrize("name", [*PLACES])
def test_every_number_comes_out_of_its_terms(name: str) -> None:
    _, _, case = made()
    place = PLACES[name]
    right = float(replay(case)[1][name][place])
    line = multiplied(case, name, place, 1.5 * right).right
    terms = line.terms
    if line.how == "sum":
        assert sum(terms) == pytest.approx(right)
    elif line.how == "product":
        assert np.prod(terms) == pytest.approx(right)
    elif line.how == "update":
        assert terms[0] - terms[1] * terms[2] == pytest.approx(right)
    else:
        assert line.how == "function" and np.tanh(terms[0]) == pytest.approx(right)
    assert line.result == right


@pytest.mark.parametrize(
    ("mistake", "name", "how"),
    [
        ("dW_from_z", "dW2", "sum"),
        ("mean_twice", "delta3", "product"),
        ("no_hidden_slope", "delta2", "product"),
        ("bias_left_out_forward", "z1", "sum"),
        ("bias_sum", "db3", "ratio"),
        ("update_plus", "W1", "update"),
        ("lr_twice", "b1", "update"),
    ],
)
def test_and_of_a_mistake(mistake: str, name: str, how: str) -> None:
    _, _, case = made()
    values = replay(case, (mistake,))[1]
    place = (0,) * values[name].ndim
    value = float(values[name][place])
    both = multiplied(case, name, place, value, (mistake,))
    assert both.yours.how == how and both.yours.result == value
    if how == "sum":
        assert sum(both.yours.terms) == pytest.approx(value)
    assert both.yours.terms != both.right.terms


def test_nobody_knows_how_an_unknown_number_came_about() -> None:
    _, _, case = made()
    assert multiplied(case, "dW1", (0, 0), 17.0).yours.how == "number"


# -- the clinic ------------------------------------------------------------------------------------------


def test_every_level_plants_a_mistake_that_shows() -> None:
    _, _, case = made()
    for hardness in LEVELS:
        planted = plant(case, 3, hardness)
        assert level(planted.name) == hardness and planted.verdict.first_wrong
        assert planted.name in planted.choices and len(set(planted.choices)) == 4
        same = {e[0] for e in planted.verdict.mistakes}
        assert not same & (set(planted.choices) - {planted.name}), "one answer alone is right"


def test_the_same_seed_plants_the_same_and_a_mistake_can_be_chosen() -> None:
    _, _, case = made()
    assert plant(case, 5).name == plant(case, 5).name
    assert len({plant(case, seed).name for seed in range(6)}) > 2
    assert plant(case, 0, name="error_sign").name == "error_sign"
    assert "error_sign" in plantable(case)
    with pytest.raises(StepError, match="shows"):
        plant(case, 0, name="l2_missing")


def test_an_answer_is_judged_by_place_and_name() -> None:
    _, _, case = made()
    planted = plant(case, 0, name="no_hidden_slope")
    assert planted.verdict.first_wrong == "delta2"
    assert judge(planted, "delta2", (0, 0), "no_hidden_slope").points == 2
    assert judge(planted, "dW2", (0, 0), "no_hidden_slope").points == 1
    assert judge(planted, "a1", (0, 0), "error_sign").points == 0


def test_all_mistakes_have_a_level() -> None:
    assert {level(name) for name in MISTAKES} == set(LEVELS)


# -- what is typed ------------------------------------------------------------------------------------


def test_a_single_number_typed_is_judged_by_its_digits() -> None:
    _, record, case = made()
    right = float(record.weights_after[0][1, 2])
    words = [[""] * 4 for _ in range(3)]
    words[1][2] = f"{right:.4f}".replace("-", "−")
    start = (case.inputs, case.targets, case.W[1:], case.b[1:])
    assert check_step(NET, *start, {"W1": read_typed(words)}, case.state).agrees
    words[1][2] = f"{right + 0.001:.4f}"
    wrong = check_step(NET, *start, {"W1": read_typed(words)}, case.state)
    assert wrong.first_wrong == "W1" and wrong["W1"].worst == (1, 2)
    words[0][0] = "0.1x"
    with pytest.raises(StepError, match="not a number"):
        read_typed(words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W1 = [[0.1, 0.2]]", False),
        ("dW1 = np.array([[0.1, 0.2]])\nloss = 0.3", False),
        ("import numpy as np\nW1 = np.zeros((2, 2))", True),
        ("def step(X, T, W, b):\n    return {}", True),
        ("for i in range(3):\n    pass", True),
        ("[[0.1 0.2]\n [0.3 0.4]]", False),
        ("(" * 500, False),
        ("\0", False),
    ],
)
def test_programs_are_told_from_numbers(text: str, expected: bool) -> None:
    assert is_program(text) is expected
