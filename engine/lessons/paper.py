"""A page of Markdown with LaTeX as HTML that stands alone, its formulas as browsers set them; no Qt."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from markdown_it import MarkdownIt

PaperSize = Literal["A4", "Letter"]
PAPERS: tuple[PaperSize, ...] = ("A4", "Letter")

OPENS, CLOSES = "\ue000", "\ue001"
"""Around the number of a formula that is yet to be set in a text."""

_CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
_FORMULA = re.compile(r"\$\$(?P<display>.+?)\$\$|(?<!\\)\$(?P<inline>[^$\n]+?)(?<!\\)\$", re.DOTALL)
_HELD = re.compile(f"{OPENS}(\\d+){CLOSES}")

STYLE = """\
@page { size: %s; margin: 18mm 17mm; }
body { max-width: 46em; margin: 2em auto; padding: 0 1em; color: #111; background: #fff;
  font: 15px/1.5 "DejaVu Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
h1 { font-size: 1.5em; margin: 0 0 .6em; } h2 { font-size: 1.2em; margin: 1.4em 0 .4em; }
h3 { font-size: 1.05em; margin: 1.1em 0 .3em; }
table { border-collapse: collapse; margin: .6em 0; } td, th { padding: .15em .7em; border: 1px solid #999; }
th { background: #eee; } math[display="block"] { margin: .5em 0; text-align: left; overflow-x: auto; }
.sheet + .sheet { margin-top: 4em; border-top: 1px dashed #999; padding-top: 2em; }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; }
  .sheet + .sheet { break-before: page; margin: 0; border: 0; padding: 0; }
  h1, h2, h3 { break-after: avoid; } table, math { break-inside: avoid; } }
"""


def formulas_held(page: str) -> tuple[str, list[tuple[str, bool]]]:
    """A page with its formulas held back: what is left, and each formula with whether it has its own line."""
    formulas: list[tuple[str, bool]] = []

    def hold(match: re.Match[str]) -> str:
        display = match["display"] is not None
        formulas.append(((match["display"] or match["inline"]).strip(), display))
        return f"{OPENS}{len(formulas) - 1}{CLOSES}"

    page = page.replace(OPENS, "").replace(CLOSES, "")
    parts = _CODE.split(page)
    return "".join(part if i % 2 else _FORMULA.sub(hold, part) for i, part in enumerate(parts)), formulas


def body_of(page: str, formula: Callable[[str, bool], str]) -> str:
    """The HTML of a page.

    Parameters
    ----------
    page : str
        Markdown; formulas between dollar signs. HTML in it is shown as text.
    formula : callable
        Makes HTML of a formula in LaTeX, and of whether it has its own line.
    """
    text, formulas = formulas_held(page)
    body: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return _HELD.sub(lambda match: formula(*formulas[int(match[1])]), body)


def formulas_in(page: str) -> Iterator[tuple[str, int]]:
    """The formulas of a page, and where each begins."""
    at = 0
    for index, part in enumerate(_CODE.split(page)):
        if index % 2 == 0:
            for match in _FORMULA.finditer(part):
                yield match["display"] or match["inline"], at + match.start()
        at += len(part)


def mathml(latex: str, display: bool) -> str:
    """A formula as MathML; as it was typed where it cannot be read."""
    return _converted(latex, display) or f"<code>{html.escape(latex)}</code>"


def is_formula(latex: str) -> bool:
    """Whether a formula can be read."""
    return bool(_converted(latex, False))


def _converted(latex: str, display: bool) -> str:
    import latex2mathml.converter

    try:
        return str(latex2mathml.converter.convert(latex, display="block" if display else "inline"))
    except Exception:  # of a formula that an author typed; the package raises a dozen types
        return ""


def as_html(sheets: Sequence[str], title: str, language: str = "en", size: PaperSize = "A4") -> str:
    """Sheets of Markdown as one HTML file, each to be printed on pages of its own."""
    bodies = [f'<div class="sheet">\n{body_of(sheet, mathml)}</div>' for sheet in sheets]
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE % size}</style>'
    code = language.replace("_", "-")
    return (
        f'<!doctype html>\n<html lang="{code}"><head>{head}</head><body>\n'
        + "\n".join(bodies)
        + "\n</body></html>\n"
    )
