"""A stand-in org of its own for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.salesforce.helpers.stand_in import StandIn


@pytest.fixture
def org(tmp_path: Path) -> Iterator[StandIn]:
    made = StandIn(tmp_path / "org")
    yield made
    made.close()
