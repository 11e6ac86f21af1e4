"""Every client of the corpus by name, with the adapter that drives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from tests.contract.clients.broken import blocked, download, errors, load, network, request, retry, success

PROPERTIES = ("request", "success", "blocked", "errors", "retry", "network", "download", "load", "machine")
_OPTIONS = "--prompt {prompt} --n {n} --aspect-ratio {aspect_ratio} --timeout {timeout} --out {out_dir}"
_PACKAGE = __package__ or "tests.contract.clients"
_MODULES = (request, success, blocked, errors, retry, network, download, load)


@dataclass(frozen=True, slots=True)
class Broken:
    """A client with one bug, and the checks that must each find it. ``level`` SHOULD: it breaks no MUST."""

    adapter: str
    bug: str
    caught_by: tuple[str, ...]
    seen_in: str = ""
    level: str = "MUST"


@dataclass(frozen=True, slots=True)
class Correct:
    """A client without a bug. ``without`` names what it leaves to others: no MUST may demand it.

    ``retries`` (surfaces what may pass), ``description`` (has no `describe`), ``damage`` and ``size`` (hands images on
    undecoded), ``downloads`` (returns URLs), ``count`` (cannot say how many are missing but by handing on fewer).
    """

    adapter: str
    idiom: str
    without: tuple[str, ...] = ()
    needs: str = ""


def property_of(check: str) -> str:
    """The property that a check belongs to."""
    return check.partition(".")[0]


def _path(name: str) -> str:
    return quote(str(Path(__file__).with_name(name)))


def _name_of(kind: type) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kind.__name__).lower()


BROKEN: dict[str, Broken] = {
    _name_of(kind): Broken(f"{module.__name__}:{kind.__name__}", *vars(kind)["bug"])
    for module in _MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and "bug" in vars(kind)
}

CORRECT: dict[str, Correct] = {
    "httpx": Correct(f"{_PACKAGE}.httpx_client:Client", "synchronous httpx, retries with growing pauses (time.sleep)"),
    "httpx-once": Correct(f"{_PACKAGE}.httpx_client:Once", "the same without retries", ("retries",)),
    "asyncio": Correct(f"{_PACKAGE}.asyncio_client:client", "asyncio and httpx, downloads side by side", ("retries",)),
    "urllib": Correct(f"{_PACKAGE}.urllib_client:client", "the standard library alone", ("retries",)),
    "requests": Correct(f"{_PACKAGE}.requests_client:client", "requests", ("retries",)),
    "urls-only": Correct(f"{_PACKAGE}.httpx_client:UrlsOnly", "leaves downloading to its user; has no response_format",
                         ("retries", "downloads", "damage", "size")),
    "base64-only": Correct(f"{_PACKAGE}.httpx_client:Base64Only", "asks for base64 always; has no response_format",
                           ("retries",)),
    "minimal": Correct(f"{_PACKAGE}.minimal_client:client", "the least: an httpx error reaches the user as it is",
                       ("retries", "description", "damage", "size")),
    "node": Correct(f"stdio:node {_path('node_client.mjs')}", "Node 20 and fetch, over stdio",
                    ("retries", "damage", "size"), "node"),
    "curl": Correct(f"exec:sh {_path('curl_client.sh')} {_OPTIONS}",
                    "sh, curl and jq, one process for each call",
                    ("retries", "description", "damage", "size", "count"), "curl jq"),
}  # fmt: skip
