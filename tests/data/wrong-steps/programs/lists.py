# A 2-3-2 network without any library, one training example
import math

x = [0.35, 0.9]
target = [0.5, 0.1]
rate = 0.5
w_hidden = [[0.1, 0.8], [0.4, -0.6], [-0.2, 0.3]]  # w_hidden[j][i]
b_hidden = [0.1, -0.2, 0.3]
w_out = [[0.3, 0.9, -0.5], [-0.7, 0.2, 0.6]]
b_out = [0.05, -0.1]
start = ([row[:] for row in w_hidden], b_hidden[:], [row[:] for row in w_out], b_out[:])


def sigmoid(v):
    return 1.0 / (1.0 + math.exp(-v))


hidden = []
for j in range(3):
    s = b_hidden[j]
    for i in range(2):
        s += w_hidden[j][i] * x[i]
    hidden.append(sigmoid(s))
out = []
for k in range(2):
    s = b_out[k]
    for j in range(3):
        s += w_out[k][j] * hidden[j]
    out.append(sigmoid(s))

delta_out = []
for k in range(2):
    delta_out.append((out[k] - target[k]) * out[k] * (1 - out[k]))

# change the output weights
for k in range(2):
    for j in range(3):
        w_out[k][j] -= rate * delta_out[k] * hidden[j]
    b_out[k] -= rate * delta_out[k]

# then the hidden ones
for j in range(3):
    back = 0
    for k in range(2):
        back += w_out[k][j] * delta_out[k]
    delta = back * hidden[j] * (1 - hidden[j])
    for i in range(2):
        w_hidden[j][i] -= rate * delta * x[i]
    b_hidden[j] -= rate * delta

print(w_hidden, b_hidden)
print(w_out, b_out)
