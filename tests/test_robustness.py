"""Whatever a client sends, it gets an answer in the service's shape, never a traceback."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mock_server import MockAccount, MockServer
from tests.oddities import NOT_JSON, ODD_VALUES, Complaints, texts, values, written

FIELDS = [
    "model",
    "prompt",
    "aspect_ratio",
    "width",
    "height",
    "response_format",
    "seed",
    "n",
    "prompt_optimizer",
    "aigc_watermark",
    "style",
    "subject_reference",
]


@pytest.fixture(autouse=True, scope="module")
def complaints() -> Iterator[Complaints]:
    """Fails when a server in this process logged an error or a traceback."""
    with Complaints() as found:
        yield found


shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


def post(account: MockAccount, http: httpx.Client, body: bytes) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    answer = http.post(f"{account.base_url()}/v1/image_generation", content=body, headers=headers)
    assert answer.status_code == 200
    status = answer.json()["base_resp"]
    assert status["status_code"] in {0, 1000, 2013}, answer.text
    assert isinstance(status["status_msg"], str)
    return dict(answer.json())


@shared
@given(body=st.binary(max_size=300))
@example(b"[" * 100_000)
@example(b'{"model":' * 20_000)
@example(b'{"model":"image-01","prompt":"x","n":' + b"9" * 10_000_000 + b"}")
@example(b'{"model":"image-01","prompt":"x","seed":1e999}')
@example(b'{"model":"image-01","prompt":"x","style":{"style_weight":NaN}}')
@example(b"\xef\xbb\xbf{}")
@example(b"null")
@example(b'{"model":"image-01","prompt":"\x00"}')
def test_any_bytes_are_answered(minimax_mock: MockAccount, http: httpx.Client, body: bytes) -> None:
    post(minimax_mock, http, body)


@shared
@given(
    fields=st.dictionaries(st.sampled_from(FIELDS) | texts, values, max_size=8),
    valid=st.booleans(),
)
def test_any_json_is_answered(
    minimax_mock: MockAccount, http: httpx.Client, fields: dict[str, object], valid: bool
) -> None:
    fields = fields | ({"model": "image-01", "prompt": "x"} if valid else {})
    post(minimax_mock, http, written(fields))


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_with_each_odd_value_is_answered(minimax_mock: MockAccount, http: httpx.Client, field: str) -> None:
    for value in ODD_VALUES:
        post(minimax_mock, http, written({"model": "image-01", "prompt": "x", field: value}))
    for value in NOT_JSON:
        post(minimax_mock, http, value)


@shared
@given(image_file=st.text(max_size=60) | st.builds("data:image/png;base64,{}".format, st.text(max_size=60)))
def test_any_reference_is_answered(minimax_mock: MockAccount, http: httpx.Client, image_file: str) -> None:
    reference = {"type": "character", "image_file": image_file}
    post(
        minimax_mock, http, json.dumps({"model": "image-01", "prompt": "x", "subject_reference": [reference]}).encode()
    )


def keeps_its_path(name: str) -> bool:
    """Whether an HTTP client asks for it as it is: dot segments are resolved before anything is sent (RFC 3986)."""
    return not {".", ".."} & set(name.split("/"))


@shared
@given(query=st.text(max_size=80), name=st.text(max_size=80).filter(keeps_its_path))
@example(query="", name="...")
def test_any_download_is_answered_by_the_store(
    minimax_mock: MockAccount, http: httpx.Client, query: str, name: str
) -> None:
    target = quote(name, safe="/") + "?" + urlencode({"Signature": query, "Expires": "1", "OSSAccessKeyId": query})
    answer = http.get(f"{minimax_mock.base_url()}/oss/{target}")
    assert answer.status_code == 403, answer.text


def test_the_journal_of_all_that_is_readable(minimax_mock_server: MockServer, http: httpx.Client) -> None:
    http.post(
        f"{minimax_mock_server.url}/v1/image_generation", content=b"\xff\x00", headers={"X": "\xe9".encode("latin-1")}
    )
    answer = http.get(f"{minimax_mock_server.url}/_mock/journal")
    assert answer.status_code == 200
    assert "body_base64" in answer.json()["exchanges"][-1]["request"]


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Length: zwei\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 2_000_000,
        b"GET /" + b"a" * 2_000_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 300_000,
        b"GET /oss/" + b"a" * 70_000 + b"?" + b"b" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /_mock/journal?account=" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Length: 9" + b"9" * 30 + b"\r\n\r\n",
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\nabc",
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"POST /_mock/clock HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"GET http://[/_mock/journal HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n" * 100_000,
        b"GET /%ff%00%ed%a0%80?%ff=%00 HTTP/1.1\r\nHost: x\r\nX: \xff\xfe\r\nAuthorization: \xff\r\n\r\n",
    ],
    ids=lambda sent: sent[:40].decode("latin-1"),
)
def test_what_no_client_should_send_is_refused_and_hurts_nobody(
    minimax_mock: MockAccount, http: httpx.Client, sent: bytes
) -> None:
    url = httpx.URL(minimax_mock.base_url())
    with socket.create_connection((url.host, url.port or 0), timeout=10) as raw:
        answer = b""
        with suppress(OSError):  # an answer may come, and the connection end, before all is sent
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert not answer or answer.split()[1] in {b"400", b"404", b"431"}, answer[:200]
    assert post(minimax_mock, http, b'{"model":"image-01","prompt":"x"}')["data"]


def test_a_head_without_end_is_not_waited_for(minimax_mock: MockAccount) -> None:
    url = httpx.URL(minimax_mock.base_url())
    with socket.create_connection((url.host, url.port or 0), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 3)
        answer = b""
        while not answer:
            raw.sendall(b"X: " + b"y" * 50_000 + b"\r\n")
            raw.settimeout(0.01)
            with suppress(TimeoutError):
                answer = raw.recv(65536)
            raw.settimeout(10)
    assert answer.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert answer.endswith(b"\r\n\r\nrequest header too large")
