"""The derivative in closed form, found in another process: SymPy may think long, and can be stopped there."""

from __future__ import annotations

import importlib.util
import json
import sys
from typing import NamedTuple

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

PATIENCE = 8_000
"""Milliseconds that it may take, the import of SymPy included."""

_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from engine.explain.expression import symbolic
text, name, given = json.loads(sys.stdin.read())
print(json.dumps(symbolic(text, name, given)))
"""


class Question(NamedTuple):
    """Derive the output of `text` by `name`; `given` are the names that have a value."""

    text: str
    name: str
    given: tuple[str, ...]


def available() -> bool:
    """Whether there is a SymPy to ask."""
    return not getattr(sys, "frozen", False) and importlib.util.find_spec("sympy") is not None


class ClosedForm(QObject):
    """Asks one question at a time; a new one takes the place of the one before.

    Signals
    -------
    answered(Question, str or None)
        LaTeX, or None where there is no closed form of use, or none was found in time.
    """

    answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None, program: str = _PROGRAM) -> None:
        super().__init__(parent)
        self._program = program
        self._question: Question | None = None
        self._process: QProcess | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(PATIENCE)
        self._limit.timeout.connect(self._give_up)

    def ask(self, question: Question) -> None:
        """Find it; `answered` tells."""
        self.stop()
        self._question = question
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        process.setProcessEnvironment(environment)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)
        process.start(sys.executable, ["-c", self._program, json.dumps(sys.path)])
        process.write(json.dumps(question).encode())
        process.closeWriteChannel()
        self._limit.start()

    def stop(self) -> None:
        """Forget the question."""
        self._limit.stop()
        self._question = None
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._finish)
            process.errorOccurred.disconnect(self._fail)
            process.kill()
            process.waitForFinished(1_000)
            process.deleteLater()

    def _give_up(self) -> None:
        question = self._question
        self.stop()
        if question is not None:
            self.answered.emit(question, None)

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._give_up()

    def _finish(self, code: int) -> None:
        assert self._process is not None
        output = bytes(self._process.readAllStandardOutput().data())
        question = self._question
        self.stop()
        latex = None
        if code == 0:
            latex = json.loads(output.decode())
        if question is not None:
            self.answered.emit(question, latex)
