"""The ways out, through the actions of the window: what the files hold is what the window showed."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QMenu,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from engine.extras import EXTRAS, shown_command
from engine.parts import Part
from gui.training.messages import Granularity, Run, Step
from gui.widgets.message_bar import Tone
from tests.gui.driver import Driver

STEPS = 7
SVG = "{http://www.w3.org/2000/svg}"


class Window(Driver):
    """A main window that has trained some steps, and what is asked of it."""

    def __init__(self, qtbot: QtBot, steps: int = STEPS) -> None:
        super().__init__(qtbot)
        if steps:
            self.run(steps)

    def submit(self, command: object) -> None:
        self.main.submit(command)  # type: ignore[arg-type]

    def export(self, name: str, *paths: Path) -> None:
        """Trigger an action and wait until it is said that the files are there."""
        self.main.message_bar.hide()
        self.action(name).trigger()
        self.wait(lambda: self.main.message_bar.text.startswith("Written: "))
        assert all(path.is_file() for path in paths)

    def accept(self, name: str) -> None:
        ok = self.child(QDialog, name).findChild(QDialogButtonBox)
        assert ok is not None
        ok.button(QDialogButtonBox.StandardButton.Ok).click()

    def box(self, name: str) -> QSpinBox:
        return self.child(QSpinBox, name)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.close()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Answer the file dialog with a file, and the kind of file at a place of its list."""

    def set_answer(path: Path, place: int = 0) -> None:
        def ask(parent: object, title: str, name: str, kinds: str, chosen: str) -> tuple[str, str]:
            return str(path), kinds.split(";;")[place]

        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)

    return set_answer


def losses_of(script: Path, steps: int) -> list[float]:
    done = subprocess.run(
        [sys.executable, str(script), str(steps)], capture_output=True, text=True, check=True
    )
    return [float(line.split()[1]) for line in done.stdout.splitlines()]


def next_losses(window: Window, steps: int) -> list[float]:
    before = window.frame.step
    window.submit(Run(Granularity.BATCH, None, steps))
    window.wait(lambda: window.frame.step == before + steps)
    scalars = {s: v for f in window.frames for s, v in zip(f.scalars.steps, f.scalars.loss, strict=True)}
    return [scalars[step] for step in range(before + 1, before + steps + 1)]


