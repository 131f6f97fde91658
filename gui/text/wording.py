"""The words of the commands in the user's language: the same that the window says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QTranslator

from engine.data.data_warning import DataWarning
from engine.diagnose import Finding
from engine.errors import EngineError
from engine.wording import Wording
from gui.text.errors import localized, localized_warning
from gui.text.findings import advice, sentence
from gui.text.plain import sentences
from gui.text.settings import catalogue_label
from resources import resource_path


class Translated(Wording):
    """Asks Qt's translators."""

    def text(self, template: str) -> str:
        return QCoreApplication.translate("command", template)

    def name(self, label: str) -> str:
        return catalogue_label(label)

    def error(self, error: EngineError) -> str:
        return sentences(*localized(error))

    def warning(self, warning: DataWarning) -> str:
        return localized_warning(warning)

    def finding(self, finding: Finding) -> str:
        return sentences(sentence(finding), advice(finding))


@contextmanager
def speaking(language: str) -> Iterator[Wording]:
    """Speak a language that there are translations for, without a window."""
    application = QCoreApplication.instance() or QCoreApplication(["backprop-lab"])
    translator = QTranslator()
    translator.load(language, str(resource_path("i18n")))
    application.installTranslator(translator)
    try:
        yield Translated()
    finally:
        application.removeTranslator(translator)
