r"""A derivative worked out on paper: Markdown with LaTeX between dollar signs; the same as LaTeX or HTML.

Everything that a formula names is defined on the page: values at the point first, then each line with its
rules, then all put together.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from engine.digits import latex as number
from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.expression.graph import Graph
from engine.explain.expression.latex import name_latex
from engine.explain.expression.rules import WorkedLine, Working, work_out
from engine.explain.matrices.graph import MatrixGraph
from engine.markdown import as_text

Translate = Callable[[str], str]


def _same(text: str) -> str:
    return text


def working_page(graph: Graph, by: str, translate: Translate = _same, forward: bool = False) -> str:
    """Write the working of d output / d `by` down.

    Parameters
    ----------
    graph : Graph
    by : str
    translate : callable
        Turns the English templates (contexts ``working`` and ``rules``) into another language.
    forward : bool
        Steps from the inside out, as forward mode takes them; else from the outside in.

    Raises
    ------
    KeyError
        A name that was not given a value.
    TooLargeError
        A formula that nobody would read the derivative of.
    """
    working = work_out(graph, by)
    output = name_latex(graph.formula.output_name)
    title = QT_TRANSLATE_NOOP("working", "The derivative by {name}, worked out")
    lines = ["# " + translate(title).format(name=as_text(by)), ""]
    lines += [translate(QT_TRANSLATE_NOOP("working", "The function, at this point:")), ""]
    lines += [f"$${line}$$" for line in graph.latex_lines]
    lines += [""]
    lines += [f"$${name_latex(name)} = {number(value, 6)}$$" for name, value in graph.given.items()]
    lines += [
        f"$${name_latex(name)} = {number(graph.values[i], 6)}$$" for name, i in graph.formula.lines.items()
    ]
    if graph.formula.output_name not in graph.formula.lines:
        lines += [f"$${output} = {number(graph.value, 6)}$$"]
    lines += [""]
    ordered = working.lines if forward else working.lines[::-1]
    for line in ordered:
        lines += _line(working, line, translate, forward)
    result = working.ratio(graph.formula.output_name)
    if working.whole is not None and len(working.lines) > 1:
        whole = QT_TRANSLATE_NOOP("working", "With all lines put in")
        lines += [f"## {translate(whole)}", "", f"$${result} = {working.latex(working.whole)}$$", ""]
    lines += [f"$${result} = {number(working.partial, 6)}$$", ""]
    if len(graph.formula.variables) <= 6:
        lines += _seconds(graph, translate)
    return "\n".join(lines).rstrip() + "\n"


def _line(working: Working, line: WorkedLine, translate: Translate, forward: bool) -> list[str]:
    ratio = working.ratio(line.name)
    title = QT_TRANSLATE_NOOP("working", "{name} derived by {variable}")
    written = [
        "## " + translate(title).format(name=as_text(line.name), variable=as_text(line.by)),
        "",
        f"$${name_latex(line.name)} = {working.latex(line.function)}$$",
        "",
    ]
    steps = line.step.inside_out() if forward else line.step.outside_in()
    for step in steps:
        result = step.worked_out if forward else step.result
        formula = _with_value(working.equation(step, result), number(working.value(step.result), 6))
        written += [
            f"{step.number}. {_rule(step.title, step.reason, translate)}",
            "",
            f"   $${formula}$$",
            "",
        ]
    for simpler in line.seen:
        said = translate(QT_TRANSLATE_NOOP("working", "{step}:")).format(step=translate(simpler.title))
        written += [said, "", f"$${ratio} = {working.latex(simpler.result)}$$", ""]
    value = number(working.rates[line.name, line.by], 6)
    return [*written, f"$${_with_value(f'{ratio} = {working.latex(line.result)}', value)}$$", ""]


def _rule(title: str, reason: str, translate: Translate) -> str:
    template = translate(QT_TRANSLATE_NOOP("working", "**{rule}**: {reason}"))
    return template.format(rule=translate(title), reason=translate(reason))


def _with_value(equation: str, value: str) -> str:
    """Return an equation with its value, once."""
    return equation if equation.endswith(f"= {value}") else f"{equation} = {value}"


def _seconds(graph: Graph, translate: Translate) -> list[str]:
    names = list(graph.formula.variables)
    hessian = graph.hessian(*names)
    title = QT_TRANSLATE_NOOP("working", "Second derivatives")
    rows = r" \\ ".join(" & ".join(number(float(value), 6) for value in row) for row in hessian)
    variables = ", ".join(map(name_latex, names))
    return [
        f"## {translate(title)}",
        "",
        rf"$$H\left({variables}\right) = \begin{{pmatrix}} {rows} \end{{pmatrix}}$$",
        "",
    ]


def matrix_page(graph: MatrixGraph, translate: Translate = _same) -> str:
    """Write the gradients of a formula in matrix notation down, rule by rule."""
    formula, writer = graph.formula, graph.writer
    title = QT_TRANSLATE_NOOP("working", "Gradients in matrix form, worked out")
    ones = QT_TRANSLATE_NOOP("working", "A 1 with an arrow is a vector of ones, of the length that fits.")
    lines = [f"# {translate(title)}", ""]
    lines += [f"$${line}$$" for line in writer.lines()]
    lines += ["", translate(ones), ""]
    for name, index in formula.variables.items():
        lines += [f"$${writer.symbol(index)} = {_matrix(graph.values[index])}$$" if name else ""]
    lines += ["", "## " + translate(QT_TRANSLATE_NOOP("working", "Backward, rule by rule")), ""]
    for count, step in enumerate(graph.steps, start=1):
        shares = sum(other.source == step.source for other in graph.steps)
        sign = "=" if shares == 1 else r"\leftarrow"
        lines += [
            f"{count}. {_rule(step.title, step.reason, translate)}",
            "",
            f"   $${writer.derivative(step.source)} {sign} {step.latex}$$",
            "",
        ]
    lines += ["## " + translate(QT_TRANSLATE_NOOP("working", "Gradients")), ""]
    for name, index in {**formula.lines, **formula.variables}.items():
        if index != formula.output:
            value = _matrix(graph.partials[name])
            lines += [f"$${writer.derivative(index)} = {graph.gradient_latex(name)} = {value}$$", ""]
    return "\n".join(lines).rstrip() + "\n"


def _matrix(values: object) -> str:
    rows = values.tolist()  # type: ignore[attr-defined]
    body = r" \\ ".join(" & ".join(number(value) for value in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


class Block(NamedTuple):
    """A piece of a page: its kind (``title``, ``heading``, ``formula`` or ``text``) and what it says."""

    kind: str
    text: str


def blocks(page: str) -> list[Block]:
    """Take a page in Markdown apart, for what sets it in another form."""
    found = []
    for line in page.splitlines():
        if display := _DISPLAY.match(line):
            found.append(Block("formula", display[1]))
        elif line.startswith("# "):
            found.append(Block("title", line[2:].replace("\\", "")))
        elif line.startswith("## "):
            found.append(Block("heading", line[3:].replace("\\", "")))
        elif line.strip():
            found.append(Block("text", line.strip()))
    return found


_DISPLAY = re.compile(r"^\s*\$\$(.*)\$\$$")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "\u2212": "$-$", "·": r"$\cdot$", "′": "$'$"}
_SPECIAL |= {"²": r"\textsuperscript{2}", "ⁿ": r"\textsuperscript{n}", "⁻": r"\textsuperscript{-}"}
_SPECIAL |= {"¹": r"\textsuperscript{1}", "ᵘ": r"\textsuperscript{u}", "ᵍ": r"\textsuperscript{g}"}


def as_latex(page: str) -> str:
    """Return a page in Markdown as a LaTeX file that stands alone; XeLaTeX or LuaLaTeX set Chinese, too."""
    forms = {
        "title": r"\section*{%s}",
        "heading": r"\subsection*{%s}",
        "formula": r"\[ %s \]",
        "text": "\n%s\n",
    }
    body = []
    for kind, text in blocks(page):
        said = text if kind == "formula" else _STRONG.sub(r"\\textbf{\1}", _escaped(text))
        body.append(forms.get(kind, "\n%s\n") % said)
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in page)
    return "\n".join(
        (
            r"\documentclass{article}",
            r"\usepackage{amsmath, amssymb}",
            *([r"\usepackage{ctex}"] if chinese else [r"\usepackage[T1]{fontenc}"]),
            r"\begin{document}",
            *body,
            r"\end{document}",
            "",
        )
    )


def as_html(page: str) -> str:
    """Return a page in Markdown as HTML that stands alone, its formulas in MathML as browsers set it."""
    import latex2mathml.converter

    forms = {"title": "<h1>%s</h1>", "heading": "<h2>%s</h2>", "formula": "%s", "text": "<p>%s</p>"}
    body, title = [], ""
    for kind, text in blocks(page):
        if kind == "formula":
            body.append(latex2mathml.converter.convert(text, display="block"))
            continue
        said = html.escape(text, quote=False)
        title = title or said
        body.append(forms[kind] % _STRONG.sub(r"<strong>\1</strong>", said))
    style = "body { max-width: 50em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 sans-serif; }"
    return "\n".join(
        (
            "<!doctype html>",
            f'<html><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head><body>',
            *body,
            "</body></html>",
            "",
        )
    )


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text.replace("\\", ""))
