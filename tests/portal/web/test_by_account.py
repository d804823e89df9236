"""What the session keeps by account: the newest few, whatever their names."""

from flask import Flask, session

from portal.salesforce import consent
from portal.web import flashes
from portal.web.by_account import MOST, keep, kept, take


def test_the_newest_stay(app: Flask):
    names = [f"account-{number}" for number in range(2 * MOST, 0, -1)]
    with app.test_client() as client:
        for name in names:
            with client.session_transaction() as cookie, app.test_request_context():
                session.update(cookie)
                keep("thing", name, name.upper())
                keep("thing", names[0], "again")
                cookie.update(session)
        with client.session_transaction() as cookie, app.test_request_context():
            session.update(cookie)
            assert set(kept("thing")) == {names[0], *names[-MOST + 1 :]}
            assert take("thing", names[-1]) == names[-1].upper()
            assert take("thing", names[-1]) is None
            assert take("thing", names[0]) == "again"


def test_answers_of_many_accounts_do_not_swell_the_cookie(app: Flask):
    with app.test_request_context():
        attempts = [consent.begin(f"account-{n}", confirmed_org="") for n in range(4 * MOST)]
        for attempt in attempts:
            consent.connected(attempt)
        known = [one.account for one in attempts if consent.connected_by(one.state)]
    assert known == [one.account for one in attempts[-MOST:]]


def test_the_newest_messages_wait_for_an_accounts_next_page(app: Flask):
    with app.test_request_context("/a/mine/salesforce"):
        for number in range(2 * flashes.MOST):
            flashes.tell(f"message {number}", "good")
        newest = range(flashes.MOST, 2 * flashes.MOST)
        assert flashes.flashes() == [("good", f"message {number}") for number in newest]
        assert flashes.flashes() == []
