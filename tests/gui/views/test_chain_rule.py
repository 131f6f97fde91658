from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from engine.data.dataset import Dataset
from engine.experiment import Experiment, Layer
from engine.explain.gradient_check import ParameterCheck
from engine.functions import OPTIMIZERS
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind, phases_by_factor
from engine.records import Scalars, StepRecord
from engine.training.trainer import Trainer
from gui.document.focus import Focus
from gui.style.equation import typeset_all
from gui.style.theme import DARK
from gui.text.numbers import short
from gui.training.messages import Frame, Freeze, Status
from gui.views.chain_rule import ChainRuleView
from gui.views.chain_rule.cards import FactorCards
from gui.views.chain_rule.check import CheckSection
from gui.views.chain_rule.section import Section
from gui.views.chain_rule.shares import ShareBars
from gui.views.chain_rule.slope import SlopePlot
from gui.views.chain_rule.terms import JacobianSection, LossTermsSection
from gui.widgets.one_line import OneLine
from gui.widgets.table import Table

W = TypeVar("W", bound=QWidget)


def make_frame(
    trainer: Trainer, record: StepRecord, phase: Phase | None = None, status: Status = Status.PAUSED
) -> Frame:
    scalars = Scalars.empty(len(record.z))
    return Frame(1, trainer.dataset, record, phase, scalars, False, status)


def make_trainer(*layers: Layer, rows: int = 6, inputs: int = 3, **settings: Any) -> Trainer:
    rng = np.random.default_rng(4)
    outputs = layers[-1].units
    data = Dataset.from_arrays(
        rng.normal(size=(rows, inputs)),
        np.eye(outputs)[np.arange(rows) % outputs],
        kind="multiclass",
        feature_names=[f"feature {i}" for i in range(inputs)],
        class_names=["ant", "bee", "cat", "dog"][:outputs],
    )
    return Trainer(Experiment(layers, **settings), data)


@pytest.fixture
def view(qtbot: QtBot) -> ChainRuleView:
    view = ChainRuleView(Focus())
    qtbot.addWidget(view)
    view.resize(380, 1400)
    view.show()
    return view


@pytest.fixture
def trainer() -> Trainer:
    return make_trainer(
        Layer(4, "tanh"), Layer(3, "sigmoid"), Layer(3, "softmax"), loss="cross_entropy", batch_size=5
    )


def child(view: ChainRuleView, kind: type[W], name: str = "") -> W:
    found = view.findChild(kind, name) if name else view.findChild(kind)
    assert found is not None
    return found


def table(view: ChainRuleView, name: str) -> Table:
    return child(view, Table, name)


def unfold(view: ChainRuleView, name: str) -> None:
    """Click the row that says how many more there are."""
    rows = table(view, name)
    (link,) = [place for place, row in enumerate(rows._rows) if row[0].role == "link"]
    QTest.mouseClick(rows, Qt.MouseButton.LeftButton, pos=rows.row_place(link).toPoint())


def shown(view: ChainRuleView, name: str) -> bool:
    return child(view, QWidget, name).isVisible()


# Every number of the worked example that is often cited: M. Mazur, "A step by step backpropagation
# example" (2015), with a 2-2-2 network of sigmoids and the squared error.
MAZUR = Experiment((Layer(2, "sigmoid"), Layer(2, "sigmoid")), learning_rate=0.5)


@pytest.fixture
def mazur() -> Frame:
    trainer = Trainer(MAZUR, Dataset.from_arrays([[0.05, 0.10]], [[0.01, 0.99]]))
    trainer.set_parameters(
        weights=[[[0.15, 0.25], [0.20, 0.30]], [[0.40, 0.50], [0.45, 0.55]]], biases=[[0.35] * 2, [0.60] * 2]
    )
    return make_frame(trainer, trainer.step())


def test_reads_the_worked_example_off(view: ChainRuleView, mazur: Frame) -> None:
    view.show_frame(mazur)
    view.focus.select(Part("weight", 2, 0, 0))
    assert [card.value for card in view.cards] == pytest.approx(
        [0.74136507, 0.186815602, 0.593269992], rel=1e-8
    )
    assert view.headline.value == pytest.approx(0.082167041, rel=5e-8)
    assert table(view, "chainRuleUpdate").values[-1][-1] == pytest.approx(0.35891648, rel=5e-8)

    view.focus.select(Part("weight", 1, 0, 0))
    assert [card.value for card in view.cards] == pytest.approx([0.036350306, 0.241300709, 0.05], rel=5e-8)
    assert view.headline.value == pytest.approx(0.000438568, rel=1e-6)
    terms = [row[-1] for row in table(view, "chainRuleTerms").values]
    assert terms == pytest.approx([0.055399425, -0.019049119, 0.036350306], rel=1e-7)
    assert table(view, "chainRuleUpdate").values[-1][-1] == pytest.approx(0.149780716, rel=5e-8)

    view.focus.select(Part("loss"))
    assert view.headline.value == pytest.approx(0.298371109, rel=5e-8)
    view.focus.select(Part("unit", 1, 0))
    state = child(view, FactorCards, "chainRuleState")
    assert [card.value for card in state.cards][:2] == pytest.approx([0.3775, 0.593269992], rel=5e-8)


def saturated(z: list[list[float]], targets: Any, kind: Any) -> Frame:
    """A step of one layer with its natural loss, the samples' pre-activations being those of `z`."""
    units = len(z[0])
    matched = ("sigmoid", "binary_cross_entropy") if kind == "binary" else ("softmax", "cross_entropy")
    experiment = Experiment((Layer(units, matched[0]),), matched[1])
    trainer = Trainer(experiment, Dataset.from_arrays(np.array(z), targets, kind=kind))
    trainer.set_parameters([np.eye(units)], [np.zeros(units)])
    return make_frame(trainer, trainer.step())


