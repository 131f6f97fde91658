"""How nodes are written as plain text: their symbol, and what they do with what comes in."""

from __future__ import annotations

import re

from engine.explain.expression import Formula, Graph
from engine.explain.expression.latex import name_plain
from engine.explain.expression.operations import CONSTANTS
from gui.text.numbers import MINUS, full, short

ARROW = "\u2009→\u2009"
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_LONGEST = 8
"""Characters of a number that is written out."""
_SIGNS = {"add": "+", "subtract": MINUS, "multiply": "×", "divide": "÷", "power": "^"}
_NUMBERED = re.compile(r"(\w|\\nu)_\{(\d+)\}")


def symbol(graph: Graph, index: int) -> str:
    """A node's name as it was typed, or v with a number."""
    formula = graph.formula
    if name := formula.terms[index].name:
        return name_plain(name)
    if index == formula.output:
        return name_plain(formula.output_name)
    match = _NUMBERED.fullmatch(graph.writer.symbol(index))
    assert match is not None
    return match[1].replace(r"\nu", "ν") + match[2].translate(_SUBSCRIPT)


def operation(formula: Formula, index: int, values: tuple[float, ...]) -> str:
    """What a node does with the lines that enter it: ``×``, ``+ 1``, ``sin``; nothing for a variable.

    What depends on no variable is part of it.
    """
    term = formula.terms[index]
    if not term.operands:
        return "" if term.op == "variable" else _constant(formula, index, values)
    parts = ["" if formula.active[j] else _constant(formula, j, values) for j in term.operands]
    if term.op in _SIGNS:
        return f"{parts[0]} {_SIGNS[term.op]} {parts[1]}".strip()
    if term.op == "negate":
        return f"{MINUS}{parts[0]}"
    if term.op == "same":
        return f"= {parts[0]}".strip()
    fixed = ", ".join(filter(None, parts))
    return f"{term.op}({fixed})" if fixed else term.op


def _constant(formula: Formula, index: int, values: tuple[float, ...]) -> str:
    term = formula.terms[index]
    if term.name:
        return name_plain(term.name)
    if not term.literal:
        return short(values[index])
    if term.literal in CONSTANTS:
        return term.literal
    exact = full(values[index])
    return exact if len(exact) <= _LONGEST else short(values[index])


def path_text(graph: Graph, nodes: tuple[int, ...]) -> str:
    """The way from a variable to the output: x → u → y."""
    return ARROW.join(symbol(graph, i) for i in nodes)
