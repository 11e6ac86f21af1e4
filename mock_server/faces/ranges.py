"""The Range header as Alibaba Cloud OSS reads it (GetObject, "Range" and "x-oss-range-behavior")."""

from __future__ import annotations

import re

_RANGE = re.compile(rb"^bytes=(\d{0,18})-(\d{0,18})$")


class UnsatisfiableRangeError(ValueError):
    """A range that begins past the end, when the client asked for standard behaviour."""


def requested_range(header: bytes | None, size: int, *, standard: bool) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole object.

    By default a range that does not lie within the object is ignored and the whole object is sent. With
    ``x-oss-range-behavior: standard`` its end is cut, and a start past the end raises `UnsatisfiableRangeError`.
    """
    match = _RANGE.match(header.strip()) if header else None
    if match is None or (not match[1] and not match[2]):
        return None
    if not match[1]:
        length = int(match[2])
        start, end = max(size - length, 0), size - 1
        valid = 0 < length <= size
    else:
        start, end = int(match[1]), int(match[2]) if match[2] else size - 1
        valid = start <= end < size
    if valid:
        return start, end
    if not standard or (match[2] and match[1] and start > end):
        return None
    if start >= size or start > end:
        raise UnsatisfiableRangeError(header)
    return start, min(end, size - 1)
