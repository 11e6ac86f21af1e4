"""Identifiers and draws, all derived from (seed, account, request fingerprint, ordinal).

Nothing here keeps a counter or a generator, so that requests answered in parallel get what they would get one by one.
"""

from __future__ import annotations

from hashlib import blake2b

TRACE_EPOCH = 1_672_531_200
"""2023-01-01T00:00:00Z: the zero of the seconds in a trace id (three recorded ids decode to the second with it)."""

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_UUID4_MASK = ~(0xF << 76 | 0x3 << 62 | 0xF)
_UUID4_BITS = 0x4 << 76 | 0x2 << 62


def draw_key(seed: int, account: str) -> bytes:
    """What makes the draws of one account with one seed its own."""
    return blake2b(f"{seed}\0{account}".encode("utf-8", "surrogatepass"), digest_size=32).digest()


def fingerprint(key: bytes, body: bytes) -> bytes:
    """16 bytes that stand for a request body of the account with that `draw_key`."""
    return blake2b(body, key=key, digest_size=16).digest()


def draw(fingerprint: bytes, purpose: bytes, ordinal: int = 0) -> bytes:
    """64 bytes that depend on nothing but the arguments."""
    return blake2b(b"%b%d" % (purpose, ordinal), key=fingerprint).digest()


def trace_id(now: float, random: bytes) -> str:
    """The ``id`` of an answer and its ``Trace-Id``: 8 hex digits of seconds since 2023, then 24 random ones.

    Recorded: ``0640ba83a3280cd782f714aefb8c6318`` came with ``alb_receive_time`` 1777436547.388.
    """
    return f"{int(now) - TRACE_EPOCH & 0xFFFFFFFF:08x}{random[:12].hex()}"


def trace_seconds(trace: str) -> int:
    """The Unix second in which `trace` was made."""
    return int(trace[:8], 16) + TRACE_EPOCH


def group_id(account_draw: bytes) -> str:
    """A 19-digit group id as it appears in ``X-Mm-Request-Id`` (recorded: 2024530792255857454)."""
    return str(1_700_000_000_000_000_000 + int.from_bytes(account_draw[:8], "big") % 400_000_000_000_000_000)


def base36(random: bytes, length: int) -> str:
    """`length` characters of ``0-9a-z``."""
    return "".join(_BASE36[byte % 36] for byte in random[:length])


def uuid_text(value: int) -> str:
    """A UUID as text."""
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuid4_base(random: bytes) -> int:
    """The number that all UUIDs of one answer share: version and variant set, last digit zero."""
    value = int.from_bytes(random[:16], "big")
    return value & _UUID4_MASK | _UUID4_BITS


def image_seeds(random: bytes, count: int) -> tuple[int, ...]:
    """`count` different seeds (0 to 2**31-1) for the images of a request that gave none."""
    seeds: dict[int, None] = {}
    block = random
    while len(seeds) < count:
        for start in range(0, len(block) - 3, 4):
            seeds.setdefault(int.from_bytes(block[start : start + 4], "big") >> 1)
            if len(seeds) == count:
                break
        else:
            block = blake2b(block).digest()
    return tuple(seeds)
