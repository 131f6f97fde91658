"""The network view in a window: mouse, keys, what is selected, what is painted."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from gui.document.focus import Focus
from gui.style.theme import DARK, LIGHT, Theme
from gui.text.numbers import full, grouped, short
from gui.training.messages import Frame, Freeze, SetParameter, Status
from gui.views.network import NetworkView, Quantity
from tests.gui.language import quoted, spoken

TRANSLATIONS = Path(__file__).parents[3] / "resources" / "i18n"
FEATURES = ("sepal length", "sepal width", "petal length", "petal width")


def make_frames(
    hidden: tuple[int, ...] = (5, 4),
    inputs: int = 4,
    classes: int = 3,
    phase: Phase | None = None,
    optimizer: str = "sgd",
) -> Iterator[Frame]:
    """Frames of one training, each a step further."""
    random = np.random.default_rng(5)
    names = FEATURES if inputs == 4 else None
    dataset = Dataset.from_arrays(
        random.normal(size=(20, inputs)), np.arange(20) % classes, "multiclass", feature_names=names
    )
    layers = (*(Layer(units, "tanh") for units in hidden), Layer(classes, "softmax"))
    experiment = Experiment(
        layers, loss="cross_entropy", optimizer=optimizer, batch_size=6, seed=3, learning_rate=0.5
    )
    trainer = Trainer(experiment, dataset)
    scalars = Scalars.empty(len(layers))
    while True:
        yield Frame(0, dataset, trainer.step(), phase, scalars, False, Status.PAUSED)


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    view = NetworkView(Focus())
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.show_frame(next(make_frames()))
    # a double click in another test has left the button down
    QTest.mouseRelease(view.canvas.viewport(), Qt.MouseButton.LeftButton)
    return view


def centre(view: NetworkView, layer: int, unit: int) -> QPoint:
    return view.canvas.pixel(*view.canvas.graph.arrangement.layers[layer].centres[unit].tolist())


def chip(view: NetworkView, layer: int, unit: int) -> QPoint:
    return view.canvas.pixel(*view.canvas.graph.arrangement.layers[layer].biases[unit].tolist())


def along(view: NetworkView, part: Part, share: float = 0.31) -> QPoint:
    layers = view.canvas.graph.arrangement.layers
    start, end = layers[part.layer - 1].centres[part.source], layers[part.layer].centres[part.unit]
    return view.canvas.pixel(*(start + share * (end - start)).tolist())


def click(
    view: NetworkView, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def wheel(view: NetworkView, at: QPoint, steps: int) -> None:
    viewport = view.canvas.viewport()
    event = QWheelEvent(
        QPointF(at),
        QPointF(viewport.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


NOTHING = QPoint(6, 300)
WEIGHT = Part("weight", 2, 0, 4)


# selecting


@pytest.mark.parametrize("part", [Part("unit", 0, 2), Part("unit", 2, 3), Part("unit", 3, 0)])
def test_click_on_a_unit_selects_it(view: NetworkView, qtbot: QtBot, part: Part) -> None:
    with qtbot.waitSignal(view.focus.part_changed) as signal:
        click(view, centre(view, part.layer, part.unit))
    assert signal.args == [part]
    assert view.focus.part == part


@pytest.mark.parametrize("part", [Part("bias", 1, 0), Part("bias", 3, 2)])
def test_every_bias_can_be_clicked_the_outputs_too(view: NetworkView, part: Part) -> None:
    click(view, chip(view, part.layer, part.unit))
    assert view.focus.part == part


@pytest.mark.parametrize("part", [WEIGHT, Part("weight", 1, 4, 0), Part("weight", 3, 2, 0)])
def test_click_on_a_line_selects_the_weight(view: NetworkView, part: Part) -> None:
    click(view, along(view, part))
    assert view.focus.part == part


def test_click_on_a_title_or_the_loss(view: NetworkView) -> None:
    layout = view.canvas.graph.arrangement
    click(view, view.canvas.pixel(*layout.layers[2].title.centre))
    assert view.focus.part == Part("layer", 2)
    click(view, view.canvas.pixel(*layout.loss.centre))
    assert view.focus.part == Part("loss")


def test_selection_survives_a_step_and_is_cleared_by_a_click_on_nothing(
    view: NetworkView, qtbot: QtBot
) -> None:
    frames = make_frames()
    click(view, along(view, WEIGHT))
    view.show_frame(next(frames))
    view.show_frame(next(frames))
    assert view.focus.part == WEIGHT
    with qtbot.waitSignal(view.focus.part_changed) as signal:
        click(view, NOTHING)
    assert signal.args == [None]
    assert view.focus.part is None


def test_shift_click_compares(view: NetworkView, qtbot: QtBot) -> None:
    other = Part("unit", 1, 3)
    click(view, along(view, WEIGHT))
    with qtbot.waitSignal(view.focus.comparison_changed) as signal:
        click(view, centre(view, 1, 3), Qt.KeyboardModifier.ShiftModifier)
    assert signal.args == [other]
    assert (view.focus.part, view.focus.comparison) == (WEIGHT, other)
    click(view, centre(view, 1, 3), Qt.KeyboardModifier.ShiftModifier)
    assert view.focus.comparison is None


def test_parts_that_a_new_network_lacks_are_dropped(view: NetworkView, qtbot: QtBot) -> None:
    click(view, centre(view, 1, 4))
    click(view, along(view, WEIGHT), Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseMove(view.canvas.viewport(), chip(view, 1, 4))
    assert view.hovered == Part("bias", 1, 4)
    frame = next(make_frames(hidden=(2,)))
    with qtbot.waitSignals([view.focus.part_changed, view.focus.comparison_changed]):
        view.focus.show_frame(frame)
    view.show_frame(frame)
    assert (view.focus.part, view.focus.comparison, view.hovered) == (None, None, None)
    assert view.tip.isHidden()
    assert view.canvas.graph.arrangement.sizes == (4, 2, 3)
    view.grab()


# hovering


def test_tooltip_stays_live_with_full_precision(view: NetworkView) -> None:
    frames = make_frames()
    QTest.mouseMove(view.canvas.viewport(), along(view, WEIGHT))
    assert view.hovered == WEIGHT
    assert view.tip.isVisible()
    for _ in range(3):
        frame = next(frames)
        view.show_frame(frame)
        assert full(frame.record.weights_after[1][4, 0]) in view.tip.text()
        assert full(frame.record.weight_grads[1][4, 0]) in view.tip.text()
    QTest.mouseMove(view.canvas.viewport(), NOTHING)
    assert view.tip.isHidden()


def test_names_in_the_tooltip_are_text_not_markup(view: NetworkView) -> None:
    frame = next(make_frames())
    named = replace(frame.dataset, feature_names=("<b>&x", "b", "c", "d"))
    view.show_frame(replace(frame, dataset=named))
    QTest.mouseMove(view.canvas.viewport(), centre(view, 0, 0))
    assert "&lt;b&gt;&amp;x" in view.tip.text()


# keys


def test_keys_walk_through_the_network(view: NetworkView) -> None:
    view.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    steps = (
        (Qt.Key.Key_Down, Part("unit", 0, 0)),
        (Qt.Key.Key_Down, Part("unit", 0, 1)),
        ("Shift+Right", Part("unit", 1, 1)),
        (Qt.Key.Key_B, Part("bias", 1, 1)),
        (Qt.Key.Key_Down, Part("bias", 1, 2)),
        (Qt.Key.Key_W, Part("weight", 1, 2, 0)),
        (Qt.Key.Key_W, Part("weight", 1, 2, 1)),
        ("Shift+Left", Part("unit", 0, 1)),
        (Qt.Key.Key_L, Part("layer", 0)),
        (Qt.Key.Key_Escape, None),
    )
    for key, part in steps:
        if isinstance(key, str):
            QTest.keySequence(view.canvas, QKeySequence(key))
        else:
            QTest.keyClick(view.canvas, key)
        assert view.focus.part == part


def test_keys_compare_edit_freeze_and_go_backwards(view: NetworkView, qtbot: QtBot) -> None:
    view.focus.select(Part("unit", 2, 1))
    QTest.keyClick(view.canvas, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert view.focus.part == Part("weight", 2, 1, 4)
    QTest.keyClick(view.canvas, Qt.Key.Key_C)
    assert view.focus.comparison == Part("weight", 2, 1, 4)
    QTest.keyClick(view.canvas, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.freeze_requested) as signal:
        QTest.keyClick(view.canvas, Qt.Key.Key_K)
    assert signal.args == [Freeze(Part("weight", 2, 1, 3), True)]
    QTest.keyClick(view.canvas, Qt.Key.Key_Return)
    assert view.editor.isVisible()


def test_right_steps_the_training_and_with_shift_goes_to_the_next_layer(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    column = QVBoxLayout(window)
    field, view = QLineEdit(window), NetworkView(Focus(), window)
    column.addWidget(field)
    column.addWidget(view)
    steps = []
    shortcut = QShortcut(QKeySequence(Qt.Key.Key_Right), window)
    shortcut.activated.connect(lambda: steps.append(1))
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    view.show_frame(next(make_frames()))
    click(view, centre(view, 0, 1))
    view.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert (steps, view.focus.part) == ([1], Part("unit", 0, 1))
    field.setFocus()
    view.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert (steps, view.focus.part) == ([1, 1], Part("unit", 0, 1))
    QTest.keyClick(view.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert (steps, view.focus.part) == ([1, 1], Part("unit", 1, 1))


def test_the_selection_is_told_to_screen_readers(view: NetworkView) -> None:
    frame = next(make_frames())
    view.show_frame(frame)
    view.focus.select(Part("bias", 3, 1))
    assert view.canvas.accessibleName() == "Network graph"
    value, gradient = (
        short(numbers[2][1]) for numbers in (frame.record.biases_after, frame.record.bias_grads)
    )
    said = view.canvas.accessibleDescription()
    assert said.startswith("Bias of") and said.endswith(f", {value}, gradient {gradient}, selected")
    view.focus.select(None)
    assert view.canvas.accessibleDescription() == ""


# what is shown


def choose(box: QComboBox, index: int) -> None:
    """Choose an entry as a press on it does."""
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_lines_show_weights_gradients_or_updates(view: NetworkView) -> None:
    assert view.quantity is Quantity.WEIGHTS
    limits = set()
    for quantity in (Quantity.GRADIENTS, Quantity.UPDATES, Quantity.WEIGHTS):
        choose(view.choices.lines, list(Quantity).index(quantity))
        assert view.quantity is quantity
        limits.add(view.legend.limit)
    assert len(limits) == 3


def test_circles_show_a_sample_or_the_batch(view: NetworkView) -> None:
    frame = next(make_frames())
    view.show_frame(frame)
    box, graph = view.choices.circles, view.canvas.graph
    assert [box.itemText(item) for item in range(box.count())] == [
        *(f"sample {k + 1} of 6 · row {frame.record.indices[k] + 1}" for k in range(6)),
        "the batch: mean of a, sum of δ",
    ]
    choose(box, 3)
    assert view.focus.sample == 3 and not view.whole_batch
    assert graph.picture is not None
    np.testing.assert_array_equal(graph.picture.a[2], frame.record.a[2][3])
    choose(box, 6)
    assert view.whole_batch
    np.testing.assert_allclose(graph.picture.a[2], frame.record.a[2].mean(axis=0))
    assert "mean of the batch of 6" in view.legend.text and "sum over the batch" in view.legend.text
    view.focus.show_sample(1)  # chosen elsewhere, it is shown here, too
    assert not view.whole_batch and box.currentIndex() == 1


def test_legend_gives_the_scale_and_explains(view: NetworkView) -> None:
    frame = next(make_frames())
    view.show_frame(frame)
    parameters = np.concatenate(
        [w.ravel() for w in (*frame.record.weights_after, *frame.record.biases_after)]
    )
    magnitudes = np.sort(np.abs(parameters))
    assert view.legend.limit == magnitudes[int(np.ceil(0.98 * len(magnitudes))) - 1]
    assert "sample 1 of 6" in view.legend.text
    view.focus.show_sample(4)
    assert "sample 5 of 6" in view.legend.text
    view.set_quantity(Quantity.GRADIENTS)
    assert "∂L/∂w" in view.legend.text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("steps", [5, 1_234])
def test_legend_says_at_1280x720_which_moment_w_and_b_are_of(
    view: NetworkView, language: str, steps: int
) -> None:
    view.resize(600, 322)  # what the view has in a window of that size
    frame = next(make_frames())
    translator = QTranslator()
    assert language == "en" or translator.load(str(TRANSLATIONS / "zh_CN.qm"))
    QCoreApplication.installTranslator(translator)
    try:
        view.show_frame(replace(frame, record=replace(frame.record, step=steps)))
        step = grouped(steps)
        moments = {
            "en": (f"sample 1 of 6, step {step}", f"w, b after step {step}"),
            "zh_CN": (f"第 {step} 步的样本 1/6", f"第 {step} 步之后的 w、b"),
        }[language]
        for width in (600, 480):
            view.resize(width, 322)
            QCoreApplication.processEvents()
            assert moments[0] in view.legend.shown[0]
            assert moments[1] in view.legend.shown[2]
    finally:
        QCoreApplication.removeTranslator(translator)
        QCoreApplication.processEvents()


def test_legend_has_no_scale_before_anything_is_revealed(view: NetworkView) -> None:
    view.show_frame(next(make_frames(phase=Phase(PhaseKind.INPUT))))
    view.set_quantity(Quantity.GRADIENTS)
    assert view.legend.limit is None


def test_a_hidden_view_draws_the_latest_when_it_is_shown(
    qtbot: QtBot, dress: Callable[[Theme], None]
) -> None:
    dress(LIGHT)
    view = NetworkView(Focus())
    qtbot.addWidget(view)
    view.resize(900, 600)
    frames = make_frames()
    for _ in range(3):
        frame = next(frames)
        view.show_frame(frame)
    assert view.legend.limit is None
    view.show()
    assert view.legend.limit is not None
    QCoreApplication.processEvents()  # it gets its size
    QTest.mouseMove(view.canvas.viewport(), chip(view, 3, 0))
    assert full(frame.record.biases_after[2][0]) in view.tip.text()


def colour_at(view: NetworkView, at: QPoint) -> QColor:
    image = view.canvas.grab().toImage()
    return image.pixelColor(at)


def with_weights(frame: Frame, value: float) -> Frame:
    weights = tuple(np.full_like(w, value) for w in frame.record.weights_after)
    return replace(frame, record=replace(frame.record, weights_after=weights))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("value", [1.0, -1.0, 0.0])
def test_lines_have_the_colour_of_their_sign(view: NetworkView, theme: Theme, value: float) -> None:
    view.set_theme(theme)
    view.show_frame(with_weights(next(make_frames(hidden=(3,))), value))
    image = view.canvas.grab().toImage()
    line = Part("weight", 1, 0, 0)
    seen = {image.pixelColor(along(view, line, share)).name() for share in np.linspace(0.25, 0.4, 40)}
    assert seen != {theme.canvas}
    assert (theme.positive in seen) is (value > 0)
    assert (theme.negative in seen) is (value < 0)


def test_selection_is_a_violet_tube_around_a_line_that_keeps_its_colour(view: NetworkView) -> None:
    part = Part("weight", 1, 0, 0)
    view.set_theme(LIGHT)
    before = view.canvas.grab().toImage()
    view.focus.select(part)
    image = view.canvas.grab().toImage()
    on_line = along(view, part, 0.17)
    colour = image.pixelColor(on_line)
    assert colour == before.pixelColor(on_line) != QColor(LIGHT.selection)
    beside = {image.pixelColor(on_line + QPoint(0, dy)).name() for dy in range(-14, 15)}
    assert LIGHT.selection in beside


def test_what_is_not_revealed_is_pale(view: NetworkView) -> None:
    view.set_quantity(Quantity.GRADIENTS)
    view.show_frame(next(make_frames(phase=Phase(PhaseKind.BACKWARD, 3))))
    image = view.canvas.grab().toImage()
    at = centre(view, 1, 0) + QPoint(0, 11)  # δ, of which a question mark is written
    around = [image.pixelColor(at.x() + x, at.y() + y).rgb() for x in range(-8, 9) for y in range(-8, 9)]
    unknown = QColor(statistics.mode(around)).getRgbF()[:3]
    assert unknown == pytest.approx(QColor(LIGHT.surface).getRgbF()[:3], abs=0.03)


def test_a_network_that_diverged_is_drawn(view: NetworkView) -> None:
    frame = next(make_frames())
    for value in (np.nan, np.inf, -np.inf):
        for quantity in Quantity:
            view.set_quantity(quantity)
            view.show_frame(with_weights(frame, value))
            QTest.mouseMove(view.canvas.viewport(), along(view, WEIGHT))
            view.grab()
    assert "NaN" in view.tip.text() or "∞" in view.tip.text()


@pytest.mark.parametrize(
    ("inputs", "hidden", "classes"), [(1, (), 2), (64, (32, 16), 10), (784, (128, 64), 10), (4, (8,) * 12, 3)]
)
def test_networks_of_all_sizes_are_drawn_and_their_parts_found(
    view: NetworkView, inputs: int, hidden: tuple[int, ...], classes: int
) -> None:
    view.show_frame(next(make_frames(hidden, inputs, classes)))
    view.grab()
    sizes = view.canvas.graph.arrangement.sizes
    for layer, units in enumerate(sizes):
        click(view, centre(view, layer, units - 1))
        assert view.focus.part == Part("unit", layer, units - 1)


# editing

NO_KEYS = Qt.KeyboardModifier.NoModifier


def double_click(view: NetworkView, at: QPoint) -> None:
    QTest.mouseDClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, at)
    QTest.mouseRelease(view.canvas.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, at)


def type_value(view: NetworkView, text: str) -> QLineEdit:
    """Type over what the editor shows."""
    field = view.editor.findChild(QLineEdit, "valueEditorField")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    for letter in text:  # `keyClicks` knows no typographic minus
        QApplication.sendEvent(field, QKeyEvent(QKeyEvent.Type.KeyPress, 0, NO_KEYS, letter))
    return field


@pytest.mark.parametrize(
    ("text", "value"),
    [("1/3", 1 / 3), ("-0,25", -0.25), ("2e-3", 0.002), ("−1.5", -1.5), ("0", 0.0), (" 7 ", 7.0)],
)
def test_a_weight_is_typed_over_the_graph(view: NetworkView, qtbot: QtBot, text: str, value: float) -> None:
    double_click(view, along(view, WEIGHT))
    frame = next(make_frames())
    assert view.editor.isVisible()
    assert view.editor.text == full(frame.record.weights_after[1][4, 0])
    field = type_value(view, text)
    with qtbot.waitSignal(view.parameter_edited) as signal:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert signal.args == [SetParameter(WEIGHT, value)]
    assert not view.editor.isVisible()


def test_a_bias_is_typed_too_and_a_unit_is_not(view: NetworkView, qtbot: QtBot) -> None:
    double_click(view, centre(view, 1, 2))
    assert not view.editor.isVisible()
    double_click(view, chip(view, 3, 1))
    field = type_value(view, "1/8")
    assert view.editor.hint == "= 0.125"
    with qtbot.waitSignal(view.parameter_edited) as signal:
        QTest.keyClick(field, Qt.Key.Key_Enter)
    assert signal.args == [SetParameter(Part("bias", 3, 1), 0.125)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "not a number"),
        ("inf", "finite"),
        ("nan", "finite"),
        ("1/0", "zero"),
        ("", "Type"),
        ("1/", "not"),
    ],
)
def test_what_is_no_number_is_explained_and_changes_nothing(view: NetworkView, text: str, said: str) -> None:
    edited = []
    view.parameter_edited.connect(edited.append)
    double_click(view, along(view, WEIGHT))
    field = type_value(view, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert said in view.editor.hint
    assert view.editor.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not view.editor.isVisible()
    assert edited == []
    assert view.focus.part is None


def test_a_value_too_large_for_the_precision_is_explained(view: NetworkView) -> None:
    frame = next(make_frames())
    record = replace(frame.record, experiment=frame.experiment.changed(dtype="float32"))
    view.show_frame(replace(frame, record=record))
    double_click(view, along(view, WEIGHT))
    QTest.keyClick(type_value(view, "1e39"), Qt.Key.Key_Return)
    assert view.editor.isVisible()
    assert "too large" in view.editor.hint


def test_the_editor_goes_with_its_part_and_when_it_is_left(view: NetworkView) -> None:
    double_click(view, along(view, Part("weight", 1, 4, 0)))
    view.show_frame(next(make_frames()))
    assert view.editor.isVisible()
    view.show_frame(next(make_frames(hidden=(2, 2))))
    assert not view.editor.isVisible()
    view.edit(Part("bias", 1, 1))
    field = view.editor.findChild(QLineEdit, "valueEditorField")
    field.setFocus()
    view.canvas.setFocus()
    assert not view.editor.isVisible()


def test_keys_typed_into_the_editor_do_not_reach_the_graph(view: NetworkView) -> None:
    view.focus.select(WEIGHT)
    view.edit(WEIGHT)
    QTest.keyClicks(type_value(view, "1"), "wbk")
    assert view.focus.part == WEIGHT
    assert view.editor.isVisible()


# frozen parameters and the menu


def frozen(frame: Frame, *parts: Part) -> Frame:
    weights = [w.copy() for w in frame.record.frozen_weights]
    biases = [b.copy() for b in frame.record.frozen_biases]
    for part in parts:
        if part.kind == "weight":
            weights[part.layer - 1][part.source, part.unit] = True
        else:
            biases[part.layer - 1][part.unit] = True
    record = replace(frame.record, frozen_weights=tuple(weights), frozen_biases=tuple(biases))
    return replace(frame, record=record)


def test_frozen_parameters_are_marked(view: NetworkView) -> None:
    frame, bias = next(make_frames()), Part("bias", 1, 3)
    view.show_frame(frame)
    free = view.canvas.grab().toImage()
    view.show_frame(frozen(frame, WEIGHT, bias))
    held = view.canvas.grab().toImage()
    lock = along(view, WEIGHT, 0.68)
    assert held.pixelColor(lock) == QColor(LIGHT.text) != free.pixelColor(lock)
    assert held != free
    for at in (NOTHING, along(view, WEIGHT)):
        QTest.mouseMove(view.canvas.viewport(), at)
    assert "frozen" in view.tip.text()
    view.focus.select(bias)
    assert "frozen" in view.canvas.accessibleDescription()


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if action.text()}


def test_the_menu_of_a_weight(view: NetworkView, qtbot: QtBot) -> None:
    frame = next(make_frames())
    record = frame.record
    menu = view.menu(WEIGHT)
    actions = entries(menu)
    actions["Copy number"].trigger()
    assert QGuiApplication.clipboard().text() == repr(float(record.weights_after[1][4, 0]))
    actions["Copy gradient"].trigger()
    assert QGuiApplication.clipboard().text() == repr(float(record.weight_grads[1][4, 0]))
    with qtbot.waitSignal(view.freeze_requested) as signal:
        actions["Freeze"].trigger()
    assert signal.args == [Freeze(WEIGHT, True)]
    with qtbot.waitSignal(view.check_requested) as signal:
        actions["Check this gradient"].trigger()
    assert signal.args == [WEIGHT]
    assert view.focus.part == WEIGHT
    actions["Edit value…"].trigger()
    assert view.editor.isVisible()
    view.show_frame(frozen(frame, WEIGHT))
    other = view.menu(Part("bias", 2, 0))
    entries(other)["Compare with selection"].trigger()
    assert view.focus.comparison == Part("bias", 2, 0)
    held = view.menu(WEIGHT)
    with qtbot.waitSignal(view.freeze_requested) as signal:
        entries(held)["Unfreeze"].trigger()
    assert signal.args == [Freeze(WEIGHT, False)]
    for one in (menu, other, held):
        one.deleteLater()


@pytest.mark.parametrize("part", [Part("unit", 2, 1), Part("layer", 1), Part("loss")])
def test_the_menu_of_other_parts(view: NetworkView, part: Part) -> None:
    menu = view.menu(part)
    actions = entries(menu)
    assert "Edit value…" not in actions and "Check this gradient" not in actions
    assert actions["Copy number"].isEnabled() == (part.kind != "layer")
    assert actions["Copy gradient"].isEnabled() == (part.kind != "loss")
    menu.deleteLater()


def test_the_menu_does_not_give_away_what_is_hidden(view: NetworkView) -> None:
    view.show_frame(next(make_frames(phase=Phase(PhaseKind.FORWARD, 1))))
    menu = view.menu(Part("unit", 2, 1))
    assert not entries(menu)["Copy number"].isEnabled()
    assert not entries(menu)["Copy gradient"].isEnabled()
    menu.deleteLater()


def test_the_right_button_and_the_menu_key_open_the_menu(view: NetworkView, qtbot: QtBot) -> None:
    def ask(reason: QContextMenuEvent.Reason, at: QPoint) -> QMenu | None:
        viewport = view.canvas.viewport()
        QApplication.sendEvent(viewport, QContextMenuEvent(reason, at, viewport.mapToGlobal(at)))
        return next((menu for menu in view.findChildren(QMenu, "networkMenu") if menu.isVisible()), None)

    assert ask(QContextMenuEvent.Reason.Mouse, NOTHING) is None
    assert ask(QContextMenuEvent.Reason.Keyboard, NOTHING) is None
    for reason, at in (
        (QContextMenuEvent.Reason.Mouse, centre(view, 1, 1)),
        (QContextMenuEvent.Reason.Keyboard, NOTHING),
    ):
        menu = ask(reason, at)
        assert menu is not None
        menu.close()
        qtbot.waitUntil(lambda: not any(m.isVisible() for m in view.findChildren(QMenu, "networkMenu")))
        view.focus.select(WEIGHT)


# the factors of a parameter


def factor_frame(factor: FactorKind, layer: int = 2) -> Frame:
    return next(make_frames(phase=Phase(PhaseKind.FACTOR, layer, factor=factor)))


def lit(view: NetworkView, at: QPoint) -> bool:
    """Whether there is a glow at a place where otherwise there is nothing."""
    return colour_at(view, at) != QColor(LIGHT.canvas)


@pytest.mark.parametrize(
    ("factor", "unit", "source"),
    [
        (FactorKind.UPSTREAM, True, False),
        (FactorKind.SLOPE, True, False),
        (FactorKind.INCOMING, False, True),
        (FactorKind.SHARE, False, False),
    ],
)
def test_the_part_a_factor_lives_on_is_lit(
    view: NetworkView, factor: FactorKind, unit: bool, source: bool
) -> None:
    view.set_animated(False)
    view.focus.select(WEIGHT)
    view.show_frame(factor_frame(factor))
    # straight above a circle runs no line
    away = QPoint(0, round(view.canvas.graph.arrangement.layers[1].radius) + 3)
    above = [centre(view, 2, 0) - away, centre(view, 1, 4) - away]
    assert [lit(view, at) for at in above] == [unit, source]
    view.focus.select(None)
    assert not any(lit(view, at) for at in above)


# what flows


class Clock:
    """The time that the view believes it is."""

    def __init__(self) -> None:
        self.now = perf_counter() + 10.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("gui.views.network.view.perf_counter", clock)
    return clock


def phased(phase: Phase | None, status: Status = Status.PAUSED) -> Frame:
    return replace(next(make_frames(phase=phase)), status=status)


FORWARD, NEXT = Phase(PhaseKind.FORWARD, 1), Phase(PhaseKind.FORWARD, 2)


def test_values_and_deltas_flow_when_stepping_and_rest_after_a_second(
    view: NetworkView, qtbot: QtBot, clock: Clock
) -> None:
    for phase in (NEXT, Phase(PhaseKind.LOSS), Phase(PhaseKind.BACKWARD, 1), Phase(PhaseKind.BACKWARD, 0, 1)):
        clock.now += 0.5
        view.show_frame(phased(phase))
        assert view.is_flowing
    clock.now += 0.5
    qtbot.wait(100)
    assert view.is_flowing
    clock.now += 1.5
    qtbot.waitUntil(lambda: not view.is_flowing)
    assert view.canvas.graph.flow is None


def test_what_flows_is_seen_and_leaves_no_trace(view: NetworkView, qtbot: QtBot, clock: Clock) -> None:
    clock.now += 1
    view.set_animated(False)
    view.show_frame(phased(NEXT))
    view.canvas.grab()
    still = view.canvas.grab().toImage()  # the second time lines are painted from a copy, as under a flow
    view.set_animated(True)
    view.show_frame(phased(FORWARD))
    clock.now += 1
    view.show_frame(phased(NEXT))
    clock.now += 0.4
    qtbot.waitUntil(lambda: view.canvas.grab().toImage() != still)
    clock.now += 1
    qtbot.waitUntil(lambda: not view.is_flowing)
    assert view.canvas.grab().toImage() == still


def test_slow_running_flows_and_fast_running_does_not(view: NetworkView, clock: Clock) -> None:
    for pause, flows in ((1.0, True), (0.25, True), (0.1, False), (0.03, False), (0.5, True)):
        for phase in (FORWARD, NEXT):
            clock.now += pause
            view.show_frame(phased(phase, Status.RUNNING))
            assert view.is_flowing is flows


def test_nothing_flows_in_a_whole_step_or_turned_off_or_hidden(view: NetworkView, clock: Clock) -> None:
    clock.now += 1
    view.show_frame(phased(None))
    assert not view.is_flowing
    clock.now += 1
    view.show_frame(phased(FORWARD))
    assert view.is_flowing
    view.set_animated(False)
    assert not view.is_flowing
    clock.now += 1
    view.show_frame(phased(NEXT))
    assert not view.is_flowing
    view.set_animated(True)
    clock.now += 1
    view.show_frame(phased(FORWARD))
    assert view.is_flowing
    view.hide()
    assert not view.is_flowing


def test_the_same_phase_again_does_not_flow_again(view: NetworkView, clock: Clock, qtbot: QtBot) -> None:
    frame = phased(FORWARD)
    clock.now += 1
    view.show_frame(frame)
    clock.now += 1
    qtbot.waitUntil(lambda: not view.is_flowing)
    clock.now += 1
    view.show_frame(replace(frame, status=Status.READY))
    assert not view.is_flowing


# zooming


def test_wheel_zooms_drag_pans_and_fit_shows_all(view: NetworkView) -> None:
    at = centre(view, 1, 1)
    assert view.canvas.scale_factor == pytest.approx(1.0)
    wheel(view, at, 4)
    assert view.canvas.scale_factor > 1.1
    assert not view.canvas.fitted
    click(view, centre(view, 1, 1))
    assert view.focus.part == Part("unit", 1, 1)
    view.focus.select(None)

    before, viewport = centre(view, 1, 1), view.canvas.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, NOTHING)
    for share in range(1, 6):
        QTest.mouseMove(viewport, NOTHING + QPoint(20 * share, 10 * share))
    QTest.mouseRelease(
        viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, NOTHING + QPoint(100, 50)
    )
    assert centre(view, 1, 1) != before
    assert view.focus.part is None

    view.fit()
    assert view.canvas.scale_factor == pytest.approx(1.0)
    assert view.canvas.fitted


@pytest.mark.usefixtures("dressed")
def test_the_network_follows_the_size_of_the_window(view: NetworkView) -> None:
    for size in ((700, 500), (1400, 900)):
        view.resize(*size)
        QCoreApplication.processEvents()
        layout = view.canvas.graph.arrangement
        assert layout.bounds.width == pytest.approx(view.canvas.viewport().width())
        assert layout.bounds.height == pytest.approx(view.canvas.viewport().height())
        assert view.canvas.scale_factor == pytest.approx(1.0)


def test_many_lines_are_smooth_only_at_rest(view: NetworkView, qtbot: QtBot) -> None:
    view.show_frame(next(make_frames((32, 16), 64, 10)))
    view.strongest.slider.setValue(4)
    assert view.canvas.graph.moving
    qtbot.waitUntil(lambda: not view.canvas.graph.moving)


# language


def test_language_changes_at_run_time(view: NetworkView) -> None:
    with spoken(quoted):
        assert view.choices.lines.itemText(1) == "«Gradients»"
        assert view.choices.circles.itemText(6) == "«the batch: mean of a, sum of δ»"
        assert view.canvas.accessibleName() == "«Network graph»"
        assert view.legend.text.startswith("«a: activation")
    assert view.choices.lines.itemText(1) == "Gradients"
