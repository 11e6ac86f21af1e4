"""Bugs of faults: when they fire, what they do to an answer, how scenarios are named."""

from __future__ import annotations

from tests.mutation.mutant import Mutant

_PLAN = "tests/faults/test_plan.py::"
_WIRE = "tests/faults/test_wire.py::"

DISTURBANCES = (
    Mutant(
        "once-too-often", "A rule fires once more than `times`.",
        "mock_server/faults/plan.py",
        "self.tried >= rule.times",
        "self.tried > rule.times",
        _PLAN + "test_fail_twice_then_succeed",
    ),
    Mutant(
        "after-one-too-few", "A rule lets one call too few pass first.",
        "mock_server/faults/plan.py",
        "self.matched <= rule.after or",
        "self.matched < rule.after or",
        _PLAN + "test_order_is_precedence_and_so_a_sequence",
    ),
    Mutant(
        "last-rule-first", "The last rule takes precedence.",
        "mock_server/faults/plan.py",
        "        for entry in self.entries:\n            rule, since",
        "        for entry in reversed(self.entries):\n            rule, since",
        _PLAN + "test_order_is_precedence_and_so_a_sequence",
    ),
    Mutant(
        "scenario-behind", "A scenario that is loaded goes behind the rules there are.",
        "mock_server/faults/plan.py",
        "self.entries = new + self.entries if first else self.entries + new",
        "self.entries = self.entries + new",
        "tests/test_admin_faults.py::test_the_latest_scenario_goes_first",
    ),
    Mutant(
        "outage-too-long", "An outage lasts one moment too long.",
        "mock_server/faults/rule.py",
        "self.between[0] <= since < self.between[1]",
        "self.between[0] <= since <= self.between[1]",
        _PLAN + "test_outage_from_second_10_to_40",
    ),
    Mutant(
        "shared-counter", "Chance is drawn from a counter that parallel calls share.",
        "mock_server/faults/plan.py",
        "blake2b(call.chance + entry.salt)",
        'blake2b(b"%d" % entry.matched + entry.salt)',
        "tests/faults/test_draws.py::test_parallel_clients_repeat_what_one_client_saw",
    ),
    Mutant(
        "equal-rules-draw-alike", "Two equal rules draw the same.",
        "mock_server/faults/plan.py",
        'salt + b"%d" % twins',
        "salt",
        _PLAN + "test_two_equal_rules_draw_apart",
    ),
    Mutant(
        "fin-for-rst", "A reset closes the connection with FIN.",
        "mock_server/protocol.py",
        'struct.pack("ii", 1, 0)',
        'struct.pack("ii", 0, 0)',
        _WIRE + "test_reset_is_a_tcp_reset",
    ),
    Mutant(
        "cut-body-tells", "A cut body has the content-length of what is sent.",
        "mock_server/faults/kinds/cut_body.py",
        "connection.head(response) + response.body[:sent]",
        'connection.head(Response(response.status, b"content-length: %d\\r\\n" % sent, b"")) + response.body[:sent]',
        _WIRE + "test_cut_body_announces_all_and_sends_a_part",
    ),
    Mutant(
        "wrong-length-by-one-sign", "wrong_content_length announces too few for too many.",
        "mock_server/faults/kinds/wrong_content_length.py",
        "(len(response.body) + self.by)",
        "(len(response.body) - self.by)",
        _WIRE + "test_wrong_content_length_both_ways",
    ),
    Mutant(
        "cut-answers-are-whole", "The journal calls an answer whole that was cut off.",
        "mock_server/faces/wire.py",
        "        self._turn.whole = False\n        self._turn.record()\n        self._outlet.finish(data, close=True)",
        "        self._turn.record()\n        self._outlet.finish(data, close=True)",
        _WIRE + "test_hang_up_closes_without_an_answer",
    ),
    Mutant(
        "magic-key-unknown", "A key that names no scenario is accepted.",
        "mock_server/dispatch.py",
        "if account.trouble:",
        "if account.trouble and account.rules:",
        "tests/scenarios/test_names.py::test_a_wrong_key_is_refused_as_a_key",
    ),
    Mutant(
        "magic-prompt-unknown", "A prompt that names no scenario gets an image.",
        "mock_server/dispatch.py",
        'return structs.replace(arrival, refusal=refuse("invalid_params", "magic_prompt", problem=plan))',
        "return arrival",
        "tests/test_content_safety.py::test_a_magic_prompt_that_does_not_exist_is_told_with_the_nearest",
    ),
    Mutant(
        "magic-prompt-starts-anew", "A repeated magic prompt is the first call of its scenario again.",
        "mock_server/account.py",
        "found = self.prompt_plans.get(prompt)",
        "found = self.prompt_plans.pop(prompt, None) and None",
        "tests/scenarios/test_seen.py::test_a_client_sees_the_scenario[rate-limit-then-ok-prompt]",
    ),
)  # fmt: skip
