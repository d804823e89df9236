"""The cabinet speaks the person's language, else the browser's, and remembers the choice."""

import pytest


def language_of(answer):
    return answer.text.split('<html lang="')[1][:2]


@pytest.mark.parametrize(
    ("browser", "language"),
    [("uk-UA,uk;q=0.9,ru;q=0.8", "uk"), ("en-GB", "en"), ("de", "ru"), ("", "ru")],
)
def test_a_stranger_is_met_in_the_browsers_language(nobody, browser, language):
    answer = nobody.client.get("/sign-in", headers={"Accept-Language": browser})
    assert language_of(answer) == language


def test_a_strangers_choice_is_kept_in_a_cookie(nobody):
    nobody.get("/sign-in")
    answer = nobody.post("/language", language="uk")
    assert answer.status_code == 303
    assert language_of(nobody.get("/sign-in")) == "uk"


def test_a_persons_choice_follows_them_to_another_browser(owner, visit, store):
    owner.post("/language", language="en")
    assert store.accounts.person_by_email("owner@acme.example").language == "en"
    assert language_of(visit("owner").get("/salesforce")) == "en"


@pytest.mark.parametrize("language", ["", "tlh", "../ru"])
def test_other_languages_are_refused(owner, language):
    assert owner.post("/language", language=language).status_code == 400
