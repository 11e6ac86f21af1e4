"""What drift knows of a claim: the rest of it is in ``fixtures/claims.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol


class Claim(Protocol):
    """One sentence on how the service behaves."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def says(self) -> str:
        """The sentence."""

    @property
    def face(self) -> str:
        """The dialect that it is about."""

    @property
    def grade(self) -> str:
        """``recorded``, ``documented``, ``assumed`` or ``conflicting``."""

    @property
    def source(self) -> str:
        """Where it is from."""

    @property
    def date(self) -> date:
        """When it was seen."""

    @property
    def cost(self) -> str:
        """What it costs to look."""

    @property
    def switch(self) -> str:
        """The field of a profile that it stands for; empty when there is none."""


Claims = Mapping[str, Claim]
