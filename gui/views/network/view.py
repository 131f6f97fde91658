"""The network view: header, graph, legend and tooltip, and what is selected in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.messages import Frame, Selection, Status
from gui.numbers import grouped
from gui.theme import LIGHT, Theme
from gui.views.network.banner import PhaseBanner
from gui.views.network.canvas import Canvas
from gui.views.network.facts import facts, layer_name, part_name
from gui.views.network.graph import ANTIALIASED, DASHED, Mark, MarkStyle, Words
from gui.views.network.hover_tip import HoverTip
from gui.views.network.layout import arrange
from gui.views.network.legend import Legend
from gui.views.network.navigation import Move, exists, moved
from gui.views.network.quantities import Picture, Quantity
from gui.wording import word

SETTLE = 200
"""Milliseconds of rest after which many lines are drawn antialiased."""


class NetworkView(QWidget):
    """The network as a graph.

    The mouse: the wheel zooms, dragging pans, hovering shows a part's numbers, a click selects it,
    Shift and a click choose a second part to compare with, a click on nothing clears, a double click
    asks to edit.

    The keyboard, once the graph has the focus: Up and Down go to the next unit, bias or incoming
    weight; W and Shift+W go through the weights into a unit; B selects its bias and goes back; L selects
    its layer; C keeps what is selected for comparing, so that the next is compared with it; Return asks
    to edit; Escape clears. Left and Right go to the layer beside, or to the ends of a weight, when the
    graph was reached by Tab (they step the training otherwise).

    Signals
    -------
    selection_changed(Selection or None)
    comparison_changed(Selection or None)
    edit_requested(Selection)
    """

    selection_changed = Signal(object)
    comparison_changed = Signal(object)
    edit_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._drawn: Frame | None = None
        self._theme = LIGHT
        self._sample = 0
        self._quantity = Quantity.WEIGHTS
        self._selection: Selection | None = None
        self._comparison: Selection | None = None
        self._hovered: Selection | None = None
        self._arranged: object = None

        self._buttons = QButtonGroup(self)
        header = QHBoxLayout()
        header.setContentsMargins(14, 10, 14, 6)
        segments = QHBoxLayout()
        segments.setSpacing(0)
        for place, quantity in enumerate(Quantity):
            button = QPushButton(self)
            button.setObjectName(f"{quantity.value}Button")
            button.setCheckable(True)
            button.setProperty("segment", ("first", "middle", "middle", "last")[place])
            self._buttons.addButton(button, place)
            segments.addWidget(button)
        self._buttons.button(0).setChecked(True)
        self._buttons.idClicked.connect(self._on_button)
        self._banner = PhaseBanner(self)
        header.addLayout(segments)
        header.addStretch(1)
        header.addWidget(self._banner)

        self._canvas = Canvas(self)
        self._graph = self._canvas.graph
        self._tip = HoverTip(self._canvas)
        self._legend = Legend(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self._canvas, 1)
        column.addWidget(self._legend)

        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE)
        self._rest.timeout.connect(self._settle)
        self._canvas.resized.connect(self._on_resized)
        self._canvas.view_changed.connect(self._stir)
        self._canvas.pointed.connect(self._on_pointed)
        self._canvas.clicked.connect(self._on_clicked)
        self._canvas.double_clicked.connect(self.edit_requested)
        self._canvas.move_requested.connect(self._on_move)
        self._canvas.edit_pressed.connect(self._on_edit_pressed)
        self._canvas.compare_pressed.connect(self._on_compare_pressed)
        self._canvas.clear_pressed.connect(self._clear)
        self.set_theme(LIGHT)
        self._retranslate()

    # state

    @property
    def quantity(self) -> Quantity:
        """What colour and width mean."""
        return self._quantity

    @property
    def selection(self) -> Selection | None:
        """What is selected."""
        return self._selection

    @property
    def comparison(self) -> Selection | None:
        """What the selection is compared with."""
        return self._comparison

    @property
    def hovered(self) -> Selection | None:
        """What is under the pointer."""
        return self._hovered

    @property
    def canvas(self) -> Canvas:
        """The pyqtgraph view."""
        return self._canvas

    @property
    def banner(self) -> PhaseBanner:
        """What names the phase."""
        return self._banner

    @property
    def legend(self) -> Legend:
        """What explains colours and widths."""
        return self._legend

    @property
    def tip(self) -> HoverTip:
        """The live tooltip."""
        return self._tip

    @property
    def sample(self) -> int:
        """The row of the mini-batch that is shown: the phase's own, or that of `set_sample`."""
        if self._frame is None:
            return self._sample
        phase = self._frame.phase
        if phase is not None and phase.sample is not None:
            return phase.sample
        return min(self._sample, self._frame.record.batch - 1)

    # what to show

    def show_frame(self, frame: Frame) -> None:
        """Draw `frame`; a hidden view draws the latest when it is shown."""
        self._frame = frame
        if self.isVisible():
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._canvas.setBackground(theme.canvas)
        self._canvas.focus_colour = theme.selection
        self._graph.set_theme(theme)
        self._legend.set_theme(theme)
        self._banner.set_theme(theme)
        self._tip.set_theme(theme)
        self.setStyleSheet(_style(theme))

    def set_sample(self, index: int) -> None:
        """Show row `index` of the mini-batch, unless the phase is about a certain one."""
        if index != self._sample:
            self._sample = index
            self._redraw()

    def set_quantity(self, quantity: Quantity) -> None:
        """Choose what colour and width mean."""
        self._buttons.button(list(Quantity).index(quantity)).setChecked(True)
        if quantity is not self._quantity:
            self._quantity = quantity
            self._redraw()

    def set_selection(self, selection: Selection | None) -> None:
        """Select a part; one that the network does not have selects nothing."""
        if (
            selection is not None
            and self._frame is not None
            and not exists(selection, self._frame.record.sizes)
        ):
            selection = None
        if selection != self._selection:
            self._selection = selection
            self._mark()
            self._describe()
            self.selection_changed.emit(selection)

    def set_comparison(self, selection: Selection | None) -> None:
        """Compare the selection with a part."""
        if (
            selection is not None
            and self._frame is not None
            and not exists(selection, self._frame.record.sizes)
        ):
            selection = None
        if selection != self._comparison:
            self._comparison = selection
            self._mark()
            self.comparison_changed.emit(selection)

    @Slot()
    def fit(self) -> None:
        """Show the whole network."""
        self._canvas.fit()
        self._stir()

    # drawing

    def _draw(self) -> None:
        frame = self._frame
        assert frame is not None
        self._arrange()
        picture = Picture.of(frame, self._quantity, self.sample)
        self._graph.show_picture(picture)
        self._drawn = frame
        self._stir()
        self._drop_lost()
        self._banner.show_frame(frame)
        known = any(edges is not None for edges in picture.edges)
        self._legend.show_scale(self._graph.edges.limit if known else None, self._explanation(frame))
        self._update_tip()
        if frame.status is not Status.RUNNING:
            self._describe()

    def _redraw(self) -> None:
        if self._frame is not None and self.isVisible():
            self._draw()

    def _arrange(self) -> None:
        """Lay the network out, if it or its room is another than last time."""
        assert self._frame is not None
        frame, dataset = self._frame, self._frame.dataset
        size = self._canvas.viewport().size()
        key = (
            frame.record.sizes,
            size.width(),
            size.height(),
            dataset.feature_names,
            dataset.target_names,
            dataset.image_shape,
            frame.experiment.layers,
            frame.experiment.loss,
        )
        if key == self._arranged:
            return
        same_network = isinstance(self._arranged, tuple) and self._arranged[0] == key[0]
        old, seen = self._graph.layout.bounds, self._canvas.box.viewRect()
        self._arranged = key
        names = (dataset.feature_names, dataset.target_names)
        metrics = QFontMetricsF(self._name_font())
        widths = [
            max((metrics.horizontalAdvance(name) for name in some[:200]), default=0.0) + 2.0 for some in names
        ]
        layout = arrange(
            frame.record.sizes, size.width(), size.height(), (widths[0], widths[1]), dataset.image_shape
        )
        self._graph.set_layout(layout)
        self._set_words(frame)
        if self._canvas.fitted or not same_network:
            self._canvas.fit()
        else:
            x, y = layout.bounds.width / old.width, layout.bounds.height / old.height
            self._canvas.box.setRange(
                QRectF(seen.x() * x, seen.y() * y, seen.width() * x, seen.height() * y), padding=0.0
            )

    def _name_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(12)
        return font

    def _set_words(self, frame: Frame) -> None:
        layers = frame.experiment.layers
        name = layer_name(0, len(layers))
        titles = [(name, name, self._inputs_text(frame))]
        for number, layer in enumerate(layers, start=1):
            what = word(layer.activation.name)
            if self._graph.layout.layers[number].grid:
                what = self.tr("{activation} · {units} units").format(
                    activation=what, units=grouped(layer.units)
                )
            name = layer_name(number, len(layers))
            titles.append((name, name if number == len(layers) else str(number), what))
        self._graph.set_words(
            Words(titles, frame.dataset.feature_names, frame.dataset.target_names, self.tr("Loss"))
        )

    def _inputs_text(self, frame: Frame) -> str:
        count = frame.record.sizes[0]
        return (
            self.tr("1 feature") if count == 1 else self.tr("{count} features").format(count=grouped(count))
        )

    def _explanation(self, frame: Frame) -> tuple[str, ...]:
        phase = frame.phase
        lines, squares, units = {
            Quantity.WEIGHTS: ("w", "b", "a"),
            Quantity.GRADIENTS: ("∂L/∂w", "∂L/∂b", "δ"),
            Quantity.UPDATES: ("Δw", "Δb", "Δb"),
            Quantity.ACTIVATIONS: ("w·a", "b", "a"),
        }[self._quantity]
        parts = [
            self.tr("lines {what}").format(what=lines),
            self.tr("squares {what}").format(what=squares),
            self.tr("units {what}").format(what=units),
            self.tr("sample {number} of {batch}").format(
                number=self.sample + 1, batch=grouped(frame.record.batch)
            ),
        ]
        if self._quantity is Quantity.GRADIENTS and phase is not None and phase.sample is not None:
            parts.append(self.tr("this sample's share"))
        edges = self._graph.edges
        if len(edges) < edges.total:
            parts.append(
                self.tr("strongest {shown} of {total}").format(
                    shown=grouped(len(edges)), total=grouped(edges.total)
                )
            )
        elif len(edges) <= DASHED:
            parts.append(self.tr("dashed negative"))
        return tuple(parts)

    def _stir(self) -> None:
        """Something moves: draw many lines plainly until it rests."""
        if len(self._graph.edges) > ANTIALIASED:
            self._graph.moving = True
            self._rest.start()

    def _settle(self) -> None:
        self._graph.moving = False
        self._graph.update()

    def _on_resized(self) -> None:
        self._redraw()

    # hovering and selecting

    def _mark(self) -> None:
        styles = (
            (self._hovered, MarkStyle.HOVERED),
            (self._comparison, MarkStyle.COMPARED),
            (self._selection, MarkStyle.SELECTED),
        )
        self._graph.set_marks(Mark(part, style) for part, style in styles if part is not None)

    def _drop_lost(self) -> None:
        """Forget parts that the network no longer has."""
        assert self._frame is not None
        sizes = self._frame.record.sizes
        if self._hovered is not None and not exists(self._hovered, sizes):
            self._hovered = None
            self._mark()
        if self._comparison is not None and not exists(self._comparison, sizes):
            self.set_comparison(None)
        if self._selection is not None and not exists(self._selection, sizes):
            self.set_selection(None)

    def _on_pointed(self, part: Selection | None) -> None:
        if part != self._hovered:
            self._hovered = part
            self._mark()
        self._update_tip()

    def _update_tip(self) -> None:
        if self._hovered is None or self._drawn is None:
            self._tip.hide()
            return
        frame, part = self._drawn, self._hovered
        self._tip.show_facts(part_name(frame, part), facts(frame, part, self.sample), self._canvas.pointer)

    def _on_clicked(self, part: Selection | None, shift: bool) -> None:
        if part is None:
            self._clear()
        elif shift and self._selection is not None:
            self.set_comparison(None if part == self._comparison else part)
        else:
            self.set_selection(part)

    def _clear(self) -> None:
        self.set_comparison(None)
        self.set_selection(None)

    def _on_move(self, move: Move) -> None:
        if self._drawn is not None:
            self.set_selection(moved(self._selection, move, self._drawn.record.sizes))
            self._show_selection()

    def _on_edit_pressed(self) -> None:
        if self._selection is not None:
            self.edit_requested.emit(self._selection)

    def _on_compare_pressed(self) -> None:
        self.set_comparison(None if self._selection == self._comparison else self._selection)

    def _show_selection(self) -> None:
        """Pan so far that the selected unit can be seen."""
        part = self._selection
        if part is None or part.kind in ("layer", "loss") or self._canvas.fitted:
            return
        x, y = self._graph.layout.layers[part.layer].centres[part.unit].tolist()
        seen = self._canvas.box.viewRect()
        if not seen.contains(x, y):
            self._canvas.box.translateBy(x=x - seen.center().x(), y=y - seen.center().y())
            self._stir()

    def _describe(self) -> None:
        """Say what is selected to who cannot see it."""
        text = ""
        if self._selection is not None and self._frame is not None:
            numbers = facts(self._frame, self._selection, self.sample)
            text = f"{part_name(self._frame, self._selection)}: " + ", ".join(
                f"{f.symbol} = {f.number}" for f in numbers
            )
        self._canvas.setAccessibleDescription(text)

    def _on_button(self, place: int) -> None:
        self.set_quantity(list(Quantity)[place])

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        """Draw the latest frame."""
        super().showEvent(event)
        self._redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the pointer."""
        super().hideEvent(event)
        self._rest.stop()
        self._on_pointed(None)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._graph.set_font(self.font())
            self._arranged = None
            self._redraw()

    def _retranslate(self) -> None:
        texts = (
            (self.tr("Weights"), self.tr("Colour and width show the weights")),
            (self.tr("Gradients"), self.tr("Colour and width show the gradient of the loss by each weight")),
            (self.tr("Updates"), self.tr("Colour and width show how much this step changes each weight")),
            (
                self.tr("Activations"),
                self.tr("Colour and width show what each unit passes on: weight times activation"),
            ),
        )
        for place, (text, tip) in enumerate(texts):
            button = self._buttons.button(place)
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self._canvas.setAccessibleName(self.tr("Network graph"))
        self._canvas.setWhatsThis(
            self.tr(
                "Wheel: zoom. Drag: pan. F: fit. Click: select. Shift+click: compare. Double click: edit. "
                "With the keyboard: Up and Down go to the next unit, bias or weight; W and Shift+W go "
                "through the weights into a unit; B selects its bias; L selects its layer; C keeps the "
                "selection for comparing; Return edits; Escape clears. Reached by Tab, Left and Right go "
                "from layer to layer."
            )
        )
        self._arranged = None
        self._redraw()


def _style(theme: Theme) -> str:
    return f"""
#networkView {{ background: {theme.canvas}; }}
QPushButton[segment] {{
    background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.border}; padding: 5px 12px;
}}
QPushButton[segment="middle"], QPushButton[segment="last"] {{ border-left: none; }}
QPushButton[segment="first"] {{ border-top-left-radius: 6px; border-bottom-left-radius: 6px; }}
QPushButton[segment="last"] {{ border-top-right-radius: 6px; border-bottom-right-radius: 6px; }}
QPushButton[segment]:hover {{ background: {theme.canvas}; }}
QPushButton[segment]:checked {{ background: {theme.positive_fill}; }}
QPushButton[segment]:focus {{ border: 1px solid {theme.selection}; }}
"""
