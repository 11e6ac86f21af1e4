"""Answers with the images themselves, every one different."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from benchmarks import prompts, url_answers
from benchmarks.exchange import Request, send
from benchmarks.load import Target
from benchmarks.machine import BenchmarkError, new_file
from benchmarks.rounds import Measured, Pace, interleaved
from benchmarks.servers import Server, aimock, all_running, answer_of, ours, plain_pillow, simple_pillow
from benchmarks.tables import Row, Table

CONNECTIONS = 8
OF_PLAIN_PILLOW = 20.0
OF_AIMOCK = 1.0

REQUEST = replace(url_answers.REQUEST, body=url_answers.REQUEST.body.replace('"url"', '"base64"'))
EVERY_PROMPT = replace(REQUEST, body=REQUEST.body.replace(prompts.PROMPT, "{line}"))


def measure(pace: Pace, folder: Path) -> list[Table]:
    """The emulator, the same with Pillow alone, and aimock with a canned image of the same size."""
    lines = new_file(folder)
    lines.write_text("\n".join(prompts.prompts()))
    image = _image(answer_of(ours(), REQUEST, folder).body)
    launches = [ours(), plain_pillow(), simple_pillow(), aimock({"b64Json": image}, folder)]
    with all_running(launches, folder) as (mine, plain, simple, canned):
        _all_differ(mine)
        peer = Target(canned, url_answers.openai_request("b64_json", b'"b64_json":'), CONNECTIONS, folder)
        found = []
        for title, request, file in (
            ("Base64 answers, one prompt", REQUEST, None),
            ("Base64 answers, a prompt for each", EVERY_PROMPT, lines),
        ):
            targets = [Target(server, request, CONNECTIONS, folder, file) for server in (mine, plain, simple)]
            found.append((title, interleaved([*targets, peer], pace)))
    return [Table(title, "requests/s", _rows(measured), _note(image)) for title, measured in found]


def _rows(measured: list[Measured]) -> tuple[Row, ...]:
    own, plain, simple, canned = measured
    return (
        own.row(),
        plain.against(own, OF_PLAIN_PILLOW),
        simple.against(own, None),
        canned.against(own, OF_AIMOCK),
    )


def _image(body: bytes) -> str:
    return json.loads(body)["data"]["image_base64"][0]


def _all_differ(server: Server) -> None:
    """Raise `BenchmarkError` unless another seed, and another prompt, give another image."""
    requests: list[tuple[Request, int, str]] = [
        (REQUEST, 1, ""), (REQUEST, 2, ""), (EVERY_PROMPT, 1, "a cat"), (EVERY_PROMPT, 1, "a dog")
    ]  # fmt: skip
    images = {_image(send(server.port, request, seed, line).body) for request, seed, line in requests}
    if len(images) < len(requests):
        raise BenchmarkError("different seeds or prompts gave the same image")


def _note(image: str) -> str:
    size = len(image) * 3 / 4 / 1000
    return (
        f"one image of 1024x1024 ({size:.0f} kB of JPEG), every seed different, {CONNECTIONS} connections; "
        "plain Pillow draws the same pictures, the simpler one is a gradient with the prompt; "
        "aimock sends one canned image of that size"
    )
