"""The portal on a real port, and a person before it with a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Locator, Page
from werkzeug.serving import make_server

from dev.judging import await_rest


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """The address it listens on, on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def sign_in(page: Page, site: str, name: str, password: str) -> None:
    """As a person of the fixtures, by the sign-in page."""
    page.goto(f"{site}/sign-in")
    page.fill("#email", f"{name}@acme.example")
    page.fill("#password", password)
    page.locator("main form button[type=submit]").click()
    page.locator(".avatar").wait_for()


def offered(page: Page, field: str) -> Locator:
    """What the list of this field offers to the person who enters it."""
    page.locator(field).blur()
    page.locator(field).focus()
    return page.locator(f"#{page.locator(field).get_attribute('list')} option")


def accessible(page: Page) -> None:
    """axe-core has no complaint about this page once it is at rest."""
    await_rest(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways once the page is at rest."""
    await_rest(page)
    assert page.viewport_size
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
