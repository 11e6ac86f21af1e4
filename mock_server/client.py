"""The emulator inside a Python program: ``MockServer`` on a thread of its own, and accounts to test with."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mock_server.account import Account
from mock_server.app import App
from mock_server.assertions import check_calls
from mock_server.core.matching import matcher
from mock_server.dispatch import Engine
from mock_server.faults.rule import rule_of
from mock_server.jobs import Status
from mock_server.jobs import as_dict as job_as_dict
from mock_server.journal import as_dict
from mock_server.judge import as_dict as verdict_as_dict
from mock_server.judge import judge
from mock_server.server import Server, bind, loop_factory, url_of
from mock_server.serving import create_engine, secure
from mock_server.settings import build

if TYPE_CHECKING:
    from mock_server.state import State
    from mock_server.tls import Tls

START_SECONDS = 30.0
_FACES = {"minimax": "", "fal": "/fal", "openai": "/openai/v1"}


class MockServer:
    """An emulator on a free port and its own thread, ready when entered.

    Keyword arguments are the settings of ``minimax-mock serve`` with underscores; the environment is not read. Raises
    ``SettingError`` for a wrong one. Two servers in one process share nothing.
    """

    def __init__(self, **settings: Any) -> None:
        free_ports = {"port": 0, "tls_port": 0} if settings.get("tls") else {"port": 0}
        self.settings = build(free_ports | settings)
        self._engine: Engine = create_engine(self.settings)
        self._names = count(1)
        self._thread: threading.Thread | None = None
        self._server: Server | None = None
        self._tls: Tls | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """Where it listens, for example ``http://127.0.0.1:40123``. Raises `RuntimeError` before the start."""
        if not self._url:
            msg = "the server is not running: use `with MockServer() as server:` or call start()"
            raise RuntimeError(msg)
        return self._url

    @property
    def state(self) -> State:
        """All that changes while it runs; it outlives a stop."""
        return self._engine.state

    @property
    def tls_url(self) -> str:
        """Where it listens with TLS. Raises `RuntimeError` without ``tls=True`` and before the start."""
        return self._secured().url

    @property
    def ca_file(self) -> str:
        """The certificate to verify `tls_url` with, a PEM file that a stop removes. Raises `RuntimeError` as that."""
        return self._secured().ca_file

    def _secured(self) -> Tls:
        if self._tls is None:
            msg = "the server is not running with TLS: use `with MockServer(tls=True) as server:`"
            raise RuntimeError(msg)
        return self._tls

    def start(self, *, sockets: Sequence[socket.socket] = (), tls: Tls | None = None) -> Self:
        """Begin to serve; returns once requests are answered.

        `sockets` are listened on besides the port, and so is `tls`, in place of the one that ``tls=True`` makes. Raises
        ``BindError`` when the port is taken.
        """
        if self._thread is not None:
            msg = "the server is running already"
            raise RuntimeError(msg)
        listening = bind(self.settings.host, self.settings.port)
        self._tls = tls or secure(self.settings, listening)
        ready = threading.Event()
        self._server = Server(App(self._engine), self.settings, on_ready=ready.set, tls=self._tls)
        self._thread = threading.Thread(
            target=self._run, args=(self._server, [listening, *sockets]), name="minimax-mock", daemon=True
        )
        self._thread.start()
        if not ready.wait(START_SECONDS):
            msg = f"the server did not start within {START_SECONDS:g} seconds"
            raise RuntimeError(msg)
        self._url = url_of(listening)
        return self

    def _run(self, server: Server, listening: list[socket.socket]) -> None:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(server.serve(listening))

    def stop(self) -> None:
        """Stop serving; returns once the port is free."""
        if self._thread is None or self._server is None:
            return
        self._server.should_exit = True
        self._thread.join()
        self._engine.close()
        if self._tls is not None:
            self._tls.close()
        self._thread = self._server = self._tls = None
        self._url = ""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def account(self, api_key: str | None = None, **settings: Any) -> MockAccount:
        """The account of `api_key`, or a fresh one, with some settings of its own, among them ``scenario``."""
        key = f"sk-api-test-{next(self._names):04d}" if api_key is None else api_key
        handle = MockAccount(self, self._engine, key)
        handle.prepare(settings)
        return handle

    def scenario(self, scenario: str | Path | Mapping[str, Any]) -> None:
        """Load a scenario for every account, present and future. See `MockAccount.scenario`."""
        self._engine.state.load(None, self._engine.library.find(scenario))

    def journal(self, **conditions: Any) -> list[dict[str, Any]]:
        """Every exchange that is kept, oldest first; `conditions` as for `MockAccount.assert_called`."""
        return _shown(self._engine, None, conditions)

    def verdict(self) -> dict[str, Any]:
        """What the clients of all accounts did wrong; each account is judged by itself."""
        return verdict_as_dict(judge(list(self._engine.state.exchanges())))

    def reset(self) -> None:
        """Forget every account, exchange and image, and turn the clock back."""
        self._engine.state.reset()


