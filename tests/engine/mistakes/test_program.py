"""Programs of other people: the good, the wrong and the bad, in a process of their own."""

from __future__ import annotations

import os
import select
import textwrap
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from engine import Experiment, Layer
from engine.errors import StepError
from engine.mistakes.program import Execution, run_program
from engine.mistakes.telling import telling_batch

NET = Experiment((Layer(3, "tanh"), Layer(2, "sigmoid")), learning_rate=0.1)
BATCHES = tuple(telling_batch(NET, 4, seed) for seed in range(2))


def run(
    folder: Path, text: str, *, step: bool = True, timeout: float = 20.0, memory: int = 4 << 30
) -> Execution:
    path = folder / "mine.py"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return run_program(path, BATCHES if step else (), timeout=timeout, memory=memory)


def test_step_is_called_for_each_batch(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        """
        import numpy as np

        def step(X, T, W, b):
            z1 = X @ W[0] + b[0]
            W[0][:] = 0            # copies: nobody minds
            return {"z1": z1, "a": [np.tanh(z1), z1 * 0], "loss": 0.5}

        if __name__ == "__main__":
            raise RuntimeError("not when it is imported")
        """,
    )
    assert result.called and len(result.batches) == 2
    for batch, entries in zip(BATCHES, result.batches, strict=True):
        found = {entry.name: entry.numbers.values for entry in entries}
        np.testing.assert_allclose(found["z1"], batch.inputs @ batch.weights[0] + batch.biases[0])
        assert set(found) == {"z1", "a[0]", "a[1]", "loss"}
        assert batch.weights[0].any()


@pytest.mark.parametrize(
    "result",
    ['{"dW1": [[1.0, 2.0], [3.0, 4.0]]}', "Result()", "Named([[1.0, 2.0], [3.0, 4.0]])"],
    ids=["lists", "an object", "a named tuple"],
)
def test_what_step_may_return(result: str, tmp_path: Path) -> None:
    text = f"""
        from collections import namedtuple
        Named = namedtuple("Named", "dW1")

        class Result:
            def __init__(self):
                self.dW1 = ((1.0, 2.0), (3.0, 4.0))

        def step(X, T, W, b):
            return {result}
        """
    (entry,) = run(tmp_path, text).batches[0]
    assert entry.name == "dW1" and entry.numbers.values.tolist() == [[1, 2], [3, 4]]


def test_variables_of_a_script_before_and_after(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        """
        import numpy as np

        class Net:
            def __init__(self):
                self.w1 = np.ones((2, 2))

            def learn(self):
                self.w1 -= 0.5

        X = [[1.0, 2.0]]
        params = {"W2": np.array([[3.0]])}
        net = Net()
        rows = [[1.0], [2.0]]
        for row in rows:
            row[0] += 1
        params["W2"] += 1
        net.learn()
        """,
        step=False,
    )
    now = {entry.name: entry.numbers.values.tolist() for entry in result.batches[0]}
    before = {entry.name: entry.numbers.values.tolist() for entry in result.before}
    assert now["X"] == [[1, 2]] and now["params['W2']"] == [[4]] and now["net.w1"] == [[0.5, 0.5]] * 2
    assert before["params['W2']"] == [[3]] and before["net.w1"] == [[1, 1], [1, 1]]
    assert before["rows"] == [[1], [2]] and now["rows"] == [[2], [3]]


def test_variables_of_functions_are_seen_too(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        """
        import numpy as np

        def train(inputs, rate):
            W1 = np.full((2, 2), 0.5)
            dW1 = inputs * 2
            W1 -= rate * dW1

        if __name__ == "__main__":
            train(np.ones((2, 2)), 0.1)
        """,
        step=False,
    )
    now = {entry.name: entry.numbers.values for entry in result.batches[0]}
    before = {entry.name: entry.numbers.values for entry in result.before}
    np.testing.assert_allclose(now["W1"], 0.3)
    np.testing.assert_allclose(before["W1"], 0.5)
    assert (now["dW1"] == 2).all()


