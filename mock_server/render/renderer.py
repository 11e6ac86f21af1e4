"""The renderer: the value of a picture becomes the bytes of its JPEG."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from mock_server.core.types import Picture
from mock_server.render.cache import Lru
from mock_server.render.coverage import Coverage

if TYPE_CHECKING:
    from mock_server.render.hybrid import Hybrid
    from mock_server.render.typeface import Typeface

_ENTRY_BYTES = 400  # what a remembered file costs besides its bytes and its prompt, roughly


class _Tools(NamedTuple):
    """What needs Pillow."""

    coverage: Coverage
    typeface: Typeface
    hybrid: Hybrid


class Renderer:
    """Turns pictures into JPEG files. One per server; safe to share between threads.

    Equal pictures give equal files, whichever method made them first or how warm the caches are. ``cache_bytes`` bounds
    the finished files that are kept; landscapes, characters and captions are kept apart, in about 10 MB at most.
    Pillow is imported by the first ``render``.
    """

    def __init__(self, *, cache_bytes: int = 8 << 20) -> None:
        self._files: Lru[Picture, bytes] = Lru(cache_bytes)
        self._lock = Lock()
        self._tools: _Tools | None = None

    def cached(self, picture: Picture) -> bytes | None:
        """The finished file if it is at hand."""
        return self._files.get(picture)

    def quick(self, picture: Picture, *, keep: bool = True) -> bytes | None:
        """The file if it can be had in well under a millisecond: finished before, or of a size ``render`` has warmed.

        ``keep`` says whether a new file is remembered; one that is sent away at once and never asked for again need not
        be.
        """
        data = self._files.get(picture)
        if data is None and self._tools is not None and self._tools.hybrid.suits(picture):
            data = self._tools.hybrid.quick(picture)
            if keep and data is not None:
                self._remember(picture, data)
        return data

    def render(self, picture: Picture, *, keep: bool = True) -> bytes:
        """The file of any picture. Takes tens of milliseconds for the first of a size, which it warms for ``quick``."""
        data = self._files.get(picture)
        if data is None:
            tools = self._load()
            if tools.hybrid.suits(picture):
                data = tools.hybrid.render(picture)
            else:
                from mock_server.render.plain import draw

                data = draw(picture, tools.coverage, tools.typeface)
            if keep:
                self._remember(picture, data)
        return data

    def clear(self) -> None:
        """Forgets every finished file and everything prepared for new ones."""
        with self._lock:
            self._files.clear()
            self._tools = None

    def _remember(self, picture: Picture, data: bytes) -> None:
        held = sum(len(reference.thumbnail) for reference in picture.references)
        self._files.put(picture, data, len(data) + 2 * len(picture.prompt) + held + _ENTRY_BYTES)

    def _load(self) -> _Tools:
        with self._lock:
            if self._tools is None:
                from mock_server.render.hybrid import Hybrid
                from mock_server.render.typeface import Typeface

                coverage = Coverage()
                typeface = Typeface(coverage)
                self._tools = _Tools(coverage, typeface, Hybrid(coverage, typeface))
            return self._tools


def render_plain(picture: Picture) -> bytes:
    """The file made the plain way, composed as pixels and encoded as a whole: the oracle of the fast way."""
    from mock_server.render.plain import draw
    from mock_server.render.typeface import Typeface

    coverage = Coverage()
    return draw(picture, coverage, Typeface(coverage))
