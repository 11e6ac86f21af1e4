"""Between this face's wire model and the core: requests in, answers out. Pure functions."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Raw, UnsetType

from mock_server.core import types
from mock_server.core.profile import Profile
from mock_server.core.reasons import Refusal, refuse
from mock_server.faces.minimax import errors
from mock_server.faces.minimax.binding import bind, unknown_field
from mock_server.faces.minimax.schema import (
    BaseResp,
    GatewayErrorBody,
    HandlerErrorBody,
    ImageData,
    ImageGenerationRequest,
    Metadata,
    SubjectReference,
    SuccessBody,
)

_encode = msgspec.json.Encoder().encode
_OK = BaseResp(0, "success")


def parse(body: bytes, headers: dict[bytes, bytes], profile: Profile) -> types.ImageRequest | Refusal:
    """The core request that `body` asks for, or why it cannot be bound."""
    bound = bind(body, headers.get(b"content-type", b""))
    if isinstance(bound, Refusal):
        return bound
    if profile.unknown_fields == "refused":
        field = unknown_field(body)
        if field is not None:
            return refuse("invalid_params", "unknown_field", field=field)
    return _request(bound)


def _request(wire: ImageGenerationRequest) -> types.ImageRequest:
    style = wire.style
    return types.ImageRequest(
        wire.model,
        wire.prompt,
        wire.aspect_ratio or None,
        wire.width,
        wire.height,
        1 if wire.n is None else wire.n,
        wire.seed,
        wire.response_format or "url",
        bool(wire.prompt_optimizer),
        bool(wire.aigc_watermark),
        None if style is None else types.Style(style.style_type, style.style_weight),
        _references(wire.subject_reference) if wire.subject_reference else (),
    )


def _references(wire: list[SubjectReference]) -> tuple[types.SubjectReference, ...]:
    return tuple(types.SubjectReference(item.type, item.image_file) for item in wire)


def success(trace: str, response_format: str, images: list[str] | list[Raw], failed: int, profile: Profile) -> bytes:
    """The body for `images` (URLs, or base64 as raw JSON strings) when `failed` more were blocked."""
    counts = _counts(failed, len(images), profile)
    data = _data(response_format, images, profile) if images else _all_blocked(response_format, profile)
    return _encode(SuccessBody(id=trace, data=data, metadata=counts, base_resp=_OK))


def _counts(failed: int, made: int, profile: Profile) -> Metadata:
    return Metadata(str(failed), str(made)) if profile.counts == "string" else Metadata(failed, made)


def _data(response_format: str, images: list[str] | list[Raw], profile: Profile) -> ImageData:
    other = UNSET if profile.other_image_key == "absent" else None
    if response_format == "base64":
        return ImageData(other, images)  # type: ignore[arg-type]
    return ImageData(images, other)  # type: ignore[arg-type]


def _all_blocked(response_format: str, profile: Profile) -> ImageData | UnsetType | None:
    if profile.all_blocked == "empty_list":
        return _data(response_format, [], profile)
    return {"empty_object": ImageData(), "null_data": None, "absent_data": UNSET}[profile.all_blocked]


def refusal(trace: str, refused: Refusal, profile: Profile) -> bytes:
    """The body for a refusal: the gateway's has ``base_resp`` alone, the handler's begins with ``id``."""
    status = BaseResp(refused.reason.code, errors.message(refused))
    if not reaches_handler(refused):
        return _encode(GatewayErrorBody(status))
    data = {"absent": UNSET, "null": None, "empty_object": ImageData()}[profile.error_data]
    metadata: Metadata | UnsetType = UNSET
    if profile.error_metadata == "zero_counts":
        metadata = _counts(0, 0, profile)
    return _encode(HandlerErrorBody(id=trace, data=data, metadata=metadata, base_resp=status))


def reaches_handler(refused: Refusal) -> bool:
    """Whether a refused call got past authentication, limits and binding (it then has a session, and ``id``)."""
    return refused.reason.tier == "handler" and refused.detail not in {
        "missing_parameter",
        "syntax",
        "type_mismatch",
        "unknown_field",
    }
