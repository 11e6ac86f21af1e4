"""Takes for an image what is none, or tells the image host too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.clients import images
from tests.contract.clients.broken.bug import OBSERVED, bug
from tests.contract.clients.errors import ClientError
from tests.contract.clients.httpx_client import Call, Client


@bug("The key is sent to the image host, which is another company's, over plain http.",
     "download.as-given", "success.every-count", seen_in="yooztech-mcp-minimax-t2i, a published client")  # fmt: skip
class ForwardsAuthorization(Client):
    def download_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}"}


@bug(
    "The status of a download is not looked at: the error's XML is kept as the image.",
    "download.refused",
    seen_in=OBSERVED,
)
class WritesErrorXml(Client):
    def fetch(self, call: Call, url: str) -> bytes:
        reply = self.send(call, "GET", url, headers=self.download_headers())
        if reply.status == 200:
            self.inspect(call, reply.content, "download")
        return reply.content


@bug("Whatever comes with HTTP 200 is the image, be it the page of a captive portal.", "download.html")
class WritesHtml(Client):
    def inspect(self, call: Call, image: bytes, category: str) -> None:
        if not images.wrong_kind(image):
            super().inspect(call, image, category)


@bug("An image that ends in the middle, or is noise, is handed on.", "download.broken-image", level="SHOULD")
class TakesDamaged(Client):
    def inspect(self, call: Call, image: bytes, category: str) -> None:
        if images.wrong_kind(image) or not self.damage(image):
            super().inspect(call, image, category)


@bug("An image of another size than was asked for is handed on.", "download.wrong-size", level="SHOULD")
class TakesWrongSize(Client):
    def misfit(self, image: bytes, request: Mapping[str, Any]) -> str:
        return ""


@bug("Images that cannot be fetched are left out without a word.", "download.refused")
class SkipsFailedDownloads(Client):
    def images(self, call: Call, items: list[str]) -> list[Any]:
        found = []
        for item in items:
            try:
                found += super().images(call, [item])
            except ClientError:
                continue
        return found


@bug("The key goes to the image host in the query of the URL.", "request.key-nowhere-else")
class KeyInImageUrl(Client):
    def url(self, url: str) -> str:
        return f"{url}&api_key={self.api_key}"
