"""A block of the settings page: rendered by the same code on the page and after a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug import Response

from core.models import Account
from portal.salesforce.setting import Setting
from portal.web.address import PREFIX
from portal.web.named import Part, Words, named
from portal.web.who import account_required

bp = Part("salesforce", __name__, url_prefix=f"{PREFIX}/salesforce", page=_l("Salesforce settings"))
"""What every block hangs its routes on."""
View = Callable[..., Response]


@dataclass(frozen=True)
class Block:
    """`name` names the template, `salesforce/_<name>.html`; `variables` makes what it shows."""

    name: str
    variables: Callable[[Account], dict[str, Any]]
    settings: tuple[Setting, ...] = ()
    """In the order of the page."""
    shows: tuple[str, ...] = ()
    """Settings of other blocks that it says something of."""

    @property
    def by_name(self) -> dict[str, Setting]:
        return {one.name: one for one in self.settings}

    def get(self, path: str, about: Setting, button: Words = "") -> Callable[[View], View]:
        return self._route("GET", path, about, button)

    def post(self, path: str, about: Setting, button: Words = "") -> Callable[[View], View]:
        return self._route("POST", path, about, button)

    def _route(
        self, method: str, path: str, about: Setting, button: Words
    ) -> Callable[[View], View]:
        """A route under /salesforce/<block>, for people of the account; the access log knows which
        setting it is about, and the button that was pressed."""

        def add(view: View) -> View:
            guarded = named(about=about.label, button=button)(account_required(view))
            bp.add_url_rule(f"/{self.name}{path}", view_func=guarded, methods=[method])
            return guarded

        return add


ON_PAGE: list[Block] = []
"""All that `blocks.py` puts on the page."""


def render(block: Block, account: Account, **more: Any) -> Markup:
    """The block's HTML; `more` overrides its variables, e.g. with the errors of a form."""
    variables = {**block.variables(account), **more}
    return Markup(render_template(f"salesforce/_{block.name}.html", **variables))  # noqa: S704
