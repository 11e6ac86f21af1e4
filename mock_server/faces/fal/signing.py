"""The key that signs webhooks, and the JWKS by which they are verified (fal's webhook page: Ed25519)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@lru_cache(maxsize=8)
def signing_key(seed: int) -> Ed25519PrivateKey:
    """The key of an emulator with that seed: no secret, but the same after a restart."""
    material = blake2b(f"minimax-mock webhooks {seed}".encode(), digest_size=32).digest()
    return Ed25519PrivateKey.from_private_bytes(material)


def jwks(seed: int) -> dict[str, Any]:
    """The public key as ``/.well-known/jwks.json`` publishes it."""
    public = signing_key(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": urlsafe_b64encode(public).rstrip(b"=").decode()}]}


def signed_headers(seed: int, number: str, user: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a delivery; what is signed is id, user, time and the body's SHA-256, a line each."""
    message = "\n".join((number, user, str(timestamp), sha256(body).hexdigest()))
    return {
        "X-Fal-Webhook-Request-Id": number,
        "X-Fal-Webhook-User-Id": user,
        "X-Fal-Webhook-Timestamp": str(timestamp),
        "X-Fal-Webhook-Signature": signing_key(seed).sign(message.encode()).hex(),
    }
