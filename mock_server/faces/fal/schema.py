"""The wire models of fal's two endpoints, declared once: validation, answers and the OpenAPI document use them.

pydantic, because fal's applications are FastAPI ones: the errors for a wrong body are then worded as theirs. Fields,
texts and examples: the endpoint's page on fal.ai (llms.txt form) and the types of @fal-ai/client.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticKnownError

from mock_server.core import models

AspectRatio = Literal["1:1", "16:9", "4:3", "3:2", "2:3", "3:4", "9:16", "21:9"]


def _within_limit(prompt: str, info: ValidationInfo) -> str:
    """Raises ``string_too_long``, unless the profile (``fal_prompt_limit``) leaves that to the service behind."""
    checked = (info.context or {}).get("prompt_limit", "fal") == "fal"
    if checked and len(prompt) > models.PROMPT_LIMIT:
        raise PydanticKnownError("string_too_long", {"max_length": models.PROMPT_LIMIT})
    return prompt


Prompt = Annotated[
    str,
    AfterValidator(_within_limit),
    Field(
        description="Text prompt for image generation (max 1500 characters)",
        examples=["A beautiful woman with a crown on her head."],
        json_schema_extra={"maxLength": models.PROMPT_LIMIT},
    ),
]


_NUMBER = Field(default=1, ge=models.MIN_N, le=models.MAX_N, description="Number of images to generate (1-9)")
_OPTIMIZER = Field(default=False, description="Whether to enable automatic prompt optimization")
_RATIO: Any = Field(default="1:1", description="Aspect ratio of the generated image")


class MinimaxImage01Input(BaseModel):
    """Text to image. Fields that are not declared are ignored (FastAPI's default; assumed for this endpoint)."""

    model_config = ConfigDict(title="MiniMaxTextToImageRequest")

    prompt: Prompt
    aspect_ratio: AspectRatio = _RATIO
    num_images: int = _NUMBER
    prompt_optimizer: bool = _OPTIMIZER


class MinimaxImage01SubjectReferenceInput(BaseModel):
    """Text and the image of a subject to image. Errors are listed in the order of the fields."""

    model_config = ConfigDict(title="MiniMaxTextToImageWithReferenceRequest")

    prompt: Prompt
    image_url: str = Field(
        description="URL of the subject reference image to use for consistent character appearance",
        examples=["https://v3.fal.media/files/koala/hQwSnkWm8FDjou5SwLNuX_c223cf93-0036-4b18-bbea-bf6d0da7f210.png"],
    )
    aspect_ratio: AspectRatio = _RATIO
    num_images: int = _NUMBER
    prompt_optimizer: bool = _OPTIMIZER


Input = MinimaxImage01Input | MinimaxImage01SubjectReferenceInput


class File(BaseModel):
    """A file on the CDN."""

    url: str = Field(description="The URL where the file can be downloaded from.")
    content_type: str | None = Field(default=None, description="The mime type of the file.", examples=["image/jpeg"])
    file_name: str | None = Field(default=None, description="The name of the file.", examples=["image.jpg"])
    file_size: int | None = Field(default=None, description="The size of the file in bytes.", examples=[239709])


class MinimaxImage01Output(BaseModel):
    """The images that were made, fewer than asked for where some were blocked."""

    images: list[File] = Field(description="Generated images")


class App(BaseModel):
    """One endpoint: its id, which is its path on every host, its models and what fal's catalogue says of it."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    id: str
    name: str
    category: str
    input: type[Input]
    output: type[BaseModel] = MinimaxImage01Output

    @property
    def path(self) -> str:
        """What stands behind owner and alias, with a slash before it."""
        return "/" + self.id.split("/", 2)[2]


OWNER_ALIAS = "fal-ai/minimax"
APPS: dict[str, App] = {
    app.id: app
    for app in (
        App(
            id=f"{OWNER_ALIAS}/image-01/subject-reference",
            name="MinimaxImage01SubjectReference",
            category="image-to-image",
            input=MinimaxImage01SubjectReferenceInput,
        ),
        App(id=f"{OWNER_ALIAS}/image-01", name="MinimaxImage01", category="text-to-image", input=MinimaxImage01Input),
    )
}


def field_errors(errors: list[Any]) -> list[dict[str, Any]]:
    """pydantic's errors as FastAPI hands them on: located in the body, without pydantic's own links."""
    kept = ("type", "loc", "msg", "input", "ctx")
    found = [{name: error[name] for name in kept if name in error} for error in errors]
    return [error | {"loc": ["body", *error["loc"]]} for error in found]
