"""The certificate authority: one for a user, its key the owner's alone, and good for nothing but what it is for."""

from __future__ import annotations

import asyncio
import os
import ssl
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import trustme

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept import ca
from mock_server.intercept.refusal import AuthorityError
from mock_server.intercept.trust import write
from tests.intercept.command import ENV, minimax_mock, run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "minimax-mock" / "ca"


def test_it_is_made_once_for_a_user_and_removed_when_told(home: Path) -> None:
    first = minimax_mock("ca", "path", XDG_DATA_HOME=str(home.parent.parent))
    assert first.stdout == f"{home / 'ca.pem'}\n"
    content = (home / "ca.pem").read_bytes()
    assert ca.load().certificate == content
    minimax_mock("ca", "path", XDG_DATA_HOME=str(home.parent.parent))
    assert (home / "ca.pem").read_bytes() == content
    removed = minimax_mock("ca", "remove", XDG_DATA_HOME=str(home.parent.parent))
    assert (removed.returncode, removed.stdout) == (0, f"removed {home}\n")
    assert not home.exists()
    assert minimax_mock("ca", "remove", XDG_DATA_HOME=str(home.parent.parent)).stdout == f"there is none in {home}\n"


def test_the_key_is_its_owners_alone_whatever_the_umask(home: Path) -> None:
    before = os.umask(0)
    try:
        ca.load()
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "ca-key.pem").stat().st_mode) == 0o600
    (home / "ca-key.pem").chmod(0o640)
    with pytest.raises(
        AuthorityError, match=r"others can read the private key .* \(mode 040\); `minimax-mock ca remove`"
    ):
        ca.load()


def test_a_run_with_a_ca_of_its_own_leaves_nothing(home: Path) -> None:
    result = run(
        "-q", "--ephemeral-ca", "--", "bash", "-c", 'cat "$NODE_EXTRA_CA_CERTS"; ls "${SSL_CERT_FILE%/*}"', via="proxy"
    )
    assert "BEGIN CERTIFICATE" in result.stdout
    assert "PRIVATE KEY" not in result.stdout
    assert result.stdout.split()[-3:] == ["bundle.pem", "ca.pem", "trust.p12"]
    assert not home.exists()


def test_one_that_expires_soon_or_lacks_a_host_is_made_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ca, "VALID_DAYS", ca.RENEW_DAYS - 1)
    short = ca.load()
    monkeypatch.undo()
    monkeypatch.setenv("XDG_DATA_HOME", str(home.parent.parent))
    assert ca.load() != short
    (home / "ca.pem").write_text("spoiled", encoding="ascii")
    assert b"BEGIN CERTIFICATE" in ca.load().certificate
    assert sorted(file.name for file in home.parent.iterdir()) == ["ca"]


def test_runs_that_start_together_end_up_with_one(home: Path) -> None:
    env = ENV | {"XDG_DATA_HOME": str(home.parent.parent)}
    program = "from mock_server.intercept import ca; print(ca.load().certificate)"
    started = [subprocess.Popen([sys.executable, "-c", program], env=env, stdout=subprocess.PIPE) for _ in range(3)]
    assert len({process.communicate()[0] for process in started}) == 1


def test_a_place_that_cannot_be_written_is_told_with_the_way_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/proc")
    with pytest.raises(AuthorityError, match=r"cannot keep .* in /proc.*; --ephemeral-ca makes one"):
        ca.load()


async def handshake(authority: ca.Authority, name: str, trusted: str) -> str | None:
    """Why a client refuses a certificate for `name`, or None."""
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA.from_pem(authority.certificate, authority.key).issue_cert(name).configure_cert(served)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=served)
    port = server.sockets[0].getsockname()[1]
    context = ssl.create_default_context(cafile=trusted)
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        server.close()
    writer.close()
    return None


def test_it_can_vouch_for_the_live_hosts_and_this_machine_alone(tmp_path: Path) -> None:
    authority = ca.make()
    trust = write(authority.certificate, {}, tmp_path)

    async def all_of_them() -> dict[str, str | None]:
        names = [*LIVE_HOSTS, "localhost", "127.0.0.1", "example.com", "api.openai.com", "minimax.io", "10.0.0.1"]
        return {name: await handshake(authority, name, str(trust.bundle)) for name in names}

    refused = {name: why for name, why in asyncio.run(all_of_them()).items() if why}
    assert refused == dict.fromkeys(
        ["example.com", "api.openai.com", "minimax.io", "10.0.0.1"], "permitted subtree violation"
    )


def test_the_bundle_still_trusts_everybody_else_and_what_the_user_trusts(tmp_path: Path) -> None:
    import certifi

    corporate = trustme.CA(organization_name="corporate")
    corporate.cert_pem.write_to_path(tmp_path / "corporate.pem")
    trust = write(ca.make().certificate, {"REQUESTS_CA_BUNDLE": str(tmp_path / "corporate.pem")}, tmp_path)
    context = ssl.create_default_context(cafile=str(trust.bundle))
    public = ssl.create_default_context(cafile=certifi.where())
    trusted = set(context.get_ca_certs(binary_form=True))
    assert trusted > set(public.get_ca_certs(binary_form=True))
    own = {
        ssl.PEM_cert_to_DER_cert(file.read_text(encoding="ascii")) for file in (trust.own, tmp_path / "corporate.pem")
    }
    assert own <= trusted
    assert trust.bundle.read_text(encoding="ascii").count("BEGIN CERTIFICATE") == len(trusted), "each is there once"


def test_java_trusts_the_same(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    own = ca.make().certificate
    trust = write(own, {}, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some public certificates are older than the rules
        kept = pkcs12.load_pkcs12(trust.java.read_bytes(), b"changeit").additional_certs
    assert own in [item.certificate.public_bytes(Encoding.PEM) for item in kept]
    assert len(kept) == trust.bundle.read_text(encoding="ascii").count("BEGIN CERTIFICATE")
