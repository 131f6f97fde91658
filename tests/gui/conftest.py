"""What tests of the window share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication

from gui.style.sheet import apply_theme
from gui.style.theme import Theme


@pytest.fixture
def dress(dressed: None, qapp: QApplication) -> Iterator[Callable[[Theme], None]]:
    """Let everything wear a theme, as the window does; it is taken off after the test."""
    palette, sheet = qapp.palette(), qapp.styleSheet()
    yield partial(apply_theme, qapp)
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)
