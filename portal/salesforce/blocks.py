"""The blocks of the settings page below the connection, in the manual's order."""

from __future__ import annotations

from portal.salesforce.block import Block, render

__all__ = ["BLOCKS", "Block", "render"]

BLOCKS: tuple[Block, ...] = ()
"""Add `Block("entities", entities.block)` and so on; `templates/salesforce/_entities.html`."""
