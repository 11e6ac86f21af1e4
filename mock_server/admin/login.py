"""The admin token: carried by a header, or for a browser by a cookie that a link with the token sets."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from hmac import compare_digest
from urllib.parse import parse_qsl, urlencode

COOKIE = b"minimax_mock_admin"
HEADER = b"x-admin-token"
HOW = "send it as the header X-Admin-Token, or open /_mock/?token=TOKEN in a browser"

Headers = Iterable[tuple[bytes, bytes]]


class Login:
    """Knows the token. The cookie holds a digest of it, because other servers of this host get the cookie too."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._digest = blake2b(self._token, digest_size=16, person=b"admin cookie").hexdigest().encode()

    def complaint(self, headers: Headers) -> str | None:
        """Why a call is refused, or None."""
        given = [value for name, value in headers if name == HEADER]
        if given:
            return None if self._right(*given) else f"the token in X-Admin-Token is wrong; {HOW}"
        cookies = [value for name, value in headers if name == b"cookie"]
        held = [value for pair in b";".join(cookies).split(b";") for name, _, value in [pair.strip().partition(b"=")]
                if name == COOKIE]  # fmt: skip
        if any(compare_digest(value, self._digest) for value in held):
            return None
        return f"the admin API needs the admin token; {HOW}"

    def enter(self, query: bytes) -> tuple[str, str | None] | None:
        """For a link with ``token``: where to go on and the cookie to set, None in its place for a wrong token."""
        fields = parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
        given = [value.encode("latin-1") for name, value in fields if name == "token"]
        if not given:
            return None
        rest = urlencode([field for field in fields if field[0] != "token"], encoding="latin-1")
        target = "/_mock/?" + rest if rest else "/_mock/"
        cookie = f"{COOKIE.decode()}={self._digest.decode()}; Path=/_mock; HttpOnly; SameSite=Strict"
        return target, cookie if self._right(*given) else None

    def _right(self, *given: bytes) -> bool:
        return len(given) == 1 and compare_digest(given[0], self._token)
