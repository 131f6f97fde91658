"""The first launch, and those after it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.parts import Part
from engine.phases import Phase, PhaseKind
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")

CASE = json.loads((Path(__file__).parents[2] / "golden" / "article_listing.json").read_text())["cases"][0]


def test_the_first_picture_is_the_articles_first_case_on_its_way_back(qtbot: QtBot) -> None:
    driver = Driver(qtbot, remember=True, first=True)
    try:
        driver.wait(lambda: driver.frame.phase == Phase(PhaseKind.BACKWARD, 2))
        record = driver.frame.record
        assert driver.frame.experiment.reduction == "sum"
        for name, array in (
            ("inputs", record.a[0]),
            ("targets", record.targets),
            ("W1_0", record.weights_before[0]),
            ("b1_0", record.biases_before[0]),
            ("W2_0", record.weights_before[1]),
            ("b2_0", record.biases_before[1]),
            ("hidden_outputs", record.a[1]),
            ("final_outputs", record.a[2]),
        ):
            assert np.allclose(array, CASE[name], rtol=1e-14, atol=0), name
        # the listing's signs are those of targets - outputs
        assert np.allclose(-record.delta[1], CASE["output_gradients"], rtol=1e-12, atol=0)
        assert driver.main.focus.part == Part("weight", 2, 0, 0)
        assert "Step (→)" in driver.main.diagnosis_strip.told.text
        assert driver.frame.step == 0 and not driver.main.isWindowModified()
    finally:
        driver.close()


def test_later_launches_begin_at_rest(qtbot: QtBot) -> None:
    Driver(qtbot, remember=True, first=True).close()
    driver = Driver(qtbot, remember=True, first=True)
    try:
        driver.run(1)
        assert all(frame.phase != Phase(PhaseKind.BACKWARD, 2) for frame in driver.frames)
        assert driver.main.focus.part is None
    finally:
        driver.close()


@pytest.mark.parametrize("steps, select", [(1, None), (None, (1, 0, 0))])
def test_what_was_asked_for_comes_first(
    qtbot: QtBot, steps: int | None, select: tuple[int, int, int] | None
) -> None:
    from gui.main_window import MainWindow

    window = MainWindow(deferred=True)
    try:
        window.begin(None, steps, select)
        window.show()
        qtbot.waitUntil(lambda: window.frame is not None and window.frame.step == (steps or 0))
        assert window.frame is not None
        assert window.frame.phase != Phase(PhaseKind.BACKWARD, 2)
    finally:
        window.close()
        window.deleteLater()


def test_the_first_window_leaves_the_graph_its_room(qtbot: QtBot) -> None:
    """Docks are sized once the window is seen: before that they have no places."""
    from gui.main_window import MainWindow

    window = MainWindow(deferred=True)
    try:
        window.resize(1440, 900)
        window.show()
        qtbot.waitUntil(lambda: window.frame is not None)
        qtbot.waitUntil(lambda: window.network_view.height() > 350)
        assert window.pages.tabs_dock.height() < 250
    finally:
        window.close()
        window.deleteLater()
