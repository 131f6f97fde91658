import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))


class NeuralNetwork:
    def __init__(self, x, y):
        rng = np.random.RandomState(4)
        self.input = x
        self.y = y
        self.weights1 = rng.rand(self.input.shape[1], 4)
        self.weights2 = rng.rand(4, 1)

    def feedforward(self):
        self.layer1 = sigmoid(self.input @ self.weights1)
        self.output = sigmoid(self.layer1 @ self.weights2)

    def backprop(self):
        err = 2 * (self.y - self.output) * sigmoid_derivative(self.output)
        self.d_weights2 = self.layer1.T @ err
        self.d_weights1 = self.input.T @ ((err @ self.weights2.T) * sigmoid_derivative(self.layer1))
        self.old = self.weights1.copy(), self.weights2.copy()
        self.weights1 += self.d_weights1
        self.weights2 += self.d_weights2


X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0], [1], [1], [0]])
nn = NeuralNetwork(X, y)
nn.feedforward()
nn.backprop()
print(nn.weights1)
print(nn.weights2)
