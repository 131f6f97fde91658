"""One reader a format, each imported when a file needs it; each has `read(source, options, watch, limit)`."""
