"""How an observed exchange differs from an expected one, once what differs each time is replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from contract_tests.exchanges.format import Exchange, Picture, Response, compact
from contract_tests.exchanges.places import PLACEHOLDER
from contract_tests.exchanges.replacement import References

BODY_LENGTH = "<body-length>"
"""In place of a Content-Length that is the length of the body, as compact JSON."""
FORMS = {"<url>": re.compile(r"https?://\S+"), "<base64>": re.compile(r"<image:\d+>")}
"""What a document shows nothing of but the kind."""

What = Literal["missing", "unexpected", "type", "value", "order", "reference"]


class Difference(Struct, frozen=True):
    """One difference. ``path`` begins with ``$``; ``expected`` and ``observed`` are JSON with placeholders."""

    path: str
    what: What
    expected: str
    observed: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}: expected {self.expected}, observed {self.observed}"


def differences(expected: Exchange, observed: Exchange) -> list[Difference]:
    """How one exchange differs; of the expected one only what it tells counts."""
    return differences_of_run([(expected, observed)])


def differences_of_run(pairs: Sequence[tuple[Exchange, Exchange]]) -> list[Difference]:
    """How the exchanges of a run differ, where a value has one placeholder in all of them."""
    ours, theirs = References(), References()
    told = [(leaves(expected), leaves(observed)) for expected, observed in pairs]
    for some, others in told:
        shared = [path for path in some if path in others and some[path] not in FORMS]
        for side, references in ((some, ours), (others, theirs)):
            for path in shared:
                references.register(path, side[path])
    found: list[Difference] = []
    for number, (expected, observed) in enumerate(pairs):
        root = "$" if len(pairs) == 1 else f"$[{number}]"
        found += _Pair(root, ours, theirs).compared(expected, observed)
    return found


def leaves(exchange: Exchange) -> dict[str, str]:
    """Every text of an exchange by its path, in an order that does not depend on how it was sent."""
    request, response = exchange.request, exchange.response
    texts = {"request.path": request.path}
    for side, message in (("request", request), ("response", response)):
        texts |= {f"{side}.headers.{name}": value for name, value in _named(message.headers).items()}
        texts |= dict(_texts(f"{side}.body", message.body))
    return dict(sorted(texts.items(), key=lambda item: (".headers." not in item[0], item[0])))


def _named(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Headers by their name in small letters; those that are there several times get numbers."""
    names = [name.lower() for name, _ in headers]
    shown: dict[str, str] = {}
    for position, (_, value) in enumerate(headers):
        name = names[position]
        times = names[:position].count(name)
        shown[f"{name}[{times}]" if times else name] = value
    return shown


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(f"{path}.{name}", item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(f"{path}[{index}]", item)
    elif isinstance(value, str) or (type(value) is int):
        yield path, str(value)


class _Pair:
    """One expected exchange against one observed."""

    def __init__(self, root: str, ours: References, theirs: References) -> None:
        self._root = root
        self._ours = ours
        self._theirs = theirs
        self._found: list[Difference] = []

    def compared(self, expected: Exchange, observed: Exchange) -> list[Difference]:
        want, got = expected.response, observed.response
        self._value("response.status", want.status, got.status)
        self._headers(expected, observed)
        if want.body is not UNSET:
            if isinstance(got.body, UnsetType):
                self._add("response.body", "missing", shown(want.body), "nothing")
            else:
                self._any("response.body", want.body, got.body, want)
        self._images(expected.images, observed.images)
        return self._found

    def _add(self, path: str, what: What, expected: str, observed: str) -> None:
        self._found.append(Difference(f"{self._root}.{path}", what, expected, observed))

    def _headers(self, expected: Exchange, observed: Exchange) -> None:
        want, got = _named(expected.response.headers), _named(observed.response.headers)
        spelled = {name.lower(): name for name, _ in expected.response.headers}
        for name, value in want.items():
            path, place = f"response.headers.{spelled.get(name, name)}", f"response.headers.{name}"
            if name not in got:
                self._add(path, "missing", shown(value), "nothing")
            elif name == "content-length":
                self._value(path, _length(expected, value), _length(observed, got[name]))
            else:
                self._text(path, place, value, got[name])

    def _any(self, path: str, want: Any, got: Any, said: Response) -> None:
        if isinstance(want, dict) and isinstance(got, dict):
            self._object(path, want, got, said)
        elif isinstance(want, list) and isinstance(got, list):
            if len(want) != len(got):
                self._add(path, "value", f"{len(want)} items", f"{len(got)} items")
            for index, (one, other) in enumerate(zip(want, got, strict=False)):
                self._any(f"{path}[{index}]", one, other, said)
        elif type(want) is not type(got):
            self._add(path, "type", self._shown(self._ours, path, want), self._shown(self._theirs, path, got))
        elif isinstance(want, str) or type(want) is int:
            self._text(path, path, str(want), str(got), quoted=isinstance(want, str))
        else:
            self._value(path, want, got)

    def _object(self, path: str, want: dict[str, Any], got: dict[str, Any], said: Response) -> None:
        order = [name for name in want if name in got], [name for name in got if name in want]
        if said.ordered and order[0] != order[1]:
            self._add(path, "order", shown(order[0]), shown(order[1]))
        for name, value in want.items():
            if name in got:
                self._any(f"{path}.{name}", value, got[name], said)
            else:
                self._add(f"{path}.{name}", "missing", self._shown(self._ours, f"{path}.{name}", value), "nothing")
        for name in got if said.complete else ():
            if name not in want:
                self._add(f"{path}.{name}", "unexpected", "nothing", shown(got[name]))

    def _text(self, path: str, place: str, want: str, got: str, *, quoted: bool = True) -> None:
        """Compare texts with placeholders; `place` is the path that says which values they hold."""
        if want in FORMS and FORMS[want].fullmatch(got):
            return
        form = shown if quoted else str
        one, other = self._ours.replaced(place, want), self._theirs.replaced(place, got)
        if one != other:
            named = PLACEHOLDER.search(one) or PLACEHOLDER.search(other)
            self._add(path, "reference" if named else "value", form(one), form(other))
        made, also = self._ours.made(place, want), self._theirs.made(place, got)
        if made and also and made != also:
            self._add(path, "reference", f"made at {made}", f"made at {also}")

    def _value(self, path: str, want: Any, got: Any) -> None:
        if want != got:
            self._add(path, "value", shown(want), shown(got))

    def _shown(self, references: References, path: str, value: Any) -> str:
        return shown(references.replaced(path, value) if isinstance(value, str) else value)

    def _images(self, want: Sequence[Picture], got: Sequence[Picture]) -> None:
        if want and len(want) != len(got):
            self._add("images", "value", f"{len(want)} images", f"{len(got)} images")
        for index, (one, other) in enumerate(zip(want, got, strict=False)):
            for name in ("format", "width", "height"):
                if (value := getattr(one, name)) is not None:
                    self._value(f"images[{index}].{name}", value, getattr(other, name))


def _length(exchange: Exchange, said: str) -> str:
    body = exchange.response.body
    known = body is not UNSET and exchange.response.complete
    return BODY_LENGTH if known and said == str(len(compact(body))) else said


def shown(value: Any) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False)
