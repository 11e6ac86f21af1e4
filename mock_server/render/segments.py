"""JPEG markers and segments (ITU-T T.81, annex B)."""

from __future__ import annotations

SOI = b"\xff\xd8"
EOI = b"\xff\xd9"

APP0, APP1, COM = 0xE0, 0xE1, 0xFE
DQT, DHT, DRI, SOF0, SOS = 0xDB, 0xC4, 0xDD, 0xC0, 0xDA

SOF_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

JFIF_HEADER = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"


def segment(marker: int, payload: bytes) -> bytes:
    """One marker segment. ``payload`` may have up to 65533 bytes."""
    return b"\xff" + marker.to_bytes() + (len(payload) + 2).to_bytes(2) + payload


def restart(number: int) -> bytes:
    """The restart marker that stands between intervals ``number`` and ``number + 1`` of a scan."""
    return b"\xff" + (0xD0 | number & 7).to_bytes()
