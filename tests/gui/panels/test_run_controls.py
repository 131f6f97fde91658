"""The toolbar: commands by click and key, and read-outs that tell no more than is revealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Trainer
from engine.data.builtin import builtin
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from engine.records import Scalars
from gui.document.focus import Focus
from gui.panels.run_controls import RATES, RunControls
from gui.style.appearance import Appearance
from gui.style.theme import DARK, LIGHT, Theme
from gui.text.numbers import grouped
from gui.training.messages import Back, Frame, Granularity, Pause, Reset, Run, Status, Step
from tests.gui.language import longer, spoken


class Window:
    """A main window with the toolbar, a combo box and fields to type in."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QMainWindow()
        self.controls = RunControls(Focus())
        self.window.addToolBar(self.controls)
        centre = QWidget()
        column = QVBoxLayout(centre)
        self.view = QLabel("view")
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.combo, self.spin, self.line = QComboBox(), QSpinBox(), QLineEdit()
        self.combo.addItems(["one", "two", "three"])
        for widget in (self.view, self.combo, self.spin, self.line):
            column.addWidget(widget)
        self.window.setCentralWidget(centre)
        self.commands: list[object] = []
        self.controls.command.connect(self.commands.append)
        qtbot.addWidget(self.window)
        self.window.resize(1500, 400)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def click(self, name: str) -> None:
        button = self.controls.findChild(QToolButton, name)
        assert button is not None
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def press(self, widget: QWidget, key: Qt.Key) -> None:
        widget.setFocus()
        self.qtbot.keyClick(widget, key)

    def caption(self, key: str) -> str:
        label = self.controls.findChild(QLabel, f"{key}ReadOut")
        assert label is not None
        return label.accessibleName()

    def read(self, key: str) -> str:
        label = self.controls.findChild(QLabel, f"{key}ReadOut")
        assert label is not None
        return label.text()


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    return Window(qtbot)


def trainer(data: Dataset | None = None, **changes: object) -> Trainer:
    data = builtin("iris") if data is None else data
    kinds = {
        "multiclass": (Layer(3, "softmax"), "cross_entropy"),
        "regression": (Layer(1), "mean_squared_error"),
        "binary": (Layer(1, "sigmoid"), "binary_cross_entropy"),
    }
    output, loss = kinds[data.kind]
    settings: dict[str, object] = {"validation": 0.2, "batch_size": 10, **changes}
    return Trainer(Experiment(layers=(Layer(3, "tanh"), output), loss=loss, **settings), data)  # type: ignore[arg-type]


def frame(
    trainer: Trainer,
    phase: Phase | None = None,
    *,
    steps: int = 1,
    status: Status = Status.PAUSED,
    restart: bool = False,
) -> Frame:
    """A frame after `steps` more steps, with their scalars."""
    before = trainer.completed
    evaluated = 0 if restart else len(trainer.scalars.evaluated_steps)
    trainer.run(steps - 1)
    record = trainer.step()
    scalars = trainer.scalars_between(before, trainer.completed, evaluated)
    near = trainer.scalars_near(record.step)
    return Frame(1, trainer.dataset, record, phase, scalars, restart, status, near=near)


def nothing_new(shown: Frame, phase: Phase | None, status: Status = Status.PAUSED) -> Frame:
    return replace(shown, phase=phase, scalars=Scalars.empty(2), restart=False, status=status)


def test_actions_can_be_found_by_name(window: Window) -> None:
    keys = {"resetAction": "Home", "stepBackAction": "Left", "runAction": "Space", "stepAction": "Right"}
    for name, key in keys.items():
        action = window.window.findChild(QAction, name)
        assert action is not None
        assert action.shortcut().toString() == key
        assert f"({key})" in action.toolTip()
        assert not action.icon().isNull()
    for name in ("granularityCombo", "speedSlider"):
        widget = window.window.findChild(QWidget, name)
        assert widget is not None and widget.accessibleName()


def test_buttons_give_commands(window: Window) -> None:
    window.controls.show_frame(frame(trainer()))
    for name in ("stepButton", "stepBackButton", "resetButton", "runButton"):
        window.click(name)
    layer = Granularity.LAYER
    assert window.commands == [Step(layer), Back(layer), Reset(), Run(layer, 10)]


@pytest.mark.parametrize("granularity", list(Granularity))
def test_granularity_goes_with_the_commands(window: Window, qtbot: QtBot, granularity: Granularity) -> None:
    window.controls.show_frame(frame(trainer()))
    combo = window.controls.granularity_combo
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Up)
    for _ in range(list(Granularity).index(granularity)):
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert window.controls.granularity is granularity
    window.press(window.view, Qt.Key.Key_Right)
    window.press(window.view, Qt.Key.Key_Left)
    window.press(window.view, Qt.Key.Key_Space)
    assert window.commands == [Step(granularity), Back(granularity), Run(granularity, 10)]


