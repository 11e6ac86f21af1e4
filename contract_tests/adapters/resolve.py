"""From what a user writes to the adapter that is meant."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from re import fullmatch

from contract_tests.adapters.interface import Adapter, AdapterError
from mock_server.nearest import nearest

BUNDLED = {
    "reference": "contract_tests.adapters.reference:adapter",
    "requests-snippet": "contract_tests.adapters.requests_snippet:adapter",
    "minimax-mcp": "contract_tests.adapters.minimax_mcp:adapter",
    "openai": "contract_tests.adapters.openai_sdk:python",
    "openai-js": "contract_tests.adapters.openai_sdk:javascript",
    "fal-client": "contract_tests.adapters.fal_sdk:python",
    "fal-js": "contract_tests.adapters.fal_sdk:javascript",
}
"""The adapters that come along, and the function that makes each of its spec. Read when it is asked for."""

FORMS = {
    "stdio": "contract_tests.adapters.stdio:adapter",
    "exec": "contract_tests.adapters.exec:adapter",
}
_MODULE = "contract_tests.adapters.python:load"
_WRITTEN = ("module:factory", "path/to/file.py:factory", "stdio:COMMAND", "exec:COMMAND {prompt} {out_dir}")


def resolve(spec: str) -> Adapter:
    """The adapter that `spec` names. Raises `AdapterError` for one that does not exist, or cannot be used.

    `spec` is the name of a bundled adapter, ``module:factory``, ``path/to/file.py:factory``, ``stdio:COMMAND`` or
    ``exec:COMMAND {prompt} {out_dir} ...`` (docs/adapters.md). Close it when done: it may hold a process.
    """
    form, colon, _ = spec.partition(":")
    if not colon:
        if form not in BUNDLED:
            forms = ", ".join(map(repr, _WRITTEN))
            msg = f"unknown adapter {spec!r}; {nearest(spec, BUNDLED)}; or one of your own: {forms}"
            raise AdapterError(msg)
        return _maker(BUNDLED[form])(spec)
    if form in FORMS:
        return _maker(FORMS[form])(spec)
    if not fullmatch(r"[^ ]+:[A-Za-z_][\w.]*|.+\.py:[A-Za-z_][\w.]*", spec):
        msg = f"unknown adapter {spec!r}; {nearest(form, FORMS)} before the colon, or a module, and a factory behind it"
        raise AdapterError(msg)
    return _maker(_MODULE)(spec)


def _maker(where: str) -> Callable[[str], Adapter]:
    module, _, name = where.partition(":")
    made: Callable[[str], Adapter] = getattr(import_module(module), name)
    return made
