"""Train on one's own CSV file, and see what the network says of its rows."""

import tempfile
from pathlib import Path

from engine import Experiment, Layer, Trainer, load_dataset

# Stands for a file of one's own: hours of study and of sleep, and whether the exam was passed
text = "hours,sleep,passed\n" + "\n".join(
    f"{hours},{sleep},{'yes' if hours + 0.5 * sleep > 8 else 'no'}"
    for hours in range(1, 9)
    for sleep in range(4, 10)
)
path = Path(tempfile.mkdtemp()) / "exam.csv"
path.write_text(text, encoding="utf-8")

data = load_dataset(path, target="passed")
print(f"{len(data.inputs)} rows of {', '.join(data.feature_names)}; classes {', '.join(data.class_names)}")
for warning in data.warnings:
    print("note:", warning)

experiment = Experiment(
    layers=(Layer(4, "tanh"), Layer(1, "sigmoid")),
    loss="binary_cross_entropy",
    learning_rate=0.5,
    batch_size=8,
    scaling="zscore",
)
trainer = Trainer(experiment, data)
trainer.run(steps=3000)

record = trainer.trace(row=0)
hours, sleep = data.inputs[0]
print(f"After {hours:g} h of study and {sleep:g} h of sleep the network says {data.class_names[1]}")
print(f"with a probability of {float(record.a[-1][0, 0]):.4g}.")
