"""Whatever ends the launcher, nothing it started is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core import ROOT
from dev.guard import Guard
from dev.processes import Processes, Program

STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "60"])
print(os.getpid(), child.pid, flush=True)
time.sleep(60)
"""

LAUNCHER = """
import sys, time
from pathlib import Path
from dev.processes import Processes, Program
from dev.guard import Guard
from dev.run import Requests, Stopping, wait
folder = Path(sys.argv[1])
requests, guard = Requests(), Guard()
processes = Processes(guard, folder, lambda line: print(line, flush=True))
for name in ("queue", "portal", "worker"):
    processes.start(Program(name, [sys.executable, "-c", sys.argv[2]], {}, folder))
try:
    wait(requests, processes, until=lambda: False)
except Stopping:
    processes.stop(requests.hurry)
    guard.close()
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def processes(tmp_path: Path, said: list[str]) -> Processes:
    guard = Guard()
    yield (processes := Processes(guard, tmp_path, said.append))
    processes.stop(hurry=lambda: True)
    guard.close()


def until(true: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param([signal.SIGINT, signal.SIGINT], id="Ctrl-C twice"),
        pytest.param([signal.SIGTERM, signal.SIGTERM], id="terminated in a hurry"),
        pytest.param([signal.SIGHUP, signal.SIGINT], id="terminal closed"),
        pytest.param([signal.SIGKILL], id="killed"),
    ],
)
def test_nothing_is_left(tmp_path: Path, ending: list[int]) -> None:
    """The programs here ignore SIGTERM and have children of their own."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, tmp_path, STUBBORN],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    lines = [launcher.stdout.readline().partition("|")[2] for _ in range(3)]
    processes = [int(word) for line in lines for word in line.split()]
    assert len(processes) == 6
    assert all(map(alive, processes))
    for number in ending:
        os.kill(launcher.pid, number)
        time.sleep(0.1)
    launcher.wait(60)  # two requests at once may reach it as one, and that one is patient
    assert until(lambda: not any(map(alive, processes)))
    launcher.stdout.close()


def test_one_polite_request_stops_polite_programs_in_order(tmp_path: Path, said: list[str]) -> None:
    polite = """if True:
        import os, signal, sys, time
        def end(number, frame):
            os.write(1, b"ends\\n")  # the other print may not be over
            sys.exit()
        signal.signal(signal.SIGTERM, end)
        print("ready", flush=True)
        time.sleep(60)
    """
    guard = Guard()
    processes = Processes(guard, tmp_path, said.append)
    for name in ("queue", "worker"):
        processes.start(Program(name, [sys.executable, "-c", polite], {}, tmp_path))
    assert until(lambda: len(said) == 2)
    processes.stop(hurry=lambda: False)
    guard.close()
    assert [line.split()[0] for line in said[2:]] == ["worker", "queue"]
    assert (tmp_path / "worker.log").read_text() == "ready\nends\n"


def test_lines_of_many_programs_are_never_glued_together(tmp_path: Path) -> None:
    shown: list[str] = []

    def slowly(line: str) -> None:
        """As print() does: the text, then the end of the line."""
        shown.append(line.partition("| ")[2])
        time.sleep(0.001)
        shown.append("\n")

    guard = Guard()
    processes = Processes(guard, tmp_path, slowly)
    for name in ("queue", "portal", "worker"):
        many = f"for number in range(50): print('{name}', number)\nimport time; time.sleep(60)"
        processes.start(Program(name, [sys.executable, "-uc", many], {}, tmp_path))
    whole = until(lambda: len(shown) == 2 * 150)
    processes.stop(hurry=lambda: True)
    guard.close()
    assert whole
    assert set("".join(shown).splitlines()) == {
        f"{name} {number}" for name in ("queue", "portal", "worker") for number in range(50)
    }


def test_a_program_that_died_is_started_again(
    processes: Processes, tmp_path: Path, said: list[str]
) -> None:
    once = "import pathlib, time; pathlib.Path('was').touch(exist_ok=False); time.sleep(60)"
    (tmp_path / "was").touch()
    processes.start(Program("worker", [sys.executable, "-c", once], {}, tmp_path))
    assert until(lambda: processes.tend() or any("starting again in 1 s" in line for line in said))
    (tmp_path / "was").unlink()
    assert until(lambda: processes.tend() or (tmp_path / "was").exists())


def test_one_that_keeps_dying_ends_the_run(processes: Processes, tmp_path: Path) -> None:
    processes.most_ends = 2
    processes.start(Program("worker", ["false"], {}, tmp_path))
    with pytest.raises(SystemExit, match="worker stopped 2 times within a minute"):
        until(lambda: bool(processes.tend()))
