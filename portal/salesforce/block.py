"""A block of the settings page: rendered by the same code on the page and after a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from markupsafe import Markup

from core.models import Account

bp = Blueprint("salesforce", __name__, url_prefix="/salesforce")
"""What every block hangs its routes on."""


@dataclass(frozen=True)
class Block:
    """`name` names the template, `salesforce/_<name>.html`; `variables` makes what it shows."""

    name: str
    variables: Callable[[Account], dict[str, Any]]


def render(block: Block, account: Account, **more: Any) -> Markup:
    """The block's HTML; `more` overrides its variables, e.g. with the errors of a form."""
    variables = {**block.variables(account), **more}
    return Markup(render_template(f"salesforce/_{block.name}.html", **variables))  # noqa: S704
