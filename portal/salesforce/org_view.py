"""What the page knows of the customer's org: what it last saw, and how old that is.

The page never waits for Salesforce: it shows the remembered shape. Reading it again is a request
of its own, given up after `portal.web.waiting.PAGE_SECONDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from core.facts import FieldInfo, OrgShape, Stage, User
from core.objects import CONTACT, LEAD, fields_of
from core.own_fields import is_ours
from core.own_fields.fit import is_supported
from core.policy import PHONE_FIELDS
from core.salesforce.shape_json import shape_from_json
from core.same_text import folded
from core.store import Store
from portal.salesforce import users
from portal.salesforce.users import Index


@dataclass(frozen=True)
class OrgView:
    """The org as last seen; without `seen_at` it was never seen."""

    shape: OrgShape = field(default_factory=lambda: OrgShape(fields={}))
    seen_at: datetime | None = None

    @cached_property
    def users(self) -> tuple[User, ...]:
        return tuple(self.shape.users.values())

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """By user id, the name shown."""
        return users.labels(self.users)

    @cached_property
    def _index(self) -> Index:
        return users.indexed(self.users, self.labels)

    @property
    def sees_nobody_else(self) -> bool:
        """Whether the connected user sees no other user, so that ids have to be typed."""
        return self.seen_at is not None and len(self.users) <= 1

    @property
    def lacks_users(self) -> bool:
        """Whether there may be users who are not among `users`."""
        return self.seen_at is not None and not self.shape.shows_all_users

    @property
    def choice_of_users(self) -> list[User]:
        """Active users, by name."""
        active = (one for one in self.users if one.is_active)
        return sorted(active, key=lambda one: self.labels[one.id].casefold())

    def find_user(self, text: str) -> list[str]:
        """Ids of the users a person may mean by a name, an e-mail or an id."""
        return users.find(text, self._index)

    def fitting_users(self, text: str) -> list[str]:
        """Ids of the users a person may mean by a part of a name or an e-mail."""
        return users.fitting(text, self.users)

    def user_name(self, user_id: str) -> str:
        """The name shown; of a user never seen, the id."""
        return self.labels.get(user_id, user_id)

    def is_active(self, user_id: str) -> bool:
        """False only for a user who was seen to be inactive."""
        known = self.shape.users.get(user_id)
        return known is None or known.is_active

    def is_visible(self, user_id: str) -> bool:
        """False for a user whom the connected one does not see, or who is gone."""
        return self.seen_at is None or user_id in self.shape.users

    @property
    def open_stages(self) -> list[Stage]:
        return [stage for stage in self.shape.stages if not stage.is_closed]

    def stage_name(self, stage: str) -> str:
        """What the org calls a stage; of one never seen, its API name."""
        return next((one.label for one in self.shape.stages if one.name == stage), stage)

    @property
    def phone_fields(self) -> dict[str, str]:
        """Fields that can be searched for a number: by `Object.Field`, the org's own label."""
        faxes = (*fields_of(LEAD, "Fax"), *fields_of(CONTACT, "Fax"))
        found = dict.fromkeys((*PHONE_FIELDS, *faxes), "")
        for object_name in (LEAD, CONTACT):
            for field_info in self.shape.fields.get(object_name, {}).values():
                if field_info.type == "phone":
                    found[f"{object_name}.{field_info.name}"] = field_info.label
        seen = self.seen_at is not None
        return {name: label for name, label in found.items() if label or not seen}

    def label_of(self, object_name: str, field_name: str) -> str:
        """What the org calls a field; of one never seen, its API name."""
        info = self.shape.fields.get(object_name, {}).get(field_name)
        return info.label if info else field_name

    def find_field(self, object_name: str, text: str) -> str | None:
        """The API name of the field a person means by its name, its label or both."""
        wanted = folded(text)
        fields = self.shape.fields.get(object_name, {}).values()
        exact = [one for one in fields if wanted in (folded(one.name), folded(field_label(one)))]
        found = exact or [one for one in fields if folded(one.label) == wanted]
        return found[0].name if len(found) == 1 else None

    def fields_to_fill(self, object_name: str) -> list[FieldInfo]:
        """Fields that a call could fill, by label."""
        fields = self.shape.fields.get(object_name, {}).values()
        return sorted(
            (
                one
                for one in fields
                if one.createable and is_supported(one.type) and not is_ours(object_name, one.name)
            ),
            key=lambda one: one.label.casefold(),
        )


def field_label(info: FieldInfo) -> str:
    """`Source (LeadSource)`: labels may repeat, names do not."""
    return f"{info.label} ({info.name})"


def org_view(store: Store, account_id: str) -> OrgView:
    remembered = store.shapes.get(account_id)
    shape = shape_from_json(remembered[1]) if remembered else None
    return OrgView(shape, remembered[0]) if remembered and shape else OrgView()
