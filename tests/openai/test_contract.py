"""The published OpenAPI document of this face, held against the server by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mock_server import MockServer
from mock_server.faces.openai.contract import document

positive = schemathesis.openapi.from_dict(document())
positive.config.generation.update(modes=[schemathesis.GenerationMode.POSITIVE])
negative = schemathesis.openapi.from_dict(document())
negative.config.generation.update(modes=[schemathesis.GenerationMode.NEGATIVE])

CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
KEY = {"Authorization": "Bearer schemathesis"}


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with MockServer() as server:
        yield f"{server.url}/openai"


@positive.parametrize()
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_valid_requests_conform(case: Any, base_url: str) -> None:
    response = case.call(base_url=base_url, headers=KEY)
    case.validate_response(response, checks=CHECKS)


@negative.parametrize()
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_invalid_requests_conform_too(case: Any, base_url: str) -> None:
    response = case.call(base_url=base_url, headers=KEY)
    case.validate_response(response, checks=CHECKS)