def all_texts(view: ChainRuleView) -> list[str]:
    tables = [each for each in view.findChildren(Table) if each.isVisible()]
    return [text for each in tables for row in each.texts for text in row]


@pytest.mark.parametrize("kind", ["weight", "bias"])
def test_factors_of_a_saturated_sigmoid_are_finite_and_multiply(view: ChainRuleView, kind: Any) -> None:
    frame = saturated([[44.0], [-44.0], [700.0]], [0, 1, 1], "binary")
    view.show_frame(frame)
    view.focus.select(Part(kind, 1, 0, 0))
    for sample, z in enumerate((44.0, -44.0, 700.0)):
        view.focus.show_sample(sample)
        factors = [card.value for card in view.cards if card.value is not None]
        assert len(factors) == 3
        share = float(frame.record.delta[0][sample, 0]) * (z if kind == "weight" else 1.0)
        assert math.prod(factors) == pytest.approx(share, rel=1e-12, abs=0.0)
        assert share != 0
        assert not any("∞" in text or "NaN" in text for text in all_texts(view))


def test_factors_beyond_double_precision_are_shown_as_one(view: ChainRuleView) -> None:
    frame = saturated([[-800.0], [1.0]], [1, 0], "binary")
    view.show_frame(frame)
    view.focus.select(Part("weight", 1, 0, 0))
    assert [card.value for card in view.cards] == [-0.5, -800.0]
    assert view.cards[0].caption == "both factors at once"
    assert [text for text in all_texts(view) if "10³⁰⁸" in text] == ["< −10³⁰⁸"]
    assert not any("∞" in text or "NaN" in text for text in all_texts(view))
    view.focus.show_sample(1)
    assert len(view.cards) == 3


def test_what_softmax_cannot_sum_is_said(view: ChainRuleView) -> None:
    view.show_frame(saturated([[-800.0, 0.0], [1.0, 0.0]], [[1, 0], [0, 1]], "multiclass"))
    view.focus.select(Part("weight", 1, 0, 0))
    rows = table(view, "chainRuleJacobian")
    assert rows.texts[0][0] == "beyond double precision"
    assert rows.values[-1][-1] == -0.5
    assert not any("∞" in text or "NaN" in text for text in all_texts(view))
    view.focus.select(Part("loss"))
    parts = [row[-1] for row in table(view, "chainRuleOutputLosses").values]
    assert parts == [800.0, 0.0, 800.0]
    view.focus.select(Part("weight", 1, 0, 0))
    view.focus.show_sample(1)
    assert rows.texts[-1][-1].endswith("✓")


def test_a_minus_t_of_a_sure_output_is_not_lost(view: ChainRuleView) -> None:
    view.show_frame(saturated([[44.0], [1.0]], [1, 0], "binary"))
    view.focus.select(Part("weight", 1, 0, 0))
    rows = table(view, "chainRuleLossTerms")
    (difference,) = [
        values[-1] for texts, values in zip(rows.texts, rows.values, strict=True) if " − " in texts[0]
    ]
    assert difference == pytest.approx(-math.exp(-44), rel=1e-12, abs=0.0)


def test_says_what_to_click_when_nothing_is_selected(view: ChainRuleView, mazur: Frame) -> None:
    empty = child(view, QLabel, "chainRuleEmpty")
    assert empty.isVisible()
    assert "Click" in empty.text()
    view.show_frame(mazur)
    assert empty.isVisible()
    view.focus.select(Part("weight", 1, 0, 0))
    assert not empty.isVisible()
    view.focus.select(None)
    assert empty.isVisible()


@pytest.mark.parametrize("kind", ["weight", "bias", "unit"])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_factors_terms_and_paths_add_up(view: ChainRuleView, trainer: Trainer, kind: Any, layer: int) -> None:
    frame = make_frame(trainer, trainer.step())
    view.show_frame(frame)
    view.focus.select(Part(kind, layer, 1, 2))
    e = view.explanation
    assert e is not None
    assert view.headline.value == e.gradient
    if kind != "unit":
        product = np.prod([card.value for card in view.cards if card.value is not None])
        assert product == pytest.approx(e.samples[0], rel=1e-12)
    name = "chainRuleJacobian" if layer == 3 else "chainRuleTerms"
    numbers = [row[-1] for row in table(view, name).values]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], rel=1e-9)
    assert table(view, name).texts[-1][-1].endswith("✓")
    paths = table(view, "chainRulePaths")
    numbers = [row[-1] for row in paths.values]
    assert sum(numbers[:-1]) == pytest.approx(e.gradient, rel=1e-9)
    assert paths.texts[-1][-1].endswith("✓")


def test_names_features_and_classes(view: ChainRuleView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 1, 0, 2))
    assert "feature 2" in view.caption
    assert view.cards[2].caption == "feature 2"
    view.focus.select(Part("weight", 2, 0, 2))
    assert [row[0] for row in table(view, "chainRuleTerms").texts] == ["ant", "bee", "cat", "sum"]


