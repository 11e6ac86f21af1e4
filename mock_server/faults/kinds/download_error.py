"""The object store refuses."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from mock_server.faults.stages import Stage

_ERRORS = {400: "TWO_SIGNATURES", 403: "NO_SIGNATURE", 404: "NO_SUCH_KEY", 500: "INTERNAL", 503: "BUSY"}


class DownloadError(Struct, frozen=True, kw_only=True):
    """Refuse the download with another error of the object store, as XML: 400 InvalidArgument, 403 AccessDenied,
    404 NoSuchKey, 500 InternalError or 503 ServiceUnavailable. For any other status there is `http_status`.
    """

    kind: ClassVar[str] = "download_error"
    stage: ClassVar[Stage] = "download"
    endpoints: ClassVar[tuple[str, ...]] = ("download",)

    status: Annotated[Literal[400, 403, 404, 500, 503], Meta(description="The HTTP status.")]

    def store_error(self) -> str:
        """See `Download`."""
        return _ERRORS[self.status]
