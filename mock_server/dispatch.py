"""The only place that decides what a call gets: auth, faults, limits, validation, content safety, balance, images."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

from msgspec import Struct, structs

from mock_server import ids
from mock_server.account import Account
from mock_server.album import Album
from mock_server.clock import Clock
from mock_server.core import models
from mock_server.core.credentials import KEY_SHAPE
from mock_server.core.prices import PRICE_MICRO_USD
from mock_server.core.profile import Profile
from mock_server.core.reading import Parsed, Reading, essence, read
from mock_server.core.reasons import Refusal, refuse
from mock_server.core.safety import blocked_images, judge
from mock_server.core.types import Blocked, Foreign, ImageRequest, Picture, Reference
from mock_server.faults.library import MAGIC, Library, in_prompt
from mock_server.faults.plan import Call
from mock_server.injection import Injection
from mock_server.marks import FileMarks
from mock_server.memory_state import MemoryState
from mock_server.references import ReferenceShelf
from mock_server.render import Renderer
from mock_server.settings import Settings
from mock_server.state import State
from mock_server.uploads import WHOLE, read_name

REMEMBERED_BODY_BYTES = 4096

Headers = dict[bytes, bytes]
Keys = Mapping[str, Mapping[str, Any]]
Parse = Callable[[bytes, Headers, Profile], Parsed]


class Caller(Struct, frozen=True):
    """Who calls: by which face, with which token, the account named in the path (`/~NAME/`), the site addressed."""

    face: str
    token: str | None
    place: str | None = None
    region: str | None = None


class Success(Struct, frozen=True):
    """Images to deliver, how many content safety blocked, and how many were paid for."""

    request: ImageRequest
    album: Album
    failed: int
    paid: int


class Decision(Struct, frozen=True):
    """What a call gets, and what the answer needs to be written: the account's time and 64 bytes of chance."""

    account: Account | None
    profile: Profile
    now: float
    chance: bytes
    outcome: Success | Refusal


class Arrival(Struct, frozen=True):
    """A generation call that has been read, and about which nothing is decided yet.

    Without an account, or with a magic prompt that does not exist, there is a `refusal` already.
    """

    face: str
    account: Account | None
    profile: Profile
    now: float
    chance: bytes
    reading: Reading | None
    refusal: Refusal | None = None
    injection: Injection | None = None

    @property
    def request(self) -> ImageRequest | None:
        """What is asked for, if that could be read."""
        return self.reading.request if self.reading else None


