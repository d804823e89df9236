"""English: what the rules decided, and why."""

RULES: dict[str, str] = {
    # Skipped or held
    "skip.off": "The integration is off.",
    "skip.not_connected": "No Salesforce is connected.",
    "skip.internal": "Internal call.",
    "skip.withheld": "The number is withheld or is not a number: “{number}”.",
    "skip.excluded": "Excluded number: {number} is on your exclusion list.",
    "skip.own_line": "Excluded number: {number} is your own external line.",
    "skip.lead_converted": "Lead “{name}” is converted; by your settings its calls are ignored.",
    "skip.outgoing_converted": "Outgoing call to converted lead “{name}”; by your settings"
    " outgoing calls create nothing.",
    "skip.outgoing_unknown": "Unknown number, outgoing call; by your settings it creates nothing.",
    "hold.connection_dead": "The connection to Salesforce is lost. The call waits until you"
    " reconnect, then it is delivered.",
    "hold.disconnected": "Salesforce was disconnected while this call waited. Connect it again and"
    " the call is delivered.",
    "already.written": "The call is in Salesforce already; it is not written again.",
    # Written
    "write.lead_found": "Logged on lead “{name}”.",
    "write.lead_created": "No lead had this number: a lead was created and the call logged on it.",
    "write.lead_created_again": "Lead “{name}” is converted: a new lead was created and the call"
    " logged on it.",
    "write.contact_first": "Logged on contact “{name}”: a known contact comes before leads.",
    "write.contact_found": "Logged on contact “{name}”.",
    "write.contact_created": "No contact had this number: a contact was created and the call logged"
    " on it.",
    "write.same_person": "Logged on “{name}”, the record of another call from this number.",
    "write.named": "Salesforce named “{name}” as a duplicate: the call was logged there.",
    "write.converted_contact": "The lead is converted: logged on its contact “{name}”.",
    "write.contact_only": "Outgoing call: logged on contact “{name}” without an opportunity.",
    "write.no_open_stage": "Logged on contact “{name}” alone: the org has no open opportunity"
    " stage.",
    "write.opportunities_hidden": "Logged on contact “{name}” alone: the connected user may not see"
    " opportunities or link them to contacts (contact roles), so a new one would not be found"
    " again.",
    "write.opportunity_open": "Logged on open opportunity “{opportunity}”.",
    "write.opportunity_reopened": "Closed opportunity “{opportunity}” was reopened at stage"
    " “{stage}” and the call logged on it.",
    "write.opportunity_created": "Opportunity “{opportunity}” was created and the call logged"
    " on it.",
    "write.opportunity_created_again": "All opportunities were closed: a new one, “{opportunity}”,"
    " was created and the call logged on it.",
    "write.same_opportunity": "Logged on opportunity “{opportunity}” of another call from this"
    " contact.",
    # On the way there
    "person.others": "Several records have this number; “{chosen}” was taken: unconverted"
    " before converted, then the most recently changed. Others: {names}.",
    "person.remembered": "“{name}” was created for this number earlier.",
    "contact.no_account": "Salesforce does not take new contacts under the account you chose"
    " ({account}): the contact was created without one. Choose another in the settings.",
    "opportunity.others": "Several opportunities are open; the most recently changed,"
    " “{chosen}”, was taken. Others: {names}.",
    "opportunity.close_date": "Its close date had passed and was moved to {date}.",
    "opportunity.stage_gone": "Stage “{stage}” is no longer open in Salesforce; “{instead}”"
    " was used.",
    "owner.line": "Internal SIP number {line} belongs to {user}.",
    "owner.no_line": "Telephony named no internal SIP number for this call.",
    "owner.unmapped_line": "Internal SIP number {line} is not in the table.",
    "owner.missed_line": "{user} is responsible for calls missed on {line}.",
    "owner.missed_any": "{user} is responsible for missed calls.",
    "owner.record": "The task goes to {user}, the owner of “{name}”.",
    "owner.queue": "“{name}” belongs to a queue, and a task needs a person.",
    "owner.inactive": "{user} is inactive in Salesforce.",
    "owner.unknown": "User {user} does not exist in Salesforce any more.",
    "owner.refused": "Salesforce does not accept {user} as an owner.",
    "owner.default": "The default responsible is {user}.",
    "owner.connected": "It goes to {user}, who connected Salesforce.",
    "owner.nobody": "No user is left to choose; Salesforce decides the owner.",
    "task.open": "A task to call back, due {due}.",
    "task.no_key": "Salesforce shows no field for the call's number (install the package or allow"
    " CallObject): should a reply get lost, this call may be written twice.",
    "field.left_out": "{field} was left out: the connected user cannot write it.",
    "field.cut": "{field} was too long and was cut.",
    # Own fields
    "own.refused": "{field} was left out: Salesforce refused it.",
    "own.hidden": "{field} was left out: it does not exist or is hidden from the connected user.",
    "own.reserved": "{field} is filled by the integration itself.",
    "own.read_only": "{field} cannot be written.",
    "own.type": "{field}: fields of type {type} cannot be filled from a text.",
    "own.no_template": "{field}: enter a value.",
    "own.unknown_variable": "{field}: there is no variable {{{variable}}}.",
    "own.empty": "{field} was left out: the value is empty for this call.",
    "own.too_long": "{field}: “{value}” is too long.",
    "own.not_url": "{field}: “{value}” is not an address of a page.",
    "own.not_email": "{field}: “{value}” is not an e-mail address.",
    "own.not_checkbox": "{field}: “{value}” is neither yes nor no.",
    "own.not_number": "{field}: “{value}” is not a number.",
    "own.too_big": "{field}: “{value}” is too big.",
    "own.not_date": "{field}: “{value}” is not a date.",
    "own.not_datetime": "{field}: “{value}” is not a date with a time.",
    "own.not_in_list": "{field}: “{value}” is not among its allowed values.",
    "own.person_account": "{fields}: own fields of a person account cannot be written.",
}
