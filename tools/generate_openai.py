"""Write docs/openai.md from the tables of the OpenAI-compatible face."""

from __future__ import annotations

from pathlib import Path

from mock_server.core.reasons import REASONS
from mock_server.faces.openai.catalogue import OFFERS
from mock_server.faces.openai.errors import (
    ALL_BLOCKED,
    CRASHED,
    NO_ENDPOINT,
    NO_MODEL,
    PAGE,
    RULES,
    SPELLINGS,
    TOO_LARGE,
    WRONG_METHOD,
)
from mock_server.faces.openai.sizes import TABLE
from mock_server.faces.openai.translate import NEUTRAL
from tools.generate_reference import switch_table, table

TARGET = Path(__file__).parent.parent / "docs" / "openai.md"
INTRODUCTION = """\
# The OpenAI-compatible face

MiniMax's image model behind a gateway that speaks OpenAI's images API, as [AIgateway](https://aigateway.sh) does:
an unmodified OpenAI SDK works. Made by `make docs` from the tables that the program uses; a test keeps it current.

```python
from openai import OpenAI

client = OpenAI(base_url="http://127.0.0.1:8484/openai/v1", api_key="sk-aig-anything")
answer = client.images.generate(
    model="minimax/minimax-image-01-subject-reference",
    prompt="a cyberpunk cat at sunset",
    size="1024x1024",
)
print(answer.data[0].url)
```

Or set `OPENAI_BASE_URL=http://127.0.0.1:8484/openai/v1` and `OPENAI_API_KEY`. In Python tests
`account.base_url("openai")` is that address. `/v1/images/...` and `/v1/models` also work without `/openai`, except
on a Host of MiniMax, where there is nothing, as live; with `Host: api.aigateway.sh` everything is where the gateway
has it.

Accounts, balance, limits, clock, seed, faults, scenarios, magic keys and prompts, journal and verdict are those of
the [native face](../README.md): `sk-aig-mock-1002x2` is refused twice, a rule with `"when": {"face": "openai"}`
acts here only. An image costs one cent here. `minimax-mock check ADAPTER --face openai` runs the [contract
tests](contract-tests.md).

What is known of the live gateway is little: the page of the model, its OpenAPI document (which has no schema for
images) and its first-party SDKs. Everything else is *assumed*, or a switch of the [profile](reference.md#profiles)."""
MODELS_TEXT = """\
{models}; without `minimax/` too; `image-01` and `image-01-live`; `auto`, `auto/image` and none at all stand for the
second.

A subject image is `image_url`, `image` (text or a list) or MiniMax's `subject_reference`, one of them; without one
the answer is a plain picture (profile `gateway-strict`: refused).

`seed`, `aspect_ratio`, `prompt_optimizer`, `aigc_watermark` and `style` (as an object) are MiniMax's, and go
through an SDK as extra fields. `n` is 1 to 9."""
OPTIONS_TEXT = """\
`stream: true` is always refused. These are refused unless they ask for what is done anyway; the profile
`gateway-options-ignored` ignores them. `user`, `safety_identifier` and `moderation` change nothing."""
ANSWERS = """\
- `200 {"created": ..., "data": [{"url": ...}]}` or `b64_json`. Blocked images are missing from `data`.
- Image URLs are those of the gateway's media host, `/openai/media/img/<id>.png`: unsigned, and they do not expire
  (unless the fault `expired_url` says so). The gateway's example ends with `.png`, while MiniMax makes JPEG: JPEG
  is what is served, as `image/jpeg`. `gateway-jpg` names them `.jpg`.
- Headers: `x-request-id` on every answer (on one of something in between, such as the fault `http_status`, there is
  none), `X-Cost-Cents` on success (documented for chat, assumed here), `Retry-After` with 429: until the rate
  window has room, one second after an injected 429. `x-minimax-mock-size` is the emulator's own and says what was
  made of `size`.
- The body of a form is kept in the journal with the digest and the size of each file in its place. Draws do not
  depend on the form's boundary, so that the same edit gives the same images in the next run."""
SIZES = """\
`aspect_ratio`, given as an extra field, wins. Then this table (that of new-api), then the exact ratio, then the
nearest of the eight ratios; `auto` and nothing are 1:1. The profile `gateway-strict` refuses what would need the
nearest, `gateway-pixels` passes width and height on."""
ERRORS = """\
`{"error": {"message": ..., "type": ..., "code": ..., "param": ...}}`, for every path under the prefix and whatever
went wrong. *documented*: status, type and meaning are on the model's page; that this reason of MiniMax's ends there
is assumed. `code` is the HTTP status as an integer (profiles `gateway-code-text`, `gateway-code-upstream`).
OpenAI's SDKs try 429, 500 and 503 three times in all."""
OWN = {
    "unknown endpoint": NO_ENDPOINT,
    "unknown model": NO_MODEL,
    "wrong method": WRONG_METHOD,
    "body over 32 MiB": TOO_LARGE,
    "every image blocked": ALL_BLOCKED,
    "an error of the emulator": CRASHED,
}


def page() -> str:
    """The whole document."""
    endpoints = (
        ("POST /openai/v1/images/generations", "generate", "JSON, whatever the Content-Type says (assumed)"),
        ("POST /openai/v1/images/edits", "generate", "a form or JSON; needs `image`, or `image_url`"),
        ("GET /openai/v1/models", "models", "`?modality=`, `?provider=`"),
        ("GET /openai/v1/models/{id}", "models", "the id holds a slash, encoded or not"),
        ("GET /openai/v1/models/{id}/schema", "models", "JSON Schema of request and answer (form assumed)"),
        ("GET /openai/v1/balance", "balance", "form assumed"),
        ("GET /openai/media/img/{name}", "download", "ranges, ETag, HEAD"),
    )
    neutral = (
        (f"`{name}`", ", ".join(f"`{str(value).lower()}`" for value in values) or "none")
        for name, values in NEUTRAL.items()
    )
    parts = [
        INTRODUCTION,
        "## Endpoints",
        table(("request", "endpoint in rules and journal", ""), endpoints),
        "The OpenAPI document: `GET /_mock/contract/openai.json`.",
        "## Models",
        MODELS_TEXT.format(models=', '.join(f'`{offer.id}`' for offer in OFFERS)),
        "## Answers",
        ANSWERS,
        "## Sizes",
        SIZES,
        table(("size", "ratio"), ((f"`{size}`", ratio) for size, ratio in TABLE.items())),
        "## Options of OpenAI's that this model does not have",
        OPTIONS_TEXT,
        table(("option", "accepted values"), neutral),
        "## Errors",
        ERRORS,
        table(("code of MiniMax", "reason", "status", "type", "message", "grade"), (
            (reason.code, name, s.status, f"`{s.type}`", f"`{s.text.format(message=reason.message)}`", s.grade)
            for name, s in SPELLINGS.items() for reason in (REASONS[name],)
        )),
        table(("what", "status", "type", "message", "grade"), (
            (what, s.status, f"`{s.type}`", f"`{s.text}`", s.grade) for what, s in OWN.items()
        )),
        "Broken rules, as far as they have words of their own (all assumed):",
        table(("rule", "status", "`param`", "message"), (
            (name, rule.status, f"`{rule.param}`" if rule.param else "", f"`{rule.text}`")
            for name, rule in RULES.items()
        )),
        f"Source of what is documented: {PAGE}.",
        "## Open questions",
        switch_table("gateway_"),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"
