"""The window: it asks, one worker thread computes, and frames come back."""
