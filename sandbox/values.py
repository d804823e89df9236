"""One value against its field's type: what Salesforce takes, and how it is stored."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sandbox.clock import stamp
from sandbox.errors import SalesforceError
from sandbox.ids import parse_id
from sandbox.schema import NUMBER_TYPES, Field

_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:?\d\d)\Z")


def clean(field: Field, value: Any) -> Any:
    """The value as it is stored; null and an empty text clear the field.

    Raises SalesforceError: JSON_PARSER_ERROR for a JSON type that does not fit, and the codes of
    the single types.
    """
    if value is None and field.type != "boolean":
        return None
    if value == "" and field.type not in {*NUMBER_TYPES, "boolean"}:
        return None
    cleaner: Callable[[Field, Any], Any] = _CLEANERS.get(field.type, _text)
    return cleaner(field, value)


def _wrong_json(field: Field, value: Any) -> SalesforceError:
    kinds = {bool: "VALUE_BOOLEAN", int: "VALUE_NUMBER_INT", float: "VALUE_NUMBER_FLOAT"}
    kinds |= {str: "VALUE_STRING", list: "START_ARRAY", dict: "START_OBJECT"}
    kinds |= {type(None): "VALUE_NULL"}
    wanted = field.type if field.type in _CLEANERS else "string"
    return SalesforceError(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {wanted} from {kinds[type(value)]} value {value} "
        "or request may be missing a required field",
    )


def _text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise _wrong_json(field, value)
    text = value.strip()
    if len(text) > field.length:
        raise SalesforceError(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {text} (max length={field.length})",
            fields=[field.name],
        )
    return text or None


def _picklist(field: Field, value: Any) -> str | None:
    text = _text(field, value)
    allowed = [v for v in field.raw.get("values", []) if not v.startswith("-")]
    if text is not None and field.get("restrictedPicklist") and text not in allowed:
        raise SalesforceError(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {text}",
            fields=[field.name],
        )
    return text


def _multipicklist(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise _wrong_json(field, value)
    for part in value.split(";"):
        _picklist(field, part)
    return value


def _email(field: Field, value: Any) -> str | None:
    text = _text(field, value)
    if text is not None and not _EMAIL.match(text):
        raise SalesforceError(
            "INVALID_EMAIL_ADDRESS",
            f"{field.label}: invalid email address: {text}",
            fields=[field.name],
        )
    return text


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong_json(field, value)
    return value


def _number(field: Field, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_json(field, value)
    if field.type == "int" and not isinstance(value, int):
        raise _wrong_json(field, value)
    digits = field.get("digits") or field.get("precision") - field.get("scale")
    if digits and abs(value) >= 10**digits:
        raise SalesforceError(
            "NUMBER_OUTSIDE_VALID_RANGE",
            f"{field.label}: value outside of valid range on numeric field: {value}",
            fields=[field.name],
        )
    return value if field.type == "int" else round(value, field.get("scale"))


def _date(field: Field, value: Any) -> str:
    if isinstance(value, str) and _DATE.match(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise _wrong_json(field, value) from error
    raise _wrong_json(field, value)


def _datetime(field: Field, value: Any) -> str:
    if isinstance(value, str) and _DATETIME.match(value):
        try:
            return stamp(datetime.fromisoformat(value).astimezone(UTC))
        except ValueError as error:
            raise _wrong_json(field, value) from error
    raise _wrong_json(field, value)


def _reference(field: Field, value: Any) -> str:
    return parse_id(value, field.label, [field.name])


_CLEANERS: dict[str, Callable[[Field, Any], Any]] = {
    "boolean": _boolean,
    "int": _number,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
    "email": _email,
    "picklist": _picklist,
    "multipicklist": _multipicklist,
    "reference": _reference,
    "id": _reference,
}
