"""The file of ``--accounts``: which keys there are, and what each starts with."""

from __future__ import annotations

from typing import Any

from mock_server.account import Account
from mock_server.clock import Clock
from mock_server.settings import SettingError, Settings
from mock_server.user_file import read_user_file


def read_accounts(path: str) -> dict[str, dict[str, Any]]:
    """Key → settings of its own, from YAML or JSON. Raises `SettingError`, which names the entry and the field."""
    content = read_user_file(path, "accounts file")
    if not isinstance(content, list) or not content:
        raise SettingError(f"accounts file {path!r} must be a list of accounts, each with a `key`")
    accounts: dict[str, dict[str, Any]] = {}
    for number, entry in enumerate(content, start=1):
        key, changes = _account(f"{path}: account {number}", entry)
        if key in accounts:
            raise SettingError(f"{path}: account {number}: its key is also that of an earlier account")
        accounts[key] = changes
    return accounts


def _account(where: str, entry: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or not entry["key"]:
        raise SettingError(f"{where} must be an object with a `key` that is text, got {entry!r}")
    changes = {name: value for name, value in entry.items() if name != "key"}
    try:
        Account("", "", Settings(), Clock()).change(changes)
    except SettingError as error:
        raise SettingError(f"{where}: {error}") from None
    return entry["key"], changes
