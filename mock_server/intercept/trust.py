"""The files that make programs trust our certificates besides the public ones, and the variables that name them."""

from __future__ import annotations

import re
import ssl
import warnings
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

INSTEAD = (
    "SSL_CERT_FILE",  # OpenSSL and so Python, Ruby, PHP, curl; Go and rustls-native-certs on Linux; httpx
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "CARGO_HTTP_CAINFO",
    "PIP_CERT",
    "AWS_CA_BUNDLE",
    "HTTPLIB2_CA_CERTS",
    "NIX_SSL_CERT_FILE",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
)
"""Variables that replace what is trusted: they get everything."""
BESIDES = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
"""Variables that add to what is trusted: they get our certificate, with what the user has there."""
JAVA = "JAVA_TOOL_OPTIONS"
PASSWORD = "changeit"
"""Of the Java trust store: the customary one, as it holds no secret."""
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # the same
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS
)
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


class Trust(Struct, frozen=True):
    """Our certificate alone, and with the public ones: as PEM and for Java."""

    own: Path
    bundle: Path
    java: Path

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What to set in the environment of a program."""
        java = {
            "javax.net.ssl.trustStore": str(self.java),
            "javax.net.ssl.trustStoreType": "PKCS12",
            "javax.net.ssl.trustStorePassword": PASSWORD,
        }
        besides = {name: str(self.bundle if environment.get(name) else self.own) for name in BESIDES}
        return dict.fromkeys(INSTEAD, str(self.bundle)) | besides | {JAVA: java_options(environment, java)}


def java_options(environment: Mapping[str, str], properties: Mapping[str, str]) -> str:
    """Java's options with those of the user first; ours count where both set the same."""
    ours = [f'"-D{name}={value}"' if " " in value else f"-D{name}={value}" for name, value in properties.items()]
    return " ".join([*filter(None, [environment.get(JAVA, "").strip()]), *ours])


def write(certificate: bytes, environment: Mapping[str, str], folder: Path) -> Trust:
    """Write the files into `folder`. What the user's own variables name is trusted as well."""
    trust = Trust(folder / "ca.pem", folder / "bundle.pem", folder / "trust.p12")
    trusted = {_der(block): block for block in _blocks(certificate)}
    for block in _public(environment):
        trusted.setdefault(_der(block), block)
    trust.own.write_bytes(certificate)
    trust.bundle.write_bytes(b"\n".join([*trusted.values(), b""]))
    trust.java.write_bytes(_java(trusted))
    return trust


def _blocks(text: bytes) -> Iterator[bytes]:
    return (match[0] for match in _BLOCK.finditer(text))


def _der(block: bytes) -> bytes:
    match = _BLOCK.fullmatch(block)
    return b64decode(match[1]) if match else b""


def _public(environment: Mapping[str, str]) -> Iterator[bytes]:
    """Every certificate that is trusted so far: by the user's variables, by the system, and by Mozilla."""
    import certifi

    files = [environment[name] for name in (*INSTEAD, *BESIDES) if environment.get(name)]
    for file in map(Path, [*files, *SYSTEM_BUNDLES, certifi.where()]):
        if file.is_file():
            yield from _blocks(file.read_bytes())
    for der in ssl.create_default_context().get_ca_certs(binary_form=True):  # on Windows, the system's store
        yield ssl.DER_cert_to_PEM_cert(der).strip().encode()


def _java(trusted: Mapping[bytes, bytes]) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore

    certificates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some public certificates are older than the rules
        for number, der in enumerate(trusted):
            try:
                certificates.append(PKCS12Certificate(x509.load_der_x509_certificate(der), b"%d" % number))
            except ValueError:
                continue
        return serialize_java_truststore(certificates, BestAvailableEncryption(PASSWORD.encode()))
