"""Files that clients upload: whose they are, and where they will be found."""

from __future__ import annotations

from hashlib import blake2b

from mock_server import ids
from mock_server.account import Account
from mock_server.dispatch import Engine
from mock_server.faces.origin import own_url
from mock_server.faces.turn import Turn
from mock_server.uploads import WHOLE, Upload, file_name, stem_of


def cdn_token(account: Account) -> str:
    """The token by which this account uploads to the CDN."""
    return blake2b(b"cdn" + account.draw_key, digest_size=24).hexdigest()


def owner_of(engine: Engine, token: str | None) -> Account | None:
    """Whose token that is."""
    return next((account for account in engine.state.accounts() if token and cdn_token(account) == token), None)


def new_stem(turn: Turn, account: Account) -> str:
    """The stem of a new file's name."""
    mark = ids.fingerprint(account.draw_key, b"upload" + turn.scope["path"].encode() + turn.body[:1024])
    return stem_of(ids.draw(mark, turn.engine.state.ordinal(account, mark)))


def keep(turn: Turn, account: Account, name: str, data: bytes | None, kind: str) -> str:
    """Keep a file, or the place of one to come; its URL."""
    stem = new_stem(turn, account)
    name = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)[-100:] or "file"
    turn.engine.state.uploads.keep(stem, Upload(account.name, name, data, kind))
    return f"{own_url(turn, '/fal/cdn')}/{file_name(stem, WHOLE, name)}"


def content_type(turn: Turn) -> str:
    """The media type that the client gives."""
    return turn.headers.get(b"content-type", b"application/octet-stream").decode("latin-1")
