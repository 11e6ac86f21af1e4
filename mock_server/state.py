"""All that changes while the emulator runs, behind atomic operations.

``State`` is the seam: a caller never sees a lock, a dictionary or a counter, so that another implementation can share
the state between processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from mock_server.account import Account
from mock_server.album import Album
from mock_server.clock import Clock
from mock_server.core.reasons import Refusal
from mock_server.faults.plan import Call, Hit
from mock_server.faults.rule import Rule
from mock_server.faults.scenario import Scenario
from mock_server.faults.stages import Stage
from mock_server.feed import Watch
from mock_server.jobs import JobBook
from mock_server.journal import Exchange
from mock_server.prompt_plan import PromptPlan
from mock_server.uploads import UploadShelf


class State(Protocol):
    """The operations that faces, dispatch and admin are written against; each is atomic."""

    clock: Clock
    """The clock that every account's clock runs on."""
    jobs: JobBook
    """Queued jobs."""
    uploads: UploadShelf
    """Files that clients have uploaded."""

    def account(self, name: str, *, named: bool = False) -> Account:
        """The account of a key, or of a name in a path; made on first use."""

    def known(self, name: str) -> Account | None:
        """The account of that key, name or label, if there is one."""

    def accounts(self) -> list[Account]:
        """Every account, oldest first."""

    def ordinal(self, account: Account, fingerprint: bytes) -> int:
        """How often the account sent this body before."""

    def admit(self, account: Account, now: float, model: str | None, images: int) -> Refusal | None:
        """Count a call against the rate limits, or refuse it; then refuse what the token plan does not have."""

    def release(self, account: Account, now: float, images: int) -> None:
        """Take back the call that was admitted at `now` for `images`, where refused calls do not count."""

    def charge(self, account: Account, now: float, price: int, images: int) -> bool:
        """Take the price of `images`, or nothing and False."""

    def refund(self, account: Account, now: float, price: int, images: int) -> None:
        """Give back what `charge` took at `now`."""

    def change(self, account: Account, changes: Mapping[str, Any]) -> None:
        """Change settings of one account."""

    def change_all(self, changes: Mapping[str, Any]) -> None:
        """Change settings of every account, present and future."""

    def rules(self, account: Account | None) -> list[dict[str, Any]]:
        """The fault rules of one account with what has come of them, or those that every account starts with."""

    def add_rules(self, account: Account | None, rules: Sequence[Rule]) -> list[str]:
        """Add fault rules to one account or to all, present and future; their ids."""

    def set_rules(self, account: Account | None, rules: Sequence[Rule]) -> list[str]:
        """Replace the fault rules of one account or of all."""

    def remove_rule(self, account: Account | None, number: str) -> bool:
        """Take out the rule with that id; False when there is none."""

    def pause_rules(self, account: Account | None, paused: bool | None = None) -> bool:
        """Let the fault rules of one account, or of all, present and future, rest or work again; None changes nothing.

        Gives whether they rest: without an account, those of an account that is still to come.
        """

    def load(self, account: Account | None, scenario: Scenario) -> list[str]:
        """Apply a scenario to one account or to all: its settings, and its rules before those there are; their ids."""

    def prompt_plan(self, account: Account, prompt: str, name: str) -> PromptPlan | str:
        """What a magic prompt asks for, or what is wrong with it."""

    def has_fault(self, account: Account, stage: Stage, call: Call) -> bool:
        """Whether a rule has a fault of `stage` for such a call; counts nothing."""

    def take_fault(self, account: Account, stage: Stage, call: Call, subject: Any) -> Hit | None:
        """The fault of `stage` that fires for a call; counted at once."""

    def move_clock(self, clock: Clock, *, advance: float | None = None, freeze: bool | None = None) -> None:
        """Advance, stop or let go one account's clock, or the one that all run on."""

    def describe(self, account: Account, *, usage: bool = False) -> dict[str, Any]:
        """One account as the admin API shows it; or `usage`, what was counted against its limits, and when."""

    def remember(self, key: str, album: Album) -> None:
        """Keep the images of one answer under what their URLs share."""

    def album(self, key: str) -> Album | None:
        """The images under that key, if still kept."""

    def next_exchange(self) -> int:
        """A number for a new journal entry."""

    def append(self, exchange: Exchange) -> None:
        """Write one journal entry; never raises."""

    def exchanges(self, owner: str | None = None) -> Iterator[Exchange]:
        """Journal entries of one account or of all, oldest first."""

    def exchange(self, number: int) -> Exchange | None:
        """One journal entry, if still kept."""

    def clear_journal(self, owner: str | None = None) -> None:
        """Forget the journal of one account or of all."""

    def watch(self, owner: str | None, wake: Callable[[], None], since: int | None = None) -> Watch:
        """Follow the journal of one account or of all; `wake` is called, from any thread, when there is news."""

    def end_watches(self) -> None:
        """Let every watch end, because the server stops."""

    def reset(self, account: Account | None = None) -> None:
        """Put one account, or everything, back to how it started."""
