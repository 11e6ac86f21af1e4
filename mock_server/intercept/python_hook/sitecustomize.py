"""Turns the redirection on in a Python program that starts with this folder on its ``PYTHONPATH``.

Python imports ``sitecustomize`` by itself (https://docs.python.org/3/library/site.html). One that was there before is
run as if this one were not, and this folder leaves `sys.path` again.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec


def _start() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    redirect, libraries = import_module("minimax_mock_redirect"), import_module("minimax_mock_libraries")
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != here]
    try:
        redirect.from_environment(libraries.LIBRARIES)
    except Exception as error:  # noqa: BLE001, whatever it is: the program would go on, and call the live service
        msg = f"minimax-mock: cannot redirect this program: {error!r}"
        raise SystemExit(msg) from None
    _chain()


def _chain() -> None:
    """Import the ``sitecustomize`` that this one stands before; it takes our place in `sys.modules`."""
    sys.path_importer_cache.clear()
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    theirs = module_from_spec(spec)
    sys.modules["sitecustomize"] = theirs
    spec.loader.exec_module(theirs)


_start()
