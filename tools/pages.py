"""Write every generated page of docs/: each ``generate_*`` beside this module has its TARGET and makes its page()."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType


def generators() -> list[ModuleType]:
    """The modules that make a page."""
    found = sorted(Path(__file__).parent.glob("generate_*.py"))
    return [import_module(f"tools.{file.stem}") for file in found]


if __name__ == "__main__":
    for generator in generators():
        generator.TARGET.write_text(generator.page(), encoding="utf-8")
        print(f"wrote {generator.TARGET}")
