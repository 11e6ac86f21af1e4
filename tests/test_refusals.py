"""How the endpoint refuses: wording, tier of the body, and the order of the checks."""

from __future__ import annotations

import string

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server import MockAccount
from mock_server.core.reasons import REASONS
from mock_server.core.validate import validate
from mock_server.faces.minimax.errors import WORDINGS, message
from tests.wire import Generate

LOGIN_FAIL = "login fail: Please carry the API secret key in the 'Authorization' field of the request header"


def post(account: MockAccount, http: httpx.Client, content: bytes, **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"} | headers
    return http.post(f"{account.base_url()}/v1/image_generation", content=content, headers=sent)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Token abc", "sk-api-abc"])
def test_a_call_without_a_bearer_token_gets_the_recorded_144_bytes(
    account: MockAccount, http: httpx.Client, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = http.post(f"{account.base_url()}/v1/image_generation", json={}, headers=headers)
    assert answer.status_code == 200
    assert answer.text == f'{{"base_resp":{{"status_code":1004,"status_msg":"{LOGIN_FAIL}"}}}}'
    assert len(answer.content) == 144
    assert "x-session-id" not in answer.headers
    assert {"trace-id", "minimax-request-id", "alb_receive_time", "alb_request_id"} <= answer.headers.keys()
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_the_rate_limit_gets_the_recorded_74_bytes(generate: Generate, account: MockAccount) -> None:
    account.configure(rpm=1)
    assert generate().json()["base_resp"]["status_code"] == 0
    answer = generate()
    assert answer.text == '{"base_resp":{"status_code":1002,"status_msg":"rate limit exceeded(RPM)"}}'
    assert len(answer.content) == 74
    assert not [name for name in answer.headers if name == "retry-after" or "ratelimit" in name]


SEMANTIC = {
    "unsupported model": {"model": "image-02"},
    "prompt length must be less than 1500": {"prompt": "x" * 1500},
    "prompt must not be empty": {"prompt": " \n"},
    "aspect_ratio must be one of the documented ratios": {"aspect_ratio": "99:99"},
    "n must be between 1 and 9": {"n": 10},
    "response_format not 'url' or 'base64'": {"response_format": "b64_json"},
    "width and height must be set together": {"width": 512},
    "width must be between 512 and 2048": {"width": 504, "height": 512},
    "height must be between 512 and 2048": {"width": 512, "height": 2056},
    "height must be a multiple of 8": {"width": 512, "height": 513},
    "style_type not supported": {"model": "image-01-live", "style": {"style_type": "oil"}},
    "style_weight must be in (0, 1]": {"model": "image-01-live", "style": {"style_type": "漫画", "style_weight": 0}},
    "subject_reference must be character": {
        "subject_reference": [{"type": "product", "image_file": "https://a.example/x.jpg"}]
    },
    "subject_reference image_file must be a URL or a base64 data URL": {
        "subject_reference": [{"type": "character", "image_file": "face.jpg"}]
    },
    "subject_reference image_file must be jpg, jpeg or png": {
        "subject_reference": [{"type": "character", "image_file": "data:image/gif;base64,R0lGODlh"}]
    },
    "subject_reference image_file is not valid base64": {
        "subject_reference": [{"type": "character", "image_file": "data:image/png;base64,%%%%"}]
    },
}


@pytest.mark.parametrize(("text", "fields"), SEMANTIC.items(), ids=list(SEMANTIC))
def test_a_handler_error_carries_an_id_and_no_images(generate: Generate, text: str, fields: dict[str, object]) -> None:
    answer = generate(**fields)
    body = answer.json()
    assert answer.status_code == 200
    assert list(body) == ["id", "base_resp"]
    assert body["base_resp"] == {"status_code": 2013, "status_msg": f"invalid params, {text}"}
    assert answer.headers["x-session-id"]


@pytest.mark.parametrize("field", ["model", "prompt"])
@pytest.mark.parametrize("value", [..., None], ids=["absent", "null"])
def test_a_missing_field_is_named_as_the_binder_names_it(generate: Generate, field: str, value: object) -> None:
    answer = generate(**{field: value})
    text = f"invalid params, binding: expr_path={field}, cause=missing required parameter"
    assert answer.json() == {"base_resp": {"status_code": 2013, "status_msg": text}}
    assert "x-session-id" not in answer.headers


def test_a_truncated_body_is_refused_as_recorded(account: MockAccount, http: httpx.Client) -> None:
    body = b'{"model": "MiniMax-M2.7-highspeed", "messages": [{"role": "user", "content": "Hi"}'
    assert len(body) == 82
    answer = post(account, http, body)
    assert answer.json()["base_resp"]["status_msg"] == (
        'invalid params, "Syntax error at index 82: eof\\n\\n\\t{\\"model\\": \\"MiniMax-M2.7-highspeed\\", '
        '\\"messages\\": [{\\"role\\": \\"user\\", \\"content\\": \\"Hi\\"}\\n\\t^\\n"'
    )


def test_a_wrong_character_is_pointed_at(account: MockAccount, http: httpx.Client) -> None:
    answer = post(account, http, b'{"model": "image-01", "prompt": @, "n": 1}')
    assert answer.json()["base_resp"]["status_msg"] == (
        'invalid params, "Syntax error at index 32: invalid char\\n\\n'
        '\\t\\"image-01\\", \\"prompt\\": @, \\"n\\": 1}\\n\\t......................^.........\\n"'
    )


def test_what_stands_behind_the_body_is_pointed_at(account: MockAccount, http: httpx.Client) -> None:
    answer = post(account, http, b'{"model":"image-01","prompt":"x"} x')
    assert "Syntax error at index 34: invalid char" in answer.json()["base_resp"]["status_msg"]


@pytest.mark.parametrize(
    ("fields", "wanted", "found"),
    [
        ({"n": "2"}, "int64", "string"),
        ({"n": 1.5}, "int64", "number"),
        ({"n": True}, "int64", "bool"),
        ({"seed": 2**63}, "int64", "number"),
        ({"prompt": 5}, "string", "number"),
        ({"prompt_optimizer": "yes"}, "bool", "string"),
        ({"subject_reference": "https://a.example/x.jpg"}, "slice", "string"),
    ],
    ids=str,
)
def test_a_wrong_type_fails_in_binding(generate: Generate, fields: dict[str, object], wanted: str, found: str) -> None:
    answer = generate(**fields).json()
    assert list(answer) == ["base_resp"]
    text = answer["base_resp"]["status_msg"]
    assert answer["base_resp"]["status_code"] == 2013
    assert text.startswith(f'invalid params, "Mismatch type {wanted} with value {found} \\"at index '), text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b'{"model":"image-01","prompt":"x"}', "text/plain"),
        (b"model=image-01", "application/x-www-form-urlencoded"),
    ],
    ids=["empty", "text", "form"],
)
def test_a_body_that_is_not_json_binds_nothing(
    account: MockAccount, http: httpx.Client, body: bytes, content_type: str
) -> None:
    answer = post(account, http, body, **{"Content-Type": content_type}).json()
    assert answer["base_resp"]["status_msg"].endswith("expr_path=model, cause=missing required parameter")


