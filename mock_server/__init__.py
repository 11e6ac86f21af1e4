"""minimax-mock: a local emulator of the MiniMax image generation API.

``MockServer`` runs it inside a test, ``inspect`` tells which request an image belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.client import MockAccount, MockServer
    from mock_server.render import ImageFacts, NotOurImageError, inspect

__version__ = "0.1.0"
__all__ = ["ImageFacts", "MockAccount", "MockServer", "NotOurImageError", "__version__", "inspect"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: a server that starts needs none of it (https://peps.python.org/pep-0562/)."""
    if name in {"MockServer", "MockAccount"}:
        from mock_server import client

        return getattr(client, name)
    if name in {"inspect", "ImageFacts", "NotOurImageError"}:
        from mock_server import render

        return getattr(render, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
