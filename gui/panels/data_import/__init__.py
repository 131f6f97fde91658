"""Opening a data file so that one can trust it: what was found in it, what it will become, what is wrong."""

from gui.document.recent import RecentFile, RecentFiles
from gui.panels.data_import.dialog import ImportDialog

__all__ = ["ImportDialog", "RecentFile", "RecentFiles"]
