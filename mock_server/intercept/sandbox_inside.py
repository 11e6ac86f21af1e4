"""The inside of the sandbox: makes the namespaces, hands out sockets that listen in them, becomes the command.

Started as a program of its own, ``python -I -S sandbox_inside.py FD COMMAND...``, because a process with threads can
make no user namespace, and with nothing but the standard library. On the socket FD it is told what to make, answers
with what it made, and waits for the word to begin. No package and no tool is needed: `unshare` and `mount` are calls
of the C library, and the one address is set with an ioctl (pyroute2 would be a large package for three calls).
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any, NoReturn

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8913, 0x8914, 0x8916, 0x891C
IFF_UP = 0x1
MESSAGE_BYTES = 64 * 1024


class StepError(Exception):
    """What could not be done, and the number of the error."""

    def __init__(self, step: str, error: OSError) -> None:
        super().__init__(step)
        self.step = step
        self.number = error.errno or 0


def main(arguments: list[str]) -> NoReturn:
    """Make the sandbox that the parent asks for, then run the command in it."""
    control = socket.socket(fileno=int(arguments[0]))
    control.set_inheritable(False)
    wanted = json.loads(control.recv(MESSAGE_BYTES))
    try:
        made = make(wanted)
    except StepError as error:
        control.send(json.dumps({"step": error.step, "errno": error.number}).encode())
        os._exit(2)
    socket.send_fds(control, [b"{}"], [one.fileno() for one in made])
    for one in made:
        one.close()
    if control.recv(1) != b"g":
        os._exit(2)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)  # Python ignores them, and the command would inherit that
    try:
        os.execvp(arguments[1], arguments[1:])  # noqa: S606, that is what it is for
    except OSError as error:
        control.send(json.dumps({"step": "exec", "errno": error.errno}).encode())
        os._exit(127)


def make(wanted: dict[str, Any]) -> list[socket.socket]:
    """Enter new namespaces, cover files and set the address; sockets that listen there, TCP first, then UDP."""
    libc = ctypes.CDLL(None, use_errno=True)
    _unshare(libc)
    _mount(libc, None, "/", MS_REC | MS_PRIVATE)
    for source, target in wanted["covered"]:
        _mount(libc, source, target, MS_BIND)
    try:
        _set_address(wanted["address"])
    except OSError as error:
        raise StepError("address", error) from None
    try:
        return [_listen(wanted["address"], port) for port in wanted["tcp"]] + [
            _bind(wanted["address"], port) for port in wanted["udp"]
        ]
    except OSError as error:
        raise StepError("listen", error) from None


def _unshare(libc: ctypes.CDLL) -> None:
    """New network and mount namespaces; without the right to make them, in a user namespace with the same user."""
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWNET | CLONE_NEWNS) == 0:
        return
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0:
        raise StepError("unshare", _error())
    try:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    except OSError as error:
        raise StepError("user", error) from None


def _mount(libc: ctypes.CDLL, source: str | None, target: str, flags: int) -> None:
    if libc.mount(source and source.encode(), target.encode(), None, ctypes.c_ulong(flags), None) != 0:
        raise StepError("mount", _error())


def _error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number or errno.EPERM, os.strerror(number))


def _set_address(address: str) -> None:
    """Bring the loopback interface up, with one more address that is its only one besides 127.0.0.0/8 and ::1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack_from("16sH", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))
        for call, value in ((SIOCSIFADDR, address), (SIOCSIFNETMASK, "255.255.255.255")):
            place = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(value))
            fcntl.ioctl(any_socket, call, struct.pack("16s16s", b"lo:1", place))


def _listen(address: str, port: int) -> socket.socket:
    return socket.create_server((address, port), backlog=2048)


def _bind(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, port))
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
