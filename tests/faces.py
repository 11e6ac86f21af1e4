"""Each face as a speaker: how it asks for the same images, and how its answer is read."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import httpx
from msgspec import Struct

from mock_server.core.prices import PRICE_MICRO_USD

Wish = dict[str, Any]
"""What is asked for, in MiniMax's field names."""


class Speaker(Struct, frozen=True):
    """One face: the path of its generations behind its base URL, its body for a wish, the images of its answer."""

    face: str
    path: str
    scheme: str
    body: Callable[[Wish], dict[str, Any]]
    urls: Callable[[Any], list[str]]
    embedded: Callable[[Any], list[bytes]]

    @property
    def price(self) -> int:
        """Of one image, in millionths of a dollar."""
        return PRICE_MICRO_USD[self.face]["image-01"]

    def ask(self, http: httpx.Client, base_url: str, key: str, wish: Wish) -> httpx.Response:
        headers = {"Authorization": f"{self.scheme} {key}"}
        return http.post(base_url + self.path, json=self.body(wish), headers=headers)

    def images(self, http: httpx.Client, answer: httpx.Response, wish: Wish) -> list[bytes]:
        """The files of an answer; none for an error."""
        said = answer.json()
        if wish.get("response_format") == "base64":
            return self.embedded(said)
        return [http.get(url).content for url in self.urls(said)]


def _minimax_data(said: Any, name: str) -> list[str]:
    return list((said.get("data") or {}).get(name) or [])


def _gateway_body(wish: Wish) -> dict[str, Any]:
    wish = dict(wish)
    if "response_format" in wish:
        wish["response_format"] = {"base64": "b64_json"}.get(wish["response_format"], wish["response_format"])
    if "aspect_ratio" in wish:
        wish["size"] = _SIZES.get(wish["aspect_ratio"], "nonsense")
        del wish["aspect_ratio"]
    if "subject_reference" in wish:
        wish["image_url"] = wish.pop("subject_reference")[0]["image_file"]
    return wish


_SIZES = {"1:1": "1024x1024", "16:9": "1792x1024", "4:3": "800x600", "3:2": "1536x1024", "2:3": "1024x1536",
          "3:4": "864x1152", "9:16": "1024x1792", "21:9": "2100x900"}  # fmt: skip

SPEAKERS = (
    Speaker(
        face="minimax",
        path="/v1/image_generation",
        scheme="Bearer",
        body=dict,
        urls=lambda said: _minimax_data(said, "image_urls"),
        embedded=lambda said: [b64decode(text) for text in _minimax_data(said, "image_base64")],
    ),
    Speaker(
        face="openai",
        path="/images/generations",
        scheme="Bearer",
        body=_gateway_body,
        urls=lambda said: [item["url"] for item in said.get("data", [])],
        embedded=lambda said: [b64decode(item["b64_json"]) for item in said.get("data", [])],
    ),
)
