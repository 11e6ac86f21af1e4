"""What a run came to: requests by face and outcome, refused connections, and what the live service would have cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from mock_server.account import Account
from mock_server.core.ledger import usd
from mock_server.journal import Exchange

SECONDS_PER_IMAGE = 25
"""What one image takes the live service (recorded: 22.7 to 25.8 s)."""
SHOWN = 20
"""So many lines, and so many refused hosts, are printed."""
SHOWN_PATH = 80


class Line(Struct, frozen=True):
    """Requests of one face to one endpoint: how many had which outcome."""

    face: str
    endpoint: str
    outcomes: dict[str, int]


class Summary(Struct, frozen=True):
    """The whole run. Of `requests`, those `forgotten` are not in `lines`, as the journal no longer had them."""

    requests: int
    forgotten: int
    lines: tuple[Line, ...]
    refused: dict[str, int]
    images: int
    saved_usd: float
    saved_seconds: int


def summarise(exchanges: Iterable[Exchange], accounts: Iterable[Account], refused: Sequence[str]) -> Summary:
    """The summary of these requests, of what the accounts were charged, and of the hosts that were refused."""
    outcomes: dict[tuple[str, str], Counter[str]] = {}
    kept = last = 0
    for exchange in exchanges:
        place = (exchange.face or "other", exchange.endpoint or _path(exchange.target))
        outcomes.setdefault(place, Counter())[outcome(exchange)] += 1
        kept, last = kept + 1, max(last, exchange.id)
    ledgers = [account.ledger for account in accounts]
    images = sum(ledger.images for ledger in ledgers)
    return Summary(
        requests=last,
        forgotten=last - kept,
        lines=tuple(Line(face, endpoint, dict(counts)) for (face, endpoint), counts in outcomes.items()),
        refused=dict(Counter(refused)),
        images=images,
        saved_usd=usd(sum(ledger.spent for ledger in ledgers)),
        saved_seconds=images * SECONDS_PER_IMAGE,
    )


def outcome(exchange: Exchange) -> str:
    """``ok``, the reason of a refusal, or an HTTP status that has none; with what was done to it on purpose."""
    said = exchange.reason or ("ok" if exchange.status < 400 and not exchange.code else f"HTTP {exchange.status}")
    return said if exchange.whole else f"{said}, cut off"


def text(summary: Summary, ended: str) -> list[str]:
    """The lines that are printed; `ended` says how the command did."""
    number = summary.requests
    lines = [f"minimax-mock: {ended}; {number or 'no'} request{'s' * (number != 1)} reached the emulator"]
    rows = [(line.face, line.endpoint, _counts(line.outcomes)) for line in summary.lines[:SHOWN]]
    rest = sum(sum(line.outcomes.values()) for line in summary.lines[SHOWN:])
    rows += [("", f"and {rest} to other paths", "")] if rest else []
    rows += [("", f"and {summary.forgotten} that the journal has forgotten", "")] if summary.forgotten else []
    if summary.refused:
        hosts = [f"{host} ({times})" if times > 1 else host for host, times in summary.refused.items()]
        more = f" and {len(hosts) - SHOWN} more" if len(hosts) > SHOWN else ""
        rows.append(("refused", ", ".join(hosts[:SHOWN]) + more, ""))
    if summary.images:
        images = f"{summary.images} image{'s' * (summary.images != 1)}"
        waiting = f"about {duration(summary.saved_seconds)} of waiting"
        rows.append(("saved", f"{images}, ${summary.saved_usd:,.4f} at live prices, {waiting}", ""))
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows if row[2]), default=0)
    return lines + [f"  {face:{first}}  {what:{second}}  {counts}".rstrip() for face, what, counts in rows]


def duration(seconds: float) -> str:
    """``50 s``, ``1 min 40 s``, ``2 h 5 min``."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _path(target: bytes) -> str:
    """The path of a request that no face knows, safe to print."""
    path = target.decode("latin-1").partition("?")[0]
    return "".join(char if char.isprintable() else "?" for char in path[:SHOWN_PATH])


def _counts(outcomes: dict[str, int]) -> str:
    return " · ".join(f"{times} {said}" for said, times in outcomes.items())
