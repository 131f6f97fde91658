"""The bug clinic: a pass with one line changed; find the first wrong number, and name the mistake."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from engine.errors import EngineError
from engine.mistakes.catalogue import MISTAKES
from engine.mistakes.clinic import CHOICES, LEVELS, Marks, Planted, judge, level
from gui.document.focus import Focus
from gui.style.fonts import open_at, px
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.numbers import grouped
from gui.text.plain import Label, caption
from gui.training.messages import Frame
from gui.views.check_numbers.card import CodeLine
from gui.views.check_numbers.legend import RingLegend
from gui.views.check_numbers.numbers_table import Number, NumbersTable
from gui.views.check_numbers.view import rings_of
from gui.views.check_numbers.wording import layer_of, meaning, part_of, place_text, sample_of, symbol, why
from gui.views.clinic.ingredients import ingredients
from gui.views.network import NetworkView
from gui.views.network.quantities import Quantity as Lines
from gui.widgets.focus_ring import FocusRing
from gui.widgets.message_bar import MessageBar, Tone
from gui.widgets.sideways import Sideways
from gui.widgets.table import Table

FRAME = 4
"""Pixels of the frame that says that this is no training."""


class _Choice(QWidget):
    """A choice with a text that may take several lines."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.button = QRadioButton(self)
        self.button.setObjectName(name)
        self.label = Label(self)
        self.label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)

    def set_text(self, text: str) -> None:
        self.label.setText(text)
        self.button.setAccessibleName(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.button.isEnabled():
            self.button.click()
        super().mousePressEvent(event)


class ClinicView(QWidget):
    """The clinic; a window of its own, framed, for nothing in it is anybody's training.

    Signals
    -------
    fault_wanted(int or None, str or None)
        Plant a fault of a level, or a certain one.
    step_wanted()
        Make another step with the same fault.
    judged(Planted, tuple)
        One has committed oneself: the quantity, the place in it, and the name of the mistake.
    """

    judged = Signal(object, object)
    fault_wanted = Signal(object, object)
    step_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clinicView")
        open_at(self, 1280, 800)
        self.focus = Focus(self)
        """What is looked at here, where nothing is real, and not in the main window."""
        self._latest: Frame | None = None
        self._planted: Planted | None = None
        self._frame: Frame | None = None
        self._number: Number | None = None
        self._pointed: Number | None = None
        self._marks: list[Marks] = []
        self._told: Marks | None = None
        self._faults: tuple[str, ...] = ()
        self._theme = LIGHT
        self._build()
        self.set_theme(LIGHT)
        self._retranslate()

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def frame(self) -> Frame | None:
        """The step that the next fault is planted in a copy of."""
        return self._latest

    def show_frame(self, frame: Frame) -> None:
        """Keep the step for the next fault; what is shown here is another one."""
        self._latest = frame

    def forget(self) -> None:
        """The network or its data are others now; the fault that is looked for stays."""
        self._latest = None

    @property
    def planted(self) -> Planted | None:
        """The fault that is looked for."""
        return self._planted

    @property
    def is_sealed(self) -> bool:
        """Whether one has not committed oneself yet, so that nothing is told."""
        return self._told is None

    @property
    def table(self) -> NumbersTable:
        """What the faulty code claims."""
        return self._table

    @property
    def network(self) -> NetworkView:
        """The graph of the faulty pass."""
        return self._network

    @property
    def said(self) -> str:
        """What is said of the answer."""
        labels = () if self.is_sealed else (self._verdict, self._mistake, self._why)
        return "\n".join(label.text() for label in labels)

    @property
    def score(self) -> str:
        """The score so far."""
        return self._score.text()

    @property
    def message(self) -> MessageBar:
        """What went wrong."""
        return self._message

    def show_faults(self, names: Sequence[str]) -> None:
        """Offer the faults that can be planted in the network."""
        self._faults = tuple(names)
        self._name_faults()

    def show_planted(self, planted: Planted, frame: Frame, *, same: bool = False) -> None:
        """Show a fault; `same` is another step of the one before."""
        self._planted, self._frame, self._told = planted, frame, None
        self._number = None
        if not same:
            self._pointed = None
        self._table.numbers.show(planted.verdict.quantities, None, {}, sealed=True)
        self._network.set_rings(())
        self._network.set_quantity(Lines.GRADIENTS)
        self.focus.show_frame(frame)
        self._network.show_frame(frame)
        with QSignalBlocker(self._choices):
            self._choices.setExclusive(False)
            for choice in self._rows:
                if not same:
                    choice.button.setChecked(False)
            self._choices.setExclusive(True)
        self._message.hide()
        self._tell()

    def show_error(self, error: EngineError) -> None:
        """Say why no fault could be planted."""
        self._message.say(Tone.ERROR, *localized(error))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        for widget in (self._table, self._network, self._legend, self._claims):
            widget.set_theme(theme)
        self.update()

    # -- Qt's events -------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._planted is None:
            self._want_fault()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        pen = QPen(QColor(self._theme.bad), FRAME)
        pen.setDashPattern([4.0, 2.0])
        painter.setPen(pen)
        painter.drawRect(self.rect().adjusted(FRAME // 2, FRAME // 2, -FRAME // 2, -FRAME // 2))

    # -- building ----------------------------------------------------------------------------------

    def _label(self, name: str, *, bold: bool = False) -> Label:
        label = Label(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        font = label.font()
        font.setBold(bold)
        label.setFont(font)
        return label

    def _build(self) -> None:
        self._banner = self._label("clinicBanner", bold=True)
        left, centre, scroll = self._build_left(), self._build_centre(), self._build_questions()
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("clinicSplitter")
        for part in (left, centre, scroll):
            splitter.addWidget(part)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([426, 500, 346])
        splitter.setChildrenCollapsible(False)
        left.setMinimumWidth(px(340))
        scroll.setMinimumWidth(px(310))
        self._message = MessageBar()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(FRAME, FRAME, FRAME, FRAME)
        whole.setSpacing(0)
        whole.addWidget(self._banner)
        whole.addWidget(self._message)
        whole.addWidget(Sideways(splitter, self), 1)

    def _build_left(self) -> QWidget:
        """Which fault is planted, and the numbers it gives."""
        self._level, self._fault = QComboBox(self), QComboBox(self)
        self._level.setObjectName("clinicLevel")
        self._fault.setObjectName("clinicFault")
        for number in (None, *LEVELS):
            self._level.addItem("", number)
        self._fault.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._fault.setMinimumContentsLength(14)
        self._level.activated.connect(self._name_faults)
        self._new, self._step = QPushButton(self), QPushButton(self)
        self._new.setObjectName("clinicNew")
        self._step.setObjectName("clinicStep")
        self._new.clicked.connect(self._want_fault)
        self._step.clicked.connect(self.step_wanted)
        self._table = NumbersTable(self)
        self._table.chosen.connect(self._go_to)
        left = QWidget(self)
        left.setObjectName("clinicSide")
        column = QVBoxLayout(left)
        column.setContentsMargins(10, 8, 8, 8)
        row = QHBoxLayout()
        row.addWidget(self._level)
        row.addWidget(self._fault, 1)
        column.addLayout(row)
        row = QHBoxLayout()
        row.addWidget(self._new, 1)
        row.addWidget(self._step, 1)
        column.addLayout(row)
        column.addWidget(self._table, 1)
        return left

    def _build_centre(self) -> QWidget:
        self._network = NetworkView(self.focus, self, read_only=True)
        self._network.set_animated(False)
        self.focus.part_changed.connect(self._part_selected)
        self._legend = RingLegend(self)
        centre = QWidget(self)
        centre.setObjectName("clinicCentre")
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._network, 1)
        column.addWidget(self._legend)
        return centre

    def _build_questions(self) -> QScrollArea:
        """Where it begins, and what it is."""
        content = QWidget(self)
        content.setObjectName("clinicContent")
        self._first_head, self._second_head = self._label("", bold=True), self._label("", bold=True)
        self._chosen = self._label("clinicChosen")
        self._claims_head = self._label("clinicNote")
        self._claims = Table("lrrr", content)
        self._claims.setObjectName("clinicClaims")
        self._point = QPushButton(content)
        self._point.setObjectName("clinicPoint")
        self._point.clicked.connect(self._point_here)
        self._rows = [_Choice(f"clinicChoice{index}", content) for index in range(CHOICES)]
        self._choices = QButtonGroup(self)
        for index, choice in enumerate(self._rows):
            self._choices.addButton(choice.button, index)
        self._choices.idClicked.connect(self._tell)
        self._commit, self._next = QPushButton(content), QPushButton(content)
        self._commit.setObjectName("clinicCommit")
        self._next.setObjectName("clinicNext")
        for button in (self._commit, self._next):
            FocusRing(button)
        self._commit.clicked.connect(self._judge)
        self._next.clicked.connect(self._want_fault)
        self._build_reveal(content)
        self._score = self._label("clinicScore")
        column = QVBoxLayout(content)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        for widget in (self._first_head, self._chosen, self._claims_head, self._claims, self._point):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self._second_head)
        for choice in self._rows:
            column.addWidget(choice)
        for below in (self._commit, self._reveal, self._next):
            column.addWidget(below)
        column.addStretch(1)
        column.addWidget(self._score)
        scroll = QScrollArea(self)
        scroll.setObjectName("clinicScroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        return scroll

    def _build_reveal(self, content: QWidget) -> None:
        """What it was."""
        self._reveal = QFrame(content)
        self._verdict, self._mistake = (
            self._label("clinicVerdict", bold=True),
            self._label("clinicMistake", bold=True),
        )
        self._wrong_line = CodeLine("clinicWrongLine", self._reveal)
        self._right_line = CodeLine("clinicRightLine", self._reveal)
        self._why = self._label("clinicWhy")
        column = QVBoxLayout(self._reveal)
        column.setContentsMargins(0, 6, 0, 0)
        for label in (self._verdict, self._mistake, self._wrong_line, self._right_line, self._why):
            column.addWidget(label)

    def _retranslate(self) -> None:
        title = self.tr("Bug clinic")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self._banner.setText(
            self.tr(
                "Bug clinic: a copy of the pass with a mistake in it. It is not your training, and not kept."
            )
        )
        for index, text in enumerate(
            (self.tr("Any level"), self.tr("Easy"), self.tr("Medium"), self.tr("Hard"))
        ):
            self._level.setItemText(index, text)
        self._level.setAccessibleName(self.tr("Level"))
        self._fault.setAccessibleName(self.tr("Mistake to plant"))
        self._fault.setToolTip(self.tr("The mistake to plant: at random, or one that a teacher chooses"))
        self._new.setText(self.tr("New fault"))
        self._step.setText(self.tr("Another step"))
        self._step.setToolTip(self.tr("Train on with the same fault: other numbers, the same mistake"))
        self._first_head.setText(self.tr("1  Point at the first wrong number"))
        self._second_head.setText(self.tr("2  Which mistake is it?"))
        self._claims.setAccessibleName(self.tr("What goes into this number"))
        self._commit.setText(self.tr("Commit"))
        self._commit.setToolTip(self.tr("Give the answer; only then it is told what is right"))
        self._next.setText(self.tr("Next fault"))
        self._table.numbers.titles = ("", self.tr("claimed"), self.tr("true"), self.tr("claimed is"))
        self._table.numbers.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 3)
        self._name_faults()
        self._tell()

    def _name_faults(self) -> None:
        chosen, hardness = self._fault.currentData(), self._level.currentData()
        with QSignalBlocker(self._fault):
            self._fault.clear()
            self._fault.addItem(self.tr("At random"), None)
            for name in self._faults:
                if hardness is None or level(name) == hardness:
                    self._fault.addItem(caption(meaning(name)), name)
            self._fault.setCurrentIndex(max(0, self._fault.findData(chosen)))

    # -- what is said ------------------------------------------------------------------------------

    def _tell(self, index: int = 0) -> None:
        planted, frame = self._planted, self._frame
        sealed = self.is_sealed
        ready = planted is not None and frame is not None
        here = self._number
        self._chosen.setText(
            self._named(here)
            if here is not None
            else self.tr("Choose a number, in the table or in the graph.")
        )
        header, rows = ([], []) if planted is None or here is None else ingredients(planted, here)
        self._claims_head.setVisible(bool(rows))
        self._claims.setVisible(bool(rows))
        self._claims_head.setText(self.tr("What the code says goes into it; add it up yourself:"))
        self._claims.forget_widths()
        self._claims.set_rows(rows, header=tuple(header))
        pointed = self._pointed
        text = self.tr("This is the first wrong number")
        if pointed is not None:
            text = self.tr("Pointed at: {place}").format(place=place_text(pointed.name, pointed.place))
        self._point.setText(text)
        self._point.setEnabled(ready and sealed and here is not None)
        for choice, name in zip(self._rows, planted.choices if planted else (), strict=False):
            choice.set_text(meaning(name))
            choice.button.setEnabled(sealed)
        for place, choice in enumerate(self._rows):
            choice.setVisible(planted is not None and place < len(planted.choices))
        self._commit.setVisible(sealed)
        self._commit.setEnabled(ready and pointed is not None and self._choices.checkedId() >= 0)
        self._next.setVisible(not sealed)
        self._step.setEnabled(ready and sealed)
        self._reveal.setVisible(not sealed)
        self._tell_answer()
        points, most = sum(mark.points for mark in self._marks), 2 * len(self._marks)
        score = self.tr("Score: {points} of {most} points. Rounds: {rounds}").format(
            points=grouped(points), most=grouped(most), rounds=grouped(len(self._marks))
        )
        self._score.setText(score if self._marks else "")
        note = self.tr("All numbers are what the faulty code claims in step {step}.")
        self._legend.set_sealed(sealed)
        self._legend.set_note("" if frame is None else note.format(step=grouped(frame.record.step)))

    def _named(self, number: Number) -> str:
        assert self._planted is not None
        place = place_text(number.name, number.place)
        return f"{place}   {symbol(number.name)}   {layer_of(number.name, self._planted.case.L)}"

    def _tell_answer(self) -> None:
        planted, marks = self._planted, self._told
        if planted is None or marks is None:
            return
        first = planted.verdict.first_wrong or ""
        if marks.place:
            place = "✓ " + self.tr("{quantity} is the first wrong quantity.")
        else:
            place = "✗ " + self.tr("The first wrong quantity is {quantity}.")
        name = self.tr("The mistake is named rightly.") if marks.name else self.tr("It is another mistake:")
        mark = "✓ " if marks.name else "✗ "
        self._verdict.setText(place.format(quantity=first) + "\n" + mark + name)
        row = MISTAKES[planted.name]
        self._mistake.setText(meaning(planted.name))
        self._wrong_line.setText(row.usual)
        self._right_line.setText(row.right)
        self._why.setText(why(planted.name))

    # -- the user's doing --------------------------------------------------------------------------

    def _want_fault(self) -> None:
        self.fault_wanted.emit(self._level.currentData(), self._fault.currentData())

    def _go_to(self, number: Number) -> None:
        self._number = number
        sample = sample_of(number.name, number.place)
        if sample is not None:
            self.focus.show_sample(sample)
        self.focus.select(part_of(number.name, number.place))
        self._tell()

    def _part_selected(self, part: object) -> None:
        planted = self._planted
        if planted is None or part is None:
            return
        here = self._number
        if here is not None and part_of(here.name, here.place) == part:
            return
        for quantity in planted.verdict.quantities:
            if not quantity.name.startswith(("dW", "db", "delta", "loss")):
                continue
            for place in _places(quantity.given.shape, self.focus.sample, quantity.name):
                if part_of(quantity.name, place) == part:
                    self._table.choose(Number(quantity.name, place))
                    return

    def _point_here(self) -> None:
        self._pointed = self._number
        self._tell()

    def _judge(self) -> None:
        planted, pointed, chosen = self._planted, self._pointed, self._choices.checkedId()
        if planted is None or pointed is None or chosen < 0 or not self.is_sealed:
            return
        self._told = judge(planted, pointed.name, pointed.place, planted.choices[chosen])
        self._marks.append(self._told)
        verdict = planted.verdict
        self._table.numbers.show(verdict.quantities, verdict.first_wrong, {})
        self._network.set_rings(rings_of(verdict, planted.case.widths)[0])
        first = verdict.first_wrong
        if first is not None and (worst := verdict[first].worst) is not None:
            self._table.choose(Number(first, worst))
        self._tell()
        self.judged.emit(planted, (pointed.name, pointed.place, planted.choices[chosen]))


def _places(shape: tuple[int, ...], sample: int, name: str) -> list[tuple[int, ...]]:
    """The places of an array, those of one sample where it has samples."""
    if name.startswith("delta"):
        return [(sample, unit) for unit in range(shape[1])]
    return [tuple(int(i) for i in place) for place in np.ndindex(*shape)]
