"""What a person of one account meets with the ids of another. A new route, or a new name in a form,
fails tests/portal/web/test_walls.py until it is here."""

VISITORS = ("owner", "member", "visiting")
"""Of an account: an owner, a member, and support on a visit to it."""

ANSWERS = {
    (200, 200, 200): """
        audit.page calls.journal missed.page missed.export
        salesforce.page salesforce.history salesforce.export_lines salesforce.offer_users
        salesforce.offer_fields
    """,
    (200, 200, 403): "me.page start.accounts",
    (200, 403, 403): "keys.page team.page",
    # To a page; what is asked to be removed is not there, which is what was wanted.
    (303, 303, 303): """
        calls.all_again salesforce.remove_line salesforce.remove_number salesforce.remove_own_field
        salesforce.remove_row salesforce.entities_news salesforce.general_news salesforce.lines_news
        salesforce.missed_calls_news salesforce.own_fields_news moved.on salesforce.kinds_news
        salesforce.hours_news missed.count
    """,
    (303, 303, 403): "me.end_session",
    (303, 403, 403): "audit.end_visit",
    (403, 403, 403): "support.account support.enter refused.page refused.show",
    (404, 404, 404): "audit.visit calls.show calls.again salesforce.undo",
    (404, 404, 403): "invitations.accept invitations.decline",
    (404, 403, 403): "keys.end team.remove team.set_role team.invite_again team.withdraw",
    (422, 422, 422): """
        salesforce.add_turn salesforce.remove_turn salesforce.give_line salesforce.change_own_field
    """,
}
"""By what the three VISITORS are answered: routes with an id of an account in their address, in
their form or behind the question mark, and the pages that show what an account has. Each answer is
the same as for an id that does not exist."""

WALLS = {endpoint: answers for answers, names in ANSWERS.items() for endpoint in names.split()}

_PLAIN_ROUTES = """
    index preview.form preview.show demo.page demo.send support.search support.leave
    preflight.page preflight.check preflight.fill test_call.page test_call.make
    test_call.remove
    me.password me.drop_factor factor.set_up factor.finish keys.issue team.invite
    salesforce.add_line salesforce.add_number salesforce.add_own_field salesforce.add_responsible
    consent.callback salesforce.cancel salesforce.choose_object salesforce.end
    salesforce.entities_set salesforce.environment salesforce.general_set salesforce.import_lines
    salesforce.lines_set salesforce.missed_calls_set salesforce.offer_time_zones
    salesforce.own_fields_set salesforce.read_org salesforce.set_ceiling salesforce.show_example
    salesforce.show_known salesforce.start salesforce.switch salesforce.tell_connection
    salesforce.kinds_set salesforce.set_cell salesforce.hours_set salesforce.set_week
    salesforce.preset_week salesforce.add_days_off salesforce.remove_day_off
"""
WITHOUT_IDS = set(_PLAIN_ROUTES.split())
"""Only add to, or ask about, the account that the person is in. (Anybody may be invited.)"""

_PLAIN_NAMES = """
    answered at block changed client_id client_secret code confirmed_org direction door enabled
    environment error error_description external_line field flow from hours kind language left
    line my_domain name next object page password present q reason role saved shown since state
    template text then until user value when which
"""
NAMES_WITHOUT_IDS = set(_PLAIN_NAMES.split())
"""What forms and addresses carry that names nothing which an account has."""
