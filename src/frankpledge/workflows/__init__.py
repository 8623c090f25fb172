"""Stories that cross rooms, each readable as the story it tells."""
