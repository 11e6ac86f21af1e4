"""Content safety: what the service would block, decided by words so that a test can provoke it.

Two ways in: a magic prompt, ``[[mock:NAME]]`` anywhere in it, and a few plain words. Both are the emulator's own; how
the live service classifies is not published.
"""

from __future__ import annotations

import re
from typing import Literal

from mock_server.core.reasons import Refusal, refuse
from mock_server.nearest import nearest

Verdict = Literal["pass", "input", "output", "partial", "all"]

MAGIC_PROMPTS: dict[str, Verdict] = {
    "1026": "input",
    "sensitive-prompt": "input",
    "1027": "output",
    "sensitive-output": "output",
    "partial-failure": "partial",
    "all-blocked": "all",
}
"""``[[mock:NAME]]`` → what is blocked: the request by its input or output, its last image (partial), or every image."""

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
"""Plain words with the same effects, whatever their case; Latin ones only as whole words."""

_MAGIC = re.compile(r"\[\[mock:([^\]]*)\]\]")


def judge(prompt: str) -> Verdict | Refusal:
    """What content safety says to `prompt`; a refusal when a magic prompt has a name that does not exist."""
    if "[[mock:" in prompt:
        match = _MAGIC.search(prompt)
        if match:
            name = match[1].strip()
            if name in MAGIC_PROMPTS:
                return MAGIC_PROMPTS[name]
            return refuse("invalid_params", "magic_prompt", name=name, hint=nearest(name, MAGIC_PROMPTS))
    lowered = prompt.lower()
    for word, verdict in WORDS.items():
        if word in lowered and (not word.isascii() or re.search(rf"\b{word}\b", lowered)):
            return verdict
    return "pass"


def blocked_images(verdict: Verdict, n: int) -> int:
    """How many of `n` images are blocked: none, the last one, or all."""
    return {"partial": 1, "all": n}.get(verdict, 0)
