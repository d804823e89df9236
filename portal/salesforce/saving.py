"""One change of the settings, from the form to the answer.

    form → read, or refuse → apply to the policy as it is now → the block as it is now

Every form says which change of the settings it was shown last (`seen`). What others changed in
the same block since then is told, so that nobody works on a page that is no longer true; the
change itself touches only its own setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, make_response, redirect, request, url_for
from markupsafe import Markup
from werkzeug import Response

from core.models import SettingChange
from core.policy import Policy
from portal.salesforce import connection_card
from portal.salesforce.block import ON_PAGE, Block, render
from portal.salesforce.org_view import OrgView, org_view
from portal.salesforce.reading import Refused
from portal.salesforce.words import change_in_words
from portal.web import replies
from portal.web.once import once
from portal.web.services import store
from portal.web.who import change_policy, current_account, current_policy, newest_change

Change = Callable[[Policy], Policy]
ORG_VIEW = "org_view"


@dataclass(frozen=True)
class Note:
    """What else there is to say above a block; `look` is that of a note: good or wait."""

    look: str
    says: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What became of the last form of a block, for its template."""

    saved: str = ""
    """The setting or row that was saved."""
    changed: tuple[str, ...] = ()
    """The settings that this form changed."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """By setting or row: why it was refused."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What stands in the form again: it was refused, or a part of it was."""
    meanwhile: tuple[str, ...] = ()
    """What others changed in this block, in words."""
    notes: tuple[Note, ...] = ()
    """What else there is to say, e.g. which rows of a list were not taken."""


def common(block: Block) -> dict[str, Any]:
    """Variables that every block's template has."""
    answers: dict[str, Answer] = g.get("answers", {})
    return {
        "block": block.name,
        "settings": block.by_name,
        "answer": answers.get(block.name) or _after_redirect(block),
        "policy": current_policy(),
        "org": org_of_request(),
        "seen": newest_change(),
        "is_page": not replies.wants_fragment(),
    }


def org_of_request() -> OrgView:
    """The org as last seen, read once a request."""
    return once(ORG_VIEW, lambda: org_view(store(), current_account().id))


def save(
    block: Block,
    key: str,
    change: Change,
    notes: tuple[Note, ...] = (),
    left: Mapping[str, str] | None = None,
    form: str = "",
) -> Response:
    """Apply a pure change and answer with the block. `change` may raise `Refused`.

    Args:
        key: which setting or row of the block is marked as saved, or gets the refusal.
        left: what stays in the form, by field: the part of it that was not taken.
        form: what gets the refusal where that is not `key`, as of a row that is yet to be.
    """
    try:
        changed = change_policy(change)
    except Refused as refusal:
        return refuse(block, form or key, str(refusal))
    return answer_saved(block, key, tuple(changed), notes, left)


def answer_saved(
    block: Block,
    key: str,
    changed: tuple[str, ...],
    notes: tuple[Note, ...] = (),
    left: Mapping[str, str] | None = None,
) -> Response:
    """The block as it is now, the mark at what was saved, and what others changed meanwhile."""
    others = _meanwhile(block, list(changed))
    return answer_with(block, Answer(key, changed, {}, left or {}, others, notes))


def refuse(
    block: Block,
    key: str,
    why: str,
    notes: tuple[Note, ...] = (),
    left: Mapping[str, str] | None = None,
) -> Response:
    """422 with the block, the reason at the control and what was typed, or is `left`, in it."""
    typed = {name: value for name, value in request.form.items() if name != "csrf_token"}
    answer = Answer(errors={key: why}, typed={**typed, **(left or {})}, notes=notes)
    return answer_with(block, answer, replies.REFUSED)


def answer_with(block: Block, answer: Answer, status: int = 200) -> Response:
    g.answers = {block.name: answer}
    if replies.wants_fragment():
        beside = Markup("").join(_beside(block, answer.changed))
        own = render(block, current_account())
        return make_response(own + beside + _switched_card(), status)
    if status != 200 or answer.notes:
        # Without JavaScript the answer is the whole page, with this block as it stands now.
        page = current_app.view_functions["salesforce.page"]
        return make_response(page(), status)
    said: dict[str, Any] = {
        "block": block.name,
        "saved": answer.saved,
        "changed": answer.changed,
        "seen": seen(),
    }
    return redirect(url_for("salesforce.page", **said, _anchor=block.name), 303)


def _beside(block: Block, changed: tuple[str, ...]) -> Iterator[Markup]:
    """The other blocks that say something of what was changed."""
    for other in ON_PAGE:
        if other is not block and {*other.by_name, *other.shows}.intersection(changed):
            yield render(other, current_account(), oob=True)


def _switched_card() -> Markup:
    """The connection card, if anybody switched calls on or off since this page was shown."""
    account = current_account()
    if not store().policies.changes_since(account.id, seen(), connection_card.BLOCK.by_name):
        return Markup("")
    return render(connection_card.BLOCK, account, oob=True)


def seen() -> str:
    """Name of the newest change that the page had been shown when the form was sent."""
    return request.values.get("seen", "")[:22]


def show_news(block: Block) -> Response:
    """To a tab that stood open: the block as it is now, if anybody changed it since, or what it
    shows of others."""
    others = _meanwhile(block, [])
    beside = store().policies.changes_since(current_account().id, seen(), block.shows)
    if not (others or beside) and replies.wants_fragment():
        return make_response("", 204)
    return answer_with(block, Answer(meanwhile=others))


def _after_redirect(block: Block) -> Answer:
    """The page after a form without JavaScript says the same as the block would have."""
    if request.args.get("block") != block.name:
        return Answer()
    mine = request.args.getlist("changed")
    others = _meanwhile(block, mine)
    return Answer(request.args.get("saved", ""), tuple(mine), meanwhile=others)


def _meanwhile(block: Block, mine: list[str]) -> tuple[str, ...]:
    """What was changed since the page was shown, without the newest change of each setting that
    was just saved."""
    settings = block.by_name
    changes = store().policies.changes_since(current_account().id, seen(), settings)
    others: list[SettingChange] = []
    unclaimed = list(mine)
    for change in changes:
        if change.setting in unclaimed:
            unclaimed.remove(change.setting)
        else:
            others.append(change)
    return tuple(
        change_in_words(settings[change.setting], change, org_of_request()) for change in others
    )
