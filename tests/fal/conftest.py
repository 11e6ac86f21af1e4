"""An account for each test, whose jobs move on when they are told to."""

from __future__ import annotations

import httpx
import pytest

from mock_server import MockServer
from tests.fal.client import Fal


@pytest.fixture
def fal(server: MockServer, http: httpx.Client) -> Fal:
    return Fal(server.account(jobs="manual"), http)
