"""Strings nobody should send."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

MARK = '<script>alert("naughty")</script>'
NAUGHTY = [
    MARK,
    "{{ 7 * 7 }}",
    "' OR 1=1 --",
    "%00\x00%s%n",
    "\u202eevil\u202c\ufeff",
    "𝕿𝖍𝖊 👩‍👩‍👧‍👦 Ω≈ç√",
    "=HYPERLINK(1)",
    "a" * 70_000,
    "\r\nSet-Cookie: a=b",
    "../../etc/passwd",
]
TEXT = st.text(max_size=300) | st.sampled_from(NAUGHTY)
LENIENT = settings(
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
