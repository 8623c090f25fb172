"""What the partnership knows."""
