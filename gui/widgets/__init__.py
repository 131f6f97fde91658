"""Fields, tables and bars that are used everywhere."""
