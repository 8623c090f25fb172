"""Services the partnership buys: agreements with voluntary bodies, what they deliver, what they are paid."""
