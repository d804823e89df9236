"""An account of a customer: its people, its intake keys."""
