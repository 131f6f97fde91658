"""Training as an animation: the network graph of many steps, as a GIF or as PNG files.

The steps are made again in the task thread, by a trainer of its own; each is painted in the window's
thread, for widgets can be painted nowhere else, by a view that is never on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from engine.errors import SessionError
from engine.extras import EXTRAS
from engine.files.atomic import replacing
from engine.files.session import Session
from gui.document.focus import Focus
from gui.files.pictures import PRINT, dress_for_print, image, png
from gui.text.numbers import grouped
from gui.training.cursor import WHOLE, Walk
from gui.training.messages import Frame, Status
from gui.views.network import NetworkView

PAGE = QSize(800, 500)
"""Size of the graph, in pixels of the screen."""

LAST_FACTOR = 8
"""Times that the last picture of a GIF stays longer, before it begins anew."""

PATIENCE = 0.1
"""Seconds after which a thread that waits for a picture asks whether it is still wanted."""


@dataclass(frozen=True)
class Film:
    """What is to be shown.

    Attributes
    ----------
    steps : range
        From 0, the network before its first step.
    milliseconds : int
        That each stays, in a GIF.
    scale : float
        Pixels for one of `PAGE`.
    """

    steps: range
    milliseconds: int = 100
    scale: float = 1.0


class Stage(QObject):
    """Paints frames in the window's thread for another thread that waits for them.

    Parameters
    ----------
    window : QWidget
        That owns the view.
    like : NetworkView
        Whose quantity is shown, of the part and sample that it looks at.
    """

    _asked = Signal(object, float)

    def __init__(self, window: QWidget, like: NetworkView) -> None:
        super().__init__(window)
        self._pictures: SimpleQueue[QImage] = SimpleQueue()
        self._focus = focus = Focus(self)
        focus.select(like.focus.part)
        focus.show_sample(like.focus.sample)
        self._view = view = NetworkView(focus, window)
        view.setObjectName("animationView")
        view.setWindowFlag(Qt.WindowType.Window)
        view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        view.set_animated(False)
        view.set_quantity(like.quantity)
        view.resize(PAGE)
        view.show()
        dress_for_print(view)
        self._asked.connect(self._paint)

    def close(self) -> None:
        """Take the view away; in the window's thread."""
        self._view.hide()
        self._view.deleteLater()
        self.deleteLater()

    def picture(self, frame: Frame, scale: float, cancelled: Callable[[], bool]) -> QImage:
        """A picture of `frame`; called in another thread.

        Raises
        ------
        SessionError
            ``cancelled``.
        """
        self._asked.emit(frame, scale)
        while not cancelled():
            try:
                return self._pictures.get(timeout=PATIENCE)
            except Empty:
                continue
        raise SessionError("cancelled")

    def _paint(self, frame: Frame, scale: float) -> None:
        view = self._view
        self._focus.show_frame(frame)
        view.show_frame(frame)
        view.canvas.graph.moving = False  # all lines are drawn smoothly
        picture = image(view, scale)
        painter = QPainter(picture)
        font = view.font()
        font.setPixelSize(18)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(PRINT.text))
        where = QRect(0, 0, view.width() - 16, view.canvas.y())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, right, self.tr("Step {0}").format(grouped(frame.step)))
        painter.end()
        self._pictures.put(picture)


def write_animation(
    session: Session,
    film: Film,
    path: Path,
    stage: Stage,
    progress: Callable[[float], object],
    cancelled: Callable[[], bool],
) -> tuple[Path, ...]:
    """Write an animation; called in another thread than the window's.

    Parameters
    ----------
    path : Path
        Ending in ``.gif``, or in ``.png`` for numbered files beside one another.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    SessionError
        ``cancelled`` or ``cannot_write``.
    """
    pictures = _pictures(session, film, stage, progress, cancelled)
    if path.suffix.lower() == ".gif":
        _write_gif(path, film, pictures)
        return (path,)
    digits, written = len(str(film.steps[-1])), []
    for step, picture in zip(film.steps, pictures, strict=True):
        numbered = path.with_stem(f"{path.stem}-{step:0{digits}}")
        with replacing(numbered) as file:
            file.write(png(picture))
        written.append(numbered)
    return tuple(written)


def _pictures(
    session: Session,
    film: Film,
    stage: Stage,
    progress: Callable[[float], object],
    cancelled: Callable[[], bool],
) -> Iterator[QImage]:
    walk = Walk.of(session.restore())
    for count, step in enumerate(film.steps):
        progress(count / len(film.steps))
        yield stage.picture(_frame(walk, step), film.scale, cancelled)


def _frame(walk: Walk, step: int) -> Frame:
    """The moment after a step, as the window would show it."""
    walk.show(step)
    return Frame(
        generation=0,
        dataset=walk.trainer.dataset,
        record=walk.record,
        phase=None if walk.phase == WHOLE else walk.phase,
        scalars=walk.trainer.scalars_between(0, 0, 0),
        restart=False,
        status=Status.PAUSED,
    )


def _write_gif(path: Path, film: Film, pictures: Iterator[QImage]) -> None:
    try:
        from PIL import Image
    except ImportError:
        raise SessionError("needs_package", **EXTRAS["gif"].details) from None

    def few_colours(picture: QImage) -> Any:
        rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
        raw = bytes(rgb.constBits())
        whole = Image.frombuffer("RGB", (rgb.width(), rgb.height()), raw, "raw", "RGB", rgb.bytesPerLine(), 1)
        return whole.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)

    first = few_colours(next(pictures))
    durations = [film.milliseconds] * len(film.steps)
    durations[-1] *= LAST_FACTOR
    with replacing(path) as file:
        first.save(
            file,
            "GIF",
            save_all=True,
            append_images=map(few_colours, pictures),
            duration=durations,
            loop=0,
        )
