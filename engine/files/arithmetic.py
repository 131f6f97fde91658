"""What the last bits of a training depend on besides the program: the build of NumPy and its BLAS."""

from __future__ import annotations

import platform
from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController


@cache
def arithmetic() -> dict[str, str]:
    """The build of NumPy, the vector instructions it uses, its BLAS, and the C library, in words.

    Where all are equal, and the count of BLAS threads is, so is every bit.
    """
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    libraries = ThreadpoolController().select(user_api="blas").info()
    blas = [f"{x['internal_api']} {x['version']} {x.get('architecture', '')}".strip() for x in libraries]
    system = [platform.system(), platform.machine(), *platform.libc_ver()]
    return {
        "numpy": np.__version__,
        "vectors": " ".join(found),
        "blas": ", ".join(sorted(set(blas))),
        "system": " ".join(part for part in system if part),
    }
