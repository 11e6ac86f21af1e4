"""What the environment of a program needs so that it reaches the emulator: one table, and a few hooks."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept.trust import JAVA, java_options

KEY = "sk-api-local-run"
MARK = "MINIMAX_MOCK_SET"
"""Names the variables that we set, so that a later `env` or a `run` inside a `run` knows them from the user's own."""
HOOKS = Path(__file__).parent
PYTHON_HOOK, NODE_HOOK = HOOKS / "python_hook", HOOKS / "node_hook" / "preload.cjs"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
NO_PROXY = ("NO_PROXY", "no_proxy")
"""Both spellings: programs differ in which they read, and in which counts."""
LOCAL = ("localhost", "127.0.0.1", "::1")


class ClientSetting(Struct, frozen=True):
    """A documented setting of known clients: what it is where they are redirected, and what at the real host names.

    ``{url}`` stands for the emulator, ``{key}`` for an API key. An empty value: the variable is not needed there.
    """

    name: str
    local: str
    live: str
    clients: str


CLIENT_SETTINGS = (
    ClientSetting("MINIMAX_API_KEY", "{key}", "{key}", "MiniMax's own examples, minimax-mcp, LiteLLM and most others"),
    ClientSetting("MINIMAX_API_HOST", "{url}", "https://api.minimax.io", "minimax-mcp, minimax-mcp-js"),
    ClientSetting("MINIMAX_BASE_URL", "{url}", "", "mmx-cli and many scripts"),
    ClientSetting("MINIMAX_API_BASE", "{url}/v1", "", "LiteLLM"),
    ClientSetting("OPENAI_API_KEY", "{key}", "{key}", "openai for Python and JavaScript, and what is built on them"),
    ClientSetting("OPENAI_BASE_URL", "{url}/openai/v1", "https://api.aigateway.sh/v1", "the same"),
    ClientSetting("OPENAI_API_BASE", "{url}/openai/v1", "https://api.aigateway.sh/v1", "LangChain, openai < 1"),
    ClientSetting("AIGATEWAY_API_KEY", "{key}", "{key}", "AIgateway's examples"),
    ClientSetting("FAL_KEY", "{key}", "{key}", "fal-client, @fal-ai/client"),
)


def through_hooks(environment: Mapping[str, str], url: str, *, verbose: bool = False) -> dict[str, str]:
    """What to set so that known clients call `url`, and Python and Node programs are redirected to it."""
    return _marked(_client_settings(environment, url), _hooks(environment, url, verbose=verbose), url)


def through_proxy(
    environment: Mapping[str, str], url: str, proxy: str, trust: Mapping[str, str], *, verbose: bool = False
) -> dict[str, str]:
    """What to set so that programs use `proxy` for all but this machine.

    The hooks are for those that know no proxy (Node before version 24), or not unless told to (aiohttp).
    """
    kept = [name for name in _no_proxy(environment) if not _covers_live_host(name)]
    names = ",".join(dict.fromkeys([*LOCAL, *kept]))
    more = {
        **_hooks(environment, url, verbose=verbose),
        **{name: proxy for upper in PROXIES for name in (upper, upper.lower())},
        **dict.fromkeys(NO_PROXY, names),
        "NODE_USE_ENV_PROXY": "1",
        "MINIMAX_MOCK_REDIRECT_PROXY": proxy.partition("://")[2],
        **trust,
        JAVA: java_options(trust, _java_proxy(proxy)),
    }
    return _marked(_client_settings(environment), more, url)


def _java_proxy(proxy: str) -> dict[str, str]:
    """Java's system properties for a proxy, which it does not take from the environment."""
    parts = urlsplit(proxy)
    where = {"proxyHost": str(parts.hostname), "proxyPort": str(parts.port)}
    both = {f"{scheme}.{name}": value for scheme in ("http", "https") for name, value in where.items()}
    return both | {"http.nonProxyHosts": "|".join(LOCAL)}


def through_names(environment: Mapping[str, str], url: str, trust: Mapping[str, str]) -> dict[str, str]:
    """What to set where the names of the service themselves lead to the emulator, as in the sandbox."""
    return _marked(_client_settings(environment), trust, url)


def _marked(settings: Mapping[str, str], others: Mapping[str, str], url: str) -> dict[str, str]:
    return {**settings, **others, "MINIMAX_MOCK_URL": url, MARK: ",".join(settings)}


def credentials(key: str) -> dict[str, str]:
    """The settings that hold an API key, with `key` in each."""
    return {item.name: key for item in CLIENT_SETTINGS if item.local == "{key}"}


def _client_settings(environment: Mapping[str, str], url: str = "") -> dict[str, str]:
    """Each setting that the user has none of: local ones when there is a URL, those of the real hosts otherwise."""
    ours = set(environment.get(MARK, "").split(","))
    wanted = {item.name: (item.local if url else item.live).format(url=url, key=KEY) for item in CLIENT_SETTINGS}
    return {name: value for name, value in wanted.items() if value and (not environment.get(name) or name in ours)}


def _hooks(environment: Mapping[str, str], url: str, *, verbose: bool) -> dict[str, str]:
    """The start-up hooks, put before what the user has of the kind."""
    folders = [str(PYTHON_HOOK), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    option = f'--require "{NODE_HOOK.as_posix()}"'
    others = environment.get("NODE_OPTIONS", "").replace(option, "").strip()
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    hooks = {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(filter(None, folders))),
        "NODE_OPTIONS": f"{others} {option}".strip(),
        "MINIMAX_MOCK_REDIRECT": f"{parts.hostname}:{port}",
        "MINIMAX_MOCK_REDIRECT_HOSTS": ",".join(LIVE_HOSTS),
    }
    if verbose:
        hooks["MINIMAX_MOCK_REDIRECT_VERBOSE"] = "1"
    if any(environment.get(name) for upper in PROXIES for name in (upper, upper.lower())):
        names = ",".join(dict.fromkeys([*_no_proxy(environment), *LOCAL, *LIVE_HOSTS]))
        hooks |= dict.fromkeys(NO_PROXY, names)
    return hooks


def _no_proxy(environment: Mapping[str, str]) -> list[str]:
    text = ",".join(filter(None, [environment.get("no_proxy", ""), environment.get("NO_PROXY", "")]))
    return list(dict.fromkeys(filter(None, re.split(r"[,\s]+", text))))


def _covers_live_host(name: str) -> bool:
    suffix = name.lstrip("*").lstrip(".").partition(":")[0].lower()
    return any(host == suffix or host.endswith(f".{suffix}") for host in LIVE_HOSTS) if suffix else True
