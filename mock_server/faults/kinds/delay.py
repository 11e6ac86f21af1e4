"""The answer comes later."""

from __future__ import annotations

from math import exp
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import ENDPOINTS
from mock_server.faults.stages import Moment, Stage

Seconds = Annotated[float, Meta(ge=0, le=3600)]


class Delay(Struct, frozen=True, kw_only=True):
    """Hold the call back before anything is decided: `seconds` exactly; between `min` and `max`, uniformly drawn; or
    drawn from a lognormal distribution of `median` and `sigma`, capped at `max`. With `ramp` the delay grows from
    nothing to its full length over so many seconds of the account's clock.
    """

    kind: ClassVar[str] = "delay"
    stage: ClassVar[Stage] = "before"
    endpoints: ClassVar[tuple[str, ...]] = ENDPOINTS

    seconds: Annotated[Seconds | None, Meta(description="Exactly so long.")] = None
    min: Annotated[Seconds | None, Meta(description="Uniform: at least so long.")] = None
    max: Annotated[Seconds | None, Meta(description="Uniform: at most so long. Lognormal: the cap.")] = None
    median: Annotated[Seconds | None, Meta(description="Lognormal: half of the delays are shorter.")] = None
    sigma: Annotated[
        Annotated[float, Meta(gt=0, le=5)] | None, Meta(description="Lognormal: spread of the logarithm.")
    ] = None
    ramp: Annotated[
        Annotated[float, Meta(gt=0, le=86_400)] | None,
        Meta(description="Seconds of the account's clock in which it grows to full length."),
    ] = None

    def __post_init__(self) -> None:
        """Refuse a mixture of the three forms."""
        given = tuple(name for name in ("seconds", "min", "max", "median", "sigma") if getattr(self, name) is not None)
        if given not in {("seconds",), ("min", "max"), ("max", "median", "sigma")}:
            forms = "seconds; min and max; or median, sigma and max"
            msg = f"delay takes {forms}, got {', '.join(given) or 'none of them'}"
            raise ValueError(msg)
        if self.min is not None and self.max is not None and self.min > self.max:
            msg = f"min must not be more than max, got {self.min:g} and {self.max:g}"
            raise ValueError(msg)

    def seconds_at(self, moment: Moment) -> float:
        """How long the call is held back."""
        grown = 1.0 if self.ramp is None else min(moment.since / self.ramp, 1.0)
        return grown * self._drawn(moment)

    def _drawn(self, moment: Moment) -> float:
        if self.seconds is not None:
            return self.seconds
        high = self.max or 0.0
        if self.median is not None and self.sigma is not None:
            return min(self.median * exp(self.sigma * moment.normal()), high)
        low = self.min or 0.0
        return low + (high - low) * moment.unit()
