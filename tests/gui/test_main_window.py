"""The whole window, driven as a person drives it."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QThread, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Trainer, builtin
from engine.errors import ExperimentError
from engine.explain.expression import PRESETS
from engine.parts import Part
from engine.phases import PhaseKind
from engine.series import STORE
from engine.training.conditions import CONDITIONS, Breakpoint
from gui.lab import Lab
from gui.text.numbers import short
from gui.training.messages import Frame, Freeze, Granularity, Seek, SetParameter, Status
from gui.widgets.message_bar import Tone
from gui.widgets.number_box import NumberBox
from tests.gui.driver import Driver

DATA = Path(__file__).parents[1] / "data" / "corpus"
GOLDEN = Path(__file__).parents[1] / "golden"


class Window(Driver):
    """A main window and short ways to press what is in it."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, remember=True)

    def open(self, path: Path) -> None:
        """Open a file through the action and its dialog, and wait for what comes of it."""
        generation, bar = self.frame.generation, self.bar
        bar.hide()
        self.action("openDatasetAction").trigger()
        self.wait(lambda: self.frame.generation > generation or (bar.tone is Tone.ERROR and bool(bar.text)))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.close()


@pytest.fixture
def dialog(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Answer the file dialog."""

    def answer(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args, **kwargs: (str(path), ""))

    return answer


def running(frame: Frame) -> bool:
    return frame.status is Status.RUNNING


def paused(frame: Frame) -> bool:
    return frame.status is Status.PAUSED


def test_first_launch_is_the_articles_network(window: Window) -> None:
    case = json.loads((GOLDEN / "article_listing.json").read_text())["cases"][0]
    record = window.frame.record
    assert record.sizes == (4, 3, 2)
    assert [layer.activation.name for layer in window.frame.experiment.layers] == ["sigmoid", "sigmoid"]
    assert np.array_equal(record.a[0], case["inputs"])
    assert np.array_equal(record.targets, case["targets"])
    for array in (*record.weights_before, *record.biases_before):
        assert ((array >= 0) & (array < 1)).all() and array.std() > 0
    assert window.frame.experiment.reduction == "sum"
    frame = window.press("stepAction")
    assert frame.phase is not None and (frame.phase.kind, frame.phase.layer) == (PhaseKind.FORWARD, 1)


def test_step_by_layer_then_back(window: Window) -> None:
    window.choose(Granularity.LAYER)
    kinds = [window.press("stepAction").phase for _ in range(6)]
    assert [phase.kind.value for phase in kinds if phase] == [
        "forward",
        "forward",
        "loss",
        "backward",
        "backward",
        "update",
    ]
    frame = window.press("stepBackAction")
    assert frame.phase is not None and frame.phase.kind is PhaseKind.BACKWARD
    assert frame.step == 0


def test_stepping_back_goes_through_steps_to_the_beginning(window: Window) -> None:
    window.main.focus.select(Part("weight", 1, 0, 0))
    for granularity in (Granularity.FACTOR, Granularity.LAYER, Granularity.SAMPLE):
        window.choose(Granularity.BATCH)
        window.wait(lambda: window.action("stepAction").isEnabled())
        while window.frame.step < 2:
            window.press("stepAction")
        window.choose(granularity)
        presses = 0
        while window.action("stepBackAction").isEnabled():
            window.press("stepBackAction")
            presses += 1
            assert presses < 60, granularity
        assert window.frame.step == 0, granularity
        assert window.frame.phase is not None and window.frame.phase.kind is PhaseKind.INPUT
        assert window.frame.record.step == 1


def test_divergence_is_explained_until_something_is_done_about_it(window: Window) -> None:
    window.main.document.set_dataset(builtin("sine"))
    window.wait(lambda: window.frame.dataset.name == "sine")
    window.main.document.set_value("learning_rate", 1000.0)
    window.full_speed()
    frame = window.press("runAction", lambda frame: frame.status is Status.DIVERGED)
    assert frame.step == frame.error.details["step"] - 1
    assert window.bar.tone is Tone.ERROR and window.bar.text
    slider = window.main.findChild(QSlider, "timelineSlider")
    assert slider is not None
    slider.setValue(0)
    window.wait(lambda: window.frame.status is Status.PAUSED)
    assert window.bar.text == ""
    window.main.document.set_value("learning_rate", 0.01)
    window.press("resetAction")
    window.press("runAction", lambda frame: frame.step > 100)
    assert window.press("runAction", paused).step > 100


def test_a_network_whose_first_step_diverges_is_shown_all_the_same(window: Window) -> None:
    inputs = np.linspace(-1, 1, 40).reshape(20, 2)
    data = Dataset.from_arrays(inputs, inputs.sum(axis=1) * 1e200, name="huge")
    window.main.document.set_dataset(data, {"target_scaling": "none"})
    window.wait(lambda: window.frame.dataset.name == "huge")
    frame = window.press("stepAction", lambda frame: frame.status is Status.DIVERGED)
    assert frame.step == 0 and window.bar.tone is Tone.ERROR
    window.press("undoAction", lambda frame: frame.dataset.name == "article")
    assert window.press("stepAction").record.step == 1


def test_data_that_are_too_large_are_called_the_cause(window: Window) -> None:
    experiment = Experiment((Layer(1),), "mean_absolute_error", learning_rate=1e-200)
    data = Dataset.from_arrays([[1.6e160], [1.0]], [1.0, 1.0], name="huge")
    window.main.document.open_problem(experiment, data)
    window.wait(lambda: window.frame.dataset.name == "huge")
    frame = window.press("stepAction", lambda frame: frame.status is Status.DIVERGED)
    assert frame.error.kind == "too_large"
    assert "·10" in window.bar.text and "e+" not in window.bar.text
    assert "learning rate" not in window.bar.text and "scale the features or targets" in window.bar.text
    status = window.main.findChild(QLabel, "statusText")
    assert status is not None and status.text() == "Stopped: a number is too large"
    window.press("undoAction", lambda frame: frame.dataset.name == "article")


def test_run_pause_and_no_scalar_lost(window: Window) -> None:
    window.full_speed()
    window.press("runAction", lambda frame: running(frame) and frame.step > 10_000)
    frame = window.press("runAction", paused)
    assert frame.step > 10_000
    assert window.main.curves_view.steps_kept == frame.step
    assert np.array_equal(
        np.concatenate([f.scalars.steps for f in window.frames]), np.arange(1, frame.step + 1)
    )


def test_reset_then_the_same_numbers_again(window: Window) -> None:
    window.choose(Granularity.BATCH)
    first = [window.press("stepAction").record.data_loss for _ in range(3)]
    frame = window.press("resetAction")
    assert frame.step == 0
    assert window.main.curves_view.steps_kept == 0
    assert [window.press("stepAction").record.data_loss for _ in range(3)] == first
    changed = window.press("newSeedAction").record
    assert not np.array_equal(changed.weights_before[0], window.frames[0].record.weights_before[0])


def test_open_csv_and_train(window: Window, dialog: Callable[[Path], None]) -> None:
    dialog(DATA / "iris_basic.csv")
    window.open(DATA / "iris_basic.csv")
    assert window.frame.dataset.class_names == ("setosa", "versicolor", "virginica")
    assert window.frame.experiment.loss.name == "cross_entropy"
    window.full_speed()
    window.press("runAction", lambda frame: frame.step >= 2_000)
    frame = window.press("runAction", paused)
    metric = [m for f in window.frames for m in f.scalars.validation_metric.tolist()]
    assert frame.step >= 2_000
    assert metric[165] >= 0.93  # of 12 steps each, wherever the pause came


def test_bad_files_are_explained_and_training_goes_on(window: Window, dialog: Callable[[Path], None]) -> None:
    window.full_speed()
    window.press("runAction", running)
    before = window.frame
    for name, said in (
        ("empty.csv", "empty"),
        ("header_only.csv", "row"),
        ("bad_number.csv", "84"),
        ("ragged_long.csv", "57"),
        ("single_class.csv", "setosa"),
        ("picture_renamed.csv", "PNG"),
        ("no_such_file.csv", "no_such_file.csv"),
        (".", ""),
    ):
        dialog(DATA / name)
        window.open(DATA / name)
        assert window.bar.isVisible() and window.bar.tone is Tone.ERROR, name
        assert said.lower() in window.bar.text.lower(), name
        seen = window.frame.step
        window.wait(lambda seen=seen: window.frame.step > seen)  # type: ignore[misc]
        assert window.frame.generation == before.generation, name
        assert window.frame.status is Status.RUNNING, name


def test_one_row_and_no_features(window: Window, dialog: Callable[[Path], None], tmp_path: Path) -> None:
    for name, text in (("one.csv", "a,b,y\n1,2,3\n"), ("none.csv", "y\n1\n2\n3\n")):
        path = tmp_path / name
        path.write_text(text)
        dialog(path)
        window.open(path)
        if window.frame.dataset.name == "article":
            assert window.bar.tone is Tone.ERROR and name in window.bar.text
    assert window.press("stepAction").record is not None


def test_drop_a_file(window: Window) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(DATA / "wine_semicolon_decimal_comma.csv"))])
    place = QPoint(50, 50)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window.main, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window.main, drop)
    window.wait(lambda: window.frame.dataset.inputs.shape == (178, 13))


def test_of_several_files_that_are_dropped_one_is_chosen(window: Window) -> None:
    mime = QMimeData()
    names = ("iris_basic.csv", "wine_semicolon_decimal_comma.csv")
    mime.setUrls([QUrl.fromLocalFile(str(DATA / name)) for name in names])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window.main, enter)
    drop = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window.main, drop)
    assert "2 files" in window.bar.text
    window.main.notices.open_requested.emit(DATA / names[1])
    window.wait(lambda: window.frame.dataset.inputs.shape == (178, 13))


def test_files_for_training_and_testing_are_told_apart_by_their_names(window: Window) -> None:
    window.main.notices.say_several([Path("wine_test.csv"), Path("wine_train.csv"), Path("notes.txt")])
    assert "3 files were dropped" in window.bar.text
    assert "train on wine_train.csv, then drop wine_test.csv on Predict" in window.bar.text
    window.main.notices.say_several([Path("a_train.csv"), Path("b_test.csv")])
    assert "Predict" not in window.bar.text


def test_undo_brings_the_learned_network_back(window: Window) -> None:
    window.full_speed()
    window.press("runAction", lambda frame: frame.step > 100)
    learned = window.press("runAction", paused)
    window.main.document.set_value("layers[0].units", 7)
    window.wait(lambda: window.frame.record.sizes == (4, 7, 2))
    assert window.frame.step == 0
    frame = window.press("undoAction", lambda frame: frame.record.sizes == (4, 3, 2))
    assert frame.step == learned.step
    assert np.array_equal(frame.record.weights_after[0], learned.record.weights_after[0])
    assert window.main.curves_view.steps_kept == learned.step
    window.press("redoAction", lambda frame: frame.record.sizes == (4, 7, 2))


def test_learning_rate_changes_while_running(window: Window) -> None:
    window.full_speed()
    window.press("runAction", running)
    window.main.document.set_value("learning_rate", 0.125)
    window.wait(lambda: window.frame.record.learning_rate == 0.125)
    assert window.frame.status is Status.RUNNING
    assert window.frame.step > 0


def test_timeline_goes_to_any_step(window: Window) -> None:
    window.choose(Granularity.BATCH)
    records = [window.press("stepAction").record for _ in range(12)]
    slider = window.main.findChild(QSlider, "timelineSlider")
    assert slider is not None and slider.maximum() == 12
    slider.setValue(5)
    window.wait(lambda: window.frame.step == 5)
    assert np.array_equal(window.frame.record.weights_after[0], records[4].weights_after[0])
    assert window.press("stepAction").record.data_loss == records[5].data_loss


def test_selection_survives_stepping(window: Window) -> None:
    chosen = Part("weight", 2, 1, 0)
    window.main.focus.select(chosen)
    window.choose(Granularity.BATCH)
    window.press("stepAction")
    window.press("stepAction")
    assert window.main.focus.part == chosen
    assert window.main.chain_rule_view.explanation is not None
    assert window.main.chain_rule_view.explanation.gradient == window.frame.record.weight_grads[1][0, 1]


@pytest.mark.usefixtures("dressed")
def test_language_and_theme_at_run_time(window: Window) -> None:
    labels = {w.text() for w in window.main.findChildren(QLabel) if w.isVisible()}
    window.main.appearance.set_language("zh_CN")
    QApplication.processEvents()
    try:
        chinese = {w.text() for w in window.main.findChildren(QLabel) if w.isVisible()}
        assert window.action("openDatasetAction").text() == "打开数据集…"
        assert len(labels - chinese) > 10
    finally:
        window.main.appearance.set_language("en")
        QApplication.processEvents()
    assert window.action("openDatasetAction").text() == "Open data set…"
    light = window.main.grab().toImage().pixelColor(5, 400).lightness()
    window.main.appearance.set_theme("dark")
    try:
        assert window.main.grab().toImage().pixelColor(5, 400).lightness() < 60 < light
    finally:
        window.main.appearance.set_theme("light")


def test_every_action_has_text_tooltip_and_its_own_key(window: Window) -> None:
    keys: dict[str, str] = {}
    for action in window.main.findChildren(QAction):
        if not action.objectName() or action.isSeparator():
            continue
        assert action.text(), action.objectName()
        for key in action.shortcuts():
            name = key.toString()
            assert keys.setdefault(name, action.objectName()) == action.objectName()
            assert key.toString(key.SequenceFormat.NativeText) in action.toolTip(), action.objectName()
    assert keys["Space"] == "runAction" and keys["Right"] == "stepAction" and keys["Left"] == "stepBackAction"
    assert (
        keys["Home"] == "resetAction" and keys["Ctrl+O"] == "openDatasetAction" and keys["F"] == "fitAction"
    )
    assert keys["F1"] == "helpAction" and keys["Ctrl+Z"] == "undoAction"


def test_names_that_scripts_rely_on(window: Window) -> None:
    for name in ("networkView", "curvesView", "chainRuleView", "timelineSlider", "setupPanel", "messageBar"):
        assert window.main.findChild(QWidget, name) is not None, name


def chain_dock(window: Window) -> QDockWidget:
    dock = window.main.findChild(QDockWidget, "chainRuleDock")
    assert dock is not None
    return dock


def animations(window: Window) -> list[QAction]:
    menu = window.main.findChild(QMenu, "animationMenu")
    assert menu is not None
    return menu.actions()


def choose_animation(window: Window, text: str) -> None:
    next(action for action in animations(window) if action.text() == text).trigger()


@pytest.mark.usefixtures("dressed")
def test_layout_and_choices_are_remembered(qtbot: QtBot) -> None:
    first = Window(qtbot)
    first.choose(Granularity.EPOCH)
    first.full_speed()
    chain_dock(first).toggleViewAction().trigger()
    assert first.main.network_view.animated
    choose_animation(first, "Off")
    assert not first.main.network_view.animated
    first.main.close()
    first.main.deleteLater()
    assert QSettings().contains("windowState")
    second = Window(qtbot)
    try:
        assert second.main.run_controls.granularity is Granularity.EPOCH
        assert second.main.run_controls.rate is None
        assert chain_dock(second).isHidden()
        assert not second.main.network_view.animated
        assert [a.text() for a in animations(second) if a.isChecked()] == ["Off"]
        second.action("resetLayoutAction").trigger()
        assert not chain_dock(second).isHidden()
    finally:
        second.main.close()
        second.main.deleteLater()


def test_closing_while_running_leaves_no_thread(qtbot: QtBot) -> None:
    for _ in range(2):
        window = Window(qtbot)
        window.full_speed()
        window.press("runAction", running)
        worker, tasks = window.main._worker, window.main._tasks
        window.main.close()
        assert not worker.is_running and not tasks.is_running
        window.main.deleteLater()
        del window
        gc.collect()
    assert gc.isenabled()
    assert QThread.currentThread() is QApplication.instance().thread()


def test_loading_and_rebuilding_while_running_shows_no_stale_frame(window: Window) -> None:
    """30 loads and rebuilds in a row while training runs at full speed."""
    window.full_speed()
    window.press("runAction", running)
    sets = [builtin("iris"), builtin("wine"), builtin("circles")]
    for index in range(30):
        if index % 2:
            window.main.document.set_value("layers[0].units", 2 + index % 9)
        else:
            window.main.document.set_dataset(sets[index // 2 % 3])
        if index % 5 == 0:
            window.action("runAction").trigger()
            window.qtbot.wait(1)
    document = window.main.document
    window.wait(lambda: window.frame.generation == document.generation)
    for frame in window.frames:
        assert frame.record.a[0].shape[1] == frame.dataset.inputs.shape[1]
    assert window.frame.dataset is document.dataset
    assert window.frame.record.sizes[1] == document.experiment.layers[0].units


def test_a_formula_opens_as_the_same_network(window: Window) -> None:
    window.action("expressionLabAction").trigger()
    lab = window.main.pages.views["expression_lab"]
    assert isinstance(lab, Lab) and lab.isVisible()
    lab = lab.functions
    lab.use_preset(next(preset for preset in PRESETS if preset.network is not None))
    assert lab.graph is not None
    partials = dict(lab.graph.partials)
    button = lab.findChild(QAbstractButton, "expressionNetworkButton")
    assert button is not None
    button.click()
    window.wait(lambda: window.frame.record.sizes == (2, 2, 1))
    network = next(preset.network for preset in PRESETS if preset.network is not None)
    weights, biases = network.parameters(partials)
    record = window.frame.record
    for shown, expected in zip((*record.weight_grads, *record.bias_grads), (*weights, *biases), strict=True):
        assert np.allclose(shown, expected, rtol=0, atol=1e-15)
    assert record.data_loss == pytest.approx(lab.graph.value, abs=1e-15)
    lab.close()


def test_a_row_can_be_traced_whether_in_the_batch_or_not(window: Window) -> None:
    window.main.document.set_dataset(builtin("iris"))
    window.wait(lambda: window.frame.dataset.name == "iris")
    row = next(r for r in range(150) if r not in window.frame.record.indices.tolist())
    window.main.focus.show_row(row)
    window.wait(lambda: window.frame.record.indices.tolist() == [row])
    prepared = Trainer(window.frame.experiment, window.frame.dataset).prepared
    assert np.array_equal(window.frame.record.a[0], prepared.transform(builtin("iris").inputs[[row]]))
    window.choose(Granularity.BATCH)
    assert window.press("stepAction").step == 1


def test_a_breakpoint_pauses_at_its_step_and_says_so(window: Window) -> None:
    window.main.breakpoints_panel.set_breakpoints((Breakpoint(CONDITIONS["step_reached"](step=777)),))
    window.main.breakpoints_panel.conditions_changed.emit(window.main.breakpoints_panel.breakpoints)
    window.full_speed()
    frame = window.press("runAction", paused)
    assert frame.step == 777 and frame.hit is not None
    assert [step for step, _ in window.main.timeline.pauses] == [777]
    assert "777" in window.main.timeline.pauses[0][1]
    window.press("runAction", lambda frame: frame.step > 1_000)
    window.press("runAction", paused)


def test_runs_are_listed_compared_and_gone_back_to(window: Window) -> None:
    window.full_speed()
    window.press("runAction", lambda frame: frame.step > 50)
    first = window.press("runAction", paused)
    window.press("resetAction")
    window.main.document.set_value("learning_rate", 0.05)
    window.press("runAction", lambda frame: frame.step > 50)
    window.press("runAction", paused)
    panel = window.main.runs_panel
    window.wait(lambda: len(panel.runs) == 2)
    other = next(run for run in panel.runs if not run.current)
    panel.overlay_changed.emit((other.key,))
    window.wait(lambda: bool(window.main.curves_view._overlays))
    panel.run_selected.emit(other.key)
    window.wait(lambda: window.frame.record.experiment.learning_rate == 0.5)  # both may have as many steps
    window.wait(lambda: window.frame.step == first.step)
    assert np.array_equal(window.frame.record.weights_after[0], first.record.weights_after[0])
    assert window.main.document.experiment.learning_rate == 0.5


def test_experiment_that_was_typed_wrong_changes_nothing(window: Window) -> None:
    before = window.main.document.experiment
    assert window.main.document.refusal("learning_rate", float("inf")) is not None
    assert window.main.document.experiment == before
    assert isinstance(before, Experiment) and isinstance(before.layers[0], Layer)


def test_step_by_factor_of_the_selected_weight(window: Window) -> None:
    window.choose(Granularity.FACTOR)
    network, inspector = window.main.network_view, window.main.chain_rule_view
    strip = window.main.pages.centre.strip
    frame = window.press("stepAction")
    assert frame.phase is not None and (frame.phase.kind, frame.phase.layer) == (PhaseKind.FORWARD, 1)
    assert "select a weight" in strip.hint
    network.focus.select(Part("weight", 2, 1, 0))
    assert strip.hint == ""
    seen = [window.press("stepAction").phase for _ in range(8)]
    factors = [phase.factor.value for phase in seen if phase is not None and phase.factor is not None]
    assert factors == ["upstream", "slope", "incoming", "share", "gradient"]
    assert window.frame.step == 1
    window.press("stepBackAction")
    assert inspector.headline.value == window.frame.record.weight_grads[1][0, 1]
    window.press("stepBackAction")
    assert inspector.headline.value is None
    assert np.prod([card.value for card in inspector.cards]) == pytest.approx(
        window.frame.record.a[1][0, 0] * window.frame.record.delta[1][0, 1], rel=1e-12
    )


def test_a_weight_typed_into_the_graph_counts_at_once_and_is_undone(window: Window) -> None:
    window.choose(Granularity.BATCH)
    window.press("stepAction")
    before = window.press("stepAction")
    part = Part("weight", 1, 2, 3)
    network = window.main.network_view
    network.focus.select(part)
    network.edit(part)
    field = network.editor.findChild(QLineEdit, "valueEditorField")
    field.selectAll()
    window.qtbot.keyClicks(field, "1/3")
    window.qtbot.keyClick(field, Qt.Key.Key_Return)
    window.wait(lambda: window.frame.parameter(part) == 1 / 3)
    trainer = Trainer(before.experiment, before.dataset)
    weights = [w.copy() for w in before.record.weights_after]
    weights[0][3, 2] = 1 / 3
    trainer.set_parameters(weights, before.record.biases_after)
    assert window.frame.record.data_loss == trainer.peek().data_loss
    assert window.frame.step == 2
    frame = window.press("undoAction")
    assert frame.parameter(part) == before.parameter(part)
    assert window.press("redoAction").parameter(part) == 1 / 3


def test_a_bias_frozen_in_the_graph_does_not_move(window: Window) -> None:
    window.choose(Granularity.BATCH)
    part, network = Part("bias", 2, 1), window.main.network_view
    network.focus.select(part)
    window.qtbot.keyClick(network.canvas, Qt.Key.Key_K)
    window.wait(lambda: window.frame.is_frozen(part))
    held = window.frame.parameter(part)
    assert window.press("stepAction").parameter(part) == held
    assert not window.press("undoAction").is_frozen(part)
    assert window.press("stepAction").parameter(part) != held


def test_two_parts_are_compared_in_the_inspector(window: Window) -> None:
    network = window.main.network_view
    network.focus.select(Part("weight", 1, 2, 3))
    network.focus.compare(Part("weight", 1, 0, 3))
    compared = window.main.chain_rule_view.findChild(QWidget, "chainRuleComparison")
    assert compared is not None and compared.isVisible()
    network.focus.select(None)
    assert not compared.isVisible()


def test_the_setup_shows_what_training_uses_wherever_one_has_gone(window: Window) -> None:
    """Back in time the settings are those of then, until others are typed; undo is about what is in force."""
    document, stack = window.main.document, window.main.document.undo_stack
    box = window.main.setup_panel.findChild(NumberBox, "learning_rate")
    slider = window.main.findChild(QSlider, "timelineSlider")
    assert box is not None and slider is not None

    def type_rate(text: str) -> None:
        box.selectAll()
        window.qtbot.keyClicks(box, text)
        window.qtbot.keyClick(box, Qt.Key.Key_Return)

    def step() -> Frame:
        number = window.frame.step + 1
        return window.press("stepAction", lambda frame: frame.step == number)

    window.choose(Granularity.BATCH)
    for _ in range(5):
        step()
    type_rate("0.05")
    document.set_value("optimizer", "adam")
    window.wait(lambda: window.frame.settings == document.experiment)
    for _ in range(5):
        frame = step()
    assert (frame.step, frame.record.learning_rate, box.text()) == (10, 0.05, "0.05")
    slider.setValue(3)
    window.wait(lambda: window.frame.step == 3)
    assert (box.text(), document.experiment.optimizer.name, stack.count()) == ("0.5", "sgd", 2)
    slider.setValue(7)
    window.wait(lambda: window.frame.step == 7)
    assert (box.text(), document.experiment.optimizer.name) == ("0.05", "adam")

    slider.setValue(3)
    window.wait(lambda: window.frame.step == 3)
    part = Part("weight", 1, 2, 3)
    there = window.frame.parameter(part)
    window.main.edits.set_parameter(SetParameter(part, 0.25))
    window.wait(lambda: window.frame.restart)
    frame = step()
    assert (frame.step, frame.furthest) == (4, 4)
    assert frame.record.learning_rate == float(box.text()) == 0.5
    assert frame.experiment.optimizer.name == document.experiment.optimizer.name == "sgd"
    type_rate("0.05")
    assert step().record.learning_rate == 0.05

    window.press("undoAction")  # the rate typed just now
    assert step().record.learning_rate == 0.5
    window.press("undoAction", lambda frame: frame.parameter(part) == there)  # the weight
    for _ in range(2):  # adam and the first 0.05 are in a future that this run has not
        stack.undo()
    frame = step()
    assert frame.experiment == document.experiment
    assert (frame.record.learning_rate, frame.experiment.optimizer.name) == (0.5, "sgd")
    for _ in range(2):
        stack.redo()
    assert step().experiment.learning_rate == 0.5


def test_undo_of_what_was_done_later_says_where_and_keeps_it(window: Window) -> None:
    """Of a parameter and of a setting; where one is told to go, it is undone, and likewise redone."""
    document, stack = window.main.document, window.main.document.undo_stack
    part = Part("weight", 1, 2, 3)
    window.choose(Granularity.BATCH)

    def steps(count: int) -> Frame:
        for _ in range(count):
            frame = window.press("stepAction")
        return frame

    def go(step: int) -> None:
        window.main.submit(Seek(step))
        window.wait(lambda: window.frame.step == step)

    before = steps(5).parameter(part)
    window.main.edits.set_parameter(SetParameter(part, 0.5))
    window.wait(lambda: window.frame.parameter(part) == 0.5)
    steps(2)
    document.set_value("learning_rate", 0.05)
    steps(2)

    go(3)
    window.action("undoAction").trigger()
    assert window.bar.text == "The change to undo was made later, at step 7: go there to undo it."
    assert (stack.index(), document.experiment.learning_rate) == (2, 0.5)
    go(7)
    frame = window.press("undoAction", lambda frame: frame.settings.learning_rate == 0.5)
    assert (frame.step, stack.index(), document.experiment.learning_rate) == (7, 1, 0.5)
    assert not window.bar.isVisible()
    go(3)
    window.action("undoAction").trigger()
    assert window.bar.text == "The change to undo was made later, at step 5: go there to undo it."
    assert stack.index() == 1
    window.action("redoAction").trigger()
    assert window.bar.text == "The change to redo was undone later, at step 7: go there to redo it."
    assert (stack.index(), window.frame.furthest) == (1, 7)
    go(5)
    assert window.press("undoAction").parameter(part) == before
    assert stack.index() == 0
    go(4)
    window.action("redoAction").trigger()
    assert window.bar.text == "The change to redo was undone later, at step 5: go there to redo it."
    go(5)
    assert window.press("redoAction").parameter(part) == 0.5
    assert stack.index() == 1


def test_undo_passes_over_what_this_run_has_not(window: Window) -> None:
    document, stack = window.main.document, window.main.document.undo_stack
    part = Part("weight", 1, 2, 3)
    window.choose(Granularity.BATCH)
    document.set_value("learning_rate", 0.25)
    window.press("stepAction", lambda frame: frame.step == 1)
    window.press("stepAction", lambda frame: frame.step == 2)
    window.main.edits.set_parameter(SetParameter(part, 0.5))
    document.set_value("optimizer", "adam")
    window.wait(lambda: window.frame.settings == document.experiment)
    window.press("resetAction", lambda frame: frame.step == 0)
    window.press("undoAction", lambda frame: frame.settings.optimizer.name == "sgd")  # reset keeps settings
    assert stack.index() == 2
    window.press("undoAction", lambda frame: frame.settings.learning_rate == 0.5)
    assert stack.index() == 0


def test_the_batch_size_shown_in_the_past_is_what_was_asked_for_then(window: Window) -> None:
    document = window.main.document
    document.set_dataset(builtin("iris"))
    window.choose(Granularity.BATCH)
    document.set_value("batch_size", 20)
    window.press("stepAction", lambda frame: frame.step == 1)
    window.press("stepAction", lambda frame: frame.step == 2)
    document.set_value("batch_size", 7)
    window.press("stepAction", lambda frame: frame.step == 3)
    window.main.submit(Seek(1))
    window.wait(lambda: window.frame.step == 1)
    note = window.main.findChild(QWidget, "batch_size.note")
    assert note is not None and not note.isVisible()
    assert document.experiment.batch_size == document.batch_size == 20


def test_the_shown_value_typed_again_changes_nothing_and_another_does(window: Window) -> None:
    part = Part("weight", 1, 2, 3)
    window.choose(Granularity.BATCH)
    before = window.press("stepAction").parameter(part)
    window.main.edits.set_parameter(SetParameter(part, 0.5))
    window.wait(lambda: window.frame.parameter(part) == 0.5)
    window.press("stepAction", lambda frame: frame.step == 2)
    window.press("stepBackAction", lambda frame: frame.step == 1)
    assert window.frame.parameter(part) == 0.5
    window.main.edits.set_parameter(SetParameter(part, 0.5))
    assert window.main.document.undo_stack.count() == 1
    window.main.edits.set_parameter(SetParameter(part, before))
    window.wait(lambda: window.frame.parameter(part) == before)
    window.press("undoAction", lambda frame: frame.parameter(part) == 0.5)
    window.press("undoAction", lambda frame: frame.parameter(part) == before)


def test_a_weight_edited_while_a_smaller_network_loads_is_refused(window: Window) -> None:
    part = Part("weight", 1, 2, 3)
    window.main.focus.select(part)
    window.main.document.set_value("layers[0].units", 1)
    window.main.network_view.parameter_edited.emit(SetParameter(part, 0.5))
    window.main.network_view.freeze_requested.emit(Freeze(part, True))
    assert "replaced" in window.bar.text
    window.wait(lambda: window.frame.record.sizes == (4, 1, 2))
    assert window.press("stepAction").record.sizes == (4, 1, 2)
    assert window.main.document.undo_stack.count() == 1


def test_a_network_that_cannot_be_made_leaves_the_one_before(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.choose(Granularity.BATCH)
    learned = window.press("stepAction")

    def refuse(*args: object, **keywords: object) -> None:
        raise ExperimentError("no_layers")

    monkeypatch.setattr("gui.training.worker.Trainer", refuse)
    window.main.document.set_value("layers[0].units", 5)
    window.wait(lambda: window.frame.generation > learned.generation)
    assert window.main.document.experiment.layers[0].units == 3
    assert window.frame.step == 1
    assert np.array_equal(window.frame.record.weights_after[0], learned.record.weights_after[0])
    assert "no layers" in window.bar.text
    assert window.press("stepAction").step == 2


def test_a_disk_that_takes_no_more_is_told_once(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STORE, "_refusal", "No space left on device")
    window.press("stepAction")
    window.wait(lambda: window.bar.tone is Tone.WARNING)
    assert window.bar.text == (
        "The temporary folder takes no more of the series of all steps: No space left on device. "
        "They stay in memory instead: nothing is lost, and training goes on."
    )
    window.bar.hide()
    window.press("stepAction")
    assert window.bar.text == ""


def test_a_pause_says_why_with_the_panel_hidden(window: Window) -> None:
    panel = window.main.breakpoints_panel
    panel.set_breakpoints((Breakpoint(CONDITIONS["loss_below"](value=1)),))
    panel.conditions_changed.emit(panel.breakpoints)
    assert not panel.isVisible()
    status = window.main.findChild(QLabel, "statusText")
    assert status is not None
    window.full_speed()
    frame = window.press("runAction", lambda frame: frame.hit is not None)
    window.wait(lambda: status.text().startswith("Paused by"))
    assert frame.hit is not None
    value = frame.hit.value
    assert status.text() == f"Paused by the condition loss < 1. Step {frame.step}: {short(value, 6)}"
    assert status.minimumSizeHint().width() < 200 or status.sizePolicy().horizontalPolicy().name == "Ignored"
    window.press("stepAction", paused)
    assert status.text() == "Paused"


def test_fewer_outputs_of_typed_rows_keep_what_fits_and_say_what_does_not(window: Window) -> None:
    window.action("editRowsAction").trigger()
    outputs = window.main.data_desk.rows_editor.findChild(QSpinBox, "rowsOutputs")
    assert outputs is not None
    outputs.setValue(1)
    window.wait(lambda: window.frame.record.sizes[-1] == 1)
    assert window.frame.experiment.layers[-1] == Layer(1, "sigmoid")
    assert not window.bar.isVisible()
    window.press("undoAction", lambda frame: frame.record.sizes[-1] == 2)
    window.main.document.set_value("layers[1].activation", "softmax")
    window.action("editRowsAction").trigger()
    outputs.setValue(1)
    window.wait(lambda: window.frame.record.sizes[-1] == 1)
    assert window.bar.text == "The output activation is linear now: softmax does not fit these outputs."
    window.main.data_desk.rows_editor.close()


def test_r2_is_read_whichever_way_a_step_is_come_to(window: Window) -> None:
    for validation in (0.0, 0.3):
        check_r2_both_ways(window, validation)


def check_r2_both_ways(window: Window, validation: float) -> None:
    rng = np.random.default_rng(5)
    data = Dataset.from_arrays(rng.normal(size=(20, 2)), rng.normal(size=20))
    experiment = Experiment((Layer(1),), batch_size=5, validation=validation, learning_rate=0.05)
    window.main.document.open_problem(experiment, data)
    window.wait(lambda: window.frame.dataset is data)
    window.choose(Granularity.BATCH)
    trainer = Trainer(experiment, data)
    trainer.run(20)
    series = trainer.scalars
    metric = window.main.findChild(QLabel, "metricReadOut")
    assert metric is not None

    def read(step: int) -> str:
        evaluated = np.flatnonzero(series.evaluated_steps <= step)
        if len(evaluated):
            return short(float(series.validation_metric[evaluated[-1]]))
        return short(float(series.metric[step - 1]))

    for step in range(1, 9):
        window.press("stepAction", lambda frame, step=step: frame.step == step)  # type: ignore[misc]
        assert metric.text() == read(step)
    for step in range(7, 0, -1):
        window.press("stepBackAction", lambda frame, step=step: frame.step == step)  # type: ignore[misc]
        assert metric.text() == read(step), step
