"""Makes `mutated/`: the lesson of `by-the-guide`, each time with one fault, and what must be said of it.

    python tests/data/lessons/make_mutated.py
"""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).parent

# name, what is replaced, what by, the kind of error, and the text that it points at (its first letter)
FAULTS = (
    ("no-head", "+++\ntitle", "title", "no_head", "title"),
    ("head-not-toml", 'title = "Two', "title = Two", "bad_head", "Two houses"),
    ("head-unknown-key", "order = 3", "ordre = 3", "unknown_key", "ordre"),
    ("head-minutes", "minutes = 12", "minutes = -12", "wrong_value", "minutes"),
    ("head-experiment", 'experiment = "houses"', 'experiment = "house"', "unknown_experiment", "experiment ="),
    ("data-missing", 'data = "rows.csv"', 'data = "row.csv"', "missing_file", "[experiments.houses]"),
    ("weights-shape", "[0.1, -0.1, 0.2]", "[0.1, -0.1]", "bad_experiment", "[experiments.houses]"),
    ("unknown-block", "```predict id=share", "```predcit id=share", "unknown_block", "predcit"),
    ("unknown-option", "tolerance=1%\nWhat", "tollerance=1%\nWhat", "unknown_option", "tollerance"),
    ("bad-tolerance", "tolerance=1%\nWhat", "tolerance=0%\nWhat", "bad_option", "0%\nWhat"),
    ("unit-that-is-not", "share[2,1,1, sample=2]\" tol", "share[2,4,1, sample=2]\" tol", "no_such_part", "share[2,4,1"),
    ("sample-that-is-not", "{{delta[2,1, sample=2]}}", "{{delta[2,1, sample=4]}}", "no_such_sample", "delta[2,1, sample=4]"),
    ("unknown-name", "`grad_norm[1]`", "`gradnorm[1]`", "unknown_quantity", "gradnorm"),
    ("typed-answer", 'target="d[y,x]"', "target=40", "typed_answer", "40 experiment"),
    ("two-right", "`grad[2,1,1] == 0`", "`grad[2,1,1] < 1`", "not_one_right", "choose id=sign"),
    ("unclosed-bracket", "{{y[x+0.01] - y}}", "{{(y[x+0.01] - y}}", "unclosed", "(y[x+0.01]"),
    ("id-twice", "id=blame", "id=share", "id_twice", "share most"),
    ("hint-of-nobody", "of=share after", "of=sharing after", "unknown_question", "sharing"),
    ("goal-that-cannot-be", "within=60", "within=1", "cannot_be_met", "loss < 0.005\""),
    ("goal-already-met", '"loss < 0.005"', '"loss < 0.5"', "already_met", 'loss < 0.5"'),
    ("solve-is-locked", "locked=layers,loss", "locked=learning_rate", "locked_solution", "learning_rate=3"),
    ("not-finite", "{{eta[experiment=fast]}}", "{{1/(eta - eta)}}", "division_by_zero", "1/(eta"),
    ("diverges-before", "{{loss[step=2]:6}}", "{{loss[step=900,experiment=fast]}}", "step_diverges", "loss[step=900"),
    ("unknown-mistake", "```fault no_hidden_slope", "```fault no_hidden_slop", "bad_option", "no_hidden_slop,"),
    ("block-never-closed", "is flat.\n```", "is flat.", "unclosed_block", "```goal \"abs"),
    ("formula-name", 'target="d[y,x]"', 'target="d[y,w]"', "unknown_quantity", "d[y,w]"),
)


def main() -> None:
    """Write the files and `errors.csv`."""
    text = (HERE / "by-the-guide" / "lesson.md").read_text(encoding="utf-8")
    folder = HERE / "mutated"
    folder.mkdir(exist_ok=True)
    with (HERE / "errors.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "kind", "line", "column"])
        for name, old, new, kind, at in FAULTS:
            assert text.count(old) >= 1, name
            mutated = text.replace(old, new, 1)
            offset = mutated.index(at)
            line = mutated.count("\n", 0, offset) + 1
            column = offset - mutated.rfind("\n", 0, offset)
            (folder / f"{name}.md").write_text(mutated, encoding="utf-8")
            writer.writerow([name, kind, line, column])


if __name__ == "__main__":
    main()
