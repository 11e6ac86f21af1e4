"""The three ways of `run`: each starts the emulator as it needs it, and a command that reaches it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from mock_server.client import MockServer
from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept import environment as settings
from mock_server.intercept.refusal import SandboxError

if TYPE_CHECKING:
    import trustme

    from mock_server.intercept.trust import Trust


class Plan(Struct, frozen=True):
    """What is to be run, and how.

    `refused` is called with each host that was refused, `tell` with each line for ``--verbose``.
    """

    command: tuple[str, ...]
    via: str
    refused: Callable[[str], None]
    tell: Callable[[str], None] | None = None
    passthrough: bool = False
    ephemeral_ca: bool = False


@contextmanager
def started(plan: Plan, server: MockServer) -> Iterator[subprocess.Popen[bytes]]:
    """The running command; in the end the emulator is stopped.

    Raises `BindError`, `AuthorityError`, `SandboxError`; `OSError` for a command that cannot be run.
    """
    ways = {"env": _by_environment, "proxy": _by_proxy, "sandbox": _in_sandbox}
    with ExitStack() as stack:
        stack.callback(server.stop)
        yield ways[plan.via](plan, server, stack)


def _by_environment(plan: Plan, server: MockServer, _: ExitStack) -> subprocess.Popen[bytes]:
    server.start()
    _tell(plan, f"the emulator listens on {server.url}")
    changes = settings.through_hooks(os.environ, server.url, verbose=plan.tell is not None)
    return opened(plan.command, changes)


def _by_proxy(plan: Plan, server: MockServer, stack: ExitStack) -> subprocess.Popen[bytes]:
    from mock_server.intercept.proxy import Proxy
    from mock_server.intercept.upstream import own_proxy
    from mock_server.tls import LOCAL_NAMES, Tls

    folder = _folder(stack)
    authority, trust = _trust(plan, folder)
    server.start(tls=Tls(server.settings, authority=authority, identities=[*LOCAL_NAMES, *LIVE_HOSTS]))
    _tell(plan, f"the emulator listens on {server.url} and {server.tls_url}")
    proxy = Proxy(
        _address(server.url), _address(server.tls_url),
        passthrough=own_proxy if plan.passthrough else None, tell=plan.tell, refused=plan.refused,
    ).start()  # fmt: skip
    stack.callback(proxy.stop)
    variables = settings.through_proxy(
        os.environ, server.url, proxy.url, trust.variables(os.environ), verbose=plan.tell is not None
    )
    return opened(plan.command, variables)


def _in_sandbox(plan: Plan, server: MockServer, stack: ExitStack) -> subprocess.Popen[bytes]:
    if sys.platform != "linux":
        raise SandboxError(f"a sandbox needs Linux, and this is {sys.platform}; --via proxy works here")
    from mock_server.intercept.nameserver import NameServer
    from mock_server.intercept.sandbox import ADDRESS, URL, Sandbox, files
    from mock_server.tls import LOCAL_NAMES, Tls

    folder = _folder(stack)
    authority, trust = _trust(plan, folder)
    variables = settings.through_names(os.environ, URL, trust.variables(os.environ))
    sandbox = Sandbox(plan.command, os.environ | variables, files(folder, trust))
    with ExitStack() as failed:
        failed.callback(sandbox.give_up)
        tls = Tls(
            server.settings, authority=authority, identities=[*LOCAL_NAMES, *LIVE_HOSTS], sockets=[sandbox.https],
        )  # fmt: skip
        server.start(sockets=[sandbox.http], tls=tls)
        names = NameServer(sandbox.dns, ADDRESS)
        names.start()
        stack.callback(names.stop)
        failed.pop_all()
    _tell(plan, f"{', '.join(LIVE_HOSTS)} are {ADDRESS}, on ports 80 and 443; nothing else can be reached")
    sandbox.begin()
    return sandbox.process


def _tell(plan: Plan, line: str) -> None:
    if plan.tell is not None:
        plan.tell(line)


def opened(command: Sequence[str], changes: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The command with its own streams, terminal and folder, and with more in its environment."""
    if sys.platform == "win32":  # where "npm" is npm.cmd
        command = [shutil.which(command[0]) or command[0], *command[1:]]
    return subprocess.Popen(command, env=os.environ | dict(changes), close_fds=False)  # noqa: S603, the user's own


def _folder(stack: ExitStack) -> Path:
    """A folder for certificates, which holds no secrets: the command may become another user."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="minimax-mock-run-", ignore_cleanup_errors=True)))
    folder.chmod(0o755)
    return folder


def _trust(plan: Plan, folder: Path) -> tuple[trustme.CA, Trust]:
    import trustme

    from mock_server.intercept import ca
    from mock_server.intercept.trust import write

    authority = ca.make() if plan.ephemeral_ca else ca.load()
    trust = write(authority.certificate, os.environ, folder)
    return trustme.CA.from_pem(authority.certificate, authority.key), trust


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname and parts.port  # noqa: S101, PT018, of a bound socket
    return parts.hostname, parts.port
