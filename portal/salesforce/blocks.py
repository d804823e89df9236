"""The blocks of the settings page below the connection, in the manual's order."""

from __future__ import annotations

from portal.salesforce import (
    entities,
    general,
    lines,
    missed_calls,
    org_strip,
    own_fields,
)
from portal.salesforce.block import Block, render

__all__ = ["BLOCKS", "MAIN", "MORE", "Block", "render"]

MAIN: tuple[Block, ...] = (org_strip.BLOCK, entities.BLOCK)
MORE: tuple[Block, ...] = (missed_calls.BLOCK, lines.BLOCK, own_fields.BLOCK, general.BLOCK)
"""The manual's "additional settings", under a heading of their own."""
BLOCKS = MAIN + MORE
