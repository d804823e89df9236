"""The tables of the settings page: what is in them, and a form of one as HTMX sends it."""


def policy(store):
    return store.policies.get("acme")


def lines(store):
    return {row.line: row.user_id for row in policy(store).lines}


def turns(store):
    return {row.external_line: row.user_ids for row in policy(store).missed_calls}


def send(owner, path, status=200, **form):
    answer = owner.post(f"/salesforce/{path}", htmx=True, **form)
    assert answer.status_code == status, answer.text
    return answer
