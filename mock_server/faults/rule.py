"""Rules: which fault, for which calls, and when it fires. What can never fire is refused."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

from mock_server.core.matching import Asked, Matcher, matcher
from mock_server.faults.stages import Fault, Stage
from mock_server.nearest import nearest
from mock_server.strict import InvalidError, Path, an_object, read, value_of

Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Nth = Annotated[list[Count], Meta(min_length=1, max_length=1000)]
Between = tuple[Annotated[float, Meta(ge=0)], Annotated[float, Meta(gt=0, le=1e9)]]
SEQUENCE_FIELDS: dict[str, tuple[Any, str]] = {
    "nth": (Nth, "Only these of the calls that match, counted from 1."),
    "every": (Count, "Only every so many-th of the calls that match: 3 is the third, the sixth, and so on."),
    "between": (Between, "Only from the first to before the second of these seconds since the rule was set."),
}  # fmt: skip
"""What ``when`` may say besides conditions on the request."""


class When(Struct, frozen=True):
    """Which calls a rule is for: all of this must hold."""

    matcher: Matcher = Matcher()
    nth: tuple[int, ...] = ()
    every: int = 1
    between: tuple[float, float] | None = None

    def matches(self, call: Asked, since: float) -> bool:
        """Whether the rule is for `call`, `since` seconds after it was set; `has` says more of the sequence."""
        in_time = self.between is None or self.between[0] <= since < self.between[1]
        return in_time and self.matcher.matches(call)

    def has(self, number: int) -> bool:
        """Whether the rule is for the `number`-th matching call, counted from 1."""
        return number % self.every == 0 and (not self.nth or number in self.nth)


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. Of the calls that it is for, `after` are let pass, then it has a say in `times`; in each of these it
    fires with `probability`.
    """

    when: When = When()
    fault: Any
    times: Annotated[Count | None, Meta(description="For how many calls, at most; no end when not given.")] = None
    after: Annotated[int, Meta(ge=0, le=1_000_000, description="How many matching calls it lets pass first.")] = 0
    probability: Annotated[float, Meta(gt=0, le=1, description="Chance to fire, drawn from the account's seed.")] = 1.0
    name: Annotated[Name | None, Meta(description="What the journal calls it; else its kind.")] = None

    def __post_init__(self) -> None:
        """Refuse what can never fire."""
        _check_endpoint(self.fault, self.when.matcher)
        if self.when.nth and not any(number > self.after and self.when.has(number) for number in self.when.nth):
            msg = f"can never fire: of nth {list(self.when.nth)}, `after` and `every` leave none"
            raise ValueError(msg)
        n, failed = self.when.matcher.get("n"), getattr(self.fault, "failed", None)
        if n is not None and failed is not None and failed >= n:
            msg = f"can never fire: of {n} images no {failed} can be blocked with some left; use all_blocked"
            raise ValueError(msg)

    def is_for(self, stage: Stage, call: Asked, since: float) -> bool:
        """Whether the fault is of that stage, and the rule for such a call, `since` seconds after it was set."""
        return self.fault.stage == stage and self.acts_on(call.endpoint) and bool(self.when.matches(call, since))

    def acts_on(self, endpoint: str) -> bool:
        """Whether the fault acts there: usually, or because ``when`` names the endpoint."""
        usual = getattr(self.fault, "usual_endpoints", self.fault.endpoints)
        return endpoint in usual or (endpoint in self.fault.endpoints and self.when.matcher.get("endpoint") == endpoint)

    def applies(self, subject: Any) -> bool:
        """Whether the fault has anything to disturb in `subject` (see ``mock_server.faults.stages``)."""
        applies = getattr(self.fault, "applies", None)
        return applies is None or applies(subject)

    def limited(self, calls: int) -> Rule | None:
        """The rule for the first `calls` matching calls only; None when it would never fire."""
        nth = tuple(number for number in range(self.after + 1, calls + 1) if self.when.has(number))
        if not nth:
            return None
        times = len(nth) if self.times is None else min(self.times, len(nth))
        when = structs.replace(self.when, nth=tuple(item for item in self.when.nth if item <= calls))
        return structs.replace(self, times=times, when=when)

    def salt(self) -> bytes:
        """What makes the draws of this rule its own: what it says."""
        return blake2b(msgspec.json.encode(as_dict(self)), digest_size=16).digest()