def test_by_factor_takes_the_layer_of_the_selected_parameter_along(window: Window) -> None:
    factor, controls = Granularity.FACTOR, window.controls
    controls.show_frame(frame(trainer()))
    assert not controls.falls_back
    controls.granularity = factor
    assert controls.falls_back
    assert controls.granularity_combo.currentText() == "by factor (layer)"
    window.press(window.view, Qt.Key.Key_Right)
    controls.focus.select(Part("unit", 2, 0))
    assert controls.falls_back
    controls.focus.select(Part("bias", 2, 0))
    assert not controls.falls_back
    assert controls.granularity_combo.currentText() == "by factor"
    window.press(window.view, Qt.Key.Key_Right)
    window.press(window.view, Qt.Key.Key_Left)
    window.press(window.view, Qt.Key.Key_Space)
    controls.focus.select(Part("weight", 1, 0, 0))
    controls.granularity = Granularity.LAYER
    assert window.commands == [
        Step(factor),
        Step(factor, 2),
        Back(factor, 2),
        Run(factor, 10, layer=2),
        Run(factor, 10, layer=1),
        Run(Granularity.LAYER, 10),
    ]


def test_keys_work_in_the_views_and_in_a_combo(window: Window) -> None:
    window.controls.show_frame(frame(trainer()))
    for widget in (window.view, window.combo):
        window.press(widget, Qt.Key.Key_Right)
        window.press(widget, Qt.Key.Key_Left)
        window.press(widget, Qt.Key.Key_Home)
    layer = Granularity.LAYER
    assert window.commands == [Step(layer), Back(layer), Reset()] * 2
    assert window.combo.currentText() == "one"


def test_keys_stay_with_what_is_typed(window: Window) -> None:
    window.controls.show_frame(frame(trainer()))
    window.line.setText("ab")
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Left):
        window.press(window.line, key)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Left):
        window.press(window.spin, key)
    assert window.line.text() == " a b"
    assert window.commands == []


def test_run_becomes_pause_and_back(window: Window) -> None:
    controls, source = window.controls, trainer()
    first = frame(source)
    controls.show_frame(first)
    window.press(window.view, Qt.Key.Key_Space)
    assert controls.is_running and controls.run_action.text() == "Pause"
    assert not controls.step_action.isEnabled()
    controls.show_frame(frame(source, status=Status.RUNNING))
    window.press(window.view, Qt.Key.Key_Space)
    controls.show_frame(frame(source))
    assert not controls.is_running and controls.run_action.text() == "Run"
    assert controls.step_action.isEnabled()
    assert window.commands == [Run(Granularity.LAYER, 10), Pause()]


def test_a_quick_second_press_pauses(window: Window) -> None:
    window.controls.show_frame(frame(trainer()))
    window.press(window.view, Qt.Key.Key_Space)
    window.press(window.view, Qt.Key.Key_Space)
    assert window.commands == [Run(Granularity.LAYER, 10), Pause()]


def test_training_that_stopped_by_itself_can_be_run_again(window: Window) -> None:
    source = trainer()
    window.controls.show_frame(frame(source, status=Status.RUNNING))
    window.controls.show_frame(frame(source, status=Status.DIVERGED))
    assert window.controls.run_action.text() == "Run"


def test_pace_changed_under_way_is_told(window: Window, qtbot: QtBot) -> None:
    controls = window.controls
    slider = controls.speed_slider
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    assert window.commands == []
    controls.show_frame(frame(trainer(), status=Status.RUNNING))
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    controls.granularity = Granularity.EPOCH
    controls.speed = len(RATES) - 1
    assert window.commands == [
        Run(Granularity.LAYER, 50),
        Run(Granularity.EPOCH, 50),
        Run(Granularity.EPOCH, None),
    ]


def test_the_slider_goes_up_and_down_and_leaves_left_and_right_to_the_training(
    window: Window, qtbot: QtBot
) -> None:
    window.controls.show_frame(frame(trainer()))
    slider = window.controls.speed_slider
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    assert window.controls.rate == 20
    window.press(slider, Qt.Key.Key_Right)
    window.press(slider, Qt.Key.Key_Home)
    assert window.controls.rate == 20
    assert window.commands == [Step(Granularity.LAYER), Reset()]
    qtbot.mouseClick(window.combo, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton)
    assert not slider.hasFocus()


