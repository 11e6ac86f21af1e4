"""A profile as a file: answers to switches, for ``--profile FILE``. `minimax-mock drift` writes such files."""

from __future__ import annotations

import os

from mock_server.core.profile import Profile, ProfileError, with_answers
from mock_server.settings import SettingError
from mock_server.user_file import read_user_file

ENDINGS = (".yaml", ".yml", ".json")


def is_file(profile: str) -> bool:
    """Whether a ``profile`` setting is a path, not a name."""
    return "/" in profile or os.sep in profile or profile.endswith(ENDINGS)


def read_profile(path: str) -> dict[str, str]:
    """Switch → answer, from YAML or JSON; what it does not name is answered as by `io`. Raises `SettingError`."""
    content = read_user_file(path, "profile file")
    if not isinstance(content, dict) or not content:
        raise SettingError(f"profile file {path!r} must be an object of switches and answers, as {{counts: integer}}")
    for switch, answer in content.items():
        if not isinstance(switch, str) or not isinstance(answer, str):
            raise SettingError(f"profile file {path!r}: {switch}: {answer!r} must be text; write it in quotes")
    try:
        with_answers(Profile(), content)
    except ProfileError as error:
        raise SettingError(f"profile file {path!r}: {error}") from None
    return content


def as_text(answers: dict[str, str], *comment: str) -> str:
    """The file for these answers, with lines of comment before them."""
    import yaml

    lines = "".join(f"# {line}\n" for line in comment)
    return lines + yaml.safe_dump(answers, sort_keys=True, default_flow_style=False, allow_unicode=True)
