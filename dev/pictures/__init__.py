"""Pictures of every page and state, taken from the running product."""
