"""Whether the tests notice when the core is wrong: small faults, put in one at a time.

Run it from the checkout, by hand; it takes as long as the tests below take some sixty times, at worst::

    python tests/benchmarks/mutation.py [--only history] [--list]

Each fault is one that people make: a sign, an index that is off by one, a copy that is missing, a number
of another moment or generation, a flag that is stale. It is put into a copy of the tree in a temporary
folder, and the tests of that file are run there until the first fails. A fault that none notices is
printed as SURVIVED: it needs a test, or an argument why it makes no difference.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("engine", "gui", "resources", "tests", "pyproject.toml", "run.py", "README.md")
WANTED = 0.95
ORDER = "quick_tests_first"
PLUGIN = """
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: getattr(item.function, "is_hypothesis_test", False))
"""
"""Property tests, which take longest, come last."""

NOT_RUN = "not hundred_thousand"
"""A test of many steps in a given time, which a busy machine fails by itself."""

LONGEST = 400.0
"""Seconds after which tests that do not end have noticed, too."""

TRAINER, BACKPROP, HISTORY, BATCHES, MEASURE = (
    "engine/training/trainer.py",
    "engine/training/backprop.py",
    "engine/training/history.py",
    "engine/training/batches.py",
    "engine/training/measure.py",
)
CHAIN_RULE, SEARCH, UPDATE, WORKER, DOCUMENT = (
    "engine/explain/chain_rule.py",
    "engine/explain/search.py",
    "engine/explain/update.py",
    "gui/training/worker.py",
    "gui/document/document.py",
)

TESTS = {
    TRAINER: (
        "engine/training/test_trainer",
        "engine/training/test_history",
        "engine/test_determinism",
        "engine/test_divergence",
    ),
    BACKPROP: (
        "engine/test_textbook",
        "engine/training/test_backprop",
        "engine/training/test_trainer",
        "engine/test_determinism",
    ),
    BATCHES: (
        "engine/training/test_trainer",
        "engine/training/test_history",
        "engine/test_determinism",
        "engine/test_divergence",
    ),
    MEASURE: (
        "engine/training/test_trainer",
        "engine/training/test_history",
        "engine/test_determinism",
        "engine/test_divergence",
    ),
    HISTORY: ("engine/training/test_history", "engine/test_determinism", "engine/files/test_session"),
    CHAIN_RULE: ("engine/explain/test_chain_rule",),
    SEARCH: ("engine/explain/test_chain_rule",),
    UPDATE: ("engine/explain/test_chain_rule",),
    WORKER: ("gui/training/test_worker", "gui/training/test_worker_walks", "gui/training/test_barrier"),
    DOCUMENT: ("gui/document/test_document",),
}
"""The tests that are to notice, under ``tests/``; the quick ones first."""


class Mutation(NamedTuple):
    """A fault: where it is put in, in place of what, and what is wrong then."""

    file: str
    old: str
    new: str
    reason: str


MUTATIONS = (
    # -- trainer -----------------------------------------------------------------------------------
    Mutation(
        MEASURE,
        "steps=np.arange(start + 1, start + 1 + len(values)",
        "steps=np.arange(start, start + len(values)",
        "the series counts its steps from 0",
    ),
    Mutation(
        TRAINER,
        "evaluations[evaluations[:, 0] <= stop]",
        "evaluations[evaluations[:, 0] < stop]",
        "the evaluation of the last step is left out",
    ),
    Mutation(
        TRAINER,
        "self.current.edits[self._edits].step - self.completed)",
        "self.current.edits[self._edits].step - self.completed + 1)",
        "replay goes one step too far before an edit",
    ),
    Mutation(
        TRAINER,
        "coefficients(self._rates, made + 1 - self._optimizer_start)",
        "coefficients(self._rates, made + 1)",
        "a new optimizer counts the steps of the old one",
    ),
    Mutation(
        TRAINER,
        "self.ring.states[0, self.packing.size :] = 0.0\n",
        "pass\n",
        "a new optimizer begins with the slots of the old one",
    ),
    Mutation(
        BATCHES,
        "DROPOUT, completed + k]",
        "DROPOUT, completed]",
        "the steps of a chunk share one dropout mask",
    ),
    Mutation(
        BATCHES,
        ">= dropout) / (1.0 - dropout)",
        ">= dropout) * (1.0 - dropout)",
        "dropout makes activations smaller instead of larger",
    ),
    Mutation(
        TRAINER,
        "state=self.ring.states[self._row].copy(),",
        "state=self.ring.states[self._row],",
        "a keyframe changes with the training that goes on",
    ),
    Mutation(
        TRAINER,
        "edits=self._edits,",
        "edits=len(self.current.edits),",
        "a keyframe says that later edits have been made",
    ),
    Mutation(
        TRAINER,
        "if not keyframe.step <= self.completed <= step:",
        "if not keyframe.step <= self.completed:",
        "seeking back within a keyframe's reach stays where it is",
    ),
    Mutation(
        TRAINER,
        "self.completed > self.current.keyframes[-1].step",
        "self.completed >= self.current.keyframes[-1].step",
        "replay keeps keyframes twice",
    ),
    Mutation(
        TRAINER,
        "if self.experiment.optimizer.slots and self.completed % HOUSEKEEPING_STEPS == 0:",
        "if self.experiment.optimizer.slots and count == HOUSEKEEPING_STEPS:",
        "denormal slots vanish in long runs only, not in steps",
    ),
    Mutation(
        TRAINER,
        "if self.is_past or self._edits < len(self.current.edits):",
        "if self.is_past and self._edits < len(self.current.edits):",
        "an edit in the past changes the run that was there",
    ),
    Mutation(
        TRAINER,
        "heir.edit(Edit(heir.completed, frozen=self._frozen))",
        "pass",
        "held parameters are let go when rows are edited",
    ),
    Mutation(
        TRAINER,
        "finite[:, METRIC] = True",
        "pass",
        "a metric that is not defined stops training",
    ),
    Mutation(
        TRAINER,
        "goal = self.completed + good\n",
        "goal = self.completed + max(0, good - 1)\n",
        "the last good step before a divergence is lost",
    ),
    Mutation(
        TRAINER,
        'weight = size if self.experiment.reduction == "mean" else 1',
        "weight = size",
        "a plateau weighs the summed loss of a mini-batch by its rows",
    ),
    Mutation(
        TRAINER,
        "observe(self._plateau, loss)\n        self._epoch_loss = 0.0\n",
        "observe(self._plateau, loss)\n",
        "the loss of an epoch holds that of all before it",
    ),
    Mutation(
        TRAINER,
        "self._evaluate([row for row, _ in ends]",
        "self._evaluate([row - 1 for row, _ in ends]",
        "validation is that of the state before an epoch's last step",
    ),
    # -- backprop ----------------------------------------------------------------------------------
    Mutation(
        BACKPROP,
        "weights = (after if output_first else blocks)[index][:-1]",
        "weights = (blocks if output_first else after)[index][:-1]",
        "delta goes back through the weights of the other moment",
    ),
    Mutation(
        BACKPROP,
        "calls.append((np.subtract, (old[block], update[block], new[block])))",
        "calls.append((np.add, (old[block], update[block], new[block])))",
        "the update goes uphill",
    ),
    Mutation(
        BACKPROP,
        "calls.append((hold, (after[block], held, before[block])))",
        "pass",
        "the slots of held parameters go on",
    ),
    Mutation(
        BACKPROP,
        "[] if mask is None else [(np.multiply, (delta, mask[row].T, delta))]",
        "[]",
        "delta passes through what dropout has left out",
    ),
    Mutation(
        BACKPROP,
        "(np.add, (total, gradient, total))",
        "(np.subtract, (gradient, total, total))",
        "the penalty pulls away from 0",
    ),
    Mutation(
        BACKPROP,
        "block = slice(self._sloped[members[0]].start, self._sloped[members[-1]].stop)",
        "block = slice(self._sloped[members[0]].start, self._sloped[members[0]].stop)",
        "of neighbours with one activation only the first has slopes",
    ),
    Mutation(
        BACKPROP,
        'self._scale = 1.0 / batch if experiment.reduction == "mean" else 1.0',
        "self._scale = 1.0 / batch",
        "the summed loss is averaged",
    ),
    Mutation(
        BACKPROP,
        "if any(m is not None for m in self.masks) else self._a",
        "if all(m is not None for m in self.masks) else self._a",
        "with dropout in some layers slopes are those of dropped activations",
    ),
    Mutation(
        BACKPROP,
        "z, a = self._z[span].T, self._raw[span].T\n",
        "z, a = self._z[span].T, self._a[span].T\n",
        "a hidden softmax goes back through dropped probabilities",
    ),
    Mutation(
        BACKPROP,
        'self.experiment.bias_reduction == "mean" and self.experiment.reduction == "sum":',
        'self.experiment.bias_reduction == "mean":',
        "biases of the mean loss are averaged twice",
    ),
    # -- history -----------------------------------------------------------------------------------
    Mutation(
        HISTORY,
        "bisect_right(self.keyframes, step, key",
        "bisect_right(self.keyframes, step - 1, key",
        "step 0 is looked for before the first keyframe",
    ),
    Mutation(
        HISTORY,
        "[k for k in self.keyframes if k.step <= step],  # kept",
        "[k for k in self.keyframes],  # kept",
        "a fork takes over keyframes of the future it leaves",
    ),
    Mutation(
        HISTORY,
        "self.edits[:edits],\n            forked_at",
        "self.edits,\n            forked_at",
        "a fork shares the edits of the run it came from",
    ),
    Mutation(
        HISTORY,
        "keyframes=[*self.keyframes],",
        "keyframes=self.keyframes,",
        "a snapshot's keyframes grow with the training",
    ),
    Mutation(
        HISTORY,
        "edits=[*self.edits],",
        "edits=self.edits,",
        "a snapshot's edits grow with the training",
    ),
    Mutation(
        HISTORY,
        "series=self.series.fork(len(self.series)),",
        "series=self.series,",
        "a snapshot's series grows with the training",
    ),
    Mutation(
        HISTORY,
        "self.edits = self.edits[:edits]",
        "self.edits = self.edits[: edits + 1]",
        "what is cut off leaves an edit behind",
    ),
    Mutation(
        HISTORY,
        "self._bytes += keyframe.nbytes",
        "self._bytes = keyframe.nbytes",
        "keyframes are not counted together",
    ),
    Mutation(
        HISTORY,
        "max((run.number for run in runs), default=-1) + 1",
        "len(runs)",
        "the number of a run that was deleted is given again",
    ),
    Mutation(
        HISTORY,
        "sum({id(k): k.nbytes for run in self.runs for k in run.keyframes}.values())",
        "sum(k.nbytes for run in self.runs for k in run.keyframes)",
        "keyframes of a common past are counted once for each run",
    ),
    Mutation(
        HISTORY,
        "forked_at=step,",
        "forked_at=step + 1,",
        "a fork says that it shares a step more than it does",
    ),
    # -- chain rule --------------------------------------------------------------------------------
    Mutation(
        CHAIN_RULE,
        "jacobian = -a * a[:, self.unit, None]",
        "jacobian = a * a[:, self.unit, None]",
        "probabilities push each other up",
    ),
    Mutation(
        CHAIN_RULE,
        "return slope if self.mask is None else slope * self.mask[:, self.unit]",
        "return slope",
        "the slope of a dropped unit is shown",
    ),
    Mutation(
        CHAIN_RULE,
        'after = experiment.update_order == "output_first"',
        "after = False",
        "terms are made with weights that delta did not go through",
    ),
    Mutation(
        CHAIN_RULE,
        "return 1.0 / record.batch if averaged else 1.0",
        "return 1.0",
        "the mean over the biases is left out",
    ),
    Mutation(
        CHAIN_RULE,
        "math.fsum((self.gradient, *(-path.product for path in items)))",
        "math.fsum((self.gradient, *(-abs(path.product) for path in items)))",
        "the rest of the paths is wrong where some are negative",
    ),
    Mutation(
        SEARCH,
        "left_out = max(left_out, float(bounds.ravel()[ranked[:-width]].max()))",
        "left_out = max(left_out, float(bounds.ravel()[ranked[:-width]].min()))",
        "paths are said to be the largest that may not be",
    ),
    Mutation(
        CHAIN_RULE,
        "SoftmaxStage(-self.scale * record.targets, a)",
        "_SoftmaxStage(-record.targets, a)",
        "paths through softmax leave out the mean over the batch",
    ),
    Mutation(
        UPDATE,
        "change=0.0 if frozen else change,",
        "change=change,",
        "a held parameter is said to change",
    ),
    Mutation(
        UPDATE,
        "g *= np.array(record.clip_factor, p.dtype)",
        "pass",
        "clipping by norm is left out of the update",
    ),
    Mutation(
        UPDATE,
        "np.array([float(is_weight)], p.dtype)",
        "np.array([1.0], p.dtype)",
        "biases are said to be penalised",
    ),
    Mutation(
        CHAIN_RULE,
        "count *= units if layer > self.layer else 1",
        "count *= units if layer >= self.layer else 1",
        "paths from other units are counted too",
    ),
    Mutation(
        CHAIN_RULE,
        "fits: BoolArray = (np.abs(products - self.delta) <= room) & np.isfinite(sizes)",
        "fits: BoolArray = np.isfinite(sizes)",
        "factors that underflow are shown as if they multiplied out",
    ),
    # -- worker ------------------------------------------------------------------------------------
    Mutation(
        WORKER,
        "return self._load is None or generation != self._load.generation",
        "return self._load is None",
        "a command about a network that was replaced is done to the new one",
    ),
    Mutation(
        WORKER,
        "restart = network.sent_run is not network.trainer.current",
        "restart = network.sent_run is None",
        "after a branch the curves go on with those of the old run",
    ),
    Mutation(
        WORKER,
        "network.sent_steps = furthest",
        "network.sent_steps = trainer.completed",
        "steps are sent again after going back",
    ),
    Mutation(
        WORKER,
        "network.sent_evaluations += len(scalars.evaluated_steps)",
        "network.sent_evaluations = len(scalars.evaluated_steps)",
        "evaluations are sent again",
    ),
    Mutation(
        WORKER,
        "self._dirty, self._view_ready, self._error = False, False, None",
        "self._dirty, self._view_ready = False, False",
        "a divergence is told of with every later frame",
    ),
    Mutation(
        WORKER,
        "self._running, self._status, self._hit = command, Status.RUNNING, None",
        "self._running, self._status = command, Status.RUNNING",
        "the condition that paused the last run is still told of",
    ),
    Mutation(
        WORKER,
        "max(0, goal - trainer.completed - 1)",
        "max(0, goal - trainer.completed)",
        "a run of so many steps makes one more",
    ),
    Mutation(
        WORKER,
        "if waiting and isinstance(order[1], Seek) and isinstance(waiting[-1][1], Seek):",
        "if waiting and isinstance(waiting[-1][1], Seek):",
        "a seek is dropped for whatever comes after it",
    ),
    Mutation(
        WORKER,
        "network.sent_run = None\n",
        "pass\n",
        "a network that undo brought back sends no series",
    ),
    Mutation(
        WORKER,
        "self._status = Status.PAUSED if network.trainer.completed else Status.READY",
        "self._status = Status.READY",
        "a network that has learned is called new",
    ),
    Mutation(
        WORKER,
        "weights=record.weights_after if updated else record.weights_before,",
        "weights=record.weights_before,",
        "the surface is that of the step before",
    ),
    Mutation(
        WORKER,
        "None if command.steps is None else completed + command.steps",
        "command.steps",
        "a run of so many steps counts them from the beginning",
    ),
    # -- document ----------------------------------------------------------------------------------
    Mutation(
        DOCUMENT,
        "self._networks += state.network == self._networks",
        "pass",
        "two networks have one number",
    ),
    Mutation(
        DOCUMENT,
        "if other._time - self._time > BURST_SECONDS:",
        "if False:",
        "all edits of one setting are one entry of the undo stack",
    ),
    Mutation(
        DOCUMENT,
        "self._push(replace(state, heir_to=self._state.network))",
        "self._push(state)",
        "an edit of a data row throws away what was learned",
    ),
    Mutation(
        DOCUMENT,
        "self._generation += 1\n        state = self._state\n",
        "state = self._state\n",
        "two networks share a generation",
    ),
    Mutation(
        DOCUMENT,
        "same_data = before is not None and before.dataset is dataset",
        "same_data = before is not None",
        "other data go on with the parameters of the old",
    ),
    Mutation(
        DOCUMENT,
        "if same and dataset is before.dataset:\n        return before.training_rows",
        "if same:\n        return before.training_rows",
        "the number of training rows is that of the data before",
    ),
    Mutation(
        DOCUMENT,
        "same = (state.experiment, state.network) == (before.experiment, before.network)",
        "same = state.experiment == before.experiment",
        "turning to another network of the same settings is swallowed",
    ),
    Mutation(
        DOCUMENT,
        'batch_follows = path in ("validation", "split", "missing")',
        "batch_follows = False",
        "holding out more rows is refused as a mistake in the batch size",
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="faults whose file or reason contains this")
    parser.add_argument("--trust", action="store_true", help="do not first run the tests without a fault")
    parser.add_argument("--list", action="store_true", help="say what would be done")
    options = parser.parse_args()
    chosen = [m for m in MUTATIONS if options.only in m.file or options.only in m.reason]
    gone = [m for m in chosen if (ROOT / m.file).read_text(encoding="utf-8").count(m.old) != 1]
    for mutation in gone:
        print(f"NOT THERE  {mutation.file}: {mutation.reason}")
    if options.list:
        for mutation in chosen:
            print(f"{mutation.file}: {mutation.reason}")
    if options.list or gone:
        return bool(gone)
    if hasattr(os, "nice"):
        os.nice(5)
    with tempfile.TemporaryDirectory(prefix="backprop-lab-mutation-") as folder:
        tree = Path(folder)
        for name in COPIED:
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, tree / name)
        (tree / f"{ORDER}.py").write_text(PLUGIN, encoding="utf-8")
        for file in () if options.trust else dict.fromkeys(mutation.file for mutation in chosen):
            if by := failed_test([f"tests/{name}.py" for name in TESTS[file]], tree):
                print(f"without any fault in {file}, this fails: {by}")
                return 1
        survived = [mutation for mutation in chosen if not is_noticed(mutation, tree)]
    caught = len(chosen) - len(survived)
    print(
        f"{caught} of {len(chosen)} noticed, {100 * caught / len(chosen):.1f} % (aim: {100 * WANTED:.0f} %)"
    )
    return caught < WANTED * len(chosen)


def is_noticed(mutation: Mutation, tree: Path) -> bool:
    """Put a fault in, run the tests, and take it out again."""
    path = tree / mutation.file
    whole = path.read_text(encoding="utf-8")
    wrong = whole.replace(mutation.old, mutation.new)
    compile(wrong, mutation.file, "exec")  # a fault in the syntax is none of ours
    path.write_text(wrong, encoding="utf-8")
    begin = time.perf_counter()
    try:
        by = failed_test([f"tests/{name}.py" for name in TESTS[mutation.file]], tree)
    finally:
        path.write_text(whole, encoding="utf-8")
    word = f"noticed    {by}" if by else "SURVIVED"
    seconds = time.perf_counter() - begin
    print(
        f"{mutation.file.rpartition('/')[2]:14}{seconds:5.0f} s  {mutation.reason}\n{'':24}{word}", flush=True
    )
    return bool(by)


def failed_test(tests: list[str], tree: Path) -> str:
    """The first test that fails, "" if none does."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    command += ["-p", ORDER, "-k", NOT_RUN]
    present = [test for test in tests if (tree / test).exists()]
    try:
        # -B: Python takes a compiled file for new if source and time fit, and the second is the same here
        run = subprocess.run(
            [*command, *present], cwd=tree, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return "no end"
    if run.returncode == 0:
        return ""
    lines = [line for line in run.stdout.splitlines() if line.startswith(("FAILED tests", "ERROR tests"))]
    return lines[0].partition(" ")[2].partition(" - ")[0] if lines else f"exit status {run.returncode}"


if __name__ == "__main__":
    sys.exit(main())
