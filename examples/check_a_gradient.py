"""Compare every gradient of a step with finite differences, and one of one's own with the true one."""

import numpy as np

from engine import Experiment, Layer, Trainer, builtin, check_gradients

experiment = Experiment(layers=(Layer(3, "sigmoid"), Layer(2, "sigmoid")), loss="squared_error")
trainer = Trainer(experiment, builtin("article"))

report = check_gradients(trainer)
print(f"Largest relative error of the engine's gradients: {report.max_relative_error:.1e}")

# The first layer's gradient by hand, from the numbers of the same step
record = trainer.step()
by_hand = record.a[0].T @ record.delta[0]
print("By hand the same:", np.allclose(by_hand, record.weight_grads[0], rtol=1e-12))

# Without the slope of the hidden layer it is another number
slope = record.a[1] * (1 - record.a[1])
wrong = record.a[0].T @ (record.delta[0] / slope)
print(f"Without f'(z) it would be {wrong[0, 0]:+.6f} for {by_hand[0, 0]:+.6f}")