def test_a_known_body_of_another_content_type_is_not_json(account: MockAccount, http: httpx.Client) -> None:
    body = b'{"model":"image-01","prompt":"x"}'
    assert post(account, http, body).json()["base_resp"]["status_code"] == 0
    answer = post(account, http, body, **{"Content-Type": "text/plain"}).json()
    assert answer["base_resp"]["status_msg"].endswith("expr_path=model, cause=missing required parameter")


def test_the_length_of_a_refusal_that_quotes_chinese_counts_bytes(account: MockAccount, http: httpx.Client) -> None:
    answer = post(account, http, '{"model":"image-01","prompt":"猫","n":"二"}'.encode())
    assert answer.content.endswith(b'"}}'), answer.text
    assert "猫" in answer.json()["base_resp"]["status_msg"]


@pytest.mark.parametrize(
    ("raw", "prompt"),
    [
        (rb"a\ud83dz", "a�z"),
        (rb"\udc00", "�"),
        (b"caf\xff", "caf�"),
        (rb"\ud83d\ude00", "😀"),
        (rb"\\ud83d", r"\ud83d"),
    ],
    ids=["high", "low", "byte", "pair", "escaped"],
)
def test_text_that_is_not_unicode_is_mended_as_go_does(
    account: MockAccount, http: httpx.Client, raw: bytes, prompt: str
) -> None:
    answer = post(account, http, b'{"model":"image-01","prompt":"%s"}' % raw)
    assert answer.json()["base_resp"]["status_code"] == 0, answer.text
    assert account.journal()[-1]["prompt"] == prompt


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/image_generation"),
        ("PUT", "/v1/image_generation"),
        ("POST", "/v1/image_generation/"),
        ("POST", "/v1/nothing"),
        ("GET", "/"),
        ("DELETE", "/~alice/nothing"),
    ],
)
def test_an_unknown_path_or_method_gets_the_recorded_18_bytes(
    account: MockAccount, http: httpx.Client, method: str, path: str
) -> None:
    answer = http.request(method, account.base_url() + path)
    assert (answer.status_code, answer.content) == (404, b"404 page not found")
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-length"] == "18"


