"""The facts inside a file, and what ``inspect`` says of files that are not ours."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.core.types import Picture, Reference, Style
from mock_server.render import NotOurImageError, Renderer, inspect, render_plain
from mock_server.render.facts import comments, facts_of
from mock_server.render.segments import EOI, SOF0, SOI, SOS, segment
from tests.render.pictures import make_picture, pictures, png, references

RENDERER = Renderer()
FILE = RENDERER.render(make_picture("a fox", size=(512, 512)))


def wrap(picture: Picture) -> bytes:
    """The frame of a file with the facts of ``picture`` and no pixels."""
    frame = b"\x08" + picture.height.to_bytes(2) + picture.width.to_bytes(2) + b"\x01\x01\x11\x00"
    return SOI + comments(picture) + segment(SOF0, frame) + segment(SOS, b"\x01\x01\x00\x00\x3f\x00") + EOI


def test_the_facts_of_a_file_are_those_of_its_picture() -> None:
    picture = Picture(
        "image-01-live",
        "狐狸\n🦊\x00",
        512,
        520,
        -(2**63),
        8,
        True,
        True,
        Style("漫画", 0.8),
        (Reference("h", "ab" * 32, 7),),
    )
    for data in (RENDERER.render(picture), render_plain(picture)):
        facts = inspect(data)
        assert facts == facts_of(picture)
        assert (facts.format, facts.prompt, facts.seed, facts.style) == (
            "minimax-mock/1",
            "狐狸\n🦊\x00",
            -(2**63),
            Style("漫画", 0.8),
        )


@given(
    picture=st.builds(
        lambda picture, cards: Picture(**{**as_dict(picture), "references": tuple(cards)}),
        pictures,
        st.lists(references, max_size=4),
    )
)
def test_facts_survive_the_file_for_any_picture(picture: Picture) -> None:
    assert inspect(wrap(picture)) == facts_of(picture)


def as_dict(picture: Picture) -> dict[str, Any]:
    return {name: getattr(picture, name) for name in picture.__struct_fields__}


def test_facts_longer_than_a_segment_are_split_and_joined() -> None:
    picture = make_picture("狐" * 50_000)
    data = wrap(picture)
    assert len(re.findall(rb"minimax-mock facts/1 part \d/3\n", data)) == 3
    assert inspect(data).prompt == picture.prompt


def test_a_lone_surrogate_is_replaced_in_the_facts() -> None:
    assert inspect(wrap(make_picture("a\ud800b"))).prompt == "a\ufffdb"


def test_the_watermark_is_labelled_in_the_metadata() -> None:
    data = RENDERER.render(make_picture(aigc_watermark=True))
    packet = re.search(rb"<TC260:AIGC>(.*?)</TC260:AIGC>", data)
    assert packet is not None
    assert {"Label": "1", "ContentProducer": "minimax-mock"}.items() <= json.loads(packet[1]).items()
    assert b"TC260" not in RENDERER.render(make_picture())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no bytes at all"),
        (png(), "PNG, not JPEG"),
        (b"GIF89a...", "GIF, not JPEG"),
        (b'{"data": null}', "text that looks like JSON, not JPEG"),
        (b"<html>", "text that looks like HTML or XML, not JPEG"),
        (b"\x00\x01\x02\x03\x04", "not JPEG: it begins with 00 01 02 03"),
        (FILE[:-1], f"truncated JPEG: no end marker after {len(FILE) - 1} bytes"),
        (FILE[:40], "truncated JPEG: it ends after 40 bytes, inside its header"),
        (FILE[:20] + b"\x00" + FILE[21:], "damaged JPEG: no marker at byte 20"),
        (FILE.replace(b"facts/1 part", b"other/1 part"), "JPEG without minimax-mock facts"),
        (
            FILE.replace(b'"width":512', b'"width":520'),
            "JPEG of 512x512 pixels whose facts speak of 520x512: changed since",
        ),
        (FILE.replace(b"part 1/1", b"part 1/2"), "JPEG with a part of its minimax-mock facts missing"),
        (
            FILE.replace(b"minimax-mock/1", b"minimax-mock/2"),
            "JPEG with facts in format 'minimax-mock/2', expected 'minimax-mock/1'",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_ours_is_refused_by_what_it_is(data: bytes, message: str) -> None:
    with pytest.raises(NotOurImageError, match=f"^{re.escape(message)}$"):
        inspect(data)


def refuse_or_read(data: bytes) -> None:
    with contextlib.suppress(NotOurImageError):
        inspect(data)


@given(data=st.binary(max_size=400) | st.binary(max_size=400).map(lambda tail: b"\xff\xd8\xff" + tail))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    refuse_or_read(data)


@settings(max_examples=300)
@given(data=st.data())
def test_a_damaged_file_of_ours_is_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(wrap(make_picture("a fox")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    refuse_or_read(bytes(damaged))


def test_deeply_nested_facts_are_refused() -> None:
    nested = SOI + segment(0xFE, b"minimax-mock facts/1 part 1/1\n" + b"[" * 60_000) + segment(SOS, b"") + EOI
    with pytest.raises(NotOurImageError, match="unreadable minimax-mock facts"):
        inspect(nested)
