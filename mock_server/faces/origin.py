"""Which site a request was meant for, and where the URLs that it is answered with must point."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from msgspec import Struct

from mock_server.core.hosts import HOST_OF
from mock_server.faces.turn import Turn


class Site(Struct, frozen=True):
    """One site of the live service: its image host and the scheme of its image URLs (recorded for both)."""

    region: str
    image_host: str
    scheme: str


SITES = {
    "io": Site("io", "hailuo-image-algeng-data-us.oss-us-east-1.aliyuncs.com", "http"),
    "cn": Site("cn", "hailuo-image-algeng-data.oss-cn-wulanchabu.aliyuncs.com", "https"),
}
REGION_OF = {"api.minimax.io": "io", "api.minimaxi.com": "cn", "api.minimax.cn": "cn"} | {
    site.image_host: site.region for site in SITES.values()
}
"""Live host of MiniMax → region."""
_FORWARDED = frozenset({b"x-forwarded-host", b"x-forwarded-proto"})


def host_name(turn: Turn) -> str:
    """The Host header without its port, in lower case."""
    return turn.headers.get(b"host", b"").lower().partition(b":")[0].decode("latin-1")


def image_prefix(turn: Turn) -> str:
    """What an image URL of the object store starts with, up to its object key.

    On a live host of MiniMax it is the live image host.
    """
    if turn.region is not None:
        site = SITES[turn.region]
        return f"{site.scheme}://{site.image_host}/"
    return f"{origin(turn)}/oss/"


def own_url(turn: Turn, prefix: str) -> str:
    """What the URL of a path under `prefix` (of ``mock_server.core.hosts``) starts with, as this client can reach it.

    A client that came by a live host is sent to the live host of that prefix; another one back to where it came from,
    under the same account of the path if there was one.
    """
    if turn.live:
        return f"https://{HOST_OF[prefix]}"
    place = f"/~{quote(turn.place)}" if turn.place is not None else ""
    return f"{origin(turn)}{place}{prefix}"


def origin(turn: Turn) -> str:
    """Scheme, host and port that the client used, without a slash behind them.

    As the proxies before us tell it (``X-Forwarded-Proto``, ``-Host``, ``-Prefix``), or ``--public-url``.
    """
    public_url = turn.engine.settings.public_url
    if public_url:
        return public_url.rstrip("/")
    headers = turn.headers
    host = headers.get(b"host") or _own_address(turn)
    if _FORWARDED.isdisjoint(headers):
        return f"{turn.scope['scheme']}://{host.decode('latin-1')}"
    forwarded = headers.get(b"x-forwarded-host")
    scheme = _first(headers.get(b"x-forwarded-proto", turn.scope["scheme"].encode()))
    prefix = _first(headers.get(b"x-forwarded-prefix", b"")).rstrip("/")
    return f"{scheme}://{_first(forwarded or host)}{prefix}"


def _own_address(turn: Turn) -> bytes:
    """What a client of HTTP/1.0, which sends no Host header, has connected to."""
    address, port = turn.scope["server"]
    return f"{address}:{port}".encode()


def _first(value: bytes) -> str:
    return value.split(b",", 1)[0].strip().decode("latin-1")


def check_public_url(url: str) -> str | None:
    """What is wrong with a ``--public-url``, or None."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
        return f"public_url must be an http or https origin such as https://mock.example:8443, got {url!r}"
    return None
