"""Bugs of the contract tests themselves: a check that no longer sees what it is there for."""

from __future__ import annotations

from tests.mutation.mutant import Mutant


def _catches(client: str) -> str:
    """The test that each check that should find a broken client does find it."""
    return f"tests/contract/test_corpus.py::test_a_bug_is_caught_where_it_should_be[{client}]"


ORACLE = (
    Mutant(
        "oracle-any-order", "Images in another order are taken for those that were served.",
        "contract_tests/delivered.py",
        "assert digests == wanted,",
        "assert sorted(digests) == sorted(wanted),",
        _catches("reverses-order"),
    ),
    Mutant(
        "oracle-any-bytes", "Only the number of images is compared, not their bytes.",
        "contract_tests/delivered.py",
        "assert digests == wanted,",
        "assert len(digests) == len(wanted),",
        _catches("recompresses"),
    ),
    Mutant(
        "oracle-small-counts", "Larger numbers of images are never asked for.",
        "contract_tests/test_success.py",
        "for n in range(1, 10):",
        "for n in range(1, 4):",
        _catches("clamps-n"),
    ),
    Mutant(
        "oracle-any-size", "The size of an image is not compared.",
        "contract_tests/delivered.py",
        "assert (facts.width, facts.height) == (width, height),",
        "assert facts.width and facts.height and width and height,",
        _catches("takes-wrong-size"),
    ),
    Mutant(
        "oracle-success-is-failure", "A success where a failure is due is accepted.",
        "contract_tests/bench.py",
        "assert isinstance(self.outcome, Failure), f\"the client reported",
        "assert isinstance(self.outcome, Failure | Images), f\"the client reported",
        _catches("network-error-is-success"),
    ),
    Mutant(
        "oracle-no-deadline", "A client that was given up is taken for one that failed in time.",
        "contract_tests/bench.py",
        "outcome = client.generate(case.request, within=timeout + MARGIN)\n",
        "outcome = client.generate(case.request, within=timeout + MARGIN)\n"
        "        outcome = Failure(told(outcome), '') if isinstance(outcome, TooLate) else outcome\n",
        _catches("no-timeout"),
    ),
    Mutant(
        "oracle-any-category", "Any category is right for any status code.",
        "contract_tests/test_errors.py",
        "said.category in code.categories",
        "bool(code.categories)",
        _catches("rate-limit-is-content"),
    ),
    Mutant(
        "oracle-code-in-the-words", "A code counts as told when the service's own words have its digits.",
        "contract_tests/test_errors.py",
        'f"{code.seen}" in said.message.replace(words, "")',
        'f"{code.code * 7}" in said.message',
        _catches("loses-code"),
    ),
    Mutant(
        "oracle-crashes-allowed", "An error that escapes from a bug is as good as one of the client's own.",
        "contract_tests/test_errors.py",
        "        assert failure.own is not False, escaped\n",
        "        assert failure.own in {True, False, None}, escaped\n",
        _catches("crashes-on-null-data"),
    ),
    Mutant(
        "oracle-hidden-loss", "That none is missing may be said when k of n are.",
        "contract_tests/test_blocked.py",
        'assert said in {None, failed}, f"{failed} of {n} images',
        'assert said in {None, failed, 0}, f"{failed} of {n} images',
        _catches("hides-loss"),
    ),
    Mutant(
        "oracle-final-may-be-repeated", "What cannot succeed may be sent several times.",
        "contract_tests/test_retry.py",
        'assert count == 1, f"a call that was refused with',
        'assert count >= 1, f"a call that was refused with',
        _catches("retries-refusals"),
    ),
    Mutant(
        "oracle-any-pace", "Attempts may come at any pace.",
        "contract_tests/test_retry.py",
        'if item["rule"] in PACE]',
        'if item["rule"] not in PACE and item["rule"] in PACE]',
        _catches("hot-loop"),
    ),
    Mutant(
        "oracle-pays-twice", "After a failed download the images may be generated again.",
        "contract_tests/test_retry.py",
        'assert count == 1, f"after {words}',
        'assert count >= 1, f"after {words}',
        _catches("regenerates-on-failed-download"),
    ),
    Mutant(
        "oracle-leaked-key", "Only a key in a body counts as leaked.",
        "contract_tests/test_request.py",
        'if item["rule"].startswith("key-")]',
        'if item["rule"] == "key-in-body"]',
        _catches("key-in-image-url"),
    ),
    Mutant(
        "oracle-types", "A number that is sent as a text is as asked.",
        "contract_tests/test_request.py",
        "same = type(body[field]) is type(value) and body[field] == value",
        "same = str(body[field]) == str(value)",
        _catches("sends-n-as-text"),
    ),
    Mutant(
        "oracle-additions", "Fields that nobody asked for may be sent.",
        "contract_tests/test_request.py",
        "neutral = field in NEUTRAL and value in (NEUTRAL[field], None)",
        "neutral = field in NEUTRAL or value is None",
        _catches("adds-prompt-optimizer"),
    ),
    Mutant(
        "oracle-kept-fields", "Fields of the call before may be sent again.",
        "contract_tests/test_request.py",
        "if field not in first or first[field] != value]",
        "if field in first and first[field] != value]",
        _catches("keeps-fields-of-last-call"),
    ),
    Mutant(
        "oracle-mixed-up", "A call may get the image of another call of the same run.",
        "contract_tests/test_load.py",
        "facts is None or facts.prompt == prompt",
        "facts is None or facts.prompt in prompts",
        _catches("mixes-concurrent-calls"),
    ),
    Mutant(
        "oracle-leaks", "Sockets may leak, one for each call.",
        "contract_tests/test_load.py",
        "LEAKED = 25",
        "LEAKED = 250",
        _catches("leaks-sockets"),
    ),
    Mutant(
        "oracle-ledger", "Images that were charged and never handed on are not missed.",
        "contract_tests/test_machine.py",
        "assert got == made or (lost and got < made)",
        "assert got <= made",
        _catches("only-first"),
    ),
    Mutant(
        "oracle-exit-status", "A run with a failed MUST ends with 0.",
        "contract_tests/report/outcome.py",
        "        return 1\n",
        "        return 0\n",
        "tests/contract/report/test_outcome.py::test_the_exit_status_and_the_sentence_agree",
    ),
)  # fmt: skip
