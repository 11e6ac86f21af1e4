"""Drives the fal-client of this interpreter: a call per line of standard input, what came of it per line of output.

A call: {"key", "do": method of the client, "args", "kwargs", "client"?: SyncClient or AsyncClient, "options"? for its
constructor, "constants"? of the library that have other values meanwhile, "watch"? true to note the updates}.
Results that are handles or statuses become objects, bytes come as {"base64": ...}.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fal_client
import fal_client.client as library


@contextmanager
def constants(values: dict[str, Any]) -> Iterator[None]:
    before = {name: getattr(library, name) for name in values}
    for name, value in values.items():
        setattr(library, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(library, name, value)


def plain(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(value["base64"])
    return value


def shown(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        return {"is": type(value).__name__} | {name: held for name, held in fields.items() if name != "client"}
    return value


def described(error: Exception) -> dict[str, Any]:
    response = getattr(error, "response", None)
    return {
        "is": [kind.__name__ for kind in type(error).__mro__],
        "text": str(error),
        "status": getattr(error, "status_code", getattr(response, "status_code", None)),
        "type": getattr(error, "error_type", None),
        "headers": dict(getattr(response, "headers", {})),
        "body": response.text if response is not None else None,
    }


async def awaited(client: Any, call: dict[str, Any], kwargs: dict[str, Any]) -> Any:
    found = getattr(client, call["do"])(*map(plain, call.get("args", [])), **kwargs)
    return [event async for event in found] if hasattr(found, "__aiter__") else await found


def done(call: dict[str, Any], updates: list[Any]) -> Any:
    kwargs = {name: plain(value) for name, value in call.get("kwargs", {}).items()}
    if call.get("watch"):
        kwargs["on_queue_update"] = lambda update: updates.append(shown(update))
    kind = call.get("client", "SyncClient")
    client = getattr(fal_client, kind)(key=call["key"], **call.get("options", {}))
    if kind == "AsyncClient":
        return asyncio.run(awaited(client, call, kwargs))
    found = getattr(client, call["do"])(*map(plain, call.get("args", [])), **kwargs)
    return list(found) if isinstance(found, Iterator) else found


def main() -> None:
    for line in sys.stdin:
        call, updates = json.loads(line), []
        try:
            with constants(call.get("constants", {})):
                answer = {"value": shown(done(call, updates)), "updates": updates}
        except Exception as error:  # noqa: BLE001  whatever it raises is what the test asks for
            answer = {"error": described(error), "updates": updates}
        print(json.dumps(answer), flush=True)


main()
