"""What a client sees of scenarios in which answers are spelled oddly, or are none of the service."""

from __future__ import annotations

import json

import pytest

from tests.scenarios.caller import JSON, Caller
from tests.scenarios.pictures import decoded
from tests.scenarios.refusals import Observation

SUCCESS = {"status_code": 0, "status_msg": "success"}
PAGE_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>"


def error_with_images(caller: Caller) -> None:
    answer = caller.said(n=2)
    assert answer["base_resp"] == {"status_code": 1033, "status_msg": "system error"}
    assert answer["metadata"] == {"failed_count": "0", "success_count": "2"}
    assert [decoded(caller.fetch(url).content)[0] for url in answer["data"]["image_urls"]] == ["JPEG", "JPEG"]
    assert caller.faults(3) == [["set_field"], [], []]


def null_data(caller: Caller) -> None:
    answer = caller.said()
    assert list(answer) == ["id", "data", "metadata", "base_resp"]
    assert answer["data"] is None
    assert (answer["metadata"]["success_count"], answer["base_resp"]) == ("1", SUCCESS)
    assert caller.said(response_format="base64")["data"] is None
    assert caller.faults(2) == [["null_data"], ["null_data"]]


def missing_metadata(caller: Caller) -> None:
    answer = caller.said()
    assert list(answer) == ["id", "data", "base_resp"]
    assert decoded(caller.fetch(answer["data"]["image_urls"][0]).content) == ("JPEG", (1024, 1024))
    assert caller.faults(2) == [["drop_field"], []]


def unknown_fields(caller: Caller) -> None:
    answer = caller.said()
    assert answer["data"].keys() == {"image_urls", "image_infos"}
    assert answer["data"]["image_infos"] == [{"moderation": {"level": 1}}]
    assert answer["base_resp"] == SUCCESS
    assert decoded(caller.fetch(answer["data"]["image_urls"][0]).content)[0] == "JPEG"
    assert caller.faults(2) == [["extra_field"], []]


def integer_counts(caller: Caller) -> None:
    answer = caller.said(n=2)
    assert json.dumps(answer["metadata"]) == '{"failed_count": 0, "success_count": 2}'
    assert len(answer["data"]["image_urls"]) == 2
    assert caller.faults(1) == [[]]


def other_key_null(caller: Caller) -> None:
    by_url, by_base64 = caller.said()["data"], caller.said(response_format="base64")["data"]
    assert (len(by_url["image_urls"]), by_url["image_base64"]) == (1, None)
    assert (by_base64["image_urls"], len(by_base64["image_base64"])) == (None, 1)
    assert caller.faults(2) == [[], []]


def between(status: int, content_type: str, body: str) -> Observation:
    """Something between client and service answers, and knows nothing of the service's headers."""

    def observe(caller: Caller) -> None:
        for n in (1, 99):
            answer = caller.call(n=n)
            assert (answer.status_code, answer.headers["content-type"], answer.text) == (status, content_type, body)
            assert "trace-id" not in answer.headers
            with pytest.raises(json.JSONDecodeError):
                answer.json()
        assert caller.faults(2) == [["http_status"], ["http_status"]]
        assert [entry["status_code"] for entry in caller.journal(2)] == [None, None]
        assert caller.spent() == 0

    return observe


def empty(caller: Caller) -> None:
    answer = caller.call()
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["content-type"], answer.headers["content-length"]) == (JSON, "0")
    assert len(answer.headers["trace-id"]) == 32
    assert caller.faults(1) == [["empty_body"]]
    assert caller.spent() == 0.0035


def truncated_json(caller: Caller) -> None:
    answer = caller.call()
    assert (answer.status_code, answer.headers["content-type"]) == (200, JSON)
    assert int(answer.headers["content-length"]) == len(answer.content) > 100
    assert answer.text.startswith('{"id":"')
    assert "base_resp" not in answer.text
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert caller.faults(1) == [["malformed_json"]]


def wrong_content_type(caller: Caller) -> None:
    answer = caller.call()
    assert answer.headers["content-type"] == "text/plain"
    assert answer.json()["base_resp"] == SUCCESS
    image = caller.fetch(answer.json()["data"]["image_urls"][0])
    assert image.headers["content-type"] == "application/octet-stream"
    assert decoded(image.content) == ("JPEG", (1024, 1024))
    assert caller.faults(2) == [["wrong_content_type"], ["wrong_content_type"]]


SEEN: dict[str, Observation] = {
    "error-with-images": error_with_images,
    "null-data": null_data,
    "missing-metadata": missing_metadata,
    "unknown-fields-in-answer": unknown_fields,
    "counts-as-integers": integer_counts,
    "other-image-key-null": other_key_null,
    "gateway-502-html": between(502, "text/html", PAGE_502),
    "gateway-504": between(504, "text/html", ""),
    "html-200": between(200, "text/html", SIGN_IN),
    "empty-200": empty,
    "truncated-json": truncated_json,
    "wrong-content-type": wrong_content_type,
}
