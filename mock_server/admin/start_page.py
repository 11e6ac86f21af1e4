"""The page at ``/_mock/``."""

from __future__ import annotations

from html import escape

from mock_server import __version__

_LINKS = (
    ("journal", "every request with its answer"),
    ("verdict", "what the clients did wrong"),
    ("account", "balance, limits, profile and clock of every account"),
    ("clock", "the emulator's time"),
    ("faults", "the fault rules at work"),
    ("scenario", "every scenario that can be loaded"),
    ("schema/faults", "JSON Schema of a fault rule"),
    ("health", "whether it answers"),
    ("contract/minimax.json", "OpenAPI document of the native face"),
    ("contract/openai.json", "OpenAPI document of the OpenAI-compatible face"),
    ("openapi.json", "OpenAPI document of this admin API"),
)
_ITEMS = "\n".join(f'<li><a href="/_mock/{path}">{escape(path)}</a>: {escape(text)}</li>' for path, text in _LINKS)

PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>minimax-mock</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }}
</style>
<h1>minimax-mock {__version__}</h1>
<p>A local emulator of MiniMax's image generation API. What it knows, as JSON:</p>
<ul>
{_ITEMS}
</ul>
</html>
"""
