"""Which site a request was meant for, and where the URLs that it is answered with must point."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec import Struct

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
API_HOSTS = {
    b"api.minimax.io": "io",
    b"api.minimaxi.com": "cn",
    b"api.minimax.cn": "cn",
}
"""Live API host → region."""
_FORWARDED = frozenset({b"x-forwarded-host", b"x-forwarded-proto"})
IMAGE_HOSTS = {site.image_host.encode(): site.region for site in SITES.values()}


def host_name(turn: Turn) -> bytes:
    """The Host header without its port, in lower case."""
    return turn.headers.get(b"host", b"").lower().partition(b":")[0]


def image_prefix(turn: Turn) -> str:
    """What an image URL starts with, up to its object key.

    On a live API host it is the live image host. Elsewhere it is the origin that the client used, as the proxies before
    us tell it (``X-Forwarded-Proto``, ``-Host``, ``-Prefix``), or ``--public-url``.
    """
    if turn.region is not None:
        site = SITES[turn.region]
        return f"{site.scheme}://{site.image_host}/"
    public_url = turn.engine.settings.public_url
    if public_url:
        return f"{public_url.rstrip('/')}/oss/"
    headers = turn.headers
    host = headers.get(b"host") or _own_address(turn)
    if _FORWARDED.isdisjoint(headers):
        return f"{turn.scope['scheme']}://{host.decode('latin-1')}/oss/"
    forwarded = headers.get(b"x-forwarded-host")
    scheme = _first(headers.get(b"x-forwarded-proto", turn.scope["scheme"].encode()))
    prefix = _first(headers.get(b"x-forwarded-prefix", b"")).rstrip("/")
    return f"{scheme}://{_first(forwarded or host)}{prefix}/oss/"


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
