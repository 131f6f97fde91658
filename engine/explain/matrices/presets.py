"""Formulas in matrix notation to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class MatrixPreset:
    """A text with its numbers; `title` is marked for translation in the context ``presets``."""

    key: str
    title: str
    text: str


MATRIX_PRESETS: tuple[MatrixPreset, ...] = (
    MatrixPreset(
        "dense",
        QT_TRANSLATE_NOOP("presets", "One dense layer"),
        """\
W = [0.5, -1, 0.3; 0.8, 0.2, -0.6]
x = [1; 0.5; -2]
b = [0.1; -0.2]
t = [0; 1]
z = W @ x + b
a = sigmoid(z)
L = sum((a - t)^2)/2
""",
    ),
    MatrixPreset(
        "two_layers",
        QT_TRANSLATE_NOOP("presets", "Two layers"),
        """\
x = [0.05; 0.1]
W1 = [0.15, 0.2; 0.25, 0.3]
b1 = [0.35; 0.35]
W2 = [0.4, 0.45; 0.5, 0.55]
b2 = [0.6; 0.6]
t = [0.01; 0.99]
z1 = W1 @ x + b1
a1 = sigmoid(z1)
z2 = W2 @ a1 + b2
a2 = sigmoid(z2)
L = sum((a2 - t)^2)/2
""",
    ),
    MatrixPreset(
        "batch_softmax",
        QT_TRANSLATE_NOOP("presets", "Softmax with cross-entropy over a batch"),
        """\
X = [1, 2; -1, 0.5; 0.3, -0.7]
W = [0.2, -0.4, 0.1; 0.7, 0.3, -0.5]
b = [[0.1, 0, -0.1]]
T = [1, 0, 0; 0, 0, 1; 0, 1, 0]
Z = X @ W + b
L = -sum(T * log(softmax(Z)))/3
""",
    ),
    MatrixPreset(
        "batch_norm",
        QT_TRANSLATE_NOOP("presets", "Batch normalisation"),
        """\
X = [1, 2; 3, -1; 0.5, 0]
g = [[1, 0.5]]
b = [[0, 0.1]]
T = [1, 0; 0, 1; 1, 1]
m = mean(X, 0)
v = mean((X - m)^2, 0)
H = (X - m)/sqrt(v + 0.00001)
Y = g * H + b
L = sum((Y - T)^2)/2
""",
    ),
    MatrixPreset(
        "attention",
        QT_TRANSLATE_NOOP("presets", "Attention, two by two"),
        """\
Q = [1, 0; 0, 1]
K = [1, 1; 0, 1]
V = [2, -1; 0.5, 3]
T = [1, 0; 0, 1]
S = Q @ K.T/sqrt(2)
A = softmax(S)
Y = A @ V
L = sum((Y - T)^2)/2
""",
    ),
)
