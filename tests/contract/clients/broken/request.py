"""Something else goes on the wire than what was asked for."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping
from typing import Any

from tests.contract.clients.broken.bug import OBSERVED, bug
from tests.contract.clients.httpx_client import Call, Client


@bug("An aspect ratio that it does not know is left out, and the caller gets a square.", "request.refused-is-told")
class DropsUnknownRatio(Client):
    known = ("1:1", "16:9", "4:3", "3:2", "2:3", "3:4", "9:16")  # 21:9 came later

    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in super().understood(request).items() if k != "aspect_ratio" or v in self.known}


@bug("More than four images are clamped to four without a word.", "request.as-asked", "success.every-count")
class ClampsN(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        return body | {"n": min(body["n"], 4)} if "n" in body else body


@bug("A prompt that is too long is cut, where the service would have refused it.", "request.long-prompt")
class ClampsPrompt(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        return body | {"prompt": body["prompt"][:1499]}


@bug("n is sent as a text, as it came from the command line.", "request.as-asked")
class SendsNAsText(Client):
    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        return body | {"n": str(body["n"])} if "n" in body else body


@bug("n is sent under another API's name, so that one image comes.", "request.as-asked", "success.every-count")
class NumImagesForN(Client):
    def body(self, call: Call) -> dict[str, Any]:
        return {"num_images" if k == "n" else k: v for k, v in super().body(call).items()}


@bug("subject_reference is sent as a text in place of a list of objects.", "request.reference", seen_in=OBSERVED)
class SubjectReferenceAsText(Client):
    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if "subject_reference" in body:
            body["subject_reference"] = body["subject_reference"][0]["image_file"]
        return body


@bug("A reference carries image_url where the service reads image_file.", "request.reference", seen_in=OBSERVED)
class ImageUrlForImageFile(Client):
    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if "subject_reference" in body:
            references = body["subject_reference"]
            body["subject_reference"] = [{"type": it["type"], "image_url": it["image_file"]} for it in references]
        return body


@bug("prompt_optimizer is switched on unasked, so that another prompt is drawn.", "request.as-asked",
     seen_in="https://pypi.org/project/minimax-mcp/0.0.19/")  # fmt: skip
class AddsPromptOptimizer(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {"prompt_optimizer": True} | super().understood(request)


@bug("The prompt is normalised to NFC: other characters than were given.", "request.unicode")
class NormalisesPrompt(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        return body | {"prompt": unicodedata.normalize("NFC", body["prompt"])}


@bug("Characters beyond the basic plane (emoji, rare ideographs) are dropped from the prompt.", "request.unicode")
class DropsEmoji(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        return body | {"prompt": "".join(c for c in body["prompt"] if ord(c) < 0x10000)}


@bug("The key is put into the query as well.", "request.key-nowhere-else")
class KeyInQuery(Client):
    def query(self) -> dict[str, str]:
        return {"api_key": self.api_key}


@bug("The key is put into the body as well.", "request.key-nowhere-else")
class KeyInBody(Client):
    def body(self, call: Call) -> dict[str, Any]:
        return super().body(call) | {"api_key": self.api_key}


@bug("The Authorization header has the bare key, without Bearer.", "request.headers", "success.every-count")
class NoBearer(Client):
    def headers(self) -> dict[str, str]:
        return super().headers() | {"Authorization": self.api_key}


@bug("JSON is sent as text/plain.", "request.headers")
class SendsTextPlain(Client):
    def headers(self) -> dict[str, str]:
        return super().headers() | {"Content-Type": "text/plain"}


@bug(
    "base64 is asked for by another API's name, b64_json, which the service refuses.",
    "request.as-asked",
    "success.base64",
)
class AsksForB64Json(Client):
    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        return body | {"response_format": "b64_json"} if body.get("response_format") == "base64" else body


@bug("A seed of its own is sent in place of the one that was asked for.", "request.as-asked", "success.seed")
class SeedOfItsOwn(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        return body | {"seed": random.randrange(2**31)} if "seed" in body else body


@bug("Seeds go through a floating-point number, and large ones come out as others.", "request.as-asked")
class SeedThroughDouble(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        return body | {"seed": int(float(body["seed"]))} if "seed" in body else body


@bug("Seed 0 is taken for no seed.", "success.seed")
class DropsSeedZero(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in super().understood(request).items() if k != "seed" or v}


@bug("width and height are not sent.", "request.as-asked")
class DropsSize(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in super().understood(request).items() if k not in {"width", "height"}}


@bug("A width without a height is dropped, where the service would have refused it.", "request.refused-is-told",
     seen_in="https://github.com/pbakaus/impeccable/pull/444")  # fmt: skip
class DropsLoneWidth(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        if ("width" in body) != ("height" in body):
            body = {k: v for k, v in body.items() if k not in {"width", "height"}}
        return body


@bug("A default aspect_ratio is sent along with width and height, and wins.", "request.refused-is-told")
class RatioAndSize(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        body = super().understood(request)
        return body | {"aspect_ratio": "1:1"} if "width" in body and "aspect_ratio" not in body else body


@bug("The model is a constant, whichever was asked for.", "request.as-asked")
class AlwaysImage01(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return super().understood(request) | {"model": "image-01"}


@bug("style is never sent.", "request.as-asked")
class DropsStyle(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in super().understood(request).items() if k != "style"}


@bug("The watermark that was asked for is left out.", "request.as-asked")
class DropsWatermark(Client):
    def understood(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in super().understood(request).items() if k != "aigc_watermark"}
