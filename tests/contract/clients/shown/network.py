"""Where the bugs of the network, of downloads and of several calls show."""

from __future__ import annotations

from mock_server import inspect
from tests.contract.clients.bench import ASK, Seen, Situation
from tests.contract.clients.shown import Shown
from tests.contract.clients.smoke import DOWNLOADS

GENERATE = {"when": {"endpoint": "generate"}}
DOWNLOAD = {"when": {"endpoint": "download"}}
CATS = [ASK | {"prompt": f"cat number {number}", "n": 2} for number in range(4)]


def _download(kind: str, **parameters: object) -> Situation:
    return Situation(faults=[(kind, parameters | DOWNLOAD)])


def _mixed(seen: Seen) -> bool:
    prompts = [{inspect(image).prompt for image in seen.images(call)} for call in range(len(CATS))]
    return prompts != [{cat["prompt"]} for cat in CATS]


def _begins_with(seen: Seen, *beginnings: bytes) -> bool:
    return bool(seen.images()) and seen.images()[0].startswith(beginnings)


NETWORK = {
    "no-timeout": Shown(
        Situation(faults=[("delay", {"seconds": 1.2} | GENERATE)], timeout=0.3), lambda seen: seen.images()
    ),
    "timeout-between-bytes": Shown(
        Situation(faults=[("slow_body", {"bytes_per_second": 200} | GENERATE)], timeout=0.8), lambda seen: seen.images()
    ),
    "unusable-after-error": Shown(
        Situation([ASK, ASK], [("reset", {"times": 1} | GENERATE)]), lambda seen: len(seen.posts) == 1 and seen.error
    ),
    "cut-body-is-image": Shown(_download("cut_body"), lambda seen: _begins_with(seen, b"\xff\xd8")),
    "network-error-is-success": Shown(
        Situation(faults=[("hang_up", GENERATE)]), lambda seen: seen.answers == [{"images": [], "failed": 0}]
    ),
}
DOWNLOADED = {
    "forwards-authorization": Shown(
        Situation(), lambda seen: "key-sent-to-image-host" in seen.findings and seen.gets[0]["status"] == 400, DOWNLOADS
    ),
    "writes-error-xml": Shown(_download("expired_url"), lambda seen: _begins_with(seen, b"<?xml", b"<Error")),
    "writes-html": Shown(_download("not_an_image"), lambda seen: _begins_with(seen, b"<!DOCTYPE")),
    "takes-damaged": Shown(_download("truncate_image"), lambda seen: _begins_with(seen, b"\xff\xd8")),
    "takes-wrong-size": Shown(_download("wrong_size"), lambda seen: _begins_with(seen, b"\xff\xd8")),
    "skips-failed-downloads": Shown(
        Situation([ASK | {"n": 3}], [("expired_url", {"times": 1})]),
        lambda seen: (seen.indices(), seen.failed()) == ([1, 2], 0),
    ),
    "key-in-image-url": Shown(Situation(), lambda seen: "api_key=" in seen.gets[0]["path"], DOWNLOADS),
}
SEVERAL = {
    "mixes-concurrent-calls": Shown(Situation(CATS, [("delay", {"seconds": 0.3} | GENERATE)], together=True), _mixed),
    "keeps-fields-of-last-call": Shown(
        Situation([ASK | {"seed": 7}, ASK]), lambda seen: seen.bodies[1] == ASK | {"seed": 7}
    ),
    "leaks-sockets": Shown(
        Situation([ASK | {"response_format": "base64"}] * 3),
        lambda seen: seen.open_sockets == 3,
    ),
    "adds-up-failures": Shown(
        Situation([ASK | {"n": 2}] * 2, [("partial", {"failed": 1})]), lambda seen: seen.failed() == 2
    ),
}
SHOWN = NETWORK | DOWNLOADED | SEVERAL
