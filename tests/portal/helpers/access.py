"""Who may reach each route. A new route fails tests/portal/web/test_access.py until it is here."""

from enum import Enum

IN, SIGN_IN, REFUSED, MISSING, NO_KEY = "in", "sign in", "refused", "missing", "no key"
VISITORS = ("nobody", "member", "owner", "stranger", "support", "visiting")


class Access(Enum):
    """What nobody, a member, an owner, an owner of another account, support, and support on a
    visit meet, in this order. Where there is an account in the address, it is the one they are a
    member of, own, and visit."""

    OPEN = (IN, IN, IN, IN, IN, IN)
    ANYBODY = (SIGN_IN, IN, IN, IN, IN, IN)
    ACCOUNT = (SIGN_IN, IN, IN, MISSING, MISSING, IN)
    OWNER = (SIGN_IN, REFUSED, IN, MISSING, MISSING, REFUSED)
    CALLBACK = (SIGN_IN, REFUSED, IN, IN, REFUSED, REFUSED)
    """Without an account in the address: who owns one reads there that the answer is not right."""
    ONESELF = (SIGN_IN, IN, IN, IN, IN, REFUSED)
    STAFF = (SIGN_IN, REFUSED, REFUSED, REFUSED, IN, REFUSED)
    LEAVING = (SIGN_IN, REFUSED, REFUSED, REFUSED, IN, IN)
    KEY = (NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY)
    """Sessions mean nothing to programs' doors."""


ROUTES = {
    Access.OPEN: """
        static language.change guide.salesforce openapi.document
        health.alive health.ready health.metrics
        auth.sign_in auth.check auth.sign_out
        factor.code factor.check factor.first_time factor.finish_first_time
        forgotten.ask forgotten.send forgotten.choose forgotten.change
        invitations.read invitations.begin
    """,
    Access.ANYBODY: "index moved.on",
    Access.ACCOUNT: """
        calls.journal calls.show calls.again calls.all_again demo.page demo.send
        missed.page missed.export missed.count
        audit.page audit.visit preview.form preview.show
        preflight.page preflight.check preflight.fill test_call.page test_call.make test_call.remove
        salesforce.page salesforce.entities_news salesforce.entities_set
        salesforce.general_news salesforce.set_ceiling
        salesforce.add_number salesforce.remove_number
        salesforce.general_set salesforce.history salesforce.undo
        salesforce.lines_news salesforce.export_lines salesforce.remove_line salesforce.give_line
        salesforce.add_line salesforce.import_lines salesforce.lines_set
        salesforce.missed_calls_news salesforce.remove_row salesforce.add_turn
        salesforce.remove_turn salesforce.add_responsible salesforce.missed_calls_set
        salesforce.read_org salesforce.show_known salesforce.tell_connection
        salesforce.offer_users salesforce.offer_fields salesforce.offer_time_zones
        salesforce.own_fields_news salesforce.change_own_field
        salesforce.remove_own_field salesforce.add_own_field salesforce.choose_object
        salesforce.show_example salesforce.own_fields_set salesforce.switch
        salesforce.kinds_news salesforce.kinds_set salesforce.set_cell
        salesforce.hours_news salesforce.hours_set salesforce.set_week salesforce.preset_week
        salesforce.add_days_off salesforce.remove_day_off
    """,
    Access.OWNER: """
        salesforce.start salesforce.cancel salesforce.end
        salesforce.environment
        audit.end_visit
        team.page team.invite team.invite_again team.withdraw team.remove team.set_role
        keys.page keys.issue keys.end
    """,
    Access.CALLBACK: "consent.callback",
    Access.ONESELF: """
        start.accounts invitations.accept invitations.decline
        me.page me.password me.drop_factor me.end_session factor.set_up factor.finish
    """,
    Access.STAFF: "support.search support.account support.enter refused.page refused.show",
    Access.LEAVING: "support.leave",
    Access.KEY: """
        intake.calls
        admin_api.show admin_api.create admin_api.add_person admin_api.issue_key admin_api.end_key
    """,
}

DECLARED = {endpoint: access for access, names in ROUTES.items() for endpoint in names.split()}

WITHOUT_TOKEN = {"intake", "admin_api"}
"""Blueprints whose changes carry a key of their own rather than a form's token."""
