"""The order of Tab: region by region, as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def follow(regions: Sequence[QWidget]) -> None:
    """Let Tab go through the controls of these regions, in this order; within each it stays as it is."""
    chain: list[QWidget] = []
    for region in regions:
        chain += in_order(region)
    for before, after in pairwise(chain):
        QWidget.setTabOrder(before, after)


def in_order(region: QWidget) -> list[QWidget]:
    """The controls within a region that Tab stops at, in the order it has now."""
    found: list[QWidget] = []
    at = region
    while True:
        takes = at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.focusProxy() is None
        if takes and (at is region or region.isAncestorOf(at)):
            found.append(at)
        following = at.nextInFocusChain()
        assert following is not None  # a ring
        # PySide takes what follows for a child of this one, and would take it for gone, with all that is in
        # it, as soon as this one is. To Qt it has its parent already: nothing happens there.
        following.setParent(following.parentWidget())
        if following is region:
            return found
        at = following
