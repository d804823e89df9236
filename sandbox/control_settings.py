"""Which switches make sense in an org: what a Salesforce admin could not set is refused."""

from collections.abc import Callable, Collection

from sandbox.org import Org
from sandbox.schema import Field
from sandbox.settings import SHARED

# Not under field-level security, but missing where the org has no Call Center.
_CALL_CENTER = {"CallDurationInSeconds", "CallType", "CallDisposition", "CallObject"}
_ENCRYPTABLE = {"string", "phone", "email", "textarea", "url"}


def check_settings(org: Org, given: Collection[str]) -> None:
    """Look at the switches of `given` names. Raises ValueError with what is wrong."""
    settings = org.settings
    for switch, fits in _FIELD_SWITCHES.items():
        for path in getattr(settings, switch) if switch in given else ():
            if not fits(_field(org, path)):
                raise ValueError(f"{switch}: not possible for {path}")
    if others := set(settings.view_all) - set(SHARED):
        raise ValueError(f"view_all: not of {', '.join(sorted(others))}")
    for name in [*settings.record_counts, *(kind.object for kind in settings.record_types)]:
        if org.object(name) is None:
            raise ValueError(f"no object {name}")


def _field(org: Org, path: str) -> Field:
    name, _, field_name = path.partition(".")
    schema = org.whole.object(name)
    field = schema.field(field_name) if schema else None
    if field is None:
        raise ValueError(f"no field {path}")
    return field


def _may_hide(field: Field) -> bool:
    """Field-level security leaves required fields to everybody (help, "Field-Level Security")."""
    required = field.get("custom") and not field.get("nillable") and field.type != "boolean"
    return field.name in _CALL_CENTER or (bool(field.get("permissionable")) and not required)


def _may_encrypt(field: Field) -> bool:
    return field.type in _ENCRYPTABLE and not field.get("unique")


_FIELD_SWITCHES: dict[str, Callable[[Field], bool]] = {
    "hidden_fields": _may_hide,
    "encrypted_fields": _may_encrypt,
    "field_changes": lambda _field: True,
}
