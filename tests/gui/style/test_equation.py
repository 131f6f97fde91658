from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.functions import ACTIVATIONS, CLIPPINGS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES
from gui.style.equation import (
    EquationLabel,
    draw_equation,
    equation_pixmap,
    equation_size,
    paint_equation,
    typeset_all,
    typeset_soon,
)
from gui.style.theme import DARK, LIGHT

pytestmark = pytest.mark.usefixtures("dressed")

FRACTION = r"\frac{\partial L}{\partial w}"


def ink(pixmap: QPixmap) -> list[tuple[int, int, int]]:
    """Colours of all pixels that are drawn opaquely."""
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width())]
    return [(p.red(), p.green(), p.blue()) for p in pixels if p.alpha() == 255]


def rows_with_ink(pixmap: QPixmap) -> list[int]:
    image = pixmap.toImage()
    return [
        y
        for y in range(image.height())
        if any(image.pixelColor(x, y).alpha() > 128 for x in range(image.width()))
    ]


def test_draws_letters_and_not_only_the_bar(qapp: object) -> None:
    pixmap = equation_pixmap(FRACTION, 40.0, "#1a2233")
    rows = rows_with_ink(pixmap)
    # numerator, bar and denominator lie on most rows of the picture
    assert len(rows) > 0.6 * pixmap.height()
    assert set(ink(pixmap)) == {(0x1A, 0x22, 0x33)}


def test_takes_the_colour_asked_for(qapp: object) -> None:
    assert set(ink(equation_pixmap("a + b", 40.0, "#ff0000"))) == {(255, 0, 0)}
    assert set(ink(equation_pixmap("a + b", 40.0, "#00ff00"))) == {(0, 255, 0)}


def test_is_as_sharp_as_the_screen(qapp: object) -> None:
    plain, sharp = equation_pixmap("z^2", 20.0, "#000000"), equation_pixmap("z^2", 20.0, "#000000", 2.0)
    assert sharp.devicePixelRatio() == 2.0
    assert sharp.width() == pytest.approx(2 * plain.width(), abs=1)
    assert sharp.deviceIndependentSize().width() == pytest.approx(plain.width(), abs=1)


def test_size_grows_with_the_font(qapp: object) -> None:
    width, height, baseline = equation_size(FRACTION, 20.0)
    assert equation_size(FRACTION, 40.0) == pytest.approx((2 * width, 2 * height, 2 * baseline))
    assert 0 < baseline < height


@pytest.mark.parametrize(
    "formula",
    sorted(
        {
            text
            for table, names in (
                (ACTIVATIONS, ("formula", "slope_formula", "saturated_slope_formula")),
                (LOSSES, ("formula", "gradient_formula", "natural_formula")),
                (OPTIMIZERS, ("formula",)),
                (REGULARIZERS, ("formula", "gradient_formula")),
                (CLIPPINGS, ("formula",)),
                (SCHEDULES, ("formula",)),
            )
            for rule in table.values()
            for text in (getattr(rule(), name) for name in names)
            if text
        }
    ),
)
def test_every_formula_of_the_catalogue_is_typeset(qapp: object, formula: str) -> None:
    # what cannot be typeset is drawn as one line of text, whose height does not depend on it
    _, height, baseline = equation_size(r"\frac{1", 20.0)
    assert equation_size(formula, 20.0)[1:] != (height, baseline)


@pytest.mark.parametrize(
    "latex", [r"\frac{1", "{", r"\left(", "a^", r"\begin{matrix}", "&", "x_1_2", r"\text{}a"]
)
def test_bad_latex_is_shown_as_it_is(qapp: object, latex: str) -> None:
    pixmap = equation_pixmap(latex, 30.0, "#000000")
    assert ink(pixmap)


def test_empty_latex(qapp: object) -> None:
    assert not equation_pixmap("", 30.0, "#000000").isNull()


