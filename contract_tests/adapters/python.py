"""``module:factory``: a client in Python, in this process."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from contract_tests.adapters.answers import description_of, fields_of, text_of
from contract_tests.adapters.calls import Describe, PythonClient
from contract_tests.adapters.interface import AdapterError, Client, Description
from mock_server.nearest import nearest

PARAMETERS = ("base_url", "api_key", "timeout")


class PythonAdapter:
    """Drives what a factory makes. The attributes of the factory say more about the client."""

    def __init__(self, spec: str, factory: Callable[..., Any]) -> None:
        where = self._where = f"the factory {spec!r}"
        self._factory = _checked(factory, where)
        self._describe = getattr(factory, "describe", None)
        if self._describe is not None and not callable(self._describe):
            msg = f"{where}: describe must be a function of the error"
            raise AdapterError(msg)
        self.spec = spec
        self.name = text_of(getattr(factory, "name", None), f"{where}: name") or spec
        self.version = text_of(getattr(factory, "version", None), f"{where}: version")
        self.unsupported = fields_of(getattr(factory, "unsupported", frozenset()), f"{where}: unsupported")
        self.image_format = text_of(getattr(factory, "image_format", None), f"{where}: image_format")
        self.describes = self._describe is not None
        self.skips_pauses = True
        self.process_ids = (os.getpid(),)

    def open(
        self, base_url: str, api_key: str, timeout: float, *, sleep: Callable[[float], None] | None = None
    ) -> Client:
        """Call the factory once."""

        def make() -> Any:
            return self._factory(base_url=base_url, api_key=api_key, timeout=timeout)

        describe = None if self._describe is None else _described_by(self._describe, f"describe() of {self._where}")
        return PythonClient(make, self._where, describe, sleep)

    def close(self) -> None:
        """Nothing outlives a client."""


def _described_by(describe: Callable[[BaseException], object], where: str) -> Describe:
    def description(error: BaseException) -> Description:
        try:
            said = describe(error)
        except Exception as problem:
            msg = f"{where} raised {type(problem).__name__}: {problem}, for {type(error).__name__}: {error}"
            raise AdapterError(msg) from problem
        return description_of(said, where)

    return description


def load(spec: str) -> PythonAdapter:
    """The adapter for ``module:factory`` or ``path/to/file.py:factory``. Raises `AdapterError`."""
    module_name, _, path = spec.rpartition(":")
    module = _from_file(Path(module_name)) if module_name.endswith(".py") else _from_path(module_name)
    found: Any = module
    for name in path.split("."):
        if not hasattr(found, name):
            public = [word for word, value in vars(found).items() if callable(value) and not word.startswith("_")]
            msg = f"{module_name!r} has no {name!r}; {nearest(name, public)}"
            raise AdapterError(msg)
        found = getattr(found, name)
    return PythonAdapter(spec, found)


def _from_path(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise _not_imported(name, error) from error
        msg = f"there is no module {name!r}, neither in {here} nor installed"
        raise AdapterError(msg) from error
    except (Exception, SystemExit) as error:
        raise _not_imported(name, error) from error


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        msg = f"there is no file {str(path)!r}"
        raise AdapterError(msg)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    name = f"adapter_in_{path.stem}"
    loader = SourceFileLoader(name, str(path))
    module = module_from_spec(ModuleSpec(name, loader, origin=str(path)))
    sys.modules[name] = module  # dataclasses and pickling look there
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _not_imported(str(path), error) from error
    return module


def _not_imported(name: str, error: BaseException) -> AdapterError:
    return AdapterError(f"cannot import {name!r}: {type(error).__name__}: {error}")


def _checked(factory: Any, where: str) -> Callable[..., Any]:
    if not callable(factory):
        msg = f"{where} is no function, but {type(factory).__name__}"
        raise AdapterError(msg)
    try:
        inspect.signature(factory).bind(**dict.fromkeys(PARAMETERS))
    except TypeError:
        msg = f"{where} must take ({', '.join(PARAMETERS)}), by these names; it has {inspect.signature(factory)}"
        raise AdapterError(msg) from None
    except ValueError:  # some classes written in C do not tell
        pass
    return factory  # type: ignore[no-any-return]
