"""The title of the window."""

from __future__ import annotations

from collections.abc import Sequence

from gui.text.parts import shown


def window_title(data: str, session: str, sizes: Sequence[int]) -> str:
    """Name the session, if there is one, the data, and the units of all layers.

    Qt puts its mark of unsaved changes at "[*]".
    """
    # Two of these marks stand for the text itself.
    data, session = (shown(name).replace("[*]", "[*][*]") if name else "" for name in (data, session))
    names = [f"{session}[*]", data] if session else [f"{data}[*]"]
    return f"{' · '.join([*names, '-'.join(map(str, sizes))])} — Backprop Lab"