def _check_endpoint(fault: Fault, conditions: Matcher) -> None:
    endpoint = conditions.get("endpoint")
    if endpoint is not None and endpoint not in fault.endpoints:
        msg = f"can never fire: {fault.kind} does not act on {endpoint!r}; {nearest(endpoint, fault.endpoints)}"
        raise ValueError(msg)


def read_rule(given: Any, path: Path = ()) -> Rule:
    """The rule in a JSON or YAML object. Raises `InvalidError`, which says what and where."""
    return read(Rule, given, path, {"when": _read_when, "fault": read_fault})


RULE_FIELDS = frozenset(field.name for field in structs.fields(Rule))


def rule_of(given: str | Mapping[str, Any] | None, fields: Mapping[str, Any]) -> Rule:
    """A rule from the arguments of a call: a rule, a fault, or the kind of a fault, with further fields by name.

    Raises `InvalidError`.
    """
    said = {name: value for name, value in fields.items() if value is not None}
    if given is None:
        return read_rule(said)
    if isinstance(given, str) or "kind" in given:
        parameters = {name: value for name, value in said.items() if name not in RULE_FIELDS}
        fault = {"kind": given} if isinstance(given, str) else dict(given)
        return read_rule({"fault": fault | parameters} | {name: said[name] for name in said if name in RULE_FIELDS})
    twice = next((name for name in said if name in given), None)
    if twice is not None:
        raise InvalidError(f"{twice!r} is given twice")
    return read_rule({**given, **said})


def _read_when(given: Any, path: Path) -> When:
    conditions = dict(an_object(given, path))
    sequence = {
        name: value_of(kind, conditions.pop(name), (*path, name))
        for name, (kind, _) in SEQUENCE_FIELDS.items()
        if name in conditions
    }
    nth, between = tuple(sorted(set(sequence.get("nth", ())))), sequence.get("between")
    if between is not None and between[0] >= between[1]:
        raise InvalidError(f"can never fire: ends before it begins, got {list(between)}", (*path, "between"))
    unknown = next((name for name in conditions if name not in valid_conditions()), None)
    if unknown is not None:
        raise InvalidError(f"unknown field {unknown!r}; {nearest(unknown, valid_conditions())}", path)
    return When(matcher(conditions, answers=False, path=path), nth, sequence.get("every", 1), between)


def valid_conditions() -> tuple[str, ...]:
    """What ``when`` may hold."""
    from mock_server.core.matching import REQUEST_FIELDS

    return (*REQUEST_FIELDS, *SEQUENCE_FIELDS)


def read_fault(given: Any, path: Path = ()) -> Fault:
    """The fault in an object with its ``kind`` and parameters. Raises `InvalidError`."""
    from mock_server.faults.kinds import KINDS  # thirty modules, which a start without faults does not need

    parameters = dict(an_object(given, path))
    kind = parameters.pop("kind", None)
    if kind is None:
        raise InvalidError(f"needs 'kind'; {nearest('', KINDS)}", path)
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidError(f"unknown kind {kind!r}; {nearest(str(kind), KINDS)}", (*path, "kind"))
    found: Fault = read(KINDS[kind], parameters, path)  # type: ignore[type-var]
    return found


def as_dict(rule: Rule) -> dict[str, Any]:
    """The rule as it was given: what it does not say is not there."""
    when: dict[str, Any] = dict(rule.when.matcher.conditions)
    if rule.when.nth:
        when["nth"] = list(rule.when.nth)
    if rule.when.every != 1:
        when["every"] = rule.when.every
    if rule.when.between is not None:
        when["between"] = list(rule.when.between)
    content: dict[str, Any] = {"when": when} if when else {}
    content["fault"] = fault_as_dict(rule.fault)
    for name, default in (("times", None), ("after", 0), ("probability", 1.0), ("name", None)):
        if getattr(rule, name) != default:
            content[name] = getattr(rule, name)
    return content


def fault_as_dict(fault: Any) -> dict[str, Any]:
    """A fault with its kind and those parameters that are not the default."""
    defaults: Mapping[str, Any] = {field.name: field.default for field in structs.fields(fault)}
    given = {name: value for name, value in structs.asdict(fault).items() if value != defaults[name]}
    return {"kind": fault.kind} | given
