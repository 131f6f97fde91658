"""A session as a Jupyter notebook: the NumPy script in cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.files.atomic import Where
from engine.files.export_numpy import numpy_sections
from engine.files.script import NEXT_STEPS, Facts, save
from engine.files.session import Session
from engine.markdown import as_text


def export_notebook(session: Session, path: Where) -> tuple[Path, ...]:
    """Write a notebook of the script that `export_numpy` writes, a section a cell.

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
    sections = numpy_sections(facts, str(NEXT_STEPS))
    used = [m for m in ("datetime", "math") if any(f"{m}." in section.code for section in sections)]
    modules = [f"import {module}" for module in used]
    start = [*modules, "", "import numpy as np"] if modules else ["import numpy as np"]
    if not facts.numbers.embedded:
        start += ["", f"NUMBERS = {Path(path).with_suffix('.npz').name!r}"]
    intro = (
        f"# {as_text(facts.headline)}\n\nRun all cells: the last makes the next {NEXT_STEPS} steps and "
        "prints the loss of each; `predict` is for further rows. It needs NumPy."
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
