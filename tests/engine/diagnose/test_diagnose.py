"""The diagnosis: right on nets whose fault is known, silent where there is none, and without a trace."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Finding, Layer, Trainer, builtin, diagnose
from engine.diagnose import CAUSES, LABELS, Examination, try_cure
from engine.diagnose.patient import Patient, noise
from engine.diagnose.rows import contradictions, dependence
from engine.diagnose.score import constant_loss
from engine.errors import DivergenceError
from engine.functions import LOSSES
from engine.training.prediction import calm

CASES = Path(__file__).parents[2] / "data" / "sick-nets"
MANIFEST = json.loads((CASES / "manifest.json").read_text(encoding="utf-8"))["cases"]


def train(case: dict[str, Any]) -> Trainer:
    """Train a case of the manifest as it says."""
    with np.load(CASES / case["data"]) as arrays:
        data = Dataset.from_arrays(arrays["inputs"], arrays["targets"], case["kind"])
    trainer = Trainer(Experiment.from_toml((CASES / case["experiment"]).read_text(encoding="utf-8")), data)
    try:
        for event in case["events"]:
            trainer.run(event["at"] - trainer.completed)
            sizes = trainer.packing.sizes
            layers = [k for k in event["freeze"] if k < len(sizes)]
            trainer.freeze(
                [(k, i, j) for k in layers for i in range(sizes[k - 1]) for j in range(sizes[k])],
                [(k, j) for k in layers for j in range(sizes[k])],
            )
        trainer.run(case["steps"] - trainer.completed)
    except DivergenceError:
        pass
    return trainer


def state(trainer: Trainer) -> list[Any]:
    """All that a diagnosis must leave alone."""
    return [
        trainer.completed,
        trainer.experiment,
        trainer.epoch,
        trainer.ring.states[trainer._row].tobytes(),
        trainer.scalars.loss.tobytes(),
        len(trainer.history.runs),
        [len(run.keyframes) for run in trainer.history.runs],
        trainer.current.number,
        len(trainer.current.edits),
    ]


@pytest.mark.parametrize("case", MANIFEST, ids=lambda case: f"{case['id']}-{case['cause'] or 'healthy'}")
def test_known_cases(case: dict[str, Any]) -> None:
    trainer = train(case)
    before = state(trainer)
    findings = diagnose(trainer)
    assert state(trainer) == before
    if case["cause"] is None:
        assert findings == []
        return
    assert findings[0].cause in (case["cause"], *case["also_accepted"])
    assert (findings[0].cure is not None) >= case["curable"]
    assert findings[0].text and "{" not in findings[0].text
    assert all(set(finding.evidence) <= set(LABELS) for finding in findings)
    if case["since"] and findings[0].cause == case["cause"]:
        assert case["since"][0] <= findings[0].since <= case["since"][1]


def xor(**settings: Any) -> Trainer:
    layers = settings.pop("layers", (Layer(4, "tanh"), Layer(1, "sigmoid")))
    defaults = {"loss": "binary_cross_entropy", "learning_rate": 1.0, "seed": 3}
    return Trainer(Experiment(layers, **{**defaults, **settings}), builtin("xor"))


def only(trainer: Trainer) -> Finding:
    return diagnose(trainer)[0]


def test_twin_units_are_named_and_cured() -> None:
    trainer = xor(initializer={"name": "constant", "value": 0.5})
    trainer.run(600)
    finding = only(trainer)
    assert finding.cause == "symmetric_units"
    assert finding.evidence["units_alike"] == 4
    assert finding.where is not None and finding.where.layer == 1
    assert finding.cure is not None and finding.cure.initializer.name == "xavier_normal"
    assert finding.tried is not None and finding.tried.after < 0.1 < finding.tried.before
    assert "4 of the 4 units of Hidden 1 begin with the same parameters" in finding.text


def test_a_finding_is_frozen() -> None:
    trainer = xor(initializer="zeros")
    trainer.run(300)
    finding = only(trainer)
    with pytest.raises(FrozenInstanceError):
        finding.cause = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        finding.evidence["units"] = 1.0  # type: ignore[index]


def test_it_says_it_in_another_language() -> None:
    trainer = xor(initializer="zeros")
    trainer.run(300)
    seen: list[str] = []
    only(trainer).say(
        lambda text: (
            seen.append(text)
            or text.upper()
            .replace("{ALIKE}", "{alike}")
            .replace("{UNITS}", "{units}")
            .replace("{LAYER}", "{layer}")
        )
    )
    assert any("begin with the same parameters" in text for text in seen)


def test_a_run_that_diverged_is_diagnosed() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    data = Dataset.from_arrays(x, x[:, 0] ** 2 - x[:, 1])
    trainer = Trainer(Experiment((Layer(12, "relu"), Layer(1, "linear")), learning_rate=20.0), data)
    with pytest.raises(DivergenceError):
        trainer.run(500)
    before = state(trainer)
    finding = only(trainer)
    assert state(trainer) == before
    assert finding.cause == "learning_rate_too_high"
    assert finding.cure is not None and finding.cure.learning_rate < 20.0
    assert "no longer finite" in finding.text


def test_it_is_the_same_again() -> None:
    trainer = train(next(case for case in MANIFEST if case["id"] == "c44"))
    first, second = diagnose(trainer), diagnose(trainer)
    assert [(f.cause, f.cure, f.tried, f.evidence) for f in first] == [
        (f.cause, f.cure, f.tried, f.evidence) for f in second
    ]


def test_it_can_be_stopped_and_taken_in_parts() -> None:
    trainer = train(next(case for case in MANIFEST if case["id"] == "c03"))
    asked = []
    assert diagnose(trainer, lambda: len(asked) > 3 or asked.append(1)) == []  # type: ignore[func-returns-value]
    examination = Examination(trainer)
    parts = 0
    while not examination.advance():
        parts += 1
    assert parts > 10
    assert examination.findings[0].cause == "vanishing_gradient"


# -- what must give a sentence or silence ----------------------------------------------------------


def test_nothing_is_said_before_the_first_step() -> None:
    assert diagnose(xor()) == []


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_run_of_a_few_steps(steps: int) -> None:
    trainer = xor()
    trainer.run(steps)
    assert {f.cause for f in diagnose(trainer)} <= {"not_run_long_enough", "learning_rate_too_low"}


def test_one_row() -> None:
    trainer = Trainer(Experiment((Layer(3, "relu"), Layer(1, "linear"))), Dataset.from_arrays([[1.0]], [5.0]))
    trainer.run(20)
    assert diagnose(trainer) == []


def test_one_class() -> None:
    data = Dataset.from_arrays(np.random.default_rng(0).normal(size=(30, 2)), np.zeros(30), "binary")
    trainer = Trainer(Experiment((Layer(3, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy"), data)
    trainer.run(30)
    assert diagnose(trainer) == []


def test_a_constant_target() -> None:
    data = Dataset.from_arrays(np.random.default_rng(0).normal(size=(30, 2)), np.full(30, 7.0))
    trainer = Trainer(Experiment((Layer(3, "tanh"), Layer(1, "linear"))), data)
    trainer.run(30)
    assert diagnose(trainer) == []


def test_missing_features_and_a_column_without_any() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(80, 4))
    y = np.sin(2 * x[:, 0]) + x[:, 1]
    x[rng.random(x.shape) < 0.02] = np.nan
    x[:, 3] = np.nan
    experiment = Experiment((Layer(16, "tanh"), Layer(1, "linear")), optimizer="adam", learning_rate=0.02)
    trainer = Trainer(experiment, Dataset.from_arrays(x, y))
    trainer.run(800)
    assert diagnose(trainer) == []


def test_five_thousand_columns() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 5000))
    data = Dataset.from_arrays(x, (x[:, 0] > 0).astype(int), "binary")
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", learning_rate=1e-7
    )
    trainer = Trainer(experiment, data)
    trainer.run(20)
    assert all(finding.text for finding in diagnose(trainer))


def test_a_run_branched_from_the_past() -> None:
    trainer = xor(learning_rate=0.3)
    trainer.run(200)
    trainer.seek(50)
    trainer.change(trainer.experiment.changed(regularizer={"name": "l2", "strength": 0.3}))
    trainer.run(800)
    before = state(trainer)
    finding = only(trainer)
    assert state(trainer) == before
    assert (finding.cause, finding.since) == ("penalty_too_strong", 50)


def test_a_moment_in_the_past_is_judged_by_what_came_before_it() -> None:
    trainer = xor()
    trainer.run(1500)
    assert diagnose(trainer) == []
    trainer.seek(20)
    assert {f.cause for f in diagnose(trainer)} <= {"not_run_long_enough", "learning_rate_too_low"}
    assert trainer.completed == 20 and trainer.furthest == 1500


def test_weights_typed_in_by_hand_are_tried_with() -> None:
    trainer = xor(learning_rate=1e-6)
    trainer.set_parameters([np.array([[3.0, -3, 1, 1], [3, -3, 1, 1]]), np.array([[2.0], [2], [0], [0]])])
    trainer.run(400)
    assert only(trainer).cause == "learning_rate_too_low"


def ring(**settings: Any) -> Trainer:
    x = np.random.default_rng(77).normal(size=(160, 3))
    data = Dataset.from_arrays(x, ((x**2).sum(axis=1) > 2.4).astype(int), "binary")
    network = {"learning_rate": 0.5, "batch_size": 16, "seed": 5, **settings}
    return Trainer(
        Experiment((Layer(8, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", **network), data
    )


@pytest.mark.parametrize("factor", [0.0, 100.0])
def test_parameters_that_were_spoiled_by_hand_are_no_fault_of_the_settings(factor: float) -> None:
    trainer = ring()
    trainer.run(30)
    trainer.set_parameters([factor * w for w in trainer.weights], [factor * b for b in trainer.biases])
    trainer.run(400)
    finding = only(trainer)
    assert (finding.cause, finding.since, finding.cure) == ("changed_on_the_way", 30, None)
    anew = try_cure(trainer, finding, since=True)
    assert anew is not None and anew.began == 0 and anew.score_after.learned


def test_a_rate_that_was_too_high_and_no_longer_is_is_not_blamed() -> None:
    trainer = ring(learning_rate=60.0)
    trainer.run(300)
    trainer.change(trainer.experiment.changed(learning_rate=0.5))
    trainer.run(300)
    assert only(trainer).cause == "changed_on_the_way"


def test_a_training_that_was_mended_a_moment_ago_gets_its_time() -> None:
    trainer = ring(learning_rate=1e-4)
    trainer.run(900)
    trainer.change(trainer.experiment.changed(learning_rate=0.5))
    trainer.run(50)
    assert diagnose(trainer) == []


def test_twins_that_were_parted_by_hand_are_twins_no_more() -> None:
    trainer = xor(learning_rate=1e-6, initializer={"name": "constant", "value": 0.5})
    trainer.run(5)
    assert only(trainer).cause == "symmetric_units"
    trainer.set_parameters([np.array([[3.0, -3, 1, 1], [3, -3, 1, 1]]), np.array([[2.0], [2], [0], [0]])])
    trainer.run(400)
    assert "symmetric_units" not in [finding.cause for finding in diagnose(trainer)]


def test_units_that_a_hand_has_woken_are_not_called_dead() -> None:
    layers = (Layer(4, "relu"), Layer(1, "sigmoid"))
    experiment = Experiment(layers, "binary_cross_entropy", learning_rate=1e-6, batch_size="full")
    trainer = Trainer(experiment, builtin("xor"))
    trainer.set_parameters(biases=[np.full(4, -9.0), np.zeros(1)])
    trainer.run(20)
    assert [lead.values["count"] for lead in CAUSES["dead_units"].leads(Patient(trainer))] == [4]
    trainer.set_parameters(biases=[np.zeros(4), np.zeros(1)])
    trainer.run(20)
    assert not list(CAUSES["dead_units"].leads(Patient(trainer)))


def test_units_that_have_moved_are_not_said_to_sit_where_it_is_flat() -> None:
    layers = (Layer(4, "tanh"), Layer(1, "sigmoid"))
    experiment = Experiment(layers, "binary_cross_entropy", learning_rate=1e-6, batch_size="full")
    trainer = Trainer(experiment, builtin("xor"))
    trainer.set_parameters(biases=[np.full(4, 9.0), np.zeros(1)])
    trainer.run(20)
    cause = CAUSES["saturated_units"]
    assert [lead.evidence["flat_share"] for lead in cause.leads(Patient(trainer))] == [1.0]
    trainer.set_parameters(biases=[np.array([0.0, 0.0, 9.0, 9.0]), np.zeros(1)])
    trainer.run(20)
    assert [lead.evidence["flat_share"] for lead in cause.leads(Patient(trainer))] == [0.5]
    trainer.set_parameters(biases=[np.zeros(4), np.zeros(1)])
    trainer.run(20)
    assert not list(cause.leads(Patient(trainer)))


@pytest.fixture
def few_looked_at(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    """400 rows of which 40 are looked at; what is far lies between these."""
    monkeypatch.setattr(sys.modules["engine.diagnose.patient"], "MOST_NUMBERS", 7 * 40)
    monkeypatch.setattr(sys.modules["engine.diagnose.rows"], "BLOCK", 64)
    rng = np.random.default_rng(1)
    inputs, targets = rng.normal(size=(400, 2)), rng.normal(size=(400, 1))
    inputs[5], targets[5] = 4000.0, 900.0
    inputs[200] = inputs[20]
    experiment = Experiment((Layer(4, "relu"), Layer(1, "sigmoid")), "mean_squared_error", learning_rate=1e-9)
    trainer = Trainer(experiment, Dataset.from_arrays(inputs, targets, "regression"))
    trainer.set_parameters(biases=[np.full(4, -9.0), np.zeros(1)])
    trainer.run(30)
    return trainer


def test_columns_and_targets_are_those_of_all_rows(few_looked_at: Trainer) -> None:
    p, data = Patient(few_looked_at), few_looked_at.prepared
    assert len(p.inputs) == 40 and 5 not in p.chosen
    scaled, targets = ([*CAUSES[name].leads(p)] for name in ("unscaled_inputs", "unscaled_targets"))
    worst = int(p.columns.excess.argmax())
    assert scaled[0].values["mean"] == pytest.approx(data.inputs[:, worst].mean(), rel=1e-12)
    assert scaled[0].values["deviation"] == pytest.approx(data.inputs[:, worst].std(), rel=1e-12)
    assert targets[0].values["mean"] == pytest.approx(data.targets.mean(), rel=1e-12)
    assert targets[0].values["deviation"] == pytest.approx(data.targets.std(), rel=1e-12)
    outside = ((data.targets < 0) | (data.targets > 1)).mean()
    floor = np.mean((data.targets - data.targets.clip(0, 1)) ** 2) / np.var(data.targets)
    (lead,) = CAUSES["output_cannot_reach_targets"].leads(p)
    assert lead.values["share"] == pytest.approx(outside, rel=1e-12)
    assert lead.evidence["least_loss_over_constant"] == pytest.approx(floor, rel=1e-9)


def test_what_was_seen_of_some_rows_is_not_said_of_all(few_looked_at: Trainer) -> None:
    (lead,) = CAUSES["dead_units"].leads(Patient(few_looked_at))
    assert lead.values["rows"] == 40 and "for all {rows} rows looked at" in lead.template
    assert all(finding.evidence["rows"] == 40 for finding in diagnose(few_looked_at))
    equal = np.repeat(np.arange(20.0), 20)[:, None]
    data = Dataset.from_arrays(np.hstack([equal, equal]), np.resize([0.0, 1.0], (400, 1)), "regression")
    trainer = Trainer(few_looked_at.experiment, data)
    trainer.run(3)
    (lead,) = CAUSES["contradictory_rows"].leads(Patient(trainer))
    assert lead.values["all"] == 40 and "of {all} rows looked at" in lead.template


@pytest.mark.parametrize(("evaluations", "told"), [(2, False), (1001, True)])
def test_when_validation_was_best_is_said_only_if_it_was_watched(evaluations: int, told: bool) -> None:
    rng = np.random.default_rng(3)
    data = Dataset.from_arrays(rng.normal(size=(60, 8)), rng.normal(size=(60, 1)), "regression")
    experiment = Experiment(
        (Layer(40, "tanh"), Layer(1, "linear")),
        "mean_squared_error",
        learning_rate=0.1,
        batch_size="full",
        validation=0.3,
    )
    trainer = Trainer(experiment, data)
    trainer.run(1000)
    p = Patient(trainer)
    p.scalars = replace(
        p.scalars,
        evaluated_steps=p.scalars.evaluated_steps[-evaluations:],
        validation_loss=p.scalars.validation_loss[-evaluations:],
    )
    (lead,) = CAUSES["overfitting"].leads(p)
    assert ("best at step" in lead.template) is told and (lead.since > 0) is told


def test_a_leap_is_named_with_the_step_of_the_leap() -> None:
    """The rate is raised after step 300; the loss leaps later, and that is where the sentence points."""
    trainer = ring(batch_size="full", learning_rate=0.05)
    trainer.run(300)
    trainer.change(trainer.experiment.changed(learning_rate=300.0))
    trainer.run(3)
    (lead,) = CAUSES["learning_rate_too_high"].leads(Patient(trainer))
    losses = trainer.scalars.loss
    leap = next(k for k in range(302, 304) if losses[k - 1] > 1.2 * losses[300:k].min())
    assert "leaps up" in lead.template and lead.values["since"] == leap
    assert lead.since == 300


def test_one_wild_target_does_not_hide_what_can_be_learned() -> None:
    x = np.random.default_rng(77).normal(size=(160, 3))
    y = x @ [1.0, 2, 1]
    assert dependence(x, y[:, None]).chance < 0.05
    y[7] = 1e5
    assert dependence(x, y[:, None]).chance < 0.05


def test_a_loss_that_does_not_fall_is_not_said_to_fall() -> None:
    trainer = ring(learning_rate=0.02)
    met = set()
    for _ in range(8):
        trainer.run(15)
        for lead in CAUSES["not_run_long_enough"].leads(Patient(trainer)):
            falls = lead.evidence["fall_at_end"] > 0
            assert ("still falls" in lead.template) == falls
            met.add(falls)
    assert met == {True, False}


def test_held_parameters_are_named_with_the_step() -> None:
    trainer = xor()
    trainer.run(5)
    trainer.freeze([(1, i, j) for i in range(2) for j in range(4)], [(1, j) for j in range(4)])
    trainer.freeze([(2, i, 0) for i in range(4)], [(2, 0)])
    trainer.run(800)
    finding = only(trainer)
    assert (finding.cause, finding.since, finding.cure) == ("frozen_parameters", 5, None)
    assert finding.remedy is not None and finding.remedy.release


def test_a_lower_rate_that_was_raised_on_the_way_is_the_cure() -> None:
    rng = np.random.default_rng(4)
    x = rng.uniform(-2, 2, (100, 1))
    experiment = Experiment((Layer(16, "tanh"), Layer(1, "linear")), optimizer="adam", learning_rate=0.02)
    trainer = Trainer(experiment, Dataset.from_arrays(x, np.sin(2 * x[:, 0])))
    trainer.run(300)
    trainer.change(trainer.experiment.changed(learning_rate=8.0))
    trainer.run(700)
    finding = only(trainer)
    assert (finding.cause, finding.since) == ("learning_rate_too_high", 300)
    assert finding.cure is not None and finding.cure.learning_rate == 0.02


def test_noise_that_no_network_explains_is_no_fault() -> None:
    rng = np.random.default_rng(5)
    x = rng.uniform(-2, 2, (150, 2))
    y = np.sin(2 * x[:, 0]) + rng.normal(0, 1.0, 150)
    experiment = Experiment((Layer(6, "tanh"), Layer(1, "linear")), optimizer="adam", learning_rate=0.02)
    trainer = Trainer(experiment, Dataset.from_arrays(x, y))
    trainer.run(600)
    assert Patient(trainer).score.relative > 0.4
    assert diagnose(trainer) == []


# -- evidence --------------------------------------------------------------------------------------


def test_the_best_constant() -> None:
    t = np.array([[0.0], [0.0], [0.0], [1.0]])
    p = 0.25
    entropy = -(p * math.log(p) + (1 - p) * math.log(1 - p))
    assert constant_loss(LOSSES["binary_cross_entropy"](), t) == pytest.approx(entropy)
    assert constant_loss(LOSSES["mean_squared_error"](), t) == pytest.approx(t.var())
    assert constant_loss(LOSSES["mean_absolute_error"](), t) == pytest.approx(0.25)
    assert constant_loss(LOSSES["cross_entropy"](), np.eye(3)) == pytest.approx(math.log(3))


@pytest.mark.parametrize("loss", [*LOSSES])
def test_the_best_constant_is_the_best_of_many(loss: str) -> None:
    rng = np.random.default_rng(6)
    t = rng.integers(0, 2, (31, 1)).astype(float)
    if loss == "cross_entropy":
        t = np.concatenate([t, 1 - t], axis=1)
    rule = LOSSES[loss]()
    grid = (
        np.linspace(-1, 1, 4001)
        if loss not in ("binary_cross_entropy", "cross_entropy")
        else np.linspace(1e-3, 1 - 1e-3, 4001)
    )
    if t.shape[1] == 1:
        values = [np.mean(rule.per_sample(np.full_like(t, c), t)) for c in grid]
    else:
        values = [np.mean(rule.per_sample(np.tile([c, 1 - c], (31, 1)), t)) for c in grid]
    assert constant_loss(rule, t) == pytest.approx(min(values), abs=1e-5)


def test_the_floor_of_contradictory_rows() -> None:
    x = np.array([[0.0], [0.0], [1.0], [-0.0]])
    found = contradictions(LOSSES["mean_squared_error"](), x, np.array([[1.0], [3.0], [5.0], [2.0]]))
    assert (found.rows, found.first) == (3, 0)
    assert found.floor == pytest.approx((1 + 1 + 0 + 0) / 4)
    assert contradictions(LOSSES["mean_squared_error"](), x, np.array([[1.0], [1], [5], [1]])).rows == 0


def test_dependence_tells_shuffled_targets_from_true_ones() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(150, 3))
    y = np.sin(3 * x[:, [0]]) * np.sign(x[:, [1]])
    assert dependence(x, y).chance < 0.03
    with calm():
        chances = [dependence(x, y[rng.permutation(150)]).chance for _ in range(20)]
    assert sum(chance > 0.05 for chance in chances) >= 15
    assert math.isnan(dependence(x[:10], y[:10]).chance)


def test_noise_is_that_of_the_samples_gradients_written_out() -> None:
    trainer = xor()
    trainer.run(30)
    p = Patient(trainer)
    rows = [trainer.trace(row) for row in range(4)]
    gradients = np.stack(
        [np.concatenate([g.ravel() for g in (*r.weight_grads, *r.bias_grads)]) for r in rows]
    )
    found = noise(p.now)
    mean = gradients.mean(axis=0)
    assert found.mean == pytest.approx(float(mean @ mean))
    assert found.spread == pytest.approx(float(gradients.var(axis=0, ddof=1).sum()))
    assert found.alignment == pytest.approx(np.linalg.norm(mean) / np.linalg.norm(gradients, axis=1).mean())


def test_every_cause_has_words() -> None:
    assert len(CAUSES) == 23
    for name, cause in CAUSES.items():
        assert name == cause.name and cause.label and cause.advice[-1] in ".?"


def test_a_planted_mistake_in_the_targets_is_not_taken_for_a_setting() -> None:
    """Half the rows are there twice with the other class: no setting is to blame."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(60, 2))
    y = (x[:, 0] > 0).astype(int)
    data = Dataset.from_arrays(np.concatenate([x, x]), np.concatenate([y, 1 - y]), "binary")
    trainer = Trainer(
        Experiment((Layer(8, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", learning_rate=0.5), data
    )
    trainer.run(300)
    finding = only(trainer)
    assert (finding.cause, finding.cure) == ("contradictory_rows", None)
    assert finding.evidence["least_loss"] == pytest.approx(math.log(2))
