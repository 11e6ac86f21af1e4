"""Images that content safety kept back are not told, or too much is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.clients import answers
from tests.contract.clients.broken.bug import OBSERVED, bug
from tests.contract.clients.errors import ClientError
from tests.contract.clients.httpx_client import Call, Client


@bug("That every image was blocked is a success without images.", "blocked.all", seen_in=OBSERVED)
class AllBlockedIsSuccess(Client):
    def items(self, call: Call, said: Mapping[str, Any]) -> list[str]:
        try:
            return super().items(call, said)
        except ClientError as error:
            if error.category == "content":
                return []
            raise


@bug("n-1 of n images is told as plain success.", "blocked.told", seen_in=OBSERVED)
class HidesLoss(Client):
    def failed(self, call: Call, said: Mapping[str, Any], items: list[str]) -> int:
        return 0


@bug(
    "One blocked image makes the whole call an error; those that came, and were paid for, are thrown away.",
    "blocked.kept",
)
class DiscardsPartial(Client):
    def items(self, call: Call, said: Mapping[str, Any]) -> list[str]:
        items = super().items(call, said)
        if answers.missing(call.request, items):
            raise ClientError("content safety blocked an image", category="content")
        return items


@bug("When all are blocked and data is {} or absent, a KeyError escapes.", "blocked.all", seen_in=OBSERVED)
class KeyErrorOnEmptyData(Client):
    def items(self, call: Call, said: Mapping[str, Any]) -> list[str]:
        if isinstance(said.get("data", {}), dict):
            _ = said["data"][answers.key_of(call.request)]
        return super().items(call, said)


@bug("That all were blocked is taken for a passing failure, and generated again.", "retry.final-once")
class RetriesAllBlocked(Client):
    def attempt(self, call: Call) -> dict[str, Any]:
        said = super().attempt(call)
        try:
            self.items(call, said)
        except ClientError as error:
            error.retryable = error.category == "content"
            raise
        return said


@bug("Missing images are made up for with copies of the last one.", "blocked.kept")
class PadsWithCopies(Client):
    def images(self, call: Call, items: list[str]) -> list[Any]:
        images = super().images(call, items)
        return images + images[-1:] * answers.missing(call.request, items)

    def failed(self, call: Call, said: Mapping[str, Any], items: list[str]) -> int:
        return 0
