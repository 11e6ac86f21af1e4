"""Write docs/verdict.md from the rules that the program uses."""

from __future__ import annotations

from pathlib import Path

from mock_server.judge.attempts import WINDOW
from mock_server.judge.rules import RULES
from tools.generate_reference import table

TARGET = Path(__file__).parent.parent / "docs" / "verdict.md"
USE = f"""\
Let your client work against the emulator, however it likes, and ask what it did wrong. The journal is all that is
looked at, so the client may be written in any language.

```
minimax-mock verdict          # a table; exit code 1 if a MUST is broken
GET /_mock/verdict            # {{"findings":[{{"rule","level","message","exchanges",...}}],"requests":N}}
account.verdict()             # in Python
```

**MUST** is wrong against the live service too: money, keys or calls are lost. **SHOULD** may be meant so.

A request counts as a *repetition* when the same account sent the same again (host, key and body included) within
{WINDOW:g} seconds after an answer that was no success. Pauses are measured on the account's clock, or in real time
where that gives the longer pause. Calls that overlap are no repetitions. A person, or another test, that sends the same
within the minute cannot be told from a retry: give each test an account of its own."""
COLUMNS = ("rule", "level", "what the client did, what the live service does, what to do instead", "source")


def page() -> str:
    """The whole document."""
    rules = ((f"`{rule.name}`", rule.level, rule.explanation, rule.source) for rule in RULES.values())
    parts = [
        "# The verdict",
        "Made by `make docs` from the rules that the program uses; a test keeps it current.",
        USE,
        table(
            ("rule", "level", "what the client did, what the live service does, what to do instead", "source"), rules
        ),
    ]
    return "\n\n".join(parts) + "\n"
