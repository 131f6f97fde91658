"""One notation of a part of a network, wherever it is written."""

from __future__ import annotations

import ast
import json
import math
import pickle
import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from engine import Experiment, Layer
from engine.errors import DivergenceError, ExperimentError
from engine.explain.expression.latex import name_latex, name_plain
from engine.explain.symbols import DELTA, activation, activation_latex, latex, plain
from engine.parts import NamedLayer, Part
from engine.parts import layer_name as called
from engine.settings import replaced
from gui.text.errors import localized
from gui.text.parts import layer_name
from gui.text.symbols import part_plain

ROOT = Path(__file__).resolve().parents[3]
BARE = re.compile(r"(?:^|[^\\\w])(?:\\delta|[abmwzAJWZ])\^\{\(?$")
POWER = re.compile(r"[abwzδW][⁰¹²³⁴⁵⁶⁷⁸⁹]+[₀₁₂₃₄₅₆₇₈₉]")


@pytest.mark.parametrize(
    ("symbol", "text", "formula"),
    [
        (("w", 2, 2, 0), "w⁽²⁾₃₁", "w^{(2)}_{31}"),
        (("w", 12, 9, 0), "w⁽¹²⁾₁₀,₁", "w^{(12)}_{10,1}"),
        ((DELTA, 3, 0), "δ⁽³⁾₁", r"\delta^{(3)}_{1}"),
        (("b", 1, 10), "b⁽¹⁾₁₁", "b^{(1)}_{11}"),
        (("W", 2), "W⁽²⁾", "W^{(2)}"),
        (("w", 2, "i", "j"), "w⁽²⁾ᵢⱼ", "w^{(2)}_{ij}"),
        (("x", None, 0), "x₁", "x_{1}"),
    ],
)
def test_the_layer_is_in_brackets(symbol: tuple[str, int, int], text: str, formula: str) -> None:
    assert plain(*symbol) == text
    assert latex(*symbol) == formula


def test_everything_writes_it_so() -> None:
    assert part_plain(Part("weight", 2, 0, 2)) == name_plain("w2_31") == "w⁽²⁾₃₁"
    assert name_latex("w2_31") == latex("w", 2, 2, 0)
    assert name_plain("delta3_1") == "δ⁽³⁾₁" and name_plain("w2") == "w2"
    assert activation(0, 1) == "x₂" and activation_latex(2, 1) == "a^{(2)}_{2}"


COUNTED = re.compile(r"[Ll]ayer (?:\{(?!expected)|[1-9])")
TOLD = {"tr", "translate", "QT_TRANSLATE_NOOP"}
NOTATION = {"gui/style/spoken.py"}  # reads the number that a symbol bears
UNKNOWN = {"gui/text/settings.py"}  # of how many layers it is one is not known


def test_no_sentence_counts_layers_that_have_names() -> None:
    """What the window calls Hidden 1 and Output is called so in every sentence."""
    for path in [*(ROOT / "gui").rglob("*.py"), *(ROOT / "engine").rglob("*.py")]:
        name = path.relative_to(ROOT).as_posix()
        if name in NOTATION | UNKNOWN or name.startswith("engine/lessons/"):
            continue
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if re.search('[Ll]ayer [{1-9"]', source) else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in TOLD:
                for text in ast.walk(node):
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        assert not COUNTED.search(text.value), (
                            f"{name}:{text.lineno}: name it with layer_name"
                        )


def test_a_layer_is_called_the_same_everywhere(qapp: QApplication) -> None:
    names = [layer_name(layer, 3) for layer in range(4)]
    assert names == ["Inputs", "Hidden 1", "Hidden 2", "Output"]
    assert [called(layer, 3) for layer in range(4)] == names
    assert f"{NamedLayer(2, 3)}, {NamedLayer(3, 3)}" == "Hidden 2, Output"
    assert pickle.loads(pickle.dumps(NamedLayer(3, 3))).name() == "Output"
    assert json.dumps(NamedLayer(3, 3)) == "3"
    error = DivergenceError(
        "not_finite", step=2, quantity="z", layer=NamedLayer(2, 2), unit=1, value=math.inf
    )
    assert str(error).startswith("Step 2 gave ∞: first in z of Output, unit 1.")
    assert str(error).startswith(localized(error)[0])
    with pytest.raises(ExperimentError) as refused:
        replaced(Experiment((Layer(3), Layer(2))), "layers[0].dropout", 2.0)
    assert localized(refused.value)[0].startswith("Hidden 1, Dropout")


def test_no_place_writes_a_layer_itself() -> None:
    for path in [*(ROOT / "gui").rglob("*.py"), *(ROOT / "engine").rglob("*.py")]:
        name = path.relative_to(ROOT).as_posix()
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if re.search("\\^|[⁰¹²³⁴⁵⁶⁷⁸⁹]", source) else ():
            if isinstance(node, ast.JoinedStr):
                for part in node.values[:-1]:
                    bare = isinstance(part, ast.Constant) and BARE.search(str(part.value))
                    assert not bare, f"{name}:{node.lineno}: write it with engine.explain.symbols"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not POWER.search(node.value), f"{name}:{node.lineno}: its layer reads as a power"
