"""The product beside what people would write instead, in one run: `python -m tests.bench`."""