def test_a_click_on_a_bar_chooses_the_sample(qtbot: QtBot, view: ChainRuleView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 2, 0, 2))
    bars = child(view, ShareBars, "chainRuleShares")
    e = view.explanation
    assert e is not None
    assert bars.values.tolist() == e.samples.tolist(), "in the order of the mini-batch"
    with qtbot.waitSignal(view.focus.sample_changed) as caught:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.place_of(3).toPoint())
    assert caught.args == [3]
    assert view.focus.sample == bars.sample == 3
    assert child(view, QSpinBox, "chainRuleSample").value() == 4
    assert np.prod([card.value for card in view.cards]) == pytest.approx(e.samples[3], rel=1e-12)
    assert "sample 4" in bars.tip(3)


def test_arrow_keys_walk_the_bars(qtbot: QtBot, view: ChainRuleView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("bias", 1, 0))
    bars = child(view, ShareBars, "chainRuleShares")
    view.focus.show_sample(1)
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert view.focus.sample == 2
    for _ in range(9):
        qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert view.focus.sample == 0


def test_the_sample_can_be_typed(qtbot: QtBot, view: ChainRuleView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("bias", 1, 0))
    spin = child(view, QSpinBox, "chainRuleSample")
    assert (spin.minimum(), spin.maximum()) == (1, 5)
    with qtbot.waitSignal(view.focus.sample_changed) as caught:
        spin.selectAll()
        qtbot.keyClicks(spin, "3")
    assert caught.args == [2]
    assert view.focus.sample == 2


def test_a_smaller_batch_keeps_the_sample_in_range(view: ChainRuleView) -> None:
    trainer = make_trainer(Layer(3, "softmax"), loss="cross_entropy", rows=7, batch_size=4)
    first, second = trainer.step(), trainer.step()
    view.focus.select(Part("weight", 1, 0, 0))
    view.show_frame(make_frame(trainer, first))
    view.focus.show_sample(3)
    view.show_frame(make_frame(trainer, second))
    assert second.batch == 3
    assert child(view, QSpinBox, "chainRuleSample").value() == 3


def test_a_click_on_a_path_shows_its_local_derivatives(
    qtbot: QtBot, view: ChainRuleView, trainer: Trainer
) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 2, 0, 2))
    paths = table(view, "chainRulePaths")
    assert not shown(view, "chainRuleFactors")
    qtbot.mouseClick(paths, Qt.MouseButton.LeftButton, pos=paths.row_place(1).toPoint())
    assert paths.chosen == 1
    factors = table(view, "chainRuleFactors")
    assert factors.isVisible()
    numbers = [row[-1] for row in factors.values]
    assert np.prod(numbers[:-1]) == pytest.approx(numbers[-1])
    e = view.explanation
    assert e is not None
    path = e.paths(9)[1]
    assert numbers[:-1] == [factor.value for factor in e.path_factors(path, 0)]
    qtbot.mouseClick(paths, Qt.MouseButton.LeftButton, pos=paths.row_place(1).toPoint())
    assert not shown(view, "chainRuleFactors")


def test_more_paths_than_can_be_shown(view: ChainRuleView) -> None:
    layers = [Layer(64, "tanh") for _ in range(8)]
    trainer = make_trainer(*layers, Layer(3, "softmax"), loss="cross_entropy")
    view.focus.select(Part("weight", 1, 0, 0))
    for status in (Status.RUNNING, Status.PAUSED):
        view.show_frame(make_frame(trainer, trainer.step(), status=status))
        texts = table(view, "chainRulePaths").texts
        assert len(texts) == 5
        assert "10¹³" in texts[3][0]
        assert texts[-1][-1].endswith("✓")


@pytest.mark.parametrize(
    ("phase", "known"),
    [
        (Phase(PhaseKind.INPUT), (False, False, False)),
        (Phase(PhaseKind.FORWARD, 1), (False, False, True)),
        (Phase(PhaseKind.FORWARD, 2), (False, True, True)),
        (Phase(PhaseKind.LOSS), (False, True, True)),
        (Phase(PhaseKind.BACKWARD, 3), (True, True, True)),
        (Phase(PhaseKind.BACKWARD, 2), (True, True, True)),
        (Phase(PhaseKind.UPDATE), (True, True, True)),
    ],
)
def test_nothing_is_shown_before_its_phase(
    view: ChainRuleView, trainer: Trainer, phase: Phase, known: tuple[bool, bool, bool]
) -> None:
    view.show_frame(make_frame(trainer, trainer.step(), phase))
    view.focus.select(Part("weight", 2, 1, 0))
    assert tuple(card.value is not None for card in view.cards) == known
    backward = phase.kind is PhaseKind.UPDATE or phase == Phase(PhaseKind.BACKWARD, 2)
    assert (view.headline.value is not None) == backward
    assert (view.headline.text == "?") != backward
    assert bool(view.note) != backward
    updated = phase.kind is PhaseKind.UPDATE
    assert (table(view, "chainRuleUpdate").values[-1][-1] is not None) == updated
    assert (child(view, SlopePlot, "chainRuleSlope").z is not None) == known[1]


def test_sample_by_sample(view: ChainRuleView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step(), Phase(PhaseKind.BACKWARD, 0, 2)))
    view.focus.select(Part("weight", 2, 1, 0))
    assert child(view, QSpinBox, "chainRuleSample").value() == 3
    assert view.headline.value is None
    assert all(card.value is not None for card in view.cards)
    assert not child(view, QSpinBox, "chainRuleSample").isEnabled()
    assert view.note


def walk(trainer: Trainer, record: StepRecord, layer: int) -> dict[FactorKind, Frame]:
    """A frame for each factor of the parameters of a layer."""
    elementwise = trainer.experiment.layers[layer - 1].activation.elementwise
    phases = phases_by_factor(layer, elementwise=elementwise)
    return {p.factor: make_frame(trainer, record, p) for p in phases if p.factor is not None}


