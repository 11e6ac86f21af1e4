"""The models that the gateway offers, and what it calls those of MiniMax."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.models import MODELS

OWNER = "minimax"
CREATED = 1_739_577_600
"""2025-02-15, when image-01 was published; the gateway's own date is not recorded."""


class Offer(Struct, frozen=True):
    """A model of the gateway: its name, the model behind it, and whether it is meant for subject images."""

    name: str
    model: str
    subject: bool = False

    @property
    def id(self) -> str:
        """With its owner, as the gateway lists it."""
        return f"{OWNER}/{self.name}"


OFFERS = (
    Offer("minimax-image-01-subject-reference", "image-01", subject=True),
    Offer("minimax-image-01", "image-01"),
)
"""The first is that of the model's page; the second is assumed to be beside it."""
DEFAULT = OFFERS[1]
_BY_NAME = {name: offer for offer in OFFERS for name in (offer.id, offer.name)}
_BARE = {name: Offer(name, name) for name in MODELS} | {f"{OWNER}/{name}": Offer(name, name) for name in MODELS}
_ANY = {None: DEFAULT, "": DEFAULT, "auto": DEFAULT, "auto/image": DEFAULT}


def offer_of(name: str | None) -> Offer | None:
    """What a request for the model `name` gets: with owner or without, MiniMax's own name, or left to the gateway."""
    return _ANY.get(name) or _BY_NAME.get(name or "") or _BARE.get(name or "")


def listed(name: str) -> Offer | None:
    """The model of the list that `name` stands for."""
    return _BY_NAME.get(name)
