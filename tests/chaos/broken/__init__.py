"""Builds with a mistake in each, to show that counting finds them."""
