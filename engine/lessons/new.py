"""A lesson to begin from: short, commented, with a block of each common kind, and right as it is."""

from __future__ import annotations

from pathlib import Path

from engine.errors import LessonError
from engine.files.atomic import Where, write_text
from engine.lessons.folder import name_is_good

NETWORK = """\
# The network of the lesson; the window saves such files with File > Save experiment.
loss = "binary_cross_entropy"
learning_rate = 0.5

[[layers]]
units = 2
activation = "tanh"

[[layers]]
units = 1
activation = "sigmoid"
"""

LESSON = """\
+++
# The head: what the menu shows, and the experiments that the lesson is about.
title = "A lesson about XOR"
language = "en"
minutes = 10
goals = ["Say what one sample adds to a gradient."]

[experiments.xor]
file = "network.toml"        # beside this file
data = "xor"                 # a built-in data set, or a CSV file beside this one
# A table for each layer; its rows are where the weights come from. Change a number: the answers follow.
weights = [
  [[0.9, 0.4], [0.7, 0.8]],
  [[0.9], [-0.8]],
]
biases = [[0.1, -0.1], [0.0]]

# The same network with other numbers for each student: for practice after the reveal.
[experiments.yours]
like = "xor"
draw = { weights = { low = 0.1, high = 0.9, digits = 1, signs = true } }
+++

# A lesson about XOR

<!-- Text is CommonMark. Numbers in it are computed: never type one that could be. -->
Four rows, and their loss is {{loss}} at first.

## Predict

```show view=network select=2,1,1 sample=2
Look at the weight from hidden unit 1 to the output.
```

<!-- The answer is an expression over the record of step 1; names are listed in docs/lesson-format.md. -->
```predict id=share target="share[2,1,1]" sample=2 tolerance=2%
The output's delta for sample 2 is {{delta[2,1]}}, and hidden unit 1 says {{a[1,1]}}.
What does this sample add to the gradient of the weight between them?
```

```hint of=share after=2
A share is delta times the activation that comes in.
```

```reveal of=share select=2,1,1
{{delta[2,1]}} times {{a[1,1]}} is {{share[2,1,1]}}.
```

## Explain

```choose id=sign
Which way does the whole batch push this weight?
- `grad[2,1,1] > 0` down, for its gradient is positive
- `grad[2,1,1] < 0` up, for its gradient is negative
```

```point unit id=blame layer=1 most="abs(delta[1,j])" sample=2
Which hidden unit gets more of the blame for sample 2? Click it.
```

## Fill in

```blank id=chain sample=2
{{upstream[1,1]}} · [[slope[1,1]]] = [[delta[1,1]]]
```

## Transfer

```blank derivation[2,1,1] id=again hide=share,gradient experiment=yours sample=2
The same with your own numbers.
```

<!-- A goal is something to bring about; solve= is one way that does, and the check tries it. -->
```goal loss<0.01 id=learn experiment=xor within=300 locked=layers solve="optimizer=adam; learning_rate=0.05"
Bring the loss below 0.01 within 300 steps, with the same network.
```
"""


def write_new(path: Where) -> Path:
    """Write a new lesson into a folder that is not there yet.

    Returns
    -------
    Path
        Its ``lesson.md``.

    Raises
    ------
    LessonError
        ``bad_name``, ``exists`` or ``cannot_write``.
    """
    folder = Path(path)
    if not name_is_good(folder.name):
        raise LessonError("bad_name", file=folder.name[:80])
    if folder.exists():
        raise LessonError("exists", file=folder.name)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise LessonError("cannot_write", file=folder.name, reason=error.strerror or str(error)) from None
    write_text(folder / "network.toml", NETWORK)
    write_text(folder / "lesson.md", LESSON)
    return folder / "lesson.md"
