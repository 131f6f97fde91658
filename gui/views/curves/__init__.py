"""The curves of training."""
