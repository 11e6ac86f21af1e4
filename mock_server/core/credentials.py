"""The headers that carry a credential: one list, used to authenticate and to redact."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

KEY_SHAPE = re.compile(r"^(sk-(api|cp)-|eyJ)")
"""What a token looks like that could be a key: pay as you go, token plan, or one of the older ones."""
Headers = Sequence[tuple[bytes, bytes]]

CREDENTIAL_HEADERS = frozenset(
    {b"authorization", b"proxy-authorization", b"x-api-key", b"x-fal-key", b"cookie", b"x-admin-token"}
)
_OTHERS = CREDENTIAL_HEADERS - {b"authorization"}

MIN_REDACTED = 8
"""A key shorter than this is not looked for in bodies and URLs: real keys are longer, and "a" is everywhere."""


def label(token: str) -> str:
    """A name for a key that may be shown: its first six characters and eight digits of its SHA-256."""
    digest = sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{token[:6]}*{digest}" if len(token) > MIN_REDACTED else f"*{digest}"


def bearer(header: bytes | None) -> str | None:
    """The token of an ``Authorization: Bearer`` header; None when there is none or the scheme is another."""
    if header is None or not (header.startswith(b"Bearer ") or header[:7].lower() == b"bearer "):
        return None
    return header[7:].decode("latin-1").strip() or None


def key_or_bearer(header: bytes | None) -> str | None:
    """The key of an ``Authorization: Key`` header (fal), or the token of a ``Bearer`` one."""
    if header is not None and header[:4].lower() == b"key ":
        return header[4:].decode("latin-1").strip() or None
    return bearer(header)


class Secret:
    """The key that a call was made with, to be kept out of the journal wherever the client put it."""

    __slots__ = ("_key", "_shown")

    def __init__(self, token: str | None, shown: str) -> None:
        """`shown` is the label to write in its place."""
        self._key = token.encode("latin-1", "replace") if token is not None and len(token) >= MIN_REDACTED else None
        self._shown = b"<redacted>" if token is None else b"<key %b>" % shown.encode()

    def out_of(self, text: bytes) -> bytes:
        """`text` without the key."""
        return text if self._key is None else text.replace(self._key, self._shown)

    def out_of_head(self, headers: Headers, by_name: Mapping[bytes, bytes]) -> bytes:
        """Header lines, each ended by CR LF, without credentials; of Authorization the scheme stays.

        `by_name` has the same headers: where it is as long, none came twice. Then `out_of` finds all there is to hide.
        """
        known = self._key is not None and self._key in by_name.get(b"authorization", self._key)
        hidden = _OTHERS if known else CREDENTIAL_HEADERS
        alone = len(by_name) == len(headers) and hidden.isdisjoint(by_name)
        shown = headers if alone else [(name, self._hidden(name, value)) for name, value in headers]
        return self.out_of(b"\r\n".join([*map(b": ".join, shown), b""]))

    def _hidden(self, name: bytes, value: bytes) -> bytes:
        if name not in CREDENTIAL_HEADERS:
            return value
        if name != b"authorization" or self._key is None or self._key not in value:
            return b"<redacted>"
        return value[: value.find(b" ") + 1] + self._shown


NO_SECRET = Secret(None, "")
"""Of a call that was made with no key that could be told."""
