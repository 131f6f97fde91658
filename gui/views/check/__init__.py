"""The check of all gradients by finite differences."""
