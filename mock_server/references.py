"""Subject references made ready to be drawn: data URLs decoded within bounds, remote ones fetched only when allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from mock_server.core.models import REFERENCE_MAX_BYTES
from mock_server.core.reasons import Refusal, refuse
from mock_server.core.types import Reference, SubjectReference


class ReferenceShelf:
    """Prepares references under one policy of which hosts may be fetched from."""

    def __init__(self, fetch_from: str, own_file: Callable[[str], bytes | None]) -> None:
        """`own_file` gives the bytes behind a URL of the emulator's own, which need no fetching. May be slow."""
        self.own_file = own_file
        self.fetch_from = tuple(pattern.strip().lower() for pattern in fetch_from.split(",") if pattern.strip())

    async def prepare(
        self, references: tuple[SubjectReference, ...], threads: Executor
    ) -> tuple[Reference, ...] | Refusal:
        """Every reference ready to be drawn, or why the first bad one is refused."""
        prepared = []
        for reference in references:
            result = await self._prepare(reference.image_file, threads)
            if isinstance(result, Refusal):
                return result
            prepared.append(result)
        return tuple(prepared)

    async def _prepare(self, image_file: str, threads: Executor) -> Reference | Refusal:
        loop = asyncio.get_running_loop()
        if image_file.startswith("data:"):
            return await loop.run_in_executor(threads, _from_data_url, image_file)
        own = await loop.run_in_executor(threads, self.own_file, image_file)
        host = (urlsplit(image_file).hostname or "").lower()
        if own is not None:
            return await loop.run_in_executor(threads, _from_bytes, host, own)
        if _is_private(host) and host not in self.fetch_from:
            return refuse("forbidden_reference")
        if self.fetch_from:
            from mock_server.fetch import fetch

            data = await fetch(image_file, self.fetch_from, limit=REFERENCE_MAX_BYTES)
            if isinstance(data, Refusal):
                return data
            if data is not None:
                return await loop.run_in_executor(threads, _from_bytes, host, data)
        return Reference(label=host, digest=sha256(image_file.encode("utf-8", "surrogatepass")).hexdigest())


def _is_private(host: str) -> bool:
    """Whether a URL's host is this machine or a private address, by what it says alone (no name is looked up)."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def _from_data_url(url: str) -> Reference | Refusal:
    import binascii

    import pybase64

    try:
        data = pybase64.b64decode(url[url.index(",") + 1 :], validate=True)
    except (binascii.Error, ValueError):
        return refuse("invalid_params", "reference_base64")
    if len(data) >= REFERENCE_MAX_BYTES:
        return refuse("invalid_params", "reference_too_large")
    return _from_bytes("data URL", data)


def _from_bytes(label: str, data: bytes) -> Reference | Refusal:
    from mock_server.render import UnreadableImageError, thumbnail

    try:
        picture = thumbnail(data)
    except UnreadableImageError as error:
        return refuse("invalid_params", "reference_unreadable", problem=str(error))
    return Reference(label=label, digest=sha256(data).hexdigest(), size=len(data), thumbnail=picture.png)
