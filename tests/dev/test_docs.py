"""What the environment can hold is described; what is described exists."""

import re
from pathlib import Path

import pytest

from core.config import Config

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = {name.upper() for name in Config.model_fields}


def test_operations_describes_every_variable() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    table = text.partition("## Environment")[2].partition("\n## ")[0]
    first_columns = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(first_columns))) == VARIABLES


def test_the_template_names_every_variable_once() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(names) == sorted(VARIABLES)


@pytest.mark.parametrize("name", ["SALESFORCE_LOGIN_URL", "PACKAGE_URL", "WORKERS", "MAIL_FROM"])
def test_the_template_shows_the_real_default(name: str) -> None:
    line = next(
        line
        for line in (ROOT / ".env.example").read_text().splitlines()
        if line.startswith(f"{name}=")
    )
    assert line.partition("=")[2] == str(Config.model_fields[name.lower()].default)
