"""A success is not understood, or not handed on as it came."""

from __future__ import annotations

import io
import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from PIL import Image

from tests.contract.clients import answers
from tests.contract.clients.answers import Reply
from tests.contract.clients.broken.bug import OBSERVED, bug
from tests.contract.clients.errors import ClientError
from tests.contract.clients.httpx_client import Call, Client


@bug("Counts must be JSON integers; the service sends texts, so that every success fails.", "success.spellings",
     seen_in="https://github.com/geekjourneyx/md2wechat-skill/pull/21")  # fmt: skip
class DemandsIntegerCounts(Client):
    def failed(self, call: Call, said: Mapping[str, Any], items: list[str]) -> int:
        count = said["metadata"]["failed_count"]
        if not isinstance(count, int):
            msg = f"cannot unmarshal {count!r} into an integer"
            raise ClientError(msg, category="protocol")
        return count


@bug("Counts must be texts; those of the documented schema, integers, end in an AttributeError.", "success.spellings")
class DemandsTextCounts(Client):
    def failed(self, call: Call, said: Mapping[str, Any], items: list[str]) -> int:
        return int(said["metadata"]["failed_count"].strip())


@bug("That image_base64 is there, be it null, is taken for base64, and the URLs are not seen.", "success.spellings",
     seen_in="https://github.com/browser-use/browser-use/pull/5201")  # fmt: skip
class OtherKeyMeansBase64(Client):
    def items(self, call: Call, said: Mapping[str, Any]) -> list[str]:
        data = said.get("data")
        if isinstance(data, dict) and "image_base64" in data:
            return answers.items(said, "image_base64")
        return super().items(call, said)


@bug("An unknown field in the answer is an error.", "success.unknown-fields")
class RefusesUnknownFields(Client):
    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        super().check(reply, said)
        unknown = set(said) - {"id", "data", "metadata", "base_resp"}
        if unknown:
            msg = f"extra fields not permitted: {unknown}"
            raise ClientError(msg, category="protocol")


@bug(
    "JSON under another content type than application/json with exactly this charset is not read.",
    "success.content-type",
)
class DemandsContentType(Client):
    def content(self, call: Call, got: Any) -> bytes:
        content = super().content(call, got)
        exact = got.headers.get("Content-Type") == "application/json; charset=utf-8"
        return content if exact or got.request.method == "GET" else b""


@bug("http:// image URLs are rewritten to https://, where nobody answers.", "download.as-given",
     seen_in="https://github.com/MiniMax-AI/cli/pull/94")  # fmt: skip
class HttpsOnly(Client):
    def url(self, url: str) -> str:
        return url.replace("http://", "https://", 1)


@bug("http:// image URLs are refused, although the global site has no others.", "download.as-given", seen_in=OBSERVED)
class RefusesHttp(Client):
    def url(self, url: str) -> str:
        if not url.startswith("https://"):
            msg = f"insecure image URL {url}"
            raise ClientError(msg, category="download")
        return url


@bug("Private addresses are refused as image hosts, so that it works behind no proxy and against no test server.",
     "download.as-given", seen_in=OBSERVED)  # fmt: skip
class RefusesPrivateHosts(Client):
    def url(self, url: str) -> str:
        host = urlsplit(url).hostname or ""
        if host.replace(".", "").isdecimal() and ipaddress.ip_address(host).is_private:
            msg = f"private image host {host}"
            raise ClientError(msg, category="download")
        return url


@bug("PNG is demanded although the service sends JPEG.", "success.every-count",
     seen_in="https://github.com/QwenLM/qwen-code/pull/8322")  # fmt: skip
class DemandsPng(Client):
    def inspect(self, call: Call, image: bytes, category: str) -> None:
        super().inspect(call, image, category)
        if not image.startswith(b"\x89PNG"):
            raise ClientError("not a PNG", category=category)


@bug("Images are taken from the end of the list, so that they come in reverse order.", "success.images")
class ReversesOrder(Client):
    def images(self, call: Call, items: list[str]) -> list[Any]:
        left, found = list(items), []
        while left:
            found += super().images(call, [left.pop()])
        return found


@bug("The first URL is fetched n times: one image, n times over.", "success.images")
class RepeatsFirst(Client):
    def images(self, call: Call, items: list[str]) -> list[Any]:
        return super().images(call, [items[0] for _ in items])


@bug(
    "Only the first image is handed on; the others are paid for and lost.",
    "success.images",
    "machine.agrees-with-the-ledger",
)
class OnlyFirst(Client):
    def images(self, call: Call, items: list[str]) -> list[Any]:
        return super().images(call, items[:1])


@bug("Of several images the last is lost to an off-by-one.", "success.every-count")
class LosesLast(Client):
    def images(self, call: Call, items: list[str]) -> list[Any]:
        return super().images(call, [items[i] for i in range(len(items) - 1)] or items)


@bug("Images are compressed once more on the way: not the bytes that were served.", "success.images")
class Recompresses(Client):
    def images(self, call: Call, items: list[str]) -> list[Any]:
        return [self.saved(image) for image in super().images(call, items)]

    def saved(self, image: bytes) -> bytes:
        out = io.BytesIO()
        Image.open(io.BytesIO(image)).convert("RGB").save(out, "JPEG")
        return out.getvalue()


@bug("The same prompt gets the images of last time; no second call is made.", "success.nothing-cached")
class CachesByPrompt(Client):
    def __init__(self, base_url: str, api_key: str, timeout: float) -> None:
        super().__init__(base_url, api_key, timeout)
        self.cache: dict[str, dict[str, Any]] = {}

    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        prompt = request["prompt"]
        if prompt not in self.cache:
            self.cache[prompt] = super().__call__(request)
        return self.cache[prompt]


@bug("The query is taken off the image URL, and with it the signature: access denied.", "download.as-given",
     seen_in="https://github.com/MiniMax-AI/MiniMax-MCP/issues/14")  # fmt: skip
class StripsQuery(Client):
    def url(self, url: str) -> str:
        return url.split("?", maxsplit=1)[0]


@bug("The image URL is quoted once more before it is fetched: %252F, and another signature.", "download.as-given")
class QuotesUrl(Client):
    def url(self, url: str) -> str:
        return quote(url, safe=":/?&=")
