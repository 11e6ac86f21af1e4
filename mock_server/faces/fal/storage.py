"""``rest.fal.ai``: the CDN's tokens, uploads by URL, the keys of webhooks.

Sources: fal-client 1.0.3, @fal-ai/client 1.10.1.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from mock_server.account import Account
from mock_server.faces.fal.answers import problem, reply
from mock_server.faces.fal.files import cdn_token, keep
from mock_server.faces.fal.phases import authenticated, disturbed
from mock_server.faces.origin import own_url
from mock_server.faces.turn import Turn
from mock_server.response import Response

TOKEN_SECONDS = 3600
JWKS = ".well-known/jwks.json"


async def answer(turn: Turn, path: str) -> None:
    """Answer a call of the REST API."""
    if path == JWKS:
        await _keys(turn)
        return
    action = _ACTIONS.get((turn.scope["method"], path.rstrip("/")))
    if not await turn.read():
        return
    account = authenticated(turn, "upload")
    if isinstance(account, Response):
        await turn.send(account)
        return
    if action is None:
        known = any(known_path == path.rstrip("/") for _, known_path in _ACTIONS)
        await turn.send(problem(405, "Method Not Allowed") if known else problem(404, "Not Found"))
        return

    async def done() -> Response:
        return action(turn, account)

    await disturbed(turn, account, None, done)


async def _keys(turn: Turn) -> None:
    from mock_server.faces.fal.signing import jwks

    turn.face = "fal"
    if await turn.read():
        await turn.send(reply(200, jwks(turn.engine.settings.seed), (("cache-control", "max-age=86400"),)))


def _token(turn: Turn, account: Account) -> Response:
    expires = datetime.fromtimestamp(account.clock.now() + TOKEN_SECONDS, UTC).isoformat(timespec="seconds")
    content = {
        "token": cdn_token(account),
        "token_type": "Bearer",
        "base_url": own_url(turn, "/fal/cdn"),
        "expires_at": expires,
    }
    return reply(200, content)


def _initiate(turn: Turn, account: Account) -> Response:
    """A URL to put the file to, and the one that it will have."""
    try:
        asked: Any = msgspec.json.decode(turn.body)
        name, kind = str(asked.get("file_name") or "file"), str(asked.get("content_type") or "application/octet-stream")
    except (msgspec.DecodeError, AttributeError):
        return problem(422, 'Expected {"file_name", "content_type"}')
    url = keep(turn, account, name, None, kind)
    return reply(200, {"upload_url": url, "file_url": url})


_ACTIONS = {
    ("POST", "storage/auth/token"): _token,
    ("POST", "storage/upload/initiate"): _initiate,
    ("POST", "storage/upload/initiate-multipart"): _initiate,
}
