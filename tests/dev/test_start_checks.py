"""What is wrong is said in one line, before anything starts."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core import ROOT
from dev.start_checks import refuse_taken_ports, take_lock
from tests.helpers.ports import free_port


def run(data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`make run` without its set-up, in a data folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dev.run"],
        cwd=ROOT,
        env={**os.environ, "DATA_FOLDER": str(data), **variables},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_a_port_in_use_is_one_line_that_names_the_variable(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(tmp_path, SANDBOX_PORT=str(port), PORTAL_PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use; choose another: SANDBOX_PORT=")
    assert (done.stdout + done.stderr).count("\n") == 1


def test_one_port_for_both_is_one_line_that_names_both_variables(tmp_path: Path) -> None:
    port = str(free_port())
    done = run(tmp_path, PORTAL_PORT=port, SANDBOX_PORT=port)
    assert done.stderr.startswith(f"PORTAL_PORT and SANDBOX_PORT are both {port}; choose another:")
    assert (done.stdout + done.stderr).count("\n") == 1


def test_a_port_that_is_no_number_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, PORTAL_PORT="http")
    assert done.stderr == "PORTAL_PORT must be a port number, 1 to 65535.\n"


def test_a_second_run_on_the_same_data_is_one_line(tmp_path: Path) -> None:
    lock = take_lock(tmp_path)
    done = run(tmp_path)
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr.startswith(f"It is already running with this data (process {os.getpid()})")
    os.close(lock)


def test_the_lock_is_free_once_its_owner_is_gone(tmp_path: Path) -> None:
    os.close(take_lock(tmp_path))
    os.close(take_lock(tmp_path))


def test_a_port_just_given_up_is_free() -> None:
    port = free_port()
    refuse_taken_ports({"PORTAL_PORT": port})
    with socket.socket() as taken, pytest.raises(SystemExit):
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refuse_taken_ports({"PORTAL_PORT": port})
