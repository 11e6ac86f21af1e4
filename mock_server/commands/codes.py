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

    from mock_server.commands.output import print_json, table
    from mock_server.core.reasons import REASONS
    from mock_server.faces.minimax.errors import WORDINGS

    if as_json:
        wordings = [{"rule": name} | msgspec.to_builtins(wording) for name, wording in WORDINGS.items()]
        print_json({"codes": msgspec.to_builtins(list(REASONS.values())), "invalid_params": wordings})
        return
    rows = [
        (
            str(reason.code),
            reason.name,
            " | ".join((reason.message, *reason.also)),
            "yes" if reason.retryable else "no",
            reason.grade,
            reason.source,
        )
        for reason in REASONS.values()
    ]
    table(("!code", "!reason", "status_msg", "!retry", "!grade", "source"), rows, title="Status codes")
    rules = [(name, wording.text, wording.grade, wording.source) for name, wording in WORDINGS.items()]
    table(("!rule", "wording", "!grade", "source"), rules, title="2013: invalid params, ...")
