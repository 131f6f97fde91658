"""What nobody caught, in whatever thread: written down in a log, and told to the window in its own thread."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QObject, Signal

from engine.files.autosave import autosave_folder

LOG_BYTES = 500_000
"""Bound of a log; at a start one half as large gives way to a new one, and is kept as the last."""

_log = logging.getLogger(__name__)


def log_file() -> Path:
    """Where the log lies: in the program's folder among those of whoever runs this."""
    return autosave_folder().with_name("log.txt")


class Trouble(QObject):
    """Hears of everything that nobody caught, from `__enter__` to `__exit__`.

    A crash of the process itself leaves the stacks of all threads in the log.

    Signals
    -------
    told(Exception)
        In any thread: connect a slot of an object that lives in the window's.

    Attributes
    ----------
    log : Path or None
        Where it is written down; None if it cannot be.
    """

    told = Signal(object)

    def __init__(self, log: Path | None = None) -> None:
        super().__init__()
        self.log: Path | None = log or log_file()
        self._handlers: list[logging.Handler] = []

    def __enter__(self) -> Trouble:
        logger = logging.getLogger("gui")
        stream: TextIO | None = sys.stderr  # there is none without a terminal on Windows
        if stream is not None:
            self._handlers.append(logging.StreamHandler(stream))
        try:
            assert self.log is not None
            self._handlers.append(handler := _BoundedLog(self.log))
            stream = handler.stream
        except OSError:
            self.log = None
        for each in self._handlers:
            logger.addHandler(each)
        if stream is not None:
            with suppress(OSError, ValueError):  # a stream that is no file
                faulthandler.enable(stream)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        sys.unraisablehook = self._unraisable
        return self

    def __exit__(self, *_: object) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        faulthandler.disable()
        for handler in self._handlers:
            logging.getLogger("gui").removeHandler(handler)
            if isinstance(handler, logging.FileHandler):
                handler.close()
        self._handlers.clear()

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("Nobody caught this", exc_info=(kind, error, trace))
        if isinstance(error, Exception):
            self.told.emit(error)

    def _caught_in_thread(self, found: threading.ExceptHookArgs) -> None:
        if isinstance(found.exc_value, Exception):
            self._caught(found.exc_type, found.exc_value, found.exc_traceback)

    def _unraisable(self, found: sys.UnraisableHookArgs) -> None:
        """Write down what was raised where nothing can be done about it, as in a finalizer."""
        _log.error("%s: %r", found.err_msg or "Ignored", found.object, exc_info=found.exc_value)


class _BoundedLog(logging.FileHandler):
    """A log that stops growing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = path.stat().st_size if path.exists() else 0
        if size > LOG_BYTES // 2:
            os.replace(path, path.with_stem("log-before"))
            size = 0
        super().__init__(path, encoding="utf-8", errors="backslashreplace")
        self.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(name)s: %(message)s"))
        self._room = LOG_BYTES - size

    def emit(self, record: logging.LogRecord) -> None:
        self._room -= len(self.format(record))
        if self._room > 0:
            super().emit(record)
