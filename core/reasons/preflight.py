"""What a look at an org found before calls are written there: what it costs, what mends it.

The family `hold`, `task.no_key` and the family `own` are found there as well.
"""

from __future__ import annotations

from core.reasons.declare import Words, reason

# The org as a whole.


@reason("The UniTalk package is installed, version {version}.")
def package(version: str) -> None: ...


@reason("The fields of the UniTalk package are there.")
def package_some() -> None: ...


@reason(
    "The UniTalk package is not installed. Calls are written all the same, but one whose answer is"
    " lost on the way may be written twice, and two calls at the same moment may make two records"
    " of one client."
)
def package_missing() -> None: ...


@reason(
    "The UniTalk package {version} is installed, but its fields are hidden from the connected user,"
    " so it is of no use. Give the user the permission set “UniTalk Integration”."
)
def package_hidden(version: str) -> None: ...


@reason("Salesforce answers our version of its API, {version}.")
def api_version(version: str) -> None: ...


@reason("{used} of {allowed} API calls are used within 24 hours, by all programs together.")
def api_calls(used: int, allowed: int) -> None: ...


@reason(
    "{used} API calls are used within 24 hours, by all programs together. At {most} calls wait"
    " until there are fewer."
)
def api_calls_near(used: int, most: int) -> None: ...


@reason(
    "{used} API calls are used within 24 hours, by all programs together, and at {most} calls wait:"
    " nothing is written until there are fewer."
)
def api_calls_gone(used: int, most: int) -> None: ...


@reason("There is room for data: {left} MB.")
def storage(left: int) -> None: ...


@reason("There is little room for data: {left} MB. Without any, no call can be written.")
def storage_little(left: int) -> None: ...


@reason("There is no room for data: no call can be written. Free some, or buy more.")
def storage_full() -> None: ...


@reason("The org keeps the same time as this account, {zone}.")
def time_zone(zone: str) -> None: ...


@reason(
    "The org keeps the time of {org}, this account that of {ours}. Telephony’s times are read as"
    " the account’s: if calls stand at a wrong hour in Salesforce, choose another time zone here."
)
def time_zone_other(org: str, ours: str) -> None: ...


@reason(
    "Salesforce does not tell the connected user everything: its room for data, its duplicate rules"
    " or how many records there are. Nothing depends on it; the permission “View Setup and"
    " Configuration” would show it here."
)
def not_told() -> None: ...


# Fields.


@reason("Numbers are looked for in {fields}.")
def phones(fields: str) -> None: ...


@reason(
    "The connected user does not see {fields}. A client whose number stands only there is not"
    " recognised and gets a second record."
)
def phones_hidden(fields: str) -> None: ...


@reason(
    "{fields} cannot be searched, as with fields that are encrypted. A client whose number stands"
    " only there is not recognised and gets a second record."
)
def phones_encrypted(fields: str) -> None: ...


@reason(
    "The connected user may not create records of {objects}: Salesforce would refuse every call"
    " that needs one."
)
def cannot_create(objects: str) -> None: ...


@reason(
    "The connected user sees no opportunities or no contact roles: calls are logged on the contact"
    " alone, and no opportunity is created."
)
def opportunities_hidden() -> None: ...


@reason(
    "The connected user does not see {fields}. Of several records a call may go to the wrong one."
)
def not_read(fields: str) -> None: ...


@reason("The connected user may not fill {fields}: calls are written without.")
def left_out(fields: str) -> None: ...


@reason("The connected user may not change {fields}: Salesforce would refuse calls that need it.")
def not_changed(fields: str) -> None: ...


@reason(
    "Everything that a call fills may be filled: {count} field.",
    "Everything that a call fills may be filled: {count} fields.",
)
def fields(count: int) -> None: ...


@reason(
    "Tasks cannot be searched for the key of their call: one whose answer is lost on the way may be"
    " written twice. The UniTalk package mends it."
)
def key_unsearchable() -> None: ...


@reason(
    "Fields of the UniTalk package are hidden from the connected user or cannot be filled:"
    " {fields}. Without them a call or a client may be written twice, and reports lack the external"
    " line. Give the user the permission set “UniTalk Integration”."
)
def package_fields(fields: str) -> None: ...


