"""Areas, how they nest, their outlines and denominators, and the homes and buildings in them."""
