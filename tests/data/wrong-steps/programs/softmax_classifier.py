import numpy as np

np.random.seed(2)
N, D, H, C = 6, 3, 5, 3
X = np.random.randn(N, D)
y = np.array([0, 2, 1, 1, 0, 2])
W1 = 0.7 * np.random.randn(D, H)
b1 = 0.2 * np.random.randn(H)
W2 = 0.7 * np.random.randn(H, C)
b2 = 0.2 * np.random.randn(C)
reg = 0.05

hidden = np.maximum(0, X @ W1 + b1)
scores = hidden @ W2 + b2
exp_scores = np.exp(scores - scores.max(axis=1, keepdims=True))
probs = exp_scores / exp_scores.sum(axis=1, keepdims=True)
data_loss = -np.log(probs[range(N), y]).mean()
loss = data_loss + 0.5 * reg * (W1 * W1).sum() + 0.5 * reg * (W2 * W2).sum()

dscores = probs.copy()
dscores[range(N), y] -= 1
dscores /= N
dW2 = hidden.T @ dscores + reg * W2
db2 = dscores.sum(axis=0)
dhidden = dscores @ W2.T
dhidden[dhidden <= 0] = 0
dW1 = X.T @ dhidden + reg * W1
db1 = dhidden.sum(axis=0)
print(loss)
for g in (dW1, db1, dW2, db2):
    print(g)
