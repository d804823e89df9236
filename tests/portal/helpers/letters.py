"""The mails of the demo's folder, read as a person reads them."""

import email
import re
from email.policy import default
from pathlib import Path

from core.config import Config


def letters(config: Config) -> list[str]:
    """Texts of all mails, in any order."""
    files = sorted(Path(config.mail_folder or "").glob("*.eml"))
    mails = (email.message_from_bytes(one.read_bytes(), policy=default) for one in files)
    return [str(one.get_content()) for one in mails]


def link_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/(?:password|invitation)/\S+)", text)
    assert found, text
    return found[1]
