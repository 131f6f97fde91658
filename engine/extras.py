"""Packages that single features need, and the command that installs them into the Python that runs this."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Extra:
    """A package that a plain installation leaves out.

    Attributes
    ----------
    name : str
        Of the optional dependencies in ``pyproject.toml``, and what ``run.py --with`` takes.
    package : str
        What pip calls it.
    module : str
        What Python calls it.
    format : str
        The kind of file that needs it.
    megabytes : int
        That the network brings, about.
    """

    name: str
    package: str
    module: str
    format: str
    megabytes: int

    @property
    def details(self) -> dict[str, str]:
        """What an error says that misses it."""
        return {
            "extra": self.name,
            "format": self.format,
            "package": self.package,
            "command": shown_command(self),
        }


EXTRAS = {
    extra.name: extra
    for extra in (
        Extra("parquet", "pyarrow", "pyarrow", "Parquet", 50),
        Extra("onnx", "onnx", "onnx", "ONNX", 25),
        Extra("gif", "pillow", "PIL", "GIF", 7),
    )
}


def installing_command(extra: Extra) -> list[str]:
    """The command that installs a package here; empty where nothing can.

    Where ``run.py`` made the environment, it is asked, as it keeps a list of what has been added. A folder
    made by PyInstaller holds all that it will ever have.
    """
    if getattr(sys, "frozen", False):
        return []
    script = _run_script()
    if script is not None:
        return [sys.executable, str(script), "--with", extra.name]
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", extra.package]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable, extra.package]
    return []


def shown_command(extra: Extra) -> str:
    """The same as a person types it, in the folder that they are in."""
    command = installing_command(extra) or ["pip", "install", extra.package]
    script = _run_script()
    if script is not None:
        python = "py" if sys.platform == "win32" else "python3"
        try:
            named = "run.py" if script.parent == Path.cwd() else str(script)
        except OSError:  # the folder has gone
            named = str(script)
        command = [python, named, *command[2:]]
    return " ".join(map(_quoted, command))


def _quoted(word: str) -> str:
    if sys.platform == "win32":
        return f'"{word}"' if " " in word else word
    return shlex.quote(word)


def _run_script() -> Path | None:
    """``run.py`` where it made the environment of this Python: it leaves its notes in it."""
    script = Path(sys.prefix).parent / "run.py"
    noted = (Path(sys.prefix) / "backprop-lab.json").is_file()
    return script if noted and script.is_file() else None
