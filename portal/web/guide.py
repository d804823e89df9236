"""The document for the customer's Salesforce administrators, in the reader's language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, render_template
from flask_babel import get_locale
from markdown_it import MarkdownIt
from markupsafe import Markup

bp = Blueprint("guide", __name__)

_DOCS = Path(__file__).parents[2] / "docs"


@bp.get("/guide/salesforce")
def salesforce() -> str:
    """Open to all: administrators need not be among the people of the account."""
    return render_template("web/guide.html", guide=_guide(str(get_locale())))


@cache
def _guide(language: str) -> Markup:
    """HTML. Headings are `part-3`, and below it `part-3-2`, whatever the language."""
    lines = (_DOCS / f"for-salesforce-admins.{language}.md").read_text("utf-8").splitlines()
    text = "\n".join(one for one in lines if ".md)" not in one)  # the other languages
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens, part, below = reader.parse(text), 0, 0
    for token in tokens:
        if (token.type, token.tag) == ("heading_open", "h2"):
            part, below = part + 1, 0
            token.attrSet("id", f"part-{part}")
        elif (token.type, token.tag) == ("heading_open", "h3"):
            below += 1
            token.attrSet("id", f"part-{part}-{below}")
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  ours
