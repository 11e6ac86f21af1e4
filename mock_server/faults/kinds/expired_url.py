"""The image URL has expired."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from mock_server.faults.stages import Stage


class ExpiredUrl(Struct, frozen=True, kw_only=True):
    """Refuse the download as the object store does after 24 hours: 403, AccessDenied, "Request has expired."."""

    kind: ClassVar[str] = "expired_url"
    stage: ClassVar[Stage] = "download"
    endpoints: ClassVar[tuple[str, ...]] = ("download",)

    def store_error(self) -> str:
        """See `Download`."""
        return "EXPIRED"