@pytest.mark.parametrize(
    ("factor", "shown", "lit"),
    [
        (FactorKind.UPSTREAM, 1, [0]),
        (FactorKind.SLOPE, 2, [1]),
        (FactorKind.INCOMING, 3, [2]),
        (FactorKind.SHARE, 3, [0, 1, 2]),
        (FactorKind.GRADIENT, 3, []),
    ],
)
@pytest.mark.parametrize("kind", ["weight", "bias"])
def test_factor_by_factor(
    view: ChainRuleView, trainer: Trainer, kind: Any, factor: FactorKind, shown: int, lit: list[int]
) -> None:
    record = trainer.step()
    view.focus.show_sample(2)
    view.focus.select(Part(kind, 2, 1, 0))
    view.show_frame(walk(trainer, record, 2)[factor])
    e = view.explanation
    assert e is not None
    values = [card.value for card in view.cards]
    assert values[:shown] == pytest.approx([e.upstream[2], e.slope[2], e.activation[2]][:shown], rel=1e-14)
    assert values[shown:] == [None] * (3 - shown)
    assert list(child(view, FactorCards, "chainRuleCards").lit) == lit
    has_share = factor in (FactorKind.SHARE, FactorKind.GRADIENT)
    assert ("?" in child(view, OneLine, "chainRuleShare").text) != has_share
    assert child(view, ShareBars, "chainRuleShares").sample == (2 if has_share else -1)
    assert view.headline.value == (e.gradient if factor is FactorKind.GRADIENT else None)
    assert (child(view, SlopePlot, "chainRuleSlope").z is not None) == (factor is not FactorKind.UPSTREAM)
    assert bool(view.note) == (factor is not FactorKind.GRADIENT)
    assert table(view, "chainRuleUpdate").values[-1][-1] is None


def test_softmax_factor_by_factor(view: ChainRuleView, trainer: Trainer) -> None:
    frames = walk(trainer, trainer.step(), 3)
    view.focus.select(Part("weight", 3, 1, 0))
    known = []
    for frame in frames.values():
        view.show_frame(frame)
        cards = child(view, FactorCards, "chainRuleCards")
        known.append(([card.value is not None for card in cards.cards], list(cards.lit)))
    assert known == [
        ([True, False], [0]),
        ([True, True], [1]),
        ([True, True], [0, 1]),
        ([True, True], []),
    ]


def test_factors_of_another_parameter_than_the_phase_is_about(view: ChainRuleView, trainer: Trainer) -> None:
    """What is selected in another layer is shown as far as the pass has come, nothing lit."""
    frame = walk(trainer, trainer.step(), 2)[FactorKind.UPSTREAM]
    view.show_frame(frame)
    for part, values in (
        (Part("weight", 3, 1, 0), [True, True]),
        (Part("weight", 1, 1, 0), [False, True, True]),
        (Part("unit", 2, 1), [True, True]),
    ):
        view.focus.select(part)
        assert [card.value is not None for card in view.cards] == values
        assert not child(view, FactorCards, "chainRuleCards").lit


EVERY_KIND = [
    *(Part("weight", layer, 1, 2) for layer in (1, 2, 3)),
    *(Part("bias", layer, 1) for layer in (1, 2, 3)),
    *(Part("unit", layer, 1) for layer in (0, 1, 2, 3)),
    *(Part("layer", layer) for layer in (0, 1, 2, 3)),
    Part("loss"),
]


@pytest.mark.parametrize("part", EVERY_KIND)
def test_every_kind_of_part_shows_its_numbers(view: ChainRuleView, trainer: Trainer, part: Part) -> None:
    record = trainer.step()
    view.focus.select(part)
    view.show_frame(make_frame(trainer, record))
    assert not child(view, QLabel, "chainRuleEmpty").isVisible()
    assert view.caption
    assert view.headline.value is not None
    assert any(one.isVisible() and one.texts for one in view.findChildren(Table))
    view.show_frame(make_frame(trainer, record, Phase(PhaseKind.INPUT)))
    assert (view.headline.value is None) == (part != Part("layer", 0))


@pytest.mark.parametrize("one", EVERY_KIND[::2])
@pytest.mark.parametrize("other", EVERY_KIND[::2])
def test_any_two_parts_side_by_side(view: ChainRuleView, trainer: Trainer, one: Part, other: Part) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(one)
    view.focus.compare(other)
    assert shown(view, "chainRuleComparison") == (one != other)
    view.focus.compare(None)
    assert not shown(view, "chainRuleComparison")


def test_two_weights_differ_by_what_their_factors_differ_by(view: ChainRuleView, trainer: Trainer) -> None:
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    view.focus.select(Part("weight", 2, 1, 0))
    view.focus.compare(Part("weight", 2, 2, 3))
    rows = {text[0]: values for text, values in zip(*_both(view), strict=True)}
    for moment, weights in (("before", record.weights_before[1]), ("after", record.weights_after[1])):
        assert rows[f"w, b {moment} the step"][1:3] == [weights[0, 1], weights[3, 2]]
    assert rows["gradient of the batch"][1:3] == [record.weight_grads[1][0, 1], record.weight_grads[1][3, 2]]
    ratios = [rows[name][3] for name in ("∂L/∂a", "f′(z)", "∂z/∂w")]
    assert np.prod([ratio for ratio in ratios if ratio is not None]) == pytest.approx(
        rows["share of the sample"][3]
    )
    view.show_frame(make_frame(trainer, record, Phase(PhaseKind.FORWARD, 2)))
    rows = {text[0]: values for text, values in zip(*_both(view), strict=True)}
    assert rows["gradient of the batch"][1:3] == rows["share of the sample"][1:3] == [None, None]
    assert rows["w, b after the step"][1:3] == [None, None]
    assert rows["f′(z)"][1] is not None


