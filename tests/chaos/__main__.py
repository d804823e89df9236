"""`python -m tests.chaos`: one run; status 1 when a figure is off by one."""

from __future__ import annotations

import sys
import time

from tests.chaos.options import read_options
from tests.chaos.run import run


def main() -> int:
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:6.0f} s  {line}\n")
        sys.stdout.flush()

    figures = run(read_options(sys.argv[1:]), say)
    for line in figures.lines():
        say(line)
    return 0 if figures.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
