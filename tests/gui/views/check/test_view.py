from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Trainer
from engine.explain.gradient_check import GradientReport, check_record
from engine.parts import Part
from engine.records import Scalars, StepRecord
from gui.document.focus import Focus
from gui.style.theme import DARK, LIGHT
from gui.training.messages import Frame, Status
from gui.views.check.heat_map import colour
from gui.views.check.view import CheckMapView

LEFT = Qt.MouseButton.LeftButton


def make_trainer(*layers: Layer, inputs: int = 3, **settings: Any) -> Trainer:
    rng = np.random.default_rng(2)
    data = Dataset.from_arrays(rng.normal(size=(5, inputs)), rng.normal(size=(5, layers[-1].units)))
    return Trainer(Experiment(layers, **settings), data)


def make_frame(trainer: Trainer, record: StepRecord) -> Frame:
    scalars = Scalars.empty(len(record.z))
    return Frame(1, trainer.dataset, record, None, scalars, False, Status.PAUSED)


def report_of(frame: Frame) -> GradientReport:
    report = check_record(frame.experiment, frame.record)
    assert report is not None
    return report


@pytest.fixture
def view(qtbot: QtBot) -> CheckMapView:
    view = CheckMapView(Focus())
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    return view


@pytest.fixture
def frame() -> Frame:
    trainer = make_trainer(Layer(4, "tanh"), Layer(2))
    return make_frame(trainer, trainer.step())


@pytest.fixture
def kinked() -> Frame:
    """A network whose first unit of layer 1 sits exactly at the kink of its ReLU."""
    trainer = make_trainer(Layer(4, "relu"), Layer(2))
    weights, biases = trainer.weights, trainer.biases
    weights[0][:, 0] = biases[0][0] = 0.0
    trainer.set_parameters(weights, biases)
    return make_frame(trainer, trainer.step())


def button(view: CheckMapView) -> QPushButton:
    found = view.findChild(QPushButton, "checkGradientsButton")
    assert found is not None
    return found


def centre(view: CheckMapView, selection: Part) -> QPoint:
    return view.heat_map.cell_place(selection).center().toPoint()


def pixel(view: CheckMapView, selection: Part) -> QColor:
    """The colour of a cell, beside what is written into it."""
    place = view.heat_map.cell_place(selection)
    at = QPoint(round(place.left() + place.width() * 0.2), round(place.top() + place.height() * 0.15))
    return view.heat_map.grab().toImage().pixelColor(at)


def test_asks_for_a_check_and_shows_what_comes(qtbot: QtBot, view: CheckMapView, frame: Frame) -> None:
    assert not button(view).isEnabled()
    view.show_frame(frame)
    bar = view.findChild(QProgressBar)
    assert bar is not None
    with qtbot.waitSignal(view.check_requested):
        qtbot.mouseClick(button(view), LEFT)
    assert view.is_checking and bar.isVisible() and button(view).text() == "Cancel"
    view.show_progress(0.25)
    assert bar.value() == 250
    view.show_report(report_of(frame))
    assert not view.is_checking and not bar.isVisible()
    assert "All gradients agree" in view.summary
    for block, index in zip(view.heat_map.blocks, range(2), strict=True):
        assert np.array_equal(block.gradients[:-1], frame.record.weight_grads[index])
        assert np.array_equal(block.gradients[-1], frame.record.bias_grads[index])
        assert block.differences == pytest.approx(block.gradients, abs=1e-8)


def test_can_be_cancelled(qtbot: QtBot, view: CheckMapView, frame: Frame) -> None:
    view.show_frame(frame)
    qtbot.mouseClick(button(view), LEFT)
    with qtbot.waitSignal(view.cancel_requested):
        qtbot.mouseClick(button(view), LEFT)
    view.show_cancelled()
    assert not view.is_checking
    assert "cancelled" in view.summary
    assert view.heat_map.blocks == ()
    with qtbot.waitSignal(view.check_requested):
        qtbot.mouseClick(button(view), LEFT)


def test_a_kink_is_called_so_and_not_wrong(qtbot: QtBot, view: CheckMapView, kinked: Frame) -> None:
    view.show_frame(kinked)
    report = report_of(kinked)
    assert report.kinks == 4
    view.show_report(report)
    assert "All gradients agree" in view.summary
    assert "4 parameters sit at a kink" in view.summary
    qtbot.mouseMove(view.heat_map, centre(view, Part("weight", 1, 0, 1)))
    assert "kink" in view.read_out
    assert pixel(view, Part("weight", 1, 0, 1)) != pixel(view, Part("weight", 1, 1, 1))


def test_a_wrong_gradient_stands_out(view: CheckMapView) -> None:
    trainer = make_trainer(Layer(4, "tanh"), Layer(2), update_order="output_first", learning_rate=0.5)
    frame = make_frame(trainer, trainer.step())
    view.show_frame(frame)
    report = report_of(frame)
    view.show_report(report)
    assert report.max_relative_error > 1e-3
    assert "Some gradients differ" in view.summary
    assert "not those of the loss" in view.summary
    wrong, right = pixel(view, Part("weight", 1, 0, 0)), pixel(view, Part("weight", 2, 0, 0))
    assert wrong.red() > wrong.green() and right.green() > right.red()


def test_colours_go_by_powers_of_ten() -> None:
    for theme in (LIGHT, DARK):
        distances = [
            abs(colour(power, theme).lightness() - QColor(theme.surface).lightness())
            for power in (-12, -10, -8, -6)
        ]
        assert distances == sorted(distances) and distances[0] < distances[-1]
        assert colour(-6.0, theme).green() > colour(-6.0, theme).red()
        assert colour(-5.9, theme).red() > colour(-5.9, theme).green()


