"""E-mail addresses: one form of each, and nothing that is two or breaks a header."""

import pytest

from core.emails import LONGEST, looks_like_email, normalised


@pytest.mark.parametrize(
    "address",
    [
        "a@b.cc",
        "Anna.Koval+crm@Sales.example.co.uk",
        "o'brien@x.example",
        "x_y-z@a-b.example",
        "info@xn--e1afmkfd.xn--j1amh",
        " padded@acme.example ",
        "a" * 64 + "@x.example",
    ],
)
def test_addresses_as_people_have_them(address: str):
    assert looks_like_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a@b",
        "@b.cc",
        "a@",
        "a b@c.de",
        "a@b.cc,evil",
        "a@b.cc,evil@x.example",
        "a@b.cc;c@d.ee",
        "a@b.cc\x00",
        "a\x00@b.cc",
        "a@b.c\x00c",
        'a"b@c.de',
        '"a"@c.de',
        "<a@b.cc>",
        "a@b.cc>",
        "a(b)@c.de",
        "a@[127.0.0.1]",
        "a@b.cc\r\nBcc: x@y.example",
        "a@b..cc",
        "a@-b.cc",
        "a@b-.cc",
        "a@b.c",
        "a@b.12",
        "a\\b@c.de",
        "a:b@c.de",
        "анна@пример.укр",
        "a" * 65 + "@x.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 130 + "example",
    ],
)
def test_what_is_no_address_or_more_than_one(address: str):
    assert not looks_like_email(address)


def test_one_form_of_one_address():
    assert normalised("\t Owner@ACME.example\n") == "owner@acme.example"
    assert normalised(normalised("\u3000İ@x.example")) == normalised("\u3000İ@x.example")
    assert normalised("a" * LONGEST) == "a" * LONGEST
    assert normalised("a" + " " * LONGEST) == ""
