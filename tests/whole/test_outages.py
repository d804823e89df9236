"""What the product needs goes away and comes back: nothing acknowledged is lost, and nobody has to
restart anything."""

import pytest

from tests.whole.site import Site


@pytest.fixture
def site(tmp_path):
    tmp_path.chmod(0o755)
    site = Site(tmp_path)
    running = site.processes()
    yield site
    assert site.processes() == running
    site.close()


def expect_refusal(site):
    assert site.until(lambda: site.ready()[0] == 503)
    refused = site.hand_over(9)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0


def expect_recovery(site):
    """The refused call is handed over again; those acknowledged before and it are written."""
    assert site.until(lambda: site.ready()[0] == 200)
    assert site.hand_over(9).status_code == 202
    assert site.until(lambda: len(site.written()) >= 3)
    assert len(set(site.written())) == len(site.written()) == 3


def hand_over_two(site):
    for dbid in (1, 2):
        assert site.hand_over(dbid).status_code == 202


def test_postgresql_is_restarted(site):
    hand_over_two(site)
    site.stop_database()
    expect_refusal(site)
    site.start_database()
    expect_recovery(site)


def test_postgresql_only_reads_for_a_while(site):
    hand_over_two(site)
    site.ask_database("ALTER SYSTEM SET default_transaction_read_only = on")
    site.ask_database("SELECT pg_reload_conf()")
    expect_refusal(site)
    site.ask_database("ALTER SYSTEM RESET default_transaction_read_only")
    site.ask_database("SELECT pg_reload_conf()")
    expect_recovery(site)


def test_a_replica_takes_over_and_is_promoted_late(site):
    replica = site.add_replica()
    hand_over_two(site)
    site.stop_database()  # its replicas have everything by then
    site.lead_to(replica)
    expect_refusal(site)
    site.promote(replica)
    expect_recovery(site)


def test_redis_wants_another_password(site):
    hand_over_two(site)
    site.set_redis_password("changed")
    assert site.until(lambda: site.ready() == (200, "degraded"))
    assert site.hand_over(9).status_code == 202
    site.set_redis_password("", known="changed")
    assert site.until(lambda: site.ready() == (200, "ok"))
    assert site.until(lambda: len(site.written()) == 3)
