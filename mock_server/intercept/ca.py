"""The certificate authority of ``run``: one for each user, or one for a single run; in no system's store.

Name constraints (RFC 5280, 4.2.1.10) let it vouch for the live service's hosts and this machine only, so that a program
that trusts it can be deceived about nothing else, even by whoever steals the key.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from tempfile import mkdtemp

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct
from platformdirs import user_data_path

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept.refusal import AuthorityError

CERTIFICATE, KEY = "ca.pem", "ca-key.pem"
VALID_DAYS = 3650
RENEW_DAYS = 30
LOCAL_NETWORKS = ("127.0.0.0/8", "::1/128")


class Authority(Struct, frozen=True):
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes


def folder() -> Path:
    """Where this user's authority is kept."""
    return user_data_path("minimax-mock", appauthor=False) / "ca"


def load() -> Authority:
    """This user's authority, made when there is none that can be used. Raises `AuthorityError`."""
    try:
        authority = _read(folder())
        if authority is not None and _usable(authority.certificate):
            return authority
        return _keep(make(), folder())
    except OSError as error:
        raise AuthorityError(
            f"cannot keep a certificate authority in {folder()}: {error.strerror}; --ephemeral-ca makes one for a run"
        ) from None


def remove() -> bool:
    """Delete this user's authority; False when there was none. Raises `AuthorityError`."""
    try:
        shutil.rmtree(folder())
    except FileNotFoundError:
        return False
    except OSError as error:
        raise AuthorityError(f"cannot remove {folder()}: {error.strerror}") from None
    return True


def make() -> Authority:
    """A new authority; its key exists in memory only."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "minimax-mock"),
            x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, "for tests on this machine only"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    permitted = [*map(x509.DNSName, _names()), *(x509.IPAddress(ip_network(one)) for one in LOCAL_NETWORKS)]
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def _names() -> Iterable[str]:
    return ("localhost", *LIVE_HOSTS)


def _read(place: Path) -> Authority | None:
    try:
        certificate, key = (place / CERTIFICATE).read_bytes(), (place / KEY).read_bytes()
    except FileNotFoundError:
        return None
    open_to_others = (place / KEY).stat().st_mode & 0o077
    if open_to_others and sys.platform != "win32":
        raise AuthorityError(
            f"others can read the private key {place / KEY} (mode {open_to_others:03o}); `minimax-mock ca remove` "
            "throws it away, and the next run makes another"
        )
    return Authority(certificate, key)


def _usable(certificate: bytes) -> bool:
    """Whether it is valid for a while, and for every host there is now."""
    try:
        found = x509.load_pem_x509_certificate(certificate)
        constraints = found.extensions.get_extension_for_class(x509.NameConstraints).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    permitted = {item.value for item in constraints.permitted_subtrees or () if isinstance(item, x509.DNSName)}
    return found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=RENEW_DAYS) and permitted >= {*_names()}


def _keep(authority: Authority, place: Path) -> Authority:
    """Write an authority to its place at once, so that runs that start together end up with the same one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix="ca-", dir=place.parent))  # mode 700
    try:
        for name, content in ((CERTIFICATE, authority.certificate), (KEY, authority.key)):
            handle = os.open(made / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        there = _read(place)
        if there is not None and _usable(there.certificate):
            return there
        shutil.rmtree(place, ignore_errors=True)
        try:
            made.rename(place)
        except OSError:
            there = _read(place)
            if there is None:
                raise
            return there
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return authority
