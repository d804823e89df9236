"""`make run`: the whole product on this machine, in one terminal.

lock and ports → queue server, Salesforce stand-in, portal; meanwhile migrations and demo
accounts → worker → addresses → until Ctrl-C: worker, portal, stand-in, then queue server
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from core import ROOT
from dev import valkey
from dev.demo import Demo, environment, read_demo
from dev.guard import Guard
from dev.processes import Processes, Program
from dev.start_checks import refuse_taken_ports, take_lock

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping(Exception):
    """The person asked to stop while we were still starting."""


class Requests:
    """Counts how often we were asked to stop: once is politely, twice is at once."""

    def __init__(self) -> None:
        self.count = 0
        for number in STOP_SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def hurry(self) -> bool:
        return self.count > 1


def main() -> None:
    """Run until asked to stop. Raises SystemExit with a line that says what is wrong."""
    demo = read_demo()
    demo.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take_lock(demo.data)
    refuse_taken_ports({"PORTAL_PORT": demo.portal_port, "SANDBOX_PORT": demo.sandbox_port})
    requests = Requests()
    guard = Guard(keep_open=[lock])
    processes = Processes(guard, demo.data / "logs", say)
    try:
        with suppress(Stopping):
            start(demo, environment(demo), processes, requests)
            wait(requests, processes, until=lambda: False)
        say("\nStopping …")
    finally:
        processes.stop(requests.hurry)
        guard.close()
    say(f"Stopped. The data stay in {shown(demo.data)}")


def start(
    demo: Demo, variables: Mapping[str, str], processes: Processes, requests: Requests
) -> None:
    """Start everything in order and say where it is. Raises Stopping."""

    def go(name: str, command: list[str], quiet: bool = False) -> None:
        processes.start(Program(name, command, variables, ROOT, quiet))

    began = time.monotonic()
    redis_url = variables["REDIS_URL"]
    if redis_url == valkey.url(demo.data / "valkey"):
        go("queue", valkey.command(demo.data / "valkey"), quiet=True)
    go("org", sandbox(demo, variables))
    go("portal", portal(demo))  # loads on one processor while the other prepares the database
    sign_in = finish("dev.prepare", variables=variables)
    wait(requests, processes, until=lambda: valkey.answers(redis_url))
    go("worker", python("worker"))
    ports = (demo.portal_port, demo.sandbox_port)
    wait(requests, processes, until=lambda: all(map(serves, ports)))
    say(welcome(demo, sign_in, time.monotonic() - began))


def sandbox(demo: Demo, variables: Mapping[str, str]) -> list[str]:
    """The command line of the stand-in org, which knows our app as Salesforce would."""
    options = {
        "data": demo.data / "sandbox",
        "port": demo.sandbox_port,
        "client-id": variables["SALESFORCE_CLIENT_ID"],
        "client-secret": variables["SALESFORCE_CLIENT_SECRET"],
        "callback-url": demo.callback_url,
    }
    return python("sandbox", *(f"--{name}={value}" for name, value in options.items()))


def portal(demo: Demo) -> list[str]:
    """The command line of the portal, as in production but for its size."""
    size = ["--workers=1", "--worker-class=gthread", "--threads=8"]
    ending = ["--graceful-timeout=4", "--no-control-socket"]
    return python("gunicorn", *size, *ending, f"--bind=127.0.0.1:{demo.portal_port}", "wsgi:app")


def python(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module with this Python."""
    return [sys.executable, "-m", module, *arguments]


def welcome(demo: Demo, sign_in: str, seconds: float) -> str:
    """What the person needs to know, once everything answers."""
    indented = sign_in.strip().replace("\n", "\n  ")
    return f"""
  Portal                    {demo.portal_url}
  Salesforce stand-in org   {demo.sandbox_url}

  {indented}

  Ready after {seconds:.1f} s. Data and logs: {shown(demo.data)}. Ctrl-C stops everything.
"""


def finish(*module: str, variables: Mapping[str, str]) -> str:
    """Run one Python module to its end and return what it printed. Raises SystemExit."""
    done = subprocess.run(
        python(*module),
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


def wait(requests: Requests, processes: Processes, until: Callable[[], bool]) -> None:
    """Keep the processes alive until the condition holds. Raises Stopping."""
    while not until():
        if requests.count:
            raise Stopping
        processes.tend()
        time.sleep(0.1)


def serves(port: int) -> bool:
    """Whether an HTTP server answers on that port of 127.0.0.1, whatever it says."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
        try:
            connection.request("HEAD", "/")
            connection.getresponse()
        except (OSError, HTTPException):
            return False
    return True


def shown(path: Path) -> str:
    """A path as the person would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def say(line: str) -> None:
    """Show a line; a terminal that was closed meanwhile is no reason to die."""
    with suppress(OSError):
        print(line, flush=True)


if __name__ == "__main__":
    main()