def _both(view: ChainRuleView) -> tuple[list[list[str]], list[list[float | None]]]:
    compared = table(view, "chainRuleComparison")
    return compared.texts, compared.values


def test_a_frozen_parameter_says_so(view: ChainRuleView, trainer: Trainer) -> None:
    trainer.freeze(weights=[(2, 0, 1)])
    record = trainer.step()
    view.focus.select(Part("weight", 2, 1, 0))
    for phase in (Phase(PhaseKind.LOSS), None):
        view.show_frame(make_frame(trainer, record, phase))
        assert view.caption.endswith("frozen")
        assert table(view, "chainRuleUpdate").values[-1][-1] == record.weights_before[1][0, 1]
    view.focus.select(Part("weight", 2, 1, 1))
    assert "frozen" not in view.caption


def test_stays_away_from_a_network_that_was_rebuilt(view: ChainRuleView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 3, 1, 2))
    smaller = make_trainer(Layer(2, "tanh"), Layer(3, "softmax"), loss="cross_entropy")
    view.show_frame(make_frame(smaller, smaller.step()))
    assert child(view, QLabel, "chainRuleEmpty").isVisible()
    assert view.explanation is None


def test_draws_when_it_is_shown(view: ChainRuleView, trainer: Trainer) -> None:
    view.hide()
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("bias", 1, 0))
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    assert view.headline.value is None
    view.show()
    assert view.headline.value == record.bias_grads[0][0]


@pytest.mark.parametrize("width", [340, 380])
def test_numbers_in_headings_are_whole(view: ChainRuleView, trainer: Trainer, width: int) -> None:
    view.resize(width, 1400)
    record = trainer.step()
    a = [np.array(values) for values in record.a]
    z = [np.array(values) for values in record.z]
    z[0][:, 1], a[1][:, 1] = -0.0017273, -0.0017273
    view.show_frame(make_frame(trainer, replace(record, a=tuple(a), z=tuple(z))))
    view.focus.select(Part("weight", 1, 1, 0))
    for section in view.findChildren(Section):
        section.title.grab()
        if section.isVisible():
            words = section.title.painted.split()
            numbers = [word.strip(",") for word in section.title.text.split() if word[-1:].isdigit()]
            assert set(numbers) <= {word.strip(",") for word in words}, section.title.text


def test_layer_and_inputs(view: ChainRuleView, trainer: Trainer) -> None:
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    view.focus.select(Part("layer", 1))
    squares = (record.weight_grads[0] ** 2).sum() + (record.bias_grads[0] ** 2).sum()
    assert view.headline.value == pytest.approx(np.sqrt(squares))
    units = table(view, "chainRuleUnits")
    assert [row[1:] for row in units.values] == [
        [record.z[0][0, j], record.a[1][0, j], record.delta[0][0, j]] for j in range(4)
    ]
    view.focus.select(Part("layer", 0))
    assert [row[2] for row in units.values] == record.a[0][0].tolist()
    view.focus.select(Part("unit", 0, 1))
    assert view.explanation is not None
    assert view.headline.value == view.explanation.gradient
    assert not shown(view, "chainRuleUpdate")


def test_loss(view: ChainRuleView, trainer: Trainer) -> None:
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    view.focus.select(Part("loss"))
    assert view.headline.value == record.data_loss
    bars = child(view, ShareBars, "chainRuleShares")
    assert bars.values.tolist() == record.sample_losses.tolist()
    rows = table(view, "chainRuleUnits").values
    assert [row[1] for row in rows] == record.a[-1][0].tolist()
    assert [row[2] for row in rows] == record.targets[0].tolist()
    view.show_frame(make_frame(trainer, record, Phase(PhaseKind.FORWARD, 3)))
    assert view.headline.value is None
    assert view.note
    view.show_frame(make_frame(trainer, record, Phase(PhaseKind.LOSS)))
    assert view.headline.value == record.data_loss
    assert not view.note


def test_update_with_slots_penalty_and_clipping(view: ChainRuleView) -> None:
    trainer = make_trainer(
        Layer(3, "tanh"),
        Layer(3, "softmax"),
        loss="cross_entropy",
        optimizer="adam",
        regularizer="l2",
        clipping={"name": "global_norm", "limit": 0.01},
    )
    trainer.run(3)
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    view.focus.select(Part("weight", 1, 1, 2))
    rows = table(view, "chainRuleUpdate")
    unfold(view, "chainRuleUpdate")
    e = view.explanation
    assert e is not None
    assert e.update is not None
    numbers = [row[-1] for row in rows.values]
    before, after = e.update.slots_before, e.update.slots_after
    known = [number for number in numbers if number is not None]
    whole = e.update.gradient + e.update.penalty
    assert known[:3] == [e.update.gradient, before["m"], before["v"]]
    assert known[3:6] == [e.update.penalty, pytest.approx(whole), e.update.clipped]
    assert known[6:8] == [after["m"], after["v"]]
    assert numbers[-1] == record.weights_after[0][2, 1]


