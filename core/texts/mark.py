"""What `make messages` looks for."""


def N_(english: str) -> str:
    """A text that is translated where it is said, by its code."""
    return english
