"""A session as a Jupyter notebook: the NumPy script in cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.files.atomic import Where
from engine.files.export_numpy import numpy_sections
from engine.files.script import NEXT_STEPS, Facts, Section, modules_of, quoted, save
from engine.files.session import Session
from engine.markdown import as_text


def export_notebook(session: Session, path: Where) -> tuple[Path, ...]:
    """Write a notebook of the script that `export_numpy` writes, a section a cell.

    Its last cell trains on; run again, it goes on from there.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    SessionError
        ``cannot_write``.
    """
    facts = Facts(session)
    title = f"Train on for {NEXT_STEPS} steps; run it again, and training goes on from there"
    sections = [*numpy_sections(facts), Section(title, f"train({NEXT_STEPS})")]
    modules = [f"import {module}" for module in modules_of(sections)]
    start = [*modules, "", "import numpy as np"] if modules else ["import numpy as np"]
    if not facts.numbers.embedded:
        start += ["", f"NUMBERS = {quoted(Path(path).with_suffix('.numbers.npz').name)}"]
    intro = (
        f"# {as_text(facts.headline)}\n\nRun all cells: the last trains on for {NEXT_STEPS} steps and prints "
        "the loss of each. Run that one again, and it goes on from there. Then `predict(raw_rows)` is for "
        "further rows, and `save` and `load` keep the weights. It needs NumPy."
    )
    cells = [_text(intro), _code("\n".join(start))]
    for section in sections:
        cells += [_text(f"## {as_text(section.title)}"), _code(section.code.strip("\n"))]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return save(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", facts.numbers)


def _text(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }
