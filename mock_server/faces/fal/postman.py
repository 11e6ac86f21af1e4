"""Posting to a webhook: to this machine and to public hosts, to other private ones only where that is permitted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

MAX_ANSWER_BYTES = 64 * 1024


class NotAllowedError(Exception):
    """Why nothing may be posted there."""


class Receipt(Struct, frozen=True):
    """How a delivery was answered; status 0: not at all, for the reason in `trouble`."""

    status: int
    head: bytes = b""
    body: bytes = b""
    trouble: str = ""


async def address_for(url: str, private_hosts: str) -> str:
    """The address to post to. Raises `NotAllowedError`, and `OSError` when the host's name cannot be looked up.

    The connection then goes to this very address, so that a name cannot point elsewhere in between.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise NotAllowedError(f"the webhook must be an http or https URL, got {url!r}")
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    patterns = [pattern.strip().lower() for pattern in private_hosts.split(",") if pattern.strip()]
    for address in addresses:
        known = ip_address(address.partition("%")[0])
        permitted = known.is_global or known.is_loopback or _matches(patterns, host) or _matches(patterns, address)
        if not permitted:
            raise NotAllowedError(f"{host} is the private address {address}; --webhook-hosts permits it")
    return addresses[0]


def _matches(patterns: list[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


async def post(url: str, body: bytes, headers: Mapping[str, str], patience: float, private_hosts: str) -> Receipt:
    """Post it once, with `patience` seconds for each step. Redirects are not followed."""
    import httpx

    try:
        address = await address_for(url, private_hosts)
        parts = urlsplit(url)
        target = httpx.URL(url).copy_with(host=address)
        sent = {**headers, "content-type": "application/json", "host": parts.netloc.rpartition("@")[2]}
        async with (
            httpx.AsyncClient(timeout=patience, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", target, content=body, headers=sent, extensions={"sni_hostname": parts.hostname}
            ) as answer,
        ):
            kept = bytearray()
            async for chunk in answer.aiter_bytes():
                kept += chunk[: MAX_ANSWER_BYTES - len(kept)]
                if len(kept) == MAX_ANSWER_BYTES:
                    break
            return Receipt(answer.status_code, head_of(dict(answer.headers)), bytes(kept))
    except (httpx.HTTPError, OSError, NotAllowedError, ValueError) as error:
        return Receipt(0, trouble=f"{type(error).__name__}: {error}")


def not_delivered(fault: Any) -> Receipt:
    """A delivery that a fault stands in the way of: as if the receiver had answered so, or not at all."""
    status = getattr(fault, "status", 0)
    return Receipt(status, trouble="" if status else f"injected: {fault.kind}")


def head_of(headers: Mapping[str, str]) -> bytes:
    """Header lines as the journal keeps them."""
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items()).encode("latin-1", "replace")
