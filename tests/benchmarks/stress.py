"""Everything at once that lays the window out anew or dresses it anew, while it trains: nothing may break.

    python tests/benchmarks/stress.py --minutes 10 --seed 1

A monkey (see `tests/gui/monkey.py`, with all its options) that does nothing but change the theme, the
language and the text's size, present, size the window, open, close, float and enlarge docks, tabs and
windows, and put other networks and data in place, in an order that its seed decides. What breaks in Qt's own
code ends the process, which the monkey's keeper tells.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.gui.monkey import Monkey, main

SIDES = (1024, 1180, 1280, 1366, 1440, 1600, 1920), (600, 720, 768, 800, 900, 1080)
"""Widths and heights on both sides of what `gui.fitting` has as limits."""


class Stress(Monkey):
    """Does what shakes a whole window, several things at a time."""

    def kinds(self) -> dict[Callable[[], str | None], int]:
        return {
            self._theme: 8,
            self._language: 8,
            self._text_size: 8,
            self._present: 6,
            self._size: 14,
            self._dock: 14,
            self._float: 5,
            self._page: 10,
            self._enlarge: 5,
            self._close_one: 6,
            self._problem: 4,
            self._run: 6,
            self._reset: 2,
            self._together: 14,
        }

    def _together(self) -> str | None:
        """Several things before the event loop comes round."""
        rest = [kind for kind in self.kinds() if kind != self._together]
        return " + ".join(filter(None, (self.random.choice(rest)() for _ in range(3))))

    def _theme(self) -> str:
        name = self.random.choice(["light", "dark"])
        self.main.appearance.set_theme(name)
        return name

    def _language(self) -> str:
        code = self.random.choice(["en", "zh_CN"])
        self.main.appearance.set_language(code)
        return code

    def _text_size(self) -> str:
        percent = self.random.choice([100, 100, 110, 125, 150, 200])
        self.main.appearance.set_text_size(percent)
        return str(percent)

    def _present(self) -> str:
        self.main.presentation.toggle()
        return "on" if self.main.presentation.is_on else "off"

    def _size(self) -> str:
        self.main.resize(*map(self.random.choice, SIDES))
        return f"{self.main.width()} x {self.main.height()}"

    def _some_dock(self) -> Any:
        return self.random.choice([*self.main.pages.docks.values(), self.main.pages.tabs_dock])

    def _dock(self) -> str:
        dock = self._some_dock()
        if self.random.random() < 0.7:
            dock.toggleViewAction().trigger()
        else:
            dock.close()
        return f"{dock.objectName()} {dock.isVisible()}"

    def _float(self) -> str:
        dock = self._some_dock()
        dock.setFloating(not dock.isFloating())
        return f"{dock.objectName()} {dock.isFloating()}"

    def _page(self) -> str:
        from gui.pages import PAGES

        name = self.random.choice(PAGES).name
        self.main.pages.open(name)
        return name

    def _enlarge(self) -> str | None:
        tabs = self.main.tabs
        seen = [index for index in range(tabs.count()) if tabs.isTabVisible(index)]
        index = self.random.choice(seen)
        tabs.tabBarDoubleClicked.emit(index)
        return str(tabs.tabText(index))

    def _problem(self) -> str:
        from gui.document.examples import PRESETS

        if self.random.random() < 0.4:
            path = Path(self._some_file())
            self.main.open_file(path)
            return path.name
        name = self.random.choice(sorted(PRESETS))
        self.main.open_example(PRESETS[name])
        return name

    def _run(self) -> str:
        from gui.training.messages import Granularity, Run

        self.main.submit(Run(Granularity.BATCH, None))
        return "on"

    def _reset(self) -> str:
        self.main.reset_layout()
        return "layout"


if __name__ == "__main__":
    main(Stress, Path(__file__))