def calculated(text: str) -> float:
    """The value of a line of arithmetic as people read it."""
    plain = text.replace("−", "-").replace("×", "*").replace("√", "sqrt ")
    plain = re.sub(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "e" + m[1].translate(SUPERSCRIPT), plain)
    plain = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "**" + m[1].translate(SUPERSCRIPT), plain)
    plain = re.sub(r"sqrt ([\d.e-]+)", r"sqrt(\1)", plain).replace("sqrt (", "sqrt(")
    return float(eval(plain, {"sqrt": math.sqrt, "min": min, "max": max}))


SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def last_place(text: str) -> float:
    mantissa, _, power = text.partition("·10")
    return 10.0 ** (int(power.translate(SUPERSCRIPT) or 0) - len(mantissa.partition(".")[2]))


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
@pytest.mark.parametrize("clipping", ["none", "value", "global_norm"])
def test_the_arithmetic_of_the_update_can_be_checked_by_hand(
    view: ChainRuleView, optimizer: str, clipping: str
) -> None:
    """Every line comes to what stands above it, in the digits shown; the slots are those before the step."""
    limited = clipping if clipping == "none" else {"name": clipping, "limit": 0.02}
    trainer = make_trainer(
        Layer(3, "tanh"),
        Layer(3, "softmax"),
        loss="cross_entropy",
        optimizer=optimizer,
        regularizer="none" if clipping == "none" else "l2",
        clipping=limited,
    )
    trainer.run(7)
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    view.focus.select(Part("weight", 1, 1, 2))
    if optimizer != "sgd" or clipping != "none":
        unfold(view, "chainRuleUpdate")
    texts = table(view, "chainRuleUpdate").texts
    for name, (weights, _) in record.slots_before.items():
        (shown,) = [row[1] for row in texts if row[0] == f"{name} before the step"]
        assert shown == short(float(weights[0][2, 1]))
    checked = 0
    for (_, result), (line, _) in pairwise(texts):
        if line.startswith("= "):
            assert abs(calculated(line[2:]) - calculated(result)) <= last_place(result) * 0.500001, line
            checked += 1
    assert checked >= len(record.slots_before)
    (line, _), (name, after) = texts[-2:]
    assert line.startswith(f"{name.partition(' ')[0]} ← ")
    assert abs(calculated(line.partition("← ")[2]) - calculated(after)) <= last_place(after) * 0.500001


def test_matched_loss_shows_what_cancels(view: ChainRuleView) -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(4, 2)), [0, 1, 1, 0], kind="binary")
    trainer = Trainer(Experiment((Layer(1, "sigmoid"),), loss="binary_cross_entropy"), data)
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    view.focus.select(Part("weight", 1, 0, 1))
    rows = table(view, "chainRuleLossTerms")
    a, t = record.a[1][0, 0], record.targets[0, 0]
    assert rows.values[-1][-1] == (a - t) / 4
    assert rows.texts[-1][-1].endswith("✓")
    trainer.set_parameters(weights=[[[1e5], [1e5]]])
    view.show_frame(make_frame(trainer, trainer.peek()))
    typeset_all()
    view.grab()  # infinite factors are drawn all the same
    assert rows.texts[-1][-1].endswith("✓")


def check_section(view: ChainRuleView) -> CheckSection:
    return child(view, CheckSection)


def test_checks_the_number_at_rest(qtbot: QtBot, view: ChainRuleView, trainer: Trainer) -> None:
    view.focus.select(Part("weight", 1, 1, 0))
    view.show_frame(make_frame(trainer, trainer.step(), status=Status.RUNNING))
    assert "rests" in check_section(view).text
    view.show_frame(make_frame(trainer, trainer.step()))
    qtbot.waitUntil(lambda: check_section(view).text.startswith("✓"))
    first = check_section(view).text
    view.focus.show_sample(1)  # the same number: no new check
    assert check_section(view).text == first
    view.focus.select(Part("bias", 1, 1))
    assert check_section(view).text != first
    qtbot.waitUntil(lambda: check_section(view).text.startswith("✓"))


def test_a_large_network_is_checked_elsewhere(qtbot: QtBot, view: ChainRuleView) -> None:
    trainer = make_trainer(Layer(300, "tanh"), Layer(300, "tanh"), Layer(3, "softmax"), loss="cross_entropy")
    view.show_frame(frame := make_frame(trainer, trainer.step()))
    selection = Part("weight", 1, 1, 0)
    view.focus.select(selection)
    button = child(view, QPushButton, "chainRuleCheck")
    child(view, QWidget, "chainRuleContent").adjustSize()
    with qtbot.waitSignal(view.check_requested) as caught:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert caught.args == [selection]
    view.show_check(ParameterCheck(0.5, 0.7, 0.4, False), frame, selection)
    assert check_section(view).text.startswith("✗")
    view.show_check(ParameterCheck(0.5, 0.5, 0.0, True), frame, selection)
    assert "kink" in check_section(view).text


def test_copies_whole_numbers(qtbot: QtBot, view: ChainRuleView, mazur: Frame) -> None:
    view.show_frame(mazur)
    view.focus.select(Part("weight", 1, 0, 0))
    terms = table(view, "chainRuleTerms")
    terms.copy()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert float(lines[1][-1]) == terms.values[0][-1]


@pytest.mark.parametrize("width", [340, 380, 480])
@pytest.mark.parametrize(
    "selection",
    [Part("weight", 2, 0, 2), Part("unit", 3, 1), Part("loss"), Part("layer", 2)],
)
@pytest.mark.usefixtures("dressed")
def test_fits_the_width_of_the_dock(
    qtbot: QtBot, view: ChainRuleView, trainer: Trainer, width: int, selection: Part
) -> None:
    view.resize(width, 500)
    view.set_theme(DARK)
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(selection)
    typeset_all()
    qtbot.wait(1)
    content = child(view, QWidget, "chainRuleContent")
    assert content.width() <= width
    for name in ("chainRuleHeadline", "chainRuleShare"):
        part = view.findChild(QWidget, name)
        right = part.mapTo(view, QPoint(part.width(), 0)).x()
        assert right <= width
    assert not view.grab().isNull()


