"""What the checks see of a client, whatever language it is in and however it is driven."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, get_args

from msgspec import Struct

FIELDS = (
    "model", "prompt", "aspect_ratio", "width", "height", "seed", "n", "response_format", "prompt_optimizer",
    "aigc_watermark", "style", "subject_reference",
)  # fmt: skip
"""The fields that a request may have: the native names of the live service."""
SETTINGS = ("timeout",)
"""What else a client may be unable to be told; a client that keeps to a timeout of its own has none to be set."""

Category = Literal[
    "auth", "rate_limit", "balance", "content", "invalid_request", "server", "timeout", "network", "download",
    "protocol",
]  # fmt: skip
CATEGORIES: tuple[str, ...] = get_args(Category)


class AdapterError(Exception):
    """The adapter is wrong, or its program broke: nothing is known of the client, and no check may fail for it."""


class Description(Struct, frozen=True):
    """What a client tells its user of an error; None where it says nothing."""

    code: int | None = None
    category: str | None = None
    message: str = ""
    retryable: bool | None = None


class Images(Struct, frozen=True):
    """The client reports success: images in order, as bytes, or as URLs that it leaves to its user.

    ``failed`` is how many it says are missing; None when it says nothing of that.
    """

    images: tuple[bytes | str, ...]
    failed: int | None = None


class Failure(Struct, frozen=True):
    """The client reports failure.

    ``kind`` names it (an exception's class, ``exit status 3``), ``message`` is its text. ``own`` tells whether it is an
    error of the client's own, meant for its user, and not one that escaped from a parser or from a bug (``KeyError``,
    ``json.JSONDecodeError``); None where that cannot be told. ``detail`` is for people: a traceback, standard error.
    """

    kind: str
    message: str
    description: Description | None = None
    own: bool | None = None
    detail: str = ""


class TooLate(Struct, frozen=True):
    """The client did not come back within so many seconds, and was given up."""

    seconds: float


Outcome = Images | Failure | TooLate


class Client(Protocol):
    """One client object, or one running program, pointed at a service with a key and a timeout."""

    def generate(self, request: Mapping[str, Any], *, within: float) -> Outcome:
        """Ask for images; give up after `within` real seconds. Raises `AdapterError`. Safe to call from threads."""

    def close(self) -> None:
        """Let it go: sockets, processes."""


class Adapter(Protocol):
    """How to drive one client."""

    @property
    def spec(self) -> str:
        """What the user wrote to name it: ``reference``, ``module:factory``, ``stdio:node client.mjs``."""

    @property
    def name(self) -> str:
        """The client's name."""

    @property
    def version(self) -> str | None:
        """The client's version, if it says."""

    @property
    def unsupported(self) -> frozenset[str]:
        """Fields of a request that the client cannot send, and so are never asked for; `SETTINGS` that it lacks."""

    @property
    def image_format(self) -> str | None:
        """The format into which the client converts images (``png``); None when it hands on what was served."""

    @property
    def describes(self) -> bool:
        """Whether failures come with a description."""

    @property
    def skips_pauses(self) -> bool:
        """Whether the client's own waiting between attempts passes at once (see `open`)."""

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes that the client runs in, whose open sockets can be counted; none if each call has its own."""

    def open(
        self, base_url: str, api_key: str, timeout: float, *, sleep: Callable[[float], None] | None = None
    ) -> Client:
        """A client for that service, which waits `timeout` seconds for an answer. Raises `AdapterError`.

        Where an adapter can, it calls `sleep` in place of the client's own waiting between attempts: the account's
        clock moves, and nobody waits. Waiting for the service is never shortened.
        """

    def close(self) -> None:
        """Let the adapter go: processes that outlive a client."""
