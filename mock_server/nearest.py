"""The part of an error message that helps: the nearest valid word, or the list of all."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, valid: Iterable[str]) -> str:
    """``did you mean 'x'? valid: 'x', 'y'``, or only the second half when nothing is near."""
    from difflib import get_close_matches

    words = [str(item) for item in valid]
    near = get_close_matches(word, words, n=1, cutoff=0.5)
    listed = "valid: " + ", ".join(repr(item) for item in words)
    return f"did you mean {near[0]!r}? {listed}" if near else listed