def test_speaks_anew_when_the_language_changes(view: ChainRuleView, mazur: Frame) -> None:
    view.show_frame(mazur)
    view.focus.select(Part("weight", 1, 0, 0))
    label = child(view, QLabel, "chainRuleEmpty")
    label.clear()
    QGuiApplication.sendEvent(view, QEvent(QEvent.Type.LanguageChange))
    assert label.text()
    assert view.headline.value is not None


def test_every_part_has_a_name(view: ChainRuleView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    for selection in (Part("weight", 2, 0, 2), Part("unit", 3, 1), Part("loss")):
        view.focus.select(selection)
        for part in (
            *view.findChildren(Table),
            *view.findChildren(FactorCards),
            *view.findChildren(QSpinBox),
        ):
            if part.isVisible():
                assert part.objectName()
                assert part.accessibleName(), part.objectName()


def test_scaled_targets_show_their_factor(view: ChainRuleView) -> None:
    years = np.linspace(0.0, 30.0, 10)[:, None]
    data = Dataset.from_arrays(years, 30_000 + 1_500 * years[:, 0])
    trainer = Trainer(Experiment((Layer(2, "tanh"), Layer(1)), target_scaling="minmax"), data)
    record = trainer.step()
    view.focus.select(Part("unit", 2, 0))
    view.show_frame(make_frame(trainer, record))
    rows = table(view, "chainRuleLossTerms")
    values = dict(zip([row[0] for row in rows.texts], [row[-1] for row in rows.values], strict=True))
    assert values["s, scale of the target"] == 45_000 and values["m, offset of the target"] == 30_000
    assert values["y = s · t + m"] == pytest.approx(data.targets[record.indices[0], 0])
    assert values["ŷ = s · a + m"] == pytest.approx(float(record.a[-1][0, 0]) * 45_000 + 30_000)


def places(view: ChainRuleView) -> dict[str, tuple[int, int, int, int]]:
    """Where everything that can be seen stands, once all layouts have settled."""
    for _ in range(4):
        QApplication.processEvents()
    found = {}
    for number, widget in enumerate(view.findChildren(QWidget)):
        if widget.isVisible():
            place = widget.mapTo(view, QPoint())
            name = f"{number} {type(widget).__name__} {widget.objectName()}"
            found[name] = (place.x(), place.y(), widget.width(), widget.height())
    return found


def phases_of(trainer: Trainer, layer: int) -> list[Phase | None]:
    """All there is to reveal of a step, by layer, by sample and by factor."""
    last = len(trainer.experiment.layers)
    walked = [Phase(PhaseKind.INPUT)]
    walked += [Phase(PhaseKind.FORWARD, each) for each in range(1, last + 1)]
    walked += [Phase(PhaseKind.LOSS), *(Phase(PhaseKind.BACKWARD, each) for each in range(last, 0, -1))]
    elementwise = trainer.experiment.layers[max(layer, 1) - 1].activation.elementwise
    factors = phases_by_factor(max(layer, 1), elementwise=elementwise)
    samples = [Phase(PhaseKind.BACKWARD, 0, sample) for sample in range(3)]
    return [*walked, *samples, *factors, Phase(PhaseKind.UPDATE), None]


WIDE = (Layer(9, "tanh"), Layer(6, "relu"), Layer(3, "softmax"))


@pytest.mark.parametrize(
    ("part", "size", "optimizer"),
    [
        (Part("weight", 1, 2, 1), (330, 480), "adam"),
        (Part("weight", 2, 1, 0), (380, 760), "sgd"),
        (Part("weight", 3, 1, 2), (330, 480), "sgd"),
        (Part("unit", 1, 1), (380, 760), "sgd"),
    ],
)
@pytest.mark.usefixtures("dressed")
def test_nothing_moves_from_phase_to_phase_nor_while_it_runs(
    view: ChainRuleView, part: Part, size: tuple[int, int], optimizer: str
) -> None:
    trainer = make_trainer(*WIDE, loss="cross_entropy", batch_size=4, rows=12, optimizer=optimizer)
    view.resize(*size)
    view.focus.select(part)
    view.show_frame(make_frame(trainer, trainer.step()))
    typeset_all()
    expected = places(view)
    for _ in range(2):
        record = trainer.step()
        for phase in phases_of(trainer, part.layer):
            view.show_frame(make_frame(trainer, record, phase))
            assert places(view) == expected, phase
    for _ in range(8):
        trainer.run(37)
        view.show_frame(make_frame(trainer, trainer.step(), status=Status.RUNNING))
        assert places(view) == expected


def test_larger_text_and_back_leaves_nothing_behind(
    qapp: QApplication, view: ChainRuleView, trainer: Trainer
) -> None:
    view.resize(380, 780)
    view.focus.select(Part("weight", 2, 1, 0))
    view.show_frame(make_frame(trainer, trainer.step()))
    typeset_all()
    before, font = places(view), QFont(qapp.font())
    larger = QFont(font)
    larger.setPointSizeF(1.5 * font.pointSizeF())
    qapp.setFont(larger)
    try:
        assert places(view) != before
    finally:
        qapp.setFont(font)
    places(view)
    view.resize(380, 780)
    assert places(view) == before


def read(text: str) -> float:
    """A number as it is written."""
    return calculated(text.removesuffix(" ✓"))


@pytest.mark.parametrize("width", [300, 330, 400])
@pytest.mark.usefixtures("dressed")
def test_sums_come_out_as_they_are_painted_while_it_runs(view: ChainRuleView, width: int) -> None:
    trainer = make_trainer(*WIDE, loss="cross_entropy", batch_size=4, rows=10, learning_rate=0.5)
    view.resize(width, 1400)
    view.focus.select(Part("weight", 1, 2, 1))
    for _ in range(30):
        trainer.run(11)
        view.show_frame(make_frame(trainer, trainer.step(), status=Status.RUNNING))
        view.grab()
        for name in ("chainRuleTerms", "chainRulePaths"):
            rows = table(view, name).painted
            *terms, whole = [row[-1] for row in rows]
            room = last_place(whole.removesuffix(" ✓")) * 0.500001
            assert abs(math.fsum(map(read, terms)) - read(whole)) <= room, rows
            for row in rows[:4] if name == "chainRuleTerms" else ():
                made = read(row[1]) * read(row[2])
                assert abs(made - read(row[3])) <= last_place(row[3]) * 0.500001, row


def test_more_than_four_terms_are_unfolded_by_a_click(qtbot: QtBot, view: ChainRuleView) -> None:
    trainer = make_trainer(*WIDE, loss="cross_entropy")
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 1, 2, 1))
    terms = table(view, "chainRuleTerms")
    assert len(terms.texts) == 6 and terms.texts[4][0] == "and 2 more"
    e = view.explanation
    assert e is not None
    rest = sorted(e.terms[0], key=abs)[:2]
    assert terms.values[4][-1] == pytest.approx(sum(rest))
    unfold(view, "chainRuleTerms")
    assert [row[-1] for row in terms.values[:-1]] == pytest.approx(e.terms[0].tolist())
    view.focus.select(Part("weight", 1, 3, 1))
    assert len(terms.texts) == 6, "another begins folded"
    paths = table(view, "chainRulePaths")
    assert [len(paths.texts), paths.texts[3][0]] == [5, "and 51 more"]
    qtbot.keyClick(paths, Qt.Key.Key_Return)
    assert len(paths.texts) == 55 and paths.texts[-1][-1].endswith("✓")


