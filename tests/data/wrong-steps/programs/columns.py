# Binary classifier, examples in columns as in the course, W is (units, inputs)
import numpy as np

X = np.array([[0.2, -1.1, 0.7, 1.5, -0.4], [1.3, 0.4, -0.9, 0.1, 0.8]])
Y = np.array([[1, 0, 1, 1, 0]])
m = X.shape[1]

params = {
    "W1": np.array([[0.4, -0.3], [0.1, 0.7], [-0.6, 0.2]]),
    "b1": np.array([[0.05], [-0.1], [0.2]]),
    "W2": np.array([[0.8, -0.5, 0.3]]),
    "b2": np.array([[0.1]]),
}


def forward(X, p):
    Z1 = p["W1"] @ X + p["b1"]
    A1 = np.tanh(Z1)
    Z2 = p["W2"] @ A1 + p["b2"]
    A2 = 1 / (1 + np.exp(-Z2))
    return Z1, A1, Z2, A2


def cost(A2, Y):
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m


def backward(X, Y, p, A1, A2):
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = (p["W2"].T @ dZ2) * (1 - A1**2) / m
    dW1 = dZ1 @ X.T / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


Z1, A1, Z2, A2 = forward(X, params)
J = cost(A2, Y)
grads = backward(X, Y, params, A1, A2)
print("cost", J)
print(grads)
