"""An experiment alone, as TOML that people read and write by hand."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from engine.data.source import open_file
from engine.digits import size_text
from engine.errors import ExperimentError, SessionError
from engine.experiment import Experiment
from engine.files.atomic import Where, write_text
from engine.settings import around

MAX_BYTES = 1 << 20

_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w.-]+)\s*=")
_INSIDE = re.compile(r"[\[\]{}]|([\w.-]+)\s*=")


def write_experiment(experiment: Experiment, path: Where) -> None:
    """Write an experiment to a file, whole or not at all; raises `SessionError`."""
    write_text(path, experiment.to_toml())


def read_experiment(path: Where) -> Experiment:
    """Read an experiment from a file.

    Raises
    ------
    SessionError
        ``cannot_read``, ``not_text`` or ``file_too_large``.
    ExperimentError
        As `Experiment.from_toml`, with ``file`` and, where it is known, ``line`` in its details.
    """
    file = Path(path)
    text = _text(file)
    try:
        return Experiment.from_toml(text)
    except ExperimentError as error:
        raise _placed(error, file.name, text) from None
    except (ValueError, RecursionError) as error:  # a number too long, brackets too deep
        raise ExperimentError("bad_toml", field="", reason=str(error), file=file.name, line=None) from None


def placed(error: ExperimentError, path: Where) -> ExperimentError:
    """`error` with the file and line of the setting it is about, in an experiment that was read."""
    return _placed(error, Path(path).name, _text(Path(path)))


def _placed(error: ExperimentError, name: str, text: str) -> ExperimentError:
    line = line_of(text, error.field)
    if error.kind == "bad_toml" and (found := re.search(r"at line (\d+)", error.details["reason"])):
        line = int(found[1])
    return ExperimentError(error.kind, **{**error.details, "file": name, "line": line})


def _text(file: Path) -> str:
    try:
        with open_file(file) as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SessionError("cannot_read", name=file.name, reason=error.strerror or str(error)) from None
    if len(content) > MAX_BYTES:
        size = size_text(file.stat().st_size)
        raise SessionError("file_too_large", name=file.name, size=size, limit=size_text(MAX_BYTES))
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SessionError("not_text", name=file.name) from None


def line_of(text: str, field: str) -> int | None:
    """The line of a TOML text, from 1, that gives a setting or the nearest table around it.

    Parameters
    ----------
    field : str
        A path such as ``layers[1].units`` or ``optimizer.beta1``.
    """
    lines: dict[str, int] = {}
    counts: Counter[str] = Counter()
    table = key = element = ""
    depth = 0

    def note(path: str, number: int) -> None:
        path = path.strip(".")
        while path:
            lines.setdefault(path, number)
            path = around(path)

    for number, full in enumerate(text.splitlines(), 1):
        line = _STRING_OR_COMMENT.sub("", full)
        if depth == 0 and (header := _HEADER.match(line)):
            first, _, rest = header[2].partition(".")
            if header[1] == "[[":
                table = f"{header[2]}[{counts[header[2]]}]"
                counts[header[2]] += 1
            else:
                table = f"{first}[{counts[first] - 1}].{rest}" if counts[first] else header[2]
            note(table, number)
            continue
        if depth == 0 and (start := _KEY.match(line)):
            key = f"{table}.{start[1]}"
            note(key, number)
        for token in _INSIDE.finditer(line):
            if token[0] in ("[", "{"):
                if token[0] == "{" and depth == 0:
                    element = key
                elif token[0] == "{" and depth == 1:
                    element = f"{key}[{counts[key]}]"
                    counts[key] += 1
                    note(element, number)
                depth += 1
            elif token[0] in ("]", "}"):
                depth -= 1
            elif depth:
                note(f"{element}.{token[1]}", number)
    path = field
    while path and path not in lines:
        path = around(path)
    return lines.get(path)
