"""The wire model of the gateway, declared once: decoding, encoding and the OpenAPI document use it.

Fields: OpenAI's API reference (images), AIgateway's page of the model and its OpenAPI document (error, list of models);
those of MiniMax that an SDK sends as extra fields.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from mock_server.core import models

INT64 = Meta(ge=-(2**63), le=2**63 - 1)
RESPONSE_FORMATS = {"url": "url", "b64_json": "base64"}
"""OpenAI's words → MiniMax's."""


def _doc(text: str, **schema: object) -> Meta:
    return Meta(description=text, extra_json_schema=schema or None)


class Style(Struct):
    """MiniMax's painting style, for ``image-01-live``."""

    style_type: Annotated[str, _doc("One of four styles.", enum=list(models.STYLES))]
    style_weight: float = models.DEFAULT_STYLE_WEIGHT


class SubjectReference(Struct):
    """MiniMax's own form of a subject image."""

    type: Annotated[str, _doc("Kind of subject.", enum=list(models.REFERENCE_TYPES))]
    image_file: Annotated[str, _doc("Public URL or base64 data URL of a JPG or PNG under 10 MB.", format="uri")]


class ImagesRequest(Struct, kw_only=True):
    """A request for images. ``null`` counts as not given."""

    prompt: Annotated[
        str, _doc("What the image shows.", minLength=1, maxLength=models.PROMPT_LIMIT - 1, pattern=r"[^ \t\n\r\v\f]")
    ]
    model: Annotated[str, _doc("Model, with or without its owner; auto or nothing: any.")] | None = None
    n: Annotated[int, _doc("Number of images.", minimum=models.MIN_N, maximum=models.MAX_N)] | None = None
    size: Annotated[str, _doc("WIDTHxHEIGHT or auto.", pattern=r"^(auto|[1-9]\d{0,4}x[1-9]\d{0,4})$")] | None = None
    response_format: (
        Annotated[str, _doc("How images are returned.", enum=list(RESPONSE_FORMATS), default="url")] | None
    ) = None
    aspect_ratio: Annotated[str, _doc("MiniMax's: wins over size.", enum=list(models.RATIOS))] | None = None
    seed: Annotated[int, INT64, _doc("MiniMax's: same seed and parameters, same images.")] | None = None
    prompt_optimizer: Annotated[bool, _doc("MiniMax's: optimise the prompt.")] | None = None
    aigc_watermark: Annotated[bool, _doc("MiniMax's: add a watermark.")] | None = None
    image_url: Annotated[str, _doc("Subject image: public URL or data URL.", format="uri")] | None = None
    image: Annotated[str | list[str], _doc("Subject image, or several: as image_url.")] | None = None
    subject_reference: list[SubjectReference] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    moderation: str | None = None
    stream: Annotated[bool, _doc("Not supported.")] | None = None
    quality: str | None = None
    style: str | Style | None = None
    background: str | None = None
    output_format: str | None = None
    output_compression: int | None = None
    partial_images: int | None = None
    mask: str | None = None
    mask_url: str | None = None
    input_fidelity: str | None = None
    complexity: Any = None
    frame_count: Any = None
    frame_duration_ms: Any = None
    svg: Any = None


class Image(Struct, omit_defaults=True):
    """One image, as it was asked for."""

    url: str | UnsetType = UNSET
    b64_json: Annotated[Raw, _doc("A JPEG in base64.", type="string")] | UnsetType = UNSET


class ImagesResponse(Struct, omit_defaults=True, kw_only=True):
    """The answer to an accepted request. Blocked images are missing from it."""

    created: Annotated[int, _doc("Unix seconds.")]
    data: list[Image] | dict[str, str] | UnsetType | None = UNSET


class Error(Struct):
    """What went wrong."""

    message: str
    type: str
    code: int | str
    param: str | None


class ErrorBody(Struct):
    """The body of every answer that is none of success."""

    error: Error


class ModelCard(Struct):
    """One model that the gateway offers."""

    id: str
    object: str
    created: int
    owned_by: str
    modality: str


class ModelList(Struct):
    """The models that the gateway offers."""

    object: str
    data: list[ModelCard]


class ModelSchema(Struct):
    """What a model takes and gives, as JSON Schema."""

    id: str
    object: str
    endpoint: str
    input: dict[str, Any]
    output: dict[str, Any]


class Balance(Struct):
    """What is left in the wallet."""

    object: str
    currency: str
    balance_usd: float
    balance_cents: float
