"""The whole product, started and stopped as `make run` does it."""

import signal
import urllib.request
from pathlib import Path

from tests.helpers.running import Run


def test_it_leaves_nothing_behind_but_its_data(tmp_path: Path) -> None:
    """Started, killed with -9, started again on the same data, stopped by one Ctrl-C."""
    data = tmp_path / "data"
    killed = Run(data)
    assert killed.ready(), killed.log.read_text()
    with urllib.request.urlopen(killed.portal, timeout=10) as answer:
        assert answer.status == 200
    programs = " ".join(killed.left())
    for program in ("-m gunicorn", "-m worker", "-m sandbox", "valkey"):
        assert program in programs
    assert killed.workers() == 3, killed.log.read_text()
    secrets = (data / "demo.env").read_text()
    assert (data / "demo.env").stat().st_mode & 0o777 == 0o600
    killed.process.kill()
    killed.process.wait()

    stopped = Run(data)  # it waits until the first one's remains are gone
    assert stopped.ready(), stopped.log.read_text()
    assert (data / "demo.env").read_text() == secrets
    stopped.process.send_signal(signal.SIGINT)
    assert stopped.process.wait(30) == 0
    assert stopped.left() == []