@pytest.mark.parametrize("host", ["api.minimax.io", "api.minimaxi.com", "api.minimax.cn:443"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/images/generations"), ("GET", "/v1/models")])
def test_on_a_host_of_minimax_there_is_no_gateway(
    account: MockAccount, http: httpx.Client, method: str, path: str, host: str
) -> None:
    answer = http.request(method, account.base_url() + path, headers={"Host": host})
    assert (answer.status_code, answer.content) == (404, b"404 page not found")


def test_checks_come_in_the_documented_order(generate: Generate, account: MockAccount, http: httpx.Client) -> None:
    wrong = {"model": "nope", "prompt": "x" * 2000, "n": 99}
    account.configure(balance_usd=0)
    assert generate(**wrong).json()["base_resp"]["status_msg"] == "invalid params, unsupported model"
    missing = generate(**wrong | {"prompt": ...}).json()["base_resp"]["status_msg"]
    assert missing == "invalid params, binding: expr_path=prompt, cause=missing required parameter"
    wrong["model"] = "image-01"
    assert generate(**wrong).json()["base_resp"]["status_msg"].startswith("invalid params, prompt length")
    assert generate(**wrong | {"n": "1"}).json()["base_resp"]["status_msg"].startswith('invalid params, "Mismatch')
    account.configure(plan_models="speech-01")
    assert generate(**wrong).json()["base_resp"]["status_code"] == 2061
    account.configure(rpm=0)
    assert generate(**wrong).json()["base_resp"]["status_code"] == 1002
    answer = http.post(f"{account.base_url()}/v1/image_generation", content=b"{")
    assert answer.json()["base_resp"]["status_code"] == 1004


def test_exactly_1500_is_refused_unless_the_profile_says_otherwise(generate: Generate, account: MockAccount) -> None:
    assert generate(prompt="猫" * 1499).json()["base_resp"]["status_code"] == 0
    assert generate(prompt="猫" * 1500).json()["base_resp"]["status_code"] == 2013
    account.configure(profile="prompt-1500-accepted")
    assert generate(prompt="猫" * 1500).json()["base_resp"]["status_code"] == 0
    assert generate(prompt="猫" * 1501).json()["base_resp"]["status_code"] == 2013
    account.configure(profile="prompt-in-bytes")
    assert generate(prompt="猫" * 499).json()["base_resp"]["status_code"] == 0
    assert generate(prompt="猫" * 500).json()["base_resp"]["status_code"] == 2013


def test_every_reason_and_rule_has_a_wording_that_its_values_fill() -> None:
    for reason in REASONS.values():
        assert reason.message, reason
    for rule, wording in WORDINGS.items():
        fields = {name for _, name, _, _ in string.Formatter().parse(wording.text) if name}
        assert fields <= {"field", "limit", "value", "model", "problem", "name", "hint"}, rule


@given(
    st.builds(
        dict,
        model=st.sampled_from(["image-01", "image-01-live", "", "x"]),
        prompt=st.text(max_size=1600),
        aspect_ratio=st.none() | st.sampled_from(["1:1", "21:9", "2:1"]),
        width=st.none() | st.integers(-1, 3000),
        height=st.none() | st.integers(-1, 3000),
        n=st.integers(-1, 12),
        response_format=st.sampled_from(["url", "base64", "png"]),
    )
)
def test_validation_gives_a_worded_refusal_or_a_size(fields: dict[str, object]) -> None:
    from mock_server.core.profile import PROFILES
    from mock_server.core.types import ImageRequest
    from mock_server.core.validate import size_of

    request = ImageRequest(**fields)  # type: ignore[arg-type]
    for profile in PROFILES.values():
        refusal = validate(request, profile)
        if refusal is None:
            width, height = size_of(request)
            assert width % 8 == height % 8 == 0
            assert 512 <= min(width, height) <= max(width, height) <= 2048
            assert 1 <= request.n <= 9
        else:
            assert message(refusal).startswith("invalid params, ")
