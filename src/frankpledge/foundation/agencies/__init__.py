"""The partnership, its agencies, their people, roles and sharing agreements, and the one policy on who may see what."""
