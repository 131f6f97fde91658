"""Whatever a file holds, loading it gives a Dataset or a DatasetError."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from engine.data.load import load_dataset
from engine.errors import DatasetError

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
CORPORA = (CORPUS, CORPUS.with_name("corpus-2"))
LABELS = "digits-labels-idx1-ubyte.gz"
SEEDS = sorted(
    path
    for corpus in CORPORA
    for path in corpus.iterdir()
    if path.name not in ("manifest.json", "README.md") and path.stat().st_size
)
MUTATIONS = 1_000

_SNIPPETS = [
    *(b'"', b",", b"\n", b";", b"\t", b"'", b"\r", b"\0", b"1e999", b"nan", b"{", b"}", b"[", b"]"),
    *(b"?", b"\xff", b"#", b"%", b"_", b":", b"\\", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"99999999999"),
]


def mutate(content: bytes, rng: random.Random) -> bytes:
    """Change, cut, repeat or insert bytes at a few places."""
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        if not changed:
            break
        place = rng.randrange(len(changed))
        match rng.randrange(7):
            case 0:
                changed[place] = rng.randrange(256)
            case 1:
                del changed[place : place + rng.choice([1, 3, 50])]
            case 2:
                changed[place:place] = rng.randbytes(rng.choice([1, 2, 8]))
            case 3:
                changed[place:place] = rng.choice(_SNIPPETS)
            case 4:
                snippet = rng.choice(_SNIPPETS)
                changed[place : place + len(snippet)] = snippet
            case 5:
                del changed[place:]
            case 6:
                start = rng.randrange(len(changed))
                changed[place:place] = changed[start : start + rng.choice([5, 100])]
    return bytes(changed)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_mutated_file_is_read_or_refused(path: Path, tmp_path: Path) -> None:
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow")
    rng = random.Random(path.name)
    (tmp_path / LABELS).write_bytes((CORPUS / LABELS).read_bytes())
    mutant = tmp_path / path.name
    for number in range(MUTATIONS // len(SEEDS) + 1):
        mutant.write_bytes(mutate(path.read_bytes(), rng))
        try:
            data = load_dataset(mutant, skip_bad_rows=number % 4 == 0)
        except DatasetError as error:
            assert error.message
        else:
            assert len(data.inputs) == len(data.targets) > 0
            assert np.isfinite(data.targets).all()
            assert not np.isinf(data.inputs).any()
            assert all(warning.message for warning in data.warnings)
