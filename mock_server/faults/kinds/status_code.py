"""An error of the service, inside HTTP 200."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from mock_server.core.endpoints import JSON_ENDPOINTS
from mock_server.core.limits import PLAN_WINDOW_SECONDS, iso_seconds
from mock_server.core.reasons import REASONS, Reason, Refusal
from mock_server.core.types import ImageRequest
from mock_server.faults.stages import Moment, Stage
from mock_server.nearest import nearest

Message = Annotated[str, Meta(min_length=1, max_length=2000)]
_BY_CODE: dict[int, Reason] = {reason.code: reason for reason in reversed(REASONS.values())}


class StatusCode(Struct, frozen=True, kw_only=True):
    """Refuse the call with a status code of the service, inside HTTP 200 as the live service does."""

    kind: ClassVar[str] = "status_code"
    stage: ClassVar[Stage] = "outcome"
    endpoints: ClassVar[tuple[str, ...]] = JSON_ENDPOINTS
    usual_endpoints: ClassVar[tuple[str, ...]] = ("generate",)

    code: Annotated[int, Meta(description="base_resp.status_code; `minimax-mock codes` lists them.")]
    message: Annotated[Message | None, Meta(description="status_msg; the live wording when not given.")] = None

    def __post_init__(self) -> None:
        """Refuse a code that the service does not have."""
        if self.code not in _BY_CODE:
            msg = f"code cannot be {self.code}; {nearest(str(self.code), map(str, sorted(_BY_CODE)))}"
            raise ValueError(msg)

    def outcome(self, request: ImageRequest | None, moment: Moment) -> Refusal:
        """The refusal, with what its message says of model and plan filled in."""
        reason = _BY_CODE[self.code]
        if self.message is not None:
            return Refusal(reason, message=self.message)
        model = "image-01" if request is None else request.model
        if reason.name == "invalid_params":
            return Refusal(reason, "unsupported_model", (("model", model),))
        values: dict[str, object] = {
            "model": model, "plan": moment.plan_name, "used": 0, "limit": 0,
            "resets": iso_seconds(moment.now + PLAN_WINDOW_SECONDS),
        }  # fmt: skip
        return Refusal(reason, values=tuple(values.items()))
