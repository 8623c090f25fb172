"""Fields of the pages of safe homes, by part of the work. They never save."""
