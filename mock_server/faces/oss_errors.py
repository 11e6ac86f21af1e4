"""Errors of the object store: XML bodies with code, message and EC (Alibaba Cloud OSS documentation)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from msgspec import Struct

from mock_server.grade import Grade


class StoreError(Struct, frozen=True):
    """One way the object store refuses a download."""

    status: int
    code: str
    message: str
    ec: str
    grade: Grade


EXPIRED = StoreError(403, "AccessDenied", "Request has expired.", "0002-00000069", "documented")
NO_SIGNATURE = StoreError(
    403, "AccessDenied", "You have no right to access this object because of bucket acl.", "0003-00000001", "documented"
)
INCOMPLETE = StoreError(
    403,
    "AccessDenied",
    "Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters",
    "0002-00000067",
    "assumed",
)
UNKNOWN_KEY_ID = StoreError(
    403,
    "InvalidAccessKeyId",
    "The OSS Access Key Id you provided does not exist in our records.",
    "0002-00000902",
    "documented",
)
BAD_SIGNATURE = StoreError(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    "0002-00000040",
    "assumed",
)
TWO_SIGNATURES = StoreError(
    400,
    "InvalidArgument",
    "Only one auth mechanism allowed; only the Authorization header or the Signature query parameter is allowed.",
    "0002-00000039",
    "assumed",
)
NO_SUCH_KEY = StoreError(404, "NoSuchKey", "The specified key does not exist.", "0026-00000001", "documented")
BAD_RANGE = StoreError(
    416, "InvalidRange", "The requested range cannot be satisfied.", "0021-00000001", "assumed"
)  # fmt: skip
INTERNAL = StoreError(
    500, "InternalError", "We encountered an internal error. Please try again.", "0000-00000001", "assumed"
)
BUSY = StoreError(503, "ServiceUnavailable", "Please reduce your request rate.", "0000-00000002", "assumed")
ERRORS = {
    "EXPIRED": EXPIRED,
    "NO_SIGNATURE": NO_SIGNATURE,
    "INCOMPLETE": INCOMPLETE,
    "UNKNOWN_KEY_ID": UNKNOWN_KEY_ID,
    "BAD_SIGNATURE": BAD_SIGNATURE,
    "TWO_SIGNATURES": TWO_SIGNATURES,
    "NO_SUCH_KEY": NO_SUCH_KEY,
    "BAD_RANGE": BAD_RANGE,
    "INTERNAL": INTERNAL,
    "BUSY": BUSY,
}
"""All of them by name."""


def iso_milliseconds(seconds: float) -> str:
    """``2026-05-01T08:16:58.000Z``, as the store writes times."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def body(error: StoreError, request_id: str, host: str, details: Mapping[str, str]) -> bytes:
    """The XML of an error; `details` stand between HostId and EC, as the store orders them."""
    fields = {"Code": error.code, "Message": error.message, "RequestId": request_id, "HostId": host, **details}
    fields |= {"EC": error.ec, "RecommendDoc": f"https://api.alibabacloud.com/troubleshoot?q={error.ec}"}
    lines = "".join(f"  <{name}>{escape(value)}</{name}>\n" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n{lines}</Error>\n'.encode("utf-8", "replace")
