"""Pages of safe homes, by part of the work."""
