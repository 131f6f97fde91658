"""Language, theme and fonts of the whole application, switchable while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow

from gui.kept import LANGUAGE, TEXT_SIZE, THEME, Kept
from gui.style.fonts import FONT_POINTS as FONT_POINTS
from gui.style.fonts import scale, set_scale
from gui.style.sheet import apply_theme, undressed
from gui.style.theme import DARK, LIGHT, Theme, system_theme
from resources import LANGUAGES, resource_path

THEMES = ("system", "light", "dark")
TEXT_SIZES = (100, 110, 125, 150, 175, 200, 225, 250)
"""Percent of the usual size that there are to choose from."""


class Appearance(QObject):
    """How everything looks; one for the application.

    Signals
    -------
    theme_changed(Theme)
        For what draws itself; also when the text has another size, as pictures do then. Everything else
        hears of language, palette and font through Qt's own events.
    text_size_changed(int)
        In percent.

    Parameters
    ----------
    application : QApplication
    language, theme : str or None
        Override what is remembered; None takes that, or the system's.
    remember : bool
        Whether choices are kept for the next start.
    """

    theme_changed = Signal(object)
    text_size_changed = Signal(int)

    def __init__(
        self,
        application: QApplication,
        language: str | None = None,
        theme: str | None = None,
        *,
        remember: bool = True,
    ) -> None:
        super().__init__()
        self._application = application
        self._kept = Kept(remember)
        self._translators: list[QTranslator] = []
        self.language = ""
        self.theme_name = ""
        application.setStyle("Fusion")
        self.text_size = self._kept.get(TEXT_SIZE)
        load_fonts()
        set_scale(application, self.text_size / 100, lambda: None)
        kept_theme = self._kept.get(THEME)
        self.set_language(language or self._kept.get(LANGUAGE) or system_language())
        self.set_theme(theme or (kept_theme if kept_theme in THEMES else "system"))
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return {"light": LIGHT, "dark": DARK}.get(self.theme_name) or system_theme()

    def set_language(self, code: str) -> None:
        """Speak another language from now on."""
        code = code if code in LANGUAGES else "en"
        if code == self.language:
            return
        self.language = code
        _lay_out_all(self._application)
        for translator in self._translators:
            self._application.removeTranslator(translator)
        self._translators = []
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for file, folder in ((f"qtbase_{code}", qt_folder), (code, str(resource_path("i18n")))):
            translator = QTranslator(self)
            if translator.load(file, folder):
                self._application.installTranslator(translator)
                self._translators.append(translator)
        QLocale.setDefault(locale_of(code))
        self._kept.keep(LANGUAGE, code)

    def set_theme(self, name: str) -> None:
        """Wear other colours from now on: "system", "light" or "dark"."""
        if name == self.theme_name:
            return
        self.theme_name = name
        self._kept.keep(THEME, name)
        self._apply()

    def undressed(self) -> AbstractContextManager[None]:
        """Dress all that is made meanwhile at once, in the end."""
        return undressed(self._application)

    def set_text_size(self, percent: int) -> None:
        """Write all text in another size from now on, and draw what is beside it in proportion."""
        percent = min(max(percent, TEXT_SIZES[0]), TEXT_SIZES[-1])
        if percent != self.text_size:
            self.text_size = percent
            self._kept.keep(TEXT_SIZE, percent)
            self.set_scale(percent / 100)
            self.text_size_changed.emit(percent)

    def larger(self) -> None:
        """Write in the next larger size."""
        self.set_text_size(next((size for size in TEXT_SIZES if size > self.text_size), TEXT_SIZES[-1]))

    def smaller(self) -> None:
        """Write in the next smaller size."""
        below = [size for size in TEXT_SIZES if size < self.text_size]
        self.set_text_size(below[-1] if below else TEXT_SIZES[0])

    def usual_size(self) -> None:
        """Write in the usual size."""
        self.set_text_size(100)

    def set_scale(self, to: float) -> None:
        """Draw everything `to` times as large as at 100 %, whatever was chosen: for a while."""
        if abs(to - scale()) > 1e-3:
            _lay_out_all(self._application)
            set_scale(self._application, to, self._apply)

    def _follow_system(self, _: Qt.ColorScheme) -> None:
        if self.theme_name == "system":
            self._apply()

    def _apply(self) -> None:
        _lay_out_all(self._application)
        with _docks_kept(self._application):
            apply_theme(self._application, self.theme)
        self.theme_changed.emit(self.theme)


def _lay_out_all(application: QApplication) -> None:
    """Have every window laid out before all of them are told of something new.

    What parted a dock from another is deleted when a window is laid out after the dock has gone. Were that
    while it tells its children, Qt would go on with one that is not there any more, and crash.
    """
    for window in application.topLevelWidgets():
        if (layout := window.layout()) is not None:
            layout.activate()


@contextmanager
def _docks_kept(application: QApplication) -> Iterator[None]:
    """Give all docks the sizes again that they have now.

    One that stands at its least height grows to what it needs while it is undressed, and would keep that.
    """
    kept = [
        (window, [(dock, dock.size()) for dock in window.findChildren(QDockWidget) if _stands(dock)])
        for window in application.topLevelWidgets()
        if isinstance(window, QMainWindow)
    ]
    yield
    _lay_out_all(application)
    for window, sizes in kept:
        docks = [dock for dock, _ in sizes]
        window.resizeDocks(docks, [size.width() for _, size in sizes], Qt.Orientation.Horizontal)
        window.resizeDocks(docks, [size.height() for _, size in sizes], Qt.Orientation.Vertical)


def _stands(dock: QDockWidget) -> bool:
    return dock.isVisible() and not dock.isFloating()


def system_language() -> str:
    """The first of the system's languages that there is; English otherwise."""
    by_name = {code.partition("_")[0]: code for code in reversed(LANGUAGES)}
    for name in QLocale.system().uiLanguages():
        exactly = name.replace("-", "_")
        if code := exactly if exactly in LANGUAGES else by_name.get(exactly.partition("_")[0]):
            return code
    return "en"


def locale_of(code: str) -> QLocale:
    """How dates are written in a language: as the system does, if that speaks it."""
    system, wanted = QLocale.system(), QLocale(code)
    return system if system.language() == wanted.language() else wanted


def load_fonts() -> None:
    """Bring the font that has the mathematics, and digits of one width; Chinese is the system's."""
    for file in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(resource_path("fonts", file)))
