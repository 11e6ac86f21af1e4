"""How well a behaviour of the live service is known."""

from __future__ import annotations

from typing import Literal

Grade = Literal["recorded", "documented", "assumed", "conflicting"]
"""By a public recording; by the service's own documentation; by inference or third parties; sources contradict."""
