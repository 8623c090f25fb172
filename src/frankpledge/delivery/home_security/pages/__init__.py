"""What the pages of safe homes show, by part of the work."""
