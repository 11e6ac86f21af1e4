"""A file that a user wrote, as YAML or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mock_server.settings import SettingError


def read_user_file(path: str, what: str) -> Any:
    """What the file says; `what` is how it is called. Raises `SettingError`."""
    import yaml

    try:
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"cannot read the {what} {path!r}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingError(f"{what} {path!r} is neither YAML nor JSON: {error}") from None
