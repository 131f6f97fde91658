"""Makes matrices.json: expressions in matrix notation with values and gradients, by PyTorch in double precision.

Run with PyTorch installed: ``python make_matrices.py``. The second line of each is the same in PyTorch's own
operations, written down by hand.
"""

import json
from pathlib import Path

import torch

HERE = Path(__file__).parent
torch.set_default_dtype(torch.float64)

# typed
# PyTorch
# shapes
COURSE = """
L = sum(W @ x)
L = (W @ x).sum()
W 2 3, x 3 1

z = W @ x + b; L = sum(z^2)
L = ((W @ x + b) ** 2).sum()
W 2 3, x 3 1, b 2 1

z = W @ x + b; a = sigmoid(z); L = sum((a - t)^2)/2
L = ((torch.sigmoid(W @ x + b) - t) ** 2).sum() / 2
W 2 3, x 3 1, b 2 1, t 2 1

a = tanh(W @ x + b); L = mean((a - t)^2)
L = ((torch.tanh(W @ x + b) - t) ** 2).mean()
W 4 2, x 2 1, b 4 1, t 4 1

h = relu(W @ x + b); y = v.T @ h; L = (y - t)^2/2
L = ((v.T @ torch.relu(W @ x + b) - t) ** 2).sum() / 2
W 3 2, x 2 1, b 3 1, v 3 1, t 1 1

a1 = sigmoid(W1 @ x + b1); a2 = sigmoid(W2 @ a1 + b2); L = sum((a2 - t)^2)/2
L = ((torch.sigmoid(W2 @ torch.sigmoid(W1 @ x + b1) + b2) - t) ** 2).sum() / 2
W1 3 2, x 2 1, b1 3 1, W2 2 3, b2 2 1, t 2 1

Z = X @ W + b; L = mean(Z^2)
L = ((X @ W + b) ** 2).mean()
X 5 3, W 3 2, b 1 2

Z = X @ W + b; A = sigmoid(Z); L = sum((A - T)^2)/(2*5)
L = ((torch.sigmoid(X @ W + b) - T) ** 2).sum() / 10
X 5 3, W 3 2, b 1 2, T 5 2

L = -sum(T ⊙ log(softmax(X @ W + b)))/4
L = -(T * torch.log_softmax(X @ W + b, 1)).sum() / 4
X 4 3, W 3 3, b 1 3, T 4 3

P = softmax(X @ W); L = -mean(sum(T * log(P), 1))
L = -(T * torch.log(torch.softmax(X @ W, 1))).sum(1, keepdim=True).mean()
X 4 2, W 2 3, T 4 3

p = softmax(z); L = p.T @ q
L = (torch.softmax(z, 0).T @ q).sum()
z 4 1, q 4 1

L = sum(softmax(Z, 0) * Q)
L = (torch.softmax(Z, 0) * Q).sum()
Z 3 4, Q 3 4

L = sum(softmax(Z, 1) * Q)
L = (torch.softmax(Z, 1) * Q).sum()
Z 3 4, Q 3 4

L = sum(log(softmax(Z, 0)) * Q)
L = (torch.log_softmax(Z, 0) * Q).sum()
Z 3 4, Q 3 4

m = mean(X, 0); v = mean((X - m)^2, 0); H = (X - m)/sqrt(v + 0.00001); Y = g * H + b; L = sum((Y - T)^2)/2
m = X.mean(0, keepdim=True); v = ((X - m) ** 2).mean(0, keepdim=True); L = ((g * (X - m) / torch.sqrt(v + 0.00001) + b - T) ** 2).sum() / 2
X 4 3, g 1 3, b 1 3, T 4 3

m = mean(X, 1); v = mean((X - m)^2, 1); L = sum(((X - m)/sqrt(v + 0.001))^3)
m = X.mean(1, keepdim=True); v = ((X - m) ** 2).mean(1, keepdim=True); L = (((X - m) / torch.sqrt(v + 0.001)) ** 3).sum()
X 3 4

A = softmax(Q @ K.T/sqrt(2)); L = sum((A @ V - T)^2)/2
L = ((torch.softmax(Q @ K.T / 2 ** 0.5, 1) @ V - T) ** 2).sum() / 2
Q 2 2, K 2 2, V 2 2, T 2 2

A = softmax(Q @ Kᵀ/sqrt(3)); L = sum(A @ V)
L = (torch.softmax(Q @ K.T / 3 ** 0.5, 1) @ V).sum()
Q 3 3, K 4 3, V 4 2

L = x.T @ A @ x
L = (x.T @ A @ x).sum()
x 3 1, A 3 3

L = x' @ (A + A') @ x/2
L = (x.T @ (A + A.T) @ x).sum() / 2
x 3 1, A 3 3

r = A @ x - y; L = r.T @ r/2
r = A @ x - y; L = (r.T @ r).sum() / 2
A 4 2, x 2 1, y 4 1

L = sqrt(sum(x^2))
L = torch.sqrt((x ** 2).sum())
x 5 1

L = sum(x²)/sum(y²)
L = (x ** 2).sum() / (y ** 2).sum()
x 3 1, y 3 1

c = x.T @ y/(sqrt(x.T @ x) * sqrt(y.T @ y)); L = 1 - c
L = (1 - (x.T @ y) / (torch.sqrt(x.T @ x) * torch.sqrt(y.T @ y))).sum()
x 3 1, y 3 1

L = sum(exp(x) * y)
L = (torch.exp(x) * y).sum()
x 3 2, y 3 2

L = sum(A/(1 + B^2))
L = (A / (1 + B ** 2)).sum()
A 2 3, B 2 3

L = sum(A/r + r*A)
L = (A / r + r * A).sum()
A 2 3, r 1 3

L = sum((A - c)^3)
L = ((A - c) ** 3).sum()
A 3 2, c 3 1

L = sum(s * A @ B)
L = (s * (A @ B)).sum()
s 1 1, A 2 3, B 3 2

L = sum((u @ v.T)^2)
L = ((u @ v.T) ** 2).sum()
u 3 1, v 2 1

L = sum(softplus(A @ B) - A @ B * T)
L = (torch.nn.functional.softplus(A @ B) - A @ B * T).sum()
A 3 2, B 2 2, T 3 2

L = -sum(T * log(sigmoid(Z)) + (1 - T) * log(1 - sigmoid(Z)))
L = -(T * torch.log(torch.sigmoid(Z)) + (1 - T) * torch.log(1 - torch.sigmoid(Z))).sum()
T 3 2, Z 3 2

L = sum(gelu(X @ W))
L = torch.nn.functional.gelu(X @ W).sum()
X 3 2, W 2 3

L = mean(silu(X @ W) + abs(X @ W))
Z = X @ W; L = (torch.nn.functional.silu(Z) + Z.abs()).mean()
X 3 2, W 2 3

H = tanh(X @ U); Y = H + X; L = sum(Y * Y)
Y = torch.tanh(X @ U) + X; L = (Y * Y).sum()
X 3 2, U 2 2

h1 = tanh(U @ x1 + W @ h0); h2 = tanh(U @ x2 + W @ h1); L = sum(h2)
h1 = torch.tanh(U @ x1 + W @ h0); L = torch.tanh(U @ x2 + W @ h1).sum()
U 2 3, x1 3 1, W 2 2, h0 2 1, x2 3 1

L = sum((W @ x - t)^2)/2 + 0.1*sum(W^2)
L = ((W @ x - t) ** 2).sum() / 2 + 0.1 * (W ** 2).sum()
W 2 3, x 3 1, t 2 1

i = sigmoid(A @ x); f = sigmoid(B @ x); g = tanh(C @ x); c = f * c0 + i * g; L = sum(tanh(c))
c = torch.sigmoid(B @ x) * c0 + torch.sigmoid(A @ x) * torch.tanh(C @ x); L = torch.tanh(c).sum()
A 2 3, B 2 3, C 2 3, x 3 1, c0 2 1

L = sum(sum(A, 0)^2) + sum(mean(A, 1)^3)
L = (A.sum(0) ** 2).sum() + (A.mean(1) ** 3).sum()
A 3 4

L = 2x.T @ x - 3sum(x)
L = 2 * (x.T @ x).sum() - 3 * x.sum()
x 4 1

B = A.T; C = B @ A; L = sum(C * C.T)
C = A.T @ A; L = (C * C.T).sum()
A 3 2

Ｌ ＝ sum（（Ｗ ＠ x）＾2）÷ 2
L = ((W @ x) ** 2).sum() / 2
W 2 2, x 2 1

d = x - y; L = sum(exp(-(d * d)/2)) - e^-1 + pi
d = x - y; L = torch.exp(-(d * d) / 2).sum() - torch.e ** -1 + torch.pi
x 3 1, y 3 1
"""


def derived(entry: str, seed: int) -> dict[str, object]:
    """One expression, with the gradient by every name."""
    typed, code, shapes = entry.splitlines()
    generator = torch.Generator().manual_seed(seed)
    names = {}
    for part in shapes.split(","):
        name, rows, columns = part.split()
        numbers = torch.rand(int(rows), int(columns), generator=generator) * 2.4 - 1.1
        if name == "T":
            numbers = numbers.abs() / 2
        names[name] = torch.round(numbers, decimals=2).requires_grad_()
    scope = {"torch": torch, **names}
    exec(code, scope)
    scope["L"].backward()
    return {
        "text": typed,
        "values": {name: value.tolist() for name, value in names.items()},
        "value": scope["L"].item(),
        "gradients": {name: value.grad.tolist() for name, value in names.items()},
    }


if __name__ == "__main__":
    course = [derived(entry, seed) for seed, entry in enumerate(COURSE.strip().split("\n\n"))]
    (HERE / "matrices.json").write_text(json.dumps(course, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(len(course))
