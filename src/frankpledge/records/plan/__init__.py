"""The partnership's three-year plan: priorities with reasons, objectives, targets, profiles, milestones and money."""
