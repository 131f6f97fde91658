"""What the window shows is true: a walk through the real window, read as a person reads it.

Small experiments are drawn, trained step by step by every granularity, edited, sought back and branched;
at every moment texts are read off the graph, its tooltips, the inspector, the tables, the lesson, the
formulas, the read-outs and the derivation, and held against a textbook's arithmetic (`textbook`). A number
must be what its label says, of the moment that it says, and rounded as it is written; products must
multiply and sums add up in the digits that are shown.

``BACKPROP_WALKS=200 python -m pytest tests/gui/test_what_is_shown.py`` walks further, by more seeds;
``BACKPROP_WALKS=200-210`` walks by these alone, and ``BACKPROP_TURN=3`` takes another turn on each way.
"""

from __future__ import annotations

import math
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QSlider
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer
from engine.explain.derivation import derivation
from engine.parts import Part
from engine.phases import PhaseKind
from gui.lessons.listing import Listing
from gui.main_window import MainWindow
from gui.training.messages import Frame, Granularity, Status
from gui.views.chain_rule.cards import FactorCards
from gui.views.chain_rule.section import Section
from gui.views.network import Quantity
from gui.views.parameters.moment import Column
from gui.widgets.one_line import OneLine
from gui.widgets.table import Table
from tests.gui import textbook
from tests.gui.driver import made
from tests.gui.textbook import Settings, State, Step

pytestmark = pytest.mark.usefixtures("dressed")

FIRST, _, LAST = os.environ.get("BACKPROP_WALKS", "0-4").rpartition("-")
SEEDS = range(int(FIRST), int(LAST) + 1) if FIRST else range(int(LAST))
TURN = int(os.environ.get("BACKPROP_TURN", "0"))
"""Random numbers that are drawn for nothing before each look."""
MOVES = 14
ROUNDING = 1e-9
"""How far the window may be from the textbook, relative to the number: another order of adding up."""

SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = re.compile(r"−?\d+(\.\d+)?…?(·10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?( ✓)?")
UNKNOWN = ("?", "–", "")


# -- reading numbers ---------------------------------------------------------------------------------


class Read:
    """A number as it is written, and how exactly: half a unit of its last place, or nothing if exact."""

    def __init__(self, text: str) -> None:
        text = text.replace("✓", "").replace("\u202f", "").replace("−", "-").strip()
        mantissa, _, power = text.partition("·10")
        if not power and "e" in mantissa:
            mantissa, _, power = mantissa.partition("e")
        self.is_cut = mantissa.endswith("…")
        mantissa = mantissa.rstrip("…")
        exponent = int(power.translate(SUPERSCRIPT) or 0)
        self.value = Decimal(mantissa).scaleb(exponent)
        self.place = Decimal(10) ** (exponent - len(mantissa.partition(".")[2]))
        self.digits = len(mantissa.lstrip("-").replace(".", "").lstrip("0"))
        self.has_point = "." in mantissa


def fits(text: str, value: float) -> bool:
    """Whether a text is what a number may be written as: rounded, and not read as another one."""
    if not math.isfinite(value):
        return text in ("∞", "−∞", "NaN")
    read, exact = Read(text), Decimal(value)
    noise = Decimal(ROUNDING) * max(abs(exact), Decimal("1e-6"))
    if abs(exact - read.value) <= noise and not read.is_cut:
        return True  # exact, or as exact as the textbook is
    if read.is_cut:
        return abs(read.value) - noise <= abs(exact) <= abs(read.value) + read.place + noise
    if read.value in (-1, 0, 1) or read.digits < 2 or not read.has_point:
        return False  # it is read as an exact number, which it is not
    return abs(exact - read.value) <= read.place / 2 + noise


def comes_out(text: str, made: float, digits: int = 4) -> bool:
    """Whether what the shown terms make is, rounded, the result that is shown."""
    read = Read(text)
    if read.value == 0:
        return abs(made) <= 1e-12
    place = min(read.place, Decimal(10) ** (read.value.adjusted() - digits + 1))
    if read.is_cut:
        return abs(Decimal(made) - read.value) <= 2 * place
    return abs(Decimal(made) - read.value) <= place / 2 * Decimal("1.000001")


def calculated(text: str) -> float:
    """The value of a line of arithmetic."""
    plain = text.replace("−", "-").replace("×", "*").replace("…", "").replace("√", "sqrt ")
    plain = re.sub(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "e" + m[1].translate(SUPERSCRIPT), plain)
    plain = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "**" + m[1].translate(SUPERSCRIPT), plain)
    plain = re.sub(r"sqrt ([\d.e-]+)", r"sqrt(\1)", plain).replace("sqrt (", "sqrt(")
    return float(eval(plain, {"sqrt": math.sqrt, "min": min, "max": max}))


# -- experiments -------------------------------------------------------------------------------------

