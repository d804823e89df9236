"""The demo: an account that is there at once, and calls to send. Nothing of it outside the demo."""
