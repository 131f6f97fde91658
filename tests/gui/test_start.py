"""What the window does without until it has been seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = ("engine.diagnose", "engine.mistakes", "engine.explain.expression", "gui.lab")
"""What nobody needs for the first picture: it is imported when it is first asked for."""

START = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from gui.main_window import MainWindow
window = MainWindow(remember=False, deferred=True)
window.frame_shown.connect(lambda frame: (print(*sys.modules, sep="\\n"), window.close()))
window.show()
application.exec()
"""


def test_the_window_opens_without_what_is_needed_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, cwd=ROOT, check=True, timeout=120
    )
    modules = done.stdout.split("\n")
    assert "gui.views.network.view" in modules
    assert [name for name in modules if name.startswith(LATER)] == []
