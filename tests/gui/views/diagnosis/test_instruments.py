"""The instruments: measured on a copy when somebody looks, of a moment that is named, or saying why not."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QComboBox, QListWidget
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Finding, Layer, Trainer, builtin
from engine.diagnose import confusion, gradient_strip, instruments, spectrum
from engine.errors import UnexpectedError
from engine.parts import Part
from gui.style.theme import DARK, LIGHT
from gui.text.numbers import grouped, percent, short
from gui.training.aside import Question
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Status
from gui.views.diagnosis.classes import ClassesSection
from gui.views.diagnosis.heat_strip import HeatStrip, StripSection
from gui.views.diagnosis.histograms import RidgePlot
from gui.views.diagnosis.instruments import InstrumentsPage
from gui.views.diagnosis.plot import Plot
from gui.views.diagnosis.readings import ReadingsSection
from gui.views.diagnosis.spectrum import HessianPicture, SpectrumSection
from tests.gui.views.diagnosis.test_strip import frame_of

NAMES = ["readings", "strip", "ridges", "rates", "along", "spectrum", "classes"]


class Bench:
    def __init__(self, qtbot: QtBot, trainer: Trainer) -> None:
        self.qtbot, self.trainer = qtbot, trainer
        self.questions: list[Question] = []
        self.page = InstrumentsPage()
        qtbot.addWidget(self.page)
        self.page.question_asked.connect(self.questions.append)
        self.page.resize(620, 240)
        self.page.show()

    def frame(self, status: Status = Status.PAUSED, **changes: Any) -> Frame:
        return dataclasses.replace(frame_of(self.trainer, status), **changes)

    def look_at(self, name: str) -> None:
        chooser = self.page.findChild(QListWidget, "instrumentsList")
        assert chooser is not None
        chooser.setCurrentRow(NAMES.index(name))

    def answer(self) -> None:
        """Wait until it is asked, and answer."""
        self.qtbot.waitUntil(lambda: bool(self.questions), timeout=5_000)
        question = self.questions.pop()
        assert not question.cancelled
        question.then(question.work(self.trainer.copy(), lambda: False))

    def measured(self, name: str) -> Any:
        """Look at a section, have it measured, and give it."""
        self.page.show_frame(self.frame())
        self.look_at(name)
        section = self.page.section
        if section.on_demand:
            self.qtbot.mouseClick(section.measure_button, Qt.MouseButton.LeftButton)
        self.answer()
        assert section.empty_text == ""
        assert not self.page.grab().isNull()
        return section

    def part(self, kind: type[Any], name: str) -> Any:
        found = self.page.findChild(kind, name)
        assert found is not None
        return found


def iris(steps: int = 120, **changes: Any) -> Trainer:
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(3, "softmax")),
        "cross_entropy",
        learning_rate=0.1,
        batch_size=10,
        validation=0.2,
        scaling="zscore",
    )
    trainer = Trainer(experiment.changed(**changes), builtin("iris"))
    trainer.run(steps)
    return trainer


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot, iris())


def test_readings_say_numbers_and_what_they_mean(bench: Bench) -> None:
    section = bench.measured("readings")
    assert isinstance(section, ReadingsSection)
    r = instruments(bench.trainer)
    assert section.dial.value == r.sharpness_times_rate
    assert section.dial.word == "good"
    values = [value for value, _ in section.texts]
    expected = [r.noise_scale, r.alignment, r.travelled, r.distance, *r.update_over_weights]
    assert values == [short(value) for value in expected]
    assert section.texts[-1][1].startswith("next update over weights, Output: ")
    assert section.caption.startswith(
        "After step 120. Over all training rows, or some evenly spread where they "
    )


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.001, "creeping"), (0.5, "good"), (1.9, "on the edge"), (5.0, "blowing up"), (np.nan, "blowing up")],
)
def test_the_dial(qtbot: QtBot, value: float, word: str) -> None:
    section = ReadingsSection()
    qtbot.addWidget(section)
    dial = section.dial
    dial.show_value(value, "λ", ("creeping", "good", "on the edge", "blowing up"))
    assert dial.word == word
    dial.resize(220, 150)
    assert not dial.grab().isNull()


def test_the_strip_marks_where_a_fault_began_and_goes_there(bench: Bench, qtbot: QtBot) -> None:
    fault = Finding("dead_units", {}, 60, Part("layer", 1), None, "", "")
    harmless = Finding("not_run_long_enough", {}, 0, None, None, "", "")
    bench.page.show_verdict(Verdict(1, 120, (harmless, fault)))
    section = bench.measured("strip")
    assert isinstance(section, StripSection)
    strip = section.strip
    assert strip.births == ((1, 60, "Since step 60: Dead units"),)
    known = gradient_strip(bench.trainer)
    text = strip.text_at(1, 59)
    assert text.split("\n") == [
        f"Hidden 1, steps 60: mean size of the gradient {short(10 ** known.powers[0, 59])}",
        "Since step 60: Dead units",
    ]
    assert "Since" not in strip.text_at(2, 59)
    place = QPointF(strip.x_of(60), strip._area.center().y())
    cell = strip.cell_at(place)
    assert cell is not None and cell[1] == 59
    with qtbot.waitSignal(bench.page.seek_requested) as told:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert told.args == [60]


def test_the_strip_says_where_the_gradient_is_0(qtbot: QtBot) -> None:
    bench = Bench(qtbot, iris(30, initializer="zeros"))
    section = bench.measured("strip")
    strip = bench.part(HeatStrip, "gradientStrip")
    assert section.strip is strip
    assert strip.text_at(1, 3).endswith("mean size of the gradient 0")


def test_ridges_of_another_layer_and_quantity(bench: Bench) -> None:
    bench.measured("ridges")
    layer, quantity = bench.part(QComboBox, "ridgesLayer"), bench.part(QComboBox, "ridgesQuantity")
    assert [layer.itemText(i) for i in range(layer.count())] == ["Hidden 1", "Output"]
    layer.setCurrentIndex(1)
    quantity.setCurrentIndex(1)
    quantity.activated.emit(1)
    bench.answer()
    plot = bench.part(RidgePlot, "ridgePlot")
    assert plot._ridges.layer == 2
    assert plot._ridges.quantity == "activations"
    text = plot.text_at(QPointF(plot.width() / 2, plot.height() - 22))
    assert text.startswith("After step 120: ")
    assert f"of {grouped(120 * 3)} from" in text


def test_a_click_takes_the_learning_rate(bench: Bench, qtbot: QtBot) -> None:
    bench.page.show_frame(bench.frame())
    bench.look_at("rates")
    assert bench.page.section.empty_text.startswith("Press Measure")
    section = bench.measured("rates")
    plot = bench.part(Plot, "ratesPlot")
    assert [mark.x for mark in plot.marks] == [0.1]
    assert "after 12 steps more at each rate" in section.caption
    with qtbot.waitSignal(bench.page.rate_chosen) as told:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.place_of(0.03).toPoint())
    assert told.args[0] == pytest.approx(0.03, rel=0.1)
    plot.setFocus()
    with qtbot.waitSignal(bench.page.rate_chosen) as told:
        qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert told.args[0] > 0


def test_the_loss_along_two_lines(bench: Bench) -> None:
    bench.measured("along")
    down = bench.part(Plot, "gradientSlice")
    assert [curve.name for curve in down.curves] == ["loss", "last steps"]
    assert [mark.name for mark in down.marks] == ["now", "next step"]
    assert down.read_out(0.0)[0] == "down the gradient: 0"


def test_the_hessian_and_its_eigenvalues(bench: Bench) -> None:
    section = bench.measured("spectrum")
    assert isinstance(section, SpectrumSection)
    found = spectrum(bench.trainer)
    table = section._panel.table
    largest = float(found.eigenvalues[-1])
    assert table.texts[0] == ["1", short(largest), short(largest * 0.1)]
    assert len(table.texts) == 4 * 5 + 3 * 5
    picture = bench.part(HessianPicture, "hessianPicture")
    corner = picture._area.topLeft() + QPointF(1, 1)
    assert picture.text_at(corner).endswith(f"= {short(float(found.hessian[0, 0]))}")


def test_of_a_large_network_no_hessian_is_written_out(qtbot: QtBot) -> None:
    data = Dataset.from_arrays(np.eye(30), np.arange(30) % 2, kind="binary")
    layers = (Layer(20, "tanh"), Layer(1, "sigmoid"))
    trainer = Trainer(Experiment(layers, "binary_cross_entropy", learning_rate=0.1), data)
    trainer.run(3)
    bench = Bench(qtbot, trainer)
    bench.page.show_frame(bench.frame())
    bench.look_at("spectrum")
    section = bench.page.section
    assert section.empty_text == "The network has 641 parameters; this is written out for fewer than 500."
    qtbot.mouseClick(section.measure_button, Qt.MouseButton.LeftButton)
    assert not bench.questions


def test_classes_with_precision_and_recall(bench: Bench) -> None:
    section = bench.measured("classes")
    assert isinstance(section, ClassesSection)
    found = confusion(bench.trainer)
    assert section.table.header_texts == ["true class", "setosa", "versicolor", "virginica", "recall"]
    for row in range(3):
        _, *counts, recall = section.table.texts[row]
        assert counts == [str(count) for count in found.counts[row]]
        assert recall == f"{percent(float(found.recall[row]))} %"
    part = bench.part(QComboBox, "confusionPart")
    part.setCurrentIndex(1)
    part.activated.emit(1)
    bench.answer()
    assert section.table.values[0][1] == confusion(bench.trainer, "validation").counts[0, 0]


def test_what_has_no_classes_says_so(qtbot: QtBot) -> None:
    data = Dataset.from_arrays([[1.0], [2.0]], [[1.0], [2.0]], kind="regression")
    trainer = Trainer(Experiment((Layer(1, "linear"),), "squared_error", learning_rate=0.01), data)
    trainer.run(2)
    bench = Bench(qtbot, trainer)
    bench.page.show_frame(bench.frame())
    bench.look_at("classes")
    assert bench.page.section.empty_text == "The targets are numbers: there are no classes to confuse."


def test_nothing_is_measured_that_nobody_looks_at(bench: Bench, qtbot: QtBot) -> None:
    bench.page.hide()
    bench.page.show_frame(bench.frame())
    qtbot.wait(400)
    assert not bench.questions
    bench.page.show()
    bench.answer()
    bench.page.show_frame(bench.frame())
    qtbot.wait(400)
    assert not bench.questions  # this moment is measured


def test_before_the_first_step_there_is_nothing_to_measure(qtbot: QtBot) -> None:
    bench = Bench(qtbot, iris(0))
    for name in NAMES:
        bench.page.show_frame(bench.frame())
        bench.look_at(name)
        assert bench.page.section.empty_text
    assert not bench.questions


def test_what_another_network_was_measured_to_be_is_forgotten(bench: Bench) -> None:
    bench.measured("readings")
    bench.trainer.run(1)
    bench.page.show_frame(bench.frame())
    bench.qtbot.waitUntil(lambda: bool(bench.questions), timeout=5_000)
    bench.page.forget()
    assert bench.questions[0].cancelled
    assert bench.page.section.measured_step is None
    assert bench.page.section.empty_text


def test_a_measurement_that_fails_says_why(bench: Bench) -> None:
    bench.page.show_frame(bench.frame())
    bench.qtbot.waitUntil(lambda: bool(bench.questions), timeout=5_000)
    bench.questions.pop().otherwise(UnexpectedError("no_memory"))
    assert bench.page.section.empty_text.startswith("There is not enough memory for this.")


def test_beside_training_it_rests_and_keeps_what_it_measured_with_its_moment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.views.diagnosis.instruments.time", SimpleNamespace(monotonic=lambda: 0.0))
    section = bench.measured("readings")
    bench.trainer.run(30)
    bench.page.show_frame(bench.frame(Status.RUNNING))
    assert section.caption.startswith("After step 120.")
    assert bench.page._timer.isActive()
    assert bench.page._timer.interval() >= 700
    bench.page._timer.timeout.emit()
    bench.answer()
    assert section.caption.startswith("After step 150.")


@pytest.mark.usefixtures("dressed")
def test_both_themes_and_a_small_room(bench: Bench) -> None:
    for name in NAMES:
        bench.measured(name)
    bench.page.resize(430, 150)
    for theme in (LIGHT, DARK):
        bench.page.set_theme(theme)
        for name in NAMES:
            bench.look_at(name)
            assert not bench.page.grab().isNull()


def test_a_plot_reads_out_and_ignores_what_is_not_finite(qtbot: QtBot) -> None:
    from gui.views.diagnosis.plot import Curve, axis, thinned

    plot = Plot("plot")
    qtbot.addWidget(plot)
    plot.resize(300, 160)
    x, y = np.arange(1.0, 5.0), np.array([1.0, np.nan, 4.0, np.inf])
    plot.show_curves(axis("x", [x]), axis("y", [y]), [Curve("c", x, y, lambda theme: theme.text)])
    plot.show()
    assert not plot.grab().isNull()
    assert plot.read_out(3.1) == ["x: 3.1", "c: 4 (3)"]
    qtbot.mouseMove(plot, QPoint(150, 80))
    means = thinned(np.arange(10.0), np.arange(10.0), most=4)
    np.testing.assert_array_equal(means[0], [1, 4, 7, 9])
    assert means[2] == 3


def test_a_loss_near_0_does_not_flatten_a_logarithmic_axis() -> None:
    from gui.views.diagnosis.plot import axis

    y = axis("y", [np.array([1.0, 1e-190, 0.01]), np.array([1.0, 0.5, 0.1])], log=True)
    assert (y.low, y.high) == (-12.0, 0.0)
    y = axis("y", [np.array([1.0, 1e200]), np.array([1.0, 1e-3])], log=True)
    assert (y.low, y.high) == (-3.0, 200.0)  # the curve beside one that explodes is seen
