"""`python -m tests.bench`: figures side by side, from this machine, in one run; status 1 when one
call is not where it should be."""

from __future__ import annotations

import argparse
import sys
import time

from tests.bench.bench import QUICK, Scale
from tests.bench.figures import circumstances, table
from tests.bench.run import PARTS, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the essential, in two minutes")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be repeated")
    chosen = parser.parse_args()
    under = circumstances(sys.argv[1:])
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {line}\n")

    figures, wrong = run(chosen.only or PARTS, QUICK if chosen.quick else Scale(), say)
    sys.stdout.write(f"\n{under}\n\n{table(figures)}\n")
    if wrong:
        sys.stdout.write("\nWRONG, so none of it counts:\n" + "\n".join(wrong) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
