"""``pytest --pyargs contract_tests --minimax-client ...``: options, the bench, and what each check came to.

Every pytest run where this is installed imports it, so it imports nothing that it may not need.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract_tests.bench import Bench
    from contract_tests.checks import Check

RESULT = "minimax_check"
"""The user property of a test report that holds what a check came to."""
EXAMPLES = 25


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("minimax", "contract tests of clients of the MiniMax image API")
    group.addoption("--minimax-client", metavar="ADAPTER", help="The client: an adapter (docs/adapters.md).")
    group.addoption("--minimax-target", default="emulator", metavar="TARGET", help="emulator (default).")
    group.addoption("--minimax-profile", default="all", metavar="NAME", help="A profile of the emulator, or all.")
    group.addoption("--minimax-level", default="all", choices=["must", "all"], help="Which checks: must, or all.")
    group.addoption("--minimax-max-examples", default=EXAMPLES, type=int, metavar="N", help="Cases for each check.")
    group.addoption("--minimax-seed", default=None, type=int, metavar="N", help="Decides every draw.")
    group.addoption("--minimax-report", default=None, metavar="DIR", help="Write index.html, junit.xml, report.json.")


def pytest_configure(config: pytest.Config) -> None:
    """Choose a seed, which all workers of a distributed run share."""
    if not config.getoption("--minimax-client"):
        return
    if config.option.minimax_seed is None:
        shared = getattr(config, "workerinput", {}).get("minimax_seed")
        config.option.minimax_seed = random.getrandbits(32) if shared is None else shared
    from contract_tests.report.collector import Collector

    config.pluginmanager.register(Collector(config), "minimax_collector")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give a worker the seed."""
    node.workerinput["minimax_seed"] = node.config.option.minimax_seed


def pytest_report_header(config: pytest.Config) -> str | None:
    """What is tried, and the seed that repeats it."""
    client = config.getoption("--minimax-client")
    return f"minimax: {client}, seed {config.option.minimax_seed}" if client else None


def _check(item: pytest.Item) -> Check | None:
    found: Check | None = getattr(getattr(item, "function", None), "check", None)
    return found


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let ``-k`` find a check by its id."""
    check = _check(item)
    if check is not None:
        item.extra_keyword_matches.update({check.id, check.level})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the level does not ask for."""
    if config.getoption("--minimax-level") != "must":
        return
    left_out = [item for item in items if (check := _check(item)) is not None and check.level != "MUST"]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def minimax_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The bench of this run: one adapter, one target."""
    from contract_tests.adapters.resolve import resolve
    from contract_tests.bench import Bench
    from contract_tests.targets.emulator import Emulator

    options = request.config.option
    if not options.minimax_client:
        msg = "say which client to test: --minimax-client ADAPTER (docs/adapters.md)"
        raise pytest.UsageError(msg)
    target = Emulator(options.minimax_seed)
    try:
        adapter = resolve(options.minimax_client)
        try:
            profiles = target.profiles(options.minimax_profile)
            examples = options.minimax_max_examples
            yield Bench(adapter, target, seed=options.minimax_seed, max_examples=examples, profiles=profiles)
        finally:
            adapter.close()
    finally:
        target.close()


@pytest.fixture
def bench(minimax_bench: Bench, request: pytest.FixtureRequest) -> Bench:
    """The bench, made ready for one check; skips a check that could say nothing of this client."""
    check: Check = request.function.check
    reason = _why_not(check, minimax_bench)
    if reason:
        pytest.skip(reason)
    minimax_bench.begin(check.id)
    return minimax_bench


def _why_not(check: Check, bench: Bench) -> str:
    for field in check.fields:
        if not bench.can_send(field):
            return f"the client cannot send {field}"
    if "injection" in check.needs and not bench.target.injects:
        return f"needs faults, which {bench.target.name} does not have"
    if "describes" in check.needs and not bench.adapter.describes:
        return "the client does not describe its errors"
    if "sockets" in check.needs and not bench.adapter.process_ids:
        return "each call has a process of its own"
    if "images" in check.needs and bench.hands_on_urls:
        return "the client leaves downloading to its user"
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Attach what a check came to, in a form that travels between processes."""
    report = yield
    check = _check(item)
    if check is None or not (report.when == "call" or (report.when == "setup" and not report.passed)):
        return report
    from contract_tests.report.collector import as_text, result_of

    error = call.excinfo.value if call.excinfo else None
    result = result_of(check, report, error, getattr(item, "funcargs", {}).get("bench"), item.config)
    report.user_properties.append((RESULT, as_text(result)))
    return report
