"""Image downloads, as the object store serves them."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from pathlib import Path

import httpx
import pytest

from mock_server import MockAccount, MockServer
from tests.wire import Generate


@pytest.fixture
def url(generate: Generate) -> str:
    return str(generate().json()["data"]["image_urls"][0])


def code_of(answer: httpx.Response) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/xml", answer.text
    code, ec = re.search(r"<Code>(\w+)</Code>", answer.text), re.search(r"<EC>([\d-]+)</EC>", answer.text)
    assert code
    assert ec
    return answer.status_code, code[1], ec[1]


def test_an_image_comes_with_the_stores_headers(url: str, http: httpx.Client) -> None:
    answer = http.get(url)
    digest = hashlib.md5(answer.content).digest()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["etag"] == f'"{digest.hex().upper()}"'
    assert answer.headers["content-md5"] == b64encode(digest).decode()
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["server"] == "AliyunOSS"
    assert re.fullmatch(r"[0-9A-F]{24}", answer.headers["x-oss-request-id"])
    assert http.get(url).content == answer.content


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [("bytes=0-31", 0, 32), ("bytes=100-", 100, None), ("bytes=-10", -10, None)],
)
def test_a_range_gets_that_part(url: str, http: httpx.Client, header: str, start: int, stop: int | None) -> None:
    whole = http.get(url).content
    answer = http.get(url, headers={"Range": header})
    assert (answer.status_code, answer.content) == (206, whole[start:stop])
    first = start % len(whole)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"


@pytest.mark.parametrize(
    "header", ["bytes=0-99999999", "bytes=99999999-", "bytes=5-2", "bytes=-0", "bytes=a-b", "lines=1-2"]
)
def test_a_range_outside_the_object_gets_all_of_it(url: str, http: httpx.Client, header: str) -> None:
    answer = http.get(url, headers={"Range": header})
    assert (answer.status_code, answer.content) == (200, http.get(url).content)


def test_standard_range_behaviour_is_had_on_request(url: str, http: httpx.Client) -> None:
    standard = {"x-oss-range-behavior": "standard"}
    cut = http.get(url, headers={"Range": "bytes=10-99999999"} | standard)
    assert (cut.status_code, cut.content) == (206, http.get(url).content[10:])
    beyond = http.get(url, headers={"Range": "bytes=99999999-"} | standard)
    assert code_of(beyond)[:2] == (416, "InvalidRange")


def test_an_unchanged_image_is_not_sent_again(url: str, http: httpx.Client) -> None:
    etag = http.get(url).headers["etag"]
    answer = http.get(url, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_url_lives_exactly_24_hours_of_the_accounts_clock(url: str, account: MockAccount, http: httpx.Client) -> None:
    account.freeze()
    expires = int(httpx.URL(url).params["Expires"])
    account.advance(expires - account.describe()["clock"]["now"])
    assert http.get(url).status_code == 200
    account.advance(0.001)
    answer = http.get(url)
    assert code_of(answer) == (403, "AccessDenied", "0002-00000069")
    assert "<Message>Request has expired.</Message>" in answer.text
    assert re.search(r"<Expires>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z</Expires>\s*<ServerTime>", answer.text)


def test_expires_is_24_hours_after_the_request(generate: Generate, account: MockAccount) -> None:
    account.freeze()
    url = generate().json()["data"]["image_urls"][0]
    assert int(httpx.URL(url).params["Expires"]) == int(account.describe()["clock"]["now"]) + 86_400


def test_what_was_tampered_with_is_refused(url: str, http: httpx.Client) -> None:
    later = re.sub(r"Expires=(\d+)", lambda match: f"Expires={int(match[1]) + 1}", url)
    assert code_of(http.get(later)) == (403, "SignatureDoesNotMatch", "0002-00000040")
    other = url.replace("_aigc", "_aigd")
    assert code_of(http.get(other))[:2] == (403, "SignatureDoesNotMatch")
    stranger = re.sub(r"LTAI\w+", "LTAI5tSomebodyElse000000", url)
    assert code_of(http.get(stranger))[:2] == (403, "InvalidAccessKeyId")


def test_the_signature_of_one_image_does_not_open_another(generate: Generate, http: httpx.Client) -> None:
    first, second = generate(n=2).json()["data"]["image_urls"]
    mixed = f"{first.partition('?')[0]}?{second.partition('?')[2]}"
    assert code_of(http.get(mixed)) == (403, "SignatureDoesNotMatch", "0002-00000040")


def test_a_url_without_its_query_is_refused(url: str, http: httpx.Client) -> None:
    assert code_of(http.get(url.partition("?")[0])) == (403, "AccessDenied", "0003-00000001")
    assert code_of(http.get(re.sub(r"Expires=\d+&", "", url))) == (403, "AccessDenied", "0002-00000067")
    assert code_of(http.get(url.replace("Expires=", "Expires=soon"))) == (403, "AccessDenied", "0002-00000067")


def test_a_key_sent_along_is_refused_and_not_written_down(url: str, account: MockAccount, http: httpx.Client) -> None:
    answer = http.get(url, headers={"Authorization": f"Bearer {account.api_key}"})
    assert code_of(answer) == (400, "InvalidArgument", "0002-00000039")
    assert account.api_key not in str(account.journal())


def test_head_is_refused_for_a_url_signed_for_get_unless_the_profile_serves_it(
    url: str, account: MockAccount, http: httpx.Client
) -> None:
    answer = http.head(url)
    assert (answer.status_code, answer.content) == (403, b"")
    account.configure(profile="head-served")
    answer = http.head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(http.get(url).content)


@pytest.mark.parametrize("fault", ["slow_body, bytes_per_second: 10", "cut_body", "wrong_content_length"])
def test_faults_in_the_body_leave_an_answer_to_head_alone(tmp_path: Path, http: httpx.Client, fault: str) -> None:
    (tmp_path / "own.yaml").write_text(f"rules: [{{when: {{endpoint: download}}, fault: {{kind: {fault}}}}}]")
    with MockServer(scenario=str(tmp_path / "own.yaml"), profile="head-served") as server:
        account = server.account()
        body = {"model": "image-01", "prompt": "x"}
        headers = {"Authorization": f"Bearer {account.api_key}"}
        answer = http.post(f"{server.url}/v1/image_generation", json=body, headers=headers).json()
        head = http.head(answer["data"]["image_urls"][0])
        assert (head.status_code, head.content) == (200, b"")
        assert (account.journal()[-1]["faults"], account.journal()[-1]["whole"]) == ([], True)


def test_after_a_reset_the_image_is_gone(url: str, account: MockAccount, http: httpx.Client) -> None:
    account.reset()
    assert code_of(http.get(url))[:2] == (404, "NoSuchKey")


def test_a_download_is_journalled_with_the_image_that_it_got(
    url: str, account: MockAccount, http: httpx.Client
) -> None:
    content = http.get(url).content
    made, fetched = account.journal()
    assert (fetched["endpoint"], fetched["status"]) == ("download", 200)
    assert fetched["images"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert fetched["images"][0]["seed"] == made["images"][0]["seed"]
    assert fetched["response"]["body"].startswith(f"<image/jpeg, {len(content)} bytes")
