"""The models' limits: is a bound request one that the live service would generate?

Order (measured on a sibling endpoint, 2026-09-22: binding precedes model, model precedes semantics). Each refusal names
the rule it breaks; the faces word it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from mock_server.core import models
from mock_server.core.profile import Profile
from mock_server.core.reasons import Refusal, refuse
from mock_server.core.types import ImageRequest, Style, SubjectReference


def validate(request: ImageRequest, profile: Profile) -> Refusal | None:
    """The first rule that `request` breaks, or None."""
    model = models.MODELS.get(request.model)
    if model is None:
        return refuse("invalid_params", "unsupported_model", model=request.model)
    return (
        _check_prompt(request.prompt, profile)
        or _check_size(request, model, profile)
        or _check_options(request)
        or (_check_style(request.style, model, profile) if request.style else None)
        or (_check_references(request, profile) if request.subject_references else None)
    )


def size_of(request: ImageRequest) -> tuple[int, int]:
    """Width and height in pixels of a request that `validate` let pass: the ratio wins over width and height."""
    if request.aspect_ratio:
        return models.RATIOS[request.aspect_ratio]
    if request.width is not None and request.height is not None and models.MODELS[request.model].custom_size:
        return request.width, request.height
    return models.RATIOS[models.DEFAULT_RATIO]


def _check_prompt(prompt: str, profile: Profile) -> Refusal | None:
    if not prompt.strip(models.BLANKS):
        return refuse("invalid_params", "empty_prompt")
    length = len(prompt)
    if profile.prompt_unit == "bytes" and not prompt.isascii():
        length = len(prompt.encode("utf-8", "surrogatepass"))
    limit = models.PROMPT_LIMIT
    if length > limit or (length == limit and profile.prompt_limit == "less_than"):
        return refuse("invalid_params", "prompt_too_long", limit=limit)
    return None


def _check_size(request: ImageRequest, model: models.Model, profile: Profile) -> Refusal | None:
    ratio = request.aspect_ratio
    if ratio:
        if ratio not in models.RATIOS:
            return refuse("invalid_params", "aspect_ratio", value=ratio)
        if ratio == "21:9" and not model.ultrawide and profile.live_model_21_9 == "refused":
            return refuse("invalid_params", "aspect_ratio_of_model", value=ratio, model=model.name)
        return None
    if request.width is None and request.height is None:
        return None
    if not model.custom_size:
        return refuse("invalid_params", "size_of_model") if profile.live_model_size == "refused" else None
    if request.width is None or request.height is None:
        return refuse("invalid_params", "size_incomplete")
    for field, side in (("width", request.width), ("height", request.height)):
        if not models.MIN_SIDE <= side <= models.MAX_SIDE:
            return refuse("invalid_params", "size_range", field=field)
        if side % models.SIDE_STEP:
            return refuse("invalid_params", "size_step", field=field)
    return None


def _check_options(request: ImageRequest) -> Refusal | None:
    if not models.MIN_N <= request.n <= models.MAX_N:
        return refuse("invalid_params", "n")
    if request.response_format not in models.RESPONSE_FORMATS:
        return refuse("invalid_params", "response_format")
    return None


def _check_style(style: Style, model: models.Model, profile: Profile) -> Refusal | None:
    if not model.styles:
        return refuse("invalid_params", "style_of_model") if profile.style_on_image_01 == "refused" else None
    if style.style_type not in models.STYLES:
        return refuse("invalid_params", "style_type", value=style.style_type)
    if not 0 < style.style_weight <= 1:
        return refuse("invalid_params", "style_weight")
    return None


def _check_references(request: ImageRequest, profile: Profile) -> Refusal | None:
    if request.model == "image-01-live" and profile.live_model_references == "refused":
        return refuse("invalid_params", "references_of_model", model=request.model)
    if len(request.subject_references) > 1 and profile.multiple_references == "refused":
        return refuse("invalid_params", "reference_count")
    for reference in request.subject_references:
        problem = _check_reference(reference, profile)
        if problem:
            return problem
    return None


def _check_reference(reference: SubjectReference, profile: Profile) -> Refusal | None:
    known = reference.type in models.REFERENCE_TYPES
    if not known and not (reference.type == "product" and profile.product_reference == "accepted"):
        return refuse("invalid_params", "reference_type")
    if reference.image_file.startswith("data:"):
        if profile.data_url_references == "refused":
            return refuse("forbidden_reference")
        return check_data_url(reference.image_file)
    try:
        url = urlsplit(reference.image_file)
        hostname = url.hostname
    except ValueError:
        return refuse("invalid_params", "reference_url")
    if url.scheme not in {"http", "https"} or not hostname:
        return refuse("invalid_params", "reference_url")
    return None


_DATA_URL_TYPES = ("data:image/jpeg;base64,", "data:image/jpg;base64,", "data:image/png;base64,")


def check_data_url(url: str) -> Refusal | None:
    """Bound a data URL before anything decodes it: JPG, JPEG or PNG by its media type, under 10 MB by its length."""
    head = url[:32].lower()
    if not head.startswith(_DATA_URL_TYPES):
        return refuse("invalid_params", "reference_format")
    payload = len(url) - url.index(",") - 1 - url[-2:].count("=")
    if payload * 3 // 4 >= models.REFERENCE_MAX_BYTES:
        return refuse("invalid_params", "reference_too_large")
    return None
