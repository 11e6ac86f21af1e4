"""Every rule against a client that breaks it and one that, in the same trouble, does not."""

from __future__ import annotations

import httpx
import pytest

from mock_server import MockAccount
from mock_server.judge import judge
from mock_server.judge.rule import Rule
from mock_server.judge.rules import RULES
from tests.judge import behaviours, jobs, recordings
from tests.judge.behaviours import Act
from tests.judge.client import Client
from tests.judge.exchanges import Log


@pytest.fixture
def client(account: MockAccount, http: httpx.Client) -> Client:
    return Client(account, http)


@pytest.mark.parametrize(("rule", "trouble", "act"), behaviours.BREAKS)
def test_a_client_that_breaks_a_rule_is_told(rule: str, trouble: Act, act: Act, client: Client) -> None:
    trouble(client)
    act(client)
    verdict = client.verdict()
    assert [(finding.rule, finding.level) for finding in verdict.findings] == [(rule, RULES[rule].level)], verdict
    kept = {int(entry["id"]) for entry in client.account.journal()}
    assert verdict.findings[0].exchanges
    assert kept.issuperset(verdict.findings[0].exchanges)
    assert verdict.requests == len(kept)


@pytest.mark.parametrize(("rule", "trouble", "act"), behaviours.KEEPS)
def test_a_client_that_keeps_it_is_accused_of_nothing(rule: str, trouble: Act, act: Act, client: Client) -> None:
    trouble(client)
    act(client)
    assert client.verdict().findings == ()
    assert client.verdict().requests > 0


@pytest.mark.parametrize(("rule", "record"), recordings.BREAKS + jobs.BREAKS)
def test_a_recording_that_breaks_a_rule_is_told(rule: str, record: recordings.Record) -> None:
    log = Log()
    record(log)
    assert [finding.rule for finding in judge(log.exchanges).findings] == [rule]


@pytest.mark.parametrize(("rule", "record"), recordings.KEEPS + jobs.KEEPS)
def test_a_recording_that_keeps_it_is_accused_of_nothing(rule: str, record: recordings.Record) -> None:
    log = Log()
    record(log)
    assert judge(log.exchanges).findings == ()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_explained_and_tried_both_ways(rule: Rule) -> None:
    for text in (rule.summary, rule.explanation, rule.source):
        assert text.strip() == text != ""
    assert rule.summary.endswith(".")
    assert rule.level in {"MUST", "SHOULD"}
    assert rule.name in {row[0] for row in behaviours.BREAKS + recordings.BREAKS + jobs.BREAKS}
    assert rule.name in {row[0] for row in behaviours.KEEPS + recordings.KEEPS + jobs.KEEPS}


def test_the_tables_name_rules_that_exist() -> None:
    rows = behaviours.BREAKS + behaviours.KEEPS + recordings.BREAKS + recordings.KEEPS + jobs.BREAKS + jobs.KEEPS
    assert {row[0] for row in rows} == set(RULES)


def test_a_client_without_a_key_is_judged_too(account: MockAccount, http: httpx.Client) -> None:
    client = Client(account, http)
    before = {exchange.id for exchange in account._state.exchanges("")}
    for _ in range(2):
        client.http.post(f"{account.base_url()}/v1/image_generation", json={"model": "image-01", "prompt": "nobody"})
    verdict = judge([item for item in account._state.exchanges("") if item.id not in before])
    assert [finding.rule for finding in verdict.findings] == ["retried-what-cannot-succeed"]
    assert "1004 (unauthorized)" in verdict.findings[0].message


def test_accounts_are_judged_one_by_one() -> None:
    log = Log()
    for owner in ("alice", "bob", "carol"):
        log.generate(1008, owner=owner)
    assert judge(log.exchanges).findings == ()
    log.generate(1008, owner="bob")
    (finding,) = judge(log.exchanges).findings
    assert finding.exchanges == (2, 4)


def test_the_order_of_the_journal_does_not_matter() -> None:
    log = Log()
    recordings.retries_every_two_seconds(log)
    assert judge(log.exchanges[::-1]) == judge(log.exchanges)


def test_once_a_url_has_expired_there_is_no_other_way_than_to_generate_again() -> None:
    log = Log()
    log.generate(0, recordings.URL)
    log.wait(86_401)
    log.download(status=403, response_body=b"<Error/>")
    log.wait(1)
    log.generate()
    assert [finding.rule for finding in judge(log.exchanges).findings] == ["downloaded-after-expiry"]
