"""How many short tables come through in their own letters: our guess beside that of charset-normalizer.

    python tests/benchmarks/bench_encodings.py

The tables are those of ``tests/engine/data/test_encodings.py``. charset-normalizer is compared with where it
is installed; on these tables it was right about half of them (34 of 64 by version 3.5.3), for it judges by
pairs of letters, of which a header and a few labels have too few. So candidates are ranked by our own rules.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.data.load import inspect

TESTS = Path(__file__).parents[1] / "engine" / "data" / "test_encodings.py"


def ours(content: bytes) -> tuple[str, str]:
    """The encoding taken, and the one that is asked about; empty if none is."""
    preview = inspect(content)
    guess = next((guess for guess in preview.guesses if guess.about == "encoding" and guess.close), None)
    other = "" if guess is None or guess.other is None else str(guess.other.options["encoding"])
    return str(preview.options.encoding), other


def theirs(content: bytes) -> str | None:
    """What charset-normalizer says; empty if it has no answer, None if it is not installed."""
    try:
        from charset_normalizer import from_bytes  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    best = from_bytes(content).best()
    return best.encoding if best is not None else ""


def main() -> None:
    """Print the tables that were read in other letters, and the counts."""
    tests = runpy.run_path(str(TESTS))
    right = asked = right_there = 0
    for encoding, head, labels in tests["CASES"]:
        content = tests["table"](head, labels).encode(encoding)
        wanted = content.decode(encoding)
        taken, other = ours(content)
        found = theirs(content)
        here, there = (
            bool(name) and content.decode(str(name), "replace") == wanted for name in (taken, found)
        )
        right, right_there = right + here, right_there + there
        asked += not here and bool(other) and content.decode(other, "replace") == wanted
        if not here or (found is not None and not there):
            print(
                f"{encoding:10} {head:40} {taken if not here else 'right':10} {'right' if there else found}"
            )
    count = len(tests["CASES"])
    print(f"of {count} tables: {right} right, {asked} asked about; charset-normalizer {right_there} right")


if __name__ == "__main__":
    main()
