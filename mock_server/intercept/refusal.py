"""Why there is no sandbox or no certificate authority, and what to do about it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

ELSEWHERE = "or use --via proxy or --via env, which need no rights"
_STEPS = {
    "unshare": "make network and mount namespaces",
    "user": "give the command its own user in a user namespace",
    "mount": "cover /etc/hosts in a mount namespace",
    "address": "set an address in a network namespace",
    "listen": "listen on ports 80 and 443 in a network namespace",
    "start": "start the process that makes it",
}


class SandboxError(Exception):
    """Why there is no sandbox, and the remedy."""


class AuthorityError(Exception):
    """Why there is no certificate authority to use, and what to do about it."""


def explain(step: str, errno: int) -> str:
    """The reason and the remedy for a `step` of the inside that failed with that number."""
    why = f": {os.strerror(errno)}" if errno else ""
    return f"this system does not let a sandbox be made (cannot {_STEPS[step]}{why}). {remedy(errno)}; {ELSEWHERE}"


def remedy(number: int, root: Path = Path("/")) -> str:
    """What to do, from the switches of the kernel that are known to forbid it; `root` is where it shows them."""
    sysctl = root / "proc/sys"
    if _value(sysctl / "user/max_user_namespaces") == "0" or number == errno.ENOSPC:
        return "User namespaces are switched off: `sudo sysctl user.max_user_namespaces=15000` allows them"
    if _value(sysctl / "kernel/unprivileged_userns_clone") == "0":
        return "Only root may make user namespaces: `sudo sysctl kernel.unprivileged_userns_clone=1` allows them"
    if _value(sysctl / "kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor forbids user namespaces (Ubuntu 23.10 and later): "
            "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` allows them"
        )
    if (root / ".dockerenv").exists() or (root / "run/.containerenv").exists():
        return (
            "The container forbids it: `docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN "
            "--security-opt seccomp=unconfined --security-opt apparmor=unconfined` allows it"
        )
    return "Run it as root, or allow user namespaces (man 7 user_namespaces)"


def _value(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return ""
