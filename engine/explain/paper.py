r"""Pages in Markdown with LaTeX between dollar signs, as workings and derivations are, in other forms.

`blocks` and `runs` take a page apart, for whatever sets it; `as_latex` and `as_html` are files that stand
alone. What stands in a page as text (names from data, above all) is text in every form: nothing in it is
an order.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple


class Block(NamedTuple):
    """A piece of a page.

    Attributes
    ----------
    kind : str
        ``title``, ``heading``, ``subheading``, ``formula``, ``text`` or ``table``.
    text : str
        What it says; empty for a table.
    rows : tuple of tuple of str
        The cells of a table, the header first.
    """

    kind: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


class Run(NamedTuple):
    """A stretch of a text: words, which may be strong, or a formula."""

    text: str
    is_formula: bool = False
    is_strong: bool = False


_DISPLAY = re.compile(r"^\s*\$\$(.*)\$\$$")
_HEADINGS = (("# ", "title"), ("## ", "heading"), ("### ", "subheading"))
_FORMULA = r"\$(?:[^$\\]|\\.)+\$"
_CELL = re.compile(rf"((?:{_FORMULA}|\\.|[^|\\])*)\|")
_RUN = re.compile(rf"(?P<formula>{_FORMULA})|\*\*(?P<strong>(?:\\.|[^*\\])+)\*\*|(?P<plain>\\.|.)")
_ESCAPED = re.compile(r"\\(.)")


def blocks(page: str) -> list[Block]:
    """Take a page apart."""
    found: list[Block] = []
    for line in page.splitlines():
        heading = next((kind for mark, kind in _HEADINGS if line.startswith(mark)), "")
        if display := _DISPLAY.match(line):
            found.append(Block("formula", display[1].strip()))
        elif heading:
            found.append(Block(heading, line.split(" ", 1)[1]))
        elif line.startswith("| "):
            cells = tuple(cell.strip() for cell in _CELL.findall(line[1:]))
            if found and found[-1].kind == "table":
                if not re.fullmatch(r"[-:|\s]+", line):
                    found[-1] = found[-1]._replace(rows=(*found[-1].rows, cells))
            else:
                found.append(Block("table", "", (cells,)))
        elif line.strip():
            found.append(Block("text", line.strip()))
        elif found and found[-1].kind == "table":
            found.append(Block("text", ""))
    return [block for block in found if block.text or block.rows]


def runs(text: str) -> list[Run]:
    """Take a text apart into words and formulas."""
    found: list[Run] = []
    for match in _RUN.finditer(text):
        if formula := match["formula"]:
            found.append(Run(formula[1:-1], is_formula=True))
            continue
        strong = match["strong"]
        run = Run(_ESCAPED.sub(r"\1", strong or match["plain"]), is_strong=strong is not None)
        if found and not found[-1].is_formula and found[-1].is_strong == run.is_strong:
            run = run._replace(text=found.pop().text + run.text)
        found.append(run)
    return found


def sides(formula: str) -> list[str]:
    """The sides of an equation: what stands between its own equals signs."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r"\\left|\\begin|\\right|\\end|\\.|[{}]| = ", formula):
        token = match[0]
        if token in ("{", r"\left", r"\begin"):
            depth += 1
        elif token in ("}", r"\right", r"\end"):
            depth -= 1
        elif token == " = " and depth == 0:
            found.append(formula[start : match.start()])
            start = match.end()
    return [*found, formula[start:]]


# -- LaTeX -----------------------------------------------------------------------------------------

_SPECIAL = {letter: f"\\{letter}" for letter in "&%#_${}"} | {"\\": r"\textbackslash{}"}
_SPECIAL |= {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
_SPECIAL |= {"\u2212": "$-$", "·": r"$\cdot$", "′": "$'$", "²": r"\textsuperscript{2}"}
_SPECIAL |= {"ⁿ": r"\textsuperscript{n}", "⁻": r"\textsuperscript{-}", "¹": r"\textsuperscript{1}"}
_SPECIAL |= {"ᵘ": r"\textsuperscript{u}", "ᵍ": r"\textsuperscript{g}"}
LONG = 100
"""Letters of a formula from which its sides get lines of their own."""


def as_latex(page: str) -> str:
    """Return a page in Markdown as a LaTeX file that stands alone; XeLaTeX or LuaLaTeX set Chinese, too."""
    forms = {"title": r"\section*{%s}", "heading": r"\subsection*{%s}", "subheading": r"\subsubsection*{%s}"}
    body = []
    for kind, text, rows in blocks(page):
        if kind == "formula":
            body.append(rf"\[ {_in_lines(text)} \]")
        elif kind == "table":
            lines = [" & ".join(map(_latex_text, row)) + r" \\" for row in rows]
            columns = "l" + "r" * (len(rows[0]) - 1)
            body += [r"\begin{center}", rf"\begin{{tabular}}{{{columns}}}", lines[0], r"\hline", *lines[1:]]
            body += [r"\end{tabular}", r"\end{center}"]
        else:
            body.append(forms.get(kind, "\n%s\n").replace("%s", _latex_text(text)))
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


def _in_lines(formula: str) -> str:
    parts = sides(formula)
    if len(formula) < LONG or len(parts) < 3:
        return formula
    first, *others = parts
    lines = [rf"{first} &= {others[0]}", *(f"&= {other}" for other in others[1:])]
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _latex_text(text: str) -> str:
    said = ""
    for run in runs(text):
        if run.is_formula:
            said += f"${run.text}$"
        else:
            plain = "".join(_SPECIAL.get(letter, letter) for letter in run.text)
            said += rf"\textbf{{{plain}}}" if run.is_strong else plain
    return said


# -- HTML ------------------------------------------------------------------------------------------

_STYLE = """body { max-width: 60em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 sans-serif; }
math[display=block] { overflow-x: auto; overflow-y: hidden; margin: 0.6em 0; }
table { border-collapse: collapse; margin: 0.6em 0; }
th, td { padding: 0.1em 0.8em; text-align: right; border-bottom: 1px solid #ccc; }
th:first-child, td:first-child { text-align: left; }"""


def as_html(page: str) -> str:
    """Return a page in Markdown as HTML that stands alone, its formulas in MathML as browsers set it."""
    tags = {"title": "h1", "heading": "h2", "subheading": "h3", "text": "p"}
    body, title = [], ""
    for kind, text, rows in blocks(page):
        if kind == "formula":
            body.append(_mathml(text, "block"))
        elif kind == "table":
            body += [
                "<table>",
                *(_html_row(row, "td" if i else "th") for i, row in enumerate(rows)),
                "</table>",
            ]
        else:
            said = _html_text(text)
            title = title or html.escape("".join(run.text for run in runs(text)))
            body.append(f"<{tags[kind]}>{said}</{tags[kind]}>")
    return "\n".join(
        (
            "<!doctype html>",
            f'<html><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head><body>',
            *body,
            "</body></html>",
            "",
        )
    )


def _html_row(row: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_html_text(cell)}</{tag}>" for cell in row) + "</tr>"


def _html_text(text: str) -> str:
    said = ""
    for run in runs(text):
        if run.is_formula:
            said += _mathml(run.text, "inline")
        else:
            plain = html.escape(run.text, quote=False)
            said += f"<strong>{plain}</strong>" if run.is_strong else plain
    return said


def _mathml(formula: str, display: str) -> str:
    import latex2mathml.converter

    try:
        made: str = latex2mathml.converter.convert(formula, display=display)
    except Exception:  # noqa: BLE001 - a name that is no LaTeX is shown as it is
        return f"<code>{html.escape(formula)}</code>"
    return made
