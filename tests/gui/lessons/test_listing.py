from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Trainer
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from engine.records import Scalars, StepRecord
from gui.document.examples import PRESETS
from gui.document.focus import Focus
from gui.lessons.listing import Listing
from gui.style.theme import DARK, Theme
from gui.training.messages import Frame, Status
from gui.widgets.table import Table

pytestmark = pytest.mark.usefixtures("dressed")

LISTING = Path(__file__).parents[2] / "golden" / "article_listing.json"
CASE = json.loads(LISTING.read_text(encoding="utf-8"))["cases"][0]


@pytest.fixture
def view(qtbot: QtBot) -> Listing:
    view = Listing(Focus())
    qtbot.addWidget(view)
    view.resize(400, 1400)
    view.show()
    return view


@pytest.fixture
def trainer() -> Trainer:
    preset = PRESETS["article"]
    trainer = Trainer(preset.experiment, preset.dataset)
    assert preset.start is not None
    trainer.set_parameters(preset.start.weights, preset.start.biases)
    return trainer


def make_frame(trainer: Trainer, record: StepRecord, phase: Phase | None = None) -> Frame:
    scalars = Scalars.empty(len(record.z))
    return Frame(1, trainer.dataset, record, phase, scalars, False, Status.PAUSED)


def table(view: Listing, name: str) -> Table:
    found = view.findChild(Table, name)
    assert found is not None
    return found


def test_shows_both_hidden_gradients_of_the_listings_case(view: Listing, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    numbers = np.array([row[1:3] for row in table(view, "lessonDeltaTable").values], dtype=float)
    listing, true = numbers.reshape(5, 3, 2).transpose(2, 0, 1)
    # the listing's signs are those of targets - outputs
    assert listing == pytest.approx(-np.array(CASE["hidden_gradients"]), rel=1e-12)
    assert true == pytest.approx(-np.array(CASE["hidden_gradients_before_update"]), rel=1e-12)
    turned = [row[3].endswith("±") for row in table(view, "lessonDeltaTable").texts]
    assert turned == (listing * true < 0).ravel().tolist()
    assert any(turned)


def test_shows_the_mean_beside_the_sum(view: Listing, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    rows = table(view, "lessonBiasTable")
    assert [row[0] for row in rows.texts][-2:] == ["∂L/∂b⁽²⁾₁", "∂L/∂b⁽²⁾₂"]
    assert [row[3].rstrip("0") for row in rows.texts] == ["1"] * 6 + ["0.2"] * 2
    gradients = -np.array(CASE["output_gradients"])
    assert [row[1] for row in rows.values][-2:] == pytest.approx(gradients.mean(axis=0), rel=1e-12)
    assert [row[2] for row in rows.values][-2:] == pytest.approx(gradients.sum(axis=0), rel=1e-12)


def test_names_the_three_differences_with_the_numbers_of_the_case(view: Listing, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    headings = [view.findChild(QLabel, f"lesson{name}Heading") for name in ("Delta", "Bias", "Drawn")]
    assert [label.text()[0] for label in headings if label is not None] == ["1", "2", "3"]
    text = view.findChild(QLabel, "lessonDeltaText")
    assert text is not None
    assert f"{CASE['W2_0'][0][0]:.4f} → {CASE['W2'][0][0]:.4f}" in text.text()
    losses = table(view, "lessonDrawnTable").values
    assert losses[0][1:] == [pytest.approx(1.4108105253745797)] * 2
    assert losses[2][1] is None
    assert view.comparison is not None
    assert losses[1][1:] == [view.comparison.listing_loss_after, view.comparison.true_loss_after]


@pytest.mark.parametrize(
    ("phase", "output", "hidden", "loss", "updated"),
    [
        (Phase(PhaseKind.FORWARD, 1), False, False, False, False),
        (Phase(PhaseKind.LOSS), False, False, True, False),
        (Phase(PhaseKind.BACKWARD, 2), True, False, True, False),
        (Phase(PhaseKind.BACKWARD, 1), True, True, True, False),
        (Phase(PhaseKind.UPDATE), True, True, True, True),
    ],
)
def test_tells_nothing_before_its_phase(
    view: Listing, trainer: Trainer, phase: Phase, output: bool, hidden: bool, loss: bool, updated: bool
) -> None:
    view.show_frame(make_frame(trainer, trainer.peek(), phase))
    assert (table(view, "lessonBiasTable").values[0][1] is not None) is output
    assert (table(view, "lessonDeltaTable").values[0][1] is not None) is hidden
    assert (table(view, "lessonDrawnTable").values[0][1] is not None) is loss
    assert (table(view, "lessonDrawnTable").values[1][1] is not None) is updated


def test_a_row_leads_to_its_unit_or_parameter(qtbot: QtBot, view: Listing, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    chosen: list[object] = []
    view.focus.part_changed.connect(chosen.append)
    view.focus.sample_changed.connect(chosen.append)
    rows = table(view, "lessonDeltaTable")
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=rows.row_place(4).toPoint())
    rows = table(view, "lessonBiasTable")
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=rows.row_place(7).toPoint())
    assert chosen == [1, Part("unit", 1, 1), Part("bias", 2, 1)]


def test_is_gone_where_there_is_nothing_to_compare(view: Listing, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    assert not view.isHidden()
    other = Trainer(Experiment((Layer(2),)), Dataset.from_arrays([[1.0]], [[1.0, 2.0]]))
    view.show_frame(make_frame(other, other.step()))
    assert view.isHidden() and view.comparison is None


@pytest.mark.parametrize("width", [280, 376, 700])
def test_no_row_is_without_its_name(view: Listing, trainer: Trainer, width: int) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.resize(width, 1400)
    view.grab()
    for name in ("lessonDeltaTable", "lessonBiasTable", "lessonDrawnTable"):
        rows = table(view, name)
        assert all(painted[0] for painted in rows.painted), name
        if name != "lessonDrawnTable":
            symbols = [text[0].split(",")[0] for text in rows.texts]
            assert [painted[0][: len(s)] for painted, s in zip(rows.painted, symbols, strict=True)] == symbols


def test_large_batches_are_cut_short(view: Listing) -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(40, 3)), rng.normal(size=(40, 30)))
    trainer = Trainer(Experiment((Layer(4, "tanh"), Layer(30))), data)
    view.show_frame(make_frame(trainer, trainer.step()))
    assert len(table(view, "lessonDeltaTable").texts) == 25
    assert "136 more" in table(view, "lessonDeltaTable").texts[-1][0]
    assert len(table(view, "lessonBiasTable").texts) == 24


def test_theme_and_language(view: Listing, trainer: Trainer, dress: Callable[[Theme], None]) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    light = view.grab().toImage().pixelColor(2, 2).lightness()
    dress(DARK)
    view.set_theme(DARK)
    assert view.grab().toImage().pixelColor(2, 2).lightness() < 60 < light
    QApplication.sendEvent(view, QEvent(QEvent.Type.LanguageChange))
    assert len(table(view, "lessonDeltaTable").texts) == 15
