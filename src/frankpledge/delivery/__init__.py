"""What the partnership does, room by room. The rooms never import each other."""
