"""What is kept in files: sessions, experiments, and the ways out; one kind of file a module."""