def test_speed_is_told_in_words(window: Window) -> None:
    told = []
    for place in range(len(RATES)):
        window.controls.speed = place
        told += [
            label.text()
            for label in window.controls.findChildren(QLabel)
            if label.text().endswith(("/s", "max"))
        ]
    assert told == [
        "1/s",
        "2/s",
        "5/s",
        "10/s",
        "20/s",
        "50/s",
        "100/s",
        "200/s",
        "500/s",
        "1\u202f000/s",
        "max",
    ]


def test_read_outs_of_a_whole_step(window: Window) -> None:
    source = trainer()
    window.controls.show_frame(frame(source, steps=1204, restart=True))
    series = source.scalars
    assert window.read("step") == "1\u202f204"
    assert window.caption("step") == "after step · epoch 101"  # 120 training rows in batches of 10
    assert window.caption("loss") == "loss (this batch)"
    assert window.caption("validation") == "validation loss (end of epoch 100)"
    assert window.caption("metric") == "validation accuracy (end of epoch 100)"
    assert float(window.read("loss")) == pytest.approx(series.loss[-1], rel=1e-3)
    assert float(window.read("validation")) == pytest.approx(series.validation_loss[-1], rel=1e-3)
    assert window.read("metric") == f"{100 * series.validation_metric[-1]:.1f} %"


def test_without_validation_the_metric_is_the_batchs(window: Window) -> None:
    source = trainer(validation=0.0)
    window.controls.show_frame(frame(source, steps=40, restart=True))
    assert (window.caption("validation"), window.read("validation")) == ("validation loss", "–")
    assert window.caption("metric") == "accuracy (this batch)"
    assert window.read("metric") == f"{100 * source.scalars.metric[-1]:.1f} %"


def test_regression_has_r2(window: Window) -> None:
    source = trainer(builtin("plane"))
    window.controls.show_frame(frame(source, steps=200, restart=True))
    values = window.controls.read_outs.values
    assert values is not None and not values.is_accuracy
    assert values.metric == source.scalars.validation_metric[-1]
    names = {label.text() for label in window.controls.findChildren(QLabel)}
    assert any(name.startswith("validation R²") for name in names) and not any(
        "accuracy" in name for name in names
    )


def test_r2_of_a_constant_target_is_said_to_be_undefined(window: Window) -> None:
    data = Dataset.from_arrays(np.linspace(0, 1, 20)[:, None], np.full(20, 0.1))
    source = Trainer(Experiment((Layer(1),), batch_size=5), data)
    window.controls.show_frame(frame(source, steps=20, restart=True))
    label = window.controls.findChild(QLabel, "metricReadOut")
    assert label is not None
    assert label.text() == "undefined"
    assert "the targets are all equal" in label.toolTip()


def test_loss_is_not_told_before_it_is_revealed(window: Window) -> None:
    source = trainer()
    show = window.controls.show_frame
    first = frame(source, Phase(PhaseKind.INPUT), restart=True)
    show(first)
    assert (window.read("step"), window.read("loss")) == ("0", "–")
    assert not window.controls.step_back_action.isEnabled()
    assert float(window.read("validation")) > 0, "known before the first step"
    assert window.caption("validation") == "validation loss (at the start)"
    show(nothing_new(first, Phase(PhaseKind.FORWARD, 2)))
    assert window.read("loss") == "–"
    assert window.controls.step_back_action.isEnabled()
    show(nothing_new(first, Phase(PhaseKind.LOSS)))
    assert float(window.read("loss")) == pytest.approx(first.record.data_loss, rel=1e-3)
    assert (window.caption("step"), window.read("step")) == ("in step · epoch 1", "1")
    show(nothing_new(first, Phase(PhaseKind.UPDATE)))
    assert (window.caption("step"), window.read("step")) == ("after step · epoch 1", "1")


def test_the_step_and_the_loss_are_of_one_moment(window: Window) -> None:
    """Never the step before beside the loss of the step that is under way, nor the other way round."""
    source = trainer()
    show = window.controls.show_frame
    first = frame(source, restart=True)
    show(first)
    second = frame(source, Phase(PhaseKind.FORWARD, 1))
    show(second)
    assert (window.caption("step"), window.read("step"), window.read("loss")) == (
        "in step · epoch 1",
        "2",
        "–",
    )
    show(nothing_new(second, Phase(PhaseKind.BACKWARD, 2)))
    assert window.read("step") == "2"
    assert float(window.read("loss")) == pytest.approx(second.record.data_loss, rel=1e-3)
    show(nothing_new(second, Phase(PhaseKind.BACKWARD, 0, sample=0)))
    assert (window.read("step"), window.read("loss")) == ("2", "–"), "one sample is not the batch"
    show(nothing_new(second, Phase(PhaseKind.INPUT)))
    assert (window.caption("step"), window.read("step")) == ("after step · epoch 1", "1")
    assert float(window.read("loss")) == pytest.approx(first.record.data_loss, rel=1e-3)


