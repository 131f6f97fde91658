r"""A derivative worked out on paper: Markdown with LaTeX between dollar signs.

Everything that a formula names is defined on the page: values at the point first, then each line with its
rules, then all put together.
"""

from __future__ import annotations

from collections.abc import Callable

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
