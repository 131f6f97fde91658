"""What nobody misses before there is something to see, done when there is.

The first lesson, the lab and the other windows would open half a second after they are asked for: what they
need is imported beforehand, in another thread.
"""

from __future__ import annotations

import importlib
import logging
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from gui.style.equation import load_typesetter
from gui.style.tab_order import follow

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.training.messages import Frame

NEXT = (
    "gui.lessons.desk",
    "gui.views.check_numbers",
    "gui.views.clinic",
    "gui.views.predict",
    "gui.views.diagnosis.instruments",
    "gui.panels.data_import",
    "gui.panels.generate",
    "gui.panels.paint",
    "engine.diagnose",
    "gui.lab",
    "engine.files.export_notebook",
)
"""Modules with all that they import, the likeliest first."""

_log = logging.getLogger(__name__)


class Ahead(QObject):
    """Waits for the first frame of a window, then gets ready what comes next.

    Only where Python's garbage collector is kept off other threads, as the window does: it would free Qt's
    objects there.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._stopped = Event()
        self._thread = Thread(target=self._import, name="importsAhead")
        window.frame_shown.connect(self._begin, Qt.ConnectionType.SingleShotConnection)

    def stop(self) -> None:
        """End after the import under way."""
        self._stopped.set()
        if self._thread.ident:
            self._thread.join()

    def _begin(self, _: Frame) -> None:
        window = self._window
        centre, inspector, setup = window.pages.centre, window.chain_rule_view, window.setup_panel
        regions = (window.run_controls, centre, window.tabs, window.timeline, inspector, setup)
        for later in (load_typesetter, partial(follow, regions), self._thread.start):
            QTimer.singleShot(0, self, later)

    def _import(self) -> None:
        for name in NEXT:
            if self._stopped.is_set():
                return
            try:
                importlib.import_module(name)
            except Exception:  # noqa: BLE001 - the edge of this thread
                # who asks for it meets the error again, and tells of it
                _log.exception("Importing %s ahead failed", name)
