"""Start: options, then the window, then what the options asked of it."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from resources import LANGUAGES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from engine.lessons.paper import PaperSize

QT_PACKAGES = "libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0"


def run() -> None:
    """Start from the command line."""
    raise SystemExit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Open the window, or save a picture of it.

    Parameters
    ----------
    argv : sequence of str
        The arguments, without the program's name.

    Returns
    -------
    int
        Exit status: 0, or 1 if there was no window to open or the picture could not be made; 141 if
        nobody read what was printed to its end, as `head` does not.
    """
    try:
        try:
            return _do(argv)
        finally:
            if sys.stdout is not None:  # there is none without a terminal on Windows
                sys.stdout.flush()
    except BrokenPipeError:
        _drop_what_is_unread()
        return 128 + 13  # what a shell makes of SIGPIPE


def _drop_what_is_unread() -> None:
    """Let Python flush its streams at its end without meeting the broken pipe again."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _let_numbers_be_printed() -> None:
    """Print in UTF-8 where the encoding has no superscripts, as that of a pipe on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            try:
                "−2·10⁻⁸".encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8")


def _do(argv: Sequence[str]) -> int:
    _let_numbers_be_printed()
    if argv and argv[0] == "run":
        from engine.headless import main as run_headless

        return _in_words(run_headless, argv[1:])
    if argv and argv[0] == "predict":
        from engine.headless import predict_main

        return _in_words(predict_main, argv[1:])
    if argv and argv[0] == "check":
        from engine.mistakes.command import main as run_check

        return run_check(argv[1:])
    if argv and argv[0] == "lesson":
        from engine.lessons.command import main as run_lesson

        return run_lesson(argv[1:], _print_sheets)
    options = _parser().parse_args(argv)
    if options.screenshot:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif message := _missing_display():
        return _refuse(message)
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        return _refuse(f"Qt does not load: {error}\nOn Debian or Ubuntu: apt-get install {QT_PACKAGES}")
    # Commands and frames change hands all the time: at Python's default of 5 ms the window would wait
    # for the trainer (measured: 99 % of events within 14 ms, with 0.5 ms within 7).
    sys.setswitchinterval(0.0005)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["backprop-lab"])
    return _open(application, options)


def _print_sheets(sheets: Sequence[str], path: Path, size: PaperSize) -> None:
    """Print a lesson's sheets as a PDF, which needs Qt, but no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from gui.style.appearance import load_fonts
    from gui.style.paper import print_sheets

    application = QGuiApplication.instance() or QGuiApplication(["backprop-lab"])
    load_fonts()
    print_sheets(sheets, path, size)
    del application


def _in_words(command: Callable[..., int], argv: Sequence[str]) -> int:
    """Do a command without a window in the language that is asked for; English needs no Qt."""
    language = "en"
    for place, word in enumerate(argv):
        option, equals, value = word.partition("=")
        if option == "--language":
            language = value if equals else "".join(argv[place + 1 : place + 2])
    if language == "en" or language not in LANGUAGES:
        return command(argv)
    try:
        from gui.text.wording import speaking
    except ImportError as error:
        print(f"Qt does not load, so this is in English: {error}", file=sys.stderr)
        return command(argv)
    with speaking(language) as words:
        return command(argv, words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backprop-lab",
        description="Watch a neural network learn, and read every number of back-propagation.",
        epilog="Without a window: backprop-lab run EXPERIMENT.toml|SESSION.bplab [options], "
        "backprop-lab predict SESSION.bplab FILE, backprop-lab check FILE --against EXPERIMENT.toml, and "
        "backprop-lab lesson LESSON; see backprop-lab run --help, predict --help, check --help, "
        "lesson --help.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a data set, a session (.bplab) or an experiment (.toml) to open",
    )
    parser.add_argument("--steps", type=_count, metavar="N", help="train N steps at the start")
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="OUT.png",
        help="save the window as a picture and exit; needs no screen",
    )
    parser.add_argument(
        "--select",
        type=_parameter,
        metavar="LAYER,FROM,TO",
        help="select a weight, counted from 1 as in the window; for FROM write b to select the bias of TO",
    )
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the window, for example 1440x900")
    parser.add_argument("--language", choices=tuple(LANGUAGES), help="language of the window")
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="colours of the window")
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("it must be a whole number, 0 or more")
    return int(text)


def _parameter(text: str) -> tuple[int, int | None, int]:
    parts = text.split(",")
    if len(parts) == 3 and all(part.isdecimal() for part in (parts[0], parts[2])):
        layer, source, unit = parts
        if source == "b":
            return int(layer), None, int(unit) - 1
        if source.isdecimal():
            return int(layer), int(source) - 1, int(unit) - 1
    raise argparse.ArgumentTypeError("it must be layer,from,to, for example 2,3,1 or 2,b,1")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError("it must be width x height in pixels, for example 1440x900")
    return int(width), int(height)


def _version() -> str:
    try:
        return version("backprop-lab")
    except PackageNotFoundError:
        return "(not installed)"


def _missing_display() -> str:
    """What to say where no window can open; empty where one can."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
        "Without one, this saves a picture of the window:\n"
        "  backprop-lab --steps 100 --screenshot window.png"
    )


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


def _open(application: QApplication, options: argparse.Namespace) -> int:
    from PySide6.QtCore import Qt

    from gui.main_window import MainWindow
    from gui.style.appearance import Appearance
    from gui.trouble import Trouble

    application.setOrganizationName("Backprop Lab")
    application.setApplicationName("Backprop Lab")
    interactive = options.screenshot is None
    appearance = Appearance(application, options.language, options.theme, remember=interactive)
    window = MainWindow(appearance, remember=interactive, deferred=interactive)
    if options.size:
        window.resize(*options.size)
    window.confirm_close = interactive
    with Trouble() as trouble:
        window.log = trouble.log
        trouble.told.connect(window.show_unexpected, Qt.ConnectionType.QueuedConnection)
        if options.screenshot:
            window.save_picture_when_done(options.screenshot)
        window.begin(options.file, options.steps, options.select)
        window.show()
        status: int = application.exec()
    return status
