"""What `make run` and `make test` do; nothing here is needed in production."""
