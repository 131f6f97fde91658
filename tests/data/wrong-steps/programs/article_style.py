import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


rng = np.random.default_rng(11)
inputs = rng.random((5, 4))
targets = rng.random((5, 2))
learning_rate = 0.2
input_hidden = rng.random((4, 3))
hidden_output = rng.random((3, 2))
hidden_bias = rng.random(3)
output_bias = rng.random(2)
first = [v.copy() for v in (input_hidden, hidden_output, hidden_bias, output_bias)]

# forward
hidden = sigmoid(inputs.dot(input_hidden) + hidden_bias)
final = sigmoid(hidden.dot(hidden_output) + output_bias)

# output layer
error = targets - final
gradient = error * final * (1 - final)
hidden_output += learning_rate * hidden.T.dot(gradient)
output_bias += learning_rate * gradient.mean(axis=0)

# hidden layer
hidden_error = gradient.dot(hidden_output.T)
hidden_gradient = hidden_error * hidden * (1 - hidden)
input_hidden += learning_rate * inputs.T.dot(hidden_gradient)
hidden_bias += learning_rate * hidden_gradient.mean(axis=0)
print(input_hidden, hidden_output, hidden_bias, output_bias)
