"""Pictures of views: light on white, as fine as their scale, complete; the screen stays as it was."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from engine import Trainer, builtin
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from engine.suitable import first_experiment
from gui.document.focus import Focus
from gui.files.pictures import PRINT, image, png, printed, svg
from gui.style.theme import DARK, Theme
from gui.training.messages import Frame, Status
from gui.views.chain_rule import ChainRuleView
from gui.views.network import NetworkView

pytestmark = pytest.mark.usefixtures("dressed")

SVG = "{http://www.w3.org/2000/svg}"


def frame(phase: Phase | None = None) -> Frame:
    trainer = Trainer(first_experiment(), builtin("article"))
    record = trainer.step()
    return Frame(1, trainer.dataset, record, phase, trainer.scalars, False, Status.PAUSED)


def pixels(picture: QImage) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    rgb = picture.convertToFormat(QImage.Format.Format_RGBX8888)
    return np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.width(), 4)[:, :, :3].copy()


@pytest.fixture
def view(qtbot: QtBot, dress: Callable[[Theme], None]) -> Iterator[NetworkView]:
    dress(DARK)
    view = NetworkView(Focus())
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.set_animated(False)
    view.set_theme(DARK)
    view.show()
    view.show_frame(frame())
    yield view


def test_it_is_on_white_and_the_screen_stays_dark(view: NetworkView) -> None:
    before = view.grab().toImage()
    assert pixels(before).mean() < 80
    with printed(view, DARK):
        picture = pixels(image(view, 1))
    edges = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
    assert all((edge == 255).all() for edge in edges)
    assert picture.mean() > 230
    after = pixels(view.grab().toImage()).astype(int)
    assert np.abs(after - pixels(before)).max() <= 2  # lines that are painted again come from a copy


def test_what_flows_is_left_out_and_flows_on(view: NetworkView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.views.network.view.HURRIED", 0.0)
    view.set_animated(True)
    view.show_frame(frame(Phase(PhaseKind.FORWARD, 1)))
    flow = view.canvas.graph.flow
    assert flow is not None
    with printed(view, DARK):
        picture = pixels(image(view, 1))
    assert view.canvas.graph.flow is flow
    view.set_animated(False)
    with printed(view, DARK):
        assert np.array_equal(pixels(image(view, 1)), picture)


def test_a_larger_scale_is_drawn_finer_and_not_blown_up(view: NetworkView) -> None:
    with printed(view, DARK):
        small, large = image(view, 1), image(view, 4)
    assert large.size() == small.size() * 4
    assert large.dotsPerMeterX() == pytest.approx(4 * small.dotsPerMeterX(), abs=4)
    # a picture blown up is the same in all 16 pixels that were one
    blocks = pixels(large).reshape(500, 4, 800, 4, 3).astype(int)
    spread = blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3))
    circles = view.canvas.graph.arrangement.layers[0].centres
    place = view.canvas.mapTo(view, view.canvas.pixel(*circles[0].tolist()))
    radius = round(view.canvas.graph.arrangement.layers[0].radius * view.canvas.scale_factor)
    rim = spread[place.y() - 3 : place.y() + 3, place.x() - radius - 3 : place.x() - radius + 3]
    assert rim.max() > 150
    # its rim has few pixels that are neither paper, nor ink, nor filling: it is not blurred
    row = pixels(large)[4 * place.y(), 4 * (place.x() - radius - 4) : 4 * place.x()].astype(int).sum(axis=1)
    steep = np.abs(np.diff(row))
    assert steep.max() > 200


def test_svg_has_texts_and_all_that_the_png_has(view: NetworkView) -> None:
    view.focus.select(Part("weight", 2, 0, 1))
    with printed(view, DARK):
        drawing, picture = svg(view, "Network & more"), image(view, 1)
    root = ET.fromstring(drawing)
    assert root.findtext(f"{SVG}title") == "Network & more"
    assert root.get("viewBox") == "0 0 800 500"
    texts = [(node.text or "").strip() for node in root.iter(f"{SVG}text")]
    assert {"Inputs", "Output · sigmoid", "Loss of the batch", "x1", "x4", "y2"} <= set(texts)
    # only circles and a formula are pasted, four times as fine as the screen
    assert all(float(node.get("width", "0")) < 200 for node in root.iter(f"{SVG}image"))
    # drawn by another renderer, and compared coarsely
    drawn = QImage(800, 500, QImage.Format.Format_RGB32)
    drawn.fill(QColor("white"))
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(drawing)).render(painter)
    painter.end()

    def coarse(picture: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        blocks = pixels(picture).reshape(20, 25, 20, 40, 3)
        return np.asarray(blocks.mean(axis=(1, 3)), np.float64)

    assert np.abs(coarse(drawn) - coarse(picture)).max() < 12


def test_texts_of_all_kinds_are_dark_on_white(qtbot: QtBot) -> None:
    view = ChainRuleView(Focus())
    qtbot.addWidget(view)
    view.resize(400, 700)
    view.set_theme(DARK)
    palette = view.palette()
    palette.setColor(palette.ColorRole.WindowText, QColor(DARK.text))
    view.setPalette(palette)
    view.show()
    view.show_frame(frame())
    view.focus.select(Part("weight", 1, 0, 0))
    QApplication.processEvents()
    with printed(view, DARK):
        assert {child.palette().windowText().color().name() for child in view.findChildren(QWidget)} <= {
            PRINT.text,
            PRINT.muted,
            PRINT.positive,
            PRINT.negative,
            PRINT.selection,
            PRINT.good,
        }
        picture = pixels(image(view, 1))
    assert (picture.mean(axis=2) < 60).mean() < 0.1


def test_buttons_that_are_not_pressed_are_left_out(view: NetworkView) -> None:
    with printed(view, DARK):
        texts = {(node.text or "").strip() for node in ET.fromstring(svg(view, "")).iter(f"{SVG}text")}
    assert "Weights" in texts and "Gradients" not in texts


def test_view_in_a_tab_behind_is_pictured_and_stays_behind(qtbot: QtBot) -> None:
    tabs, view, front = QTabWidget(), NetworkView(Focus()), QWidget()
    qtbot.addWidget(tabs)
    tabs.addTab(front, "front")
    tabs.addTab(view, "behind")
    tabs.resize(700, 400)
    tabs.show()
    view.show_frame(frame())
    with printed(view, DARK):
        texts = {(node.text or "").strip() for node in ET.fromstring(svg(view, "")).iter(f"{SVG}text")}
    assert "Loss of the batch" in texts
    assert tabs.currentWidget() is front and not view.isVisible()


def test_png_keeps_the_picture(view: NetworkView) -> None:
    with printed(view, DARK):
        picture = image(view, 2)
    assert np.array_equal(pixels(QImage.fromData(png(picture))), pixels(picture))
