"""How long an answer takes."""

from __future__ import annotations

from mock_server.account import Account
from mock_server.settings import latency_seconds

REALISTIC_SECONDS = (22.7, 25.8)
"""Recorded for one image (api.minimax.io, August 2026); more images a request: assumed the same."""
REALISTIC_REFUSAL_SECONDS = (0.5, 0.9)


def latency_of(account: Account, success: bool, chance: bytes) -> float:
    """Seconds that an answer is to take, drawn from `chance` where they vary."""
    fixed = latency_seconds(account.settings.latency)
    if fixed is not None:
        return fixed
    low, high = REALISTIC_SECONDS if success else REALISTIC_REFUSAL_SECONDS
    return low + (high - low) * int.from_bytes(chance[:4], "big") / 0xFFFFFFFF
