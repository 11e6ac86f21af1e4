"""The published OpenAPI document of the native face, held against the server by schemathesis."""

from __future__ import annotations

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
from mock_server.faces.minimax.contract import document

schema = schemathesis.openapi.from_dict(document())
schema.config.generation.update(modes=[schemathesis.GenerationMode.POSITIVE])

# Not used, because this API answers business errors inside HTTP 200, and unknown methods with 404:
# negative_data_rejection, ignored_auth, missing_required_header, unsupported_method.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def base_url() -> Any:
    with MockServer() as server:
        yield server.url


@schema.parametrize()
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_valid_requests_conform_and_are_accepted(case: Any, base_url: str) -> None:
    response = case.call(base_url=base_url, headers={"Authorization": "Bearer schemathesis"})
    case.validate_response(response, checks=CHECKS)
    # JSON Schema has 512.0 for an integer, the service's decoder has not.
    integral = any(isinstance(case.body.get(name), float) for name in ("n", "seed", "width", "height"))
    assert response.json()["base_resp"]["status_code"] == (2013 if integral else 0), response.text


negative = schemathesis.openapi.from_dict(document())
negative.config.generation.update(modes=[schemathesis.GenerationMode.NEGATIVE])


@negative.parametrize()
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_invalid_requests_conform_too(case: Any, base_url: str) -> None:
    response = case.call(base_url=base_url, headers={"Authorization": "Bearer schemathesis"})
    case.validate_response(response, checks=CHECKS)


def test_the_document_says_what_is_documented() -> None:
    request = document()["components"]["schemas"]["ImageGenerationRequest"]
    assert request["required"] == ["model", "prompt"]
    assert set(request["properties"]) == {
        "model", "prompt", "aspect_ratio", "width", "height", "response_format", "seed", "n", "prompt_optimizer",
        "aigc_watermark", "style", "subject_reference",
    }  # fmt: skip
