"""What there is to call on each face: the names that rules, queries and the journal use."""

from __future__ import annotations

FACES: dict[str, tuple[str, ...]] = {
    "minimax": ("generate", "download"),
    "fal": ("generate", "submit", "status", "result", "cancel", "upload", "webhook", "download"),
    "openai": ("generate", "models", "balance", "download"),
}
"""Face → its endpoints. ``generate`` of fal is a direct run, and what a queued job does; ``webhook`` goes out."""

ENDPOINTS: tuple[str, ...] = tuple(dict.fromkeys(name for names in FACES.values() for name in names))

JSON_ENDPOINTS: tuple[str, ...] = tuple(name for name in ENDPOINTS if name not in {"download", "webhook"})
"""Those that are answered with JSON."""
