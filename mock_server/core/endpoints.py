"""What there is to call on each face: the names that rules, queries and the journal use."""

from __future__ import annotations

FACES: dict[str, tuple[str, ...]] = {"minimax": ("generate", "download")}
"""Face → its endpoints. Images of any face are downloaded from the one object store."""

ENDPOINTS: tuple[str, ...] = tuple(dict.fromkeys(name for names in FACES.values() for name in names))
