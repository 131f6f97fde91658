"""The setup panel, by its fields, keys and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QMainWindow,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.dataset import Dataset, Recipe
from engine.experiment import Experiment, Layer
from engine.functions import (
    ACTIVATIONS,
    CLIPPINGS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
    Table,
)
from engine.functions.optimizers import SGD
from engine.functions.table import parameter
from gui.document.document import Document
from gui.panels.setup import SetupPanel
from gui.panels.setup.rail import Flyout
from gui.panels.setup.rows import Explained, Row
from gui.style.appearance import Appearance
from gui.style.equation import equation_image
from gui.style.fonts import px
from gui.style.theme import DARK, LIGHT, Theme
from gui.widgets.number_box import NumberBox
from gui.widgets.one_line import OneLine
from tests.gui.language import longer, spoken


class Setup:
    """A panel with its document, and ways to use it."""

    def __init__(self, qtbot: QtBot, document: Document) -> None:
        self.qtbot = qtbot
        self.document = document
        self.panel = SetupPanel()
        self.panel.set_document(document)
        qtbot.addWidget(self.panel)
        self.panel.resize(self.panel.sizeHint())
        with qtbot.waitExposed(self.panel):
            self.panel.show()

    def find(self, kind: type, name: str) -> QWidget:
        found = [each for each in self.panel.findChildren(kind, name) if each.isVisibleTo(self.panel)]
        assert len(found) == 1, f"{name}: {len(found)} found"
        return found[0]

    def box(self, name: str) -> NumberBox:
        box = self.find(NumberBox, name)
        assert isinstance(box, NumberBox)
        return box

    def combo(self, name: str) -> QComboBox:
        combo = self.find(QComboBox, name)
        assert isinstance(combo, QComboBox)
        return combo

    def has(self, name: str) -> bool:
        return any(widget.isVisibleTo(self.panel) for widget in self.panel.findChildren(QWidget, name))

    def click(self, name: str) -> None:
        self.qtbot.mouseClick(self.find(QAbstractButton, name), Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
        box = self.box(name)
        box.setFocus()
        box.selectAll()
        self.qtbot.keyClicks(box, text)
        self.qtbot.keyClick(box, end)

    def pick(self, name: str, label: str) -> None:
        combo = self.combo(name)
        index = combo.findText(label)
        assert index >= 0, label
        # down the list with the keys, as a person would; a disabled item is stepped over
        combo.setFocus()
        combo.showPopup()
        view = combo.view()
        view.setCurrentIndex(combo.model().index(index, 0))
        self.qtbot.keyClick(view, Qt.Key.Key_Return)

    def error(self, name: str) -> str:
        label = self.panel.findChild(QLabel, f"{name}.error")
        assert label is not None
        assert bool(label.text()) != label.isHidden()
        return label.text()


@pytest.fixture
def setup(qtbot: QtBot) -> Iterator[Setup]:
    document = Document()
    yield Setup(qtbot, document)
    document.deleteLater()


def offered(combo: QComboBox) -> list[str]:
    model = combo.model()
    enabled = Qt.ItemFlag.ItemIsEnabled
    return [combo.itemText(i) for i in range(combo.count()) if model.index(i, 0).flags() & enabled]


def test_shows_the_first_document(setup: Setup) -> None:
    assert setup.combo("dataCombo").currentText() == "article's 4-3-2"
    assert setup.box("layers[0].units").text() == "3"
    assert setup.combo("layers[1].activation").currentText() == "sigmoid"
    assert setup.box("learning_rate").text() == "0.5"
    assert (setup.box("initializer.low").text(), setup.box("initializer.high").text()) == ("0", "1")
    assert not setup.box("batch_size").isEnabled()
    assert setup.find(OneLine, "dataSummary").text == "5 rows, 5 train · 4 → 2"  # type: ignore[attr-defined]
    assert not setup.has("missing")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.03", 0.03), ("0,03", 0.03), ("3e-2", 0.03), (" 3E-2 ", 0.03), ("2", 2.0), (".5", 0.5)],
)
def test_learning_rate_is_typed(setup: Setup, typed: str, value: float) -> None:
    setup.document.set_value("learning_rate", 0.25)
    setup.type("learning_rate", typed)
    assert setup.document.experiment.learning_rate == value
    assert float(setup.box("learning_rate").text()) == value


def test_what_is_typed_counts_when_the_field_is_left(setup: Setup, qtbot: QtBot) -> None:
    box = setup.box("learning_rate")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.125")
    assert setup.document.experiment.learning_rate == 0.5
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert setup.document.experiment.learning_rate == 0.125
    assert setup.document.undo_stack.count() == 1


@pytest.mark.parametrize("typed", ["0", "1e999", "1e", "-1"])
def test_a_wrong_number_is_explained_and_kept(setup: Setup, typed: str) -> None:
    setup.type("learning_rate", typed)
    assert setup.document.experiment.learning_rate == 0.5
    assert "Learning rate" in setup.error("learning_rate")
    assert setup.box("learning_rate").text() == typed
    setup.type("learning_rate", "0.1")
    assert setup.error("learning_rate") == ""
    assert setup.document.experiment.learning_rate == 0.1


def test_retyping_the_old_value_takes_the_complaint_away(setup: Setup) -> None:
    setup.type("learning_rate", "0")
    setup.type("learning_rate", "0.5")
    assert setup.error("learning_rate") == ""
    assert setup.document.undo_stack.count() == 0


def test_escape_gives_up_typing(setup: Setup, qtbot: QtBot) -> None:
    setup.type("learning_rate", "7", Qt.Key.Key_Escape)
    assert setup.box("learning_rate").text() == "0.5"
    qtbot.keyClick(setup.box("learning_rate"), Qt.Key.Key_Tab)
    assert setup.document.experiment.learning_rate == 0.5


def test_letters_cannot_be_typed(setup: Setup) -> None:
    setup.type("learning_rate", "0.x2")
    assert setup.document.experiment.learning_rate == 0.2


def test_learning_rate_steps_through_magnitudes(setup: Setup, qtbot: QtBot) -> None:
    box = setup.box("learning_rate")
    box.setFocus()
    seen = []
    for _ in range(4):
        qtbot.keyClick(box, Qt.Key.Key_Up)
        seen.append(setup.document.experiment.learning_rate)
    assert seen == [1.0, 2.0, 5.0, 10.0]
    for _ in range(7):
        qtbot.keyClick(box, Qt.Key.Key_Down)
        seen.append(setup.document.experiment.learning_rate)
    assert seen[4:] == [5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05]
    assert setup.document.undo_stack.count() == 1


@pytest.mark.parametrize(
    ("path", "rule", "start", "up", "down"),
    [
        ("optimizer.momentum", "momentum", 0.9, 0.9, 0.8),
        ("optimizer.beta2", "adam", 0.999, 0.999, 0.998),
        ("optimizer.epsilon", "adam", 1e-8, 1e-5, 1e-8),
        ("regularizer.strength", "l2", 0.001, 0.002, 0.0005),
        ("regularizer.strength", "l2", 0.0, 1e-5, 0.0),
        ("schedule.every", "step", 10, 11, 9),
        ("initializer.value", "constant", 0.1, 0.2, 0.0),
        ("initializer.value", "constant", 0.0, 0.1, -0.1),
    ],
)
def test_each_number_has_fitting_steps(
    setup: Setup, qtbot: QtBot, path: str, rule: str, start: float, up: float, down: float
) -> None:
    setup.panel.show_section("more")
    setup.document.set_value(path.partition(".")[0], rule)
    for key, expected in ((Qt.Key.Key_Up, up), (Qt.Key.Key_Down, down)):
        setup.document.set_value(path, start)
        setup.box(path).setFocus()
        qtbot.keyClick(setup.box(path), key)
        assert setup.document.value(path) == expected


def wheel(widget: QWidget, degrees: int = 120) -> None:
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, degrees),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_wheel_changes_only_the_field_in_use(setup: Setup) -> None:
    setup.panel.show_section("more")
    setup.box("seed").setFocus()
    wheel(setup.box("learning_rate"))
    wheel(setup.combo("optimizer"), -120)
    assert setup.document.undo_stack.count() == 0
    setup.box("learning_rate").setFocus()
    wheel(setup.box("learning_rate"))
    assert setup.document.experiment.learning_rate == 1.0


def test_share_is_in_percent(setup: Setup, qtbot: QtBot) -> None:
    setup.document.set_dataset(builtin("iris"))
    assert setup.box("validation").text() == "20 %"
    setup.type("validation", "30")
    assert setup.document.experiment.validation == 0.3
    qtbot.keyClick(setup.box("validation"), Qt.Key.Key_Up)
    assert setup.document.experiment.validation == 0.35
    setup.type("validation", "22%")
    qtbot.keyClick(setup.box("validation"), Qt.Key.Key_Down)
    assert setup.document.experiment.validation == 0.2
    setup.type("validation", "100")
    assert "at least 0 and below 1" in setup.error("validation")
    assert setup.document.experiment.validation == 0.2


@pytest.mark.parametrize(
    ("field", "table"),
    [
        ("optimizer", OPTIMIZERS),
        ("initializer", INITIALIZERS),
        ("schedule", SCHEDULES),
        ("regularizer", REGULARIZERS),
        ("clipping", CLIPPINGS),
        ("loss", LOSSES),
        ("layers[0].activation", ACTIVATIONS),
    ],
)
def test_every_rule_of_a_table_is_offered_with_its_parameters(setup: Setup, field: str, table: Table) -> None:  # type: ignore[type-arg]
    setup.panel.show_section("more")
    setup.document.set_dataset(builtin("iris"))
    for name, rule in table.items():
        other = next(each for each in table if each != name)
        setup.document.set_value(field, other)
        setup.pick(field, rule.label)
        assert setup.document.value(field).name == name
        for spec in rule.parameters():
            assert setup.box(f"{field}.{spec.name}").value == spec.default
        boxes = setup.panel.findChildren(NumberBox)
        shown = {box.objectName() for box in boxes if box.isVisibleTo(setup.panel)}
        expected = {f"{field}.{spec.name}" for spec in rule.parameters()}
        assert {each for each in shown if each.startswith(f"{field}.")} == expected


@dataclass(frozen=True)
class Sluggish(SGD):
    """A rule that is only in this test."""

    delay: int = parameter(3, "delay", low=1)
    weight: float = parameter(0.5, "weight", low=0.0, high=1.0)
    name: ClassVar = "sluggish"
    label: ClassVar = "Sluggish"


def test_a_new_row_of_a_table_appears_by_itself(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPTIMIZERS._rules, "sluggish", Sluggish)
    setup.document.set_value("optimizer", "adam")
    setup.pick("optimizer", "Sluggish")
    setup.type("optimizer.delay", "4")
    setup.type("optimizer.weight", "0.25")
    assert setup.document.experiment.optimizer == Sluggish(4, 0.25)
    setup.type("optimizer.delay", "2.5")
    assert "whole number" in setup.error("optimizer.delay")
    setup.document.set_value("optimizer", "sgd")


def test_only_losses_that_fit_the_data_can_be_picked(setup: Setup) -> None:
    assert offered(setup.combo("loss")) == [
        "squared error ½Σ",
        "mean squared error",
        "mean absolute error",
        "Huber",
    ]
    combo = setup.combo("loss")
    index = combo.findText("cross-entropy")
    reason = combo.itemData(index, Qt.ItemDataRole.ToolTipRole)
    assert "does not fit a regression target" in reason
    assert "mean squared error" in reason, "names are those of the list"
    setup.document.set_dataset(builtin("xor"))
    assert "binary cross-entropy" in offered(setup.combo("loss"))
    assert "cross-entropy" not in offered(setup.combo("loss"))
    setup.document.set_dataset(builtin("iris"))
    assert "cross-entropy" in offered(setup.combo("loss"))


def test_softmax_needs_two_units(setup: Setup) -> None:
    setup.document.set_dataset(builtin("xor"))
    assert "softmax" not in offered(setup.combo("layers[2].activation"))
    assert "softmax" in offered(setup.combo("layers[0].activation"))
    setup.pick("layers[0].activation", "softmax")
    setup.type("layers[0].units", "1")
    assert "softmax over one unit" in setup.error("layers[0].activation")
    assert setup.document.experiment.layers[0].units == 5


def test_settings_that_exclude_each_other(setup: Setup) -> None:
    setup.panel.show_section("more")
    setup.document.set_value("clipping", "global_norm")
    assert offered(setup.combo("update_order")) == ["all together"]
    setup.document.set_value("clipping", "none")
    setup.document.set_value("update_order", "output_first")
    assert "by global norm" not in offered(setup.combo("clipping"))


def test_layers_are_added_and_removed(setup: Setup) -> None:
    setup.click("addLayerButton")
    assert [layer.units for layer in setup.document.experiment.layers] == [3, 3, 2]
    setup.type("layers[1].units", "5")
    setup.pick("layers[1].activation", "ReLU")
    assert setup.document.experiment.layers[1] == Layer(5, "relu")
    setup.click("layers[0].remove")
    assert setup.document.experiment.layers == (Layer(5, "relu"), Layer(2, "sigmoid"))
    assert setup.box("layers[0].units").text() == "5"
    assert not setup.has("layers[1].units")
    setup.click("layers[0].remove")
    assert setup.document.experiment.layers == (Layer(2, "sigmoid"),)
    setup.document.undo_stack.undo()
    assert setup.box("layers[0].units").text() == "5"


def test_dropout_is_folded_away(setup: Setup) -> None:
    assert not setup.has("layers[0].dropout")
    setup.click("moreFold")
    assert setup.has("layers[0].dropout")
    setup.type("layers[0].dropout", "0.25")
    assert setup.document.experiment.layers[0].dropout == 0.25
    setup.type("layers[0].dropout", "1")
    assert "at least 0 and below 1" in setup.error("layers[0].dropout")
    assert not setup.has("layers[1].dropout"), "the output layer has none"


def test_variants_are_folded_away_and_told_of_in_one_line(setup: Setup) -> None:
    setup.document.set_value("reduction", "mean")
    assert not setup.has("reduction")
    summary = setup.find(OneLine, "moreSummary")
    setup.document.set_value("reduction", "mean")
    assert summary.text == "schedule, penalty, clipping, seed 0"  # type: ignore[attr-defined]
    setup.document.set_value("bias_reduction", "mean")
    assert not setup.has("bias_reduction"), "who folded it away wants it so"
    assert summary.text == "Bias gradients: mean, seed 0"  # type: ignore[attr-defined]
    setup.click("moreFold")
    setup.pick("reduction", "sum")
    setup.pick("update_order", "output first")
    setup.pick("dtype", "float32")
    experiment = setup.document.experiment
    assert (experiment.reduction, experiment.update_order, experiment.dtype) == (
        "sum",
        "output_first",
        "float32",
    )


def test_batch_size(setup: Setup, qtbot: QtBot) -> None:
    setup.document.set_dataset(builtin("iris"))
    assert setup.box("batch_size").text() == "10"
    setup.type("batch_size", "121")
    assert setup.error("batch_size").startswith("The batch size 121 is larger than the 120 training rows.")
    setup.type("batch_size", "120")
    qtbot.keyClick(setup.box("batch_size"), Qt.Key.Key_Up)
    assert setup.document.experiment.batch_size == 120
    setup.click("fullBatchButton")
    assert setup.document.experiment.batch_size == "full"


def test_seed_typed_and_new(setup: Setup) -> None:
    setup.panel.show_section("more")
    setup.type("seed", str(2**63 - 1))
    assert setup.document.experiment.seed == 2**63 - 1
    setup.type("seed", "7")
    setup.click("newSeedButton")
    setup.click("newSeedButton")
    assert setup.document.experiment.seed == 9
    assert setup.box("seed").text() == "9"
    assert setup.document.state.network == 4


def test_built_in_data_are_offered(setup: Setup) -> None:
    assert setup.combo("dataCombo").count() == len(BUILTIN_NAMES)
    setup.pick("dataCombo", "Iris")
    assert setup.document.dataset.name == "iris"
    assert setup.find(OneLine, "dataSummary").text == "150 rows, 120 train · 4 → 3"  # type: ignore[attr-defined]
    source = setup.find(OneLine, "dataSummary").toolTip()
    assert "Fisher" in source and "CC BY 4.0" in source


def test_data_of_a_file_stand_first(setup: Setup) -> None:
    own = Dataset.from_arrays([[1.0, np.nan], [2.0, 3.0]], [0.0, 1.0], name="own.csv")
    setup.document.set_dataset(own)
    combo = setup.combo("dataCombo")
    assert (combo.currentText(), combo.currentIndex(), combo.count()) == (
        "own.csv",
        0,
        len(BUILTIN_NAMES) + 1,
    )
    assert setup.has("missing")
    setup.pick("missing", "drop row")
    assert setup.document.training_rows == 1
    setup.pick("dataCombo", "Wine")
    assert combo.count() == len(BUILTIN_NAMES)
    assert not setup.has("missing")


def test_a_file_is_not_taken_for_the_built_in_set_of_its_name(setup: Setup) -> None:
    recipe = Recipe(path=str(Path("folder") / "iris.csv"), sha256="", format="csv")
    setup.document.set_dataset(replace(builtin("iris"), recipe=recipe))
    assert setup.combo("dataCombo").currentText() == "iris.csv"
    setup.pick("dataCombo", "Iris")
    assert setup.document.dataset.recipe is None


def test_open_is_asked_for(setup: Setup, qtbot: QtBot) -> None:
    with qtbot.waitSignal(setup.panel.open_requested):
        setup.click("openFileButton")


def test_follows_the_document(setup: Setup) -> None:
    setup.document.set_value("learning_rate", 0.125)
    setup.document.set_value("optimizer", "adam")
    assert setup.box("learning_rate").text() == "0.125"
    assert setup.combo("optimizer").currentText() == "Adam"
    setup.document.undo_stack.undo()
    setup.document.undo_stack.undo()
    assert setup.box("learning_rate").text() == "0.5"
    assert not setup.has("optimizer.beta1")


def test_another_document_takes_over(setup: Setup) -> None:
    other = Document(
        Experiment(layers=(Layer(1, "sigmoid"),), learning_rate=0.75), builtin("xor"), setup.panel
    )
    setup.panel.set_document(other)
    assert setup.box("learning_rate").text() == "0.75"
    setup.document.set_value("learning_rate", 0.1)
    assert setup.box("learning_rate").text() == "0.75"
    setup.type("learning_rate", "0.2")
    assert other.experiment.learning_rate == 0.2


def test_undo_key_is_the_documents_once_typing_is_done(setup: Setup, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(setup.panel)
    undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), window)
    undo.activated.connect(setup.document.undo_stack.undo)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    setup.type("learning_rate", "0.1")
    qtbot.keyClick(setup.box("learning_rate"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert setup.document.experiment.learning_rate == 0.5
    window.takeCentralWidget()


def test_everything_has_a_name(setup: Setup) -> None:
    setup.document.set_dataset(builtin("iris"))
    setup.document.set_value("optimizer", "adam")
    setup.click("moreFold")
    for kind in (NumberBox, QComboBox, QAbstractButton):
        for widget in setup.panel.findChildren(kind):
            if widget.isVisible() and type(widget.parent()).__name__ != "QComboBoxPrivateContainer":
                assert widget.objectName(), widget
                assert widget.accessibleName() or getattr(widget, "text", str)(), widget.objectName()


@pytest.fixture
def stretched(qapp: QApplication) -> Iterator[None]:
    with spoken(longer):
        yield


def cut_off(panel: QWidget) -> list[str]:
    """Name the visible texts that have less room than they need."""
    found = []
    for label in panel.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        room, metrics = label.contentsRect(), label.fontMetrics()
        words = label.text().split() if label.wordWrap() else [label.text()]
        if max(map(metrics.horizontalAdvance, words)) > room.width():
            found.append(label.text())
        if label.wordWrap() and label.heightForWidth(label.width()) > label.height():
            found.append(label.text())
    for widget in [
        *panel.findChildren(QComboBox),
        *panel.findChildren(NumberBox),
        *panel.findChildren(QPushButton),
    ]:
        hint = widget.minimumSizeHint()
        if widget.isVisible() and (hint.width() > widget.width() or hint.height() > widget.height()):
            found.append(widget.objectName())
    for widget in panel.findChildren(QWidget):
        edge = widget.mapTo(panel, QPoint(widget.width(), 0)).x()
        if widget.isVisible() and edge > panel.width() and widget.objectName():
            found.append(f"{widget.objectName()} beyond the edge")
    return found


def fill(setup: Setup) -> None:
    document = setup.document
    setup.panel.show_section("more")
    document.set_dataset(builtin("iris"))
    document.add_layer()
    for path, value in (
        ("layers[0].activation", "leaky_relu"),
        ("layers[1].dropout", 0.25),
        ("optimizer", "adam"),
        ("schedule", "reduce_on_plateau"),
        ("regularizer", "l2"),
        ("clipping", "global_norm"),
        ("batch_size", 10),
        ("reduction", "sum"),
        ("loss", "binary_cross_entropy"),
    ):
        document.set_value(path, value)
    setup.type("learning_rate", "0")
    setup.panel.resize(setup.panel.minimumWidth(), 700)
    QApplication.processEvents()
    QApplication.processEvents()


@pytest.mark.usefixtures("dressed")
def test_nothing_is_cut_off(setup: Setup) -> None:
    fill(setup)
    assert cut_off(setup.panel) == []
    assert setup.panel.minimumWidth() <= 320


@pytest.mark.usefixtures("dressed")
def test_nothing_is_cut_off_when_texts_are_longer(stretched: None, setup: Setup) -> None:
    fill(setup)
    assert setup.panel.findChild(QLabel, "learning_rate.error").text().startswith("««Learning rate")
    assert cut_off(setup.panel) == []


def test_language_changes_at_run_time(setup: Setup) -> None:
    fill(setup)
    with spoken(longer):
        texts = {label.text() for label in setup.panel.findChildren(QLabel) if label.isVisible()}
    plain = {text for text in texts if not text.startswith("«")}
    assert plain == {"3"}, "all but the count of outputs"
    assert setup.combo("optimizer").currentText() == "Adam"


def test_theme_gives_the_colours(setup: Setup, dress: Callable[[Theme], None]) -> None:
    for theme in (LIGHT, DARK):
        dress(theme)
        QApplication.processEvents()
        picture = setup.panel.grab().toImage()
        assert picture.pixelColor(2, picture.height() - 3).name() == theme.surface


def test_document_outlives_the_panel(qtbot: QtBot) -> None:
    owner = QObject()
    document = Document(parent=owner)
    panel = SetupPanel()
    panel.set_document(document)
    panel.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    document.set_value("learning_rate", 0.1)
    assert document.experiment.learning_rate == 0.1


def test_targets_of_numbers_can_be_scaled(setup: Setup) -> None:
    setup.document.set_dataset(builtin("iris"))
    assert not setup.has("target_scaling")
    years = np.linspace(0.0, 30.0, 40)[:, None]
    setup.document.set_dataset(Dataset.from_arrays(years, 3e4 + 1.5e3 * years[:, 0]))
    assert setup.combo("target_scaling").currentText() == "z-score"
    setup.pick("target_scaling", "min–max")
    assert setup.document.experiment.target_scaling == "minmax"
    setup.document.set_dataset(builtin("plane"))
    assert setup.combo("target_scaling").currentText() == "none"


@pytest.mark.usefixtures("dressed")
def test_sections_fit_without_scrolling(setup: Setup) -> None:
    for _ in range(2):
        setup.document.add_layer()
    setup.document.set_value("initializer", "xavier_uniform")
    setup.panel.resize(setup.panel.sizeHint().width(), 800)
    QApplication.processEvents()
    body = setup.panel.findChild(QWidget, "setupBody")
    assert body is not None
    assert body.sizeHint().height() <= 800
    assert setup.panel.sizeHint().width() <= 300


def test_a_fold_remembers_itself(qtbot: QtBot) -> None:
    document = Document()

    def panel() -> SetupPanel:
        made = SetupPanel(remember=True)
        made.set_document(document)
        qtbot.addWidget(made)
        return made

    first = panel()
    assert [section.name for section in first.sections if section.is_folded] == ["more"]
    for name in ("moreFold", "dataFold"):
        head = first.findChild(QAbstractButton, name)
        assert head is not None
        head.click()
    second = panel()
    assert [section.name for section in second.sections if section.is_folded] == ["data"]
    document.deleteLater()


FIELDS = (NumberBox, QComboBox, QAbstractButton)


def fields(panel: QWidget) -> Iterator[QWidget]:
    """Give what can be typed into, picked from or pressed, lists of choices apart."""
    for widget in panel.findChildren(QWidget):
        if isinstance(widget, FIELDS) and type(widget.parent()).__name__ != "QComboBoxPrivateContainer":
            yield widget


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_field_says_what_it_means(setup: Setup, qapp: QApplication, language: str) -> None:
    appearance = Appearance(qapp, language, "light", remember=False)
    try:
        fill(setup)
        rows = setup.panel.findChildren(Explained)
        explained = {row.path: row for row in rows if row.isVisibleTo(setup.panel)}
        assert {"data", "inputs", "dtype", "seed", "layers[0].activation.slope_below", "optimizer.beta1"} < {
            *explained
        }
        for path, row in explained.items():
            text, lines = row.meaning.text, row.meaning.lines
            assert text and row.toolTip(), path
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text) == (language == "zh_CN"), path
            assert lines and all(lines), path
            for line in lines:
                assert equation_image(line, 16, "#000000").startswith("<img"), path
            if isinstance(row, Row):
                assert all(field.accessibleDescription() == text for field in row._fields), path
        for field in fields(setup.panel):
            widget: QWidget | None = field
            while widget is not None and not widget.toolTip() and not isinstance(widget, SetupPanel):
                widget = widget.parentWidget()
            is_head = field.property("role") == "section"
            assert is_head or (widget is not None and widget.toolTip()), field.objectName()
    finally:
        appearance.set_language("en")


def test_a_tooltip_draws_the_formula(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("gui.panels.setup.rows.QToolTip.showText", lambda place, text, *_: shown.append(text))
    box = setup.box("learning_rate")
    place = box.rect().center()
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, place, box.mapToGlobal(place)))
    assert len(shown) == 1
    assert "follows the gradient" in shown[0] and shown[0].count("<img") == 1


@pytest.mark.usefixtures("dressed")
def test_the_rail_lets_sections_fly_out(qtbot: QtBot, setup: Setup) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    other = QPushButton("elsewhere")
    window.setCentralWidget(other)
    window.setMenuWidget(setup.panel)  # anywhere in it
    setup.panel.set_rail(True)
    window.resize(600, 700)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    assert setup.panel.is_rail
    assert setup.panel.sizeHint().width() == setup.panel.width() == px(46)
    assert not setup.has("learning_rate")
    setup.click("trainingRail")
    flyout = setup.panel.rail.flyout
    assert isinstance(flyout, Flyout) and flyout.isVisible()
    box = flyout.findChild(NumberBox, "learning_rate")
    assert box is not None and box.isVisible() and window.rect().contains(flyout.geometry())
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.25")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert setup.document.experiment.learning_rate == 0.25

    setup.click("moreRail")  # folded away as it is, its rows are all there
    seed = flyout.findChild(NumberBox, "seed")
    assert seed is not None and seed.isVisible() and not box.isVisible()
    qtbot.keyClick(flyout, Qt.Key.Key_Escape)
    assert setup.panel.rail.flyout is None
    setup.click("dataRail")
    assert setup.panel.rail.flyout is not None
    other.setFocus()
    assert setup.panel.rail.flyout is None, "it closes when one goes on elsewhere"
    setup.click("dataRail")
    setup.click("dataRail")
    assert setup.panel.rail.flyout is None
    setup.click("networkRail")
    setup.panel.set_rail(False)
    assert setup.has("learning_rate") and setup.has("layers[0].units") and not setup.has("seed")
    order = [section.y() for section in setup.panel.sections]
    assert order == sorted(order)
    setup.panel.setParent(None)  # type: ignore[call-overload]


def needed(widget: QWidget) -> int:
    layout = widget.layout()
    assert layout is not None
    layout.activate()
    return widget.minimumSizeHint().height()


@pytest.mark.usefixtures("dressed")
def test_a_section_grows_with_its_rows_after_the_rail(setup: Setup) -> None:
    panel = setup.panel
    data = panel.sections[0]
    for _ in range(2):
        panel.set_rail(True)
        panel.show_section("data")
        panel.set_rail(False)
    high = needed(data)
    setup.document.set_dataset(builtin("circles"))
    setup.qtbot.waitUntil(lambda: needed(data) < high - 15)
    setup.document.set_dataset(builtin("sine"))  # whose targets can be scaled, too
    setup.qtbot.waitUntil(lambda: needed(data) >= high)
    setup.qtbot.waitUntil(lambda: data.height() >= high)
