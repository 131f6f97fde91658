"""Chinese is written with Simplified glyphs, whatever the system's locale."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from gui.style.fonts import BUNDLED, SIMPLIFIED, families

ASK = """
import sys
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QApplication
from gui.style.appearance import Appearance

application = QApplication(["x"])
Appearance(application, sys.argv[1], "light", remember=False)
layout = QTextLayout("梯度直骨复 w⁽²⁾₁₁ δ", application.font())
layout.beginLayout()
layout.createLine()
layout.endLayout()
print("|".join(sorted({run.rawFont().familyName() for run in layout.glyphRuns()})))
"""


@pytest.mark.parametrize("locale", ["ja_JP.UTF-8", "ko_KR.UTF-8", "zh_TW.UTF-8", "en_US.UTF-8"])
def test_the_glyphs_are_simplified_in_every_locale(locale: str, qapp: QApplication) -> None:
    installed = [family for family in SIMPLIFIED if QFontDatabase.hasFamily(family)]
    if not installed:
        pytest.skip("no font with Simplified glyphs is installed")
    environment = {**os.environ, "LANG": locale, "LC_ALL": locale, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", ASK, "zh_CN"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip().split("|") == sorted([BUNDLED, installed[0]])


def test_only_what_is_installed_is_asked_for(qapp: QApplication) -> None:
    assert families()[0] == BUNDLED
    assert all(QFontDatabase.hasFamily(family) for family in families()[1:])
