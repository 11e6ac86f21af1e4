"""Turns the redirection on in a Python program that starts with this folder on its ``PYTHONPATH``.

Python imports ``sitecustomize`` by itself (https://docs.python.org/3/library/site.html). This file is for every Python
there is, so that one that is too old ends here, and does not go on and call the live service; unless there is a proxy
that it can use.
"""

import os
import sys

if sys.version_info >= (3, 8):  # noqa: UP036, it is not the Python of this package
    from importlib import import_module

    import_module("minimax_mock_redirect").start(os.path.dirname(os.path.abspath(__file__)))
elif not os.environ.get("MINIMAX_MOCK_REDIRECT_PROXY"):
    raise SystemExit("minimax-mock: --via env needs Python 3.8; --via proxy and --via sandbox do not")
