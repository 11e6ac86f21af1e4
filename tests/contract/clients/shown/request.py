"""Where the bugs of requests show."""

from __future__ import annotations

from mock_server import inspect
from tests.contract.clients.bench import ASK, Situation
from tests.contract.clients.shown import Shown
from tests.contract.clients.smoke import EVERYWHERE, SUCCESSES

FACE = {"type": "character", "image_file": "https://cdn.example.com/face.jpg"}
LARGE = 2**53 + 1


def _asked(**fields: object) -> Situation:
    return Situation([ASK | fields])


SHOWN = {
    "drops-unknown-ratio": Shown(
        _asked(aspect_ratio="21:9"), lambda seen: "aspect_ratio" not in seen.bodies[0] and seen.images()
    ),
    "clamps-n": Shown(_asked(n=6), lambda seen: len(seen.images()) == 4 and seen.failed() == 0),
    "clamps-prompt": Shown(_asked(prompt="x" * 1600), lambda seen: len(seen.images()) == 1),
    "sends-n-as-text": Shown(_asked(n=2), lambda seen: seen.bodies[0]["n"] == "2", SUCCESSES),
    "num-images-for-n": Shown(_asked(n=2), lambda seen: seen.bodies[0] == ASK | {"num_images": 2}, SUCCESSES),
    "subject-reference-as-text": Shown(
        _asked(subject_reference=[FACE]), lambda seen: isinstance(seen.bodies[0]["subject_reference"], str)
    ),
    "image-url-for-image-file": Shown(
        _asked(subject_reference=[FACE]), lambda seen: "image_url" in seen.bodies[0]["subject_reference"][0]
    ),
    "adds-prompt-optimizer": Shown(
        Situation(), lambda seen: seen.bodies[0] == {"prompt_optimizer": True} | ASK, EVERYWHERE
    ),
    "normalises-prompt": Shown(_asked(prompt="cafe\u0301"), lambda seen: seen.bodies[0]["prompt"] == "caf\u00e9"),
    "drops-emoji": Shown(_asked(prompt="a cat \U0001f408"), lambda seen: seen.bodies[0]["prompt"] == "a cat "),
    "key-in-query": Shown(Situation(), lambda seen: "key-in-url" in seen.findings, EVERYWHERE),
    "key-in-body": Shown(Situation(), lambda seen: "key-in-body" in seen.findings, EVERYWHERE),
    "no-bearer": Shown(Situation(), lambda seen: seen.told[0].get("code") == 1004, EVERYWHERE),
    "sends-text-plain": Shown(Situation(), lambda seen: "wrong-shape" in seen.findings, EVERYWHERE),
    "asks-for-b64-json": Shown(
        _asked(response_format="base64"), lambda seen: seen.posts[0]["status_code"] == 2013, frozenset({"base64"})
    ),
    "seed-of-its-own": Shown(_asked(seed=7), lambda seen: [inspect(it).seed for it in seen.images()] != [7]),
    "seed-through-double": Shown(_asked(seed=LARGE), lambda seen: seen.bodies[0]["seed"] == LARGE - 1),
    "drops-seed-zero": Shown(_asked(seed=0), lambda seen: "seed" not in seen.bodies[0]),
    "drops-size": Shown(
        _asked(width=512, height=768), lambda seen: [inspect(it).width for it in seen.images()] == [1024]
    ),
    "drops-lone-width": Shown(_asked(width=512), lambda seen: len(seen.images()) == 1),
    "ratio-and-size": Shown(
        _asked(width=512, height=768), lambda seen: [inspect(it).width for it in seen.images()] == [1024]
    ),
    "always-image01": Shown(_asked(model="image-01-live"), lambda seen: seen.bodies[0]["model"] == "image-01"),
    "drops-style": Shown(
        _asked(model="image-01-live", style={"style_type": "漫画", "style_weight": 0.5}),
        lambda seen: "style" not in seen.bodies[0],
    ),
    "drops-watermark": Shown(_asked(aigc_watermark=True), lambda seen: "aigc_watermark" not in seen.bodies[0]),
}
