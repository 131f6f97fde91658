"""The `lesson` command: check lessons, print them on paper, begin a new one; without a window."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.files.atomic import write_text
from engine.lessons.checking import check, check_together
from engine.lessons.folder import Folder, open_lesson, read_lesson
from engine.lessons.keys import Keys
from engine.lessons.materials import SEED
from engine.lessons.new import write_new
from engine.lessons.paper import PAPERS, PaperSize, as_html
from engine.lessons.wording import speaking
from engine.lessons.worksheet import Worksheet, printed_derivation, worksheet
from resources import LANGUAGES

OK, BAD_INPUT, USAGE = 0, 1, 2

PrintPdf = Callable[[Sequence[str], Path, PaperSize], None]
"""What prints sheets of Markdown as a PDF; it needs Qt, which the engine does not know."""

EPILOG = """\
LESSON is a folder with a lesson.md, or a zip of it, NAME.bplesson; see docs/lesson-format.md. One of the
course is known by its name: 05-by-hand.

exit status:
  0  done, and nothing is wrong
  1  something is wrong with a lesson, or a file cannot be written
  2  the command line is not right

examples:
  backprop-lab lesson new chain-rule
  backprop-lab lesson chain-rule --check
  backprop-lab lesson chain-rule --worksheet sheet-07.pdf --solution --seed 7 --paper Letter
  backprop-lab lesson chain-rule --derivation w5.html --select 2,1,1
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of `lesson`."""
    result = argparse.ArgumentParser(
        prog="backprop-lab lesson",
        description="Check a lesson, print its worksheet, or begin a new one with: lesson new NAME",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = result.add_argument
    add("lessons", nargs="+", type=Path, metavar="LESSON", help="a lesson; of several each is checked")
    add("--check", action="store_true", help="say what is wrong, with line, column and mend")
    add("--worksheet", type=_sheet, metavar="OUT.html|.pdf", help="write the questions for paper")
    add("--solution", action="store_true", help="with the solution, each sum of it, on a sheet of its own")
    add(
        "--derivation",
        type=_sheet,
        metavar="OUT.html|.pdf",
        help="write the derivation of --select, or of a whole step",
    )
    add(
        "--select",
        type=_select,
        metavar="LAYER,FROM,TO",
        help="a weight, counted from 1; for FROM write b for the bias of TO",
    )
    add("--experiment", metavar="NAME", help="of the lesson, for --derivation; the first without it")
    add("--step", type=_count, default=1, metavar="N", help="for --derivation (1)")
    add(
        "--seed",
        type=_seed,
        default=SEED,
        metavar="N",
        help=f"the student's number: draws his own numbers ({SEED})",
    )
    add(
        "--language",
        choices=tuple(LANGUAGES),
        help="of the lesson and the sheet; without it as it was written",
    )
    add("--paper", choices=PAPERS, default="A4", help="the size of the sheets (A4)")
    add("--json", action="store_true", help="print what is found as JSON")
    return result


def _sheet(text: str) -> Path:
    if Path(text).suffix.lower() not in (".html", ".htm", ".pdf"):
        raise argparse.ArgumentTypeError("it must end in .html or .pdf")
    return Path(text)


def _select(text: str) -> tuple[int | str, ...]:
    parts = text.split(",")
    good = len(parts) == 3 and all(
        part.isdecimal() and 0 < int(part) < 100_000 for part in (parts[0], parts[2])
    )
    if not good or not (parts[1] == "b" or (parts[1].isdecimal() and int(parts[1]) > 0)):
        raise argparse.ArgumentTypeError("it must be LAYER,FROM,TO, such as 2,3,1 or 2,b,1")
    return int(parts[0]), parts[1] if parts[1] == "b" else int(parts[1]), int(parts[2])


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError("it must be a whole number from 1 to 100000")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError("it must be a whole number, 0 or more")
    return int(text)


def main(argv: Sequence[str], print_pdf: PrintPdf | None = None) -> int:
    """Do what the arguments of `lesson` say.

    Parameters
    ----------
    argv : sequence of str
        Those after ``lesson``.
    print_pdf : callable, optional
        See `PrintPdf`.

    Returns
    -------
    int
        The exit status.

    Raises
    ------
    SystemExit
        With 2 where the arguments make no sense, with 0 after ``--help``.
    """
    arguments = parser()
    options = arguments.parse_args(argv)
    if str(options.lessons[0]) == "new" and not Path("new", "lesson.md").exists():
        if len(options.lessons) != 2:
            arguments.error("new needs one NAME")
        return _begin(options.lessons[1])
    printing = options.worksheet or options.derivation
    if printing and len(options.lessons) > 1:
        arguments.error("one lesson is printed at a time")
    if options.solution and not options.worksheet:
        arguments.error("--solution goes with --worksheet")
    if (options.select or options.experiment or options.step != 1) and not options.derivation:
        arguments.error("--select, --experiment and --step go with --derivation")
    if (
        any(p and p.suffix.lower() == ".pdf" for p in (options.worksheet, options.derivation))
        and not print_pdf
    ):
        arguments.error("PDF is printed by backprop-lab, not by the engine alone; write .html")
    try:
        folders = [open_lesson(path) for path in options.lessons]
        if options.check or not printing:
            return _check(folders, options)
        return _print(folders[0], options, print_pdf)
    except EngineError as error:
        return _refuse(error, options)


def _begin(path: Path) -> int:
    try:
        print(write_new(path))
    except EngineError as error:
        print(f"backprop-lab: {error}", file=sys.stderr)
        return BAD_INPUT
    return OK


# -- checking ----------------------------------------------------------------------------------------------


def _check(folders: Sequence[Folder], options: argparse.Namespace) -> int:
    found: list[tuple[str, EngineError]] = []
    for folder in folders:
        found += [(folder.name, problem) for problem in check(folder)]
    if len(folders) > 1:
        found += [("", problem) for problem in check_together(folders)]
    if options.json:
        print(json.dumps({"lessons": len(folders), "problems": [_plain(*each) for each in found]}))
    else:
        for name, problem in found:
            print(_told(name, problem))
        if not found:
            print("\n".join(_summary(folder) for folder in folders))
    return BAD_INPUT if found else OK


def _told(name: str, problem: EngineError) -> str:
    """A problem as compilers tell it, so that editors find the place."""
    file, line, column = (problem.details.get(key) for key in ("file", "line", "column"))
    where = "/".join(part for part in (name, str(file or "")) if part)
    place = f"{where}:{line}:{column}: " if line else f"{where}: "
    said = str(problem)
    return place + said.removeprefix(f"Line {line}, column {column}: ")


def _plain(name: str, problem: EngineError) -> dict[str, Any]:
    return {
        "lesson": name,
        "file": problem.details.get("file"),
        "line": problem.details.get("line"),
        "column": problem.details.get("column"),
        "kind": problem.kind,
        "message": problem.message,
        "mend": problem.mend,
    }


def _summary(folder: Folder) -> str:
    lesson = read_lesson(folder)
    languages = ", ".join([lesson.language, *folder.translations])
    told = f"{lesson.minutes} min, {len(lesson.questions)} questions, {languages}"
    return f"{folder.name}: {lesson.title} ({told}): nothing is wrong"


# -- paper -------------------------------------------------------------------------------------------------


def _print(folder: Folder, options: argparse.Namespace, print_pdf: PrintPdf | None) -> int:
    lesson = read_lesson(folder, options.language or "")
    keys, say = Keys(lesson, folder, options.seed), speaking(options.language or lesson.language)
    if options.worksheet:
        _write(worksheet(keys, say, options.solution), options.worksheet, options.paper, print_pdf)
    if options.derivation:
        name = options.experiment or lesson.experiment
        networks = [n for n, setup in lesson.experiments.items() if not setup.is_formula]
        if name not in networks:
            print(f"backprop-lab: --experiment: {name} is not one of {', '.join(networks)}", file=sys.stderr)
            return USAGE
        page = printed_derivation(keys, name, options.step, options.select, say)
        sheet = Worksheet(lesson.title, lesson.language, (page,))
        _write(sheet, options.derivation, options.paper, print_pdf)
    return OK


def _write(sheet: Worksheet, path: Path, paper: PaperSize, print_pdf: PrintPdf | None) -> None:
    if path.suffix.lower() == ".pdf":
        assert print_pdf is not None
        print_pdf(sheet.sheets, path, paper)
    else:
        write_text(path, as_html(sheet.sheets, sheet.title, sheet.language, paper))
    print(path)


def _refuse(error: EngineError, options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps({"lessons": len(options.lessons), "problems": [_plain("", error)]}))
    print(f"backprop-lab: {_told('', error).lstrip(': ')}", file=sys.stderr)
    return BAD_INPUT
