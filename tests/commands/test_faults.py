"""``faults``."""

from __future__ import annotations

import json
import shlex

import pytest

from mock_server import MockAccount, MockServer
from mock_server.faults.kinds import KINDS
from tests.commands.command import run
from tests.commands.conftest import Command
from tests.wire import Generate


def rules(command: Command) -> list[dict[str, object]]:
    return [
        {name: value for name, value in rule.items() if name not in {"id", "matched", "fired", "left"}}
        for rule in command("faults", "--json").json["faults"]
    ]


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (["hang_up"], {"fault": {"kind": "hang_up"}}),
        (["status_code", "code=1002", "--times", "2"], {"fault": {"kind": "status_code", "code": 1002}, "times": 2}),
        (["status_code", "code=1008", "message=5"], {"fault": {"kind": "status_code", "code": 1008, "message": "5"}}),
        (["all_blocked", "empty=null"], {"fault": {"kind": "all_blocked", "empty": "null"}}),
        (["set_field", "path=data", "value=null"], {"fault": {"kind": "set_field", "path": "data", "value": None}}),
        (["set_field", "path=data", "value=hm"], {"fault": {"kind": "set_field", "path": "data", "value": "hm"}}),
        (
            ["http_status", "status=503", 'headers={"Retry-After":"5"}', 'body={"a":1}'],
            {"fault": {"kind": "http_status", "status": 503, "headers": {"Retry-After": "5"}, "body": '{"a":1}'}},
        ),
        (
            ["expired_url", "--when", "nth=1,3", "--after", "0", "--probability", "0.5", "--name", "stale links"],
            {"when": {"nth": [1, 3]}, "fault": {"kind": "expired_url"}, "probability": 0.5, "name": "stale links"},
        ),
        (
            ["partial", "--when", "prompt=12", "--when", "n=3", "--when", "between=10,40", "--when", "every=2"],
            {"when": {"prompt": "12", "n": 3, "every": 2, "between": [10, 40]}, "fault": {"kind": "partial"}},
        ),
        (["--rule", '{"fault": {"kind": "reset"}, "after": 1}'], {"fault": {"kind": "reset"}, "after": 1}),
        (["--rule", "fault: {kind: reset}"], {"fault": {"kind": "reset"}}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_add(command: Command, arguments: list[str], rule: dict[str, object]) -> None:
    result = command("faults", "add", *arguments)
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith(" for the account of that key\n")
    assert rules(command) == [rule]


def test_a_rule_comes_from_stdin(command: Command) -> None:
    assert command("faults", "add", "--rule", "-", stdin='{"fault": {"kind": "hang"}}').code == 0
    assert rules(command) == [{"fault": {"kind": "hang"}}]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["htp_status"], "unknown kind 'htp_status'; did you mean 'http_status'?"),
        (["status_code"], "fault: needs 'code'"),
        (["status_code", "code=1003"], "code cannot be 1003; did you mean '1002'?"),
        (["status_code", "cod=1002"], "fault: unknown field 'cod'; did you mean 'code'? valid: 'code', 'message'"),
        (["status_code", "1002"], "a parameter is given as NAME=VALUE, got '1002'"),
        (["hang", "--when", "mdel=x"], "when: unknown field 'mdel'; did you mean 'model'?"),
        (["hang", "--when", "n=many"], "when.n: must be a whole number, got 'many'"),
        (["hang", "--times", "0"], "times: must be a whole number of at least 1 and at most 1000000, got 0"),
        (["hang", "--times", "often"], "got 'often'"),
        (["hang", "--probability", "2"], "probability: must be a number of more than 0 and at most 1, got 2"),
        (["expired_url", "--when", "endpoint=generate"], "can never fire: expired_url does not act on 'generate'"),
        ([], "say what shall go wrong: `minimax-mock faults add KIND`; more: `minimax-mock faults kinds`"),
        (["hang", "--rule", "{}"], "--rule is the whole rule: give nothing else with it"),
        (["--rule", "[1]"], "--rule must be an object, got '[1]'"),
        (["--rule", "{"], "--rule is neither JSON nor YAML"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_add_refuses(command: Command, arguments: list[str], complaint: str) -> None:
    result = command("faults", "add", *arguments)
    assert result.code == 2
    assert complaint in result.err


def test_the_rules_of_an_account_with_what_came_of_them(command: Command, generate: Generate) -> None:
    ids = [
        command("faults", "add", *rule).out.split()[1]
        for rule in (
            ["status_code", "code=1002", "--times", "2", "--when", "prompt=*cat*", "--name", "busy"],
            ["http_status", "status=502", "--when", "every=3", "--after", "1", "--probability", "0.5"],
            ["delay", "seconds=2", "--when", "nth=4,5", "--when", "between=10,40"],
        )
    ]
    generate(prompt="a cat")
    assert command("faults").rows == [
        ["id", "when", "fault", "sequence", "matched", "fired", "left"],
        [ids[0], "prompt=*cat*", "status_code code=1002 (busy)", "2 times", "1", "1", "1"],
        [ids[1], "any call", "http_status status=502", "after 1, every 3 calls, chance 0.5", "0", "0", "no end"],
        [ids[2], "any call", "delay seconds=2.0", "call 4, 5, from 10 s to 40 s", "0", "0", "2"],
    ]


def test_the_rules_of_all_accounts(all_of: Command, own: MockServer) -> None:
    assert all_of("faults").out == (
        "no fault rules for all accounts; add one: minimax-mock faults add status_code code=1002 --times 2\n"
    )
    all_of("faults", "add", "hang_up")
    all_of("faults", "add", "reset", "--account", "alice")
    assert all_of("faults").out == (
        "account  id  when      fault    sequence  matched  fired    left\n"
        "all      1   any call  hang_up  always\n"
        "alice    1   any call  hang_up  always          0      0  no end\n"
        "alice    2   any call  reset    always          0      0  no end\n"
    )


def test_remove_and_clear(command: Command, account: MockAccount) -> None:
    first = command("faults", "add", "hang_up", "--json").json["id"]
    command("faults", "add", "reset")
    assert command("faults", "remove", first).out == f"removed rule {first} of the account of that key\n"
    assert rules(command) == [{"fault": {"kind": "reset"}}]
    missing = command("faults", "remove", first)
    assert (missing.code, missing.err) == (2, f"minimax-mock: no fault rule {first!r}; GET /_mock/faults lists them\n")
    assert command("faults", "clear").code == 0
    assert rules(command) == []


def test_kinds_lists_every_kind_with_its_parameters() -> None:
    result = run("faults", "kinds")
    assert result.code == 0
    for name in KINDS:
        assert f"\n{name} " in result.out, name
    assert "http_status  status [body] [content_type] [headers]  " in result.out
    assert [item["kind"] for item in run("faults", "kinds", "--json").json] == list(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_the_example_of_a_kind_works(command: Command, name: str) -> None:
    about = run("faults", "kinds", name, "--json").json
    assert set(about) == {"kind", "stage", "endpoints", "about", "parameters", "example"}
    result = command(*shlex.split(about["example"])[1:])
    assert result.code == 0, result.err


def test_a_kind_is_explained() -> None:
    assert (
        run("faults", "kinds", "truncate_image").out
        == """\
kind          truncate_image
stage         image: in the bytes of an image
acts on       generate, download
what happens  Send only the first part of an image. Content-Length agrees with it: only decoding shows the loss.
example       minimax-mock faults add truncate_image

parameter  value                                    default  meaning
keep       a number of more than 0 and less than 1  0.5      Which part of its bytes is sent.
"""
    )


def test_an_unknown_kind_gets_the_nearest() -> None:
    result = run("faults", "kinds", "hangup")
    assert result.code == 2
    assert "unknown kind 'hangup'; did you mean 'hang_up'?" in result.err


def test_what_is_added_happens(command: Command, generate: Generate) -> None:
    command("faults", "add", "status_code", "code=1002", "--times", "2")
    codes = [json.loads(generate().content)["base_resp"]["status_code"] for _ in range(3)]
    assert codes == [1002, 1002, 0]


def test_rules_rest_and_work_again(command: Command, generate: Generate) -> None:
    command("faults", "add", "status_code", "code=1002")
    paused = command("faults", "pause")
    assert (paused.code, paused.out) == (0, "the rules of the account of that key rest\n")
    assert generate().json()["base_resp"]["status_code"] == 0
    assert "paused" in command("faults").out
    assert command("faults", "resume", "--json").json == {"paused": False}
    assert generate().json()["base_resp"]["status_code"] == 1002
    assert "paused" not in command("faults").out
