"""The ``Retry-After`` header (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from mock_server.judge.heads import header


def retry_after(head: bytes, now: float) -> float | None:
    """How many seconds from `now` an answer asks to wait; None if it does not, or not in a way that can be read."""
    value = (header(head, b"retry-after") or b"").decode("latin-1")
    if value.replace(".", "", 1).isdecimal() and value.isascii():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None
