"""Fields that the service does not have, and ignores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from mock_server.faces.minimax.schema import ImageGenerationRequest, Style, SubjectReference
from mock_server.faces.openai.schema import ImagesRequest
from mock_server.journal import Exchange
from mock_server.judge.bodies import bound, bound_gateway, fields
from mock_server.judge.rule import DOCUMENTATION, Hit, Rule, Tally, quoted
from mock_server.judge.traffic import Traffic

MEANT = {
    "num_images": "n",
    "num_outputs": "n",
    "count": "n",
    "size": "width and height, or aspect_ratio",
    "image_size": "width and height, or aspect_ratio",
    "resolution": "width and height, or aspect_ratio",
    "image_url": "subject_reference[].image_file",
    "image": "subject_reference[].image_file",
    "reference_image": "subject_reference[].image_file",
    "negative_prompt": "",
    "guidance_scale": "",
    "steps": "",
    "num_inference_steps": "",
    "quality": "",
    "watermark": "aigc_watermark",
    "output_format": "response_format",
    "format": "response_format",
    "enhance_prompt": "prompt_optimizer",
}
"""Fields of other image APIs → what this one has for them; empty when it has nothing."""


def check(traffic: Traffic) -> Iterator[Hit]:
    """A hit for each such field."""
    tally = Tally()
    for attempt in traffic.to("generate"):
        for prefix, given, known in _bound_objects(attempt.exchange):
            for name in given:
                if name not in known:
                    tally.add(_described(prefix, name, known), attempt.exchange.id)
    return tally.hits("request", "requests")


def _bound_objects(exchange: Exchange) -> Iterable[tuple[str, Iterable[str], tuple[str, ...]]]:
    """Every object of a body that binds, whatever its face; none of another."""
    if isinstance(bound(exchange), ImageGenerationRequest):
        return _objects(fields(exchange))
    if isinstance(bound_gateway(exchange), ImagesRequest):
        return [("", fields(exchange), ImagesRequest.__struct_fields__)]
    return ()


def _objects(body: dict[str, object]) -> Iterator[tuple[str, Iterable[str], tuple[str, ...]]]:
    """Every object of a body that binds: where it stands, its fields, and those that it can have."""
    yield "", body, ImageGenerationRequest.__struct_fields__
    style, references = body.get("style"), body.get("subject_reference")
    if isinstance(style, dict):
        yield "style.", style, Style.__struct_fields__
    if isinstance(references, list):
        given = dict.fromkeys(name for item in references if isinstance(item, dict) for name in item)
        yield "subject_reference[].", given, SubjectReference.__struct_fields__


def _described(prefix: str, name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    meant = MEANT.get(name, near[0] if near else None) if not prefix else (near[0] if near else None)
    if meant is None:
        hint = ""
    elif meant:
        hint = f"; did you mean {meant}?"
    else:
        hint = "; there is nothing like it here"
    return f"had the unknown field {quoted(prefix + name)}{hint}"


RULE = Rule(
    name="unknown-field",
    level="SHOULD",
    summary="A request had a field that the service does not know.",
    explanation=(
        "The request has a field that the documentation does not list, for example one of another image API. The "
        "live service is not known to refuse such a field: it ignores it, so that the caller gets one image where "
        "`num_images` said four, or a square where `size` said otherwise, and pays for it. Use the documented name, "
        "and tell the caller about options that do not exist here."
    ),
    source=f"{DOCUMENTATION}; that unknown fields are ignored is assumed",
    check=check,
)
