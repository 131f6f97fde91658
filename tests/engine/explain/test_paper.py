"""A page in its other forms: everything of it is there, and names are text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.explain.derivation import derivation
from engine.explain.paper import Run, as_html, as_latex, blocks, runs, sides

NAMES = (
    "<script>alert(1)</script>",
    r"\input{/etc/passwd} \end{document}",
    "$x$ % & # _ ^ ~ {a}",
    "**b** | `c`",
    "two\nlines",
    'it\'s "both"',
)


@pytest.fixture(scope="module")
def page() -> str:
    """A derivation with names that are orders elsewhere."""
    rng = np.random.default_rng(1)
    targets = np.eye(6)[[0, 1, 2, 3, 4, 5, 0, 1]]
    data = Dataset.from_arrays(
        rng.normal(size=(8, 6)), targets, "multiclass", feature_names=NAMES, class_names=NAMES
    )
    layers = Layer(2, "tanh"), Layer(6, "softmax")
    experiment = Experiment(layers, "cross_entropy", batch_size=3, scaling="zscore")
    return derivation(experiment, Trainer(experiment, data).step(), weight=(1, 1, 1), dataset=data)


def test_a_text_is_words_and_formulas() -> None:
    assert runs(r"Of $\frac{1}{2}$ **all** \$5 a\|b") == [
        Run("Of "),
        Run(r"\frac{1}{2}", is_formula=True),
        Run(" "),
        Run("all", is_strong=True),
        Run(" $5 a|b"),
    ]
    assert sides(r"a = \left(b = 1\right)_{i = 2} = c") == ["a", r"\left(b = 1\right)_{i = 2}", "c"]


def test_tables_and_headings_are_taken_apart(page: str) -> None:
    found = blocks(page)
    kinds = [block.kind for block in found]
    assert kinds[0] == "title" and {"heading", "subheading", "formula", "text", "table"} <= {*kinds}
    tables = [block.rows for block in found if block.kind == "table"]
    assert all(len({len(row) for row in rows}) == 1 for rows in tables)
    assert len(tables) == len(re.findall(r"^\| :---", page, re.MULTILINE))


class Checked(HTMLParser):
    """Tags that are opened and closed in order, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_has_all_and_no_name_is_markup(page: str) -> None:
    html = as_html(page)
    checked = Checked()
    checked.feed(html)
    assert checked.open == [] and "script" not in checked.seen
    assert {"math", "table", "h1", "h2", "h3"} <= checked.seen
    assert "<script>alert(1)</script>" in checked.text and "**b** | `c`" in checked.text
    assert "$" not in re.sub(r"\$x\$", "", checked.text)


def test_latex_has_all_and_no_name_is_an_order(page: str) -> None:
    latex = as_latex(page)
    assert latex.count(r"\begin{tabular}") == latex.count(r"\end{tabular}") > 2
    assert latex.count(r"\end{document}") == 1 and r"\input{" not in latex
    assert r"\textbackslash{}input\{" in latex
    assert r"\subsubsection*{" in latex and r"\begin{aligned}" in latex
    for begin in re.findall(r"\\begin\{(\w+)", latex):
        assert latex.count(rf"\begin{{{begin}}}") == latex.count(rf"\end{{{begin}}}")
