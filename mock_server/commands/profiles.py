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

    from mock_server.commands.output import print_json, table
    from mock_server.core.profile import PROFILES, SWITCHES, differences

    if as_json:
        print_json({"profiles": msgspec.to_builtins(PROFILES), "switches": msgspec.to_builtins(SWITCHES)})
        return
    rows = [(name, differences(profile)) for name, profile in PROFILES.items()]
    table(("!profile", "differs from io in"), rows, title="Profiles")
    switches = [(item.field, " | ".join(item.answers), item.question, item.source) for item in SWITCHES]
    table(("!switch", "answers", "question", "evidence"), switches, title="Switches (first answer: default)")
