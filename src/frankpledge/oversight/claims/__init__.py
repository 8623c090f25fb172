"""Every number the partnership prints is a claim that has been recomputed; a conflict holds publication back."""
