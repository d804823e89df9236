"""Everything is killed while calls flow; then they are counted. `python -m tests.chaos --help`."""
