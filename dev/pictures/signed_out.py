"""What somebody sees who is not signed in: the doors of the cabinet, open and shut."""

import re
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from playwright.sync_api import Page

from dev.pictures.pages import MEMBER, STAFF, enter_password

TOO_MANY = 429
SUBMIT = "main form button[type=submit]"


def every_state(page: Page, portal: str, mail: Path) -> Iterator[str]:
    """`mail`: the folder into which the product writes its letters."""
    page.goto(f"{portal}/sign-in")
    yield "sign-in"
    enter_password(page, "nobody@unitalk.example", "not the password")
    yield "sign-in-refused"
    page.goto(f"{portal}/forgotten")
    yield "forgotten"
    letters = set(mail.glob("*"))
    page.fill("#email", MEMBER[0])
    page.locator(SUBMIT).click()
    yield "forgotten-sent"
    page.goto(portal + _link(mail, letters))
    yield "new-password"
    page.fill("#password", "unitalk.example")
    page.locator(SUBMIT).click()
    yield "new-password-refused"
    _open_patiently(page, f"{portal}/password/no-such-link")
    yield "link-ended"
    page.goto(f"{portal}/sign-in")
    enter_password(page, *STAFF)
    yield "second-step"
    page.fill("#code", "000000")
    page.locator(SUBMIT).click()
    yield "second-step-refused"


def _open_patiently(page: Page, address: str) -> None:
    """Links may be tried a few times a minute, and each language tries some."""
    while (answer := page.goto(address)) and answer.status == TOO_MANY:
        page.wait_for_timeout(5_000)


def _link(mail: Path, known: set[Path]) -> str:
    """The path in the letter that came after these. Raises SystemExit when none comes."""
    for _ in range(100):
        for letter in set(mail.glob("*")) - known:
            text = message_from_bytes(letter.read_bytes(), policy=default).get_content()
            if found := re.search(r"/password/[\w-]+", text):
                return found[0]
        time.sleep(0.1)
    raise SystemExit(f"No letter with a link came to {mail}")
