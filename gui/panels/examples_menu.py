"""The menu of examples."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtWidgets import QMenu, QWidget

from gui.document.examples import PRESETS, Preset
from gui.text.plain import tooltip


class ExamplesMenu(QMenu):
    """All presets, each with what it shows as its tooltip.

    Signals
    -------
    preset_chosen(Preset)
    """

    preset_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("examplesMenu")
        self.setToolTipsVisible(True)
        for preset in PRESETS.values():
            action = self.addAction("")
            action.setObjectName(f"{preset.key}ExampleAction")
            action.triggered.connect(partial(self._choose, preset))
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setTitle(self.tr("Examples"))
        for action, preset in zip(self.actions(), PRESETS.values(), strict=True):
            action.setText(QCoreApplication.translate("presets", preset.title))
            explanation = QCoreApplication.translate("presets", preset.explanation)
            action.setToolTip(tooltip(explanation))
            action.setStatusTip(explanation)

    def _choose(self, preset: Preset, checked: bool = False) -> None:
        self.preset_chosen.emit(preset)
