"""What may be sent on to a service that costs money, and what that has cost."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

PRICE_USD = Decimal("0.0035")
"""Of one image, pay as you go (platform.minimax.io, pricing)."""
MOST_IMAGES = 9
"""So many images one call can ask for (documented)."""
FREE_CODES = frozenset({1002, 1004, 1008, 1039, 1041, 2013, 2038, 2045, 2049, 2056, 2061})
"""Refusals that come before an image is drawn. After any other, and without an answer, all that was asked counts."""
FREE_STATUSES = frozenset({400, 401, 402, 403, 404, 405, 413, 415, 422, 429})

Why = Literal["other-key", "altered", "again", "max-spend"]


def dollars(images: int) -> str:
    """What so many images cost: ``$0.0070``."""
    return f"${images * PRICE_USD:.4f}"


def shown(value: object) -> str:
    """A value, or its beginning."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def counted(number: int, word: str) -> str:
    """``1 image``, ``2 images``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def affordable(limit_usd: float) -> int:
    """How many images so much money buys. Raises `ValueError` for what is no amount."""
    if not math.isfinite(limit_usd) or limit_usd < 0:
        msg = f"expected an amount in USD, from 0, got {limit_usd}"
        raise ValueError(msg)
    return int(Decimal(str(limit_usd)) // PRICE_USD)


def images_asked(body: bytes) -> int:
    """How many images a body asks for at most: nine where that cannot be told, one where it does not say."""
    try:
        fields = json.loads(body, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return MOST_IMAGES
    if not isinstance(fields, tuple):
        return MOST_IMAGES
    said = [value for name, value in fields if name.lower() == "n"]  # some decoders do not mind the case
    counts = [value if type(value) is int and value > 0 else MOST_IMAGES for value in said if value is not None]
    return max(counts, default=1)


class Purse:
    """Images against a limit, from any thread. What is held back for a call under way counts as spent."""

    def __init__(self, limit_usd: float) -> None:
        """Raises `ValueError` for what is no amount."""
        self.limit_usd = limit_usd
        self._limit = affordable(limit_usd)
        self._spent = 0
        self._lock = threading.Lock()
        self.calls = 0
        self.refused = 0

    @property
    def left(self) -> int:
        """So many images are affordable still."""
        return max(self._limit - self._spent, 0)

    @property
    def images(self) -> int:
        """So many images are paid for, at most."""
        return self._spent

    def hold(self, images: int) -> bool:
        """Set that much apart for a call that is about to be sent; False when it could cost more than there is."""
        with self._lock:
            if self._spent + images > self._limit:
                self.refused += 1
                return False
            self._spent += images
            self.calls += 1
            return True

    def settle(self, held: int, cost: int, *, sent: bool = True) -> None:
        """A call that `held` was set apart for has cost `cost`."""
        with self._lock:
            self._spent += cost - held
            self.calls -= not sent


def bill(name: str, purse: Purse, waited: float) -> str:
    """What was sent to a service and spent there, in a line; `waited` are seconds for the rate limit."""
    refused = f", {purse.refused} refused because of what they could cost" if purse.refused else ""
    pause = f"; waited {waited:.0f} s for the rate limit" if waited >= 1 else ""
    return (
        f"{name}: {counted(purse.calls, 'call')}{refused}, {counted(purse.images, 'image')}: "
        f"at most {dollars(purse.images)} of ${purse.limit_usd:g} spent{pause}"
    )


class Terms(Struct, frozen=True):
    """What a client may send for one question: these fields as they are, and no more images than that, once.

    ``foreign_key``: it is given a wrong key, and must not send the right one.
    """

    only: Mapping[str, Any] = {}
    most: int = MOST_IMAGES
    once: bool = False
    foreign_key: bool = False


class Refused(Struct, frozen=True):
    """A call that is not sent on, and why."""

    why: Why
    message: str


class Guard:
    """Decides for one account what is sent on, and counts what it cost.

    `strangers_pay`: whether a call without the account's key may cost its owner something.
    """

    def __init__(self, purse: Purse, terms: Terms, key: str, *, strangers_pay: bool) -> None:
        self._purse = purse
        self._terms = terms
        self._key = key.encode("latin-1", "replace")
        self._strangers_pay = strangers_pay
        self._made = False
        self._under_way = 0

    def admit(self, headers: list[tuple[bytes, bytes]], body: bytes) -> int | Refused:
        """How many images are held back for this call, or why it is not sent."""
        ours = bool(self._key) and any(self._key in value for _, value in headers)
        if ours and self._terms.foreign_key:
            return Refused("other-key", "the client sent another key than the one that it was given")
        asked = images_asked(body)
        if (altered := _altered(self._terms, body)) or asked > self._terms.most:
            message = altered or f"the client asked for {asked} images, and should for {self._terms.most}"
            return Refused("altered", message)
        if self._terms.once and (self._made or self._under_way):
            when = "were made" if self._made else "were still being made"
            return Refused("again", f"the images {when}, and the client asked, and would have paid, for them again")
        held = asked if ours or self._strangers_pay else 0
        if not self._purse.hold(held):
            message = f"this call could cost {dollars(held)}; of --max-spend {dollars(self._purse.left)} is left"
            return Refused("max-spend", message)
        self._under_way += 1
        return held

    def settle(self, held: int, status: int | None, answer: object) -> None:
        """Count what a call cost, by its answer: an HTTP status and JSON. Neither came where the status is None."""
        cost = cost_of(held, status, answer)
        self._under_way -= 1
        self._made = self._made or (status is not None and code_of(answer) == 0)
        self._purse.settle(held, cost)

    def unsent(self, held: int) -> None:
        """The call never reached the service."""
        self._under_way -= 1
        self._purse.settle(held, 0, sent=False)


def code_of(answer: object) -> int | None:
    """The status code in an answer of the API."""
    base_resp = answer.get("base_resp") if isinstance(answer, dict) else None
    code = base_resp.get("status_code") if isinstance(base_resp, dict) else None
    return code if type(code) is int else None


def images_of(answer: object, name: str) -> list[str]:
    """The images in an answer: ``image_urls`` or ``image_base64``."""
    data = answer.get("data") if isinstance(answer, dict) else None
    images = data.get(name) if isinstance(data, dict) else None
    return [image for image in images if isinstance(image, str)] if isinstance(images, list) else []


def cost_of(held: int, status: int | None, answer: object) -> int:
    """How many images a call has cost at most, of those that were `held` back for it."""
    code = code_of(answer)
    free = code in FREE_CODES or (code is None and status in FREE_STATUSES) or _refused_reference(answer)
    if free or (held == 0 and code != 0):
        return 0
    return max(held, len(images_of(answer, "image_urls")), len(images_of(answer, "image_base64")))


def _refused_reference(answer: object) -> bool:
    """Whether a reference was refused before anything was drawn: with 1000, which otherwise says nothing (recorded)."""
    base_resp = answer.get("base_resp") if isinstance(answer, dict) else None
    message = base_resp.get("status_msg") if isinstance(base_resp, dict) else None
    return code_of(answer) == 1000 and str(message).startswith("disallowed image url")


def _altered(terms: Terms, body: bytes) -> str:
    """Which field is not as it was asked for; empty when all are."""
    if not terms.only:
        return ""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return "the body is not JSON"
    for field, value in terms.only.items():
        got = said.get(field) if isinstance(said, dict) else None
        if type(got) is not type(value) or got != value:
            return f"{field} was asked for as {shown(value)}, and sent as {shown(got)}"
    return ""
