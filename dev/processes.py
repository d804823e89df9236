"""Programs that are started, kept alive, shown in one log and stopped together.

The first started is stopped last. Honcho does half of this: it restarts nothing, stops all at
once (Valkey must outlive the worker) and leaves everything running when it is killed with -9.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from dev.guard import Guard, end_groups, register, release, send

RECENT = 60.0  # seconds within which a program's ends are counted
PATIENCE = 22.0  # seconds to stop politely: a worker may take 20 to finish a write


@dataclass(frozen=True)
class Program:
    """What is started: the name in the log, the command line, all environment variables.

    A quiet one speaks to its log file only.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    quiet: bool = False


@dataclass
class _Member:
    program: Program
    process: subprocess.Popen[bytes]
    ends: list[float] = field(default_factory=list)  # when it died, by the monotonic clock
    start_at: float | None = None  # when it is to be started again


class Processes:
    """Runs programs until told to stop; says so when one had to be started again."""

    most_ends = 5  # of one program within a minute; then we give up

    def __init__(self, guard: Guard, logs: Path, say: Callable[[str], None]) -> None:
        """`logs` gets one file for each program; `say` shows a line, never two at a time."""
        self._guard, self._logs, self._show = guard, logs, say
        self._showing = threading.Lock()  # each program is relayed by a thread of its own
        self._members: list[_Member] = []
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program) -> None:
        """Start one more program."""
        with suppress(FileNotFoundError):
            log = self._log(program)
            log.replace(log.with_suffix(".log.1"))
        self._members.append(_Member(program, self._spawn(program)))

    def tend(self) -> None:
        """Start again, after a pause, what has died.

        Raises SystemExit when a program keeps dying.
        """
        now = time.monotonic()
        for member in self._members:
            if member.start_at is not None:
                if now >= member.start_at:
                    member.process, member.start_at = self._spawn(member.program), None
            elif member.process.poll() is not None:
                self._note_end(member, now)

    def stop(self, hurry: Callable[[], bool]) -> None:
        """Stop all but the first program, then the first. `hurry` turning true kills at once."""
        for members in (self._members[1:], self._members[:1]):
            running = [member for member in members if member.start_at is None]
            groups = [member.process.pid for member in running]
            for group in groups:
                send(group, signal.SIGTERM)
            self._await(running, hurry)
            end_groups(groups, patience=0.2)
            for group, member in zip(groups, running, strict=True):
                member.process.wait()
                release(self._guard.folder, group)

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            program.command,
            cwd=program.folder,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that Ctrl-C reaches us alone, and we choose the order
        )
        register(self._guard.folder, process.pid)
        relay = threading.Thread(target=self._relay, args=(program, process.stdout), daemon=True)
        relay.start()
        return process

    def _relay(self, program: Program, stream: IO[bytes]) -> None:
        with self._log(program).open("ab", buffering=0) as log:
            for line in stream:
                log.write(line)
                if not program.quiet:
                    text = line.decode(errors="replace").rstrip()
                    self._say(f"{program.name:<8} | {text}")

    def _say(self, line: str) -> None:
        with self._showing:
            self._show(line)

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def _note_end(self, member: _Member, now: float) -> None:
        name, status = member.program.name, member.process.returncode
        end_groups([member.process.pid], patience=1.0)  # what it had started itself
        release(self._guard.folder, member.process.pid)
        member.ends = [end for end in member.ends if now - end < RECENT] + [now]
        if len(member.ends) >= self.most_ends:
            log = os.path.relpath(self._log(member.program))
            raise SystemExit(
                f"{name} stopped {self.most_ends} times within a minute; its log is {log}"
            )
        pause = 2.0 ** (len(member.ends) - 1)
        member.start_at = now + pause
        self._say(f"{name:<8} | stopped with status {status}; starting again in {pause:.0f} s")

    def _await(self, members: list[_Member], hurry: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not hurry():
            if all(member.process.poll() is not None for member in members):
                return
            time.sleep(0.02)
