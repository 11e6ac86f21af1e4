"""The TLS port of ``--tls``: its socket, and a certificate authority that lives as long as the server."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

from mock_server.admin.hosts import names_of
from mock_server.core.hosts import LIVE_HOSTS
from mock_server.server import bind, url_of
from mock_server.settings import SettingError, Settings

HANDSHAKE_SECONDS = 10.0
CLOSE_SECONDS = 0.5
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
VALID_DAYS = 397
"""Longer ones are refused by some clients (https://support.apple.com/en-us/102028)."""


class Tls:
    """Bound sockets, the certificate that they show, and the file of the CA that vouches for it.

    The key of a CA made here never leaves memory. The certificate's key is in a private directory while OpenSSL reads
    it, because Python can load one from a file only (https://github.com/python/cpython/issues/60691).
    """

    def __init__(
        self,
        settings: Settings,
        *,
        authority: trustme.CA | None = None,
        identities: Iterable[str] | None = None,
        sockets: Sequence[socket.socket] = (),
    ) -> None:
        """`sockets` are listened on too. Raises `BindError` when the port is taken.

        Without an `authority` one is made; without `identities` the certificate is for all that the settings name.
        Raises `SettingError` for a name that no certificate can have.
        """
        self._sockets = [bind(settings.host, settings.tls_port, "--tls-port"), *sockets]
        self.url = url_of(self._sockets[0], "https")
        self._folder = TemporaryDirectory(prefix="minimax-mock-")
        authority = authority or trustme.CA(
            organization_name="minimax-mock", organization_unit_name="made at the start, for tests"
        )
        try:
            self._context = _certified(list(identities or names(settings)), authority, self._folder.name)
        except SettingError:
            self.close()
            raise
        file = Path(self._folder.name, "ca.pem")
        authority.cert_pem.write_to_path(file)
        self.ca_file = str(file)

    async def listen(self, connection: Callable[[], asyncio.Protocol]) -> list[asyncio.Server]:
        """Begin to accept connections."""
        return [
            await asyncio.get_running_loop().create_server(
                connection,
                sock=listening,
                ssl=self._context,
                backlog=2048,
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
                ssl_shutdown_timeout=CLOSE_SECONDS,
            )
            for listening in self._sockets
        ]

    def close(self) -> None:
        """Remove the CA file and let the ports go."""
        for listening in self._sockets:
            listening.close()
        self._folder.cleanup()


def names(settings: Settings) -> list[str]:
    """Whom the certificate is for: this machine, the names that the settings have for it, and the live service."""
    return list(dict.fromkeys([*LOCAL_NAMES, *names_of(settings), *LIVE_HOSTS]))


def _certified(identities: list[str], authority: trustme.CA, folder: str) -> ssl.SSLContext:
    now = datetime.now(UTC)
    try:
        certificate = authority.issue_cert(
            *identities,
            organization_name="minimax-mock",
            not_before=now - timedelta(days=1),
            not_after=now + timedelta(days=VALID_DAYS - 1),
        )
    except ValueError as error:
        raise SettingError(f"no certificate can be made for one of {', '.join(identities)}: {error}") from None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    with certificate.private_key_and_cert_chain_pem.tempfile(dir=folder) as file:
        context.load_cert_chain(file)
    return context