class Engine:
    """One emulator: its settings, its state and its renderer. Two engines in one process share nothing."""

    def __init__(self, settings: Settings, accounts: Keys | None = None, answers: dict[str, str] | None = None) -> None:
        """`answers` are switches on top of the profile. Raises `ScenarioError` for a scenario that cannot be had."""
        self.settings = settings
        self.library = Library(settings.scenario_dir)
        scenarios = [self.library.find(name) for name in settings.scenario]
        scenarios += [self.library.find({"account": {"profile": answers}})] if answers else []
        self.state: State = MemoryState(settings, accounts, self.library, scenarios)
        self.renderer = Renderer()
        self.marks = FileMarks()
        self.known_keys = frozenset(accounts or ())
        self.references = ReferenceShelf(settings.fetch_references, self._own_file)
        self.nobody = Account("", "", settings, self.state.clock)
        self.nobody.change({"profile": answers or {}})
        self._threads: ThreadPoolExecutor | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def clock(self) -> Clock:
        """The clock of requests that belong to no account, on which every account's runs."""
        return self.state.clock

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` go on beside the requests, until the server stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def threads(self) -> ThreadPoolExecutor:
        """Where slow work on pictures goes, so that no request waits for another's."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(2, thread_name_prefix="minimax-mock-render")
        return self._threads

    def digest_of(self, picture: Picture) -> str:
        """The SHA-256 of a picture's file, rendered anew."""
        return sha256(self.renderer.render(picture, keep=False)).hexdigest()

    def _own_file(self, url: str) -> bytes | None:
        """The file behind a URL of ours: what a client uploaded, or an image made here."""
        stem, number = read_name(url)
        upload = self.state.uploads.get(stem) if number == WHOLE else None
        if upload is not None:
            return upload.data
        album = self.state.album(stem) if number.isdecimal() else None
        picture = album.picture(int(number)) if album is not None else None
        return None if picture is None else self.renderer.render(picture, keep=False)

    def close(self) -> None:
        """Let the threads go."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def receive(self, caller: Caller, body: bytes, headers: Headers, parse: Parse) -> Arrival:
        """Find the account and read the call's body and headers, as the face does it with `parse`."""
        found = self.authenticate(caller)
        if isinstance(found, Refusal):
            return self.turned_away(caller, body, found)
        question = (parse, headers.get(b"content-type"), body)
        readings = found.readings  # taken before the profile: a change of settings replaces the profile first
        profile = found.profile
        reading = readings.get(question)
        if reading is None:
            reading = _reading(found, *read(parse(body, headers, profile), profile), body)
            if len(body) <= REMEMBERED_BODY_BYTES:
                readings.put(question, reading)
        now = found.clock.now()
        chance = ids.draw(reading.fingerprint, self.state.ordinal(found, reading.fingerprint))
        arrival = Arrival(caller.face, found, profile, now, chance, reading)
        if found.rules is None and (reading.request is None or MAGIC not in reading.request.prompt):
            return arrival
        return self._disturbed(arrival, found, reading)

    def turned_away(self, caller: Caller, subject: bytes, refusal: Refusal) -> Arrival:
        """The arrival of somebody without an account."""
        mark = ids.fingerprint(self.nobody.draw_key, subject)
        chance = ids.draw(mark, self.state.ordinal(self.nobody, mark))
        return Arrival(caller.face, None, self.nobody.profile, self.clock.now(), chance, None, refusal)

    def _disturbed(self, arrival: Arrival, account: Account, reading: Reading) -> Arrival:
        """The same call with what rules and its prompt may inject into it."""
        request, profile = reading.request, arrival.profile
        name = in_prompt(request.prompt) if request is not None else None
        if request is not None and name is not None:
            plan = self.state.prompt_plan(account, request.prompt, name)
            if isinstance(plan, str):
                return structs.replace(arrival, refusal=refuse("invalid_params", "magic_prompt", problem=plan))
            profile = plan.profile(arrival.profile)
            of_core = read(request, arrival.profile)[1] == reading.refusal  # what the face refuses stays refused
            if profile != arrival.profile and of_core:
                reading = _reading(account, *read(request, profile), b"")
        call = Call(arrival.face, "generate", request, arrival.now, arrival.chance, account.settings.plan_name)
        injection = Injection(self.state, account, call)
        return structs.replace(arrival, profile=profile, reading=reading, injection=injection)

    def disturb(
        self, account: Account, face: str, endpoint: str, subject: bytes, request: ImageRequest | None = None
    ) -> Injection:
        """What may be injected into a call that does not generate; `subject` tells such calls apart."""
        mark = ids.fingerprint(account.draw_key, subject)
        chance = ids.draw(mark, self.state.ordinal(account, mark))
        call = Call(face, endpoint, request, account.clock.now(), chance, account.settings.plan_name)
        return Injection(self.state, account, call)

    async def decide(self, arrival: Arrival) -> Decision | Foreign:
        """The outcome of a call: faults come first, then limits, then what the request deserves."""
        account, reading, profile = arrival.account, arrival.reading, arrival.profile
        fault = None
        if account is None or reading is None or arrival.refusal is not None:
            outcome: Success | Refusal = arrival.refusal or refuse("unauthorized")
        else:
            if arrival.injection is not None:
                fault = self._injected_outcome(arrival.injection, reading)
            if isinstance(fault, Foreign):
                return fault
            if isinstance(fault, Blocked) and fault.empty is not None:
                profile = structs.replace(profile, all_blocked=fault.empty)
            outcome = fault if isinstance(fault, Refusal) else await self._decide(arrival, account, reading, fault)
        return Decision(account, profile, arrival.now, arrival.chance, outcome)

    @staticmethod
    def _injected_outcome(injection: Injection, reading: Reading) -> Refusal | Foreign | Blocked | None:
        valid = reading.request if reading.refusal is None and reading.verdict == "pass" else None
        hit = injection.take("outcome", valid)
        found: Refusal | Foreign | Blocked | None = hit.fault.outcome(reading.request, hit.moment) if hit else None
        return found

    async def _decide(
        self, arrival: Arrival, account: Account, reading: Reading, blocked: Blocked | None
    ) -> Success | Refusal:
        request, now = reading.request, arrival.now
        outcome: Success | Refusal | None = self._gate(account, now, request) if account.limited else None
        if outcome is None:
            outcome = reading.refusal or await self._fulfil(arrival, account, reading, blocked)
            if account.limited and isinstance(outcome, Refusal):
                self.state.release(account, now, _images_asked_for(request))
        return outcome

    def refunding(self, account: Account, face: str, now: float, outcome: Success) -> Callable[[], None]:
        """What gives back the price of images that are not made in the end."""
        price = PRICE_MICRO_USD[face][outcome.request.model]
        return lambda: self.state.refund(account, now, price, outcome.paid)

    def authenticate(self, caller: Caller) -> Account | Refusal:
        """The caller's account, or why there is none."""
        if caller.token is None:
            return refuse("unauthorized")
        if self.settings.keys == "strict" and caller.token not in self.known_keys:
            return self._unknown_key(caller)
        name = caller.place or caller.token
        account = self.state.account(name, named=caller.place is not None)
        if account.trouble:
            return refuse("invalid_key", "magic_key", problem=account.trouble)
        site = caller.region or self.settings.region
        if site and account.settings.region and account.settings.region != site:
            return self._unknown_key(caller)
        return account

    def _unknown_key(self, caller: Caller) -> Refusal:
        """1004 or 2049: recordings conflict, so the profile says (docs/reference.md, ``unknown_key``)."""
        rule = self.nobody.profile.unknown_key
        if rule == "by_shape":
            rule = "2049" if KEY_SHAPE.match(caller.token or "") else "1004"
        return refuse("invalid_key" if rule == "2049" else "unauthorized")

    def _gate(self, account: Account, now: float, request: ImageRequest | None) -> Refusal | None:
        """What the gateway checks before it looks into the request: rate, then plan."""
        return self.state.admit(account, now, request.model if request else None, _images_asked_for(request))

    async def _fulfil(
        self, arrival: Arrival, account: Account, reading: Reading, blocked: Blocked | None
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
        if blocked is not None:
            failed = request.n if blocked.failed is None else blocked.failed
        else:
            failed = 0 if verdict == "pass" else blocked_images(verdict, request.n)
        paid = request.n if arrival.profile.blocked_images == "charged" else request.n - failed
        if not self.state.charge(account, arrival.now, PRICE_MICRO_USD[arrival.face][request.model], paid):
            return refuse("insufficient_balance")
        album = Album(account.name, arrival.face, arrival.now, request, references, arrival.chance, request.n - failed)
        return Success(request, album, failed, paid)


def _reading(account: Account, request: ImageRequest | None, refusal: Refusal | None, body: bytes) -> Reading:
    """The reading of a body. Draws follow from what is asked for; where that is nothing valid, from the body."""
    valid = request is not None and refusal is None
    mark = ids.fingerprint(account.draw_key, essence(request) if request is not None and valid else body)
    verdict = judge(request.prompt) if request is not None and valid else "pass"
    return Reading(request, refusal, verdict, mark)


def _images_asked_for(request: ImageRequest | None) -> int:
    """How many images a call counts for; one where that cannot be told."""
    return request.n if request is not None and models.MIN_N <= request.n <= models.MAX_N else 1
