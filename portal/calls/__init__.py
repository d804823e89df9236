"""The calls of an account: the journal, one call, and what a call would do."""
