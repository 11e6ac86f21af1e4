"""Identifiers and draws, all derived from (seed, account, request fingerprint, ordinal).

Nothing here keeps a counter or a generator, so that requests answered in parallel get what they would get one by one.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import unpack_from

TRACE_EPOCH = 1_672_531_200
"""2023-01-01T00:00:00Z: the zero of the seconds in a trace id (three recorded ids decode to the second with it)."""

_BASE36 = bytes(b"0123456789abcdefghijklmnopqrstuvwxyz"[byte % 36] for byte in range(256))
_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}


def draw_key(seed: int, account: str) -> bytes:
    """What makes the draws of one account with one seed its own."""
    return blake2b(f"{seed}\0{account}".encode("utf-8", "surrogatepass"), digest_size=32).digest()


def fingerprint(key: bytes, body: bytes) -> bytes:
    """64 bytes that stand for a request body of the account with that `draw_key`."""
    return blake2b(key + body).digest()


def draw(fingerprint: bytes, ordinal: int) -> bytes:
    """64 bytes of chance for the `ordinal`-th request with that fingerprint; for the first, the fingerprint itself."""
    return blake2b(b"%b%d" % (fingerprint, ordinal)).digest() if ordinal else fingerprint


def trace_id(now: float, random: bytes) -> str:
    """The ``id`` of an answer and its ``Trace-Id``: 8 hex digits of seconds since 2023, then 24 random ones.

    Recorded: ``0640ba83a3280cd782f714aefb8c6318`` came with ``alb_receive_time`` 1777436547.388.
    """
    return ((int(now) - TRACE_EPOCH & 0xFFFFFFFF).to_bytes(4, "big") + random[:12]).hex()


def trace_seconds(trace: str) -> int:
    """The Unix second in which `trace` was made."""
    return int(trace[:8], 16) + TRACE_EPOCH


def group_id(draw_key: bytes) -> bytes:
    """An account's 19-digit group id, as it stands in ``X-Mm-Request-Id`` (recorded: 2024530792255857454)."""
    return b"%d" % (1_700_000_000_000_000_000 + int.from_bytes(draw_key[:8], "big") % 400_000_000_000_000_000)


def base36(random: bytes) -> bytes:
    """One character of ``0-9a-z`` for each byte of `random`."""
    return random.translate(_BASE36)


def uuid4_stem(random: bytes) -> str:
    """A version 4 UUID without its last digit, which is left to number the images of one answer."""
    text = random[:16].hex()
    return "-".join((text[:8], text[8:12], "4" + text[13:16], _VARIANTS[text[16]] + text[17:20], text[20:31]))


def image_seeds(random: bytes, count: int) -> tuple[int, ...]:
    """`count` different seeds (0 to 2**31-1) for images of a request that gave none; each takes 4 bytes of `random`."""
    seeds = tuple(value >> 1 for value in unpack_from(f">{count}I", random))
    return seeds if count == 1 or len(set(seeds)) == count else image_seeds(blake2b(random).digest(), count)
