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
    from contract_tests.faces.interface import Face
    from contract_tests.recording.folder import Folder
    from contract_tests.targets.choice import Choice

RESULT = "minimax_check"
"""The user property of a test report that holds what a check came to."""
EXAMPLES = 25


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("minimax", "contract tests of clients of the MiniMax image API")
    group.addoption("--minimax-client", metavar="ADAPTER", help="The client: an adapter (docs/adapters.md).")
    group.addoption("--minimax-face", default="minimax", metavar="FACE", help="The dialect that it speaks.")
    group.addoption("--minimax-target", default="emulator", metavar="TARGET", help="emulator, live, both or a URL.")
    group.addoption("--minimax-url", metavar="URL", help="With both: this server in place of the live service.")
    group.addoption("--minimax-region", metavar="io|cn", help="Of the live service; io unless given.")
    group.addoption("--minimax-max-spend", type=float, metavar="USD", help="Never spend more; live needs it.")
    group.addoption("--minimax-profile", default="all", metavar="NAME", help="A profile of the emulator, or all.")
    group.addoption("--minimax-level", default="all", choices=["must", "all"], help="Which checks: must, or all.")
    group.addoption("--minimax-max-examples", default=EXAMPLES, type=int, metavar="N", help="Cases for each check.")
    group.addoption("--minimax-seed", default=None, type=int, metavar="N", help="Decides every draw.")
    group.addoption("--minimax-report", default=None, metavar="DIR", help="Write index.html, junit.xml, report.json.")
    group.addoption("--minimax-record", default=None, metavar="DIR", help="Write each exchange with a service.")


def pytest_configure(config: pytest.Config) -> None:
    """Choose a seed, which all workers of a distributed run share."""
    if not config.getoption("--minimax-client"):
        return
    _choose(config)
    if config.option.minimax_seed is None:
        shared = getattr(config, "workerinput", {}).get("minimax_seed")
        config.option.minimax_seed = random.getrandbits(32) if shared is None else shared
    from contract_tests.report.collector import Collector

    config.pluginmanager.register(Collector(config), "minimax_collector")


def _choose(config: pytest.Config) -> Choice:
    """The target that the options mean."""
    from contract_tests.targets.choice import ChoiceError, check_face, check_record, choose

    said = config.option
    try:
        choice = choose(
            said.minimax_target, url=said.minimax_url, region=said.minimax_region,
            max_spend=said.minimax_max_spend, profile=said.minimax_profile,
        )  # fmt: skip
        check_face(said.minimax_face, said.minimax_target)
        check_record(said.minimax_record, said.minimax_target)
    except ChoiceError as error:
        raise pytest.UsageError(str(error)) from None
    distributed = hasattr(config, "workerinput") or getattr(said, "dist", "no") != "no"
    if choice.kind != "emulator" and distributed:
        raise pytest.UsageError("what a service costs can only be limited in one process: leave -n out")
    return choice


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
    """Leave out what was not asked for; what is free goes before what costs."""
    if not config.getoption("--minimax-client"):
        return
    only_musts, twin = config.getoption("--minimax-level") == "must", config.getoption("--minimax-target") == "both"

    def wanted(check: Check | None) -> bool:
        return check is None or ((check.level == "MUST" or not only_musts) and (twin or "twin" not in check.needs))

    if left_out := [item for item in items if not wanted(_check(item))]:
        config.hook.pytest_deselected(items=left_out)
    kept = [item for item in items if wanted(_check(item))]
    if config.getoption("--minimax-target") != "emulator":
        kept.sort(key=_turn)
    items[:] = kept


def _turn(item: pytest.Item) -> tuple[bool, int]:
    """When a check is carried out on a service: what is free first, and what cannot be last."""
    check = _check(item)
    return (True, 0) if check is None else ("injection" in check.needs, check.cost)


def pytest_report_collectionfinish(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    """What a service will be asked, and what that costs."""
    if not config.getoption("--minimax-client"):
        return []
    from contract_tests.targets.plan import plan

    return plan([check for item in items if (check := _check(item)) is not None], _choose(config))


@pytest.fixture(scope="session")
def minimax_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The bench of this run: one adapter, one target."""
    from contract_tests.adapters.resolve import resolve
    from contract_tests.bench import Bench
    from contract_tests.targets.choice import opened

    options = request.config.option
    if not options.minimax_client:
        msg = "say which client to test: --minimax-client ADAPTER (docs/adapters.md)"
        raise pytest.UsageError(msg)
    face = _face(options.minimax_face)
    choice = _choose(request.config)
    notice = None if options.minimax_record is None else _folder(options.minimax_record, choice).add
    target = opened(
        choice, seed=options.minimax_seed, profile=options.minimax_profile, face=face, notice=notice
    )  # fmt: skip
    try:
        adapter = resolve(options.minimax_client)
        try:
            profiles = target.profiles(options.minimax_profile)
            examples = options.minimax_max_examples
            yield Bench(adapter, target, seed=options.minimax_seed, max_examples=examples, profiles=profiles, face=face)
        finally:
            adapter.close()
    finally:
        target.close()


def _folder(path: str, choice: Choice) -> Folder:
    """Where exchanges are written."""
    from pathlib import Path

    from contract_tests.recording.folder import Folder, FolderError

    try:
        return Folder(Path(path), f"minimax-mock check --record, {choice.url}", [choice.key])
    except FolderError as error:
        raise pytest.UsageError(str(error)) from None


def _face(name: str) -> Face:
    """The dialect of that name."""
    from contract_tests.faces.table import FACES
    from mock_server.nearest import nearest

    if name not in FACES:
        raise pytest.UsageError(f"unknown face {name!r}; {nearest(name, FACES)}")
    return FACES[name]


@pytest.fixture
def bench(minimax_bench: Bench, request: pytest.FixtureRequest) -> Bench:
    """The bench, made ready for one check; skips a check that could say nothing of this client."""
    check: Check = request.function.check
    reason = minimax_bench.cannot_try(check)
    if reason:
        pytest.skip(reason)
    minimax_bench.begin(check.id)
    return minimax_bench


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


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What was sent to a service, and spent."""
    collector = config.pluginmanager.get_plugin("minimax_collector")
    if collector is not None and collector.bill:
        terminalreporter.write_line(f"minimax: {collector.bill}")
