"""`python -m worker`: the composition root and the supervisor of worker processes.

python -m worker                 one process for `calls`, WORKERS for `deliveries`
python -m worker run QUEUE [PID] one worker process, which ends when process PID does
                                 (the supervisor starts these)
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from core.config import Config, ConfigError, read_config
from core.logs import configure_logs
from core.queues import CALLS, DELIVERIES, Waker, open_redis
from core.salesforce.http import make_http
from core.store import Store
from worker.process import run_calls, run_deliveries
from worker.runtime import Runtime
from worker.supervisor import supervise


def compose(config: Config) -> Runtime:
    """Config → store, alarm clock, HTTP client."""
    return Runtime(
        config=config,
        store=Store(config.database_url, config.token_keys),
        waker=Waker(open_redis(config.redis_url, seconds=1)),
        http=make_http(),
    )


def main(
    arguments: list[str],
    composed: Callable[[Config], Runtime] = compose,
    module: str = "worker",
) -> int:
    """`module` is what worker processes are started as; tests start spoilt ones."""
    configure_logs()
    try:
        config = read_config()
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if arguments[:1] == ["run"] and arguments[1:2] in ([CALLS], [DELIVERIES]):
        run = run_calls if arguments[1] == CALLS else run_deliveries
        return run(composed(config), parent=int((arguments[2:] or ["0"])[0]))
    if arguments:
        print(__doc__, file=sys.stderr)  # noqa: T201
        return 2
    return supervise(composed(config), module)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
