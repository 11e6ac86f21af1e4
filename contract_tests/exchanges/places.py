"""Where in an exchange stands a value that differs each time, and what it is: the transformers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

TRACE_EPOCH = 1_672_531_200
"""2023-01-01T00:00:00Z: an id begins with the seconds since then, in eight hexadecimal digits (recorded)."""
PLACEHOLDER = re.compile(r"<[a-z][a-z-]*:\d+>")

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HTTP_DATE = r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"
_MONTH = r"\d{4}-\d{2}-\d{2}"


class Found(Struct, frozen=True):
    """A value in a text, from `start` to `end`. Of a time, ``moment`` is its Unix second."""

    kind: str
    value: str
    start: int
    end: int
    moment: float | None = None


class Place(Struct, frozen=True):
    """Values at paths that match `where`; `form` has a group for each, named by its kind.

    A text that has not the form has no value there: it is compared as it is.
    """

    where: re.Pattern[str]
    form: re.Pattern[str]


MOMENTS: dict[str, Callable[[str], float]] = {
    "unix": float,
    "date": lambda text: parsedate_to_datetime(text).astimezone(UTC).timestamp(),
    "iso": lambda text: datetime.fromisoformat(text).timestamp(),
    "trace": lambda text: int(text[:8], 16) + TRACE_EPOCH,
}
"""The forms of times, as seconds."""


def _value(kind: str, form: str) -> str:
    """A group for values of a kind, which a recording may have replaced already."""
    return f"(?P<{kind}>{form}|<{kind.replace('_', '-')}:[0-9]+>)"


def _header(names: str, form: str) -> Place:
    return Place(re.compile(rf"(?:request|response)\.headers\.(?:{names})(?:\[\d+\])?"), re.compile(rf"\A{form}\Z"))


def _body(names: str, form: str) -> Place:
    return Place(re.compile(rf"response\.body\.(?:{names})"), re.compile(rf"\A{form}\Z"))


def _anywhere(form: str) -> Place:
    return Place(re.compile(r".*", re.DOTALL), re.compile(form))


PLACES = (
    _header("authorization|proxy-authorization", r"(?:[A-Za-z]+ +)?" + _value("key", r"\S+")),
    _header("x-api-key|x-admin-token", _value("key", r".+")),
    _header("cookie|set-cookie", _value("cookie", r".+")),
    _header("trace-id", _value("id", r"[0-9a-f]{32}")),
    _body("id", _value("id", r"[0-9a-f]{32}")),
    _header("minimax-request-id", _value("request_id", r"[0-9a-f]{32}")),
    _header("alb_request_id", _value("balancer_id", r"[0-9a-f]{40}")),
    _header("alb_receive_time", r"(?P<unix>\d{10}(?:\.\d{1,3})?)"),
    _header("date|last-modified|expires", rf"(?P<date>{_HTTP_DATE})"),
    _header("x-session-id", _value("session", r"[0-9a-f]{32}")),
    _header("x-mm-request-id", _value("group", r"\d+") + r"_(?P<unix>\d{10})" + _value("nonce", r"[0-9a-z]{6}")),
    _header("content-range", r"bytes \d+-\d+/" + _value("size", r"\d+")),
    _header("etag", _value("digest", r'"[0-9A-F]{32}"')),
    _header("content-md5", _value("digest", r"[A-Za-z0-9+/]{22}==")),
    _header("x-oss-hash-crc64ecma", _value("digest", r"\d+")),
    _header("x-oss-server-time", _value("duration", r"\d+")),
    _header("x-oss-request-id", _value("request_id", r"[0-9A-F]{24}")),
    _header("x-request-id|x-fal-request-id", _value("request_id", r"[\w-]{8,}")),
    _body("request_id|gateway_request_id", _value("request_id", r"[\w-]{8,}")),
    _body("created", r"(?P<unix>\d{10})"),
    _anywhere(r"(?i:[?&]GroupId=)" + _value("group", r"[^&\s\"<>]+")),
    _anywhere(r"(?i:[?&](?:account|user)_?id=)" + _value("account", r"[^&\s\"<>]+")),
    _anywhere(r"(?i:[?&](?:OSSAccessKeyId|x-oss-credential)=)" + _value("access_key", r"[^&\s\"<>]+")),
    _anywhere(r"(?i:[?&](?:x-oss-)?Signature=)" + _value("signature", r"[^&\s\"<>]+")),
    _anywhere(r"(?i:[?&](?:x-oss-)?security-token=)" + _value("token", r"[^&\s\"<>]+")),
    _anywhere(r"[?&]Expires=(?P<unix>\d{9,10})(?!\d)"),
    _anywhere(rf"(?:/|%2F){_value('day', _MONTH)}(?:/|%2F){_value('object', _UUID)}_aigc\."),
    _anywhere(r"(?P<iso>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))"),
    _anywhere(r"<OSSAccessKeyId>" + _value("access_key", r"[^<]+") + "</"),
    _anywhere(r"<SignatureProvided>" + _value("signature", r"[^<]+") + "</"),
    _anywhere(r"<RequestId>" + _value("request_id", r"[0-9A-F]{24}") + "</"),
    _body(r"images\[\d+\]\.file_size", _value("size", r"\d+")),
    _anywhere(r"//media\.aigateway\.sh/img/" + _value("object", r"[\w-]+") + r"\.(?:png|jpg)"),
    _anywhere(r"fal\.media/files/" + _value("object", r"[\w-]+/[\w-]+?") + r"_image\."),
)


def found(path: str, text: str) -> Iterator[Found]:
    """The values in a text that stands at a path, such as ``response.headers.trace-id``."""
    for place in PLACES:
        if place.where.fullmatch(path):
            for match in place.form.finditer(text):
                yield from _groups(match)


def _groups(match: re.Match[str]) -> Iterator[Found]:
    for kind, value in match.groupdict().items():
        if value is not None:
            moment = MOMENTS[kind](value) if kind in MOMENTS else None
            yield Found(kind.replace("_", "-"), value, *match.span(kind), moment)


def derived(path: str, text: str) -> float | None:
    """The second that an id says it was made in; None for what is no id."""
    for value in found(path, text):
        if value.kind == "id" and not PLACEHOLDER.fullmatch(value.value):
            return MOMENTS["trace"](value.value)
    return None