RULES: dict[str, list[tuple[str, dict[str, float]]]] = {
    "optimizer": [
        ("sgd", {}),
        ("momentum", {"momentum": 0.9}),
        ("nesterov", {"momentum": 0.8}),
        ("adagrad", {"epsilon": 1e-10}),
        ("rmsprop", {"decay": 0.9, "epsilon": 1e-8}),
        ("adam", {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}),
        ("adamw", {"beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "weight_decay": 0.02}),
    ],
    "regularizer": [("none", {}), ("none", {}), ("l1", {"strength": 0.01}), ("l2", {"strength": 0.03})],
    "clipping": [("none", {}), ("none", {}), ("value", {"limit": 0.05}), ("global_norm", {"limit": 0.2})],
}


def rule(pair: tuple[str, dict[str, float]]) -> Any:
    return {"name": pair[0], **pair[1]} if pair[1] else pair[0]


def drawn(draw: random.Random) -> tuple[Settings, Experiment, Dataset]:
    """Settings, the experiment they make, and data for it."""
    rng = np.random.default_rng(draw.randrange(2**31))
    rows, features = draw.randint(5, 8), draw.randint(2, 3)
    inputs = rng.normal(size=(rows, features)).round(draw.choice([2, 15]))
    kind = draw.choice(["regression", "regression", "binary", "multiclass"])
    if kind == "regression":
        data = Dataset.from_arrays(inputs, rng.normal(size=(rows, draw.randint(1, 2))))
        output = draw.choice(["linear", "tanh", "sigmoid"])
        loss = draw.choice(["squared_error", "squared_error", "mean_squared_error", "mean_absolute_error"])
    elif kind == "binary":
        data = Dataset.from_arrays(inputs, np.arange(rows) % 2, kind="binary")
        output, loss = "sigmoid", "binary_cross_entropy"
    else:
        data = Dataset.from_arrays(inputs, np.arange(rows) % 3, kind="multiclass")
        output, loss = "softmax", "cross_entropy"
    names = [name for name in textbook.ACTIVATIONS if name != "linear"]
    hidden = [
        (draw.randint(2, 3), draw.choice(names), draw.choice([0.0, 0.0, 0.3]))
        for _ in range(draw.randint(1, 2))
    ]
    settings: Settings = {
        "layers": [*((units, name) for units, name, _ in hidden), (data.targets.shape[1], output)],
        "loss": loss,
        "reduction": draw.choice(["mean", "mean", "sum"]),
        "bias_reduction": draw.choice(["same", "mean"]),
        "update_order": draw.choice(["together", "together", "output_first"]),
        "learning_rate": draw.choice([0.1, 0.03, 0.5]),
        **{name: draw.choice(rules) for name, rules in RULES.items()},
    }
    if draw.random() < 0.25:  # a network that the lesson is about
        settings |= {"regularizer": ("none", {}), "clipping": ("none", {}), "optimizer": ("sgd", {})}
        hidden = [(units, name, 0.0) for units, name, _ in hidden]
    if settings["clipping"][0] == "global_norm":
        settings["update_order"] = "together"
    experiment = Experiment(
        layers=(
            *(Layer(units, name, dropout) for units, name, dropout in hidden),
            Layer(data.targets.shape[1], output),
        ),
        batch_size=draw.choice(["full", 1, 2, 3]),
        initializer={"name": "uniform", "low": -2.0, "high": 2.5},  # type: ignore[arg-type]
        seed=draw.randrange(1000),
        **experiment_settings(settings),
    )
    return settings, experiment, data


def experiment_settings(settings: Settings) -> dict[str, Any]:
    plain = ("loss", "reduction", "bias_reduction", "update_order", "learning_rate")
    return {name: settings[name] for name in plain} | {name: rule(settings[name]) for name in RULES}


# -- the walk ----------------------------------------------------------------------------------------


class Known:
    """What a phase has told so far."""

    def __init__(self, frame: Frame) -> None:
        phase, layers = frame.phase, len(frame.record.z)
        kind = PhaseKind.UPDATE if phase is None else phase.kind
        layer = 0 if phase is None else phase.layer
        self.sample = None if phase is None else phase.sample
        self.forward = {PhaseKind.INPUT: 0, PhaseKind.FORWARD: layer or layers}.get(kind, layers)
        backward = {PhaseKind.UPDATE: 1, PhaseKind.BACKWARD: layer or 1}
        self.backward = backward.get(kind, layers + 1)
        if kind is PhaseKind.FACTOR:
            assert phase is not None and phase.factor is not None
            self.backward = layer + (phase.factor.value != "gradient")
        self.loss = kind not in (PhaseKind.INPUT, PhaseKind.FORWARD)
        self.update = kind is PhaseKind.UPDATE
        self.by_factor = kind is PhaseKind.FACTOR
        self.batch_loss = self.loss and self.sample is None


class Walk:
    """One experiment in the window: what is done, and what is found on the way."""

    def __init__(self, main: MainWindow, qtbot: QtBot, frames: list[Frame], seed: int) -> None:
        self.main, self.qtbot, self.frames, self.seed = main, qtbot, frames, seed
        self.draw = random.Random(seed)
        self.faults: list[str] = []
        self.read = 0
        self.after: dict[int, State] = {}
        self.steps: dict[int, Step] = {}
        self.settings, experiment, self.data = drawn(self.draw)
        self.known_settings = [(experiment, self.settings)]
        main.document.open_problem(experiment, self.data)
        generation = main.document.generation
        self.qtbot.waitUntil(lambda: self.frame.generation == generation)
        record = self.frame.record
        self.after[0] = State(
            list(record.weights_before),
            list(record.biases_before),
            held_w=[np.zeros(w.shape, bool) for w in record.weights_before],
            held_b=[np.zeros(b.shape, bool) for b in record.biases_before],
            optimizer=self.settings["optimizer"][0],
        )

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    def child(self, kind: type[Any], name: str) -> Any:
        found = self.main.findChild(kind, name)
        assert found is not None, name
        return found

    # -- doing -------------------------------------------------------------------------------------

    def do(self, act: Callable[[], object]) -> None:
        """Do something and wait for the frame that answers it."""
        seen = len(self.frames)
        act()
        self.qtbot.waitUntil(lambda: len(self.frames) > seen and self.frame.status is not Status.RUNNING)

    def trigger(self, name: str) -> None:
        action = self.child(QAction, name)
        if action.isEnabled():
            self.do(action.trigger)

    def seek(self, step: int) -> None:
        slider = self.child(QSlider, "timelineSlider")
        if slider.value() != step:
            self.do(lambda: slider.setValue(step))
            self.qtbot.waitUntil(lambda: self.frame.step == step)

    def granularity(self, granularity: Granularity) -> None:
        combo = self.child(QComboBox, "granularityCombo")
        combo.setCurrentIndex(combo.findData(granularity))

    def move(self) -> str:
        """Do something at random, and tell what."""
        chance, frame = self.draw.random(), self.frame
        if chance < 0.55 or frame.step == 0:
            granularity = self.draw.choice(
                [Granularity.LAYER] * 4
                + [Granularity.SAMPLE, Granularity.FACTOR, Granularity.BATCH] * 2
                + [Granularity.EPOCH]
            )
            self.granularity(granularity)
            if granularity is Granularity.FACTOR:
                self.select(self.parameter())
            presses = 1 if granularity in (Granularity.BATCH, Granularity.EPOCH) else self.draw.randint(1, 4)
            for _ in range(presses):
                self.trigger("stepAction")
            return f"step by {granularity.value}"
        if chance < 0.66:
            self.trigger("stepBackAction")
            return "back"
        if chance < 0.78:
            step = self.draw.randrange(frame.furthest + 1)
            self.seek(step)
            return f"seek {step}"
        if chance < 0.86:
            self.type_value()
            return "type a value"
        if chance < 0.9:
            part = self.parameter()
            held = not frame.is_frozen(part)
            model = self.main.parameters_view.model
            model.show_layer(0)
            self.main.tabs.setCurrentWidget(self.main.parameters_view)
            row = model.row_of(part)
            index = model.index(row, Column.FROZEN)
            state = Qt.CheckState.Checked if held else Qt.CheckState.Unchecked
            at = self.shown_step()
            self.do(lambda: model.setData(index, state, Qt.ItemDataRole.CheckStateRole))
            arrays = self.after[at].held_w if part.kind == "weight" else self.after[at].held_b
            arrays = [array.copy() for array in arrays]
            arrays[part.layer - 1][(part.source, part.unit) if part.kind == "weight" else part.unit] = held
            name = "held_w" if part.kind == "weight" else "held_b"
            self.branch(at, replace(self.after[at], **{name: arrays}))
            return "freeze"
        return self.change_settings()

    def shown_step(self) -> int:
        """The step after which what is shown stands; the record under way is not made yet."""
        self.expected()
        return self.frame.step

    def branch(self, at: int, state: State) -> None:
        """Go on from another state after step `at`."""
        self.after[at] = state
        for known in (self.after, self.steps):
            for step in [step for step in known if step > at]:
                del known[step]

    def type_value(self) -> None:
        part, at = self.parameter(), self.shown_step()
        value = self.draw.choice([0.5, -1.25, 3.0, round(self.draw.uniform(-2, 2), 3)])
        if self.frame.parameter(part) == value:
            return
        name = "W" if part.kind == "weight" else "b"
        arrays = [array.copy() for array in getattr(self.after[at], name)]
        arrays[part.layer - 1][(part.source, part.unit) if part.kind == "weight" else part.unit] = value
        model = self.main.parameters_view.model
        self.main.tabs.setCurrentWidget(self.main.parameters_view)
        index = model.index(model.row_of(part), model.present_column)
        self.do(lambda: model.setData(index, value))
        self.branch(at, replace(self.after[at], **{name: arrays}))

    def change_settings(self) -> str:
        at = self.shown_step()
        path = self.draw.choice(["learning_rate", "optimizer", "regularizer", "clipping", "batch_size"])
        if path == "batch_size":
            value: Any = self.draw.choice([1, 2, 3, "full"])
            settings = self.settings
        elif path == "learning_rate":
            value = self.draw.choice([0.2, 0.05, 0.3])
            settings = self.settings | {path: value}
        else:
            pair = self.draw.choice(RULES[path])
            if path == "clipping" and self.settings["update_order"] == "output_first":
                pair = ("value", {"limit": 0.1})
            settings = self.settings | {path: pair}
            value = getattr(Experiment(layers=(Layer(1),), **{path: rule(pair)}), path)
        document = self.main.document
        if document.value(path) == value:
            return "nothing"
        self.do(lambda: document.set_value(path, value))
        self.settings = settings
        self.known_settings.append((document.experiment, settings))
        self.branch(at, self.after[at])
        self.granularity(Granularity.BATCH)
        self.trigger("stepAction")
        return f"change {path}"

    # -- what is to be expected --------------------------------------------------------------------

    def expected(self) -> Step:
        """The textbook's step of the record that is shown."""
        record, missing = self.frame.record, []
        if record.step not in self.steps:
            missing = [step for step in range(1, record.step) if step not in self.after]
        shown = self.frame
        for step in missing:  # a run over several steps: their mini-batches are looked up
            self.seek(step)
            self._calculate()
        if missing:
            self.seek(shown.step)
        self._calculate()
        return self.steps[self.frame.record.step]

    def _calculate(self) -> None:
        record = self.frame.record
        if record.step in self.steps:
            return
        experiment = self.frame.experiment
        settings = next(s for e, s in reversed(self.known_settings) if e == experiment)
        before = self.after[record.step - 1]
        if before.optimizer != settings["optimizer"][0]:
            before = replace(before, slots={}, updates=0, optimizer=settings["optimizer"][0])
        rows = record.indices
        masks = list(record.dropout_masks)
        step = textbook.make_step(settings, before, self.data.inputs[rows], self.data.targets[rows], masks)
        self.steps[record.step], self.after[record.step] = step, step.after

    # -- looking -----------------------------------------------------------------------------------

    def fault(self, where: str, what: str) -> None:
        frame = self.frame
        phase = "whole" if frame.phase is None else f"{frame.phase.kind.value} {frame.phase.layer or ''}"
        self.faults.append(f"seed {self.seed}, step {frame.record.step} ({phase.strip()}): {where}: {what}")

    def check(self, where: str, text: str, value: float, *, may_hide: bool = False) -> None:
        self.read += 1
        if text.strip() in UNKNOWN:
            if not may_hide:
                self.fault(where, f"nothing, but {value!r} is known")
            return
        try:
            right = fits(text, value)
        except (ArithmeticError, ValueError):
            right = False
        if not right:
            self.fault(where, f"{text!r} for {value!r}")

    def hidden(self, where: str, text: str) -> None:
        self.read += 1
        if text not in UNKNOWN:
            self.fault(where, f"{text!r} before it is known")

    def parameter(self) -> Part:
        sizes = self.frame.record.sizes
        layer = self.draw.randrange(1, len(sizes))
        unit = self.draw.randrange(sizes[layer])
        if self.draw.random() < 0.3:
            return Part("bias", layer, unit)
        return Part("weight", layer, unit, self.draw.randrange(sizes[layer - 1]))

    def part(self) -> Part:
        sizes = self.frame.record.sizes
        if self.draw.random() < 0.6:
            return self.parameter()
        layer = self.draw.randrange(len(sizes))
        return self.draw.choice(
            [
                Part("unit", layer, self.draw.randrange(sizes[layer])),
                Part("layer", layer),
                Part("loss"),
            ]
        )

    def select(self, part: Part | None) -> None:
        self.main.focus.select(part)

    def look(self) -> None:
        """Read what is on the screen."""
        step, known = self.expected(), Known(self.frame)
        self.look_at_the_graph(step, known)
        for _ in range(TURN):
            self.draw.random()
        for _ in range(3):
            self.look_at_a_tip(step, known, self.part())
        self.look_at_the_formula(known)
        self.look_at_the_read_outs(step, known)
        self.look_at_the_inspector(step, known, self.part())
        if self.draw.random() < 0.4:
            self.look_at_the_parameters(step, known)
        if self.draw.random() < 0.25:
            self.look_at_the_data(step, known)
        if self.draw.random() < 0.3:
            self.look_at_the_lesson(step, known)
        if known.update and self.draw.random() < 0.5:
            self.look_at_the_derivation(step)

    @property
    def sample(self) -> int:
        return self.main.focus.sample

    def look_at_the_graph(self, step: Step, known: Known) -> None:
        view, s, k = self.main.network_view, self.sample, self.frame.record.step
        quantity = self.draw.choice(
            [Quantity.WEIGHTS, Quantity.WEIGHTS, Quantity.GRADIENTS, Quantity.UPDATES]
        )
        view.set_quantity(quantity)
        view.show_whole_batch(self.read % 3 == 0)
        view.canvas.viewport().grab()
        written = view.canvas.graph.written
        whole = known.sample is None
        for layer, size in enumerate(self.frame.record.sizes):
            for unit in range(size):
                part = Part("unit", layer, unit)
                where = f"graph, {quantity.value}, unit {unit} of layer {layer}"
                if layer == 0:
                    a, delta = step.x, None
                else:
                    a, delta = step.a[layer], step.delta[layer - 1]
                for name, values, is_known in (
                    ("x" if layer == 0 else "a", a, layer <= known.forward or layer == 0),
                    ("delta", delta, layer >= known.backward),
                ):
                    text = written.get((part, name), "")
                    if values is None:
                        self.hidden(f"{where}, {name}", text)
                        continue
                    value = values[s, unit]
                    if view.whole_batch:
                        is_known = is_known and (whole or layer == 0)
                        value = values[:, unit].sum() if name == "delta" else values[:, unit].mean()
                    if is_known:
                        self.check(f"{where}, {name}", text, float(value), may_hide=True)
                    else:
                        self.hidden(f"{where}, {name}", text)
        self.look_at_the_numbers_of_parameters(step, known, quantity, written)
        for name, is_known, loss in (
            ("batch", known.loss and whole, step.loss),
            ("sample", known.loss and not view.whole_batch, step.losses[s]),
        ):
            text = written.get((Part("loss"), name), "")
            if is_known:
                self.check(f"graph, loss of the {name}", text, float(loss))
            else:
                self.hidden(f"graph, loss of the {name}", text)
        legend = view.legend.text
        circles = "mean of the batch of {batch}" if view.whole_batch else "sample {sample} of {batch}"
        for moment in (
            f"{circles.format(sample=s + 1, batch=len(step.x))}, step {k}",
            {
                Quantity.WEIGHTS: f"w, b after step {self.frame.step}",
                Quantity.UPDATES: f"what step {k} adds",
            }.get(quantity, "∂L/∂w"),
        ):
            if moment not in legend:
                self.fault("legend", f"{legend!r} does not say {moment!r}")

    def look_at_the_numbers_of_parameters(
        self, step: Step, known: Known, quantity: Quantity, written: dict[tuple[Part, str], str]
    ) -> None:
        """The numbers in chips on lines, and in pills under circles."""
        for part, name in written:
            if part.kind not in ("weight", "bias"):
                continue
            i, letter = part.layer - 1, part.kind[0]
            at: Any = (part.source, part.unit) if part.kind == "weight" else part.unit
            old = (step.before.W if letter == "w" else step.before.b)[i][at]
            new = (step.after.W if letter == "w" else step.after.b)[i][at]
            if quantity is Quantity.WEIGHTS:
                is_known, value = True, new if known.update else old
            elif quantity is Quantity.UPDATES:
                is_known, value = known.update, new - old
            elif known.sample is not None:
                is_known, value = part.layer >= known.backward, self.share(step, part, known.sample)
            else:
                is_known, value = part.layer >= known.backward, (step.dw if letter == "w" else step.db)[i][at]
            where = f"graph, {quantity.value}, {part}"
            if is_known:
                self.check(where, written[part, name], float(value))
            else:
                self.hidden(where, written[part, name])

    def look_at_a_tip(self, step: Step, known: Known, part: Part) -> None:
        view, s, k = self.main.network_view, self.sample, self.frame.record.step
        view.canvas.pointed.emit(part)
        html = view.tip.text()
        view.canvas.pointed.emit(None)
        rows = dict(
            (unescape(a), unescape(b))
            for a, b in re.findall(r"<tr><td[^>]*>(.*?)</td><td>(.*?)</td></tr>", html)
        )
        where = f"tip of {part}"
        row = self.frame.record.indices[s] + 1
        if f"step {k} · sample {s + 1} of {len(step.x)} · row {row}" not in html:
            self.fault(where, "it does not say which step, sample and row")
        whole: list[tuple[str, bool, float]] = []
        kind, layer, unit, source = part
        forward, backward = layer <= known.forward, layer >= known.backward
        if kind in ("weight", "bias"):
            i, letter = layer - 1, kind[0]
            at: Any = (source, unit) if kind == "weight" else unit
            old = (step.before.W if kind == "weight" else step.before.b)[i][at]
            new = (step.after.W if kind == "weight" else step.after.b)[i][at]
            gradient = (step.dw if kind == "weight" else step.db)[i][at]
            name = f"∂L/∂{letter}, mini-batch"
            if known.sample is not None:
                name = f"∂L/∂{letter}, sample {s + 1}"
                gradient = self.share(step, part, s)
            whole = [
                (f"{letter} after step {k - 1}", True, old),
                (name, backward, gradient),
                (f"{letter} after step {k}", known.update, new),
                (f"Δ{letter}", known.update, new - old),
            ]
            if kind == "weight":
                whole.append((f"w·a, sample {s + 1}", forward, old * step.a[i][s, source]))
        elif kind == "unit" and layer:
            whole = [
                (f"z, sample {s + 1}", forward, step.z[layer - 1][s, unit]),
                (f"a, sample {s + 1}", forward, step.a[layer][s, unit]),
                (f"δ, sample {s + 1}", backward, step.delta[layer - 1][s, unit]),
            ]
        elif kind == "unit":
            whole = [(f"x, sample {s + 1}", True, step.x[s, unit])]
        elif kind == "loss":
            reduced = "mean" if self.reduction == "mean" else "sum"
            whole = [
                (f"{reduced} of the mini-batch", known.batch_loss, step.loss),
                (f"sample {s + 1}", known.loss, step.losses[s]),
                ("penalty, before the update", known.loss, step.penalty),
            ]
        elif layer and known.sample is None:
            norm = math.hypot(np.linalg.norm(step.dw[layer - 1]), np.linalg.norm(step.db[layer - 1]))
            whole = [("norm of the mini-batch's gradient", backward, norm)]
        for name, is_known, value in whole:
            if name not in rows:
                self.fault(where, f"nothing is called {name!r}, but {list(rows)}")
            elif is_known:
                self.check(f"{where}, {name}", rows[name], float(value))
            else:
                self.hidden(f"{where}, {name}", rows[name])

    @property
    def reduction(self) -> str:
        return str(self.settings["reduction"])

    def share(self, step: Step, part: Part, s: int) -> float:
        """A sample's share of a parameter's gradient."""
        delta = step.delta[part.layer - 1][s, part.unit]
        if part.kind == "weight":
            return float(delta * step.a[part.layer - 1][s, part.source])
        mean = self.settings["bias_reduction"] == "mean" and self.reduction == "sum"
        return float(delta / (len(step.x) if mean else 1))

    def look_at_the_formula(self, known: Known) -> None:
        frame = self.frame
        formula, batch = self.main.pages.centre.strip.formula, frame.record.batch
        phase = frame.phase
        mean = self.reduction == "mean" and batch > 1
        if phase is not None and phase.kind is PhaseKind.LOSS:
            if phase.sample is not None:
                right = formula.startswith(rf"L_{{{phase.sample + 1}}} = ")
            elif batch == 1:
                right = formula.startswith("L = ") and "L_s" not in formula
            else:
                right = (r"\frac{1}{B} \sum_s L_s" in formula) == mean and r"\sum_s L_s" in formula
            if not right:
                self.fault("formula", formula)
        last = len(frame.record.z)
        if phase is not None and phase.kind is PhaseKind.BACKWARD and phase.layer == last:
            # 1/B stands once: in the formula of a sample's derivative, or within dL/da
            has = r"\frac{1}{B}" in formula
            if has == (r"\partial L" in formula) and (mean or has):
                self.fault("formula", formula)

    def look_at_the_read_outs(self, step: Step, known: Known) -> None:
        def label(key: str) -> Any:
            return self.child(QLabel, f"{key}ReadOut")

        frame, k = self.frame, self.frame.record.step
        at_input = frame.phase is not None and frame.phase.kind is PhaseKind.INPUT
        shown = (label("step").accessibleName().partition(" · ")[0], label("step").text())
        wanted = ("after step", k) if known.update else ("in step", k)
        if at_input:
            wanted = ("after step", k - 1)
        if shown != (wanted[0], str(wanted[1])):
            self.fault("read-outs", f"{' '.join(shown)!r} in step {k}")
        if f"step {wanted[1]}" not in label("loss").toolTip():
            self.fault("read-outs", f"a loss {label('loss').toolTip()!r} beside step {wanted[1]}")
        text = label("loss").text()
        if at_input:
            if wanted[1] in self.steps and text not in UNKNOWN:
                self.check("read-outs, loss of the step before", text, self.steps[wanted[1]].loss)
        elif known.batch_loss:
            self.check("read-outs, loss", text, step.loss)
        else:
            self.hidden("read-outs, loss", text)
        place = self.child(QLabel, "timelinePlace")
        if place.text() != f"{frame.step} / {frame.furthest}":
            self.fault("timeline", place.text())

    # -- the inspector -----------------------------------------------------------------------------

    def table(self, name: str) -> list[list[str]] | None:
        """The rows of a table, if it is there to be seen."""
        table = self.main.chain_rule_view.findChild(Table, name)
        if table is None or not table.isVisible():
            return None
        section = table.parentWidget()
        is_folded = isinstance(section, Section) and not section.is_unfolded
        if is_folded and any(row[0].role == "link" for row in table._rows):
            section.unfold()
        table.grab()
        texts = table.texts
        for row, painted in zip(texts, table.painted, strict=False):
            for text, drawn in zip(row, painted, strict=True):
                if text == drawn or not NUMBER.fullmatch(drawn) or not NUMBER.fullmatch(text):
                    continue
                if not fits(drawn, float(Read(text).value)):
                    self.fault(name, f"{drawn!r} is painted for {text!r}")
        return texts

    def last_word(self, name: str) -> str:
        """The number at the end of a line of the inspector."""
        line = self.main.chain_rule_view.findChild(OneLine, name)
        assert isinstance(line, OneLine)
        return line.text.rpartition(" ")[2]

    def look_at_the_inspector(self, step: Step, known: Known, part: Part) -> None:
        view, s = self.main.chain_rule_view, self.sample
        self.select(part)
        other = self.parameter() if self.draw.random() < 0.4 else None
        self.main.focus.compare(other)
        kind, layer = part.kind, part.layer
        where = f"inspector of {part}"
        batch_known = layer >= known.backward and known.sample is None and layer > 0
        headline = view.headline.text
        if kind in ("weight", "bias"):
            at: Any = (part.source, part.unit) if kind == "weight" else part.unit
            gradient = float((step.dw if kind == "weight" else step.db)[layer - 1][at])
            if batch_known or (known.by_factor and headline not in UNKNOWN):
                self.check(f"{where}, gradient", headline, gradient)
            else:
                self.hidden(f"{where}, gradient", headline)
            self.look_at_the_factors(step, part, where)
            self.look_at_the_update(step, known, part, where)
        elif kind == "unit" and layer:
            i, unit = layer - 1, part.unit
            wanted = (step.z[i][s, unit], step.a[layer][s, unit], step.delta[i][s, unit])
            cards = view.findChild(FactorCards, "chainRuleState")
            assert isinstance(cards, FactorCards)
            for card, value, name in zip(cards.cards, wanted, "zaδ", strict=True):
                self.check(f"{where}, {name}", card.written, float(value), may_hide=True)
            self.look_at_a_sum(
                where, "chainRuleInputs", step.before.W[i][:, unit], step.a[i][s], known.update
            )
        elif kind == "loss":
            if known.batch_loss:
                self.check(f"{where}, L", headline, step.loss)
            else:
                self.hidden(f"{where}, L", headline)
            own = self.last_word("chainRuleShare")
            if known.loss:
                self.check(f"{where}, the sample's loss", own, float(step.losses[s]))
            rows = self.table("chainRuleLossFormula") or []
            formula = rows[0][0] if rows else ""
            if len(step.x) > 1 and (r"\frac{1}{B} \sum_s L_s" in formula) != (self.reduction == "mean"):
                self.fault(where, formula)
            parts = self.table("chainRuleOutputLosses")
            if parts and known.loss:
                self.adds_up(f"{where}, parts of the loss", [row[-1] for row in parts])
        if kind in ("weight", "bias", "unit") and layer:
            self.look_at_where_it_comes_from(step, part, where)
        if other is not None and other != part:
            self.look_at_the_comparison(step, known, part, other)

    def look_at_the_factors(self, step: Step, part: Part, where: str) -> None:
        view, s, i = self.main.chain_rule_view, self.sample, part.layer - 1
        incoming = step.a[i][s, part.source] if part.kind == "weight" else 1.0
        delta = step.delta[i][s, part.unit]
        if part.kind == "bias":
            incoming = self.share(step, part, s) / delta if delta else None
        upstream = step.upstream[i]
        wanted = [delta] if upstream is None else [upstream[s, part.unit], step.slope[i][s, part.unit]]
        wanted.append(incoming)
        texts = [card.written for card in view.cards]
        for place, (text, value) in enumerate(zip(texts, wanted, strict=True)):
            if value is not None:
                self.check(f"{where}, factor {place + 1}", text, float(value), may_hide=True)
        cards = view.factor_cards
        cards.grab()
        for text, painted in zip(texts, cards.painted, strict=False):
            if (
                text not in UNKNOWN
                and not painted.endswith("…")
                and not fits(painted, float(Read(text).value))
            ):
                self.fault(where, f"{painted!r} is painted for {text!r}")
        share = self.last_word("chainRuleShare")
        self.check(f"{where}, share", share, self.share(step, part, s), may_hide=True)
        if share not in UNKNOWN and not any(text in UNKNOWN for text in texts):
            made = math.prod(float(Read(text).value) for text in texts)
            if not comes_out(share, made):
                self.fault(where, f"{' × '.join(texts)} = {share}")

    def look_at_the_update(self, step: Step, known: Known, part: Part, where: str) -> None:
        rows = self.table("chainRuleUpdate") or []
        i = part.layer - 1
        at: Any = (part.source, part.unit) if part.kind == "weight" else part.unit
        old = (step.before.W if part.kind == "weight" else step.before.b)[i][at]
        new = (step.after.W if part.kind == "weight" else step.after.b)[i][at]
        which = 0 if part.kind == "weight" else 1
        for (_, result), (line, _) in pairwise(rows):
            if line.startswith("= ") and not comes_out(result, calculated(line[2:])):
                self.fault(where, f"{result} {line}")
        is_held = (step.before.held_w if which == 0 else step.before.held_b)[i][at]
        if rows and not is_held:
            name, text = rows[-1]
            if known.update:
                if "after the step" not in name:
                    self.fault(where, f"the new value is called {name!r}")
                self.check(f"{where}, new value", text, float(new))
                line = rows[-2][0]
                if not comes_out(text, calculated(line.partition("← ")[2]), 6):
                    self.fault(where, f"{line} = {text}")
                for slot, pair in step.before.slots.items():
                    if len(rows) > 2:
                        shown = [row[1] for row in rows if row[0] == f"{slot} before the step"]
                        if not shown:
                            self.fault(where, f"it leaves out {slot} before the step")
                        else:
                            self.check(f"{where}, old {slot}", shown[0], float(pair[which][i][at]))
            else:
                self.hidden(f"{where}, new value", text)
        self.check(f"{where}, value", self.last_word("chainRuleValue"), float(new if known.update else old))

    def adds_up(self, where: str, texts: list[str]) -> None:
        *terms, total = texts
        if not terms or any(text.strip() in UNKNOWN for text in texts):
            return
        self.read += 1
        made = float(sum(Read(term).value for term in terms))
        size = max(abs(Read(term).value) for term in terms) if terms else Decimal(0)
        if abs(Read(total).value) < size * Decimal("1e-5"):
            return  # it cancels: no digits that could be read are enough
        if not comes_out(total, made):
            self.fault(where, f"{' + '.join(terms)} = {total}")

    def look_at_a_sum(self, where: str, name: str, left: Any, right: Any, updated: bool) -> None:
        """A table of products and their sum."""
        rows = self.table(name)
        if not rows or rows[0][1] in UNKNOWN or rows[0][3] in UNKNOWN:
            return
        self.adds_up(f"{where}, {name}", [row[3] for row in rows])
        for row, a, b in zip(rows, left, right, strict=False):
            self.check(f"{where}, {name}, first factor", row[1], float(a))
            self.check(f"{where}, {name}, second factor", row[2], float(b))
            self.check(f"{where}, {name}, product", row[3], float(a * b))
            if not comes_out(row[3], float(Read(row[1]).value * Read(row[2]).value)):
                self.fault(where, " ".join(row))
        header = self.main.chain_rule_view.findChild(Table, name)
        assert header is not None
        said = header.header_texts[1]
        fresh = name == "chainRuleTerms" and self.settings["update_order"] == "output_first"
        wanted = "new w" if fresh else "old w" if updated else "weight"
        if said != wanted:
            self.fault(where, f"{name} calls {said!r} what is {wanted!r}")

    def look_at_where_it_comes_from(self, step: Step, part: Part, where: str) -> None:
        s, layer, known = self.sample, part.layer, Known(self.frame)
        if layer < len(step.z):
            onward = step.after if self.settings["update_order"] == "output_first" else step.before
            weights, delta = onward.W[layer][part.unit], step.delta[layer][s]
            self.look_at_a_sum(where, "chainRuleTerms", weights, delta, known.update)
        else:
            rows = {row[0]: row[1] for row in self.table("chainRuleLossTerms") or []}
            texts = list(rows.values())
            if texts:
                self.check(f"{where}, output", texts[0], float(step.a[-1][s, part.unit]), may_hide=True)
                self.check(f"{where}, target", texts[1], float(step.t[s, part.unit]))
                formulas = [name for name in rows if name in ("∂L/∂a", "∂L/∂z")]
                view = self.main.chain_rule_view.findChild(Table, "chainRuleLossTerms")
                assert view is not None
                latex = [cells[0].latex for cells in view._rows if cells[0].latex]
                mean = self.reduction == "mean" and len(step.x) > 1
                for formula in latex if formulas else []:
                    if (r"\frac{1}{B}" in formula) != mean:
                        self.fault(where, formula)
        paths = self.table("chainRulePaths")
        if paths and len(paths) > 1:
            self.adds_up(f"{where}, paths", [row[1] for row in paths])

    def look_at_the_comparison(self, step: Step, known: Known, part: Part, other: Part) -> None:
        rows = {row[0]: row[1:] for row in self.table("chainRuleComparison") or []}
        s = self.sample
        for column, which in enumerate((part, other)):
            if which.kind not in ("weight", "bias"):
                continue
            i = which.layer - 1
            at: Any = (which.source, which.unit) if which.kind == "weight" else which.unit
            old = (step.before.W if which.kind == "weight" else step.before.b)[i][at]
            new = (step.after.W if which.kind == "weight" else step.after.b)[i][at]
            gradient = (step.dw if which.kind == "weight" else step.db)[i][at]
            where = f"comparison of {part} with {other}"
            for name, is_known, value in (
                ("w, b before the step", True, old),
                ("w, b after the step", known.update, new),
                ("gradient of the batch", None, gradient),
                ("share of the sample", None, self.share(step, which, s)),
            ):
                if name not in rows:
                    self.fault(where, f"nothing is called {name!r}, but {list(rows)}")
                elif is_known is False:
                    self.hidden(f"{where}, {name}", rows[name][column])
                else:
                    self.check(
                        f"{where}, {name}", rows[name][column], float(value), may_hide=is_known is None
                    )
        for name, (left, right, ratio) in rows.items():
            if ratio not in UNKNOWN and not comes_out(ratio, float(Read(left).value / Read(right).value)):
                self.fault("comparison", f"{name}: {left} / {right} = {ratio}")

    # -- the tabs ----------------------------------------------------------------------------------

    def look_at_the_parameters(self, step: Step, known: Known) -> None:
        view = self.main.parameters_view
        self.main.tabs.setCurrentWidget(view)
        model = view.model
        if model.titles[Column.VALUE] != "Before" or model.titles[Column.AFTER] != "After":
            self.fault("parameters", f"columns {model.titles}")
        for _ in range(3):
            part = self.parameter()
            row, i = model.row_of(part), part.layer - 1
            assert row is not None
            at: Any = (part.source, part.unit) if part.kind == "weight" else part.unit
            old = (step.before.W if part.kind == "weight" else step.before.b)[i][at]
            new = (step.after.W if part.kind == "weight" else step.after.b)[i][at]
            gradient = (step.dw if part.kind == "weight" else step.db)[i][at]
            if known.sample is not None:
                gradient = self.share(step, part, known.sample)
            for column, is_known, value in (
                (Column.VALUE, True, old),
                (Column.GRADIENT, part.layer >= known.backward, gradient),
                (Column.UPDATE, known.update, new - old),
                (Column.AFTER, known.update, new),
            ):
                text = str(model.data(model.index(row, column)))
                where = f"parameters, {part}, {model.titles[column]}"
                if is_known:
                    self.check(where, text, float(value))
                else:
                    self.hidden(where, text)

    def look_at_the_data(self, step: Step, known: Known) -> None:
        view, shown = self.main.data_view, self.frame.step
        self.main.tabs.setCurrentWidget(view)
        findings = lambda: view.model.findings  # noqa: E731
        self.qtbot.waitUntil(lambda: findings().complete and findings().step == shown and not view.is_asking)
        state = step.after if known.update else step.before
        layers = self.settings["layers"]
        outputs = textbook.forward(layers, state.W, state.b, self.data.inputs)
        losses = textbook.sample_losses(self.settings["loss"], outputs, self.data.targets)
        for field in view.model.fields:
            if field.kind not in ("loss", "output", "prediction"):
                continue
            if f"after step {shown}" not in view.model._title_tip(field):
                self.fault("data", f"{field.kind} does not say after which step")
            for row in range(3):
                text = view.model.text(row, field)
                if field.kind == "loss":
                    self.check(f"data, loss of row {row}", text, float(losses[row]))
                elif field.kind == "output":
                    self.check(f"data, output of row {row}", text, float(outputs[row].max()))
                elif self.data.kind == "regression":
                    self.check(f"data, prediction of row {row}", text, float(outputs[row, field.start]))

    def look_at_the_lesson(self, step: Step, known: Known) -> None:
        view = Listing(self.main.focus)
        view.show_frame(self.frame)
        self.compare_the_listing(view, step, known)
        view.deleteLater()

    def compare_the_listing(self, view: Listing, step: Step, known: Known) -> None:
        if view.comparison is None:
            return
        note = view.findChild(QLabel, "lessonNote")
        table = view.findChild(Table, "lessonBiasTable")
        assert note is not None and table is not None
        mean = self.reduction == "mean" and len(step.x) > 1
        if ("takes the mean" in note.text()) != mean:
            self.fault(
                "lesson", f"a network that takes the {self.reduction} of {len(step.x)}: {note.text()!r}"
            )
        if self.settings["loss"] != "squared_error" and "½" in note.text():
            self.fault("lesson", "the loss is called ½ Σ (a − t)²")
        if known.backward > len(step.z) or known.sample is not None:
            return
        plain = self.settings | {"reduction": "sum", "bias_reduction": "same", "update_order": "together"}
        summed = textbook.make_step(plain, step.before, step.x, step.t, [None] * len(step.z))
        units, below = self.frame.record.sizes[-1], self.frame.record.sizes[-2]
        wanted = [summed.dw[-1][j, i] for i in range(units) for j in range(below)]
        for row, value in zip(table.texts, [*wanted, *summed.db[-1]], strict=True):
            self.check(f"lesson, {row[0]}", row[2], float(value))

    def look_at_the_derivation(self, step: Step) -> None:
        record, part, s = self.frame.record, self.parameter(), self.sample
        place: dict[str, Any] = {"bias": (part.layer, part.unit)}
        if part.kind == "weight":
            place = {"weight": (part.layer, part.source, part.unit)}
        text = derivation(record.experiment, record, **place, sample=s)
        lines = re.findall(r"^\$\$ (\S+?)(?: \\leftarrow)?(?: =)? .*?([^=\s][^=]*) \$\$$", text, re.MULTILINE)
        said: dict[str, str] = {}
        for symbol, last in lines:
            last = last.replace(r"\ldots", "…")
            said.setdefault(symbol, re.sub(r" ?\\cdot 10\^\{(-?\d+)\}", r"e\1", last.strip()))
        for layer in range(1, len(step.z) + 1):
            for unit in range(step.z[layer - 1].shape[1]):
                for letter, value in (("z", step.z[layer - 1]), ("a", step.a[layer])):
                    symbol = f"{letter}^{{({layer})}}_{{{unit + 1}}}"
                    if said.get(symbol, "").startswith("1 - "):  # as near to 1 as it is said to be
                        away = float(said[symbol].removeprefix("1 - "))
                        if abs(1.0 - away - value[s, unit]) > ROUNDING:
                            self.fault(f"derivation, {symbol}", f"{said[symbol]} for {value[s, unit]!r}")
                    elif symbol in said:
                        self.check(f"derivation, {symbol}", said[symbol], float(value[s, unit]))
        self.check("derivation, L", said["L"], step.loss)
        self.check("derivation, the sample's loss", said[f"L_{{{s + 1}}}"], float(step.losses[s]))
        share = said.get(f"g^{{({part.layer})}}_{{{s + 1}}}")
        if share is not None:
            self.check("derivation, share", share, self.share(step, part, s))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[tuple[MainWindow, list[Frame]]]:
    main = made(remember=True)
    frames: list[Frame] = []
    main.frame_shown.connect(frames.append)
    main.resize(1500, 1000)
    main.show()
    yield main, frames
    main.close()
    main.deleteLater()


def test_what_is_shown_is_true(window: tuple[MainWindow, list[Frame]], qtbot: QtBot) -> None:
    main, frames = window
    qtbot.waitUntil(lambda: bool(frames))
    read, faults = 0, []
    for seed in SEEDS:
        walk = Walk(main, qtbot, frames, seed)
        for _ in range(MOVES):
            walk.move()
            walk.look()
        read += walk.read
        faults += walk.faults
    assert read > 100 * len(SEEDS)
    assert not faults, "\n".join([f"{len(faults)} faults in {read} numbers", *faults[:40]])
