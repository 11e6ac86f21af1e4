"""Content safety: what the service would block, decided by a few words so that a test can provoke it.

The words are the emulator's own; how the live service classifies is not published.
"""

from __future__ import annotations

import re
from typing import Literal

Verdict = Literal["pass", "input", "output", "partial", "all"]

WORDS: dict[str, Verdict] = {
    "nude": "input",
    "nsfw": "input",
    "裸体": "input",
    "gore": "output",
    "血腥": "output",
    "bikini": "partial",
    "比基尼": "partial",
    "lingerie": "all",
    "内衣": "all",
}
"""Word → what is blocked, whatever its case: the request by its input or its output, its last image (partial), or every
image. Latin words count only as whole words."""


def judge(prompt: str) -> Verdict:
    """What content safety says to `prompt`."""
    lowered = prompt.lower()
    for word, verdict in WORDS.items():
        if word in lowered and (not word.isascii() or re.search(rf"\b{word}\b", lowered)):
            return verdict
    return "pass"


def blocked_images(verdict: Verdict, n: int) -> int:
    """How many of `n` images are blocked: none, the last one, or all."""
    return {"partial": 1, "all": n}.get(verdict, 0)
