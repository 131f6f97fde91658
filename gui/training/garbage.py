"""Python's cyclic garbage, collected in the window's thread alone.

When the collector runs in the worker, it frees Qt's wrappers there and crashes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

COLLECT_MILLISECONDS = 2_000
"""From one look at what is new to the next."""

ALL_EVERY = 15
"""So many looks later all is looked through: that takes as long as several frames."""


class Garbage(QObject):
    """Collects every now and then, in place of Python, from `start` to `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Take over; what there is by now lives as long as the window."""
        gc.disable()
        gc.freeze()  # it need not be looked through each time (measured: 47 ms a time)
        self._timer.start(COLLECT_MILLISECONDS)

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        looks_at_new = gc.get_count()[2]  # since all was looked through
        gc.collect(1 if looks_at_new < ALL_EVERY else 2)
