"""When a fault acts, and what it is given there.

A fault has the method of its stage. It may also have ``applies(subject) -> bool``, which says whether there is anything
to disturb in what the stage has at hand: a rule whose fault does not apply neither fires nor counts.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from math import cos, log, pi, sqrt
from typing import ClassVar, Literal, Protocol

from msgspec import Struct

from mock_server.core.reasons import Refusal
from mock_server.core.types import Blocked, Foreign, ImageRequest, Picture
from mock_server.response import Response

Stage = Literal["before", "outcome", "download", "image", "body", "wire"]
STAGES: dict[Stage, str] = {
    "before": "before anything is decided",
    "outcome": "in place of what the service decides",
    "download": "in place of what the object store decides",
    "image": "in the bytes of an image",
    "body": "in the body of the answer",
    "wire": "in how the answer goes over the wire",
}
"""In the order in which an answer goes through them; of each, at most one fault acts on an answer."""


class Moment(Struct, frozen=True):
    """When a fault fires: by the account's clock, seconds since its rule was set, with 64 bytes of chance.

    ``plan_name`` is the account's token plan, which some messages name.
    """

    now: float
    since: float
    chance: bytes
    plan_name: str = ""

    def unit(self, draw: int = 0) -> float:
        """A number in (0, 1), uniformly drawn; `draw` numbers independent ones."""
        return (int.from_bytes(self.draws(draw)[:8], "big") + 0.5) / 2**64

    def normal(self) -> float:
        """A number drawn from the standard normal distribution (Box and Muller)."""
        return sqrt(-2 * log(self.unit(1))) * cos(2 * pi * self.unit(2))

    def draws(self, draw: int) -> bytes:
        """64 bytes of chance, of which each number has its own."""
        return blake2b(self.chance + b"%d" % draw).digest()


class Fault(Protocol):
    """What every kind of fault has, whatever its stage: a Struct of its parameters with these.

    ``usual_endpoints``, where a kind has them, are those of ``endpoints`` on which it acts without being told to.
    """

    kind: ClassVar[str]
    stage: ClassVar[Stage]
    endpoints: ClassVar[tuple[str, ...]]


class Before(Protocol):
    """Holds a call back."""

    def seconds_at(self, moment: Moment) -> float:
        """How long; infinity for until the client leaves."""


class Outcome(Protocol):
    """Decides in the service's place. The subject is the request, None when it could not be read or is invalid."""

    def outcome(self, request: ImageRequest | None, moment: Moment) -> Refusal | Foreign | Blocked:
        """A refusal, an answer of something in between, or which images are blocked."""


class Download(Protocol):
    """Refuses a download as the object store does."""

    def store_error(self) -> str:
        """The name of the store's error (``mock_server.faces.oss_errors``)."""


class Spoiled(Struct, frozen=True):
    """What stands in the place of an image."""

    data: bytes
    media_type: str


class Image(Protocol):
    """Spoils an image. The subject is the picture."""

    def spoil(self, picture: Picture, render: Callable[[Picture], bytes], moment: Moment) -> Spoiled:
        """The bytes that are sent. Called in a thread."""


class Body(Protocol):
    """Spoils a body. The subject is the answer."""

    def rewrite(self, response: Response) -> Response:
        """The answer that is sent."""


class Connection(Protocol):
    """The way to the client, for faults on the wire. Whatever ends the answer writes the journal entry first."""

    def head(self, response: Response) -> bytes:
        """Status line and headers as they go over the wire."""

    async def write(self, data: bytes) -> bool:
        """Send some bytes, waiting while the client reads too slowly; False when it has gone."""

    async def pause(self, seconds: float) -> bool:
        """Let seconds pass; False as soon as the client goes."""

    def finish(self, data: bytes = b"") -> None:
        """The last bytes; the connection stays open for the next request if both sides want it."""

    def close(self, data: bytes = b"") -> None:
        """The last bytes, then FIN; the answer was not whole."""

    def reset(self) -> None:
        """RST at once: what the client has not read yet may be lost to it."""


class Wire(Protocol):
    """Puts the answer on the wire. The subject is the answer."""

    async def put(self, connection: Connection, response: Response) -> None:
        """Send it, or what shall arrive of it."""
