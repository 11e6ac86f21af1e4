"""The headers that carry a credential: one list, used to authenticate and to redact."""

from __future__ import annotations

from hashlib import sha256

CREDENTIAL_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"x-api-key", b"x-fal-key", b"cookie"})

MIN_REDACTED = 8
"""A key shorter than this is not looked for in bodies and URLs: real keys are longer, and "a" is everywhere."""


def label(token: str) -> str:
    """A name for a key that may be shown: its first six characters and eight digits of its SHA-256."""
    digest = sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{token[:6]}*{digest}" if len(token) > MIN_REDACTED else f"*{digest}"


def bearer(header: bytes | None) -> str | None:
    """The token of an ``Authorization: Bearer`` header; None when there is none or the scheme is another."""
    if header is None or header[:7].lower() != b"bearer ":
        return None
    return header[7:].strip().decode("latin-1") or None
