"""Pictures: a deterministic JPEG for every request, and its facts read back. Pillow is imported on first use."""

from __future__ import annotations

from mock_server.render.facts import ImageFacts, NotOurImageError, ReferenceFacts, inspect
from mock_server.render.renderer import Renderer, render_plain
from mock_server.render.thumbnail import Thumbnail, UnreadableImageError, thumbnail

__all__ = [
    "ImageFacts",
    "NotOurImageError",
    "ReferenceFacts",
    "Renderer",
    "Thumbnail",
    "UnreadableImageError",
    "inspect",
    "render_plain",
    "thumbnail",
]