def test_a_new_formula_is_laid_out_between_events(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    formula = r"q_{1234} + \sqrt{q}"
    assert not typeset_soon(formula, widget)
    qtbot.waitUntil(lambda: typeset_soon(formula, widget))
    other = r"q_{4321} + \sqrt{q}"
    assert not typeset_soon(other, widget)
    typeset_all()
    assert typeset_soon(other, widget)


def test_a_widget_that_has_gone_is_not_told(qtbot: QtBot) -> None:
    widget = QWidget()
    assert not typeset_soon(r"q_{777}", widget)
    widget.deleteLater()
    qtbot.wait(20)
    typeset_all()


def test_label_fits_its_formula_and_shrinks_it(qtbot: QtBot) -> None:
    label = EquationLabel(FRACTION, 20.0)
    qtbot.addWidget(label)
    label.sizeHint()
    typeset_all()
    width, height, _ = equation_size(FRACTION, 20.0)
    assert label.sizeHint().width() >= width
    assert label.sizeHint().height() >= height
    label.resize(label.sizeHint())
    label.show()
    assert not label.grab().toImage().isNull()


def test_label_wears_the_theme(qtbot: QtBot) -> None:
    label = EquationLabel(r"\blacksquare", 40.0)
    qtbot.addWidget(label)
    label.sizeHint()
    typeset_all()
    label.setStyleSheet("background: #808080")
    label.resize(label.sizeHint())
    for theme in (LIGHT, DARK):
        label.set_theme(theme)
        image = label.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert theme.text in colours


def test_label_copies_its_latex(qtbot: QtBot) -> None:
    label = EquationLabel("a")
    qtbot.addWidget(label)
    label.set_latex(FRACTION)
    assert label.latex == FRACTION
    label.copy()
    assert QGuiApplication.clipboard().text() == FRACTION


def test_draws_at_the_baseline(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    typeset_soon("x", widget)
    typeset_all()
    target = QPixmap(60, 60)
    target.fill("#ffffff")
    painter = QPainter(target)
    width = draw_equation(painter, "x", QPointF(30, 40), 30.0, "#000000", widget, 0.5)
    painter.end()
    assert width == pytest.approx(equation_size("x", 30.0)[0])
    image = target.toImage()
    dark = [(x, y) for x in range(60) for y in range(60) if image.pixelColor(x, y).lightness() < 100]
    assert 38 <= max(y for _, y in dark) <= 41
    middle = (min(x for x, _ in dark) + max(x for x, _ in dark)) / 2
    assert middle == pytest.approx(30, abs=2)


def test_braces_around_one_thing_change_nothing() -> None:
    plain, braced = (
        equation_size(formula, 20.0) for formula in (r"x^2 + \frac{a}{b}", r"{{x}^{2}} + \frac{{a}}{{{b}}}")
    )
    assert braced == plain


def test_a_formula_that_breaks_off_leaves_no_trace_in_the_next(qapp: object) -> None:
    before = equation_size(r"w^{(2)}_{31} \cdot a^{(1)}_{3}", 20.0)
    equation_size(r"\text{}b", 20.0)
    assert equation_size(r"{w^{(2)}_{31} \cdot a^{(1)}_{3}}", 20.0) == before


GOLDEN = Path(__file__).parents[2] / "golden" / "formulas.png"
SAMPLES = (
    r"\frac{\partial L}{\partial w^{(2)}_{31}} = \delta^{(2)}_{1} \cdot a^{(1)}_{3}",
    r"\sigma(z) = \frac{1}{1 + e^{-z}} \qquad \sqrt{\hat{v} + \varepsilon}",
    r"\sum_{k=1}^{n} \begin{cases} x & x > 0 \\ \alpha x & x \leq 0 \end{cases}",
    r"W^{\top} \odot \left( \hat{y} - y \right) \approx \begin{pmatrix} 0.25 & -1 \\ 3 & \pi \end{pmatrix}",
)


def sheet() -> QImage:
    """The samples one below the other, black on white."""
    image = QImage(420, 320, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place, latex in enumerate(SAMPLES):
        paint_equation(painter, latex, QPointF(16, 50 + 80 * place), 30.0, "#000000")
    painter.end()
    return image


def grey(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(float)


def test_formulas_look_as_they_did(qapp: object, tmp_path: Path) -> None:
    """`sheet().save(str(GOLDEN))` makes the picture anew, which somebody has to look at then."""
    made, kept = sheet(), QImage(str(GOLDEN))
    assert not kept.isNull() and kept.size() == made.size()
    difference = np.abs(grey(made) - grey(kept))
    # a Qt that smooths edges otherwise differs by a little along them
    assert (difference > 96).sum() < 40 and difference.mean() < 0.5
    moved = np.abs(np.roll(grey(made), 1, axis=1) - grey(kept))
    assert (moved > 96).sum() > 400  # one pixel aside is seen


def test_the_typesetter_is_one_whose_inside_is_known() -> None:
    assert version("ziamath").startswith("0.13")
