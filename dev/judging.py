"""Pages that are judged, by eye or by a program: opened with less motion, judged at rest."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

NOTE_REQUESTS = """(() => {
  const asked = (window.htmxAsked = new Set());
  document.addEventListener("htmx:before:request", (event) => asked.add(event.detail.ctx));
  document.addEventListener("htmx:finally:request", (event) => asked.delete(event.detail.ctx));
})()"""
"""htmx's own class on what asked is lost when an answer takes that off the page."""
AT_REST = """() => {
  const asked = window.htmxAsked;
  const isStill = document.readyState === "complete"
    && !asked.size && !document.getAnimations().length;
  asked.frames = isStill ? (asked.frames ?? 0) + 1 : 0;
  if (asked.frames < 2) return false;  // what was changed just now moves from the next frame on
  asked.frames = 0;
  return true;
}"""


def open_context(browser: Browser, **options: Any) -> BrowserContext:
    """Every context is opened here; `options` are those of Playwright's `new_context`."""
    context = browser.new_context(reduced_motion="reduce", **options)
    context.add_init_script(NOTE_REQUESTS)
    return context


def await_rest(page: Page) -> None:
    """Return once the page is there, htmx waits for no answer, and nothing moves.

    Playwright's "networkidle" does not tell: it comes once a page, and is not taken back.
    """
    page.wait_for_function(AT_REST)
