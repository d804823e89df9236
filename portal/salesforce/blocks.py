"""The blocks of the settings page, in the manual's order, and all their settings."""

from __future__ import annotations

from core.models import SettingChange
from portal.salesforce import (
    connection_card,
    entities,
    general,
    hours,
    kinds,
    lines,
    missed_calls,
    org_strip,
    own_fields,
)
from portal.salesforce.block import ON_PAGE, Block, render
from portal.salesforce.controls import add_controls
from portal.salesforce.setting import Setting

__all__ = ["BLOCKS", "MAIN", "MORE", "SETTINGS", "Block", "render", "setting_of"]

MAIN: tuple[Block, ...] = (org_strip.BLOCK, entities.BLOCK)
MORE: tuple[Block, ...] = (
    kinds.BLOCK,
    missed_calls.BLOCK,
    hours.BLOCK,
    lines.BLOCK,
    own_fields.BLOCK,
    general.BLOCK,
)
"""The manual's "additional settings", under a heading of their own."""
BLOCKS = MAIN + MORE
"""Those below the connection."""
ON_PAGE.extend(BLOCKS)

SETTINGS = connection_card.BLOCK.settings + sum((one.settings for one in BLOCKS), ())
_BY_NAME = {one.name: one for one in SETTINGS}

for _block in BLOCKS:
    if _block.settings:
        add_controls(_block)


def setting_of(change: SettingChange) -> Setting:
    """What was changed. A setting that is no more goes by the name it had."""
    return _BY_NAME.get(change.setting) or Setting(change.setting, change.setting)
