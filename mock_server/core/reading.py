"""All that can be said of a request body by itself: what it asks for, what is wrong with it, whether it is blocked."""

from __future__ import annotations

from msgspec import Struct

from mock_server.core.profile import Profile
from mock_server.core.reasons import Refusal
from mock_server.core.safety import Verdict, judge
from mock_server.core.types import ImageRequest
from mock_server.core.validate import validate


class Reading(Struct, frozen=True):
    """A body read under one profile. ``request`` is None if it could not be bound, ``refusal`` None if all is well."""

    request: ImageRequest | None
    refusal: Refusal | None
    verdict: Verdict
    fingerprint: bytes


Parsed = ImageRequest | Refusal | tuple[ImageRequest, Refusal]
"""What a face makes of a body: a request, why there is none, or a request that the face itself refuses."""


def read(parsed: Parsed, profile: Profile, fingerprint: bytes) -> Reading:
    """Check what a face parsed: binding first, then the model's limits, then content safety."""
    if isinstance(parsed, Refusal):
        return Reading(None, parsed, "pass", fingerprint)
    if isinstance(parsed, tuple):
        return Reading(parsed[0], parsed[1], "pass", fingerprint)
    problem = validate(parsed, profile)
    if problem is not None:
        return Reading(parsed, problem, "pass", fingerprint)
    return Reading(parsed, None, judge(parsed.prompt), fingerprint)
