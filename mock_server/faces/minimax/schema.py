"""The wire model of ``POST /v1/image_generation``, declared once: decoding, encoding and the OpenAPI document use it.

Only types are bound here. Bounds and enumerations are documentation at this level (``extra_json_schema``): the service
checks them later, in its own order and words. Field texts: platform.minimax.io, image-generation-t2i and -i2i.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from mock_server.core import models

INT64 = Meta(ge=-(2**63), le=2**63 - 1)
_SIDE = {"minimum": models.MIN_SIDE, "maximum": models.MAX_SIDE, "multipleOf": models.SIDE_STEP}


def _doc(text: str, **schema: object) -> Meta:
    return Meta(description=text, extra_json_schema=schema or None)


class Style(Struct):
    """Painting style, effective for ``image-01-live`` only."""

    style_type: Annotated[str, _doc("One of four styles.", enum=list(models.STYLES))]
    style_weight: Annotated[float, _doc("Weight of the style.", exclusiveMinimum=0, maximum=1)] = (
        models.DEFAULT_STYLE_WEIGHT
    )


class SubjectReference(Struct):
    """A reference image of a subject."""

    type: Annotated[str, _doc("Kind of subject.", enum=list(models.REFERENCE_TYPES))]
    image_file: Annotated[
        str,
        _doc(
            "Public URL or base64 data URL of a JPG, JPEG or PNG under 10 MB.",
            pattern=r"^https?://[a-z0-9][a-z0-9.-]*\.[a-z]{2,}/[A-Za-z0-9._/-]*$",
        ),
    ]


class ImageGenerationRequest(Struct):
    """A text-to-image or, with ``subject_reference``, an image-to-image request. ``null`` counts as not given."""

    model: Annotated[str, _doc("Model name.", enum=list(models.MODELS))]
    prompt: Annotated[
        str, _doc("What the image shows.", minLength=1, maxLength=models.PROMPT_LIMIT - 1, pattern=r"[^ \t\n\r\v\f]")
    ]
    aspect_ratio: Annotated[str, _doc("Aspect ratio; wins over width and height.", enum=list(models.RATIOS))] | None = (
        None
    )
    width: Annotated[int, _doc("Width in pixels, together with height; image-01 only.", **_SIDE)] | None = None
    height: Annotated[int, _doc("Height in pixels, together with width; image-01 only.", **_SIDE)] | None = None
    response_format: (
        Annotated[str, _doc("How images are returned; URLs expire in 24 hours.", enum=list(models.RESPONSE_FORMATS))]
        | None
    ) = None
    seed: Annotated[int, INT64, _doc("Same seed and parameters: same images.")] | None = None
    n: Annotated[int, _doc("Number of images.", minimum=models.MIN_N, maximum=models.MAX_N)] | None = None
    prompt_optimizer: Annotated[bool, _doc("Optimise the prompt automatically.")] | None = None
    aigc_watermark: Annotated[bool, _doc("Add a watermark that says the image is generated.")] | None = None
    style: Style | None = None
    subject_reference: Annotated[list[SubjectReference], _doc("Reference images.")] | None = None


class BaseResp(Struct):
    """The business status: 0 is success, whatever the HTTP status."""

    status_code: int
    status_msg: str


class ImageData(Struct, omit_defaults=True):
    """The images, under the key that was asked for."""

    image_urls: list[str] | UnsetType | None = UNSET
    image_base64: list[Annotated[Raw, _doc("A JPEG in base64.", type="string")]] | UnsetType | None = UNSET


class Metadata(Struct):
    """How many images were made, and how many content safety blocked; strings on the wire by default."""

    failed_count: str | int
    success_count: str | int


class SuccessBody(Struct, omit_defaults=True, kw_only=True):
    """The answer to an accepted request, even when every image was blocked."""

    id: str
    data: ImageData | UnsetType | None = UNSET
    metadata: Metadata
    base_resp: BaseResp


class HandlerErrorBody(Struct, omit_defaults=True, kw_only=True):
    """The answer to a request that the handler refused: ``id`` is there, images are not."""

    id: str
    data: ImageData | UnsetType | None = UNSET
    metadata: Metadata | UnsetType = UNSET
    base_resp: BaseResp


class GatewayErrorBody(Struct):
    """The answer to a call that the gateway refused: ``base_resp`` and nothing else."""

    base_resp: BaseResp


ANSWERS = (SuccessBody, HandlerErrorBody, GatewayErrorBody)
