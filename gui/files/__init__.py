"""What is read and written: data, sessions, exports, pictures."""