def test_buttons_do_what_the_menus_do(qtbot: QtBot, view: ChainRuleView, trainer: Trainer) -> None:
    part = Part("weight", 2, 1, 0)
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(part)

    def press(name: str) -> None:
        qtbot.mouseClick(child(view, QPushButton, name), Qt.MouseButton.LeftButton)

    for name, signal, wanted in (
        ("editPartButton", view.edit_requested, [part]),
        ("freezePartButton", view.freeze_requested, [Freeze(part, True)]),
        ("pauseWhenThisButton", view.pause_requested, []),
        ("exportDerivationButton", view.derivation_requested, []),
    ):
        with qtbot.waitSignal(signal) as caught:
            press(name)
        assert caught.args == wanted
    press("comparePartButton")
    assert view.focus.comparison == part
    view.focus.select(Part("weight", 2, 0, 0))
    assert shown(view, "chainRuleComparison")
    view.focus.select(part)
    press("comparePartButton")
    assert view.focus.comparison is None
    trainer.freeze(weights=[(2, 0, 1)])
    view.show_frame(make_frame(trainer, trainer.step()))
    assert child(view, QPushButton, "freezePartButton").text() == "Unfreeze"
    view.focus.select(Part("unit", 2, 1))
    enabled = [button.isEnabled() for button in view.commands.findChildren(QPushButton)]
    assert enabled == [False, False, True, True, False]


def test_says_the_value_of_what_is_selected_at_this_moment(view: ChainRuleView, trainer: Trainer) -> None:
    record = trainer.step()
    view.focus.select(Part("weight", 2, 1, 0))
    for phase, weights in (
        (Phase(PhaseKind.BACKWARD, 2), record.weights_before),
        (Phase(PhaseKind.UPDATE), record.weights_after),
    ):
        view.show_frame(make_frame(trainer, record, phase))
        value = child(view, OneLine, "chainRuleValue")
        assert value.text == f"w⁽²⁾₁₂ = {short(float(weights[1][0, 1]))}"


@pytest.mark.usefixtures("dressed")
def test_all_rows_down_to_the_update_fit_into_a_low_window(view: ChainRuleView) -> None:
    trainer = make_trainer(
        Layer(4, "tanh"), Layer(2, "tanh"), Layer(2, "sigmoid"), inputs=2, batch_size=8, rows=16
    )
    view.resize(330, 556)
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 2, 0, 0))
    typeset_all()
    places(view)
    update = table(view, "chainRuleUpdate")
    bottom = update.mapTo(view, QPoint(0, update.height())).y()
    assert bottom <= view.height()


@pytest.mark.usefixtures("dressed")
def test_the_update_of_a_softmax_is_seen_without_scrolling(view: ChainRuleView, trainer: Trainer) -> None:
    """In a window of 1280 by 720: the sum through the softmax stays, the short way round it gives way."""
    view.resize(340, 590)
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 3, 1, 0))
    typeset_all()
    places(view)
    update = table(view, "chainRuleUpdate")
    assert update.mapTo(view, QPoint(0, update.height())).y() <= view.height()
    assert child(view, JacobianSection).isVisible() and not child(view, LossTermsSection).isVisible()
    view.resize(380, 1400)
    places(view)
    assert child(view, LossTermsSection).isVisible()
