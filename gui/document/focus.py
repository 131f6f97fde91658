"""What is looked at: a part of the network, a sample of the mini-batch, and a part to compare with.

It is kept here alone. Panels and views ask for it when they draw, change it when the user chooses
something in them, and hear of it when it was changed elsewhere; none needs to know of another.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.parts import Part
from gui.training.messages import Frame


class Focus(QObject):
    """What is looked at; what the network does not have is not looked at.

    Signals
    -------
    part_changed(Part or None), comparison_changed(Part or None)
    sample_changed(int)
        Another sample was chosen. Of one that a phase is about the frame itself tells.
    hovered_changed(Part or None)
        What is pointed at: it is shown more closely for as long.
    row_changed(int or None)
    row_wanted(int)
        A row was chosen that is not in the mini-batch.
    """

    part_changed = Signal(object)
    comparison_changed = Signal(object)
    sample_changed = Signal(int)
    hovered_changed = Signal(object)
    row_changed = Signal(object)
    row_wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._part: Part | None = None
        self._comparison: Part | None = None
        self._hovered: Part | None = None
        self._sample = 0
        self._row: int | None = None

    @property
    def part(self) -> Part | None:
        """What is selected."""
        return self._part

    @property
    def comparison(self) -> Part | None:
        """What the selected part is compared with."""
        return self._comparison

    @property
    def hovered(self) -> Part | None:
        """What is pointed at, wherever that is."""
        return self._hovered

    @property
    def sample(self) -> int:
        """The sample that is shown."""
        return self._sample if self._frame is None else self.sample_in(self._frame)

    @property
    def row(self) -> int | None:
        """The row of the data set that was chosen, or that the chosen sample was then."""
        return self._row

    def sample_in(self, frame: Frame) -> int:
        """The sample that is shown of this frame: the one its phase is about, or else the one chosen."""
        if frame.phase is not None and frame.phase.sample is not None:
            return frame.phase.sample
        return min(self._sample, frame.record.batch - 1)

    def select(self, part: Part | None) -> None:
        """Look at a part; at nothing, if the network does not have it."""
        part = self._known(part)
        if part != self._part:
            self._part = part
            self.part_changed.emit(part)

    def compare(self, part: Part | None) -> None:
        """Compare the selected part with another."""
        part = self._known(part)
        if part != self._comparison:
            self._comparison = part
            self.comparison_changed.emit(part)

    def hover(self, part: Part | None) -> None:
        """Look at a part for as long as it is pointed at."""
        part = self._known(part)
        if part != self._hovered:
            self._hovered = part
            self.hovered_changed.emit(part)

    def show_sample(self, index: int) -> None:
        """Look at a sample of the mini-batch, from 0, unless the phase is about a certain one."""
        if index != self._sample:
            self._sample = index
            self.sample_changed.emit(index)
            if self._frame is not None and index < self._frame.record.batch:
                self._mark_row(int(self._frame.record.indices[index]))

    def show_next_sample(self) -> None:
        """Look at the sample after this one; after the last comes the first."""
        self._go_on(1)

    def show_previous_sample(self) -> None:
        """Look at the sample before this one; before the first comes the last."""
        self._go_on(-1)

    def _go_on(self, way: int) -> None:
        if self._frame is not None:
            self.show_sample((self.sample + way) % self._frame.record.batch)

    def show_row(self, row: int) -> None:
        """Look at a row of the data set, as a sample of the mini-batch if it is in it."""
        self._mark_row(row)
        at = [] if self._frame is None else np.flatnonzero(self._frame.record.indices == row).tolist()
        if at:
            self.show_sample(at[0])
        else:
            self.row_wanted.emit(row)

    def show_frame(self, frame: Frame) -> None:
        """Look at this frame, before any view draws it: stay with the sample that its phase is about."""
        before, self._frame = self._frame, frame
        if before is not None and before.dataset is not frame.dataset:
            self._mark_row(None)
        if frame.phase is not None and frame.phase.sample is not None:
            self._sample = frame.phase.sample
        self.compare(self._comparison)
        self.select(self._part)
        self.hover(self._hovered)

    def _mark_row(self, row: int | None) -> None:
        if row != self._row:
            self._row = row
            self.row_changed.emit(row)

    def _known(self, part: Part | None) -> Part | None:
        lost = part is not None and self._frame is not None and not part.exists(self._frame.record.sizes)
        return None if lost else part
