"""What ``POST /v1/image_generation`` answers to requests that succeed."""

from __future__ import annotations

import base64
import io
import re

import httpx
import pytest
from PIL import Image

from mock_server import MockAccount, MockServer, inspect
from mock_server.ids import trace_seconds
from tests.wire import Generate


def test_the_answer_has_the_recorded_fields_in_the_recorded_order(generate: Generate) -> None:
    answer = generate(n=2)
    assert answer.status_code == 200, answer.text
    assert re.fullmatch(
        r'\{"id":"[0-9a-f]{32}","data":\{"image_urls":\["[^"]+","[^"]+"\]\},'
        r'"metadata":\{"failed_count":"0","success_count":"2"\},'
        r'"base_resp":\{"status_code":0,"status_msg":"success"\}\}',
        answer.text,
    )


def test_headers_are_those_recorded_on_native_endpoints(generate: Generate) -> None:
    answer = generate()
    headers = answer.headers
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["trace-id"] == answer.json()["id"]
    assert re.fullmatch(r"[0-9a-f]{32}", headers["minimax-request-id"])
    assert re.fullmatch(r"\d{10}(\.\d{1,3})?", headers["alb_receive_time"])
    assert re.fullmatch(r"[0-9a-f]{40}", headers["alb_request_id"])
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-session-id"])
    assert re.fullmatch(r"\d{19}_\d{10}[0-9a-z]{6}", headers["x-mm-request-id"])
    assert headers["vary"] == "Accept-Encoding"
    assert "server" not in headers
    assert not [name for name in headers if name == "retry-after" or "ratelimit" in name]


def test_the_id_holds_the_second_in_which_it_was_made(generate: Generate, account: MockAccount) -> None:
    account.freeze()
    now = account.describe()["clock"]["now"]
    assert trace_seconds(generate().json()["id"]) == int(now)


DOCUMENTED = {
    "1:1": (1024, 1024), "16:9": (1280, 720), "4:3": (1152, 864), "3:2": (1248, 832), "2:3": (832, 1248),
    "3:4": (864, 1152), "9:16": (720, 1280), "21:9": (1344, 576),
}  # fmt: skip


@pytest.mark.parametrize(("ratio", "size"), DOCUMENTED.items(), ids=list(DOCUMENTED))
@pytest.mark.parametrize("model", ["image-01", "image-01-live"])
def test_each_ratio_has_its_documented_size(generate: Generate, model: str, ratio: str, size: tuple[int, int]) -> None:
    answer = generate(model=model, aspect_ratio=ratio, response_format="base64").json()
    jpeg = base64.b64decode(answer["data"]["image_base64"][0], validate=True)
    with Image.open(io.BytesIO(jpeg)) as image:
        image.load()
        assert (image.format, image.size) == ("JPEG", size)


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"width": 512, "height": 2048}, (512, 2048)),
        ({"width": 1200, "height": 1600}, (1200, 1600)),
        ({"width": 520, "height": 520, "aspect_ratio": "16:9"}, (1280, 720)),
        ({"width": 100, "height": 7, "aspect_ratio": "9:16"}, (720, 1280)),
        ({"model": "image-01-live", "width": 512, "height": 512}, (1024, 1024)),
        ({}, (1024, 1024)),
    ],
    ids=str,
)
def test_width_and_height_count_unless_a_ratio_is_given(
    generate: Generate, fields: dict[str, object], size: tuple[int, int]
) -> None:
    answer = generate(response_format="base64", **fields).json()
    facts = inspect(base64.b64decode(answer["data"]["image_base64"][0]))
    assert (facts.width, facts.height) == size


def test_a_url_leads_to_the_image_that_base64_gives(generate: Generate, http: httpx.Client) -> None:
    by_url = generate(seed=7, n=3).json()["data"]["image_urls"]
    by_base64 = generate(seed=7, n=3, response_format="base64").json()["data"]["image_base64"]
    assert [http.get(url).content for url in by_url] == [base64.b64decode(text) for text in by_base64]
    assert len(set(by_base64)) == 3


def test_image_urls_look_like_the_live_ones(generate: Generate, account: MockAccount) -> None:
    url = generate().json()["data"]["image_urls"][0]
    assert url.startswith(account.base_url() + "/oss/")
    assert re.fullmatch(
        r"image_inference_output%2Ftalkie%2Fprod%2Fimg%2F\d{4}-\d\d-\d\d%2F"
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}_aigc\.jpeg"
        r"\?Expires=\d{10}&OSSAccessKeyId=LTAI\w{20}&Signature=[\w%]+%3D",
        url.partition("/oss/")[2],
    )


@pytest.mark.parametrize(
    ("host", "prefix"),
    [
        ("api.minimax.io", "http://hailuo-image-algeng-data-us.oss-us-east-1.aliyuncs.com/image"),
        ("api.minimaxi.com", "https://hailuo-image-algeng-data.oss-cn-wulanchabu.aliyuncs.com/image"),
        ("api.minimax.cn", "https://hailuo-image-algeng-data.oss-cn-wulanchabu.aliyuncs.com/image"),
        ("emulator:9000", "http://emulator:9000/oss/image"),
    ],
)
def test_image_urls_follow_the_host_that_was_addressed(
    account: MockAccount, http: httpx.Client, host: str, prefix: str
) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}", "Host": host}
    body = {"model": "image-01", "prompt": "x"}
    answer = http.post(f"{account.base_url()}/v1/image_generation", json=body, headers=headers).json()
    url = httpx.URL(answer["data"]["image_urls"][0])
    assert str(url).startswith(prefix)
    through = http.get(f"{account.base_url()}{url.raw_path.decode()}", headers={"Host": url.netloc.decode()})
    assert through.headers["content-type"] == "image/jpeg", through.text


