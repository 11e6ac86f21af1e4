"""An error is not seen, or not told as what it is."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from tests.contract.clients.answers import Reply
from tests.contract.clients.broken.bug import OBSERVED, bug
from tests.contract.clients.errors import ClientError
from tests.contract.clients.httpx_client import Call, Client


@bug("base_resp is ignored: a refusal becomes 'no images', and images that come with one are taken.",
     "errors.code-over-images", seen_in="https://github.com/QwenLM/qwen-code/pull/8322")  # fmt: skip
class IgnoresBaseResp(Client):
    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        super().check(reply, {**said, "base_resp": {"status_code": 0}} if "base_resp" in said else said)


@bug("A status code that is not in its list counts as success.", "errors.code-over-images")
class ListsCodes(Client):
    known = (1002, 1004, 1008, 1026, 1027, 2013, 2049)

    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        code = (said.get("base_resp") or {}).get("status_code")
        super().check(reply, said if code is None or code in self.known else {"base_resp": {"status_code": 0}})


@bug("Images are looked for before the status code, so that every refusal is 'no images' without code and message.",
     "errors.described", seen_in=OBSERVED)  # fmt: skip
class ImagesBeforeStatus(Client):
    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        if reply.status == 200 and "base_resp" in said and not said.get("data"):
            raise ClientError("the service returned no images", category="protocol")
        super().check(reply, said)


@bug(
    "Every error is swallowed into an empty list.",
    "errors.inside-200",
    "blocked.all",
    "network.broken",
    "download.refused",
)
class SwallowsErrors(Client):
    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return super().__call__(request)
        except ClientError:
            return {"images": [], "failed": 0}


@bug("data is read before the status, and one that is null ends in an AttributeError.", "errors.own",
     seen_in=OBSERVED)  # fmt: skip
class CrashesOnNullData(Client):
    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        said.get("data", {}).get("image_urls")
        super().check(reply, said)


@bug("The id is read first, and refusals of the gateway, which have none, end in a KeyError.", "errors.own")
class WantsAnId(Client):
    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        if "base_resp" in said:
            self.last_id = said["id"]
        super().check(reply, said)


@bug("A body that is no JSON ends in a JSONDecodeError.", "errors.unreadable-own", seen_in=OBSERVED, level="SHOULD")
class JsonTraceback(Client):
    def parse(self, reply: Reply) -> dict[str, Any]:
        json.loads(reply.content)
        return super().parse(reply)


@bug("A JSON body that is no object ends in an AttributeError.", "errors.unreadable-own", level="SHOULD")
class NotAnObjectTraceback(Client):
    def parse(self, reply: Reply) -> dict[str, Any]:
        super().parse(reply)
        try:
            said = json.loads(reply.content)
        except ValueError:
            return {}
        return dict(said.items())


class _Tells(Client):
    """Tells its user something else of what the service refused."""

    def check(self, reply: Reply, said: Mapping[str, Any]) -> None:
        try:
            super().check(reply, said)
        except ClientError as error:
            told = error if error.code is None else self.told(error)
        else:
            return
        raise told

    def told(self, error: ClientError) -> ClientError:
        """What becomes of a refusal."""
        raise NotImplementedError


@bug("The rate limit is told as a refusal of content.", "errors.described", seen_in=OBSERVED)
class RateLimitIsContent(_Tells):
    def told(self, error: ClientError) -> ClientError:
        error.category = "content" if error.code == 1002 else error.category
        return error


@bug("1004, 1008 and 2056 end in a generic error.", "errors.described", seen_in=OBSERVED)
class GenericErrors(_Tells):
    def told(self, error: ClientError) -> ClientError:
        return ClientError("image generation failed") if error.code in {1004, 1008, 2056} else error


@bug("Whatever the service refuses for is told as a server error.", "errors.described")
class EverythingIsServer(_Tells):
    def told(self, error: ClientError) -> ClientError:
        error.category = "server"
        return error


@bug("That the output was refused for its content falls to the server's errors.", "errors.described",
     seen_in="https://github.com/MiniMax-AI/cli/pull/256")  # fmt: skip
class OutputModerationIsServer(_Tells):
    def told(self, error: ClientError) -> ClientError:
        error.category = "server" if error.code == 1027 else error.category
        return error


@bug("The status code is lost on the way to the user.", "errors.described")
class LosesCode(_Tells):
    def told(self, error: ClientError) -> ClientError:
        return ClientError(error.message, category=error.category, retryable=error.retryable)


@bug("The service's message is lost on the way to the user.", "errors.described", level="SHOULD")
class LosesMessage(_Tells):
    def told(self, error: ClientError) -> ClientError:
        text = "image generation failed"
        return ClientError(text, category=error.category, code=error.code, retryable=error.retryable)


@bug("base64 is read leniently: what is none becomes bytes of rubbish.", "errors.bad-base64")
class LenientBase64(Client):
    def decode(self, call: Call, text: str) -> bytes:
        letters = re.sub("[^A-Za-z0-9+/]", "", text)
        strict = text.rstrip("=") == letters and len(text) % 4 == 0
        return super().decode(call, text) if strict else base64.b64decode(letters[: len(letters) // 4 * 4])
