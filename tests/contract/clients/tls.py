"""Trust in certificate authorities, read once: that takes longer than to draw an image."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def tls() -> ssl.SSLContext:
    """For every client of this process."""
    return httpx.create_ssl_context()
