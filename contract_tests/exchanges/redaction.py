"""What a recording must not tell, with placeholders in its place: the same value has the same one in a whole run."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from msgspec import UNSET, structs

from contract_tests.exchanges.comparison import leaves
from contract_tests.exchanges.format import Exchange
from contract_tests.exchanges.places import PLACEHOLDER, found
from contract_tests.targets.exchange import CREDENTIALS, SHORTEST_KEY

SECRET = {
    "key": "API keys",
    "cookie": "cookies",
    "access-key": "access key ids of the image store",
    "signature": "signatures of URLs",
    "token": "security tokens of URLs",
    "group": "group ids",
    "account": "account ids",
}
"""The kinds that are replaced, in words."""
HEADERS = {**dict.fromkeys(CREDENTIALS, "key"), "cookie": "cookie", "set-cookie": "cookie", "x-mm-request-id": "group"}
"""Headers whose value is replaced as a whole where nothing in it is known as a secret: rather too much than a key."""
_ACCOUNT = re.compile(r"(?i)(?:.*[_-])?(group|account|user|tenant|organization|org)[_-]?id")
"""Names of fields, headers and parameters that tell whose call it is."""


class Redactor:
    """The placeholders of one run. Which value is which is kept as a keyed digest; nobody can try values against it."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        """`keys` are replaced also where no header shows that they are keys."""
        self._hmac_key = secrets.token_bytes(32)
        self._names: dict[bytes, str] = {}
        self._numbers: Counter[str] = Counter()
        self._looked_for: dict[str, str] = {}
        self._told: set[str] = set()
        for key in keys:
            if len(key) >= SHORTEST_KEY:
                self._secret("key", key)

    def redacted(self, exchange: Exchange) -> Exchange:
        """An exchange without secrets; its ``redactions`` say what was replaced, and by what."""
        self._told = set()
        self._learn(exchange)
        request, response = exchange.request, exchange.response
        request = structs.replace(
            request,
            path=self._text("request.path", request.path),
            headers=self._headers("request", request.headers),
            body=self._value("request.body", request.body),
        )
        response = structs.replace(
            response,
            headers=self._headers("response", response.headers),
            body=self._value("response.body", response.body),
        )
        kinds = [kind for kind in SECRET if kind in self._told]
        notes = [f"{SECRET[kind]}: <{kind}:N>" for kind in kinds]
        if exchange.images:
            notes.append("images: <image:N>, described under images")
        return structs.replace(
            exchange, request=request, response=response, redactions=(*exchange.redactions, *notes)
        )  # fmt: skip

    def _learn(self, exchange: Exchange) -> None:
        """Know every secret of an exchange before the first is replaced: they occur in texts anywhere."""
        for path, text in leaves(exchange).items():
            for _, _, kind, value in self._secrets(path, text):
                self._secret(kind, value)

    def _secrets(self, path: str, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Where in the text of that path stands a secret."""
        spans = [(one.start, one.end, one.kind, one.value) for one in found(path, text) if one.kind in SECRET]
        name = re.sub(r"(?:\[\d+\])+\Z", "", path).rpartition(".")[2]
        if not spans and text:
            whole = HEADERS.get(name.lower()) if ".headers." in path else None
            whole = whole or ("account" if _ACCOUNT.fullmatch(name) else None)
            spans = [(0, len(text), whole, text)] if whole else []
        yield from sorted(spans)

    def _secret(self, kind: str, value: str) -> str:
        """The placeholder of a secret."""
        if PLACEHOLDER.fullmatch(value):
            return value
        value = unquote(value)  # in a URL and in a text it is the same value
        digest = hmac.digest(self._hmac_key, value.encode("utf-8", "surrogatepass"), "sha256")
        if digest not in self._names:
            self._numbers[kind] += 1
            self._names[digest] = f"<{kind}:{self._numbers[kind]}>"
        if len(value) >= SHORTEST_KEY:
            for spelled in {value, quote(value, safe=""), quote(value), json.dumps(value)[1:-1]}:
                self._looked_for[spelled] = self._names[digest]
        return self._names[digest]

    def _text(self, path: str, text: str) -> str:
        parts, at = [], 0
        for start, end, kind, value in self._secrets(path, text):
            if start >= at:
                self._told.add(kind)
                parts += [self._known(text[at:start]), self._secret(kind, value)]
                at = end
        return "".join([*parts, self._known(text[at:])])

    def _known(self, text: str) -> str:
        """A text without the secrets that were seen anywhere in the run."""
        for secret in sorted(self._looked_for, key=len, reverse=True):
            if secret in text:
                name = self._looked_for[secret]
                self._told.add(name[1:].partition(":")[0])
                text = text.replace(secret, name)
        return text

    def _headers(self, side: str, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((self._known(name), self._text(f"{side}.headers.{name.lower()}", text)) for name, text in headers)

    def _value(self, path: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._known(name): self._value(f"{path}.{name}", item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(f"{path}[{index}]", item) for index, item in enumerate(value)]
        if isinstance(value, str):
            return self._text(path, value)
        return self._number(path, value)

    def _number(self, path: str, value: Any) -> Any:
        """A number, unless it is an account's or holds one."""
        if value is UNSET or type(value) is not int:
            return value
        shown = self._text(path, str(value))
        return value if shown == str(value) else shown
