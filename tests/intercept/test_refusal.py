"""Where the kernel forbids a sandbox: the reason and the remedy; and where it allows one to users without rights."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

import pytest

from mock_server.intercept.refusal import explain, remedy
from tests.intercept.command import COMMAND, ENV

POWERLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
SANDBOX = [*COMMAND, "run", "-q", "--via", "sandbox", "--"]


def sh(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env=ENV, timeout=100, check=False)


def test_a_user_without_rights_gets_a_sandbox_and_stays_that_user() -> None:
    script = "id -u; id -g; grep CapEff /proc/self/status; curl -sS https://api.minimax.io/x"
    result = sh("unshare", "--map-user=1234", "--map-group=2345", *SANDBOX, "bash", "-c", script)
    assert result.stdout.split() == ["1234", "2345", "CapEff:", "0" * 16, "404", "page", "not", "found"], result.stderr


def test_where_user_namespaces_are_switched_off_that_is_told() -> None:
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'
    result = sh("unshare", "--map-root-user", "bash", "-c", forbid, "-", *POWERLESS, *SANDBOX, "true")
    assert result.returncode == 2
    assert result.stderr == (
        "minimax-mock: this system does not let a sandbox be made (cannot make network and mount namespaces: No space "
        "left on device). User namespaces are switched off: `sudo sysctl user.max_user_namespaces=15000` allows them; "
        "or use --via proxy or --via env, which need no rights\n"
    )


def test_a_root_without_capabilities_is_told_too() -> None:
    result = sh(*POWERLESS, *SANDBOX, "true")
    assert result.returncode == 2
    assert "does not let a sandbox be made (cannot " in result.stderr
    assert "Operation not permitted" in result.stderr
    assert result.stderr.endswith("; or use --via proxy or --via env, which need no rights\n")


@pytest.mark.parametrize(
    ("switch", "value", "said"),
    [
        ("proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=15000"),
        ("proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        (
            "proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (".dockerenv", "", "docker run --cap-add SYS_ADMIN"),
        ("run/.containerenv", "", "docker run --cap-add SYS_ADMIN"),
        ("nothing", "", "Run it as root"),
    ],
)
def test_each_known_switch_has_its_remedy(switch: str, value: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / switch
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(value + "\n", encoding="ascii")
    assert said in remedy(errno.EPERM, tmp_path)


@pytest.mark.parametrize("step", ["unshare", "user", "mount", "address", "listen", "start"])
def test_every_step_is_explained(step: str) -> None:
    assert "Operation not permitted" in explain(step, errno.EPERM)
