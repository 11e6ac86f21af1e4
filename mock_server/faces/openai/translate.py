"""Between this face's wire model and the core: requests in, answers out. Pure functions."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Raw, UnsetType

from mock_server.core import types
from mock_server.core.profile import Profile
from mock_server.core.reading import Parsed
from mock_server.core.reasons import Reason, Refusal, refuse
from mock_server.faces.openai import errors, forms
from mock_server.faces.openai.binding import bind, bind_form, names
from mock_server.faces.openai.catalogue import Offer, offer_of
from mock_server.faces.openai.schema import (
    RESPONSE_FORMATS,
    Error,
    ErrorBody,
    Image,
    ImagesRequest,
    ImagesResponse,
    Style,
)
from mock_server.faces.openai.sizes import Shape, shape_of

Headers = dict[bytes, bytes]

NEUTRAL: dict[str, tuple[object, ...]] = {
    "quality": ("auto", "standard"),
    "style": (),
    "background": ("auto", "opaque"),
    "output_format": ("jpeg",),
    "output_compression": (100,),
    "partial_images": (0,),
    "mask": (),
    "mask_url": (),
    "input_fidelity": ("low",),
    "complexity": (),
    "frame_count": (1,),
    "frame_duration_ms": (),
    "svg": (False,),
}
"""Options of OpenAI's that this model does not have → values that ask for nothing else than it does."""

_encode = msgspec.json.Encoder().encode
_NO_SHAPE = Shape()


def parse_generation(body: bytes, _headers: Headers, profile: Profile) -> Parsed:
    """What a body of ``/images/generations`` asks for."""
    return _parsed(bind(body), body, {}, profile)


def parse_edit(body: bytes, headers: Headers, profile: Profile) -> Parsed:
    """What a body of ``/images/edits`` asks for; it must have an image."""
    form = forms.is_form(headers)
    wire = bind_form(body, headers) if form else bind(body)
    parsed = _parsed(wire, body, headers, profile)
    if isinstance(parsed, types.ImageRequest) and not parsed.subject_references:
        return parsed, refuse("invalid_params", "image_missing", field="image" if form else "image_url")
    return parsed


def _parsed(wire: ImagesRequest | Refusal, body: bytes, headers: Headers, profile: Profile) -> Parsed:
    if isinstance(wire, Refusal):
        return wire
    offer = offer_of(wire.model)
    shape = shape_of(wire.size, profile.gateway_size)
    request = _request(wire, offer, shape or _NO_SHAPE)
    problem = (
        (_unknown_field(body, headers) if profile.unknown_fields == "refused" else None)
        or (refuse("invalid_params", "unknown_model", model=wire.model) if offer is None else None)
        or _unsupported(wire, profile)
        or _images_problem(wire, offer, profile)
        or (_bad_size(wire.size, profile) if shape is None and not wire.aspect_ratio else None)
        or _bad_format(wire.response_format)
    )
    return request if problem is None else (request, problem)


def _request(wire: ImagesRequest, offer: Offer | None, shape: Shape) -> types.ImageRequest:
    style = wire.style
    return types.ImageRequest(
        (wire.model or "") if offer is None else offer.model,
        wire.prompt,
        wire.aspect_ratio or shape.aspect_ratio,
        None if wire.aspect_ratio else shape.width,
        None if wire.aspect_ratio else shape.height,
        1 if wire.n is None else wire.n,
        wire.seed,
        RESPONSE_FORMATS.get(wire.response_format or "url", "url"),
        bool(wire.prompt_optimizer),
        bool(wire.aigc_watermark),
        types.Style(style.style_type, style.style_weight) if isinstance(style, Style) else None,
        _references(wire),
    )


def _references(wire: ImagesRequest) -> tuple[types.SubjectReference, ...]:
    native = [types.SubjectReference(item.type, item.image_file) for item in wire.subject_reference or ()]
    images = [wire.image] if isinstance(wire.image, str) else wire.image or []
    urls = [*([wire.image_url] if wire.image_url is not None else []), *images]
    return (*native, *(types.SubjectReference("character", url) for url in urls))


def _unknown_field(body: bytes, headers: Headers) -> Refusal | None:
    known = ImagesRequest.__struct_fields__
    field = next((name for name in names(body, headers) if name not in known), None)
    return None if field is None else refuse("invalid_params", "unknown_field", field=field)


def _unsupported(wire: ImagesRequest, profile: Profile) -> Refusal | None:
    if wire.stream:
        return refuse("invalid_params", "stream")
    if profile.gateway_options == "ignored":
        return None
    for field, neutral in NEUTRAL.items():
        value = getattr(wire, field)
        if value is not None and not isinstance(value, Style) and value not in neutral:
            return refuse("invalid_params", "unsupported_option", field=field)
    return None


def _images_problem(wire: ImagesRequest, offer: Offer | None, profile: Profile) -> Refusal | None:
    given = [name for name in ("subject_reference", "image_url", "image") if getattr(wire, name)]
    if len(given) > 1:
        return refuse("invalid_params", "image_sources", field=given[1])
    if not given and offer is not None and offer.subject and profile.gateway_subject == "required":
        return refuse("invalid_params", "image_missing", field="image_url")
    return None


def _bad_size(size: str | None, profile: Profile) -> Refusal:
    hint = " of a supported ratio" if profile.gateway_size == "strict" else ""
    return refuse("invalid_params", "size", value=size, hint=hint)


def _bad_format(given: str | None) -> Refusal | None:
    return None if not given or given in RESPONSE_FORMATS else refuse("invalid_params", "response_format")


def success(created: int, wanted: str, images: list[str] | list[Raw], profile: Profile) -> bytes:
    """The body for `images`: URLs, or base64 as raw JSON strings."""
    if images:
        key = "url" if wanted == "url" else "b64_json"
        return _encode(ImagesResponse(created=created, data=[Image(**{key: image}) for image in images]))  # type: ignore[arg-type]
    empty: dict[str, list[Image] | dict[str, str] | UnsetType | None] = {
        "empty_list": [], "empty_object": {}, "null_data": None, "absent_data": UNSET,
    }  # fmt: skip
    return _encode(ImagesResponse(created=created, data=empty[profile.all_blocked]))


def error(kind: str, message: str, param: str | None, code: int | str) -> bytes:
    """The body of an error."""
    return _encode(ErrorBody(Error(message, kind, code, param)))


def refusal(refused: Refusal, said: errors.Spelled, profile: Profile) -> bytes:
    """The body of a refusal."""
    return error(said.type, said.message, said.param, code_of(said.status, refused.reason, profile))


def code_of(status: int, reason: Reason | None, profile: Profile) -> int | str:
    """``error.code`` under an answer of the profile switch ``gateway_code``."""
    if profile.gateway_code == "upstream" and reason is not None:
        return str(reason.code)
    return status if profile.gateway_code == "http_status" else str(status)
