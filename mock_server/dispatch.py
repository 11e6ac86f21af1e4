"""The only place that decides what a call gets: auth, limits, validation, content safety, balance, then images."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

from msgspec import Struct

from mock_server import ids
from mock_server.account import Account
from mock_server.album import Album
from mock_server.clock import Clock
from mock_server.core import models
from mock_server.core.profile import Profile
from mock_server.core.reading import Reading, read
from mock_server.core.reasons import Refusal, refuse
from mock_server.core.safety import blocked_images
from mock_server.core.types import ImageRequest, Picture, Reference
from mock_server.references import ReferenceShelf
from mock_server.render import Renderer
from mock_server.settings import Settings, latency_seconds
from mock_server.state import MemoryState, State

REALISTIC_SECONDS = (22.7, 25.8)
"""Recorded for one image (api.minimax.io, August 2026); more images a request: assumed the same."""
REALISTIC_REFUSAL_SECONDS = (0.5, 0.9)

REMEMBERED_BODY_BYTES = 4096

_KEY_SHAPE = re.compile(r"^(sk-(api|cp)-|eyJ)")


Headers = dict[bytes, bytes]
Parse = Callable[[bytes, Headers, Profile], ImageRequest | Refusal]


class Caller(Struct, frozen=True):
    """Who calls: by which face, with which token, the account named in the path (`/~NAME/`), the site addressed."""

    face: str
    token: str | None
    place: str | None = None
    region: str | None = None


class Success(Struct, frozen=True):
    """Images to deliver, and how many content safety blocked."""

    request: ImageRequest
    album: Album
    failed: int


class Decision(Struct, frozen=True):
    """What a call gets, and what the answer needs to be written: the account's time and 64 bytes of chance."""

    account: Account | None
    profile: Profile
    now: float
    chance: bytes
    outcome: Success | Refusal
    request: ImageRequest | None = None

    @property
    def owner(self) -> str:
        """The account's name; empty for a call that no account could be found for."""
        return self.account.name if self.account else ""


class Engine:
    """One emulator: its settings, its state and its renderer. Two engines in one process share nothing."""

    def __init__(self, settings: Settings, accounts: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.settings = settings
        self.state: State = MemoryState(settings, accounts)
        self.renderer = Renderer()
        self.known_keys = frozenset(accounts or ())
        self.references = ReferenceShelf(settings.fetch_references)
        self._nobody = Account("", "", settings, self.state.clock)
        self._threads: ThreadPoolExecutor | None = None

    @property
    def clock(self) -> Clock:
        """The clock of requests that belong to no account, on which every account's runs."""
        return self.state.clock

    @property
    def threads(self) -> ThreadPoolExecutor:
        """Where slow work on pictures goes, so that no request waits for another's."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(2, thread_name_prefix="minimax-mock-render")
        return self._threads

    def digest_of(self, picture: Picture) -> str:
        """The SHA-256 of a picture's file, rendered anew."""
        return sha256(self.renderer.render(picture, keep=False)).hexdigest()

    def close(self) -> None:
        """Let the threads go."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def decide(self, caller: Caller, body: bytes, headers: Headers, parse: Parse) -> Decision:
        """The outcome of one generation call, whose body and headers the face reads with `parse`."""
        found = self.authenticate(caller)
        if isinstance(found, Refusal):
            mark = ids.fingerprint(self._nobody.draw_key, body)
            chance = ids.draw(mark, self.state.ordinal(self._nobody, mark))
            return Decision(None, self._nobody.profile, self.clock.now(), chance, found)
        question = (caller.face, headers.get(b"content-type"), body)
        readings = found.readings  # taken before the profile: a change of settings replaces the profile first
        reading = readings.get(question)
        if reading is None:
            mark = ids.fingerprint(found.draw_key, body)
            reading = read(parse(body, headers, found.profile), found.profile, mark)
            if len(body) <= REMEMBERED_BODY_BYTES:
                readings.put(question, reading)
        now = found.clock.now()
        chance = ids.draw(reading.fingerprint, self.state.ordinal(found, reading.fingerprint))
        outcome: Success | Refusal | None = self._gate(found, now, reading.request) if found.limited else None
        if outcome is None:
            outcome = reading.refusal or await self._fulfil(caller.face, found, now, reading, chance)
            if found.limited and isinstance(outcome, Refusal):
                self.state.release(found, now, _images_asked_for(reading.request))
        return Decision(found, found.profile, now, chance, outcome, reading.request)

    def authenticate(self, caller: Caller) -> Account | Refusal:
        """The caller's account, or why there is none."""
        if caller.token is None:
            return refuse("unauthorized")
        if self.settings.keys == "strict" and caller.token not in self.known_keys:
            return self._unknown_key(caller)
        name = caller.place or caller.token
        account = self.state.account(name, named=caller.place is not None)
        site = caller.region or self.settings.region
        if site and account.settings.region and account.settings.region != site:
            return self._unknown_key(caller)
        return account

    def _unknown_key(self, caller: Caller) -> Refusal:
        """1004 or 2049: recordings conflict, so the profile says (docs/reference.md, ``unknown_key``)."""
        rule = self._nobody.profile.unknown_key
        if rule == "by_shape":
            rule = "2049" if _KEY_SHAPE.match(caller.token or "") else "1004"
        return refuse("invalid_key" if rule == "2049" else "unauthorized")

    def _gate(self, account: Account, now: float, request: ImageRequest | None) -> Refusal | None:
        """What the gateway checks before it looks into the request: rate, then plan."""
        return self.state.admit(account, now, request.model if request else None, _images_asked_for(request))

    async def _fulfil(
        self, face: str, account: Account, now: float, reading: Reading, chance: bytes
    ) -> Success | Refusal:
        request, verdict = reading.request, reading.verdict
        assert request is not None, "a body that cannot be bound has a refusal"  # noqa: S101
        if verdict == "input":
            return refuse("sensitive_input")
        references: tuple[Reference, ...] = ()
        if request.subject_references:
            prepared = await self.references.prepare(request.subject_references, self.threads)
            if isinstance(prepared, Refusal):
                return prepared
            references = prepared
        if verdict == "output":
            return refuse("sensitive_output")
        failed = 0 if verdict == "pass" else blocked_images(verdict, request.n)
        paid = request.n if account.profile.blocked_images == "charged" else request.n - failed
        if not self.state.charge(account, now, models.MODELS[request.model].price_micro_usd, paid):
            return refuse("insufficient_balance")
        album = Album(account.name, face, now, request, references, chance, request.n - failed)
        return Success(request, album, failed)


def _images_asked_for(request: ImageRequest | None) -> int:
    """How many images a call counts for; one where that cannot be told."""
    return request.n if request is not None and models.MIN_N <= request.n <= models.MAX_N else 1


def latency_of(account: Account, success: bool, chance: bytes) -> float:
    """Seconds that an answer is to take, drawn from `chance` where they vary."""
    fixed = latency_seconds(account.settings.latency)
    if fixed is not None:
        return fixed
    low, high = REALISTIC_SECONDS if success else REALISTIC_REFUSAL_SECONDS
    return low + (high - low) * int.from_bytes(chance[:4], "big") / 0xFFFFFFFF