def test_validation_of_an_epoch_is_told_with_its_update(window: Window) -> None:
    source = trainer(batch_size="full")
    window.controls.show_frame(frame(source, restart=True))
    before = window.read("validation")
    last = frame(source, Phase(PhaseKind.BACKWARD, 1))
    window.controls.show_frame(last)
    assert window.read("validation") == before
    window.controls.show_frame(nothing_new(last, None))
    assert window.read("validation") != before


def test_restart_forgets(window: Window) -> None:
    window.controls.show_frame(frame(trainer(), steps=50, restart=True))
    fresh = frame(trainer(validation=0.0), Phase(PhaseKind.INPUT), restart=True)
    window.controls.show_frame(replace(fresh, scalars=Scalars.empty(2)))
    assert [window.read(key) for key in ("step", "loss", "validation", "metric")] == ["0", "–", "–", "–"]


@pytest.mark.usefixtures("dressed")
def test_nothing_moves_while_running(window: Window) -> None:
    source = trainer()

    def places() -> list[QPoint]:
        QApplication.processEvents()
        widgets = [*window.controls.findChildren(QLabel), *window.controls.findChildren(QToolButton)]
        return [each.mapTo(window.window, QPoint(0, 0)) for each in widgets if each.isVisible()]

    shown = frame(source, restart=True)
    window.controls.show_frame(shown)
    before = places()
    for loss in (1e-12, 123456.0, float("nan"), 8.8888e-30):
        record = replace(shown.record, step=9_999_999, epoch=999, data_loss=loss)
        status = Status.RUNNING if loss > 1 else Status.PAUSED
        window.controls.show_frame(replace(shown, record=record, status=status, restart=False))
        assert places() == before
    window.controls.speed = len(RATES) - 1
    assert places() == before


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    """The fonts and the style sheet of the application."""
    font = qapp.font()
    appearance = Appearance(qapp, "en", "light", remember=False)
    yield
    appearance.deleteLater()
    qapp.setStyleSheet("")
    qapp.setFont(font)


@pytest.fixture
def stretched(qapp: QApplication) -> Iterator[None]:
    with spoken(longer):
        yield


@pytest.mark.usefixtures("dressed")
def test_read_outs_stay_when_texts_are_longer(dressed: None, stretched: None, window: Window) -> None:
    window.controls.show_frame(frame(trainer(), steps=30, restart=True))
    for width in (1280, 2400):
        window.window.resize(width, 400)
        QApplication.processEvents()
        QApplication.processEvents()
        shown = [label for label in window.controls.read_outs.findChildren(QLabel) if label.isVisible()]
        assert len(shown) >= 4
        for label in shown:
            assert label.visibleRegion().boundingRect() == label.rect(), label.text()
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
        for name in ("runButton", "stepButton"):
            button = window.controls.findChild(QToolButton, name)
            assert button is not None and button.width() >= button.sizeHint().width()
    style = window.controls.toolButtonStyle()
    assert style is Qt.ToolButtonStyle.ToolButtonTextBesideIcon, "2400 pixels are enough for the words"


def test_language_changes_at_run_time(window: Window) -> None:
    window.controls.show_frame(frame(trainer(), restart=True))
    with spoken(longer):
        actions = window.controls.findChildren(QAction)
        texts = {action.text() for action in actions if action.objectName()}
        texts |= {window.controls.granularity_combo.itemText(i) for i in range(4)}
    assert len(texts) == 8
    assert all(text.startswith("«") for text in texts)
    assert window.controls.run_action.text() == "Run"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.usefixtures("dressed")
def test_icons_are_of_the_themes_colours(window: Window, theme: Theme) -> None:
    window.controls.set_theme(theme)
    for action, colour in (
        (window.controls.step_action, theme.text),
        (window.controls.reset_action, theme.text),
        (window.controls.run_action, theme.accent_text),
    ):
        image = action.icon().pixmap(16, 16).toImage()
        pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        solid = {pixel.name() for pixel in pixels if pixel.alpha() == 255}
        assert QColor(colour).name() in solid
        assert any(pixel.alpha() == 0 for pixel in pixels)