class MockAccount:
    """One account of a running server. Tests that use accounts of their own never see each other."""

    def __init__(self, server: MockServer, engine: Engine, api_key: str) -> None:
        self._server = server
        self._engine = engine
        self._state = engine.state
        self.api_key = api_key

    def _account(self) -> Account:
        return self._state.account(self.api_key)

    def base_url(self, face: str = "minimax") -> str:
        """What a client of that face takes as its base URL. Raises `ValueError` for a face that does not exist."""
        if face not in _FACES:
            msg = f"unknown face {face!r}; valid: {', '.join(map(repr, _FACES))}"
            raise ValueError(msg)
        return self._server.url + _FACES[face]

    def configure(self, **settings: Any) -> None:
        """Change settings of this account alone: ``balance_usd``, ``rpm``, ``profile``, ``seed``, ``latency``, ..."""
        self._state.change(self._account(), settings)

    def prepare(self, settings: Mapping[str, Any]) -> None:
        """`configure`, where ``scenario`` may be one or a list of them, of which the first takes precedence."""
        settings = dict(settings)
        scenarios = settings.pop("scenario", ())
        if settings:
            self.configure(**settings)
        several = [scenarios] if isinstance(scenarios, str | Path | Mapping) else list(scenarios)
        for scenario in reversed(several):
            self.scenario(scenario)

    def describe(self) -> dict[str, Any]:
        """Balance, limits, profile and clock, as ``GET /_mock/account`` gives them."""
        return self._state.describe(self._account())

    def add_fault(self, fault: str | Mapping[str, Any] | None = None, /, **fields: Any) -> str:
        """Add a fault rule behind those there are; its id.

        ``add_fault("status_code", code=1002, times=2, when={"prompt": "*cat*"})``: the kind of a fault with its
        parameters, or a whole rule as an object (docs/faults.md). Raises `ValueError` for what cannot be, or can never
        fire.
        """
        return self._state.add_rules(self._account(), [rule_of(fault, fields)])[0]

    def scenario(self, scenario: str | Path | Mapping[str, Any]) -> None:
        """Load a scenario: a name (``1002x2``, ``expired-urls``), a file, or an object. Its rules go before others.

        Raises `ValueError` for one that does not exist, or is wrong.
        """
        self._state.load(self._account(), self._engine.library.find(scenario))

    def faults(self) -> list[dict[str, Any]]:
        """The fault rules, each with how often it matched and fired."""
        return self._state.rules(self._account())

    def remove_fault(self, number: str) -> None:
        """Take out the rule with that id. Raises `KeyError` when there is none."""
        if not self._state.remove_rule(self._account(), number):
            raise KeyError(number)

    def clear_faults(self) -> None:
        """Take out every fault rule; settings that a scenario changed stay."""
        self._state.set_rules(self._account(), [])

    def pause_faults(self, paused: bool = True) -> None:
        """Let the fault rules rest, so that none fires or counts, or work again where they were."""
        self._state.pause_rules(self._account(), paused)

    def journal(self, **conditions: Any) -> list[dict[str, Any]]:
        """This account's exchanges, oldest first, as ``GET /_mock/journal`` gives them.

        `conditions` are those of `assert_called`.
        """
        return _shown(self._engine, self.api_key, conditions)

    def jobs(self) -> list[dict[str, Any]]:
        """The queued jobs of this account, oldest first, as ``GET /_mock/jobs`` gives them."""
        now = self._account().clock.now()
        return [job_as_dict(job, now) for job in self._state.jobs.of(self.api_key)]

    def advance_jobs(self, to: Status | None = None) -> None:
        """Move every queued job on by one status, or to ``IN_PROGRESS`` or ``COMPLETED``."""
        for job in self._state.jobs.of(self.api_key):
            self._state.jobs.advance(job, self._account().clock.now(), to)

    def clear_journal(self) -> None:
        """Forget this account's exchanges."""
        self._state.clear_journal(self.api_key)

    def assert_called(self, *, times: int | None = None, **conditions: Any) -> None:
        """Raise `AssertionError`, with the nearest misses, unless that was called: `times` times, or at least once.

        `conditions` are those of fault rules (``endpoint``, ``prompt``, ``n``, ``model``, ...) and, of the answer,
        ``status_code``, ``status``, ``reason`` and ``fault``. Where no endpoint is given, generation calls are meant.
        """
        wanted = matcher({"endpoint": "generate"} | conditions, answers=True)
        check_calls(list(self._state.exchanges(self.api_key)), wanted, times)

    def verdict(self) -> dict[str, Any]:
        """What the client did wrong, as ``GET /_mock/verdict`` gives it: ``{"findings": [...], "requests": N}``."""
        return verdict_as_dict(judge(list(self._state.exchanges(self.api_key))))

    def advance(self, seconds: float) -> None:
        """Move this account's clock forward. Raises `ValueError` for a negative number."""
        self._state.move_clock(self._account().clock, advance=seconds)

    def freeze(self, frozen: bool = True) -> None:
        """Stop this account's clock, or let it run on."""
        self._state.move_clock(self._account().clock, freeze=frozen)

    def reset(self) -> None:
        """Put this account back to how it started; the others keep what they have."""
        self._state.reset(self._account())


def _shown(engine: Engine, owner: str | None, conditions: Mapping[str, Any]) -> list[dict[str, Any]]:
    wanted = matcher(conditions, answers=True)
    return [as_dict(item, engine.digest_of) for item in engine.state.exchanges(owner) if wanted.matches(item)]
