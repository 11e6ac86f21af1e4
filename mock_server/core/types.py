"""The values that flow through the emulator, independent of any wire dialect.

They are frozen ``msgspec.Struct`` rather than frozen dataclasses: building one costs a fifth, and every request builds
several (docs/architecture.md, "Decisions").
"""

from __future__ import annotations

from msgspec import Struct


class Style(Struct, frozen=True):
    """Painting style of an ``image-01-live`` request: one of four Chinese style names and its weight in (0, 1]."""

    style_type: str
    style_weight: float


class SubjectReference(Struct, frozen=True):
    """A subject reference as the client sent it: its type and a public URL or a data URL."""

    type: str
    image_file: str


class ImageRequest(Struct, frozen=True):
    """One generation request after binding: types are right, nothing else is checked yet. ``None`` means not given."""

    model: str
    prompt: str
    aspect_ratio: str | None = None
    width: int | None = None
    height: int | None = None
    n: int = 1
    seed: int | None = None
    response_format: str = "url"
    prompt_optimizer: bool = False
    aigc_watermark: bool = False
    style: Style | None = None
    subject_references: tuple[SubjectReference, ...] = ()


class Reference(Struct, frozen=True):
    """A subject reference ready to be drawn.

    ``label`` is what a person reads beside it ("data URL" or the URL's host), ``digest`` the hexadecimal SHA-256 of the
    image bytes (of the URL text when the image was not fetched), ``size`` the image's bytes (0 when not fetched) and
    ``thumbnail`` a small PNG (empty when not fetched).
    """

    label: str
    digest: str
    size: int = 0
    thumbnail: bytes = b""


class Blocked(Struct, frozen=True):
    """How many of an answer's images content safety blocks: `failed` of them, None for all.

    `empty` is how the answer is then spelled (an answer of the profile switch ``all_blocked``; None: as the profile).
    """

    failed: int | None
    empty: str | None = None


class Foreign(Struct, frozen=True):
    """An answer that is not the service's: of a gateway, a proxy or a load balancer in between."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Injected(Struct, frozen=True):
    """One fault that was put into an answer: the id of its rule, its kind, and the rule's name, if it has one."""

    rule: str
    kind: str
    name: str | None = None

    @property
    def label(self) -> str:
        """What a person reads: the rule's name, or the kind of the fault."""
        return self.name or self.kind


class Picture(Struct, frozen=True):
    """Everything that decides the bytes of one generated image: equal pictures encode to equal files."""

    model: str
    prompt: str
    width: int
    height: int
    seed: int
    index: int
    prompt_optimizer: bool = False
    aigc_watermark: bool = False
    style: Style | None = None
    references: tuple[Reference, ...] = ()
