"""Write docs/reference.md from the tables that the program itself uses: settings, profiles, codes, wordings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mock_server.claims import Claim, of_reasons, of_switches, of_wordings
from mock_server.core.endpoints import ENDPOINTS
from mock_server.core.hosts import LIVE_HOSTS
from mock_server.core.models import MODELS, RATIOS, Model
from mock_server.core.profile import PROFILES, SWITCHES, differences
from mock_server.core.reasons import REASONS, Reason
from mock_server.core.safety import WORDS
from mock_server.faces.minimax.errors import WORDINGS
from mock_server.faults.kinds import KINDS, about
from mock_server.faults.parameters import parameter_rows
from mock_server.faults.stages import STAGES, Stage
from mock_server.intercept.environment import CLIENT_SETTINGS, KEY
from mock_server.intercept.trust import BESIDES, INSTEAD, JAVA
from mock_server.settings import ABOUT, ENV_PREFIX, FIELDS

TARGET = Path(__file__).parent.parent / "docs" / "reference.md"
EFFECTS = {
    "input": "1026, nothing generated",
    "output": "1027, nothing delivered",
    "partial": "the last of n images is blocked",
    "all": "every image is blocked, status 0",
}
SETTINGS_TEXT = """\
Those *per account* are what a new account starts with; change them with `PATCH /_mock/account`,
`account.configure(...)`, the pytest marker or the accounts file."""
PROFILES_TEXT = """\
What is unknown about the live service, or varies in what was recorded of it, is a switch. A profile gives every switch
an answer; the default is `io`. `PATCH /_mock/account` also takes `{"profile": {switch: answer}}`."""
CODES_TEXT = """\
Each row is a [claim](fidelity.md), which also says what rests on it. The same table: `minimax-mock codes`."""

RUN_TEXT = """\
Settings of known clients, each set only if the command has none of its own ([what the ways cover](run.md)). `{url}` is
where the emulator listens."""

FAULTS_TEXT = """\
What a rule's `fault` can be ([how rules work](faults.md)), in the order in which an answer goes through the stages. Of
each stage at most one fault acts on an answer."""


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""

    def line(cells: Iterable[object]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    head = list(columns)
    return "\n".join([line(head), line("---" for _ in head), *map(line, rows)])


def known(claim: Claim | None) -> tuple[str, str, str]:
    """Grade, source and id of a claim, which is explained on its own page."""
    if claim is None:
        return "", "the emulator's own", ""
    return claim.grade, claim.source, f"[{claim.id}](fidelity.md#{claim.id})"


def switch_table(prefix: str = "") -> str:
    """The switches whose names begin with `prefix`, each with what is known."""
    claims = of_switches()
    return table(("switch", "answers (first: default)", "question", "grade", "evidence", "claim"), (
        (f"`{row.field}`", listed(row.answers), row.question, *known(claims[row.field]))
        for row in SWITCHES if row.field.startswith(prefix)
    ))  # fmt: skip


def worded(reason: Reason) -> str:
    """Every text of a reason, the one that is sent first."""
    return "<br>".join(f"`{text}`" for text in (reason.message, *reason.also))


def listed(words: Iterable[str]) -> str:
    """Words of a program, one after the other."""
    return ", ".join(f"`{word}`" for word in words)


def shown(template: str) -> str:
    """A value of a client's setting; nothing where it is not set."""
    return f"`{template.replace('{key}', KEY)}`" if template else ""


def abilities(model: Model) -> tuple[bool, bool, bool]:
    """What sets models apart."""
    return model.custom_size, model.ultrawide, model.styles


def stage_section(stage: Stage) -> str:
    """The kinds of one stage with their parameters."""
    parts = [f"### {stage.capitalize()}: {STAGES[stage]}"]
    for kind, parameters in KINDS.items():
        if parameters.stage == stage:
            where = "" if parameters.endpoints == ENDPOINTS else f" ({', '.join(parameters.endpoints)} only)"
            parts.append(f"**`{kind}`**{where}: {about(parameters)}")
            rows = parameter_rows(parameters)
            if rows:
                parts.append(table(("parameter", "value", "default", "meaning"), rows))
    return "\n\n".join(parts)


def page() -> str:
    """The whole document."""
    reasons, wordings = of_reasons(), of_wordings()
    settings = (
        (
            f"`--{name.replace('_', '-')}`",
            f"`{ENV_PREFIX}{name.upper()}`",
            "" if FIELDS[name].default in {"", None} else FIELDS[name].default,
            "yes" if about.per_account else "",
            about.help,
        )
        for name, about in ABOUT.items()
    )
    parts = [
        "# Reference",
        "Made by `make docs` from the tables that the program uses; a test keeps it current.",
        "## Settings",
        SETTINGS_TEXT,
        table(("option of `serve`", "environment", "default", "per account", "meaning"), settings),
        "## Models and sizes",
        table(("model", "price per image", "width/height", "21:9 on the cn page", "style"), (
            (f"`{m.name}`", f"${m.price_micro_usd / 1e6:.4f}", *(("no", "yes")[has] for has in abilities(m)))
            for m in MODELS.values()
        )),
        table(("aspect_ratio", "pixels"), ((f"`{ratio}`", f"{w}x{h}") for ratio, (w, h) in RATIOS.items())),
        "## Profiles",
        PROFILES_TEXT,
        switch_table(),
        table(("profile", "differs from `io` in"), ((f"`{name}`", differences(p)) for name, p in PROFILES.items())),
        "## Status codes",
        CODES_TEXT,
        table(("code", "reason", "`status_msg`", "retry", "body", "grade", "source", "claim"), (
            (r.code, r.name, worded(r), "yes" if r.retryable else "no", r.tier,
             *known(reasons[r.name])) for r in REASONS.values()
        )),
        "### Code 2013, rule by rule",
        table(("rule", "after `invalid params, `", "grade", "source", "claim"), (
            (rule, f"`{w.text}`", *known(wordings.get(rule))) for rule, w in WORDINGS.items()
        )),
        "## Fault kinds",
        FAULTS_TEXT,
        *(stage_section(stage) for stage in STAGES),
        "## Content safety by words",
        "One of these words in the prompt has the effect; for everything else there are [scenarios](scenarios.md).",
        table(("in the prompt", "effect"), ((f"`{word}`", EFFECTS[verdict]) for word, verdict in WORDS.items())),
        "## What `run` sets",
        RUN_TEXT,
        table(("variable", "`--via env`, and `env`", "`--via proxy`, `--via sandbox`", "for"), (
            (f"`{item.name}`", *(shown(value) for value in (item.local, item.live)), item.clients)
            for item in CLIENT_SETTINGS
        )),
        f"With TLS, the public certificates and ours are named in {listed(INSTEAD)} and `{JAVA}`.",
        f"Ours alone is named in {listed(BESIDES)}.",
        f"These hosts are redirected: {listed(LIVE_HOSTS)}.",
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"
