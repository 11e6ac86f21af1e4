"""A sandbox for one command (Linux): namespaces in which the service's names lead to the emulator, and nothing else is.

The sockets that listen inside are made there and handed out, so that the emulator itself stays outside.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept import sandbox_inside
from mock_server.intercept.refusal import SandboxError, explain
from mock_server.intercept.trust import SYSTEM_BUNDLES, Trust

ADDRESS = "44.128.7.1"
"""Public by every list of special addresses (IANA's registries, RFC 6890), and of a network that is never routed: the
test network of AMPRNet."""
URL = f"http://{ADDRESS}"
HTTPS, HTTP, DNS = 443, 80, 53
NO_CACHE = "/run/nscd"
"""The socket of a name cache outside, which programs would ask before the hosts file."""


class Sandbox:
    """The process that becomes the command, stopped before it does."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], files: Mapping[str, Path]) -> None:
        """`files` says which file covers which inside. Raises `SandboxError` where the kernel forbids it."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = [sys.executable, "-I", "-S", sandbox_inside.__file__, str(theirs.fileno()), *command]
        theirs.set_inheritable(True)
        self.process = subprocess.Popen(program, env=dict(environment), close_fds=False)  # noqa: S603
        theirs.close()
        covered = [(str(source), target) for target, source in files.items()]
        self._send({"address": ADDRESS, "tcp": [HTTPS, HTTP], "udp": [DNS], "covered": covered})
        self.https, self.http, self.dns = self._sockets()

    def _send(self, wanted: Mapping[str, Any]) -> None:
        self._control.send(json.dumps(wanted).encode())

    def _sockets(self) -> tuple[socket.socket, socket.socket, socket.socket]:
        answer, handles, _, _ = socket.recv_fds(self._control, sandbox_inside.MESSAGE_BYTES, 3)
        if len(handles) != 3:
            self.process.wait()
            self._control.close()
            raise SandboxError(explain(**json.loads(answer or b'{"step": "start", "errno": 0}')))
        https, http, dns = (socket.socket(fileno=handle) for handle in handles)
        return https, http, dns

    def begin(self) -> None:
        """Let the process become the command. Raises `FileNotFoundError`, `PermissionError` and the like."""
        self._control.send(b"g")
        failure = self._control.recv(sandbox_inside.MESSAGE_BYTES)
        self._control.close()
        if failure:
            self.process.wait()
            number = json.loads(failure)["errno"]
            raise OSError(number, os.strerror(number))

    def give_up(self) -> None:
        """End the process before it became the command."""
        self._control.close()
        self.process.wait()


def files(folder: Path, trust: Trust) -> dict[str, Path]:
    """What covers the files by which programs find names and trust certificates, made in `folder`."""
    covered: dict[str, Path] = {}
    for target, text in (
        ("/etc/hosts", hosts(_text("/etc/hosts"))),
        ("/etc/resolv.conf", f"nameserver {ADDRESS}\noptions timeout:1 attempts:1\n"),
        ("/etc/nsswitch.conf", nsswitch(_text("/etc/nsswitch.conf"))),
    ):
        place = Path(target).resolve()
        if place.is_file():
            covered[str(place)] = folder / place.name
            covered[str(place)].write_text(text, encoding="utf-8")
    for bundle in SYSTEM_BUNDLES:
        if Path(bundle).is_file():
            covered[str(Path(bundle).resolve())] = trust.bundle
    if Path(NO_CACHE).is_dir():
        empty = folder / "empty"
        empty.mkdir()
        covered[NO_CACHE] = empty
    return covered


def hosts(text: str) -> str:
    """A hosts file in which the live hosts lead to us; the user's other names stay."""
    kept = []
    for line in text.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        others = [name for name in names if name.lower() not in LIVE_HOSTS]
        if others:
            kept.append(" ".join([address, *others]))
    return "\n".join([*(f"{ADDRESS} {name}" for name in LIVE_HOSTS), *kept, ""])


def nsswitch(text: str) -> str:
    """The same sources for everything but names: those come from the hosts file and the name server inside."""
    return re.sub(r"(?m)^hosts:.*\n?", "", text) + "\nhosts: files dns\n"


def _text(file: str) -> str:
    place = Path(file)
    return place.read_text(encoding="utf-8", errors="replace") if place.is_file() else ""