def test_expressions_in_its_own_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("g = [[1.0, 2.0]]\n")
    result = run_program(path, expressions={"dW1": "np.array(g).T"})
    assert result.batches[0][0].numbers.values.tolist() == [[1], [2]]
    with pytest.raises(StepError, match=r"dW2: h gives no numbers: NameError"):
        run_program(path, expressions={"dW2": "h"})


def test_it_works_in_a_folder_of_its_own_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    result = run(
        tmp_path,
        """
        import os
        print("secret" if "SECRET_TOKEN" in os.environ else "nothing", len(os.listdir(".")))
        open("left.txt", "w").write("x")
        import beside
        W1 = [[beside.value]]
        """,
        step=False,
    ) if (tmp_path / "beside.py").write_text("value = 7.5") else None  # fmt: skip
    assert result is not None
    assert result.output.strip() == "nothing 0" and result.wrote == ("left.txt",)
    assert result.batches[0][0].numbers.values == 7.5
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".txt") == []


def test_what_it_prints_is_kept_and_shortened(tmp_path: Path) -> None:
    result = run(tmp_path, "for i in range(100_000): print('line', i)\nW1 = [[1.5]]\n", step=False)
    assert result.output.startswith("line 0\nline 1\n") and len(result.output) < 5_000


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("W1 = [[1.0]\n", "program_syntax", 1),
        ("x = 1\n\ny = x / 0\n", "program_failed", 3),
        ("import sys\nsys.exit(4)\n", "program_exit", 2),
        ("import no_such_module_here\n", "program_import", 1),
        ("import numpy as np\na = np.ones((1 << 17, 1 << 17))\n", "program_memory", 2),
        ("x = 1\nwhile True:\n    x += 1\n", "program_timeout", None),
        ("import time\ntime.sleep(100)\n", "program_timeout", 2),
        ("import os\nos._exit(3)\n", "program_ended", 1),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "program_ended", 1),
        ("print('nothing else')\n", "program_nothing", None),
        ("def step(X):\n    return {}\n", "program_signature", 1),
        ("def step(X, T, W, b):\n    return None\n", "program_result", 1),
        ("def step(X, T, W, b):\n    return X, T\n", "program_result", 1),
        ("def step(X, T, W, b):\n    return X @ T\n", "program_failed", 2),
        ("def step(X, T, W, b):\n    exit()\n", "program_exit", 2),
        ("def step(X, T, W, b):\n    return {'dW1': 'x'}\n", "program_result", 1),
    ],
)
def test_a_program_that_fails_is_said_with_its_line(
    text: str, kind: str, line: int | None, tmp_path: Path
) -> None:
    with pytest.raises(StepError) as caught:
        run(tmp_path, text, step="def step" in text, timeout=2.0 if "timeout" in kind else 20.0)
    assert caught.value.kind == kind
    if line is not None:
        assert caught.value.line == line
    assert caught.value.mend.endswith(".")


def test_the_traceback_is_that_of_his_own_lines(tmp_path: Path) -> None:
    text = """
        import numpy as np

        def forward(X, W):
            return X @ W

        def step(X, T, W, b):
            return {"z1": forward(X, W[0].T)}
        """
    with pytest.raises(StepError) as caught:
        run(tmp_path, text)
    trace = caught.value.details["trace"].splitlines()
    assert trace == [
        'line 8, in step: return {"z1": forward(X, W[0].T)}',
        "line 5, in forward: return X @ W",
    ]
    assert "ValueError: matmul" in caught.value.message


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_what_it_has_started_is_ended_too(tmp_path: Path) -> None:
    text = """
        import subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        pid = float(child.pid)
        """
    pid = int(run(tmp_path, text, step=False).batches[0][0].numbers.values)
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        try:
            assert select.select([handle], [], [], 20.0)[0], "it lives on"
        finally:
            os.close(handle)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="cannot be read"):
        run_program(tmp_path / "missing.py")
