"""What `make run` and `make test` do. Production uses the set-up only."""
