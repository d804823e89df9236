import signal

import pytest

from tests.helpers.running import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Portal, workers, queue and stand-in org, as a newcomer has them after `make run`."""
    run = Run(tmp_path_factory.mktemp("run") / "data")
    assert run.ready(), run.log.read_text()
    yield run
    run.process.send_signal(signal.SIGINT)
    run.process.wait(30)
