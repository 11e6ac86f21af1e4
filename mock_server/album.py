"""The images of one answer, kept as what they were asked for and drawn from."""

from __future__ import annotations

from msgspec import Struct

from mock_server import ids
from mock_server.core.models import MODELS
from mock_server.core.types import ImageRequest, Picture, Reference
from mock_server.core.validate import size_of


class Album(Struct, frozen=True, gc=False):
    """The delivered images of one answer: the first `count` of those asked for.

    Seeds, pictures and bytes follow from `request` and the 64 bytes of `chance`, and are made when somebody wants them.
    """

    owner: str
    face: str
    created: float
    request: ImageRequest
    references: tuple[Reference, ...]
    chance: bytes
    count: int

    @property
    def key(self) -> str:
        """What the URLs of these images share."""
        return ids.uuid4_stem(self.chance[28:44])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of every image in pixels."""
        return size_of(self.request)

    @property
    def seeds(self) -> tuple[int, ...]:
        """A seed for each image: the request's own, or as many different ones."""
        request = self.request
        if request.seed is not None:
            return (request.seed,) * self.count
        return ids.image_seeds(ids.draw(self.chance, request.n), request.n)[: self.count]

    def picture(self, index: int) -> Picture | None:
        """The picture that was the `index`-th of the request, or None when it was not delivered."""
        if not 0 <= index < self.count:
            return None
        request, (width, height) = self.request, self.size
        return Picture(
            model=request.model,
            prompt=request.prompt,
            width=width,
            height=height,
            seed=self.seeds[index],
            index=index,
            prompt_optimizer=request.prompt_optimizer,
            aigc_watermark=request.aigc_watermark,
            style=request.style if MODELS[request.model].styles else None,
            references=self.references,
        )

    @property
    def cost(self) -> int:
        """Bytes that keeping this takes, about."""
        cost = 700 + 4 * len(self.request.prompt)
        for reference in self.references:
            cost += len(reference.thumbnail) + 200
        return cost