def test_the_moment_of_a_validation_is_the_epoch_that_ended(window: Window) -> None:
    """Twelve steps an epoch: the last was over at step 24, unless that is still under way."""
    source = trainer()
    window.controls.show_frame(frame(source, steps=24, restart=True))
    assert window.caption("validation") == "validation loss (end of epoch 2)"
    last = frame(source, Phase(PhaseKind.BACKWARD, 1))
    window.controls.show_frame(last)
    assert window.caption("step") == "in step · epoch 3"
    assert window.caption("validation") == "validation loss (end of epoch 2)"
    window.controls.show_frame(frame(source, steps=11))
    assert window.caption("validation") == "validation loss (end of epoch 3)"
    window.controls.read_outs.set_brief(True)
    assert window.caption("validation") == "validation loss (ep. 3)"
    assert window.caption("step") == "after step · ep. 3"


def test_buttons_of_the_toolbar_are_reached_with_tab_and_pressed_with_space(
    window: Window, qtbot: QtBot
) -> None:
    asked: list[object] = []
    window.controls.command.connect(asked.append)
    window.controls.show_frame(frame(trainer(), steps=3, restart=True))
    for name, kind in (("stepButton", Step), ("resetButton", Reset), ("stepBackButton", Back)):
        button = window.controls.findChild(QToolButton, name)
        assert button is not None and button.focusPolicy() & Qt.FocusPolicy.TabFocus
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        assert isinstance(asked[-1], kind), name


def test_a_tool_says_all_of_its_text(window: Window) -> None:
    action = QAction("Pause when…", window.window)
    window.controls.add_tool(action)
    button = window.controls.widgetForAction(action)
    assert isinstance(button, QToolButton)
    assert button.text() == "Pause when…" and not button.icon().isNull()
    action.setText("暂停条件…")
    assert button.text() == "暂停条件…"


@pytest.mark.usefixtures("dressed")
def test_what_has_no_room_goes_behind_one_button(dressed: None, window: Window) -> None:
    controls = window.controls
    action = QAction("Pause when…", window.window)
    pressed: list[None] = []
    action.triggered.connect(lambda: pressed.append(None))
    controls.add_tool(action)
    controls.show_frame(frame(trainer(), steps=30, restart=True))
    more = controls.findChild(QToolButton, "moreToolsButton")
    assert more is not None
    for width, behind in ((1440, False), (1024, True), (1440, False)):
        window.window.resize(width, 400)
        QApplication.processEvents()
        assert more.isVisible() is behind
        assert controls.speed_slider.isVisible() is not behind
        assert (action in controls.actions()) is not behind
        labels = [controls.findChild(QLabel, f"{key}ReadOut") for key in ("step", "validation", "metric")]
        assert all(label is not None and label.isVisible() for label in labels)
        assert controls.sizeHint().width() <= width
    speeds, pause = more.menu().actions()
    menu = speeds.menu()
    assert isinstance(menu, QMenu) and pause is action
    assert [each.isChecked() for each in menu.actions()].index(True) == controls.speed
    menu.actions()[-1].trigger()
    assert controls.rate is None and menu.actions()[-1].isChecked()
    pause.trigger()
    assert len(pressed) == 1


@pytest.mark.parametrize("width", [1024, 1280, 1440])
@pytest.mark.usefixtures("dressed")
def test_epochs_of_many_digits_move_nothing_and_find_room(dressed: None, window: Window, width: int) -> None:
    controls = window.controls
    window.window.resize(width, 400)
    QApplication.processEvents()
    shown = frame(trainer(), steps=30, restart=True)
    places = []
    for epoch in (3, 889, 8_888, 99_999, 9_999_999):
        record = replace(shown.record, step=9_999_999, epoch=epoch)
        controls.show_frame(replace(shown, record=record, restart=False))
        QApplication.processEvents()
        labels = [each for each in controls.read_outs.findChildren(QLabel) if each.isVisible()]
        assert controls.sizeHint().width() <= width
        assert all(each.fontMetrics().horizontalAdvance(each.text()) <= each.width() for each in labels)
        places.append([each.mapTo(controls, QPoint(0, 0)) for each in labels])
        assert grouped(epoch) in window.caption("step")
    assert all(place == places[0] for place in places)


@pytest.mark.usefixtures("dressed")
def test_the_read_outs_stay_at_every_width(dressed: None, window: Window) -> None:
    window.controls.show_frame(frame(trainer(), steps=30, restart=True))
    for width in (1700, *range(1640, 880, -40), *range(900, 1700, 50)):
        window.window.resize(width, 400)
        QApplication.processEvents()
        assert window.controls.read_outs.isVisible(), width
        assert window.controls.read_outs.width() >= window.controls.read_outs.sizeHint().width(), width
