"""The redirection for the running process, and the guard that no live host is reached, as tests have them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from mock_server.core.hosts import LIVE_HOSTS
from mock_server.intercept.environment import credentials, through_hooks
from mock_server.intercept.python_hook.minimax_mock_libraries import LIBRARIES
from mock_server.intercept.python_hook.minimax_mock_redirect import Redirection


@contextmanager
def redirected(url: str, api_key: str) -> Iterator[None]:
    """Send what this process, and the Python and Node programs that it starts, mean for the live service to `url`.

    The settings of known clients are as `minimax-mock run` has them, with `api_key` also where there was another key.
    """
    parts = urlsplit(url)
    redirection = Redirection(LIVE_HOSTS, (str(parts.hostname), parts.port or 80), LIBRARIES)
    changes = through_hooks(os.environ, url) | credentials(api_key)
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    redirection.install()
    try:
        yield
    finally:
        redirection.uninstall()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def guarded(reached: list[str]) -> Iterator[None]:
    """Refuse to look up live hosts, and note each that somebody tried to reach."""
    guard = Redirection(LIVE_HOSTS, refused=reached.append)
    guard.install()
    try:
        yield
    finally:
        guard.uninstall()
