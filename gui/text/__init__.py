"""What is said: numbers, symbols, names of parts, settings and errors."""
