"""Matrix calculus: the gradient of a number by every matrix it is made of, rule by rule.

`parse_matrices` reads a text; a `MatrixGraph` is it with numbers put in.
"""

from __future__ import annotations

from engine.explain.matrices.formula import MatrixFormula, parse_matrices
from engine.explain.matrices.graph import MatrixGraph, MatrixStep, shape_text
from engine.explain.matrices.presets import MATRIX_PRESETS, MatrixPreset
from engine.explain.matrices.scalars import TooManyEntriesError, entry_name, scalars

__all__ = [
    "MATRIX_PRESETS",
    "MatrixFormula",
    "MatrixGraph",
    "MatrixPreset",
    "MatrixStep",
    "TooManyEntriesError",
    "entry_name",
    "parse_matrices",
    "scalars",
    "shape_text",
]
