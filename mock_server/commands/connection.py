"""The running server that a command talks to: where it is, which account is meant, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from mock_server.commands.errors import CouldNotRunError

if TYPE_CHECKING:
    import httpx

COMMON = ("url", "key", "account", "token", "as_json")
"""The names of the options that every command has that talks to a server."""
DEFAULT_URL = "http://127.0.0.1:8484"
TIMEOUT_SECONDS = 30.0
TOKEN_HINT = " (here: --token TOKEN or MINIMAX_MOCK_ADMIN_TOKEN)"
_META = "mock_server.connection."
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Answer:
    """What the admin API said: as it came, and what it means."""

    raw: bytes
    content: Any


@dataclass(frozen=True)
class Connection:
    """The admin API of one server, for one account or for all."""

    url: str = DEFAULT_URL
    key: str | None = None
    account: str | None = None
    token: str | None = None
    as_json: bool = False
    _headers: Mapping[bytes, bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a URL, a key or a token that cannot be sent."""
        if not _is_url(self.url):
            hint = "" if "://" in self.url else f"; did you mean {'http://' + self.url!r}?"
            raise click.UsageError(f"--url must be an http or https URL, got {self.url!r}{hint}")
        headers = {b"accept": b"application/json"}
        if self.key is not None:
            headers[b"authorization"] = b"Bearer " + _header("key", self.key)
        if self.token is not None:
            headers[b"x-admin-token"] = _header("token", self.token)
        object.__setattr__(self, "_headers", headers)
        object.__setattr__(self, "url", self.url.rstrip("/"))

    @property
    def scoped(self) -> bool:
        """Whether one account is meant."""
        return self.key is not None or self.account is not None

    @property
    def whom(self) -> str:
        """``account alice``, ``the account of that key`` or ``all accounts``."""
        if self.account is not None:
            return f"account {self.account}"
        return "the account of that key" if self.key is not None else "all accounts"

    def _client(self) -> httpx.Client:
        import httpx

        verify = self.url.startswith("https:")  # the certificates of the machine are not read for plain http
        return httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS, verify=verify, headers=self._headers)

    def call(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Answer:
        """Call ``/_mock/<path>``. Raises `CouldNotRunError` when nobody answers, or with the server's complaint."""
        import msgspec

        content = None if body is None else msgspec.json.encode(body)
        with self._explained(), self._client() as client:
            response = client.request(method, self._address(path), params=self._query(query), content=content)
        return self._understood(response.status_code, response.content)

    @contextmanager
    def stream(self, path: str, query: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[Iterator[bytes]]:
        """The bytes of an answer that goes on, as they come. An `httpx.TransportError` on the way is not explained."""
        import httpx

        waits = httpx.Timeout(TIMEOUT_SECONDS, read=2 * TIMEOUT_SECONDS)
        address, query = self._address(path), self._query(query)
        with (
            self._client() as client,
            client.stream("GET", address, params=query, headers=dict(headers), timeout=waits) as response,
        ):
            if response.status_code != 200:
                self._understood(response.status_code, response.read())
            yield response.iter_bytes()

    def _address(self, path: str) -> str:
        return f"{self.url}/_mock/{path}"

    def _query(self, query: Mapping[str, Any] | None) -> dict[str, Any]:
        return dict(query or {}) | ({} if self.account is None else {"account": self.account})

    @contextmanager
    def _explained(self) -> Iterator[None]:
        import httpx

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise CouldNotRunError(self.nobody(str(error))) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CouldNotRunError(f"{self.url} did not answer: {error or type(error).__name__}") from None

    def nobody(self, why: str = "") -> str:
        """What to say when there is no server."""
        if "CERTIFICATE_VERIFY_FAILED" in why:
            return f"the certificate of {self.url} is not trusted here; take the server's http URL"
        port = urlsplit(self.url).port
        option = "" if port in {None, 8484} else f" --port {port}"
        return (
            f"no server answers at {self.url}; start one with `minimax-mock serve{option}`, "
            "or say where it is: --url URL or MINIMAX_MOCK_URL"
        )

    def _understood(self, status: int, raw: bytes) -> Answer:
        import msgspec

        try:
            content = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            content = None
        if status >= 400 and isinstance(content, dict) and isinstance(content.get("error"), str):
            raise CouldNotRunError(content["error"] + (TOKEN_HINT if status == 401 else ""))
        if status != 200 or content is None:
            raise CouldNotRunError(
                f"{self.url} answers, but not as the admin API of a minimax-mock does (HTTP {status}); "
                "is it another program, or was it started with --no-admin?"
            )
        return Answer(raw, content)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _header(what: str, value: str) -> bytes:
    if not value.strip() or not value.isprintable():
        raise click.UsageError(f"--{what} must be printable text, got {value!r}")
    return value.strip().encode()


def _note(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Keep a value for `connect`: what is said last counts, and the command line before the environment."""
    if value in {None, False}:
        return value
    said = ctx.get_parameter_source(param.name or "") == ParameterSource.COMMANDLINE
    name = f"{_META}{param.name}"
    if said or not ctx.meta.get(name, (False, None))[0]:
        ctx.meta[name] = (said, value)
    return value


def _option(*names: str, **about: Any) -> Callable[[Command], Command]:
    return click.option(*names, expose_value=False, callback=_note, **about)


json_option = _option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
_URL = _option("--url", envvar="MINIMAX_MOCK_URL", show_envvar=True, metavar="URL",
               help=f"Where the server is.  [default: {DEFAULT_URL}]")  # fmt: skip
_KEY = _option("--key", envvar="MINIMAX_MOCK_KEY", show_envvar=True, metavar="KEY",
               help="The account of this API key. Default: all accounts.")  # fmt: skip
_ACCOUNT = _option("--account", metavar="NAME", help="The account of this name, or with this label.")
_TOKEN = _option("--token", envvar="MINIMAX_MOCK_ADMIN_TOKEN", show_envvar=True, metavar="TOKEN",
                 help="What the server's admin API asks for, if it does.")  # fmt: skip


def server_options(command: Command) -> Command:
    """Give a command that talks to a server the options that all of them have; `connect` reads them."""
    for option in (json_option, _TOKEN, _ACCOUNT, _KEY, _URL):
        command = option(command)
    return command


def connect() -> Connection:
    """The server that the options of the present command mean, on whichever of its groups they stand."""
    meta = click.get_current_context().meta
    given = {name: meta[_META + name] for name in COMMON if _META + name in meta}
    key, account = given.get("key"), given.get("account")
    if key and account:
        if key[0] and account[0]:
            raise click.UsageError("give --key or --account, not both")
        del given["key" if account[0] else "account"]
    return Connection(**{name: value for name, (_, value) in given.items()})


def wants_json() -> bool:
    """Whether the present command, or a group of it, has ``--json``."""
    return bool(click.get_current_context().meta.get(f"{_META}as_json"))
