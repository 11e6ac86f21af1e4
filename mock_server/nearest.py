"""The part of an error message that helps: the nearest valid word, or the list of all."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, valid: Iterable[str]) -> str:
    """``did you mean 'x'? valid: 'x', 'y'``, or only the second half when nothing is near. Of numbers, the closest."""
    words = [str(item) for item in valid]
    listed = "valid: " + ", ".join(repr(item) for item in words)
    near = closest(word, words)
    return f"did you mean {near!r}? {listed}" if near is not None else listed


def closest(word: str, words: list[str]) -> str | None:
    """The one of `words` that was probably meant; None when nothing is near."""
    from difflib import get_close_matches

    if word.isdecimal() and len(word) < 10 and words and all(item.isdecimal() for item in words):
        return min(words, key=lambda item: abs(int(item) - int(word)))
    return next(iter(get_close_matches(word, words, n=1, cutoff=0.5)), None)
