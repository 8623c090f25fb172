"""How the partnership answers for itself."""
