"""``minimax-mock codes``."""

from __future__ import annotations

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def codes(as_json: bool) -> None:
    """List every status code.

    Its message, whether to retry, and how well it is known.

    \b
    minimax-mock codes
    minimax-mock codes --json | jq '.codes[] | select(.retryable) | .code'
    """
    import msgspec

    from mock_server.claims import evidence, of_reasons, of_wordings
    from mock_server.commands.output import print_json, table
    from mock_server.core.reasons import REASONS
    from mock_server.faces.minimax.errors import WORDINGS

    said = {name: evidence(claim) for name, claim in of_reasons().items()}
    worded = of_wordings()
    wordings = [{"rule": name, "text": row.text, **evidence(worded.get(name))} for name, row in WORDINGS.items()]
    if as_json:
        print_json({"codes": [msgspec.to_builtins(row) | said[name] for name, row in REASONS.items()],
                    "invalid_params": wordings})  # fmt: skip
        return
    rows = [
        (
            str(reason.code),
            reason.name,
            " | ".join((reason.message, *reason.also)),
            "yes" if reason.retryable else "no",
            *(said[reason.name][word] or "" for word in ("grade", "source", "claim")),
        )
        for reason in REASONS.values()
    ]
    table(("!code", "!reason", "status_msg", "!retry", "!grade", "source", "claim"), rows, title="Status codes")
    rules = [[row[word] or "" for word in ("rule", "text", "grade", "source", "claim")] for row in wordings]
    table(("!rule", "wording", "!grade", "source", "claim"), rules, title="2013: invalid params, ...")