def test_image_urls_follow_the_proxy_in_front(account: MockAccount, http: httpx.Client) -> None:
    headers = {
        "Authorization": f"Bearer {account.api_key}",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "mock.example",
        "X-Forwarded-Prefix": "/minimax",
    }
    body = {"model": "image-01", "prompt": "x"}
    answer = http.post(f"{account.base_url()}/v1/image_generation", json=body, headers=headers).json()
    assert answer["data"]["image_urls"][0].startswith("https://mock.example/minimax/oss/image_inference_output%2F")


def test_image_urls_can_be_given_another_origin(http: httpx.Client) -> None:
    with MockServer(public_url="https://mock.example:8443/") as server:
        body, headers = {"model": "image-01", "prompt": "x"}, {"Authorization": "Bearer k"}
        answer = http.post(f"{server.url}/v1/image_generation", json=body, headers=headers).json()
    assert answer["data"]["image_urls"][0].startswith("https://mock.example:8443/oss/image_inference_output%2F")


def test_without_a_seed_every_image_has_its_own(generate: Generate) -> None:
    images = generate(n=9, response_format="base64").json()["data"]["image_base64"]
    seeds = [inspect(base64.b64decode(image)).seed for image in images]
    assert len(set(seeds)) == 9
    again = generate(n=9, response_format="base64").json()["data"]["image_base64"]
    assert set(images).isdisjoint(again)


def test_the_same_seed_and_parameters_reproduce_the_bytes(generate: Generate) -> None:
    first, second = (generate(seed=-(2**63), response_format="base64").json()["data"] for _ in range(2))
    assert first == second
    other = generate(seed=2**63 - 1, response_format="base64").json()["data"]
    assert other != first


def test_a_seed_of_zero_is_a_seed(generate: Generate, account: MockAccount) -> None:
    generate(seed=0, n=2)
    assert [image["seed"] for image in account.journal()[-1]["images"]] == [0, 0]


def test_the_file_tells_which_request_it_belongs_to(generate: Generate) -> None:
    answer = generate(
        prompt="一只在图书馆里的猫", seed=42, n=2, prompt_optimizer=True, aigc_watermark=True, response_format="base64"
    ).json()
    facts = inspect(base64.b64decode(answer["data"]["image_base64"][1]))
    assert (facts.prompt, facts.seed, facts.index, facts.model) == ("一只在图书馆里的猫", 42, 1, "image-01")
    assert (facts.prompt_optimizer, facts.aigc_watermark) == (True, True)


def test_null_counts_as_not_given(generate: Generate) -> None:
    nothing = dict.fromkeys(
        ["aspect_ratio", "width", "height", "seed", "n", "style", "subject_reference", "response_format"]
    )
    answer = generate(**nothing).json()
    assert answer["metadata"] == {"failed_count": "0", "success_count": "1"}


def test_style_is_drawn_for_the_live_model_and_ignored_otherwise(generate: Generate) -> None:
    style = {"style_type": "水彩", "style_weight": 0.5}
    live = generate(model="image-01-live", style=style, response_format="base64").json()
    plain = generate(model="image-01", style=style, response_format="base64").json()
    drawn = inspect(base64.b64decode(live["data"]["image_base64"][0])).style
    assert drawn is not None
    assert (drawn.style_type, drawn.style_weight) == ("水彩", 0.5)
    assert inspect(base64.b64decode(plain["data"]["image_base64"][0])).style is None


def test_an_account_can_be_named_in_the_path(account: MockAccount, http: httpx.Client) -> None:
    root = account.base_url()
    body = {"model": "image-01", "prompt": "x"}
    headers = {"Authorization": "Bearer the-key-that-everybody-has"}
    for name in ("alice", "bob", "alice"):
        assert http.post(f"{root}/~{name}/v1/image_generation", json=body, headers=headers).json()["data"]
    counts = [http.get(f"{root}/_mock/journal?account={name}").json()["exchanges"] for name in ("alice", "bob")]
    assert [len(items) for items in counts] == [2, 1]
    assert counts[0][0]["account"] == "alice"


def test_an_answer_goes_out_in_one_piece(account: MockAccount) -> None:
    import socket

    url = httpx.URL(account.base_url())
    body = b'{"model":"image-01","prompt":"x"}'
    request = (
        b"POST /v1/image_generation HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %b\r\nContent-Length: %d\r\n\r\n%b"
    )
    with socket.create_connection((url.host, url.port or 0), timeout=10) as raw:
        raw.sendall(request % (account.api_key.encode(), len(body), body))
        head, _, received = raw.recv(65536).partition(b"\r\n\r\n")
    length = int(re.search(rb"content-length: (\d+)", head)[1])  # type: ignore[index]
    assert len(received) == length
    assert head.startswith(b"HTTP/1.1 200 OK\r\ndate: ")


def test_a_client_that_closes_is_told_so_and_pipelined_requests_are_answered_in_turn(account: MockAccount) -> None:
    import socket

    url = httpx.URL(account.base_url())
    one = b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection((url.host, url.port or 0), timeout=10) as raw:
        raw.sendall(one + one + last)
        answers = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answers.count(b"404 page not found") == 3
    assert answers.count(b"connection: close") == 1
