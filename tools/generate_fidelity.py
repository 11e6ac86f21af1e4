"""Write docs/fidelity.md: every claim on the live service, by face and by how sure it is, with what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from contract_tests.catalogue import checks_by_claim
from contract_tests.drift.questions import all_questions
from mock_server.claims import COSTS, FACES, GRADES, Claim, Cost, Face, claims
from mock_server.grade import Grade
from tools.generate_reference import table

TARGET = Path(__file__).parent.parent / "docs" / "fidelity.md"
INTRODUCTION = """\
# Fidelity: what is known of the live service

Made by `make docs` from [fixtures/claims.toml](../fixtures/claims.toml); a test keeps it current. `minimax-mock claims`
lists the same, `minimax-mock claims show ID` one of them.

Every behaviour that the emulator shows, and that a client can depend on, is a *claim*: one sentence, where it is known
from, how sure that is, what it takes to look again, and what rests on it here. Every reason to refuse, every wording
of the native face, every switch of a profile and every recorded message belongs to one; a test holds that.

## What the grades mean"""
GRADE_TEXT: dict[Grade, str] = {
    "recorded": "A public recording of the live service shows it: bytes, headers, or a message word for word. The "
    "source says where, and whether it was this endpoint or a sibling behind the same gateway.",
    "documented": "The service's own documentation says so, or the source of its own client.",
    "assumed": "Inference, or what third parties agree on. Where that matters, it is a switch.",
    "conflicting": "Sources contradict each other. The emulator does as the sentence says, mostly a profile the other.",
}
COST_TEXT: dict[Cost, str] = {
    "free": "refused calls, or calls that make no picture, decide it",
    "1 image": "one picture has to be made",
    "2 images": "two pictures have to be made",
    "9 images": "nine pictures have to be made",
    "not on demand": "nobody can make it happen: outages, limits, content safety, time",
}
FACE_TEXT: dict[Face, tuple[str, str]] = {
    "minimax": (
        "The native face",
        "`POST /v1/image_generation` at `api.minimax.io`, and the store where the pictures lie.",
    ),
    "fal": ("The fal face", "`fal-ai/minimax/image-01` at fal.ai. [How it is used](fal.md)."),
    "openai": ("The OpenAI-compatible face", "The same model at AIgateway. [How it is used](openai.md)."),
}
COUNTS_TEXT = """\
How many claims there are of each grade. They weigh unequally, so that nothing is added up to a score: read those that
your client depends on."""
COSTS_TEXT = """\
The date is when the source says that it was seen, else when it was collected. What it takes of the live service to look
again, and whether [`drift`](drift.md) does:"""


def counts(found: Iterable[Claim]) -> str:
    """How many claims of each grade every face has."""
    claims_ = list(found)
    return table(("", *(FACE_TEXT[face][0] for face in FACES)), (
        (f"*{grade}*", *(sum(claim.face == face and claim.grade == grade for claim in claims_) for face in FACES))
        for grade in GRADES
    ))  # fmt: skip


DECIDED = {asked.claim for asked in all_questions()}
"""What `minimax-mock drift` decides."""


def test_link(test: str) -> str:
    """A test, with a link to its file."""
    path, _, name = test.partition("::")
    return f"[{name.removeprefix('test_')}](../{path})"


def row(claim: Claim, checks: Mapping[str, list[str]]) -> tuple[str, ...]:
    """A claim as a row, with an anchor of its own."""
    rests = [test_link(test) for test in claim.tests]
    own = checks.get(claim.id, [])
    if own:
        rests.append(f"checks: {', '.join(f'`{name}`' for name in own)}")
    switch = f"<br>[`{claim.switch}`](reference.md#profiles)" if claim.switch else ""
    return (
        f'<a id="{claim.id}"></a>`{claim.id}`{switch}',
        claim.says.replace("<", "\\<").replace("*", "\\*"),
        f"{claim.source} ({claim.date.isoformat()})".replace("*", "\\*"),
        f"{claim.cost}, by `drift`" if claim.id in DECIDED else claim.cost,
        "<br>".join(rests),
    )


def face_section(face: Face, found: Iterable[Claim], checks: Mapping[str, list[str]]) -> Iterator[str]:
    """The claims on one face, a table for each grade."""
    title, about = FACE_TEXT[face]
    own = [claim for claim in found if claim.face == face]
    yield f"## {title}"
    yield about
    for grade in GRADES:
        rows = [row(claim, checks) for claim in own if claim.grade == grade]
        if rows:
            yield f"### {title}: {grade}"
            yield table(("claim, and its switch", "the service", "source", "to look again", "what rests on it"), rows)


def page() -> str:
    """The whole document."""
    found, checks = claims().values(), checks_by_claim()
    parts = [
        INTRODUCTION,
        table(("grade", "meaning"), ((f"*{grade}*", GRADE_TEXT[grade]) for grade in GRADES)),
        COSTS_TEXT,
        table(("cost", "meaning"), ((cost, COST_TEXT[cost]) for cost in COSTS)),
        "## How many",
        COUNTS_TEXT,
        counts(found),
        *(part for face in FACES for part in face_section(face, found, checks)),
    ]
    return "\n\n".join(parts) + "\n"
