"""Images as bytes, without holding up other requests."""

from __future__ import annotations

import asyncio

from mock_server.core.types import Picture
from mock_server.dispatch import Engine


async def rendered(engine: Engine, picture: Picture, *, keep: bool = True) -> bytes:
    """The JPEG of a picture: at once when that takes less than a millisecond, else in a thread."""
    quick = engine.renderer.quick(picture, keep=keep)
    if quick is not None:
        return quick
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(engine.threads, lambda: engine.renderer.render(picture, keep=keep))
