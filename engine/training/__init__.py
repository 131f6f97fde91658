"""Training: the compiled pass, the trainer, its history, and what watches it."""
