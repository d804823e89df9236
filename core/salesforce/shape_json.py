"""An org's shape as JSON, to be kept between calls."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from core.facts import OrgShape

_SHAPE: TypeAdapter[OrgShape] = TypeAdapter(OrgShape)


def shape_to_json(shape: OrgShape) -> dict[str, Any]:
    """Plain JSON values."""
    value: dict[str, Any] = _SHAPE.dump_python(shape, mode="json")
    return value


def shape_from_json(value: Any) -> OrgShape | None:
    """None when it was written by another version of the product: read the shape anew."""
    try:
        return _SHAPE.validate_python(value)
    except ValueError:
        return None
