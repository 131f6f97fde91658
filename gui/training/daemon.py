"""A thread beside the window's that can never keep the program from ending."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject


class Daemon(QObject):
    """Does `run` in a thread of its own, until that returns or the program ends.

    It is Python's thread and not Qt's: a `QThread` must not be destroyed while it goes on, and so a task
    that is blocked for ever (in a read from a pipe that nobody writes to) would be waited for when the
    window closes. This one is left behind. Signals that are emitted in it are delivered in the thread of
    their receiver all the same.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)

    def run(self) -> None:
        """What is done in the thread."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it has begun and not ended."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, but no longer than that; say whether it has ended."""
        if self.is_running:
            self._thread.join(seconds)
        return not self.is_running
