"""`make run`: the whole product on this machine, in one terminal.

lock and ports → queue server → migrations → demo accounts → Salesforce stand-in,
portal, worker → addresses → until Ctrl-C: worker, portal, stand-in, then queue server
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from dev import valkey
from dev.alone import refuse_taken_ports, take_lock
from dev.crew import Crew, Program
from dev.demo import Demo, environment, read_demo
from dev.guard import Guard

ROOT = Path(__file__).resolve().parent.parent
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping(Exception):
    """The person asked to stop while we were still starting."""


class Requests:
    """Counts how often we were asked to stop: once is politely, twice is at once."""

    def __init__(self) -> None:
        self.count = 0
        for number in STOP_SIGNALS:
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def hurry(self) -> bool:
        return self.count > 1


def main() -> None:
    """Run until asked to stop. Raises SystemExit with a line that says what is wrong."""
    demo = read_demo()
    demo.data.mkdir(parents=True, exist_ok=True)
    lock = take_lock(demo.data)
    refuse_taken_ports({"PORTAL_PORT": demo.portal_port, "SANDBOX_PORT": demo.sandbox_port})
    requests = Requests()
    guard = Guard(keep_open=[lock])
    crew = Crew(guard, demo.data / "logs", say)
    try:
        with suppress(Stopping):
            start(demo, environment(demo), crew, requests)
            wait(requests, crew, until=lambda: False)
        say("\nStopping …")
    finally:
        crew.stop(requests.hurry)
        guard.close()
    say("Stopped; the data stay in " + os.path.relpath(demo.data))


def start(demo: Demo, variables: Mapping[str, str], crew: Crew, requests: Requests) -> None:
    """Start everything in order and say where it is. Raises Stopping."""
    began = time.monotonic()
    redis_url = variables["REDIS_URL"]
    if redis_url == valkey.url(demo.data / "valkey"):
        server = valkey.command(demo.data / "valkey")
        crew.start(Program("queue", server, variables, ROOT, quiet=True))
    wait(requests, crew, until=lambda: valkey.answers(redis_url))
    finish("alembic", "upgrade", "head", variables=variables)
    sign_in = finish("flask", "--app", "wsgi", "seed-demo", variables=variables)
    for name, command in programs(demo, variables).items():
        crew.start(Program(name, [sys.executable, "-m", *command], variables, ROOT))
    ports = (demo.portal_port, demo.sandbox_port)
    wait(requests, crew, until=lambda: all(map(listens, ports)))
    say(welcome(demo, sign_in, time.monotonic() - began))


def programs(demo: Demo, variables: Mapping[str, str]) -> dict[str, list[str]]:
    """The Python modules to run, in the order in which they start."""
    portal = ["gunicorn", "--workers=1", "--worker-class=gthread", "--threads=8"]
    portal += ["--graceful-timeout=4", "--no-control-socket"]
    portal += [f"--bind=127.0.0.1:{demo.portal_port}", "wsgi:app"]
    sandbox = ["sandbox", "--data", str(demo.data / "sandbox"), "--port", str(demo.sandbox_port)]
    sandbox += ["--client-id", variables["SALESFORCE_CLIENT_ID"]]
    sandbox += ["--client-secret", variables["SALESFORCE_CLIENT_SECRET"]]
    sandbox += ["--callback-url", demo.callback_url]
    return {"org": sandbox, "portal": portal, "worker": ["worker"]}


def welcome(demo: Demo, sign_in: str, seconds: float) -> str:
    """What the person needs to know, once everything answers."""
    indented = sign_in.strip().replace("\n", "\n  ")
    return f"""
  Portal                    {demo.portal_url}
  Salesforce stand-in org   {demo.sandbox_url}

  {indented}

  Started in {seconds:.1f} s. Data and logs: {os.path.relpath(demo.data)}. Ctrl-C stops everything.
"""


def finish(*module: str, variables: Mapping[str, str]) -> str:
    """Run one Python module to its end and return what it printed. Raises SystemExit."""
    command = [sys.executable, "-m", *module]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,  # Ctrl-C lets it come to its end: it takes a second
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\n{' '.join(module)} failed; see above.")
    return done.stdout


def wait(requests: Requests, crew: Crew, until: Callable[[], bool]) -> None:
    """Keep the crew alive until the condition holds. Raises Stopping."""
    while not until():
        if requests.count:
            raise Stopping
        crew.tend()
        time.sleep(0.1)


def listens(port: int) -> bool:
    """Whether somebody accepts connections on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def say(line: str) -> None:
    """Show a line; a terminal that was closed meanwhile is no reason to die."""
    with suppress(OSError):
        print(line, flush=True)


if __name__ == "__main__":
    main()
