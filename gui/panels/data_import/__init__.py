"""Opening a data file so that one can trust it: what was found in it, what it will become, what is wrong."""

from gui.panels.data_import.dialog import ImportDialog
from gui.panels.data_import.recent import RecentFile, RecentFiles

__all__ = ["ImportDialog", "RecentFile", "RecentFiles"]
