"""The images of one answer, kept as what they show."""

from __future__ import annotations

from msgspec import Struct, structs

from mock_server.core.types import Picture


class Album(Struct, frozen=True, gc=False):
    """The delivered images of one answer. Their bytes are rendered when somebody wants them.

    ``seeds`` and ``indices`` belong together; ``first`` is the picture of the first of them.
    """

    owner: str
    face: str
    created: float
    first: Picture
    indices: tuple[int, ...]
    seeds: tuple[int, ...]

    def picture(self, number: int) -> Picture | None:
        """The picture that was the `number`-th of the request, or None when there is none."""
        if number not in self.indices:
            return None
        if number == self.first.index:
            return self.first
        return structs.replace(self.first, index=number, seed=self.seeds[self.indices.index(number)])

    @property
    def cost(self) -> int:
        """Bytes that keeping this takes, about."""
        cost = 600 + 4 * len(self.first.prompt) + 40 * len(self.seeds)
        for reference in self.first.references:
            cost += len(reference.thumbnail) + 200
        return cost
