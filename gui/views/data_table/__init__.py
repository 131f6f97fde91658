"""The rows of the data, as the file has them or as the network sees them, with what it makes of each."""

from gui.views.data_table.view import DataTableView

__all__ = ["DataTableView"]
