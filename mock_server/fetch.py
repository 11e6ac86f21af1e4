"""Fetching a subject reference: only from allowed hosts, never from a private address, within bounds."""

from __future__ import annotations

import asyncio
import socket
from fnmatch import fnmatchcase
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import httpx

from mock_server.core.reasons import Refusal, refuse

TIMEOUT_SECONDS = 10.0
MAX_REDIRECTS = 3


class _NotFetchedError(Exception):
    """Why a reference could not be fetched."""


async def fetch(url: str, allowed: tuple[str, ...], *, limit: int) -> bytes | Refusal | None:
    """The bytes at `url`; None when its host is not allowed, a refusal when it cannot be had.

    A private address is refused unless `allowed` has that very address. Every redirect is checked again. The connection
    goes to the address that was checked, so that a name cannot point elsewhere in between.
    """
    if not _allows(allowed, (urlsplit(url).hostname or "").lower()):
        return None
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await _follow(url, allowed, limit)
    except (_NotFetchedError, httpx.HTTPError, OSError, TimeoutError, ValueError) as error:
        problem = str(error) or f"no answer within {TIMEOUT_SECONDS:g} seconds"
        return refuse("invalid_params", "reference_not_fetched", problem=problem)


def _allows(allowed: tuple[str, ...], host: str) -> bool:
    return any(fnmatchcase(host, pattern) for pattern in allowed)


async def _follow(url: str, allowed: tuple[str, ...], limit: int) -> bytes:
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client:
        for _ in range(MAX_REDIRECTS + 1):
            answer, location = await _get(client, url, allowed, limit)
            if location is None:
                return answer
            url = urljoin(url, location)
    msg = f"more than {MAX_REDIRECTS} redirects"
    raise _NotFetchedError(msg)


async def _get(client: httpx.AsyncClient, url: str, allowed: tuple[str, ...], limit: int) -> tuple[bytes, str | None]:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"} or not _allows(allowed, host):
        msg = f"{host or url!r} is not one of the hosts that may be fetched from"
        raise _NotFetchedError(msg)
    address = await _address_of(host, parts.port or (443 if parts.scheme == "https" else 80), allowed)
    target = httpx.URL(url).copy_with(host=address)
    async with client.stream(
        "GET", target, headers={"host": parts.netloc.rpartition("@")[2]}, extensions={"sni_hostname": host}
    ) as response:
        if response.is_redirect:
            return b"", response.headers["location"]
        if response.status_code != 200:
            msg = f"{host} answered {response.status_code}"
            raise _NotFetchedError(msg)
        data = bytearray()
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) >= limit:
                msg = f"larger than {limit} bytes"
                raise _NotFetchedError(msg)
        return bytes(data), None


async def _address_of(host: str, port: int, allowed: tuple[str, ...]) -> str:
    """The first address of `host`, all of them being public."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not ip_address(address.partition("%")[0]).is_global and address not in allowed:
            msg = f"{host} is the private address {address}"
            raise _NotFetchedError(msg)
    return addresses[0]
