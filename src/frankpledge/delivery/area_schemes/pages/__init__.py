"""What the pages of area schemes show."""
