"""``minimax-mock profiles``."""

from __future__ import annotations

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def profiles(as_json: bool) -> None:
    """List the profiles and what they switch.

    They are answers to what is unknown or varies in the live service.

    \b
    minimax-mock profiles
    minimax-mock serve --profile counts-as-integers
    minimax-mock account set profile=cn --key my-key
    """
    import msgspec

    from mock_server.claims import evidence, of_switches
    from mock_server.commands.output import print_json, table
    from mock_server.core.profile import PROFILES, SWITCHES, differences

    known = of_switches()
    if as_json:
        answered = [msgspec.to_builtins(item) | evidence(known[item.field]) for item in SWITCHES]
        print_json({"profiles": msgspec.to_builtins(PROFILES), "switches": answered})
        return
    rows = [(name, differences(profile)) for name, profile in PROFILES.items()]
    table(("!profile", "differs from io in"), rows, title="Profiles")
    switches = [
        (item.field, " | ".join(item.answers), item.question, claim.grade, claim.source, claim.id)
        for item in SWITCHES for claim in (known[item.field],)
    ]  # fmt: skip
    columns = ("!switch", "answers", "question", "!grade", "evidence", "claim")
    table(columns, switches, title="Switches (first answer: default)")
