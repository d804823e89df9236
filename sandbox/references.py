"""References between subrequests of a composite: `@{ref.field}`, `@{ref.records[0].Id}`."""

import re
from typing import Any

from sandbox.errors import SalesforceError

REFERENCE = re.compile(r"@\{([^{}]*)\}")
_STEP = re.compile(r"([A-Za-z_]\w*)((?:\[\d+\])*)\Z", re.ASCII)


def halted(message: str) -> SalesforceError:
    """PROCESSING_HALTED, which a subrequest answers when it was not run."""
    return SalesforceError("PROCESSING_HALTED", message)


class Results:
    """Bodies of the subrequests answered so far; None for one that failed."""

    def __init__(self) -> None:
        self._bodies: dict[str, Any] = {}

    def add(self, reference_id: str, body: Any) -> None:
        """Remember an answer under its referenceId."""
        self._bodies[reference_id] = body

    def resolve(self, value: Any) -> Any:
        """`value` (a text, or a body with texts) with every reference replaced.

        A text that is nothing but a reference takes the value with its type. Raises
        SalesforceError PROCESSING_HALTED when a reference leads nowhere.
        """
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        return value

    def _text(self, text: str) -> Any:
        whole = REFERENCE.fullmatch(text)
        if whole:
            return self._value(whole.group(1))
        return REFERENCE.sub(lambda match: str(self._value(match.group(1))), text)

    def _value(self, expression: str) -> Any:
        name, _, path = expression.partition(".")
        if name not in self._bodies or not path:
            raise halted(f"Invalid reference specified. No value for {expression} found in {name}")
        value = self._bodies[name]
        for part in path.split("."):
            step = _STEP.match(part)
            if step is None:
                raise halted(f"Invalid reference specified: {expression}")
            value = value.get(step.group(1)) if isinstance(value, dict) else None
            for index in map(int, re.findall(r"\d+", step.group(2))):
                value = value[index] if isinstance(value, list) and index < len(value) else None
        if value is None or isinstance(value, dict | list):
            raise halted(f"Invalid reference specified. No value for {expression} found in {name}")
        return value


def names_in(value: Any) -> set[str]:
    """The referenceIds that a text or body refers to."""
    if isinstance(value, str):
        return {match.partition(".")[0] for match in REFERENCE.findall(value)}
    if isinstance(value, list):
        return set().union(*(names_in(item) for item in value))
    if isinstance(value, dict):
        return set().union(*(names_in(item) for item in value.values()))
    return set()
