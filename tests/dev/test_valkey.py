"""The embedded queue server keeps what it was given and hides its socket from others."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from dev import valkey


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(valkey.command(folder), stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not valkey.answers(valkey.url(folder)) and time.monotonic() < deadline:
            time.sleep(0.02)
        yield server
    finally:
        server.kill()
        server.wait()


def test_it_keeps_its_data_when_it_is_killed(tmp_path: Path) -> None:
    with running(tmp_path), redis.Redis.from_url(valkey.url(tmp_path)) as client:
        client.rpush("calls", *range(1000))
        deadline = time.monotonic() + 5
        while client.info("persistence")["aof_pending_bio_fsync"] and time.monotonic() < deadline:
            time.sleep(0.02)
    with running(tmp_path), redis.Redis.from_url(valkey.url(tmp_path)) as client:
        assert client.llen("calls") == 1000


def test_only_its_owner_can_open_the_socket(tmp_path: Path) -> None:
    with running(tmp_path):
        assert valkey.socket_path(tmp_path).stat().st_mode & 0o077 == 0


def test_a_folder_too_deep_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20)
    with running(deep), redis.Redis.from_url(valkey.url(deep)) as client:
        assert client.ping()
    short = valkey.socket_path(deep)
    assert len(os.fsencode(short)) <= valkey.LONGEST_SOCKET_PATH
    assert short.parent.stat().st_mode & 0o077 == 0
    short.parent.rmdir() if not short.exists() else (short.unlink(), short.parent.rmdir())


def test_odd_folder_names_work(tmp_path: Path) -> None:
    with running(tmp_path / "50% of #1?"):
        assert valkey.answers(valkey.url(tmp_path / "50% of #1?"))
