"""``python -m mock_server`` is ``minimax-mock``."""

from __future__ import annotations

from mock_server.cli import main

main(prog_name="minimax-mock")
