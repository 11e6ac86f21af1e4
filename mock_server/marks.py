"""What is known of the files behind image URLs besides their bytes."""

from __future__ import annotations

from base64 import b64encode
from collections import OrderedDict
from hashlib import md5, sha256

from msgspec import Struct

from mock_server.core.types import Picture


class Mark(Struct, frozen=True):
    """What the headers and the journal say of a file's bytes."""

    etag: bytes
    content_md5: bytes
    sha256: str


def mark_of(data: bytes) -> Mark:
    """The marks of a file."""
    digest = md5(data, usedforsecurity=False).digest()
    return Mark(b'"%s"' % digest.hex().upper().encode(), b64encode(digest), sha256(data).hexdigest())


class FileMarks:
    """The marks of the files served last: hashing a file costs more than sending it."""

    CAPACITY = 1024

    def __init__(self) -> None:
        self._marks: OrderedDict[Picture, Mark] = OrderedDict()

    def of(self, picture: Picture, jpeg: bytes) -> Mark:
        """The marks of `jpeg`, which `picture` encodes to."""
        mark = self._marks.get(picture)
        if mark is None:
            mark = self._marks[picture] = mark_of(jpeg)
            if len(self._marks) > self.CAPACITY:
                self._marks.popitem(last=False)
        return mark
