import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


X = np.array([[0.1, 0.9, -0.5], [0.8, -0.2, 0.4], [-1.0, 0.6, 1.1], [0.3, 0.3, -0.7]])
T = np.array([[0.2, 0.9], [0.7, 0.1], [0.5, 0.4], [0.1, 0.6]])
W1 = np.array([[0.2, -0.7, 0.5, 0.1], [0.6, 0.3, -0.4, -0.9], [-0.1, 0.8, 0.2, 0.4]])
b1 = np.array([0.1, 0.0, -0.2, 0.3])
W2 = np.array([[0.5, -0.3], [0.9, 0.2], [-0.6, 0.4], [0.1, -0.8]])
b2 = np.array([0.2, -0.1])
N = len(X)

A1 = sigmoid(X.dot(W1) + b1)
A2 = sigmoid(A1.dot(W2) + b2)
E = 0.5 * np.sum((A2 - T) ** 2) / N

d2 = (A2 - T) / N
dW2 = A1.T.dot(d2)
db2 = np.sum(d2)
d1 = d2.dot(W2.T) * A1 * (1 - A1)
dW1 = X.T.dot(d1)
db1 = np.sum(d1)
print("E", E)
print("dW1", dW1, "db1", db1)
print("dW2", dW2, "db2", db2)
