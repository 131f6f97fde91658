"""The training thread, the second thread, and what crosses between them and the window."""
