"""All that can be said of a request body by itself: what it asks for, what is wrong with it, whether it is blocked."""

from __future__ import annotations

import msgspec
from msgspec import Struct, structs

from mock_server.core.profile import Profile
from mock_server.core.reasons import Refusal
from mock_server.core.safety import Verdict
from mock_server.core.types import ImageRequest
from mock_server.core.validate import size_of, validate


class Reading(Struct, frozen=True):
    """A body read under one profile. ``request`` is None if it could not be bound, ``refusal`` None if all is well."""

    request: ImageRequest | None
    refusal: Refusal | None
    verdict: Verdict
    fingerprint: bytes


Parsed = ImageRequest | Refusal | tuple[ImageRequest, Refusal]
"""What a face makes of a body: a request, why there is none, or a request that the face itself refuses."""


def read(parsed: Parsed, profile: Profile) -> tuple[ImageRequest | None, Refusal | None]:
    """Check what a face parsed: binding first, then the model's limits."""
    if isinstance(parsed, Refusal):
        return None, parsed
    if isinstance(parsed, tuple):
        return parsed
    return parsed, validate(parsed, profile)


def essence(request: ImageRequest) -> bytes:
    """What decides the pictures of a valid request: the same for every face and spelling that asks for them."""
    width, height = size_of(request)
    alike = structs.replace(request, aspect_ratio=None, width=width, height=height, response_format="")
    return msgspec.json.encode(alike)
