"""Files that clients have uploaded, and the names that files have on fal's CDN.

Names: ``files/<animal>/<21 characters>_<name>``, as in the URLs of fal's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import RLock

from msgspec import Struct, structs

from mock_server.shelf import Shelf

BUDGET_BYTES = 64 * 1024 * 1024
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_ANIMALS = (
    "elephant", "giraffe", "kangaroo", "koala", "lion", "monkey", "panda", "penguin", "rabbit", "tiger", "zebra",
)  # fmt: skip
_NAME = re.compile(r"files/[a-z]+/([A-Za-z0-9_-]{20})([A-Za-z0-9_-])_([^/]*)$")
WHOLE = "u"
"""What stands in the place of an image's number in the name of an upload."""


class Upload(Struct, frozen=True):
    """A file: whose it is, its bytes (None until they arrive) and what the client said of them.

    ``parts`` are those that came so far of an upload in parts: number, etag and bytes.
    """

    owner: str
    name: str
    data: bytes | None
    content_type: str
    parts: tuple[tuple[int, str, bytes], ...] = ()


def stem_of(chance: bytes) -> str:
    """20 characters, drawn from as many bytes."""
    return "".join(_ALPHABET[byte & 63] for byte in chance[:20])


def file_name(stem: str, number: str, name: str) -> str:
    """Where the file lies on the CDN; `number` is an image's index, or `WHOLE`."""
    animal = _ANIMALS[sum(stem.encode()) % len(_ANIMALS)]
    return f"files/{animal}/{stem}{number}_{name}"


def read_name(path: str) -> tuple[str, str]:
    """The stem and the number in a path that ends with the name of a file; empty for other paths."""
    match = _NAME.search(path)
    return (match[1], match[2]) if match else ("", "")


class UploadShelf:
    """The uploads of all accounts. Each method is atomic."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._files: Shelf[str, Upload] = Shelf(BUDGET_BYTES)

    def keep(self, stem: str, upload: Upload) -> None:
        """Keep a file; its account may lose its oldest."""
        with self._lock:
            self._files.put(upload.owner, stem, upload, len(upload.data or b"") + 300)

    def keep_part(self, stem: str, number: int, etag: str, data: bytes) -> None:
        """Keep one part of a file that is still to be put together; it is forgotten with the file."""
        with self._lock:
            upload = self._files.get(stem)
            if upload is not None:
                kept = [part for part in upload.parts if part[0] != number]
                parts = (*kept, (number, etag, data))
                cost = sum(len(part[2]) for part in parts) + 300
                self._files.put(upload.owner, stem, structs.replace(upload, parts=parts), cost)

    def joined(self, stem: str, wanted: Sequence[tuple[int, str]]) -> bytes | None:
        """The parts of those numbers and etags, one behind the other; None when one is not there."""
        with self._lock:
            upload = self._files.get(stem)
            kept = {(number, etag): data for number, etag, data in upload.parts} if upload is not None else {}
        return b"".join(kept[part] for part in wanted) if wanted and all(part in kept for part in wanted) else None

    def get(self, stem: str) -> Upload | None:
        """The file of that stem, if it is still kept."""
        with self._lock:
            return self._files.get(stem)

    def drop(self, owner: str | None) -> None:
        """Forget the files of one account, or of all."""
        with self._lock:
            self._files.drop(owner)