# The org's rules and lists.


@reason(
    "“{label}” ({field}) must be filled in every new record, and nothing fills it: Salesforce would"
    " refuse them. Fill it as an own field, or make it optional in Salesforce."
)
def required(label: str, field: str) -> None: ...


@reason(
    "“{label}” ({field}) must be filled in every new record, and cannot be filled from here:"
    " Salesforce would refuse them. Make it optional in Salesforce, or give it a default value."
)
def required_unfillable(label: str, field: str) -> None: ...


@reason(
    "“{label}” ({field}) must be filled in every new record, and its own field stays empty for some"
    " calls, such as missed ones: Salesforce would refuse their records. Give the own field a text"
    " that every call has, or make it optional in Salesforce."
)
def required_sometimes(label: str, field: str) -> None: ...


@reason("No field must be filled that a call does not fill.")
def required_none() -> None: ...


@reason("{count} own field can be filled.", "{count} own fields can be filled.")
def own_fields(count: int) -> None: ...


@reason(
    "Active duplicate rules: {rules}. When one refuses a new record, the call goes to the record"
    " that it names; one that names none stops the call."
)
def duplicates(rules: str) -> None: ...


@reason("No duplicate rule is active for what calls create.")
def duplicates_none() -> None: ...


@reason("New opportunities get the stage “{stage}”.")
def stage(stage: str) -> None: ...


@reason("The stage “{stage}” of the settings is closed or gone. “{instead}” is used instead.")
def stage_gone(stage: str, instead: str) -> None: ...


@reason("The org has no open stage: no opportunity can be created or opened again.")
def no_open_stage() -> None: ...


@reason("New records get the connected user’s default record type. {types}.")
def record_types(types: str) -> None: ...


# Records.


@reason("The connected user sees every record of {objects}.")
def sharing_all(objects: str) -> None: ...


@reason(
    "The connected user does not see all records of {objects}. A client whom only others see is not"
    " recognised and gets a second record. Give the user “View All” on these objects: the"
    " permission set “UniTalk Integration” has it."
)
def sharing(objects: str) -> None: ...


@reason(
    "Salesforce does not tell whether the connected user sees all records of {objects}. If not, a"
    " client whom only others see gets a second record. The permission set “UniTalk Integration”"
    " has “View All” on these objects. “View Setup and Configuration” would tell."
)
def sharing_unknown(objects: str) -> None: ...


@reason(
    "New contacts get no account, and Salesforce shows such contacts to their owner and to"
    " administrators alone, whatever the sharing. Three ways out: one account for all; an account"
    " of its own for each; or “View All” on contacts for colleagues."
)
def contacts_private() -> None: ...


@reason("Looking for a number takes {seconds} s now.")
def look_up(seconds: str) -> None: ...


@reason(
    "Looking for a number takes {seconds} s: Salesforce reads every record for it. Single calls are"
    " written a little later; after an outage a backlog is worked off slowly."
)
def look_up_slow(seconds: str) -> None: ...


@reason(
    "Salesforce did not answer a look-up ({code}): nobody who calls could be recognised, so calls"
    " would wait."
)
def look_up_refused(said: Words) -> None: ...


@reason(
    "About so many records are searched: {counts}. Each look-up reads them all, so that a number is"
    " found however it is written."
)
def records(counts: str) -> None: ...


@reason(
    "No account can be made for a new contact: the connected user may not create accounts or may"
    " not put contacts under them. Contacts get none, and Salesforce shows such contacts to their"
    " owner and to administrators alone."
)
def accounts_not_made() -> None: ...


# People.


@reason(
    "{count} user of the tables is active in Salesforce.",
    "{count} users of the tables are active in Salesforce.",
)
def users(count: int) -> None: ...


@reason("Inactive in Salesforce: {users}. Their calls go to the next in question.")
def users_inactive(users: str) -> None: ...


@reason(
    "Of the users in the tables these are not in Salesforce any more: {users}. Their calls go to"
    " the next in question."
)
def users_gone(users: str) -> None: ...


@reason(
    "Salesforce shows the connected user nobody else: employees have to be entered by their"
    " Salesforce ids."
)
def users_hidden() -> None: ...
