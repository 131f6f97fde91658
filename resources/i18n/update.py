"""Bring the translations up to date: collect the texts of the sources, then compile what is translated.

    python resources/i18n/update.py

Texts that have no translation yet are left ``unfinished`` in the .ts file, for a person to fill in;
those that are gone from the sources are dropped. The texts are English already; what ``en.ts`` has are the
forms of those that count something, as in "1 step" and "2 steps".
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))  # as a script it may be run without an installation

from resources import LANGUAGES  # noqa: E402

TRANSLATED = tuple(code for code in LANGUAGES if code != "en")


COUNTED = "en"
"""The language of the sources, of which only the forms of texts that count are written down."""


def sources() -> list[Path]:
    """The Python files that people's texts come from."""
    return sorted(path for folder in ("engine", "gui") for path in (ROOT / folder).rglob("*.py"))


def collect(ts: Path) -> None:
    """Write the texts of all sources into a .ts file, keeping the translations it has."""
    command = [tool("lupdate"), *map(str, sources()), "-no-obsolete", "-locations", "none"]
    command += ["-pluralonly"] * (ts.stem == COUNTED)
    command += ["-source-language", "en", "-target-language", ts.stem, "-ts", str(ts)]
    subprocess.run(command, check=True, capture_output=True)


def compile_(ts: Path, qm: Path) -> None:
    """Compile a .ts file to the .qm file that the program loads."""
    subprocess.run([tool("lrelease"), str(ts), "-qm", str(qm)], check=True, capture_output=True)


def tool(name: str) -> str:
    """Path of one of Qt's translation tools, which come with PySide6."""
    return str(Path(sys.executable).with_name(f"pyside6-{name}"))


if __name__ == "__main__":
    for language in (COUNTED, *TRANSLATED):
        collect(HERE / f"{language}.ts")
        compile_(HERE / f"{language}.ts", HERE / f"{language}.qm")
