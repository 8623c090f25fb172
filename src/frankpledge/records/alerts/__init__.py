"""What a new batch of evidence gives reason to act on today: raised, dismissed with a reason, and scored afterwards."""
