"""Support: finding an account, visiting it, and what the customer reads about that."""
