"""An answer of something in between."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.core.types import Foreign, ImageRequest
from mock_server.faults.stages import Moment, Stage

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = frozenset({"content-length", "content-type", "transfer-encoding", "connection"})
_NO_BODY = frozenset({204, 205, 304})
_PAGE = (
    "<html>\r\n<head><title>{0} {1}</title></head>\r\n<body>\r\n<center><h1>{0} {1}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


class HttpStatus(Struct, frozen=True, kw_only=True):
    """Answer as something in between would (gateway, proxy, load balancer): any HTTP status, with a page of HTML
    unless a body is given.
    """

    kind: ClassVar[str] = "http_status"
    stage: ClassVar[Stage] = "outcome"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    status: Annotated[int, Meta(ge=200, le=599, description="The HTTP status.")]
    body: Annotated[str | None, Meta(description="The body; nginx's page for the status when not given.")] = None
    content_type: Annotated[str, Meta(min_length=1, description="Its Content-Type.")] = "text/html"
    headers: Annotated[dict[str, str] | None, Meta(description="More headers, for example Retry-After.")] = None

    def __post_init__(self) -> None:
        """Refuse headers that cannot be sent, and a body where HTTP allows none."""
        if self.body and self.status in _NO_BODY:
            msg = f"an answer with status {self.status} has no body (RFC 9110), got {self.body!r}"
            raise ValueError(msg)
        for name, value in ((self.headers or {}) | {"content-type": self.content_type}).items():
            if not _NAME.fullmatch(name):
                msg = f"{name!r} is not a header name"
                raise ValueError(msg)
            if name.lower() in _OURS and name != "content-type":
                msg = f"headers cannot set {name!r}: it follows from the body and content_type"
                raise ValueError(msg)
            if not value.isprintable() or not value.isascii():
                msg = f"header {name} must be printable ASCII, got {value!r}"
                raise ValueError(msg)

    def outcome(self, request: ImageRequest | None, moment: Moment) -> Foreign:
        """The answer."""
        body = "" if self.status in _NO_BODY else self.body
        if body is None:
            phrase = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "Error"
            body = _PAGE.format(self.status, phrase)
        return Foreign(self.status, self.content_type, body.encode(), tuple((self.headers or {}).items()))
