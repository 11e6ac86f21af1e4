"""Everything under ``/openai/``: who answers it. Nothing there is answered in another shape than the gateway's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qs

from mock_server.core.credentials import bearer
from mock_server.core.ledger import MICRO
from mock_server.core.reasons import Refusal, refuse
from mock_server.dispatch import Arrival
from mock_server.faces.endpoint import Face, generate
from mock_server.faces.inquiry import inquire
from mock_server.faces.openai import answers, catalogue, errors, forms, media, translate
from mock_server.faces.openai.schema import Balance, ModelCard, ModelList
from mock_server.faces.turn import Turn
from mock_server.response import Response

log = logging.getLogger("minimax_mock")

PREFIX = "/openai"
MODELS, BALANCE = "/v1/models", "/v1/balance"


def token(headers: dict[bytes, bytes]) -> str | None:
    """The API key of a call."""
    return bearer(headers.get(b"authorization"))


FACE = Face("openai", token, translate.parse_generation, answers.respond, media.links)
EDITS = Face("openai", token, translate.parse_edit, answers.respond, media.links)
POSTED = {"/v1/images/generations": FACE, "/v1/images/edits": EDITS}


async def answer(turn: Turn, path: str) -> None:
    """Answer any request under the prefix; `path` begins with it."""
    turn.too_large = partial(answers.refused, turn, errors.TOO_LARGE, {})
    try:
        await _answer(turn, path.removeprefix(PREFIX))
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("an error of minimax-mock itself, answering %s", path)
        if turn.response is None:
            await turn.send(answers.refused(turn, errors.CRASHED, {}))


async def _answer(turn: Turn, path: str) -> None:
    method = turn.scope["method"]
    if path.startswith("/media/"):
        await _get(turn, path, partial(media.answer, turn, path.removeprefix("/media")))
    elif path in POSTED:
        if method != "POST":
            await _wrong_method(turn, path, "POST")
            return
        if forms.is_form(turn.headers):
            turn.journalled = partial(forms.without_files, headers=turn.headers)
        await generate(POSTED[path], turn)
    elif path == BALANCE:
        await _get(turn, path, partial(inquire, FACE, turn, "balance", _balance))
    elif path == MODELS or path.startswith(MODELS + "/"):
        models = partial(_models, turn, path[len(MODELS) + 1 :])
        await _get(turn, path, partial(inquire, FACE, turn, "models", models))
    elif await turn.read():
        await turn.send(answers.refused(turn, errors.NO_ENDPOINT, {"method": method, "path": path}))


async def _get(turn: Turn, path: str, answered: Callable[[], Awaitable[None]]) -> None:
    if turn.scope["method"] in {"GET", "HEAD"}:
        await answered()
    else:
        await _wrong_method(turn, path, "GET")


async def _wrong_method(turn: Turn, path: str, allowed: str) -> None:
    if await turn.read():
        values = {"path": path, "allowed": allowed, "method": turn.scope["method"]}
        more = f"allow: {allowed}\r\n".encode()
        await turn.send(answers.refused(turn, errors.WRONG_METHOD, values, more))


def _balance(arrival: Arrival) -> Response:
    account = arrival.account
    micro = account.ledger.balance if account is not None else 0
    return answers.listed(arrival, Balance("balance", "usd", micro / MICRO, micro / MICRO * 100))


def _models(turn: Turn, wanted: str, arrival: Arrival) -> Response | Refusal:
    """The list, one model of it, or its schema; an id holds a slash."""
    if not wanted:
        return answers.listed(arrival, ModelList("list", _selected(turn.scope["query_string"])))
    name = wanted.removesuffix("/schema")
    offer = catalogue.listed(name)
    if offer is None:
        return refuse("invalid_params", "unknown_model", model=name)
    if name == wanted:
        return answers.listed(arrival, _card(offer))
    from mock_server.faces.openai.contract import model_schema

    return answers.listed(arrival, model_schema(offer.id))


def _selected(query: bytes) -> list[ModelCard]:
    """The models of the list that ``?modality=`` and ``?provider=`` leave."""
    asked = parse_qs(query.decode("latin-1"))
    cards = [_card(offer) for offer in catalogue.OFFERS]
    return [
        card
        for card in cards
        if card.modality in asked.get("modality", [card.modality])
        and card.owned_by.lower() in [name.lower() for name in asked.get("provider", [card.owned_by])]
    ]


def _card(offer: catalogue.Offer) -> ModelCard:
    return ModelCard(offer.id, "model", catalogue.CREATED, catalogue.OWNER, "image")
