"""The page of the checks: what each demands of a client."""

from __future__ import annotations

from pathlib import Path

from contract_tests.catalogue import all_checks
from contract_tests.checks import Check
from tools.generate_reference import table

TARGET = Path(__file__).parent.parent / "docs" / "checks.md"
INTRODUCTION = """\
# The checks

Made by `make docs` from the checks themselves; a test keeps it current. How they are run:
[contract-tests.md](contract-tests.md). A client that breaks a *MUST* fails the run; a *SHOULD* is told, and fails
nothing."""
ABOUT = {
    "request": "What goes over the wire: exactly what was asked.",
    "success": "Images that were made arrive: all, in order, unchanged, however the answer is spelled.",
    "blocked": "Images that content safety blocked are missed, and told.",
    "errors": "Errors are errors: inside HTTP 200, as HTML, or as nothing at all.",
    "retry": "Trying again: what pays, how often, how soon, and never twice for the same images.",
    "network": "When the network breaks, the client says so in time, and works again afterwards.",
    "download": "What comes from the image host is an image, or an error.",
    "load": "Many calls at once, and many calls one after another.",
    "machine": "A long run under changing circumstances.",
    "service": "What any service can be asked, without faults.",
    "both": "Whether the client does the same on a service as on the emulator.",
}
NEEDS = {
    "images": "clients that download images themselves", "describes": "clients that describe their errors",
    "sockets": "clients that live longer than a call", "timeout": "clients that can be told a timeout",
    "twin": "`--target both`",
}  # fmt: skip


def only_for(check: Check) -> str:
    """Which clients a check can say anything about."""
    able = [f"clients that can send `{field}`" for field in check.fields]
    return "; ".join([*able, *(NEEDS[need] for need in check.needs if need in NEEDS)])


def page() -> str:
    """The whole document."""
    parts = [INTRODUCTION]
    checks = all_checks()
    for name in dict.fromkeys([*ABOUT, *(check.id.partition(".")[0] for check in checks)]):
        own = [check for check in checks if check.id.partition(".")[0] == name]
        if own:
            rows = ((f"`{item.id}`", item.level, item.sentence, only_for(item)) for item in own)
            parts += [f"## {name}", ABOUT[name], table(("check", "level", "what it demands", "only for"), rows)]
    return "\n\n".join(parts) + "\n"