def test_numpy_script_goes_on_with_the_same_losses(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    script = tmp_path / "network.py"
    answer(script)
    window.export("exportNumpyAction", script)
    assert losses_of(script, 5) == pytest.approx(next_losses(window, 5), rel=1e-12)


def test_script_of_a_half_revealed_step_begins_with_that_step(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    window.submit(Step(Granularity.LAYER))
    window.wait(lambda: window.frame.phase is not None)
    assert window.frame.step == STEPS
    script = tmp_path / "network.py"
    answer(script)
    window.export("exportNumpyAction", script)
    first = losses_of(script, 2)
    assert first[0] == pytest.approx(window.frame.record.data_loss, rel=1e-12)
    window.submit(Step(Granularity.BATCH))
    window.wait(lambda: window.frame.step == STEPS + 1)
    assert first[1] == pytest.approx(next_losses(window, 1)[0], rel=1e-12)


def test_pytorch_script_and_notebook(window: Window, answer: Callable[..., None], tmp_path: Path) -> None:
    script, notebook = tmp_path / "torch.py", tmp_path / "network.ipynb"
    answer(script)
    window.export("exportPytorchAction", script)
    compile(script.read_text(), str(script), "exec")
    assert "import torch" in script.read_text()
    answer(notebook)
    window.export("exportNotebookAction", notebook)
    cells = json.loads(notebook.read_text())["cells"]
    assert any("import numpy as np" in "".join(cell["source"]) for cell in cells)


def test_without_the_package_onnx_it_is_said_how_to_have_it(
    window: Window, answer: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    answer(tmp_path / "network.onnx")
    window.action("exportOnnxAction").trigger()
    window.wait(lambda: window.main.message_bar.tone is Tone.WARNING)
    assert shown_command(EXTRAS["onnx"]) in window.main.message_bar.text
    assert not list(tmp_path.glob("*onnx*"))


def test_scalars_are_those_of_all_steps(window: Window, answer: Callable[..., None], tmp_path: Path) -> None:
    path = tmp_path / "scalars.csv"
    answer(path)
    window.export("exportScalarsAction", path)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    shown = np.concatenate([frame.scalars.loss for frame in window.frames])
    assert [float(row["loss"]) for row in rows if row["loss"]] == shown.tolist()
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "scalars.parquet"
    answer(path, 1)
    window.export("exportScalarsAction", path)
    assert [x for x in parquet.read_table(path)["loss"].to_pylist() if x is not None] == shown.tolist()


def test_parameters_are_those_that_are_shown(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / "parameters.csv"
    answer(path)
    window.export("exportParametersAction", path)
    weights = window.frame.record.weights_after
    for row in csv.DictReader(path.read_text().splitlines()):
        if row["kind"] == "weight":
            layer, source, unit = int(row["layer"]), int(row["from"]) - 1, int(row["to"]) - 1
            assert float(row["value"]) == weights[layer - 1][source, unit]


def test_records_of_chosen_steps(window: Window, answer: Callable[..., None], tmp_path: Path) -> None:
    path = tmp_path / "records.npz"
    answer(path)
    window.action("exportRecordsAction").trigger()
    window.box("fromStep").setValue(3)
    window.box("everyStep").setValue(2)
    window.accept("stepsDialog")
    window.wait(path.is_file)
    with np.load(path) as arrays:
        assert {name.split("/")[0] for name in arrays.files} == {"layout", "step_3", "step_5", "step_7"}
        assert np.array_equal(arrays["step_7/weight_grads_2"], window.frame.record.weight_grads[1])
    window.wait(lambda: window.main.message_bar.text == "Written: records.npz")


def test_derivation_has_the_gradient(window: Window, answer: Callable[..., None], tmp_path: Path) -> None:
    path = tmp_path / "derivation.md"
    answer(path)
    window.action("exportDerivationAction").trigger()
    assert "Select a weight or a bias" in window.main.message_bar.text
    assert not path.exists()
    window.main.focus.select(Part("weight", 2, 0, 1))
    window.export("exportDerivationAction", path)
    text = path.read_text()
    gradient = window.frame.record.weight_grads[1][1, 0]
    digits = f"{abs(gradient):.5e}"[:7].replace(".", "")
    assert digits in text.replace(".", "")
    assert text.startswith("# ") and "$$" in text
    QGuiApplication.clipboard().clear()
    window.action("copyDerivationAction").trigger()
    window.wait(lambda: QGuiApplication.clipboard().text() == text)


def test_derivation_in_every_form_and_with_all_rows(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    window.main.focus.select(Part("weight", 1, 0, 1))
    marks = {"md": b"# ", "tex": b"\\documentclass", "html": b"<!doctype html>", "pdf": b"%PDF"}
    for place, (ending, mark) in enumerate(marks.items()):
        path = tmp_path / f"derivation{place}"
        answer(path, place)
        window.export("exportDerivationAction", path.with_suffix(f".{ending}"))
        assert path.with_suffix(f".{ending}").read_bytes().startswith(mark)
    batch = window.frame.record.batch
    assert batch > 1
    one = (tmp_path / "derivation0.md").read_text(encoding="utf-8")
    window.action("allRowsAction").trigger()
    answer(tmp_path / "all.md")
    window.export("exportDerivationAction", tmp_path / "all.md")
    whole = (tmp_path / "all.md").read_text(encoding="utf-8")
    assert (one.count("## Forward pass"), whole.count("## Forward pass")) == (1, batch)
    row = int(window.frame.record.indices[-1]) + 1
    assert f"Row {row} of the data" in whole


def test_worked_solution_has_every_layer(window: Window, answer: Callable[..., None], tmp_path: Path) -> None:
    path = tmp_path / "step.md"
    answer(path)
    window.export("exportSolutionAction", path)
    assert "W^{(1)}" in path.read_text() and "W^{(2)}" in path.read_text()


@pytest.mark.usefixtures("dressed")
def test_pictures_at_every_scale_and_as_drawing(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    size = window.main.network_view.size()
    for place, scale in enumerate((1, 2, 3, 4)):
        path = tmp_path / f"network{scale}.png"
        answer(path, place)
        window.main.message_bar.hide()
        window.wait(lambda: window.main.network_view.size() == size)
        window.export("exportNetworkAction", path)
        assert QImage(str(path)).size() == size * scale
    path = tmp_path / "network.svg"
    answer(path, 4)
    window.export("exportNetworkAction", path)
    texts = {node.text for node in ET.parse(path).iter(f"{SVG}text")}
    assert {"Inputs", "Loss of the batch", "x1", "y2"} <= {text.strip() for text in texts if text}


def test_curves_behind_another_tab(window: Window, answer: Callable[..., None], tmp_path: Path) -> None:
    tabs = window.main.tabs
    tabs.setCurrentWidget(window.main.parameters_view)
    path = tmp_path / "curves.svg"
    answer(path, 4)
    window.export("exportCurvesAction", path)
    assert tabs.currentWidget() is window.main.parameters_view
    assert "step" in {(node.text or "").strip() for node in ET.parse(path).iter(f"{SVG}text")}


@pytest.mark.usefixtures("dressed")
def test_any_view_that_is_seen_can_be_pictured(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    menu = window.main.findChild(QMenu, "exportViewMenu")
    assert menu is not None
    menu.aboutToShow.emit()
    actions = {action.text(): action for action in menu.actions()}
    assert {"Network graph", "Chain rule", "Loss"} <= set(actions) and "Parameters" not in actions
    path = tmp_path / "chain.png"
    answer(path, 1)
    actions["Chain rule"].trigger()
    window.wait(path.is_file)
    assert QImage(str(path)).size() == window.main.chain_rule_view.size() * 2
    window.wait(lambda: window.main.message_bar.text == "Written: chain.png")


def test_name_without_an_ending_gets_that_of_its_kind(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    answer(tmp_path / "figure", 4)
    window.export("exportNetworkAction", tmp_path / "figure.svg")


@pytest.mark.usefixtures("dressed")
def test_copied_picture_is_that_of_the_view_with_the_focus(window: Window) -> None:
    clipboard = QGuiApplication.clipboard()
    window.action("copyPictureAction").trigger()
    assert clipboard.image().size() == window.main.network_view.size() * 2
    curves = window.main.curves_view
    window.child(QAbstractButton, "lossButton").setFocus()
    window.wait(lambda: curves.isAncestorOf(QApplication.focusWidget() or window.main))
    window.action("copyPictureAction").trigger()
    assert clipboard.image().size() == curves.size() * 2


def test_a_place_that_cannot_be_written_to_is_named(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    answer(tmp_path / "nowhere" / "file.txt")
    for name in ("exportNetworkAction", "exportNumpyAction", "exportSolutionAction"):
        window.main.message_bar.hide()
        window.action(name).trigger()
        window.wait(lambda: "file.txt cannot be written" in window.main.message_bar.text)
        assert window.main.message_bar.tone is Tone.ERROR


def test_a_folder_that_vanishes_meanwhile_is_told_and_training_goes_on(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"

    def ask(parent: object, title: str, name: str, kinds: str, chosen: str) -> tuple[str, str]:
        folder.mkdir()
        path = folder / name
        folder.rmdir()
        return str(path), chosen

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    window.action("exportNotebookAction").trigger()
    window.wait(lambda: "cannot be written" in window.main.message_bar.text)
    assert window.main.message_bar.tone is Tone.ERROR
    assert len(next_losses(window, 3)) == 3


def test_a_second_export_waits_for_the_first(
    window: Window, answer: Callable[..., None], tmp_path: Path
) -> None:
    names = ("one.py", "two.py", "three.ipynb", "one.py")
    actions = ("exportNumpyAction", "exportPytorchAction", "exportNotebookAction", "exportNumpyAction")
    for name, action in zip(names, actions, strict=True):
        answer(tmp_path / name)
        window.action(action).trigger()
    window.wait(lambda: (tmp_path / "three.ipynb").is_file())
    window.wait(lambda: window.main.message_bar.text == "Written: one.py")
    compile((tmp_path / "two.py").read_text(), "two.py", "exec")
    assert len(losses_of(tmp_path / "one.py", 2)) == 2
    assert not [path.name for path in tmp_path.iterdir() if path.name not in names]


def test_animation_of_every_second_step(window: Window, answer: Callable[..., None], tmp_path: Path) -> None:
    path = tmp_path / "training.gif"
    answer(path)
    window.action("exportAnimationAction").trigger()
    window.box("everyStep").setValue(2)
    window.box("stepMilliseconds").setValue(60)
    window.accept("animationDialog")
    window.wait(path.is_file)
    window.wait(lambda: window.main.message_bar.text == "Written: training.gif")
    with Image.open(path) as film:
        assert film.n_frames == 4  # type: ignore[attr-defined]
        assert film.info["duration"] == 60
        assert film.size == (800, 500)
    assert window.frame.step == STEPS


def test_what_needs_steps_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    window = Window(qtbot, steps=0)
    for name in ("exportAnimationAction", "exportRecordsAction"):
        window.main.message_bar.hide()
        window.action(name).trigger()
        assert "train first" in window.main.message_bar.text
    window.close()
