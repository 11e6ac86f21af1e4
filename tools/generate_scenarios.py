"""Write docs/scenarios.md from the scenarios that are shipped: one for each status code, and fixtures/scenarios/."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from mock_server.core.reasons import REASONS
from mock_server.faults.scenario import Scenario
from mock_server.faults.scenario_file import read_file
from mock_server.fixture_files import fixtures
from tools.generate_reference import table

TARGET = Path(__file__).parent.parent / "docs" / "scenarios.md"
INTRODUCTION = """\
# Scenarios

Made by `make docs` from `fixtures/scenarios/` and the table of status codes; a test keeps it current.

A scenario is something that clients meet in the field, ready to be had by name in three ways:

| way | what it concerns |
| --- | --- |
| the API key `sk-api-mock-NAME--alice` | every call with this key; what follows `--` is yours to choose |
| `[[mock:NAME]]` anywhere in the prompt | this prompt, and downloads of its images |
| `minimax-mock serve --scenario NAME`, `MockServer(scenario="NAME")` | every account |

A sequence ("twice, then fine") runs for each key and for each prompt on its own: send the same prompt again to see the
next call of its scenario, and give each test a key of its own.

`NAMExN` is NAME for the first N calls only, then all is well: `1002x2`, `hang-upx1`. Scenarios add up: give
`--scenario` more than once, or a key and a prompt. The journal names the faults that each exchange met.

**Your own** go into a folder, one YAML or JSON file each, in the form of those below. `--scenario-dir FOLDER` makes
their names usable in keys and prompts; `--scenario path/to/file.yaml` takes a single one. A file of yours takes
precedence over the shipped one of its name. Read more: [how rules work](faults.md), [all kinds of
faults](reference.md#fault-kinds)."""
CODES = """\
## Status codes

Every code is a scenario that refuses every call with it: `sk-api-mock-1008`, `[[mock:1026]]`, `1002x2`. Sources and
other wordings are in the [reference](reference.md#status-codes)."""
ANY_CODE = ("[a status code](#status-codes)", "every call is refused with it")
WIDTH = 120


def code_rows() -> list[tuple[str, str, str, str]]:
    """Each code once: what it is, the text that comes with it, and whether to retry."""
    first = {reason.code: reason for reason in reversed(REASONS.values())}
    return [
        (f"`{code}`", reason.name.replace("_", " "), f"`{reason.message}`", "yes" if reason.retryable else "no")
        for code, reason in sorted(first.items())
    ]


def effect(file: Path) -> str:
    """The part of a scenario file that has an effect, as it is written there."""
    lines = file.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(("account:", "rules:")))
    return "\n".join(lines[start:])


def usage(scenario: Scenario) -> str:
    """What to write to have it."""
    name = scenario.name
    return f"Key `sk-api-mock-{name}` · prompt `[[mock:{name}]]` · option `--scenario {name}`"


def paragraph(text: str) -> str:
    """`text` in lines of the width that all pages have."""
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def section(scenario: Scenario, file: Path) -> str:
    """Everything about one scenario."""
    return "\n\n".join([
        f"### {scenario.name}",
        paragraph(f"**{scenario.title[0].upper()}{scenario.title[1:]}.** {scenario.reproduces}"),
        paragraph(f"*A good client*: {scenario.good_client}"),
        paragraph(f"*Source*: {scenario.source}"),
        f"```yaml\n{effect(file)}\n```",
        usage(scenario),
    ])  # fmt: skip


def page() -> str:
    """The whole document."""
    files = sorted((fixtures() / "scenarios").iterdir(), key=lambda file: file.stem)
    scenarios = {file: read_file(file) for file in files}
    index = ((f"[{item.name}](#{item.name})", item.title) for item in scenarios.values())
    parts = [
        INTRODUCTION,
        "## All by name",
        table(
            ("scenario", "what the client meets"),
            [ANY_CODE, *index],
        ),
        CODES,
        table(("code", "reason", "`status_msg`", "retry"), code_rows()),
        "## One by one",
        *(section(scenario, file) for file, scenario in scenarios.items()),
    ]
    return "\n\n".join(parts) + "\n"
