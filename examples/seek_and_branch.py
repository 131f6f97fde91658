"""Go back in a training, bit for bit, and take another way from there."""

import numpy as np

from engine import Experiment, Layer, Trainer, builtin

experiment = Experiment(
    layers=(Layer(4, "tanh"), Layer(1, "sigmoid")),
    loss="binary_cross_entropy",
    learning_rate=0.5,
    batch_size="full",
)
trainer = Trainer(experiment, builtin("xor"))
trainer.run(steps=2000)
first = trainer.scalars.loss
at_the_end = trainer.weights[0]

trainer.seek(250)
trainer.run(steps=1750)
print("Made again, the same to the last bit:", np.array_equal(trainer.weights[0], at_the_end))

# A change in the past begins a run of its own; the first one is kept
trainer.seek(250)
trainer.change(experiment.changed(learning_rate=2.0))
trainer.run(steps=1750)
second = trainer.scalars.loss
print("The runs share their first steps:", np.array_equal(first[:250], second[:250]))
print(f"Loss after 2000 steps: {first[-1]:.6f} at rate 0.5, {second[-1]:.6f} at rate 2 from step 251 on")
