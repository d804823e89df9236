"""No token, secret or person is sent to a host that is not Salesforce's."""

import pytest

from core.salesforce.hosts import HostRefused, check_login_host, check_salesforce_url

STAND_IN = "http://127.0.0.1:5003"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("test.salesforce.com", "https://test.salesforce.com"),
        ("acme.my.salesforce.com", "https://acme.my.salesforce.com"),
        (" HTTPS://Acme.My.Salesforce.com/ ", "https://acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com/home/home.jsp?a=1", "https://acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com:443", "https://acme.my.salesforce.com"),
        ("acme--dev.sandbox.my.salesforce.com", "https://acme--dev.sandbox.my.salesforce.com"),
    ],
)
def test_salesforce(address: str, origin: str) -> None:
    assert check_login_host(address, None) == origin


@pytest.mark.parametrize(
    "address",
    [
        "",
        "   ",
        "acme",
        "salesforce.com",
        "my.salesforce.com",
        ".my.salesforce.com",
        "https://.my.salesforce.com",
        "-.my.salesforce.com",
        "http://acme.my.salesforce.com",
        "ftp://acme.my.salesforce.com",
        "javascript://acme.my.salesforce.com",
        "https://acme.my.salesforce.com.evil.example",
        "https://evil.example/acme.my.salesforce.com",
        "https://evil.example?acme.my.salesforce.com",
        "https://evil.example#.my.salesforce.com",
        "https://evil.example\\.my.salesforce.com",
        "https://evil.example\t.my.salesforce.com",
        "https://evil.example\n.my.salesforce.com",
        "https://evil.example%00.my.salesforce.com",
        "https://evil.example%2f.my.salesforce.com",
        "https://acme.my.salesforce.com@evil.example",
        "https://user:pass@acme.my.salesforce.com",
        "https://evilmy.salesforce.com",
        "https://acme.my.salesforce.com:8443",
        "https://acme.my.salesforce.com:99999",
        "https://acme.my.salesforce.com.",
        "https://acme。my。salesforce。com",
        "https://асме.my.salesforce.com",
        "https://127.0.0.1",
        "https://[::1]",
        "https://[::ffff:169.254.169.254].my.salesforce.com",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost",
        "//acme.my.salesforce.com",
        "https:acme.my.salesforce.com",
        "https:///acme.my.salesforce.com",
        "https://acme..my.salesforce.com",
        "https://status.salesforce.com",
        STAND_IN,
        "http://127.0.0.1:5003@evil.example",
    ],
)
def test_anything_else(address: str) -> None:
    with pytest.raises(HostRefused):
        check_login_host(address, None)


def test_where_people_work_is_named_as_such() -> None:
    with pytest.raises(HostRefused) as refused:
        check_login_host("https://acme.lightning.force.com/lightning/page/home", None)
    assert refused.value.code == "host.lightning"


def test_the_stand_in_only_where_configured_and_exactly() -> None:
    assert check_login_host(STAND_IN, STAND_IN) == STAND_IN
    assert check_login_host(f"{STAND_IN}/", STAND_IN) == STAND_IN
    for other in ("http://127.0.0.1:5004", "http://127.0.0.1", f"{STAND_IN}0", f"{STAND_IN}/x"):
        with pytest.raises(HostRefused):
            check_login_host(other, STAND_IN)


def test_addresses_in_answers() -> None:
    for fine in ("https://na1.salesforce.com", "https://login.salesforce.com/id/00D/005"):
        assert check_salesforce_url(fine, None) == fine
    assert check_salesforce_url(f"{STAND_IN}/id/00D/005", STAND_IN)
    for evil in (
        "https://evil.example/x.salesforce.com",
        "http://na1.salesforce.com",
        "https://salesforce.com.evil.example",
        f"{STAND_IN}0/id",
        f"{STAND_IN}@evil.example/",
        "None",
        "",
    ):
        with pytest.raises(HostRefused):
            check_salesforce_url(evil, STAND_IN)
