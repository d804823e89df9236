"""The servers that tests get are real, fresh, and the ones asked for."""

import redis
from playwright.sync_api import Page
from sqlalchemy import create_engine, inspect


def test_each_database_is_migrated_and_of_its_kind(database_url: str) -> None:
    engine = create_engine(database_url)
    assert "calls" in inspect(engine).get_table_names()
    assert engine.dialect.name == database_url.partition(":")[0].partition("+")[0]
    engine.dispose()


def test_each_queue_server_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")
        assert client.dbsize() == 1


def test_the_browser_runs_scripts(page: Page) -> None:
    page.set_content("<p id=p>slow</p><script>p.textContent = 'quick'</script>")
    assert page.inner_text("#p") == "quick"
