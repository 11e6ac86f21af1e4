"""``minimax-mock drift``."""

from __future__ import annotations

from typing import Any

import click

from mock_server.commands.errors import CouldNotRunError


@click.command()
@click.option("--target", default="live", metavar="live|URL", show_default=True,
              help="What is compared with the emulator. The key is that in MINIMAX_API_KEY.")  # fmt: skip
@click.option("--region", type=click.Choice(["io", "cn"]), default="io", show_default=True,
              help="The site of the live service; for a URL, the one that it should be like.")  # fmt: skip
@click.option("--max-spend", type=float, metavar="USD",
              help="Never spend more than that. Default: 0 for the live service, that is only calls that cannot cost "
                   "anything; 0.07 for a URL.")  # fmt: skip
@click.option("--rpm", type=click.IntRange(1, 10_000), default=10, show_default=True, metavar="N",
              help="Never make more calls a minute than that.")  # fmt: skip
@click.option(
    "--report", metavar="DIR", help="Write drift.json and index.html; the next run starts with what is stale."
)
@click.option("--write-profile", metavar="FILE", help="Save the profile that matches, for `serve --profile FILE`.")
@click.option("--plan", "only_plan", is_flag=True, help="Show what would be done and what it costs, and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print drift.json instead of text.")
def drift(**options: Any) -> None:
    """Does the live service still behave as the emulator claims?

    Makes the fewest calls that decide the most claims, free ones first, to the service and to the emulator, and
    compares status, headers, bodies, wording, images, URLs and limits. Each claim is confirmed, contradicted, or could
    not be looked at. The plan and its price come first.

    \b
    minimax-mock drift                                        # free: refusals only; MINIMAX_API_KEY in the environment
    minimax-mock drift --max-spend 0.02 --report drift        # some images too
    minimax-mock drift --target https://gateway.example --max-spend 0.02
    minimax-mock drift --max-spend 0.05 --write-profile live.yaml
    minimax-mock serve --profile live.yaml

    Exit status: 0 all that was decided is confirmed, 1 a claim is contradicted, 2 nothing was decided. What each claim
    rests on: docs/fidelity.md.
    """
    from contract_tests.drift.command import NothingToCompareError, Wishes, compare
    from mock_server.claims import claims
    from mock_server.core.profile import SWITCHES
    from mock_server.profile_file import as_text

    switches = {switch.field: switch.answers for switch in SWITCHES}
    try:
        status = compare(claims(), switches, as_text, Wishes(**options))
    except NothingToCompareError as error:
        raise CouldNotRunError(str(error)) from None
    raise SystemExit(status)
