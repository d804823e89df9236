"""Pages of an org's Setup, where what a look found is mended.

Source: paths of Lightning Setup as Salesforce's own documents and open-source switchers of Setup
pages give them (Trailhead "Navigate Setup"; `/lightning/setup/<Node>/home`). They are opened on the
org's My Domain, which sends the browser on to its Lightning domain.
"""

from __future__ import annotations

_PAGES = {
    "packages": "ImportedPackage/home",
    "permission_sets": "PermSets/home",
    "storage": "CompanyResourceDisk/home",
    "company": "CompanyProfileInfo/home",
    "encryption": "EncryptionPolicy/home",
    "duplicate_rules": "DuplicateRules/home",
    "sharing": "SecuritySharing/home",
    "users": "ManageUsers/home",
    "stages": "ObjectManager/Opportunity/FieldsAndRelationships/view",
}
_FIELDS = "fields/"
"""`fields/Lead`: the fields of an object."""


def setup_page(instance_url: str, name: str) -> str:
    """The page's address in this org; empty without a name. Raises KeyError for an unknown one."""
    if not name:
        return ""
    if name.startswith(_FIELDS):
        path = f"ObjectManager/{name.removeprefix(_FIELDS)}/FieldsAndRelationships/view"
    else:
        path = _PAGES[name]
    return f"{instance_url}/lightning/setup/{path}"
