"""Pages of an org's Setup, where what a look found is mended.

Source: paths of Lightning Setup as Salesforce's own documents and open-source switchers of Setup
pages give them (Trailhead "Navigate Setup"; `/lightning/setup/<Node>/home`). They are opened on the
org's My Domain, which sends the browser on to its Lightning domain.
"""

from __future__ import annotations

PAGES = {
    "packages": "ImportedPackage/home",
    "permission_sets": "PermSets/home",
    "storage": "CompanyResourceDisk/home",
    "company": "CompanyProfileInfo/home",
    "encryption": "EncryptionPolicy/home",
    "duplicate_rules": "DuplicateRules/home",
    "sharing": "SecuritySharing/home",
    "users": "ManageUsers/home",
    "fields": "ObjectManager/{}/FieldsAndRelationships/view",
    "validation_rules": "ObjectManager/{}/ValidationRules/view",
}
"""By name; `fields/Lead` names the fields of an object."""


def setup_page(instance_url: str, name: str) -> str:
    """The page's address in this org. Raises KeyError for a name that is not among PAGES."""
    kind, _, of = name.partition("/")
    return f"{instance_url}/lightning/setup/{PAGES[kind].format(of)}"
