import numpy as np

data = [([1.0, 0.5], 0.4), ([-0.6, 0.2], -0.1), ([0.3, -1.4], 0.7), ([0.9, 0.8], 0.2)]
W1 = np.array([[0.3, -0.8, 0.5], [0.7, 0.1, -0.2]])
b1 = np.array([0.1, 0.2, -0.1])
W2 = np.array([0.6, -0.4, 0.9])
b2 = 0.3

gW1 = np.zeros_like(W1)
gb1 = np.zeros_like(b1)
gW2 = np.zeros_like(W2)
gb2 = 0.0
total = 0.0
for x, t in data:
    x = np.array(x)
    h = np.tanh(x @ W1 + b1)
    y = h @ W2 + b2
    total += (y - t) ** 2 / 2
    dy = y - t
    gW2 += dy * h
    gb2 += dy
    dh = dy * W2 * (1 - h * h)
    gW1 += np.outer(x, dh)
    gb1 += dh
n = len(data)
total /= n
gW1 /= n
gb1 /= n
gW2 /= n
gb2 /= n
print(total)
print(gW1)
print(gb1)
print(gW2)
print(gb2)
