"""What a test is told when its client did not do what it should; every failure text as it is read."""

from __future__ import annotations

import re

import pytest

from mock_server import MockAccount, MockServer
from mock_server.strict import InvalidError
from tests.wire import Generate


def said(account: MockAccount, **expected: object) -> str:
    with pytest.raises(AssertionError) as error:
        account.assert_called(**expected)  # type: ignore[arg-type]
    return re.sub(r"#\d+", "#N", str(error.value))


@pytest.fixture
def three_calls(generate: Generate, account: MockAccount) -> MockAccount:
    account.add_fault("status_code", code=1002, times=1)
    generate(prompt="a dog")
    generate(prompt="a dog", n=2)
    generate(prompt="a cat", n=3)
    return account


def test_what_happened_is_not_complained_about(three_calls: MockAccount) -> None:
    three_calls.assert_called()
    three_calls.assert_called(times=3)
    three_calls.assert_called(prompt="a c*", n=3)
    three_calls.assert_called(prompt="a dog", times=2)
    three_calls.assert_called(status_code=1002, fault="status_code", times=1)
    three_calls.assert_called(endpoint="download", times=0)


def test_the_nearest_miss_comes_first(three_calls: MockAccount) -> None:
    assert said(three_calls, prompt="*cat*", n=2, status_code=0) == (
        "expected at least one exchange with endpoint='generate' prompt='*cat*' n=2 status_code=0, got 0 of 3\n"
        "  #N generate 'a dog' → 0: prompt is 'a dog', not '*cat*'\n"
        "  #N generate 'a cat' → 0: n is 3, not 2\n"
        "  #N generate 'a dog' → 1002: prompt is 'a dog', not '*cat*'; n is 1, not 2; status_code is 1002, not 0"
    )


def test_too_many_are_shown_too(three_calls: MockAccount) -> None:
    assert said(three_calls, prompt="a dog", times=1) == (
        "expected 1 exchange with endpoint='generate' prompt='a dog', got 2 of 3\n"
        "  #N generate 'a dog' → 1002 matches\n"
        "  #N generate 'a dog' → 0 matches\n"
        "  #N generate 'a cat' → 0: prompt is 'a cat', not 'a dog'"
    )


def test_nothing_at_all(account: MockAccount) -> None:
    assert said(account) == "expected at least one exchange with endpoint='generate', got 0 of 0"


def test_only_the_nearest_few_are_shown(generate: Generate, account: MockAccount) -> None:
    for number in range(8):
        generate(prompt=f"p{number}")
    lines = said(account, prompt="q").splitlines()
    assert len(lines) == 7
    assert lines[-1] == "  and 3 more"


def test_the_vocabulary_is_that_of_rules(account: MockAccount) -> None:
    with pytest.raises(InvalidError, match="unknown field 'promt'; did you mean 'prompt'"):
        account.assert_called(promt="x")
    with pytest.raises(InvalidError, match="status_code: cannot be 1003; did you mean '1002'"):
        account.journal(status_code=1003)
    with pytest.raises(InvalidError, match="face 'minimax' has no endpoint 'submit'"):
        account.assert_called(face="minimax", endpoint="submit")


def test_handles_say_what_is_wrong(account: MockAccount, minimax_mock_server: MockServer) -> None:
    with pytest.raises(ValueError, match="no scenario '1002-x'; did you mean '1002'"):
        account.scenario("1002-x")
    with pytest.raises(ValueError, match="cannot read the scenario file 'no/such"):
        account.scenario("no/such.yaml")
    with pytest.raises(ValueError, match="has no effect: give `rules`, `account` or both"):
        account.scenario({"title": "nothing"})
    with pytest.raises(KeyError, match="99999"):
        account.remove_fault("99999")
    with pytest.raises(ValueError, match="no scenario 'nix'"):
        minimax_mock_server.account(scenario="nix")
    with pytest.raises(ValueError, match="no scenario 'nix'"):
        MockServer(scenario="nix")


@pytest.mark.minimax_mock(scenario=["1002x1", "partial-failure"], balance_usd=1)
def test_the_marker_takes_scenarios(generate: Generate, account: MockAccount) -> None:
    generate(n=2)
    answer = generate(n=2).json()
    account.assert_called(status_code=1002, times=1)
    assert answer["metadata"] == {"failed_count": "1", "success_count": "1"}
    assert account.describe()["balance_usd"] < 1


def test_rules_can_be_looked_at_and_taken_out(generate: Generate, account: MockAccount) -> None:
    first = account.add_fault("status_code", code=1002)
    second = account.add_fault("status_code", code=1033)
    generate()
    assert [(rule["id"], rule["matched"], rule["fired"]) for rule in account.faults()] == [
        (first, 1, 1),
        (second, 0, 0),
    ]
    account.remove_fault(first)
    assert generate().json()["base_resp"]["status_code"] == 1033
    account.clear_faults()
    assert generate().json()["base_resp"]["status_code"] == 0
