from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dev.check_org.helpers.rig import Rig


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made = Rig(tmp_path)
    monkeypatch.setenv("PATH", made.path, prepend=":")
    yield made
    made.close()
