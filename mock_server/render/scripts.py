"""The least that right-to-left and joining scripts need to be readable: Arabic letter forms and visual order.

This is not the Unicode bidirectional algorithm. Within a line, each stretch of right-to-left characters is reversed as
a whole, with the neutral characters inside it; digits in it keep their order, and brackets turn round. The line itself
always runs from left to right. Arabic letters take their joined forms, with the ligature of lam and alef.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_TATWEEL = "\u0640"
_LAM = "\u0644"
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def _read_forms() -> dict[str, dict[str, str]]:
    """From letter (or lam with alef) to its presentation forms by kind: isolated, final, initial, medial."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split()[:3] or ("",)
        text = "".join(chr(int(letter, 16)) for letter in letters)
        if len(text) == 1 or (len(text) == 2 and text[0] == _LAM):
            forms.setdefault(text, {}).setdefault(kind.strip("<>"), chr(code))
    return forms


_FORMS = _read_forms()


def shape(parts: list[str]) -> list[tuple[str, int]]:
    """Each part (a character and the marks over it) in its joined form, with the number of characters it stands for."""
    bare = [part[0] for part in parts]
    shaped: list[tuple[str, int]] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        ligature = at + 1 < len(parts) and bare[at] + bare[at + 1] in _FORMS
        letter = bare[at] + bare[at + 1] if ligature else bare[at]
        taken = 2 if ligature else 1
        if letter in _FORMS:
            before = at > 0 and _joins_forward(bare[at - 1]) and "final" in _FORMS[letter]
            after = not ligature and at + 1 < len(parts) and _joins_forward(letter) and _joins_back(bare[at + 1])
            form = _FORMS[letter].get(_KINDS[before, after], letter)
            marks = part[1:] + (parts[at + 1][1:] if ligature else "")
            shaped.append((form + marks, len("".join(parts[at : at + taken]))))
        else:
            shaped.append((part, len(part)))
        at += taken
    return shaped


_KINDS = {(False, False): "isolated", (True, False): "final", (False, True): "initial", (True, True): "medial"}


def _joins_forward(letter: str) -> bool:
    return letter == _TATWEEL or "initial" in _FORMS.get(letter, ())


def _joins_back(letter: str) -> bool:
    return letter == _TATWEEL or "final" in _FORMS.get(letter, ())


def arrange(line: Sequence[str]) -> list[str]:
    """The clusters of a line in visual order, from left to right."""
    kinds = [unicodedata.bidirectional(cluster[0]) for cluster in line]
    arranged: list[str] = []
    at = 0
    for start, end in _right_to_left_runs(kinds):
        run = [cluster.translate(_MIRRORED) for cluster in line[start:end]]
        arranged += [*line[at:start], *_reverse(run, kinds[start:end])]
        at = end
    return [*arranged, *line[at:]]


def _right_to_left_runs(kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    start, end = None, 0
    for at, kind in enumerate(kinds):
        if kind in ("R", "AL"):
            start = at if start is None else start
            end = at + 1
        elif kind == "L" and start is not None:
            yield start, end
            start = None
    if start is not None:
        yield start, end


def _reverse(run: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """The run from its end to its start, with digits in their own order."""
    turned: list[str] = []
    number: list[str] = []
    for item, kind in zip(reversed(run), reversed(kinds), strict=True):
        if kind in ("EN", "AN"):
            number.insert(0, item)
            continue
        turned += [*number, item]
        number = []
    return turned + number
