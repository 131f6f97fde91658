"""One step whose every number is known: the window shows these digits, whatever else it shows.

Circles with noise, 2-4-2-1, in the midst of the backward pass of step 460 of 600, for the seventh sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer
from engine.data.generators import Circles
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from gui.panels.phases.ribbon import State
from gui.training.messages import Change, Seek
from gui.views.chain_rule.cards import Card
from tests.gui.driver import Driver

ACTIVATIONS = {
    0: ("0.08271", "−0.9524"),
    1: ("0.9718", "0.2536", "−0.5581", "0.4813"),
    2: ("−0.1202", "0.5222"),
    3: ("0.1103",),
}
DELTAS = {2: ("0.1989", "0.1411"), 3: ("−0.1112",)}
BIASES = {1: ("0.7989", "0.2867", "−0.6638", "−1.288"), 2: ("0.7094", "−0.1839"), 3: ("−1.395",)}
WEIGHTS = {  # from each unit to those of the layer
    1: (("0.7673", "0.3673", "1.484", "−1.051"), ("−1.324", "0.06076", "0.09340", "−1.994")),
    2: (("−1.715", "1.263"), ("0.3249", "−0.003244"), ("−0.2423", "1.814"), ("1.287", "1.140")),
    3: (("−1.815",), ("−1.744",)),
}


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    window = Driver(qtbot, size=(1920, 1080))
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid")), loss="binary_cross_entropy",
        optimizer="sgd", learning_rate=0.1, batch_size=8, validation=0.2,
        initializer="xavier_uniform", seed=5,
    )  # fmt: skip
    window.main.document.open_problem(experiment, Circles(rows=200, noise=0.12).generate(0))
    window.wait(lambda: window.frame.record.sizes == (2, 4, 2, 1))
    window.run(200)
    window.main.submit(Change(replace(experiment, learning_rate=0.3), number=1))
    window.run(400)
    window.main.submit(Seek(459, Phase(PhaseKind.BACKWARD, 2)))
    window.wait(lambda: window.frame.record.step == 460)
    window.main.focus.select(Part("weight", 2, 0, 0))
    window.main.focus.show_sample(6)
    yield window
    window.close()


def agrees(shown: str, right: str) -> bool:
    """Whether the digits shown are those, or as many of them as there was room for."""
    if shown == right:
        return True
    fewer = f"{float(right.replace('−', '-')):.3g}".replace("-", "−")
    return shown in (fewer, f"b {right}", f"b {fewer}")


def test_the_window_shows_the_digits_of_the_step(window: Driver) -> None:
    main, record = window.main, window.frame.record
    assert int(record.indices[6]) + 1 == 152 and window.frame.furthest == 600

    # the phases, and the formula with its numbers
    ribbon, strip = main.pages.centre.ribbon, main.pages.centre.strip
    done, present, coming = State.DONE, State.PRESENT, State.TO_COME
    assert ribbon.states == (*[done] * 6, present, coming, coming)
    assert strip.worked is not None and strip.worked.about == "unit 1 · sample 7"
    assert strip.worked.spoken.endswith("( −1.815 × (−0.1112) ) × 0.9855 = 0.1989")

    # the graph
    graph = main.network_view.canvas.graph
    main.network_view.canvas.viewport().grab()
    written, faults = graph.written, []

    def shown(part: Part, name: str, right: str) -> None:
        text = written.get((part, name), "")
        if text and not agrees(text, right):
            faults.append((part, name, text, right))

    for layer, values in ACTIVATIONS.items():
        for unit, right in enumerate(values):
            shown(Part("unit", layer, unit), "a" if layer else "x", right)
    for layer, values in DELTAS.items():
        for unit, right in enumerate(values):
            shown(Part("unit", layer, unit), "delta", right)
            assert (Part("unit", layer, unit), "delta") in written
    for layer, values in BIASES.items():
        for unit, right in enumerate(values):
            shown(Part("bias", layer, unit), "b", right)
    for layer, sources in WEIGHTS.items():
        for source, to in enumerate(sources):
            for unit, right in enumerate(to):
                shown(Part("weight", layer, unit, source), "w", right)
    shown(Part("loss"), "batch", "0.7217")
    shown(Part("loss"), "sample", "2.204")
    assert not faults
    names = {(part.kind, name) for part, name in written}
    assert {("unit", "a"), ("unit", "delta"), ("weight", "w"), ("bias", "b"), ("loss", "batch")} <= names

    # the inspector
    inspector = main.chain_rule_view
    assert inspector.headline.value == pytest.approx(0.1722, abs=5e-5)
    cards = [card.written for card in inspector.cards if isinstance(card, Card)]
    assert cards == ["0.2018", "0.9855", "0.9718"]

    # the read-outs
    for name, right in (("loss", "0.7217"), ("validation", "0.4760"), ("metric", "82.5 %")):
        assert window.child(QLabel, f"{name}ReadOut").text() == right


def test_every_number_of_the_drawing_is_the_engines(window: Driver) -> None:
    """What there is no room for in the graph, too."""
    from gui.text.numbers import percent, short

    record = window.frame.record
    for layer, values in ACTIVATIONS.items():
        assert tuple(short(float(a)) for a in record.a[layer][6]) == values
    for layer, values in DELTAS.items():
        assert tuple(short(float(d)) for d in record.delta[layer - 1][6]) == values
    for layer, values in BIASES.items():
        assert tuple(short(float(b)) for b in record.biases_before[layer - 1]) == values
    for layer, rows in WEIGHTS.items():
        assert tuple(tuple(short(float(w)) for w in row) for row in record.weights_before[layer - 1]) == rows
    assert short(float(record.sample_losses[6])) == "2.204" and short(float(record.data_loss)) == "0.7217"
    assert percent(float(record.sample_losses[6] / record.sample_losses.sum())) == "38.2"
    assert short(float(record.weight_grads[1][0, 0])) == "0.1722"
    assert short(float(record.weights_before[1][0, 0] - 0.3 * record.weight_grads[1][0, 0])) == "−1.767"


def test_the_update_of_the_drawing(window: Driver) -> None:
    strip = window.main.pages.centre.strip
    window.press("nextPhaseAction", lambda frame: frame.phase == Phase(PhaseKind.BACKWARD, 1))
    window.press("nextPhaseAction", lambda frame: frame.step == 460)
    assert strip.worked is not None and strip.worked.about == "w⁽²⁾₁₁ · step 460"
    assert strip.worked.spoken == "w⁽²⁾₁₁ ← −1.715 − 0.3 × 0.1722 = −1.767"
