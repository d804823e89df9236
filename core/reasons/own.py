"""Why an own field is left out, or cannot be saved."""

from __future__ import annotations

from core.reasons.declare import reason


@reason("{field} was left out: Salesforce refused it.")
def refused(field: str) -> None: ...


@reason("{field} was left out: it does not exist or is hidden from the connected user.")
def hidden(field: str) -> None: ...


@reason("{field} is filled by the integration itself.")
def reserved(field: str) -> None: ...


@reason("{field} cannot be written.")
def read_only(field: str) -> None: ...


@reason("{field}: fields of type {type} cannot be filled from a text.")
def type(field: str, type: str) -> None: ...


@reason("{field}: enter a value.")
def no_template(field: str) -> None: ...


@reason("{field}: there is no variable {{{variable}}}.")
def unknown_variable(field: str, variable: str) -> None: ...


@reason("{field} was left out: the value is empty for this call.")
def empty(field: str) -> None: ...


@reason("{field}: “{value}” is too long.")
def too_long(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is not an address of a page.")
def not_url(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is not an e-mail address.")
def not_email(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is neither yes nor no.")
def not_checkbox(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is not a number.")
def not_number(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is too big.")
def too_big(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is not a date.")
def not_date(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is not a date with a time.")
def not_datetime(field: str, value: str) -> None: ...


@reason("{field}: “{value}” is not among its allowed values.")
def not_in_list(field: str, value: str) -> None: ...


@reason("{fields}: own fields of a person account cannot be written.")
def person_account(fields: str) -> None: ...