def test_hovering_reads_a_parameter_off(qtbot: QtBot, view: CheckMapView, frame: Frame) -> None:
    view.show_frame(frame)
    view.show_report(report_of(frame))
    assert view.read_out == ""
    qtbot.mouseMove(view.heat_map, centre(view, Part("weight", 1, 2, 1)))
    assert "x2" in view.read_out and "unit 3" in view.read_out
    gradient = frame.record.weight_grads[0][1, 2]
    assert f"{gradient:.9g}".replace("-", "−")[:8] in view.read_out
    qtbot.mouseMove(view.heat_map, QPoint(view.heat_map.width() - 2, view.heat_map.height() - 2))
    assert view.read_out == ""


@pytest.mark.parametrize("selection", [Part("weight", 1, 3, 2), Part("bias", 1, 0), Part("bias", 2, 1)])
def test_a_click_selects(qtbot: QtBot, view: CheckMapView, frame: Frame, selection: Part) -> None:
    view.show_frame(frame)
    view.show_report(report_of(frame))
    with qtbot.waitSignal(view.focus.part_changed) as caught:
        qtbot.mouseClick(view.heat_map, LEFT, pos=centre(view, selection))
    assert caught.args == [selection]
    assert view.read_out


def test_arrow_keys_reach_every_parameter(qtbot: QtBot, view: CheckMapView, frame: Frame) -> None:
    view.show_frame(frame)
    view.show_report(report_of(frame))
    seen: set[Part] = set()
    view.focus.part_changed.connect(seen.add)
    heat_map = view.heat_map
    qtbot.keyClick(heat_map, Qt.Key.Key_Down)
    for _ in range(6):
        for _ in range(4):
            qtbot.keyClick(heat_map, Qt.Key.Key_Down)
        for _ in range(4):
            qtbot.keyClick(heat_map, Qt.Key.Key_Up)
        qtbot.keyClick(heat_map, Qt.Key.Key_Right)
    for _ in range(4):
        qtbot.keyClick(heat_map, Qt.Key.Key_Down)
    assert {s for s in seen if s.layer == 1} >= {Part("bias", 1, unit) for unit in range(4)}
    assert len(seen) == 4 * 4 + 5 * 2


@pytest.mark.usefixtures("dressed")
def test_cells_can_be_hit_however_little_room_there_is(qtbot: QtBot, view: CheckMapView) -> None:
    view.resize(900, 170)
    heat_map = view.heat_map
    for inputs, least in ((3, 12.0), (30, 5.0)):
        trainer = make_trainer(Layer(4, "tanh"), Layer(2), inputs=inputs)
        frame = make_frame(trainer, trainer.step())
        view.forget()
        view.show_frame(frame)
        view.show_report(report_of(frame))
        qtbot.waitUntil(lambda: heat_map.height() >= heat_map.minimumHeight())
        assert heat_map.cell_place(Part("weight", 1, 2, 0)).height() >= least
        for part in (Part("bias", 1, 2), Part("weight", 1, 2, 0)):
            view.focus.select(part)
            assert heat_map.visibleRegion().contains(centre(view, part))


def test_says_when_training_has_gone_on(view: CheckMapView) -> None:
    trainer = make_trainer(Layer(4, "tanh"), Layer(2))
    first = make_frame(trainer, trainer.step())
    view.show_frame(first)
    button(view).click()
    view.show_frame(make_frame(trainer, trainer.step()))
    view.show_report(report_of(first))
    assert "in step 1" in view.summary and "gone on" in view.summary
    assert np.array_equal(view.heat_map.blocks[0].gradients[:-1], first.record.weight_grads[0])
    view.show_frame(first)
    assert "gone on" not in view.summary


def test_a_layer_with_more_cells_than_pixels_keeps_its_worst(view: CheckMapView) -> None:
    trainer = make_trainer(Layer(300, "tanh"), Layer(2), inputs=700)
    frame = make_frame(trainer, trainer.step())
    record = frame.record
    zeros = tuple(np.full(w.shape, 1e-11) for w in record.weight_grads)
    zeros[0][123, 45] = 0.5
    bias = tuple(np.full(b.shape, 1e-11) for b in record.bias_grads)
    kinks = tuple(np.zeros(w.shape, bool) for w in record.weight_grads)
    bias_kinks = tuple(np.zeros(b.shape, bool) for b in record.bias_grads)
    report = GradientReport(zeros, bias, kinks, bias_kinks, record.weight_grads, record.bias_grads)
    view.show_frame(frame)
    view.show_report(report)
    at = centre(view, Part("weight", 1, 45, 123))
    image = view.heat_map.grab().toImage()
    around = [image.pixelColor(at + QPoint(x, y)) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    assert any(c.red() > c.green() + 30 for c in around)


def test_a_hidden_map_catches_up(view: CheckMapView, frame: Frame) -> None:
    view.show_frame(frame)
    view.show_report(report_of(frame))
    view.hide()
    trainer = make_trainer(Layer(4, "tanh"), Layer(2))
    view.show_frame(make_frame(trainer, trainer.step()))
    assert "gone on" not in view.summary
    view.show()
    assert "gone on" in view.summary


@pytest.mark.usefixtures("dressed")
def test_theme_and_language(view: CheckMapView, frame: Frame) -> None:
    view.show_frame(frame)
    view.show_report(report_of(frame))
    view.focus.select(Part("weight", 9, 9, 9))
    assert view.read_out == ""
    view.set_theme(DARK)
    assert view.heat_map.grab().toImage().pixelColor(2, 2).lightness() < 60
    QApplication.sendEvent(view, QEvent(QEvent.Type.LanguageChange))
    assert "All gradients agree" in view.summary
