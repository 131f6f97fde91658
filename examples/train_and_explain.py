"""Train a small network on iris, then read how the chain rule makes one of its gradients."""

from engine import Experiment, Layer, Trainer, builtin, explain

experiment = Experiment(
    layers=(Layer(5, "tanh"), Layer(3, "softmax")),
    loss="cross_entropy",
    learning_rate=0.1,
    batch_size=10,
    scaling="zscore",
    validation=0.2,
)
trainer = Trainer(experiment, builtin("iris"))
scalars = trainer.run(steps=1000)
print(f"After {len(scalars)} steps {scalars.validation_metric[-1]:.1%} of the validation rows are right.")

# One more mini-batch, whole: the weight from petal_length to the first unit of layer 1
record = trainer.step()
why = explain(experiment, record, weight=(1, "petal_length", 0))
print(f"Its gradient on step {record.step} is {why.gradient:+.6f}, the sum of these shares:")
for row, upstream, slope, activation, share in zip(
    record.indices, why.upstream, why.slope, why.activation, why.samples, strict=True
):
    print(f"  row {row + 1:3}: {upstream:+.4g} x {slope:.4g} x {activation:+.4g} = {share:+.4g}")

paths = why.paths(limit=3)
print(f"{paths.count} paths lead from it to the loss; the largest carry:")
for path in paths:
    print(f"  {path.product:+.6f} through units {path.units}")
print(f"  {paths.remainder:+.6f} all the others")
