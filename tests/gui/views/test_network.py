"""The network view in a window: mouse, keys, what is selected, what is painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QColor, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.records import Phase, PhaseKind
from gui.messages import Frame, Selection, Status
from gui.numbers import full
from gui.theme import DARK, LIGHT, Theme
from gui.views.network import NetworkView, Quantity

FEATURES = ("sepal length", "sepal width", "petal length", "petal width")


def make_frames(
    hidden: tuple[int, ...] = (5, 4), inputs: int = 4, classes: int = 3, phase: Phase | None = None
) -> Iterator[Frame]:
    """Frames of one training, each a step further."""
    random = np.random.default_rng(5)
    names = FEATURES if inputs == 4 else None
    dataset = Dataset.from_arrays(
        random.normal(size=(20, inputs)), np.arange(20) % classes, "multiclass", feature_names=names
    )
    layers = (*(Layer(units, "tanh") for units in hidden), Layer(classes, "softmax"))
    experiment = Experiment(layers, loss="cross_entropy", batch_size=6, seed=3, learning_rate=0.5)
    trainer = Trainer(experiment, dataset)
    scalars = Scalars.empty(len(layers))
    while True:
        yield Frame(0, experiment, dataset, trainer.step(), phase, scalars, False, Status.PAUSED)


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.show_frame(next(make_frames()))
    return view


def centre(view: NetworkView, layer: int, unit: int) -> QPoint:
    return view.canvas.pixel(*view.canvas.graph.layout.layers[layer].centres[unit].tolist())


def chip(view: NetworkView, layer: int, unit: int) -> QPoint:
    return view.canvas.pixel(*view.canvas.graph.layout.layers[layer].chips[unit].tolist())


def along(view: NetworkView, part: Selection, share: float = 0.31) -> QPoint:
    layers = view.canvas.graph.layout.layers
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
WEIGHT = Selection("weight", 2, 0, 4)


# selecting


@pytest.mark.parametrize("part", [Selection("unit", 0, 2), Selection("unit", 2, 3), Selection("unit", 3, 0)])
def test_click_on_a_unit_selects_it(view: NetworkView, qtbot: QtBot, part: Selection) -> None:
    with qtbot.waitSignal(view.selection_changed) as signal:
        click(view, centre(view, part.layer, part.unit))
    assert signal.args == [part]
    assert view.selection == part


@pytest.mark.parametrize("part", [Selection("bias", 1, 0), Selection("bias", 3, 2)])
def test_every_bias_can_be_clicked_the_outputs_too(view: NetworkView, part: Selection) -> None:
    click(view, chip(view, part.layer, part.unit))
    assert view.selection == part


@pytest.mark.parametrize("part", [WEIGHT, Selection("weight", 1, 4, 0), Selection("weight", 3, 2, 0)])
def test_click_on_a_line_selects_the_weight(view: NetworkView, part: Selection) -> None:
    click(view, along(view, part))
    assert view.selection == part


def test_click_on_a_title_or_the_loss(view: NetworkView) -> None:
    layout = view.canvas.graph.layout
    click(view, view.canvas.pixel(*layout.layers[2].title.centre))
    assert view.selection == Selection("layer", 2)
    click(view, view.canvas.pixel(*layout.loss.centre))
    assert view.selection == Selection("loss")


def test_selection_survives_a_step_and_is_cleared_by_a_click_on_nothing(
    view: NetworkView, qtbot: QtBot
) -> None:
    frames = make_frames()
    click(view, along(view, WEIGHT))
    view.show_frame(next(frames))
    view.show_frame(next(frames))
    assert view.selection == WEIGHT
    with qtbot.waitSignal(view.selection_changed) as signal:
        click(view, NOTHING)
    assert signal.args == [None]
    assert view.selection is None


def test_shift_click_compares(view: NetworkView, qtbot: QtBot) -> None:
    other = Selection("unit", 1, 3)
    click(view, along(view, WEIGHT))
    with qtbot.waitSignal(view.comparison_changed) as signal:
        click(view, centre(view, 1, 3), Qt.KeyboardModifier.ShiftModifier)
    assert signal.args == [other]
    assert (view.selection, view.comparison) == (WEIGHT, other)
    click(view, centre(view, 1, 3), Qt.KeyboardModifier.ShiftModifier)
    assert view.comparison is None


def test_double_click_asks_to_edit(view: NetworkView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.edit_requested) as signal:
        QTest.mouseDClick(
            view.canvas.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            along(view, WEIGHT),
        )
    assert signal.args == [WEIGHT]


def test_parts_that_a_new_network_lacks_are_dropped(view: NetworkView, qtbot: QtBot) -> None:
    click(view, centre(view, 1, 4))
    click(view, along(view, WEIGHT), Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseMove(view.canvas.viewport(), chip(view, 1, 4))
    assert view.hovered == Selection("bias", 1, 4)
    with qtbot.waitSignals([view.selection_changed, view.comparison_changed]):
        view.show_frame(next(make_frames(hidden=(2,))))
    assert (view.selection, view.comparison, view.hovered) == (None, None, None)
    assert view.tip.isHidden()
    assert view.canvas.graph.layout.sizes == (4, 2, 3)
    view.grab()


def test_set_selection_from_outside(view: NetworkView) -> None:
    view.set_selection(Selection("bias", 2, 1))
    assert view.selection == Selection("bias", 2, 1)
    view.set_selection(Selection("bias", 2, 99))
    assert view.selection is None


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
        (Qt.Key.Key_Down, Selection("unit", 0, 0)),
        (Qt.Key.Key_Down, Selection("unit", 0, 1)),
        (Qt.Key.Key_Right, Selection("unit", 1, 1)),
        (Qt.Key.Key_B, Selection("bias", 1, 1)),
        (Qt.Key.Key_Down, Selection("bias", 1, 2)),
        (Qt.Key.Key_W, Selection("weight", 1, 2, 0)),
        (Qt.Key.Key_W, Selection("weight", 1, 2, 1)),
        (Qt.Key.Key_Left, Selection("unit", 0, 1)),
        (Qt.Key.Key_L, Selection("layer", 0)),
        (Qt.Key.Key_Escape, None),
    )
    for key, part in steps:
        QTest.keyClick(view.canvas, key)
        assert view.selection == part


def test_keys_compare_edit_and_go_backwards(view: NetworkView, qtbot: QtBot) -> None:
    view.set_selection(Selection("unit", 2, 1))
    QTest.keyClick(view.canvas, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert view.selection == Selection("weight", 2, 1, 4)
    QTest.keyClick(view.canvas, Qt.Key.Key_C)
    assert view.comparison == Selection("weight", 2, 1, 4)
    QTest.keyClick(view.canvas, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.edit_requested) as signal:
        QTest.keyClick(view.canvas, Qt.Key.Key_Return)
    assert signal.args == [Selection("weight", 2, 1, 3)]


def test_right_steps_the_training_unless_the_graph_was_reached_by_tab(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    column = QVBoxLayout(window)
    field, view = QLineEdit(window), NetworkView(window)
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
    assert (steps, view.selection) == ([1], Selection("unit", 0, 1))
    field.setFocus()
    view.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert (steps, view.selection) == ([1], Selection("unit", 1, 1))


def test_the_selection_is_told_to_screen_readers(view: NetworkView) -> None:
    frame = next(make_frames())
    view.show_frame(frame)
    view.set_selection(Selection("bias", 3, 1))
    assert view.canvas.accessibleName() == "Network graph"
    assert full(frame.record.biases_after[2][1]) in view.canvas.accessibleDescription()
    view.set_selection(None)
    assert view.canvas.accessibleDescription() == ""


# what is shown


def test_buttons_choose_the_quantity(view: NetworkView) -> None:
    assert view.quantity is Quantity.WEIGHTS
    limits = set()
    for quantity in (Quantity.GRADIENTS, Quantity.UPDATES, Quantity.ACTIVATIONS, Quantity.WEIGHTS):
        button = view.findChild(QPushButton, f"{quantity.value}Button")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert view.quantity is quantity
        assert button.isChecked()
        limits.add(view.legend.limit)
    assert len(limits) == 4


def test_legend_gives_the_scale_and_explains(view: NetworkView) -> None:
    frame = next(make_frames())
    view.show_frame(frame)
    parameters = np.concatenate(
        [w.ravel() for w in (*frame.record.weights_after, *frame.record.biases_after)]
    )
    magnitudes = np.sort(np.abs(parameters))
    assert view.legend.limit == magnitudes[int(np.ceil(0.98 * len(magnitudes))) - 1]
    assert "sample 1 of 6" in view.legend.text
    view.set_sample(4)
    assert "sample 5 of 6" in view.legend.text
    view.set_quantity(Quantity.GRADIENTS)
    assert "∂L/∂w" in view.legend.text


def test_legend_has_no_scale_before_anything_is_revealed(view: NetworkView) -> None:
    view.show_frame(next(make_frames(phase=Phase(PhaseKind.INPUT))))
    view.set_quantity(Quantity.GRADIENTS)
    assert view.legend.limit is None


def test_the_phase_decides_the_sample(view: NetworkView) -> None:
    view.set_sample(2)
    assert view.sample == 2
    view.show_frame(next(make_frames(phase=Phase(PhaseKind.FORWARD, 1, 5))))
    assert view.sample == 5
    view.set_sample(99)
    view.show_frame(next(make_frames()))
    assert view.sample == 5


def test_banner_names_the_phase(view: NetworkView) -> None:
    view.show_frame(next(make_frames(phase=Phase(PhaseKind.BACKWARD, 2))))
    assert view.banner.text == "Backward · layer 2"
    assert view.banner.formula == r"\delta^{2} = (W^{3} \delta^{3}) \odot \tanh'(z^{2})"


def test_a_hidden_view_draws_the_latest_when_it_is_shown(qtbot: QtBot) -> None:
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    frames = make_frames()
    for _ in range(3):
        frame = next(frames)
        view.show_frame(frame)
    assert view.legend.limit is None
    view.show()
    assert view.legend.limit is not None
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
    line = Selection("weight", 1, 0, 0)
    seen = {image.pixelColor(along(view, line, share)).name() for share in np.linspace(0.25, 0.4, 40)}
    assert seen != {theme.canvas}
    assert (theme.positive in seen) is (value > 0)
    assert (theme.negative in seen) is (value < 0)


def test_selected_line_is_violet(view: NetworkView) -> None:
    view.set_selection(Selection("weight", 1, 0, 0))
    assert colour_at(view, along(view, Selection("weight", 1, 0, 0))) == QColor(LIGHT.selection)


def test_what_is_not_revealed_is_pale(view: NetworkView) -> None:
    view.set_quantity(Quantity.GRADIENTS)
    view.show_frame(next(make_frames(phase=Phase(PhaseKind.BACKWARD, 3))))
    image = view.canvas.grab().toImage()
    unknown = image.pixelColor(centre(view, 1, 0)).getRgbF()[:3]
    assert unknown == pytest.approx(QColor(LIGHT.surface).getRgbF()[:3], abs=0.03)


def test_a_network_that_diverged_is_drawn(view: NetworkView) -> None:
    frame = next(make_frames())
    for value in (np.nan, np.inf, -np.inf):
        for quantity in Quantity:
            view.set_quantity(quantity)
            view.show_frame(with_weights(frame, value))
            QTest.mouseMove(view.canvas.viewport(), along(view, WEIGHT))
            view.grab()
    assert "NaN" in view.tip.text() or "inf" in view.tip.text() or "nan" in view.tip.text()


@pytest.mark.parametrize(
    ("inputs", "hidden", "classes"), [(1, (), 2), (64, (32, 16), 10), (784, (128, 64), 10), (4, (8,) * 12, 3)]
)
def test_networks_of_all_sizes_are_drawn_and_their_parts_found(
    view: NetworkView, inputs: int, hidden: tuple[int, ...], classes: int
) -> None:
    view.show_frame(next(make_frames(hidden, inputs, classes)))
    view.grab()
    sizes = view.canvas.graph.layout.sizes
    for layer, units in enumerate(sizes):
        click(view, centre(view, layer, units - 1))
        assert view.selection == Selection("unit", layer, units - 1)


# zooming


def test_wheel_zooms_drag_pans_and_fit_shows_all(view: NetworkView) -> None:
    at = centre(view, 1, 1)
    assert view.canvas.scale_factor == pytest.approx(1.0)
    wheel(view, at, 4)
    assert view.canvas.scale_factor > 1.1
    assert not view.canvas.fitted
    click(view, centre(view, 1, 1))
    assert view.selection == Selection("unit", 1, 1)
    view.set_selection(None)

    before, viewport = centre(view, 1, 1), view.canvas.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, NOTHING)
    for share in range(1, 6):
        QTest.mouseMove(viewport, NOTHING + QPoint(20 * share, 10 * share))
    QTest.mouseRelease(
        viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, NOTHING + QPoint(100, 50)
    )
    assert centre(view, 1, 1) != before
    assert view.selection is None

    view.fit()
    assert view.canvas.scale_factor == pytest.approx(1.0)
    assert view.canvas.fitted


def test_the_network_follows_the_size_of_the_window(view: NetworkView) -> None:
    for size in ((700, 500), (1400, 900)):
        view.resize(*size)
        QCoreApplication.processEvents()
        layout = view.canvas.graph.layout
        assert layout.bounds.width == pytest.approx(view.canvas.viewport().width())
        assert layout.bounds.height == pytest.approx(view.canvas.viewport().height())
        assert view.canvas.scale_factor == pytest.approx(1.0)


def test_many_lines_are_smooth_only_at_rest(view: NetworkView, qtbot: QtBot) -> None:
    view.show_frame(next(make_frames((32, 16), 64, 10)))
    assert view.canvas.graph.moving
    qtbot.waitUntil(lambda: not view.canvas.graph.moving)


# language


class Quoting(QTranslator):
    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{source}»"


def test_language_changes_at_run_time(view: NetworkView) -> None:
    translator = Quoting()
    QCoreApplication.installTranslator(translator)
    try:
        QCoreApplication.processEvents()
        assert view.findChild(QPushButton, "gradientsButton").text() == "«Gradients»"
        assert view.canvas.accessibleName() == "«Network graph»"
        assert view.banner.text == "«Whole step»"
        assert view.legend.text.startswith("«lines")
    finally:
        QCoreApplication.removeTranslator(translator)
        QCoreApplication.processEvents()
    assert view.findChild(QPushButton, "gradientsButton").text() == "Gradients"
